// The foot of the editor: what changed, saving, putting the cell into the notebook, and a line on what was done last.

import { copy, insertCells, selectText } from './cells.js';
import { CTRL, composing, h, setText } from './dom.js';
import { cellOf } from './draft.js';

export class Foot {
  constructor(editor) {
    this.editor = editor;
    this.summary = h('div', { class: 'summary' });
    this.broken = h('div', { class: 'bad broken', role: 'status', 'aria-live': 'polite' });
    const pressed = (e) => { if (e.key === 'Enter' && !composing(e)) this.save(); };
    const why = { 'aria-label': 'why this version', placeholder: 'why this version' };
    this.message = h('input', { ...why, class: 'message', autocomplete: 'off', onkeydown: pressed });
    this.saver = h('button', { type: 'button', class: 'primary', onclick: () => this.save() }, 'Save as version');
    this.notice = h('div', { class: 'notice', role: 'status', 'aria-live': 'polite' });
    const insert = h('button', { type: 'button', onclick: () => this.insert() }, 'Insert cell');
    this.node = h('div', { class: 'foot' }, this.summary, this.broken, h('div', { class: 'bar' }, this.message, this.saver, insert, this.notice));
  }

  // Say what was done, or why it was not
  say(text, level = 'ok') {
    setText(this.notice, text);
    this.notice.classList.toggle('bad', level === 'error');
  }

  // Show what Python says
  showNotice() {
    const notice = this.editor.model.get('notice') ?? {};
    this.say(notice.text ?? '', notice.level);
    if (notice.level === 'ok' && notice.text?.startsWith('saved')) this.message.value = '';
  }

  summarize(changes) {
    setText(this.summary, changes?.count ? `since ${changes.base}: ${changes.summary}` : '');
    this.summary.classList.toggle('bad', !!changes?.breaking);
  }

  // Say which cases an edit breaks; it can be saved all the same
  warn(text) { setText(this.broken, text ?? ''); }

  async save() {
    if (await this.editor.problems.allow('saved')) this.editor.kernel.ask({ do: 'save', message: this.message.value });
  }

  // A cell below the one this editor stands in; where the front end has none, the clipboard
  async insert() {
    const { kernel, model, previews, problems, root } = this.editor;
    if (!kernel.gone && !await problems.allow('written')) return;
    const cells = kernel.isFresh && !kernel.gone ? kernel.valid.cells : [cellOf(this.editor.draft)];
    if (insertCells(cells, model, root)) return this.say(`inserted below${cells.length > 1 ? `: ${cells.length} cells` : ''}`);
    if (await copy(cells.join('\n\n'))) return this.say('copied; paste it into a new cell');
    previews.turn('cell');
    selectText(previews.pages.cell);
    this.say(`press ${CTRL}C, and paste it into a new cell`);
  }
}
