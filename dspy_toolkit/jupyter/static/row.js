// The row of one field: its boxes, its buttons, and below them its default and limits.

import { h, icon, setText } from './dom.js';
import { drag } from './drag.js';
import { LIMITS, label, limitsOf } from './draft.js';
import { suggest } from './suggest.js';

export class Row {
  constructor(id, fields) {
    this.id = id;
    this.fields = fields;
    this.editor = fields.editor;
    this.controls = this.editor.controls;
    const choosing = { 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox' };
    this.type = this.box('type', 'textarea', { class: 'code', rows: 1, placeholder: 'str', ...choosing });
    this.buildButtons();
    this.remark = h('div', { class: 'remark quiet' });
    this.details = h('div', { class: 'details', id: this.editor.uid(`${id}-details`), role: 'group', hidden: true });
    this.node = this.build();
    this.buildDetails();
    this.more.setAttribute('aria-controls', this.details.id);
    suggest(this.control('type'), this.type, this.editor.uid(`${id}-types`), () => this.editor.model.get('suggestions') ?? []);
    drag(this.grip, this.node, Object.values(fields.lists), (dropped) => fields.dropped(dropped));
  }

  control(part) { return this.controls.node(`${this.id}.${part}`); }

  field(draft) { return draft.fields.find((f) => f.id === this.id); }

  // A box for a part of the field that is text
  box(part, tag, attributes) {
    const node = h(tag, { spellcheck: part === 'description' ? 'true' : 'false', autocomplete: 'off', ...attributes });
    return this.add(part, node, (field) => field?.[part] ?? '', (field, text) => { field[part] = text; });
  }

  // A box for any part: `read` and `write` get the field
  add(part, node, read, write, isTyped = true) {
    const key = `${this.id}.${part}`;
    return this.controls.add(key, node, (d) => read(this.field(d)), (d, text) => write(this.field(d), text), isTyped);
  }

  buildButtons() {
    const button = (name, press) => h('button', { type: 'button', class: 'icon', onclick: press }, icon(name));
    this.more = button('more', () => this.fields.toggle(this.id));
    this.up = button('up', () => { this.fields.move(this.id, -1); this.up.focus(); });
    this.down = button('down', () => { this.fields.move(this.id, 1); this.down.focus(); });
    this.cross = button('cross', () => this.fields.remove(this.id));
    this.grip = h('span', { class: 'grip', 'aria-hidden': 'true', title: 'drag, or press Alt+↑ and Alt+↓' }, icon('grip'));
  }

  build() {
    const name = this.box('name', 'input', { class: 'code', placeholder: 'name' });
    const description = this.box('description', 'textarea', { rows: 1, placeholder: 'what it is' });
    const actions = h('span', { class: 'actions' }, this.more, this.up, this.down, this.cross);
    return h('div', { class: 'row', role: 'group', 'data-field': this.id },
      this.grip, name, this.type, description, actions, this.remark, this.details);
  }

  buildDetails() {
    const side = h('select', {}, h('option', { value: 'input' }, 'input'), h('option', { value: 'output' }, 'output'));
    const direction = this.add('direction', side, (f) => f?.direction ?? 'input', (f, text) => { f.direction = text; }, false);
    const default_ = this.box('default', 'input', { class: 'code', placeholder: 'none' });
    this.limits = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, this.limit(name)]));
    this.details.append(this.named('direction', direction), this.named('default', default_), ...Object.values(this.limits));
  }

  limit(name) {
    const node = h('input', { class: 'code short', inputmode: 'decimal', autocomplete: 'off' });
    const write = (f, text) => { f.constraints = { ...f.constraints, [name]: text }; };
    return this.named(LIMITS[name], this.add(name, node, (f) => f?.constraints?.[name] ?? '', write));
  }

  named(text, control) {
    const node = control.querySelector('input, select');
    node.id = this.editor.uid(`of-${node.dataset.key}`);
    return h('div', { class: 'named' }, h('label', { for: node.id, class: 'quiet' }, text), control);
  }

  // Bring it up to date; `n` is its place among `count` rows
  show(field, n, count) {
    const who = label(field.name.trim());
    this.node.setAttribute('aria-label', `${field.direction} ${who}`);
    for (const part of ['name', 'type', 'description']) {
      this.control(part).setAttribute('aria-label', `${part} of ${field.direction} ${n + 1}`);
    }
    const details = `default and limits of ${who}`;
    const names = [[this.more, details], [this.up, `move ${who} up`], [this.down, `move ${who} down`], [this.cross, `remove ${who}`]];
    for (const [button, text] of names) {
      button.setAttribute('aria-label', text);
      button.title = text;
    }
    this.up.disabled = n === 0 && field.direction === 'input';
    this.down.disabled = n === count - 1 && field.direction === 'output';
    this.details.setAttribute('aria-label', details);
    this.unfold(field);
  }

  // Default and limits: boxes, or a remark
  unfold(field) {
    const isOpen = this.fields.open.has(this.id), limits = limitsOf(field), default_ = field.default.trim();
    this.details.hidden = !isOpen;
    this.more.setAttribute('aria-expanded', String(isOpen));
    this.more.classList.toggle('has', !!(limits.length || default_));
    const remarks = limits.map(([name, value]) => `${LIMITS[name] ?? name} ${value}`);
    if (default_) remarks.push(`${default_} unless given`);
    setText(this.remark, isOpen ? '' : remarks.join(' · '));
  }

  // Show the limits that fit the type, and those that are filled in
  showLimits(field, fits) {
    for (const [name, node] of Object.entries(this.limits)) {
      node.hidden = !(fits?.includes(name) || (field.constraints?.[name] ?? '').trim());
    }
  }
}
