// What is wrong with the draft: found at a glance here, and by Python; shown at the boxes and at the head of the editor.

import { h, setText } from './dom.js';
import { LIMITS } from './draft.js';
import { glance } from './glance.js';

const keyOf = (problem) => `${problem.field}.${problem.part}`;

export class Problems {
  constructor(editor) {
    this.editor = editor;
    this.state = h('span', { class: 'state', 'aria-live': 'polite' });
  }

  // All of them; Python's word on names counts only while nothing was typed since
  get list() {
    const { kernel, draft } = this.editor, here = glance(draft), known = new Set(here.map(keyOf));
    const isCurrent = (p) => kernel.isFresh || !['name', 'outputs'].includes(p.part);
    return [...here, ...(kernel.answer.problems ?? []).filter((p) => !known.has(keyOf(p)) && isCurrent(p))];
  }

  get errors() { return this.list.filter((p) => !p.warning); }

  show() {
    const { controls, fields } = this.editor, list = this.list;
    const first = Object.fromEntries(list.map((p) => [keyOf(p), p]).reverse());
    for (const key of controls.all.keys()) {
      const problem = controls.isUntouched(key) ? null : first[key];
      controls.mark(key, problem);
      const [id, part] = key.split('.');
      if (problem && (part in LIMITS || part === 'default')) fields.reveal(id);
    }
    const outputs = first['.outputs'];
    fields.noOutputs.hidden = !outputs;
    setText(fields.noOutputs, outputs ? `${outputs.message} → ${outputs.hint}` : '');
    this.showState(list.filter((p) => !p.warning));
  }

  showState(errors) {
    const { controls, kernel } = this.editor, count = errors.filter((p) => !controls.isUntouched(keyOf(p))).length;
    const [text, kind] = this.stateOf(errors.length, count);
    setText(this.state, text);
    this.state.className = `state ${kind}`;
    this.state.setAttribute('aria-busy', String(!kernel.isFresh && !kernel.gone));
  }

  // A few words, and how they look; `count` of the errors are in boxes that somebody was in
  stateOf(errors, count) {
    const { kernel } = this.editor;
    if (kernel.gone) return ['disconnected', 'bad'];
    if (kernel.waiting) return ['waiting for the kernel', count ? 'bad' : 'quiet'];
    if (count) return [`${count} problem${count > 1 ? 's' : ''}`, 'bad'];
    return errors ? ['not filled in yet', 'quiet'] : ['valid', 'good'];
  }

  // May this be done with the draft? Python's word on it is waited for, but not for ever: a kernel that is busy gives it later
  async allow(what) {
    const { kernel, draft } = this.editor;
    if (glance(draft).length || kernel.gone) return this.refuse(what);
    if (await kernel.waitForAnswer() && this.errors.length) return this.refuse(what);
    return true;
  }

  // Say why not, and go there
  refuse(what) {
    const { controls, foot, kernel } = this.editor;
    if (kernel.gone) return void foot.say('the kernel has gone; run the cell again', 'error');
    controls.touchAll();
    this.editor.paint();
    const [first] = this.errors;
    foot.say(`not ${what}: ${first?.message ?? 'something is wrong'}`, 'error');
    if (first) controls.node(keyOf(first))?.focus();
  }
}
