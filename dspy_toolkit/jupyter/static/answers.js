// The buttons below the answers of a notebook. Cards of answers are html that the notebook keeps; the buttons are added here, in the page,
// for as long as its kernel lives, so that a saved notebook, a terminal and a page without this module show none. There is one model for all
// answers of a kernel and no view: nothing is displayed for it. What a person or a model wrote is set as text or as a value, never as html.

import { Boxes } from './boxes.js';
import { button, composing, div, h, setAttribute, setText, span } from './dom.js';

const PATIENCE = 600; // ms before a row says that it waits for the kernel
const CARD = '.dspy-answer';

class Desk {
  constructor(model) {
    this.model = model;
    this.waiting = new Map(); // number of a question -> what to do with its answer
    this.asked = 0;
    this.id = Math.random().toString(36).slice(2, 8);
    this.selector = `${CARD}[data-answer^="${model.get('key')}-"]`;
    this.listeners = { 'msg:custom': (message) => this.hear(message), comm_live_update: () => this.close(), 'comm:close': () => this.close() };
    for (const [name, call] of Object.entries(this.listeners)) model.on(name, call);
    // called before the page is painted, so a card never shows without its buttons
    this.observer = new MutationObserver((changes) => this.look(changes));
    this.observer.observe(document.body, { childList: true, subtree: true });
    this.furnish(document.body);
  }

  look(changes) {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1) this.furnish(node);
  }

  // Give the cards in a part of the page their buttons
  furnish(part) {
    const cards = part.matches(this.selector) ? [part] : part.querySelectorAll(this.selector);
    for (const card of cards) if (!card.querySelector(':scope > .dspy-marks')) {
      card.append(new Row(this, card.dataset.answer).node);
    }
  }

  // Ask Python; resolves to its answer, and calls `late` after a while
  ask(message, late) {
    const n = `${this.id}-${++this.asked}`;
    return new Promise((resolve) => {
      const timer = setTimeout(late, PATIENCE);
      this.waiting.set(n, (answer) => { clearTimeout(timer); resolve(answer); });
      this.model.send({ ...message, n });
    });
  }

  hear(message) {
    this.waiting.get(message.n)?.(message);
    this.waiting.delete(message.n);
  }

  close() {
    this.observer.disconnect();
    for (const [name, call] of Object.entries(this.listeners)) this.model.off(name, call);
    for (const row of document.querySelectorAll(`${this.selector} > .dspy-marks`)) row.remove();
  }
}

class Row {
  constructor(desk, answer) {
    Object.assign(this, { desk, answer, texts: {}, undoing: null });
    this.right = button('✓ Right', () => this.act({ do: 'right' }), { 'aria-pressed': 'false' });
    this.corrector = button('✎ Correct…', () => this.turn('correct'), { 'aria-expanded': 'false' });
    this.keeper = button('Keep as case…', () => this.turn('keep'), { 'aria-expanded': 'false' });
    this.text = span('text');
    this.line = span('line');
    this.said = h('span', { class: 'said', role: 'status', 'aria-live': 'polite' }, this.text, this.line);
    this.undoer = button('Undo', () => this.undo(), { hidden: true });
    this.boxes = new Boxes({ uid: (name) => `dspy-marks-${desk.id}-${answer}-${name}`, type: (name, text) => { this.texts[name] = text; } });
    this.form = h('form', { hidden: true, novalidate: true, autocomplete: 'off', onsubmit: (e) => { e.preventDefault(); this.submit(); } });
    const bar = div('bar', this.right, this.corrector, this.keeper, this.said, this.undoer);
    const marks = { role: 'group', 'aria-label': 'what you say of this answer', 'data-lm-suppress-shortcuts': 'true' };
    this.node = h('div', { class: 'dspy-marks', ...marks, onkeydown: (e) => this.pressed(e) }, this.form, bar);
  }

  pressed(e) {
    if (composing(e)) return;
    // Enter in a line, Ctrl+Enter anywhere in the form; JupyterLab would take both for its own
    const isLine = e.target.matches('input:not([type=checkbox])');
    const isSubmit = e.key === 'Enter' && this.form.contains(e.target) && (isLine || e.ctrlKey || e.metaKey);
    if (e.key === 'Escape' && this.open) this.shut(true);
    else if (isSubmit) this.form.requestSubmit();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  say(text, line = '', isBad = false) {
    setText(this.text, text);
    setText(this.line, line);
    this.said.classList.toggle('bad', isBad);
  }

  async ask(message) {
    if (this.isBusy) return null;
    this.isBusy = true;
    const answer = await this.desk.ask({ ...message, answer: this.answer }, () => this.say('waiting for the kernel, which runs a cell'));
    this.isBusy = false;
    return answer;
  }

  // Have something done, and say what was done, with the verb that does the same
  async act(message) {
    const answer = await this.ask(message);
    if (!answer) return false;
    this.say(answer.text, answer.line, !answer.ok);
    if (!answer.ok) return answer;
    this.undoing = answer.undo ?? null;
    const hadFocus = this.node.getRootNode().activeElement === this.undoer;
    this.undoer.hidden = this.undoing == null;
    if (hadFocus && this.undoer.hidden) this.right.focus({ preventScroll: true });
    if ('verdict' in answer) setAttribute(this.right, 'aria-pressed', String(answer.verdict === 'right'));
    return answer;
  }

  undo() { this.act({ do: 'undo', undo: this.undoing }); }

  // --- the form

  async turn(what) {
    if (this.open === what) return this.shut(true);
    this.shut(false);
    const answer = await this.ask({ do: `open ${what}` });
    if (!answer) return;
    if (!answer.ok) return this.say(answer.text, '', true);
    if (this.said.classList.contains('bad')) this.say('');
    this.open = what;
    this.opener = what === 'correct' ? this.corrector : this.keeper;
    setAttribute(this.opener, 'aria-expanded', 'true');
    this.form.replaceChildren(...(what === 'correct' ? this.buildCorrection(answer) : this.buildCase(answer)));
    this.form.hidden = false;
    this.form.querySelector('input, textarea, select')?.focus({ preventScroll: true });
    this.form.querySelector('input[type=text].name')?.select();
  }

  ends(text) { return div('ends', h('button', { type: 'submit', class: 'primary' }, text), button('Cancel', () => this.shut(true))); }

  buildCorrection({ boxes, texts }) {
    this.asked = boxes;
    this.texts = { ...texts };
    this.boxes.show(boxes, this.texts, {});
    return [this.boxes.node, this.ends('Save correction')];
  }

  buildCase({ name, fields, expected }) {
    const id = `dspy-marks-${this.desk.id}-${this.answer}-case`;
    this.name = h('input', { type: 'text', class: 'name code', id, spellcheck: 'false' });
    this.name.value = name;
    const choice = (field) => h('label', {}, h('input', { type: 'checkbox', value: field, checked: expected.includes(field) }), span('code', field));
    this.choices = h('fieldset', {}, h('legend', {}, 'has to come out as it is'), ...fields.map(choice));
    return [div('box', h('label', { for: id }, 'name of the case'), this.name), this.choices, this.ends('Keep')];
  }

  async submit() {
    if (!this.open) return;
    const isCase = this.open === 'keep', chosen = () => [...this.choices.querySelectorAll(':checked')].map((each) => each.value);
    const asked = isCase ? { do: 'keep', name: this.name.value, expect: chosen() } : { do: 'correct', texts: this.texts };
    const answer = await this.act(asked);
    if (answer?.ok) return this.shut(true);
    if (!isCase && answer?.wrong) this.boxes.show(this.asked, this.texts, answer.wrong);
    this.form.querySelector('[aria-invalid=true]')?.focus({ preventScroll: true });
  }

  shut(takesFocus) {
    this.form.hidden = true;
    this.open = null;
    if (!this.opener) return;
    setAttribute(this.opener, 'aria-expanded', 'false');
    if (takesFocus) this.opener.focus({ preventScroll: true });
    this.opener = null;
  }
}

export default {
  initialize({ model }) {
    const desk = new Desk(model);
    return () => desk.close();
  },
};
