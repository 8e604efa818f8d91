// The page of long work: how far it is, its numbers, its chart, its table. Python sends what is new; all that is drawn is drawn here.

import { Curves } from './curves.js';
import { button, div, h, setAttribute, setText, span } from './dom.js';
import { Link } from './link.js';
import { clock, count, duration } from './numbers.js';
import { Rows } from './rows.js';

const SIGNS = { running: '●', done: '✓', stopped: '■', failed: '✗' };
const LEVELS = { running: '', done: 'good', stopped: 'warn', failed: 'bad' };
const WAIT = 3000; // ms in which Python answers a page, where it can while a cell runs
const ALOUD = 15_000; // ms between two sentences for those who listen
const DRAW = 100; // ms between two drawings of the table, or more where one takes long
const KERNEL = "the kernel hears no button of a page while a cell runs here: use the kernel's stop button ■";

class Page {
  constructor(model, el) {
    this.state = {};
    const marks = { 'data-me': model.get('me'), 'data-lm-suppress-shortcuts': 'true' };
    this.root = h('div', { class: 'dspy-page dspy-live', role: 'group', ...marks });
    el.append(this.root);
    this.curves = new Curves();
    this.rows = new Rows((text) => this.announce(text));
    this.build();
    this.link = new Link(model, (news) => this.take(news));
    this.link.left = () => this.tick();
    this.take({ whole: true, at: 0, ...model.get('first') });
    this.ticks = setInterval(() => this.tick(), 500);
    this.openedAt = this.saidAt = performance.now();
  }

  build() {
    [this.title, this.kind, this.status, this.progress] = ['title', 'quiet', 'status', 'quiet value'].map((name) => span(name));
    this.stopper = button('Stop', () => this.stop(), { class: 'stop' });
    this.bar = h('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' }, div('fill'));
    this.note = h('div', { class: 'note', role: 'alert', hidden: true });
    this.tiles = h('dl', { class: 'tiles' });
    this.matrix = h('div', { class: 'part', hidden: true });
    this.diff = h('div', { class: 'part', hidden: true });
    this.log = h('div', { class: 'part', hidden: true });
    this.remarks = h('div', { class: 'part quiet', hidden: true });
    this.said = h('div', { class: 'aloud', role: 'status', 'aria-live': 'polite' });
    const head = div('head', this.title, this.kind, this.status, this.progress, span('end', this.stopper));
    this.root.append(head, this.bar, this.note, this.tiles, this.curves.node, this.diff, this.matrix, this.rows.node, this.log, this.remarks, this.said);
  }

  // --- what comes

  take(news) {
    if (news.page === this.link?.id) this.isHeard = true;
    const { table, at, state } = news, before = this.state.state;
    for (const [name, value] of Object.entries(news)) if (name !== 'table') this.state[name] = value;
    if (table && !this.rows.take(table, at)) return this.link.send({ do: 'begin' });
    this.draw(news);
    if (before === 'running' && state && state !== 'running') this.announce(`${this.state.kind} ${state}: ${this.summary}`);
    else if (before && performance.now() - this.saidAt > ALOUD) this.announce(this.summary);
  }

  get isRunning() { return this.state.state === 'running'; }
  get summary() { return [this.progressText, ...(this.state.numbers ?? []).slice(0, 2).map((pair) => pair.join(' '))].join(', '); }

  get progressText() {
    const { done, total, unit, seconds, left } = this.state;
    const far = total == null ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`;
    return [far, duration(seconds), left != null && this.isRunning ? `${duration(left, 2)} left` : ''].filter(Boolean).join(' · ');
  }

  announce(text) {
    this.saidAt = performance.now();
    setText(this.said, text);
  }

  // --- what a person asks for

  async stop() {
    if (this.stopper.getAttribute('aria-disabled') === 'true') return;
    this.stopper.setAttribute('aria-disabled', 'true');
    setText(this.stopper, 'Stopping …');
    const free = () => { this.stopper.removeAttribute('aria-disabled'); setText(this.stopper, 'Stop'); };
    const { ok, text } = await this.link.ask({ do: 'stop' }, () => { free(); this.say(KERNEL, ''); });
    if (!ok) free();
    this.say(text, ok ? '' : 'bad');
  }

  say(text, level) {
    setText(this.note, text);
    this.note.className = `note ${level}`;
    this.note.hidden = !text;
  }

  // --- drawing

  draw(news) {
    const { state, title, kind, done, total } = this.state;
    setText(this.title, title ?? '');
    setText(this.kind, kind ?? '');
    setAttribute(this.root, 'aria-label', `${kind} ${title}`);
    setAttribute(this.bar, 'aria-label', `${kind} ${title}`);
    const share = total ? Math.min(Math.max(done / total, 0), 1) : null;
    this.bar.hidden = !this.isRunning;
    setAttribute(this.bar, 'aria-valuenow', share == null ? null : String(Math.round(share * 100)));
    this.bar.firstChild.style.width = share == null ? '' : `${share * 100}%`;
    this.bar.classList.toggle('unknown', share == null);
    this.stopper.hidden = !this.isRunning;
    if (!this.isRunning && state) this.say('', '');
    if (news.numbers) this.drawNumbers(news.numbers);
    if ('chart' in news) this.curves.draw(news.chart);
    if ('diff' in news) this.drawDiff(news.diff);
    if ('matrix' in news) this.drawMatrix(news.matrix);
    if (news.log) this.drawLog(news.log);
    if (news.remarks) this.drawLines(this.remarks, news.remarks);
    if (news.table) this.planTable();
    this.tick();
  }

  drawNumbers(numbers) {
    const key = numbers.map(([label]) => label).join('\n');
    if (key !== this.labels) {
      this.labels = key;
      this.values = numbers.map(() => h('dd', {}));
      this.tiles.replaceChildren(...numbers.map(([label], n) => h('div', {}, h('dt', { class: 'quiet' }, label), this.values[n])));
    }
    numbers.forEach(([, text], n) => setText(this.values[n], text));
  }

  drawDiff(parts) {
    this.diff.hidden = !parts;
    const names = { same: 'span', removed: 'del', added: 'ins' };
    if (parts) this.diff.replaceChildren(div('heading', 'Best prompt, and what is new in it'), div('words', ...parts.map(([kind, text]) => h(names[kind], {}, text))));
  }

  drawMatrix(matrix) {
    this.matrix.hidden = !matrix;
    if (!matrix) return;
    const { field, labels, counts } = matrix, most = Math.max(1, ...counts.flat());
    const head = h('tr', {}, h('td', { class: 'quiet' }, 'expected ↓ got →'), ...labels.map((label) => h('th', { scope: 'col' }, label)));
    const cell = (n, isRight) => h('td', { class: n ? (isRight ? 'right' : 'wrong') : 'none', style: `--share: ${8 + Math.round(32 * n / most)}%` }, String(n));
    const rows = counts.map((row, i) => h('tr', {}, h('th', { scope: 'row' }, labels[i]), ...row.map((n, j) => cell(n, i === j))));
    const table = h('table', { class: 'matrix', 'aria-label': `${field}: expected and got` }, head, ...rows);
    const scroll = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': `${field}: expected and got` }, table);
    this.matrix.replaceChildren(div('heading', `${field}: expected and got`), scroll);
  }

  drawLog(lines) {
    this.log.hidden = !lines.length;
    this.logTitle ??= h('summary', {});
    this.logLines ??= div('pre');
    if (!this.log.firstChild) this.log.append(h('details', {}, this.logTitle, this.logLines));
    setText(this.logTitle, `log: ${count(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}`);
    setText(this.logLines, lines.join('\n'));
  }

  drawLines(node, lines) {
    node.hidden = !lines.length;
    node.replaceChildren(...lines.map((line) => div('', line)));
  }

  // The table costs most: it is drawn ten times a second at most
  planTable() {
    if (this.planned) return;
    this.planned = true;
    setTimeout(() => this.drawTable(), Math.max((this.tableDue ?? 0) - performance.now(), 0));
  }

  drawTable() {
    const began = performance.now();
    this.planned = false;
    this.rows.draw();
    this.tableDue = began + Math.max(DRAW, 5 * (performance.now() - began));
  }

  // Say whether what is shown is how things are
  tick() {
    const { state } = this.state, isStale = this.isRunning && Boolean(this.link?.isSilent);
    const since = this.link?.now == null ? '' : ` since ${clock(this.link.now)}`;
    this.root.classList.toggle('stale', isStale);
    setText(this.status, isStale ? `${this.link.gone ? 'the kernel has gone, ' : ''}no news${since}` : `${SIGNS[state] ?? ''} ${state ?? ''}`);
    this.status.className = `status ${isStale ? 'bad' : LEVELS[state] ?? ''}`;
    setText(this.progress, this.progressText);
    this.stopper.hidden = !this.isRunning || Boolean(this.link?.gone);
    const isDeaf = this.isRunning && !this.isHeard && !isStale && this.link?.messages > 0 && performance.now() - this.openedAt > WAIT;
    if (isDeaf && !this.isDeaf) { this.stopper.title = KERNEL; this.stopper.setAttribute('aria-description', KERNEL); }
    this.isDeaf = isDeaf;
    if (!this.isRunning && state) clearInterval(this.link?.signs);
  }

  close() {
    this.link.close();
    clearInterval(this.ticks);
  }
}

export default {
  render({ model, el }) {
    const page = new Page(model, el);
    return () => page.close();
  },
};
