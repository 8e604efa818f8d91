// The page of the signature editor. It owns what is typed: rows come, move and go here, at once, also while the kernel is busy.
// Python reads the draft and answers in `checked`. What a person or a model wrote is set as text or as a value, never as html;
// the one exception is the card of a run, which is html that the toolkit's own views have escaped.

import { CTRL, composing, drag, grow, h, icon, setText, setValue, suggest } from './dom.js';
import { LIMITS, cellOf, clone, glance, label, limitsOf, ordered, sideOf } from './draft.js';

const PAUSE = 150; // ms without a key before Python is asked
const PATIENCE = 600; // ms before the page says that it waits for the kernel
const VIEW = 'application/vnd.jupyter.widget-view+json';
const WORD = 900; // ms between keys that still count as one step to undo

class Editor {
  constructor(model, el) {
    this.model = model;
    this.id = Math.random().toString(36).slice(2, 8);
    this.draft = clone(model.get('draft'));
    this.inputs = clone(model.get('inputs') ?? {});
    this.past = []; this.future = []; this.mark = null; this.marked = 0; this.made = 0;
    this.controls = new Map(); this.rows = new Map(); this.boxes = new Map(); this.touched = new Set(); this.open = new Set();
    this.found = model.get('checked') ?? {}; this.shown = this.found.valid ? this.found : {}; this.waiting = false; this.gone = false;
    this.off = [];
    el.append(this.build());
    this.listen();
    this.show();
    this.tell(); this.tried();
    requestAnimationFrame(() => { for (const { node } of this.controls.values()) grow(node); });
  }

  uid(key) { return `dspy-editor-${this.id}-${key}`; }

  // --- the draft, and its history

  change(key, edit) {
    const now = performance.now();
    if (!key || key !== this.mark || now - this.marked > WORD) { this.past.push(JSON.stringify(this.draft)); if (this.past.length > 300) this.past.shift(); }
    this.mark = key; this.marked = now; this.future = [];
    edit(this.draft);
    this.changed(key ? PAUSE : 0);
  }

  changed(pause) {
    this.draft.n = (this.draft.n ?? 0) + 1;
    this.draft.by = this.id;
    this.show();
    this.send(pause);
  }

  step(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify(this.draft));
    const n = this.draft.n;
    this.draft = { ...JSON.parse(from.pop()), n };
    this.mark = null;
    const focused = document.activeElement?.dataset?.key;
    this.changed(0);
    if (focused && !this.root.contains(document.activeElement)) (this.controls.get(focused)?.node ?? this.name).focus();
  }

  undo() { this.step(this.past, this.future); }
  redo() { this.step(this.future, this.past); }

  send(pause) {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    if (this.gone) return;
    this.patience = setTimeout(() => { this.waiting = true; this.paint(); }, pause + PATIENCE);
    if (pause) this.timer = setTimeout(() => this.flush(), pause);
    else this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.gone) return;
    this.model.set('draft', clone(this.draft));
    this.model.set('inputs', clone(this.inputs));
    this.model.save_changes();
  }

  ask(what) {
    if (this.gone) return this.say('the kernel has gone; run the cell again', 'error');
    this.flush();
    this.model.send({ ...what, draft: clone(this.draft) });
  }

  get fresh() { return this.found.n === this.draft.n && this.found.by === this.draft.by; }

  // Whether Python has answered to what is typed now; it has some time to
  async answered(most = 3000) {
    if (!this.fresh) this.flush();
    for (const end = performance.now() + most; !this.fresh && !this.gone && performance.now() < end;) await new Promise((wake) => { this.awake = wake; setTimeout(wake, 100); });
    return this.fresh;
  }

  field(id) { return this.draft.fields.find((f) => f.id === id); }

  add(direction, after) {
    const id = `${this.id}${++this.made}`, fields = this.draft.fields;
    const made = { id, name: '', direction, type: '', description: '', default: '', constraints: {}, kept: '' };
    const last = fields.findLastIndex((f) => f.direction === direction);
    const at = after ? fields.findIndex((f) => f.id === after) : last >= 0 ? last : direction === 'input' ? -1 : fields.length - 1;
    this.change(null, () => fields.splice(at + 1, 0, made));
    this.controls.get(`${id}.name`).node.focus();
  }

  remove(id) {
    const all = ordered(this.draft), at = all.findIndex((f) => f.id === id), direction = all[at].direction;
    this.change(null, (d) => { d.fields = d.fields.filter((f) => f.id !== id); });
    const next = all[at + 1]?.direction === direction ? all[at + 1] : all[at - 1]?.direction === direction ? all[at - 1] : null;
    (next ? this.controls.get(`${next.id}.name`).node : this.adders[direction]).focus();
    this.say(`removed ${label(all[at].name)}; undo brings it back`);
  }

  // One step up or down; over the border it changes sides
  move(id, by) {
    const all = ordered(this.draft), at = all.findIndex((f) => f.id === id), other = all[at + by], here = all[at];
    const crossing = !other || other.direction !== here.direction;
    if (crossing && here.direction === (by < 0 ? 'input' : 'output')) return;
    this.change(null, (d) => {
      if (crossing) here.direction = by < 0 ? 'input' : 'output';
      else [all[at], all[at + by]] = [other, here];
      d.fields = all;
    });
    this.say(`${label(here.name)} is now ${here.direction} ${sideOf(this.draft, here.direction).indexOf(here) + 1}`);
  }

  // --- the page

  build() {
    const button = (name, text, press, more) => h('button', { type: 'button', class: 'icon', 'aria-label': text, title: text, onclick: press, ...more }, icon(name));
    this.name = h('input', { class: 'title', 'aria-label': 'name of the signature', placeholder: 'Name', spellcheck: 'false', autocomplete: 'off' });
    this.state = h('span', { class: 'state', 'aria-live': 'polite' });
    this.since = h('span', { class: 'quiet since' });
    this.undoing = button('undo', `Undo (${CTRL}Z)`, () => this.undo());
    this.redoing = button('redo', `Redo (${CTRL}Shift+Z)`, () => this.redo());
    const head = h('div', { class: 'head' }, this.control('.name', this.name, (d) => d.name, (d, v) => { d.name = v; }),
      h('span', { class: 'quiet kind' }, 'signature editor'), h('span', { class: 'end' }, this.state, this.since, this.undoing, this.redoing));
    this.farewell = h('div', { class: 'farewell', role: 'alert', hidden: true }, h('span', {}, 'The kernel has gone. What you typed stays here; put it into a cell before you run this one again.'),
      h('button', { type: 'button', onclick: () => this.insert() }, 'Insert cell'));
    const about = h('textarea', { id: this.uid('instructions'), rows: 1, placeholder: 'What the model is to do' });
    const body = h('div', { class: 'body' }, h('label', { class: 'caption', for: this.uid('instructions') }, 'Instructions'),
      this.control('.instructions', about, (d) => d.instructions, (d, v) => { d.instructions = v; }), this.section('input', 'Inputs'), this.section('output', 'Outputs'));
    this.root = h('div', { class: 'dspy-editor', role: 'group', 'aria-label': 'signature editor', 'data-me': this.model.get('me'), 'data-lm-suppress-shortcuts': 'true' }, head, this.farewell, body, this.panels(), this.foot());
    this.root.addEventListener('keydown', (e) => this.pressed(e));
    // a line that appears between press and release would move the button away from under the pointer
    this.root.addEventListener('pointerdown', () => {
      this.pressing = true;
      for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, () => { this.pressing = false; setTimeout(() => this.paint()); }, { once: true });
    });
    this.root.addEventListener('focusout', (e) => { if (this.timer && !this.root.contains(e.relatedTarget)) this.flush(); });
    return this.root;
  }

  section(direction, title) {
    const list = h('div', { class: 'rows' }), problem = h('div', { class: 'problem', hidden: true });
    const adder = h('button', { type: 'button', class: 'plain', onclick: () => this.add(direction) }, icon('plus'), `Add ${direction}`);
    (this.lists ??= {})[direction] = list;
    (this.adders ??= {})[direction] = adder;
    if (direction === 'output') this.noOutputs = problem;
    const head = h('div', { class: 'columns', id: this.uid(direction) }, h('span', {}, title), ...['type', 'description'].map((t) => h('span', { class: 'quiet', 'aria-hidden': 'true' }, t)));
    return h('section', { role: 'group', 'aria-label': title }, head, list, problem, adder);
  }

  control(key, node, read, write, wait = true) {
    const problem = h('div', { class: 'problem', id: this.uid(`${key}-problem`), hidden: true });
    node.dataset.key = key;
    node.addEventListener('input', () => { this.touched.add(key); this.change(wait ? key : null, (d) => write(d, node.value)); });
    node.addEventListener('blur', () => { if (!this.touched.has(key)) { this.touched.add(key); if (!this.pressing) this.paint(); } });
    this.controls.set(key, { node, read, problem });
    return h('div', { class: 'control' }, node, problem);
  }

  row(field) {
    const id = field.id, of = (d) => d.fields.find((f) => f.id === id);
    const box = (part, tag, more) => this.control(`${id}.${part}`, h(tag, { spellcheck: part === 'description' ? 'true' : 'false', autocomplete: 'off', ...more }), (d) => of(d)?.[part] ?? '', (d, v) => { of(d)[part] = v; });
    const type = box('type', 'textarea', { class: 'code', rows: 1, placeholder: 'str', 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox' });
    const button = (name, press) => h('button', { type: 'button', class: 'icon', onclick: press }, icon(name));
    const more = button('more', () => { this.open.has(id) ? this.open.delete(id) : this.open.add(id); this.show(); if (this.open.has(id)) this.controls.get(`${id}.default`).node.focus(); });
    const up = button('up', () => { this.move(id, -1); up.focus(); }), down = button('down', () => { this.move(id, 1); down.focus(); }), cross = button('cross', () => this.remove(id));
    const grip = h('span', { class: 'grip', 'aria-hidden': 'true', title: 'drag, or press Alt+↑ and Alt+↓' }, icon('grip'));
    const remark = h('div', { class: 'remark quiet' }), details = h('div', { class: 'details', id: this.uid(`${id}-details`), role: 'group', hidden: true });
    const node = h('div', { class: 'row', role: 'group', 'data-field': id }, grip, box('name', 'input', { class: 'code', placeholder: 'name' }), type, box('description', 'textarea', { rows: 1, placeholder: 'what it is' }),
      h('span', { class: 'actions' }, more, up, down, cross), remark, details);
    const side = h('select', {}, h('option', { value: 'input' }, 'input'), h('option', { value: 'output' }, 'output'));
    details.append(this.named('direction', this.control(`${id}.direction`, side, (d) => of(d)?.direction ?? 'input', (d, v) => { of(d).direction = v; }, false)),
      this.named('default', box('default', 'input', { class: 'code', placeholder: 'none' })));
    const limits = {};
    for (const k of Object.keys(LIMITS)) {
      limits[k] = this.named(LIMITS[k], this.control(`${id}.${k}`, h('input', { class: 'code short', inputmode: 'decimal', autocomplete: 'off' }), (d) => of(d)?.constraints?.[k] ?? '', (d, v) => { of(d).constraints = { ...of(d).constraints, [k]: v }; }));
      details.append(limits[k]);
    }
    more.setAttribute('aria-controls', details.id);
    suggest(this.controls.get(`${id}.type`).node, type, this.uid(`${id}-types`), () => this.model.get('suggestions') ?? []);
    drag(grip, node, Object.values(this.lists), (dropped) => this.dragged(dropped));
    this.rows.set(id, { node, more, up, down, cross, remark, details, limits });
    return this.rows.get(id);
  }

  named(text, control) {
    const node = control.querySelector('input, select');
    node.id = this.uid(`of-${node.dataset.key}`);
    return h('div', { class: 'named' }, h('label', { for: node.id, class: 'quiet' }, text), control);
  }

  // The rows stand where they were dragged to
  dragged(dropped) {
    const order = Object.entries(this.lists).flatMap(([direction, list]) => [...list.children].map((r) => [r.dataset.field, direction]));
    const before = ordered(this.draft).map((f) => [f.id, f.direction]);
    if (!dropped || JSON.stringify(order) === JSON.stringify(before)) return this.show();
    this.change(null, (d) => { d.fields = order.map(([id, direction]) => ({ ...d.fields.find((f) => f.id === id), direction })); });
  }

  panels() {
    const titles = { cell: 'Cell', python: 'Python', prompt: 'Prompt', changes: 'Changes', try: 'Try it' };
    this.tabs = {}; this.pages = {};
    for (const [key, title] of Object.entries(titles)) {
      this.pages[key] = h('div', { role: 'tabpanel', id: this.uid(`page-${key}`), 'aria-labelledby': this.uid(`tab-${key}`), class: 'page', hidden: true, tabindex: key === 'try' ? null : 0 });
      this.tabs[key] = h('button', { type: 'button', role: 'tab', id: this.uid(`tab-${key}`), 'aria-controls': this.uid(`page-${key}`), onclick: () => this.turn(key) }, title);
    }
    const keys = Object.keys(titles), bar = h('div', { role: 'tablist', class: 'tabs', 'aria-label': 'previews' }, ...Object.values(this.tabs));
    bar.addEventListener('keydown', (e) => {
      if (composing(e)) return;
      const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key], to = e.key === 'Home' ? 0 : e.key === 'End' ? keys.length - 1 : by && (keys.indexOf(this.page) + by + keys.length) % keys.length;
      if (to === undefined) return;
      e.preventDefault();
      this.turn(keys[to]);
      this.tabs[keys[to]].focus();
    });
    this.buildTrial();
    this.turn('cell', false);
    return h('div', { class: 'panels' }, bar, ...Object.values(this.pages));
  }

  turn(key, draw = true) {
    this.page = key;
    for (const k of Object.keys(this.tabs)) {
      this.tabs[k].setAttribute('aria-selected', String(k === key));
      this.tabs[k].tabIndex = k === key ? 0 : -1;
      this.pages[k].hidden = k !== key;
    }
    if (draw) this.preview();
  }

  buildTrial() {
    this.form = h('div', { class: 'boxes' });
    this.running = h('button', { type: 'button', class: 'primary', title: `${CTRL}Enter`, onclick: () => this.run() }, 'Run');
    this.stopping = h('button', { type: 'button', hidden: true, onclick: () => this.ask({ do: 'stop' }) }, 'Stop');
    this.module = h('select', { 'aria-label': 'module' }, h('option', {}, 'Predict'), h('option', {}, 'ChainOfThought'));
    this.said = h('span', { class: 'quiet', role: 'status' });
    this.result = h('div', { class: 'result' });
    this.pages.try.append(this.form, h('div', { class: 'bar' }, this.running, this.stopping, this.module, this.said), this.result);
  }

  foot() {
    this.summary = h('div', { class: 'summary' });
    this.message = h('input', { 'aria-label': 'why this version', placeholder: 'why this version', class: 'message', autocomplete: 'off', onkeydown: (e) => { if (e.key === 'Enter' && !composing(e)) this.save(); } });
    this.notice = h('div', { class: 'notice', role: 'status', 'aria-live': 'polite' });
    this.saving = h('button', { type: 'button', class: 'primary', onclick: () => this.save() }, 'Save as version');
    const insert = h('button', { type: 'button', onclick: () => this.insert() }, 'Insert cell');
    return h('div', { class: 'foot' }, this.summary, h('div', { class: 'bar' }, this.message, this.saving, insert, this.notice));
  }

  // --- from the draft to the page

  show() {
    for (const [id, row] of this.rows) if (!this.field(id)) {
      row.node.remove();
      this.rows.delete(id);
      for (const key of [...this.controls.keys()]) if (key.startsWith(`${id}.`)) this.controls.delete(key);
    }
    for (const direction of ['input', 'output']) {
      const list = this.lists[direction];
      sideOf(this.draft, direction).forEach((f, n) => {
        const { node } = this.rows.get(f.id) ?? this.row(f);
        if (list.children[n] === node) return;
        const focused = node.contains(document.activeElement) ? document.activeElement : null;
        list.insertBefore(node, list.children[n] ?? null);
        focused?.focus();
      });
    }
    for (const { node, read } of this.controls.values()) setValue(node, read(this.draft));
    ordered(this.draft).forEach((f, n, all) => this.showRow(f, n, all));
    this.undoing.disabled = !this.past.length;
    this.redoing.disabled = !this.future.length;
    this.paint();
  }

  showRow(f, n, all) {
    const row = this.rows.get(f.id), who = label(f.name.trim());
    row.node.setAttribute('aria-label', `${f.direction} ${who}`);
    for (const part of ['name', 'type', 'description']) this.controls.get(`${f.id}.${part}`).node.setAttribute('aria-label', `${part} of ${f.direction} ${n + 1}`);
    for (const [button, text] of [[row.more, `default and limits of ${who}`], [row.up, `move ${who} up`], [row.down, `move ${who} down`], [row.cross, `remove ${who}`]]) {
      button.setAttribute('aria-label', text);
      button.title = text;
    }
    row.up.disabled = n === 0 && f.direction === 'input';
    row.down.disabled = n === all.length - 1 && f.direction === 'output';
    row.details.setAttribute('aria-label', `default and limits of ${who}`);
    this.unfold(f);
  }

  // Default and limits: boxes, or a remark
  unfold(f) {
    const row = this.rows.get(f.id), open = this.open.has(f.id), given = limitsOf(f), default_ = f.default.trim();
    row.details.hidden = !open;
    row.more.setAttribute('aria-expanded', String(open));
    row.more.classList.toggle('has', !!(given.length || default_));
    setText(row.remark, open ? '' : [...given.map(([k, v]) => `${LIMITS[k] ?? k} ${v}`), ...(default_ ? [`${default_} unless given`] : [])].join(' · '));
  }

  problems() {
    const local = glance(this.draft), at = (p) => `${p.field}.${p.part}`, known = new Set(local.map(at));
    const remote = (this.found.problems ?? []).filter((p) => !known.has(at(p)) && (this.fresh || !['name', 'outputs'].includes(p.part)));
    return [...local, ...remote];
  }

  // A box that nobody has filled in yet is not held against them
  untouched(key) { return this.controls.has(key) && !this.touched.has(key) && !this.controls.get(key).read(this.draft).trim(); }

  // What is wrong, and what may be done
  paint() {
    const where = (p) => `${p.field}.${p.part}`, problems = this.problems(), at = Object.fromEntries(problems.map((p) => [where(p), p]).reverse());
    for (const [key, { node, problem }] of this.controls) {
      const p = at[key], shown = p && !this.untouched(key);
      problem.hidden = !shown;
      if (shown) { problem.replaceChildren(h('span', {}, p.message), ...(p.hint ? [h('span', { class: 'hint' }, ` → ${p.hint}`)] : [])); problem.classList.toggle('warning', !!p.warning); }
      shown ? node.setAttribute('aria-describedby', problem.id) : node.removeAttribute('aria-describedby');
      shown && !p.warning ? node.setAttribute('aria-invalid', 'true') : node.removeAttribute('aria-invalid');
      const [id, part] = key.split('.');
      if (shown && (part in LIMITS || part === 'default') && !this.open.has(id)) { this.open.add(id); this.unfold(this.field(id)); }
    }
    const outputs = at['.outputs'];
    this.noOutputs.hidden = !outputs;
    setText(this.noOutputs, outputs ? `${outputs.message} → ${outputs.hint}` : '');
    for (const f of this.draft.fields) {
      const fits = this.found.fits?.[f.id], row = this.rows.get(f.id);
      for (const k of Object.keys(LIMITS)) row.limits[k].hidden = !(fits?.includes(k) || (f.constraints?.[k] ?? '').trim());
    }
    const errors = problems.filter((p) => !p.warning), counted = errors.filter((p) => !this.untouched(where(p))).length;
    setText(this.state, this.gone ? 'disconnected' : this.waiting ? 'waiting for the kernel' : counted ? `${counted} problem${counted > 1 ? 's' : ''}` : errors.length ? 'not filled in yet' : 'valid');
    this.state.className = `state ${this.gone || counted ? 'bad' : this.waiting || errors.length ? 'quiet' : 'good'}`;
    this.state.setAttribute('aria-busy', String(!this.fresh && !this.gone));
    setText(this.since, !this.found.base ? 'not saved yet' : this.found.changes?.count === 0 ? `saved as ${this.found.base}` : `since ${this.found.base}`);
    for (const button of [this.saving, this.running]) button.setAttribute('aria-disabled', String(!!errors.length || this.gone));
    this.preview();
  }

  preview() {
    const c = this.shown, stale = !this.found.valid && !!c.cells, page = this.pages[this.page];
    page.classList.toggle('stale', stale && this.page !== 'try');
    const note = (...texts) => { const t = texts.filter(Boolean).join(' · '); return t ? h('div', { class: 'quiet note' }, t) : null; };
    const before = stale ? 'as it was when it last was valid' : '';
    const nothing = () => h('div', { class: 'quiet' }, 'nothing to show before the signature is valid');
    const code = (text) => h('pre', { class: 'code' }, text);
    const parts = {
      cell: () => this.gone ? [code(cellOf(this.draft))] : c.cells ? [note(before, c.cells.length > 1 && 'the first cell defines what the notebook does not have'), ...c.cells.map(code)] : [nothing()],
      python: () => c.python ? [note(before), code(c.python)] : [nothing()],
      prompt: () => c.prompt ? [note(before, c.adapter, c.model, c.tokens && `${c.tokens} tokens`, c.unwritten, c.named?.length && c.tokens && `${c.named.map((n) => `‹${n}›`).join(', ')} stand${c.named.length > 1 ? '' : 's'} for what is not given`),
        ...c.prompt.map(([role, text]) => h('div', { class: 'message' }, h('div', { class: 'role' }, role), code(text)))] : [nothing()],
      changes: () => this.changes(c, note(before)),
    }[this.page];
    const made = JSON.stringify([this.page, c, stale, this.gone && this.draft]);
    if (this.drawn !== made && parts) page.replaceChildren(...parts().filter(Boolean));
    this.drawn = made;
    this.showBoxes(c.boxes ?? []);
    const d = stale ? null : c.changes;
    setText(this.tabs.changes, d?.count ? `Changes ${d.count}` : 'Changes');
    this.tabs.changes.classList.toggle('alarm', !!d?.breaking);
    setText(this.summary, d?.count ? `since ${d.base}: ${d.summary}` : '');
    this.summary.classList.toggle('bad', !!d?.breaking);
  }

  changes(c, note) {
    if (!c.cells) return [h('div', { class: 'quiet' }, 'nothing to show before the signature is valid')];
    if (!c.changes) return [h('div', { class: 'quiet' }, 'not saved yet')];
    if (!c.changes.count) return [h('div', { class: 'quiet' }, `no changes since ${c.changes.base}`)];
    const words = { '+': 'added', '-': 'removed', '~': 'changed', '': '' };
    const cell = (kind, text) => h('div', { role: 'cell', class: kind }, text);
    const rows = c.changes.rows.map(([mark, before, after, said, breaks]) => h('div', { role: 'row', class: `line ${words[mark] || 'same'}` },
      cell('mark', words[mark]), cell('code before', before), cell('code after', after), cell(breaks ? 'bad' : 'quiet', said)));
    return [note, h('div', { role: 'table', 'aria-label': `changes since ${c.changes.base}`, class: 'diff' }, ...rows)];
  }

  showBoxes(boxes) {
    for (const [key, box] of this.boxes) if (!boxes.some((b) => this.boxKey(b) === key)) { box.node.remove(); this.boxes.delete(key); }
    boxes.forEach((b, n) => {
      const box = this.boxes.get(this.boxKey(b)) ?? this.box(b);
      if (this.form.children[n] !== box.node) this.form.insertBefore(box.node, this.form.children[n] ?? null);
      setText(box.about, [b.type, b.about].filter(Boolean).join(' · '));
      const value = this.inputs[b.name] ?? '';
      if (box.input.type === 'checkbox') box.input.checked = value === 'true';
      else setValue(box.input, value);
      const wrong = this.model.get('trial')?.wrong?.[b.name] ?? '';
      setText(box.problem, wrong);
      box.problem.hidden = !wrong;
      wrong ? box.input.setAttribute('aria-invalid', 'true') : box.input.removeAttribute('aria-invalid');
    });
  }

  boxKey(b) { return JSON.stringify([b.name, b.kind, b.options, b.optional, b.default]); }

  box(b) {
    const id = this.uid(`box-${b.name}`), problem = h('div', { class: 'problem', id: `${id}-problem`, hidden: true }), about = h('span', { class: 'quiet' });
    const placeholder = b.default ? `${b.default} unless given` : { json: 'JSON', expression: 'an expression of this notebook' }[b.kind] ?? '';
    const attributes = { id, 'aria-describedby': problem.id, placeholder, autocomplete: 'off' };
    let input;
    if (b.kind === 'choice') input = h('select', attributes, h('option', { value: '' }, b.optional ? b.default || 'none' : ''), ...b.options.map((o) => h('option', { value: o }, o)));
    else if (b.kind === 'check') input = h('input', { ...attributes, type: 'checkbox' });
    else if (b.kind === 'text' || b.kind === 'json') input = h('textarea', { ...attributes, rows: b.kind === 'text' ? 2 : 1, class: b.kind === 'json' ? 'code' : '', spellcheck: 'false' });
    else input = h('input', { ...attributes, type: { number: 'number', date: 'date', time: 'time', 'datetime-local': 'datetime-local' }[b.kind] ?? 'text', step: b.kind === 'number' ? (b.whole ? 1 : 'any') : b.kind === 'time' || b.kind === 'datetime-local' ? 1 : null, class: b.kind === 'expression' ? 'code' : '' });
    input.addEventListener('input', () => {
      this.inputs = { ...this.inputs, [b.name]: input.type === 'checkbox' ? String(input.checked) : input.value };
      this.send(PAUSE);
    });
    const node = h('div', { class: 'box' }, h('label', { for: id, class: 'code' }, b.name), h('div', { class: 'control' }, input, problem), about);
    this.boxes.set(this.boxKey(b), { node, input, problem, about });
    return this.boxes.get(this.boxKey(b));
  }

  // --- what is done

  // Python's word on what is typed now is waited for, but not for ever: a kernel that is busy gives it later
  async may(what) {
    if (glance(this.draft).length || this.gone) return this.refuse(what);
    if (await this.answered() && this.problems().some((p) => !p.warning)) return this.refuse(what);
    return true;
  }

  async save() {
    if (await this.may('saved')) this.ask({ do: 'save', message: this.message.value });
  }

  async run() {
    this.turn('try');
    if (!await this.may('run')) return;
    setText(this.said, 'asking the kernel');
    this.ask({ do: 'run', inputs: this.inputs, module: this.module.value });
  }

  // Say why not, and go there
  refuse(what) {
    if (this.gone) return void this.say('the kernel has gone; run the cell again', 'error');
    for (const key of this.controls.keys()) this.touched.add(key);
    this.paint();
    const first = this.problems().find((p) => !p.warning), node = first && this.controls.get(`${first.field}.${first.part}`)?.node;
    this.say(`not ${what}: ${first?.message ?? 'something is wrong'}`, 'error');
    node?.focus();
  }

  say(text, level = 'ok') {
    setText(this.notice, text);
    this.notice.classList.toggle('bad', level === 'error');
  }

  tell() {
    const n = this.model.get('notice') ?? {};
    this.say(n.text ?? '', n.level);
    if (n.level === 'ok' && n.text?.startsWith('saved')) this.message.value = '';
  }

  tried() {
    const t = this.model.get('trial') ?? {}, busy = ['running', 'stopping'].includes(t.state);
    const focused = [this.running, this.stopping].includes(document.activeElement);
    this.running.hidden = busy;
    this.stopping.hidden = !busy;
    this.stopping.disabled = t.state === 'stopping';
    if (focused) (busy ? this.stopping : this.running).focus();
    setText(this.said, busy ? t.state : t.said || (t.state === 'done' ? 'done' : ''));
    this.said.className = t.state === 'failed' || Object.keys(t.wrong ?? {}).length ? 'bad' : 'quiet';
    this.result.innerHTML = t.html ?? ''; // the card of a run, as the toolkit's views escape it
    this.showBoxes(this.shown.boxes ?? []);
  }

  // A cell below the one this editor stands in; where the front end has none, the clipboard
  async insert() {
    if (!this.gone && !await this.may('written')) return;
    const cells = this.fresh && !this.gone ? this.shown.cells : [cellOf(this.draft)];
    const notebook = this.model.widget_manager?.context?.model?.sharedModel;
    const at = notebook?.insertCell ? this.place(notebook) : -1;
    if (at >= 0) {
      cells.forEach((source, n) => notebook.insertCell(at + n, { cell_type: 'code', source, metadata: { trusted: true } }));
      return this.say(`inserted below${cells.length > 1 ? `: ${cells.length} cells` : ''}`);
    }
    try {
      await navigator.clipboard.writeText(cells.join('\n\n'));
      this.say('copied; paste it into a new cell');
    } catch {
      this.turn('cell');
      const range = document.createRange();
      range.selectNodeContents(this.pages.cell);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      this.say(`press ${CTRL}C, and paste it into a new cell`);
    }
  }

  // The index below the cell that shows this widget
  place(notebook) {
    const me = this.model.get('me'), shows = (cell) => (cell.toJSON().outputs ?? []).some((o) => me && o.data?.[VIEW]?.model_id === me);
    const at = [...notebook.cells].findIndex(shows);
    if (at >= 0) return at + 1;
    const node = this.root.closest('.jp-Cell'), index = node ? [...node.parentNode.querySelectorAll(':scope > .jp-Cell')].indexOf(node) : -1;
    return index < 0 ? -1 : index + 1;
  }

  // --- keys, and what comes from Python

  pressed(e) {
    if (composing(e)) return;
    const row = e.target.closest?.('.row'), command = e.ctrlKey || e.metaKey, key = e.key.toLowerCase();
    const stop = () => { e.preventDefault(); e.stopPropagation(); };
    if (command && (key === 'z' || key === 'y') && !e.target.closest('.page, .foot')) { stop(); return key === 'y' || e.shiftKey ? this.redo() : this.undo(); }
    if (command && key === 's') { stop(); return this.model.widget_manager?.context?.save?.()?.then(() => this.say('notebook saved')); }
    if (command && key === 'enter') { stop(); return this.run(); }
    if (!row) return;
    const id = row.dataset.field;
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) { stop(); return this.move(id, e.key === 'ArrowUp' ? -1 : 1); }
    if (e.key === 'Enter' && !e.shiftKey && !command && !['BUTTON', 'SELECT'].includes(e.target.tagName)) { stop(); this.add(this.field(id).direction, id); }
  }

  listen() {
    const on = (name, call) => { this.model.on(name, call); this.off.push(() => this.model.off(name, call)); };
    on('change:draft', () => {
      const draft = this.model.get('draft');
      if (draft.by === this.id) return;
      this.past.push(JSON.stringify(this.draft));
      this.future = [];
      this.mark = null;
      this.draft = clone(draft);
      this.show();
    });
    on('change:inputs', () => { if (!this.timer) { this.inputs = clone(this.model.get('inputs')); this.showBoxes(this.shown.boxes ?? []); } });
    on('change:checked', () => {
      const found = this.model.get('checked');
      if (found.n !== this.draft.n || found.by !== this.draft.by) return; // a later one is on its way
      clearTimeout(this.patience);
      this.found = found;
      this.waiting = false;
      if (found.valid) this.shown = found;
      this.paint();
      this.awake?.();
    });
    on('change:notice', () => this.tell());
    on('change:trial', () => this.tried());
    on('comm_live_update', () => this.leave());
    on('comm:close', () => this.leave());
  }

  leave() {
    clearTimeout(this.patience);
    this.gone = true;
    this.farewell.hidden = false;
    this.paint();
  }

  close() { for (const off of this.off) off(); clearTimeout(this.timer); clearTimeout(this.patience); }
}

export default {
  render({ model, el }) {
    const editor = new Editor(model, el);
    return () => editor.close();
  },
};
