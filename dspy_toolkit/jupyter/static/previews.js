// The tabs below the fields, and the page that is turned to.

import { composing, h, setText } from './dom.js';
import { PAGES } from './pages.js';

const TITLES = { cell: 'Cell', python: 'Python', prompt: 'Prompt', changes: 'Changes', try: 'Try it' };
const KEYS = Object.keys(TITLES);

export class Previews {
  constructor(editor) {
    this.editor = editor;
    this.tabs = {}; // key -> button
    this.pages = {}; // key -> node
    this.drawn = ''; // what the page shows, as JSON
    for (const key of KEYS) this.add(key);
    const bar = h('div', { role: 'tablist', class: 'tabs', 'aria-label': 'previews' }, ...Object.values(this.tabs));
    bar.addEventListener('keydown', (e) => this.pressed(e));
    this.select('cell');
    this.node = h('div', { class: 'panels' }, bar, ...Object.values(this.pages));
  }

  add(key) {
    const tab = this.editor.uid(`tab-${key}`), page = this.editor.uid(`page-${key}`), turn = () => this.turn(key);
    const tabindex = key === 'try' ? null : 0; // its boxes take the focus themselves
    this.pages[key] = h('div', { role: 'tabpanel', id: page, 'aria-labelledby': tab, class: 'page', hidden: true, tabindex });
    this.tabs[key] = h('button', { type: 'button', role: 'tab', id: tab, 'aria-controls': page, onclick: turn }, TITLES[key]);
  }

  select(key) {
    this.page = key;
    for (const k of KEYS) {
      this.tabs[k].setAttribute('aria-selected', String(k === key));
      this.tabs[k].tabIndex = k === key ? 0 : -1;
      this.pages[k].hidden = k !== key;
    }
  }

  turn(key) {
    this.select(key);
    this.show();
  }

  pressed(e) {
    const at = KEYS.indexOf(this.page), last = KEYS.length - 1;
    const to = { ArrowRight: at < last ? at + 1 : 0, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[e.key];
    if (composing(e) || to === undefined) return;
    e.preventDefault();
    this.turn(KEYS[to]);
    this.tabs[KEYS[to]].focus();
  }

  // Show the last valid answer, and that it is an old one while something is wrong
  show() {
    const { kernel, draft } = this.editor, answer = kernel.valid, page = this.pages[this.page];
    const isStale = !kernel.answer.valid && !!answer.cells, orphan = kernel.gone && draft;
    page.classList.toggle('stale', isStale && this.page !== 'try');
    const content = JSON.stringify([this.page, answer, isStale, orphan]);
    if (this.drawn !== content && this.page in PAGES) {
      const age = isStale ? 'as it was when it last was valid' : '';
      page.replaceChildren(...PAGES[this.page](answer, age, orphan).filter(Boolean));
    }
    this.drawn = content;
    const changes = isStale ? null : answer.changes;
    setText(this.tabs.changes, changes?.count ? `Changes ${changes.count}` : 'Changes');
    this.tabs.changes.classList.toggle('alarm', !!changes?.breaking);
    this.editor.foot.summarize(changes);
  }
}
