// The fields of the signature: two lists of rows, and what is done to them.

import { h, icon } from './dom.js';
import { emptyField, label, ordered, placeFor, sideOf } from './draft.js';
import { Row } from './row.js';

const SIDES = { input: 'Inputs', output: 'Outputs' };

export class Fields {
  constructor(editor) {
    this.editor = editor;
    this.lists = {}; // direction -> the node of its rows
    this.adders = {}; // direction -> the button that adds one
    this.noOutputs = h('div', { class: 'problem', hidden: true });
    this.rows = new Map(); // id -> Row
    this.open = new Set(); // ids of rows whose details are shown
    this.made = 0; // rows added here
    this.sections = Object.entries(SIDES).map(([direction, title]) => this.section(direction, title));
  }

  section(direction, title) {
    const list = this.lists[direction] = h('div', { class: 'rows' });
    const add = () => this.add(direction);
    const adder = this.adders[direction] = h('button', { type: 'button', class: 'plain', onclick: add }, icon('plus'), `Add ${direction}`);
    const problem = direction === 'output' ? this.noOutputs : h('div', { class: 'problem', hidden: true });
    const columns = ['type', 'description'].map((text) => h('span', { class: 'quiet', 'aria-hidden': 'true' }, text));
    const head = h('div', { class: 'columns', id: this.editor.uid(direction) }, h('span', {}, title), ...columns);
    return h('section', { role: 'group', 'aria-label': title }, head, list, problem, adder);
  }

  field(id) { return this.editor.draft.fields.find((f) => f.id === id); }

  add(direction, after) {
    const field = emptyField(`${this.editor.id}${++this.made}`, direction);
    const at = placeFor(this.editor.draft, direction, after);
    this.editor.change(null, (draft) => draft.fields.splice(at, 0, field));
    this.rows.get(field.id).control('name').focus();
  }

  // Remove a field, and go on at the one that follows it on its side, or the one before
  remove(id) {
    const all = ordered(this.editor.draft), at = all.findIndex((f) => f.id === id), { direction, name } = all[at];
    this.editor.change(null, (draft) => { draft.fields = draft.fields.filter((f) => f.id !== id); });
    const next = [all[at + 1], all[at - 1]].find((f) => f?.direction === direction);
    (next ? this.rows.get(next.id).control('name') : this.adders[direction]).focus();
    this.editor.foot.say(`removed ${label(name)}; undo brings it back`);
  }

  // One step up or down; over the border it changes sides
  move(id, by) {
    const all = ordered(this.editor.draft), at = all.findIndex((f) => f.id === id), other = all[at + by], here = all[at];
    const isCrossing = !other || other.direction !== here.direction, side = by < 0 ? 'input' : 'output';
    if (isCrossing && here.direction === side) return;
    this.editor.change(null, (draft) => {
      if (isCrossing) here.direction = side;
      else [all[at], all[at + by]] = [other, here];
      draft.fields = all;
    });
    const place = sideOf(this.editor.draft, here.direction).indexOf(here) + 1;
    this.editor.foot.say(`${label(here.name)} is now ${here.direction} ${place}`);
  }

  // The rows stand where they were dragged to
  dropped(isDropped) {
    const shown = ([direction, list]) => [...list.children].map((row) => [row.dataset.field, direction]);
    const order = Object.entries(this.lists).flatMap(shown);
    const before = ordered(this.editor.draft).map((f) => [f.id, f.direction]);
    if (!isDropped || JSON.stringify(order) === JSON.stringify(before)) return this.editor.show();
    this.editor.change(null, (draft) => {
      draft.fields = order.map(([id, direction]) => ({ ...draft.fields.find((f) => f.id === id), direction }));
    });
  }

  toggle(id) {
    if (!this.open.delete(id)) this.open.add(id);
    this.editor.show();
    if (this.open.has(id)) this.rows.get(id).control('default').focus();
  }

  // Show the details of a row, where a problem would be hidden otherwise
  reveal(id) {
    if (this.open.has(id)) return;
    this.open.add(id);
    this.rows.get(id).unfold(this.field(id));
  }

  // Make the rows those of the draft, in its order
  arrange() {
    for (const [id, row] of this.rows) if (!this.field(id)) {
      row.node.remove();
      this.rows.delete(id);
      this.editor.controls.forget(id);
    }
    for (const [direction, list] of Object.entries(this.lists)) {
      sideOf(this.editor.draft, direction).forEach((field, n) => this.put(field.id, list, n));
    }
  }

  put(id, list, n) {
    if (!this.rows.has(id)) this.rows.set(id, new Row(id, this));
    const { node } = this.rows.get(id);
    if (list.children[n] === node) return;
    const focused = node.contains(document.activeElement) ? document.activeElement : null;
    list.insertBefore(node, list.children[n] ?? null);
    focused?.focus();
  }

  show() { ordered(this.editor.draft).forEach((f, n, all) => this.rows.get(f.id).show(f, n, all.length)); }

  showLimits(fits) { for (const f of this.editor.draft.fields) this.rows.get(f.id).showLimits(f, fits?.[f.id]); }
}
