// The boxes that a draft is typed into, each with room for its problem. A key names the box: `p1.type`, or `.name` for the
// signature itself.

import { h, setAttribute, setValue } from './dom.js';

export class Controls {
  constructor(editor) {
    this.editor = editor;
    this.all = new Map(); // key -> { node, read, problem }
    this.touched = new Set(); // keys of boxes that somebody was in
    this.pressing = false; // is a pointer down?
  }

  // A box for a part of the draft: `read` takes its text from a draft, `write` puts it there
  add(key, node, read, write, isTyped = true) {
    const problem = h('div', { class: 'problem', id: this.editor.uid(`${key}-problem`), hidden: true });
    node.dataset.key = key;
    node.addEventListener('input', () => {
      this.touched.add(key);
      this.editor.change(isTyped ? key : null, (draft) => write(draft, node.value));
    });
    node.addEventListener('blur', () => this.touch(key));
    this.all.set(key, { node, read, problem });
    return h('div', { class: 'control' }, node, problem);
  }

  node(key) { return this.all.get(key)?.node; }

  touch(key) {
    if (this.touched.has(key)) return;
    this.touched.add(key);
    if (!this.pressing) this.editor.paint();
  }

  touchAll() { for (const key of this.all.keys()) this.touched.add(key); }

  // Forget the boxes of a field that is gone
  forget(id) {
    for (const key of [...this.all.keys()]) if (key.startsWith(`${id}.`)) this.all.delete(key);
  }

  show(draft) {
    for (const { node, read } of this.all.values()) setValue(node, read(draft));
  }

  // A box that nobody has filled in yet is not held against them
  isUntouched(key) {
    return this.all.has(key) && !this.touched.has(key) && !this.all.get(key).read(this.editor.draft).trim();
  }

  // Show the problem of a box, or that there is none
  mark(key, problem) {
    const control = this.all.get(key), isError = problem && !problem.warning;
    control.problem.hidden = !problem;
    if (problem) {
      const hint = problem.hint ? [h('span', { class: 'hint' }, ` → ${problem.hint}`)] : [];
      control.problem.replaceChildren(h('span', {}, problem.message), ...hint);
      control.problem.classList.toggle('warning', !!problem.warning);
    }
    setAttribute(control.node, 'aria-describedby', problem ? control.problem.id : null);
    setAttribute(control.node, 'aria-invalid', isError ? 'true' : null);
  }
}
