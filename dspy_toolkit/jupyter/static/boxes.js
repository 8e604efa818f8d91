// The boxes for the inputs of a trial, one for each input of the signature.

import { h, setAttribute, setText, setValue } from './dom.js';

const PLACEHOLDERS = { json: 'JSON', expression: 'an expression of this notebook' };
const TYPES = { number: 'number', date: 'date', time: 'time', 'datetime-local': 'datetime-local' }; // others are text

export class Boxes {
  constructor(editor) {
    this.editor = editor;
    this.all = new Map(); // key -> { node, input, problem, about }
    this.node = h('div', { class: 'boxes' });
  }

  // Make the boxes those that Python asks for, with the texts that are typed and what is wrong in them
  show(boxes, texts, wrong) {
    const keys = new Set(boxes.map(keyOf));
    for (const [key, box] of this.all) if (!keys.has(key)) {
      box.node.remove();
      this.all.delete(key);
    }
    boxes.forEach((asked, n) => {
      const box = this.all.get(keyOf(asked)) ?? this.add(asked), place = this.node.children[n];
      if (place !== box.node) this.node.insertBefore(box.node, place ?? null);
      setText(box.about, [asked.type, asked.about].filter(Boolean).join(' · '));
      fill(box.input, texts[asked.name] ?? '');
      this.mark(box, wrong?.[asked.name] ?? '');
    });
  }

  add(asked) {
    const id = this.editor.uid(`box-${asked.name}`);
    const problem = h('div', { class: 'problem', id: `${id}-problem`, hidden: true }), about = h('span', { class: 'quiet' });
    const placeholder = asked.default ? `${asked.default} unless given` : PLACEHOLDERS[asked.kind] ?? '';
    const input = inputFor(asked, { id, 'aria-describedby': problem.id, placeholder, autocomplete: 'off' });
    input.addEventListener('input', () => this.editor.type(asked.name, input.type === 'checkbox' ? String(input.checked) : input.value));
    const control = h('div', { class: 'control' }, input, problem);
    const node = h('div', { class: 'box' }, h('label', { for: id, class: 'code' }, asked.name), control, about);
    this.all.set(keyOf(asked), { node, input, problem, about });
    return this.all.get(keyOf(asked));
  }

  mark({ input, problem }, text) {
    setText(problem, text);
    problem.hidden = !text;
    setAttribute(input, 'aria-invalid', text ? 'true' : null);
  }
}

// A box is made anew when one of these changes
const keyOf = (asked) => JSON.stringify([asked.name, asked.kind, asked.options, asked.optional, asked.default]);

function fill(input, text) {
  if (input.type === 'checkbox') input.checked = text === 'true';
  else setValue(input, text);
}

function inputFor(asked, attributes) {
  switch (asked.kind) {
    case 'choice': return choice(asked, attributes);
    case 'check': return h('input', { ...attributes, type: 'checkbox' });
    case 'text': return h('textarea', { ...attributes, rows: 2, class: '', spellcheck: 'false' });
    case 'json': return h('textarea', { ...attributes, rows: 1, class: 'code', spellcheck: 'false' });
    case 'expression': return h('input', { ...attributes, type: 'text', class: 'code' });
    default: return h('input', { ...attributes, type: TYPES[asked.kind] ?? 'text', step: stepOf(asked), class: '' });
  }
}

function choice(asked, attributes) {
  const none = h('option', { value: '' }, asked.optional ? asked.default || 'none' : '');
  return h('select', attributes, none, ...asked.options.map((text) => h('option', { value: text }, text)));
}

// Whole numbers and whole seconds
function stepOf(asked) {
  if (asked.kind === 'number') return asked.whole ? 1 : 'any';
  return asked.kind === 'time' || asked.kind === 'datetime-local' ? 1 : null;
}
