// Cells that are put into the notebook, below the one that the editor stands in.

const VIEW = 'application/vnd.jupyter.widget-view+json';

// Put cells of code below the editor's own; false where the front end shares no notebook
export function insertCells(sources, model, root) {
  const notebook = model.widget_manager?.context?.model?.sharedModel;
  const at = notebook?.insertCell ? placeBelow(notebook, model.get('me'), root) : -1;
  if (at < 0) return false;
  sources.forEach((source, n) => notebook.insertCell(at + n, { cell_type: 'code', source, metadata: { trusted: true } }));
  return true;
}

// The index below the cell that shows the widget `id`: by its output, or else by the place of its node; -1 where there is none
function placeBelow(notebook, id, root) {
  const isShownBy = (cell) => (cell.toJSON().outputs ?? []).some((output) => id && output.data?.[VIEW]?.model_id === id);
  const at = [...notebook.cells].findIndex(isShownBy);
  if (at >= 0) return at + 1;
  const node = root.closest('.jp-Cell');
  if (!node) return -1;
  const index = [...node.parentNode.querySelectorAll(':scope > .jp-Cell')].indexOf(node);
  return index < 0 ? -1 : index + 1;
}

// Copy to the clipboard; false where a page may not
export async function copy(text) {
  try { await navigator.clipboard.writeText(text); } catch { return false; }
  return true;
}

export function selectText(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
