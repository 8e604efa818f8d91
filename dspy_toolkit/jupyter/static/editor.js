// The page of the signature editor. It owns what is typed: rows come, move and go here, at once, also while the kernel is busy.
// Python reads the draft and answers in `checked`. What a person or a model wrote is set as text or as a value, never as html;
// the one exception is the card of a run, which is html that the toolkit's own views have escaped.

import { Controls } from './controls.js';
import { CTRL, composing, grow, h, icon, setText } from './dom.js';
import { clone } from './draft.js';
import { Fields } from './fields.js';
import { Foot } from './foot.js';
import { History } from './history.js';
import { Kernel, PAUSE } from './kernel.js';
import { Previews } from './previews.js';
import { Problems } from './problems.js';
import { Trial } from './trial.js';

class Editor {
  constructor(model, el) {
    this.model = model;
    this.id = Math.random().toString(36).slice(2, 8);
    this.draft = clone(model.get('draft'));
    this.inputs = clone(model.get('inputs') ?? {});
    this.history = new History();
    this.kernel = new Kernel(this);
    this.controls = new Controls(this);
    this.problems = new Problems(this);
    this.foot = new Foot(this);
    this.fields = new Fields(this);
    this.previews = new Previews(this);
    this.trial = new Trial(this);
    this.previews.pages.try.append(...this.trial.nodes);
    this.root = this.build();
    el.append(this.root);
    this.watchPage();
    this.listen();
    this.show();
    this.foot.showNotice();
    this.trial.show();
    this.trial.checks.show();
    requestAnimationFrame(() => { for (const { node } of this.controls.all.values()) grow(node); });
  }

  uid(key) { return `dspy-editor-${this.id}-${key}`; }

  // --- the draft

  // Change the draft by `edit`; changes soon after each other in the box `key` are one step to undo
  change(key, edit) {
    this.history.record(this.draft, key);
    edit(this.draft);
    this.changed(key ? PAUSE : 0);
  }

  changed(pause) {
    this.draft.n = (this.draft.n ?? 0) + 1;
    this.draft.by = this.id;
    this.show();
    this.kernel.send(pause);
  }

  undo() { this.restore(this.history.undo(this.draft)); }
  redo() { this.restore(this.history.redo(this.draft)); }

  // Take a draft of the history; the box in focus stays in focus, where it is still there
  restore(draft) {
    if (!draft) return;
    const focused = document.activeElement?.dataset?.key;
    this.draft = draft;
    this.changed(0);
    if (focused && !this.root.contains(document.activeElement)) (this.controls.node(focused) ?? this.name).focus();
  }

  // An input of the trial was typed
  type(name, text) {
    this.inputs = { ...this.inputs, [name]: text };
    this.kernel.send(PAUSE);
  }

  // --- the page

  build() {
    const head = this.buildHead();
    const about = h('textarea', { id: this.uid('instructions'), rows: 1, placeholder: 'What the model is to do' });
    const instructions = this.controls.add('.instructions', about, (d) => d.instructions, (d, text) => { d.instructions = text; });
    const caption = h('label', { class: 'caption', for: about.id }, 'Instructions');
    const body = h('div', { class: 'body' }, caption, instructions, ...this.fields.sections);
    this.farewell = h('div', { class: 'farewell', role: 'alert', hidden: true },
      h('span', {}, 'The kernel has gone. What you typed stays here; put it into a cell before you run this one again.'),
      h('button', { type: 'button', onclick: () => this.foot.insert() }, 'Insert cell'));
    const attributes = { class: 'dspy-editor', role: 'group', 'aria-label': 'signature editor' };
    const marks = { 'data-me': this.model.get('me'), 'data-lm-suppress-shortcuts': 'true' };
    return h('div', { ...attributes, ...marks }, head, this.farewell, body, this.previews.node, this.foot.node);
  }

  buildHead() {
    const plain = { spellcheck: 'false', autocomplete: 'off' };
    this.name = h('input', { class: 'title', 'aria-label': 'name of the signature', placeholder: 'Name', ...plain });
    this.since = h('span', { class: 'quiet since' });
    this.undoer = iconButton('undo', `Undo (${CTRL}Z)`, () => this.undo());
    this.redoer = iconButton('redo', `Redo (${CTRL}Shift+Z)`, () => this.redo());
    const name = this.controls.add('.name', this.name, (d) => d.name, (d, text) => { d.name = text; });
    const end = h('span', { class: 'end' }, this.problems.state, this.since, this.undoer, this.redoer);
    return h('div', { class: 'head' }, name, h('span', { class: 'quiet kind' }, 'signature editor'), end);
  }

  // Show the draft
  show() {
    this.fields.arrange();
    this.controls.show(this.draft);
    this.fields.show();
    this.undoer.disabled = !this.history.past.length;
    this.redoer.disabled = !this.history.future.length;
    this.paint();
  }

  // Show what is wrong, what may be done, and what it looks like
  paint() {
    const { answer, gone } = this.kernel;
    this.problems.show();
    this.fields.showLimits(answer.fits);
    setText(this.since, sinceText(answer));
    this.foot.warn(answer.changes?.count ? answer.broken : '');
    this.trial.checks.judge(answer.judged);
    const isRefused = gone || this.problems.errors.length > 0;
    for (const button of [this.foot.saver, this.trial.runner, this.trial.keeper]) button.setAttribute('aria-disabled', String(isRefused));
    this.previews.show();
    this.trial.showBoxes();
  }

  // --- keys and pointers

  watchPage() {
    this.root.addEventListener('keydown', (e) => this.pressed(e));
    this.root.addEventListener('pointerdown', () => this.pointerDown());
    this.root.addEventListener('focusout', (e) => this.focusLeft(e));
  }

  // Send at once what is typed, when the focus leaves the editor
  focusLeft(e) { if (this.kernel.timer && !this.root.contains(e.relatedTarget)) this.kernel.flush(); }

  // A line that appears between press and release would move the button away from under the pointer
  pointerDown() {
    this.controls.pressing = true;
    const up = () => { this.controls.pressing = false; setTimeout(() => this.paint()); };
    for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, up, { once: true });
  }

  // Do what a key asks for, and keep it from the front end
  pressed(e) {
    const action = composing(e) ? null : this.actionOf(e);
    if (!action) return;
    e.preventDefault();
    e.stopPropagation();
    action();
  }

  actionOf(e) {
    const row = e.target.closest?.('.row')?.dataset.field, isCommand = e.ctrlKey || e.metaKey, key = e.key.toLowerCase();
    if (isCommand && (key === 'z' || key === 'y') && !e.target.closest('.page, .foot')) {
      return () => key === 'y' || e.shiftKey ? this.redo() : this.undo();
    }
    if (isCommand && key === 's') return () => this.saveNotebook();
    if (isCommand && key === 'enter') return () => this.trial.run();
    if (!row) return null;
    if (e.altKey && key === 'arrowup') return () => this.fields.move(row, -1);
    if (e.altKey && key === 'arrowdown') return () => this.fields.move(row, 1);
    const isTyping = !['BUTTON', 'SELECT'].includes(e.target.tagName);
    if (key === 'enter' && !e.shiftKey && !isCommand && isTyping) return () => this.fields.add(this.fields.field(row).direction, row);
    return null;
  }

  saveNotebook() { this.model.widget_manager?.context?.save?.()?.then(() => this.foot.say('notebook saved')); }

  // --- what comes from Python

  listen() {
    const on = (name, call) => this.kernel.on(name, call);
    on('change:draft', () => this.take(this.model.get('draft')));
    on('change:inputs', () => this.takeInputs());
    on('change:checked', () => this.kernel.take(this.model.get('checked')));
    on('change:notice', () => this.foot.showNotice());
    on('change:trial', () => this.trial.show());
    on('change:checks', () => this.trial.checks.show());
    on('change:offer', () => this.trial.showOffer());
    on('comm_live_update', () => this.leave());
    on('comm:close', () => this.leave());
  }

  take(draft) {
    if (draft.by === this.id) return;
    this.history.record(this.draft);
    this.draft = clone(draft);
    this.show();
  }

  takeInputs() {
    if (this.kernel.timer) return; // what is typed now is on its way
    this.inputs = clone(this.model.get('inputs'));
    this.trial.showBoxes();
  }

  leave() {
    this.kernel.leave();
    this.farewell.hidden = false;
    this.paint();
  }
}

function iconButton(name, text, press) {
  return h('button', { type: 'button', class: 'icon', 'aria-label': text, title: text, onclick: press }, icon(name));
}

function sinceText({ base, changes }) {
  if (!base) return 'not saved yet';
  return changes?.count === 0 ? `saved as ${base}` : `since ${base}`;
}

export default {
  render({ model, el }) {
    const editor = new Editor(model, el);
    return () => editor.kernel.close();
  },
};
