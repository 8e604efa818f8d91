// What a page is made of: elements, icons, a list to choose words from, rows to drag. Text is set as text, never as html.

// Does a key belong to an input method, as Enter that confirms a candidate? Safari tells it only by the key's number
export const composing = (e) => e.isComposing || e.keyCode === 229;

export const CTRL = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl+';

const ICONS = {
  grip: 'M6 4v.01M10 4v.01M6 8v.01M10 8v.01M6 12v.01M10 12v.01', up: 'M4 10l4-4 4 4', down: 'M4 6l4 4 4-4', cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  plus: 'M8 3.5v9M3.5 8h9', undo: 'M6 3.5L3 6.5l3 3M3 6.5h6.5a3 3 0 010 6H7', redo: 'M10 3.5l3 3-3 3M13 6.5H6.5a3 3 0 000 6H9', more: 'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 3.2v3.6M5.8 9.2v3.6',
};

export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, '');
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  // JupyterLab looks for this on the way up from the element in focus, after it has looked at that element's own shortcuts: a, b, x, d d
  if (['button', 'summary', 'select'].includes(tag) || attributes?.tabindex != null) node.setAttribute('data-lm-suppress-shortcuts', 'true');
  node.append(...children.filter((c) => c != null));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

export const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };
export const setValue = (node, value) => { if (node.value !== value) node.value = value; grow(node); };
const SIZED = globalThis.CSS?.supports?.('field-sizing', 'content');
export function grow(node) { // where css cannot
  if (SIZED || node.tagName !== 'TEXTAREA') return;
  node.style.height = 'auto';
  if (node.scrollHeight) node.style.height = `${node.scrollHeight + 2}px`;
}

// A list below `input`, in `place`: those of `words()`, each [text, what it is], that fit the word at the caret
export function suggest(input, place, id, words) {
  const list = h('div', { role: 'listbox', class: 'popup', id, 'aria-label': 'types', hidden: true });
  let options = [], at = -1;
  input.setAttribute('aria-controls', list.id); // a textarea, since a Literal may be long, and so not a combobox
  const word = () => input.value.slice(0, input.selectionStart).match(/[\w.]*$/)[0];
  const close = () => { list.hidden = true; at = -1; input.removeAttribute('aria-activedescendant'); };
  const point = (n) => {
    at = n;
    [...list.children].forEach((o, i) => o.setAttribute('aria-selected', String(i === n)));
    if (n < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', list.children[n].id);
    list.children[n].scrollIntoView({ block: 'nearest' });
  };
  const pick = (text) => {
    const end = input.selectionStart, start = end - word().length;
    input.value = input.value.slice(0, start) + text + input.value.slice(end);
    const bracket = text.lastIndexOf('['); // what is in the innermost ones is there to be typed over
    if (bracket >= 0) input.setSelectionRange(start + bracket + 1, start + text.indexOf(']'));
    else input.setSelectionRange(start + text.length, start + text.length);
    close();
    input.dispatchEvent(new Event('input'));
    close();
  };
  const openFor = (all) => {
    const begun = word().toLowerCase(), inside = input.value.slice(0, input.selectionStart).length > begun.length;
    const fits = ([t, what]) => [t, t.split('.').pop(), ...what.split(' ')].some((w) => w.toLowerCase().startsWith(begun));
    const done = !begun || words().some(([t]) => t === word());
    options = done && !all ? [] : words().filter((s) => fits(s) && s[0] !== input.value && !(inside && s[0].includes('['))).slice(0, 40);
    list.replaceChildren(...options.map(([text, kind], i) => h('div', { role: 'option', id: `${list.id}-${i}`, 'aria-selected': 'false', onpointerdown: (e) => { e.preventDefault(); pick(text); } }, h('span', { class: 'code' }, text), h('span', { class: 'quiet' }, kind))));
    at = -1;
    list.hidden = !options.length;
  };
  input.addEventListener('input', () => openFor(false));
  input.addEventListener('click', () => { if (!input.value) openFor(true); });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (e) => {
    if (composing(e) || e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (list.hidden) openFor(true);
      if (options.length) point((at + (e.key === 'ArrowDown' ? 1 : -1) + (at < 0 && e.key === 'ArrowUp' ? 1 : 0) + options.length) % options.length);
    } else if (e.key === 'Escape' && !list.hidden) { e.stopPropagation(); close(); }
    else if (e.key === 'Enter' && at >= 0) { e.preventDefault(); e.stopPropagation(); pick(options[at][0]); }
  });
  place.append(list);
}

// Lets `row` be dragged by `grip` within `lists`, and tells `done` whether it was let go, or the drag broken off
export function drag(grip, row, lists, done) {
  const move = (e) => {
    for (const list of lists) {
      const area = list.parentNode.getBoundingClientRect();
      if (e.clientY < area.top || e.clientY > area.bottom) continue;
      const below = [...list.children].filter((r) => r !== row).find((r) => { const b = r.getBoundingClientRect(); return e.clientY < b.top + b.height / 2; });
      if (row.parentNode !== list || row.nextElementSibling !== (below ?? null)) list.insertBefore(row, below ?? null);
    }
  };
  const heard = { pointermove: move, pointerup: () => end(true), pointercancel: () => end(false) };
  const end = (dropped) => {
    for (const [name, call] of Object.entries(heard)) document.removeEventListener(name, call);
    row.classList.remove('dragged');
    done(dropped);
  };
  grip.addEventListener('pointerdown', (e) => {
    if (e.button) return;
    e.preventDefault();
    row.classList.add('dragged');
    for (const [name, call] of Object.entries(heard)) document.addEventListener(name, call);
  });
}
