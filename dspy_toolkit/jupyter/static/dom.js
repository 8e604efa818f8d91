// What a page is made of: elements, icons, text boxes. Text is set as text, never as html.

// Does a key belong to an input method, as Enter that confirms a candidate? Safari tells it only by the key's number
export const composing = (e) => e.isComposing || e.keyCode === 229;

export const CTRL = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl+';

const ICONS = {
  grip: 'M6 4v.01M10 4v.01M6 8v.01M10 8v.01M6 12v.01M10 12v.01',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  plus: 'M8 3.5v9M3.5 8h9',
  undo: 'M6 3.5L3 6.5l3 3M3 6.5h6.5a3 3 0 010 6H7',
  redo: 'M10 3.5l3 3-3 3M13 6.5H6.5a3 3 0 000 6H9',
  more: 'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 3.2v3.6M5.8 9.2v3.6',
};

// An element; `onclick` and the like are listeners, `true` is an attribute without a value, null and false are none
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, '');
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  // JupyterLab looks for this on the way up from the element in focus, after that element's own shortcuts: a, b, x, d d
  const takesKeys = ['button', 'summary', 'select'].includes(tag) || attributes?.tabindex != null;
  if (takesKeys) node.setAttribute('data-lm-suppress-shortcuts', 'true');
  node.append(...children.filter((c) => c != null));
  return node;
}

export const div = (name, ...children) => h('div', { class: name }, ...children);
export const span = (name, ...children) => h('span', { class: name }, ...children);
export const section = (name, ...children) => h('section', { 'aria-label': name }, ...children);
export const button = (text, press, attributes) => h('button', { type: 'button', onclick: press, ...attributes }, text);

// An element of a drawing
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes ?? {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  return svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: ICONS[name] }));
}

export const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

// Set an attribute, or take it away where the value is null
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) === value) return;
  if (value == null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

// Keep the pixels of a canvas as many as those of the screen; `call` is called when its size changed. Measured by the browser between two
// drawings, since to ask for a size while drawing makes it lay out the page anew each time
export function watchSize(canvas, call) {
  const watcher = new ResizeObserver((entries) => {
    const { width, height } = entries.at(-1).contentRect, ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    call(width, height, ratio);
  });
  watcher.observe(canvas);
  return watcher;
}

export function setValue(node, value) {
  if (node.value !== value) node.value = value;
  grow(node);
}

// Make a textarea as high as its text, where css cannot
const SIZED = globalThis.CSS?.supports?.('field-sizing', 'content');
export function grow(node) {
  if (SIZED || node.tagName !== 'TEXTAREA') return;
  node.style.height = 'auto';
  if (node.scrollHeight) node.style.height = `${node.scrollHeight + 2}px`;
}
