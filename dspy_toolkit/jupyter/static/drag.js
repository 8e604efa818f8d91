// Rows that a pointer drags up and down, also from one list to another.

// Let `row` be dragged by `grip` within `lists`; `done` gets whether it was let go, or the drag broken off
export function drag(grip, row, lists, done) {
  const move = (e) => {
    for (const list of lists) if (isOver(list.parentNode, e)) place(row, list, e.clientY);
  };
  const listeners = { pointermove: move, pointerup: () => end(true), pointercancel: () => end(false) };
  const end = (dropped) => {
    for (const [name, call] of Object.entries(listeners)) document.removeEventListener(name, call);
    row.classList.remove('dragged');
    done(dropped);
  };
  grip.addEventListener('pointerdown', (e) => {
    if (e.button) return;
    e.preventDefault();
    row.classList.add('dragged');
    for (const [name, call] of Object.entries(listeners)) document.addEventListener(name, call);
  });
}

function isOver(node, e) {
  const area = node.getBoundingClientRect();
  return e.clientY >= area.top && e.clientY <= area.bottom;
}

// Put the row before the first one whose middle lies below the pointer
function place(row, list, y) {
  const others = [...list.children].filter((r) => r !== row);
  const middle = (r) => { const box = r.getBoundingClientRect(); return box.top + box.height / 2; };
  const next = others.find((r) => y < middle(r)) ?? null;
  if (row.parentNode !== list || row.nextElementSibling !== next) list.insertBefore(row, next);
}
