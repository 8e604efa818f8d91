// The table of a live view: sorted by a click on a column, filtered by words, shortened to what a page can hold. Rows come in pieces and
// never change.

import { button, div, h, setAttribute, setText, span } from './dom.js';
import { count, number } from './numbers.js';

const MARKS = { failed: '!', wrong: '✗', right: '✓', best: '★' }; // in the order in which they are shown
const RANK = Object.keys(MARKS);
const FIRST = 100, MORE = 400; // rows in the page at first, and more with each press

const rank = (mark) => RANK.includes(mark) ? RANK.indexOf(mark) : RANK.length;

// Nothing comes last, whichever the direction
function compare(a, b, isDown) {
  if (a == null || b == null) return (a == null) - (b == null);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
  return isDown ? -order : order;
}

export class Rows {
  constructor(announce) {
    Object.assign(this, { announce, rows: [], columns: [], nodes: [], filter: '', onlyBad: false, most: FIRST, sorted: null });
    this.search = h('input', { type: 'search', placeholder: 'filter', 'aria-label': 'filter rows', oninput: () => this.setFilter() });
    this.toggle = button('Only disagreements', () => this.turnOnlyBad(), { 'aria-pressed': 'false' });
    this.shown = span('quiet');
    this.head = h('tr', {});
    this.body = h('tbody', {});
    const table = h('table', {}, h('thead', {}, this.head), this.body);
    this.more = button('Show more', () => { this.most += MORE; this.draw(); }, { hidden: true });
    const scroll = h('div', { class: 'rowscroll', tabindex: '0', role: 'group', 'aria-label': 'rows' }, table);
    this.node = h('div', { class: 'part', hidden: true }, div('rowtools', this.search, this.toggle, this.shown), scroll, this.more);
  }

  // Take the rows from number `at` on; false where some before them are missing
  take({ columns, rows, by }, at) {
    if (at > this.rows.length) return false;
    this.setColumns(columns, by);
    this.rows.push(...rows.slice(this.rows.length - at));
    return true;
  }

  setColumns(columns, by) {
    const key = JSON.stringify(columns);
    if (key === this.key) return;
    const isFirst = this.key === undefined;
    Object.assign(this, { key, columns, nodes: [], mark: columns.findIndex((c) => c.kind === 'mark') });
    if (isFirst && by) this.sorted = { column: columns.findIndex((c) => c.name === by), isDown: true };
    this.toggle.hidden = this.mark < 0 || Boolean(by);
    this.heads = columns.map(({ name, kind }, n) => {
      const names = name ? {} : { 'aria-label': 'outcome' };
      return h('th', { scope: 'col', class: kind }, button(name || '✓✗', () => this.sortBy(n), names));
    });
    this.head.replaceChildren(...this.heads);
  }

  // --- what a person asks for

  // Up, down, and back to the order in which the table came
  sortBy(column) {
    const { sorted } = this, first = this.columns[column].kind === 'number' && column > 0;
    if (sorted?.column !== column) this.sorted = { column, isDown: first };
    else this.sorted = sorted.isDown === first ? { column, isDown: !first } : null;
    this.draw();
    this.announce(this.sorted ? `sorted by ${this.columns[column].name || 'outcome'}, ${this.sorted.isDown ? 'descending' : 'ascending'}` : 'not sorted');
  }

  setFilter() {
    this.filter = this.search.value.trim().toLowerCase();
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.announce(this.shown.textContent), 600);
  }

  turnOnlyBad() {
    this.onlyBad = !this.onlyBad;
    this.toggle.setAttribute('aria-pressed', String(this.onlyBad));
    this.draw();
    this.announce(this.shown.textContent);
  }

  // --- drawing

  // The numbers of the rows that are wanted, in their order
  wanted() {
    const { rows, mark, sorted } = this, words = this.filter.split(/\s+/).filter(Boolean);
    const isWanted = (row) => {
      if (this.onlyBad && !['wrong', 'failed'].includes(row[mark])) return false;
      const text = words.length ? row.join('\n').toLowerCase() : '';
      return words.every((word) => text.includes(word));
    };
    const found = [...rows.keys()].filter((n) => isWanted(rows[n]));
    if (!sorted) return mark < 0 ? found : found.sort((a, b) => rank(rows[a][mark]) - rank(rows[b][mark]) || a - b);
    const { column, isDown } = sorted, value = column === mark ? (n) => rank(rows[n][column]) : (n) => rows[n][column];
    return found.sort((a, b) => compare(value(a), value(b), isDown) || a - b);
  }

  draw() {
    this.node.hidden = !this.rows.length;
    if (this.node.hidden) return;
    const wanted = this.wanted(), shown = wanted.slice(0, this.most), key = shown.join();
    const direction = (n) => this.sorted?.column !== n ? null : this.sorted.isDown ? 'descending' : 'ascending';
    this.heads.forEach((head, n) => setAttribute(head, 'aria-sort', direction(n)));
    setText(this.shown, wanted.length === this.rows.length ? `${count(this.rows.length)} rows` : `${count(wanted.length)} of ${count(this.rows.length)} rows`);
    this.more.hidden = shown.length === wanted.length;
    if (key === this.drawn) return;
    this.drawn = key;
    const active = this.node.getRootNode().activeElement, held = this.body.contains(active) ? active : null;
    this.body.replaceChildren(...shown.map((n) => this.nodes[n] ??= this.makeRow(n)));
    if (held?.isConnected) held.focus({ preventScroll: true });
  }

  makeRow(n) {
    const row = h('tr', {});
    row.append(...this.rows[n].map((value, i) => this.makeCell(row, value, this.columns[i].kind, i)));
    return row;
  }

  makeCell(row, value, kind, i) {
    if (kind === 'mark') return h('td', { class: `mark ${value}` }, value ? h('span', { role: 'img', 'aria-label': value }, MARKS[value] ?? value) : '');
    if (kind === 'number' && i === 0) return h('td', { class: kind }, this.opener(row, value));
    if (kind === 'number') return h('td', { class: kind }, value == null ? '–' : Number.isInteger(value) && !this.hasFractions(i) ? count(value) : value.toFixed(3));
    return h('td', { class: kind }, h('div', { class: 'cut' }, value ?? '–'));
  }

  // Are there fractions in a column? Then all its numbers have as many digits
  hasFractions(i) { return this.columns[i].name === 'score' || this.rows.some((row) => typeof row[i] === 'number' && !Number.isInteger(row[i])); }

  opener(row, value) {
    const turn = () => opener.setAttribute('aria-expanded', String(row.classList.toggle('open')));
    const opener = button(String(value), turn, { class: 'link', 'aria-expanded': 'false', 'aria-label': `row ${value} in full` });
    return opener;
  }
}
