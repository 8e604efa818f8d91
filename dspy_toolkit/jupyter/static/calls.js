// The latest calls as a table. A line opens to show where the time went, the prompt and the answer, which Python sends when they are
// asked for.

import { button, div, h, section, setText, span } from './dom.js';
import { clock, count, duration } from './numbers.js';

const SHOWN = 12, KEPT = 200, PAUSE = 400; // lines shown, calls kept, ms between two changes
const SIGNS = { ok: '✓', error: '✕', unparsed: '?', cancelled: '–' };
const BUSY = 'the kernel is busy with a cell; the call is shown when it has ended';
const COLUMNS = ['time', 'asked by', 'model', 'outcome', 'took', 'first token', 'tokens'];

export class Calls {
  constructor(board) {
    this.board = board;
    this.all = [];
    this.rows = new Map(); // id -> the line and what it was made of
    this.opened = null; // id of the call whose details are shown
    this.onlyFailed = h('input', { type: 'checkbox', onchange: () => this.show() });
    const head = h('div', { role: 'row', class: 'names' }, ...COLUMNS.map((name) => h('div', { role: 'columnheader' }, name)));
    this.body = h('div', { role: 'rowgroup', class: 'body' });
    const names = h('div', { role: 'rowgroup', class: 'body' }, head);
    this.table = h('div', { role: 'table', class: 'calltable', 'aria-label': 'the latest calls' }, names, this.body);
    this.details = h('div', { class: 'details', role: 'region', 'aria-label': 'details of a call', hidden: true, tabindex: '-1' });
    const choice = h('label', { class: 'quiet choice' }, this.onlyFailed, 'only those that went wrong');
    this.nothing = div('quiet', 'no calls yet');
    this.node = section('Calls', div('heading', 'Latest calls', choice), this.nothing, div('scroll', this.table), this.details);
    this.show();
  }

  take(calls, isWhole) {
    const known = new Map((isWhole ? [] : this.all).map((call) => [call.id, call]));
    for (const call of calls) known.set(call.id, call);
    this.all = [...known.values()].slice(-KEPT);
    this.timer ??= setTimeout(() => { this.timer = null; this.show(); }, PAUSE); // lines that change more often cannot be read
  }

  show() {
    const wanted = this.onlyFailed.checked ? this.all.filter((call) => call.outcome !== 'ok') : this.all;
    const shown = wanted.slice(-SHOWN).reverse();
    this.table.hidden = !shown.length;
    this.nothing.hidden = shown.length > 0;
    setText(this.nothing, this.all.length ? 'no call went wrong' : 'no calls yet');
    const focused = [...this.rows].find(([, { row }]) => row.contains(document.activeElement))?.[0];
    if (focused && !shown.some((call) => call.id === focused)) return; // a line does not go away under the focus
    const rows = shown.map((call) => this.rowOf(call));
    for (const id of this.rows.keys()) if (!shown.some((call) => call.id === id)) this.rows.delete(id);
    rows.forEach((row, i) => { if (this.body.children[i] !== row) this.body.insertBefore(row, this.body.children[i] ?? null); });
    while (this.body.children.length > rows.length) this.body.lastChild.remove();
  }

  rowOf(call) {
    const key = JSON.stringify(call), known = this.rows.get(call.id);
    if (known?.key === key) return known.row;
    const open = button(clock(call.at), () => this.open(call.id), { class: 'link' });
    const what = `${SIGNS[call.outcome] ?? ''} ${call.error || call.outcome}`;
    const outcome = span(`outcome ${call.outcome}`, call.from_cache ? `${what}, from cache` : what);
    const model = call.leg ? `${call.model} → ${call.leg}` : call.model, asker = span('name', call.version || call.signature || '–');
    const cells = [open, asker, model, outcome, duration(call.seconds), duration(call.first_token), tokens(call)];
    const row = h('div', { role: 'row' }, ...cells.map((cell) => h('div', { role: 'cell' }, cell)));
    open.setAttribute('aria-expanded', String(call.id === this.opened));
    this.rows.set(call.id, { row, key, open });
    if (known) known.row.replaceWith(row);
    return row;
  }

  // --- one call

  async open(id) {
    if (this.opened === id) return this.close();
    this.mark(id);
    this.fill(div('quiet', 'asking the kernel …'));
    const { ok, text, call } = await this.board.ask({ do: 'call', id }, BUSY);
    if (this.opened !== id) return;
    this.fill(...ok ? parts(call) : [div('bad', text)]);
  }

  mark(id) {
    this.rows.get(this.opened)?.open.setAttribute('aria-expanded', 'false');
    this.rows.get(id)?.open.setAttribute('aria-expanded', 'true');
    this.opened = id;
  }

  fill(...nodes) {
    const close = button('Close call', () => this.close());
    this.details.replaceChildren(...nodes, close);
    this.details.hidden = false;
  }

  close() {
    const button = this.rows.get(this.opened)?.open;
    this.mark(null);
    this.details.hidden = true;
    button?.focus();
  }
}

function tokens({ input_tokens: read = 0, output_tokens: written = 0 }) {
  return read || written ? `${count(read)} → ${count(written)}` : '–';
}

// Everything about a call, as elements
function parts(call) {
  const facts = [
    ['took', duration(call.seconds)],
    ['first token', duration(call.first_token)],
    ['finish', call.finish_reason],
    ['error', call.error && `${call.error}: ${call.message}`],
    ['not parsed', call.parse_error],
    ['retries', call.retries],
    ['did not answer', call.attempts.join(', ')],
    ['refused by', call.refused.join(', ')],
    ['not enforced', call.relaxed.join(', ')],
    ['cut short', call.cut_short.join(', ')],
    ['from a prefix cache', call.cached_tokens && `${count(call.cached_tokens)} tokens`],
    ['forced by the grammar', call.forced_tokens && `${count(call.forced_tokens)} tokens`],
    ['cost', call.cost && `$${call.cost.toFixed(4)}`],
  ].filter(([, value]) => value && value !== '–');
  const title = div('title', [call.version || call.signature, call.model, clock(call.at)].filter(Boolean).join(' · '));
  const list = div('facts', ...facts.flatMap(([name, value]) => [span('quiet', name), h('span', {}, String(value))]));
  const texts = [...call.prompt, ...call.answer ? [['answer', call.answer]] : []];
  const messages = texts.map(([role, text]) => div('message', div('role', role || 'prompt'), div('pre', text)));
  return [title, list, ...call.generations.map(timeBar), ...messages];
}

const PARTS = [['queued', 'purple'], ['prepared', 'orange'], ['read', 'sky'], ['written', 'green']];
const WORDS = { queued: 'waited', prepared: 'grammar made', read: 'prompt read', written: 'answer written' };

// Where the time of a generation went: a bar, and the same in words
function timeBar(generation) {
  const named = PARTS.filter(([name]) => generation[name] > 0);
  const bar = h('div', { class: 'timebar', 'aria-hidden': 'true' }, ...named.map(([name, colour]) => {
    const part = h('span', {});
    part.style.cssText = `flex:${generation[name] / generation.seconds * 1000} 0 2px;background:var(--${colour})`;
    return part;
  }));
  return h('div', {}, bar, div('quiet', named.map(([name]) => `${WORDS[name]} ${duration(generation[name])}`).join(' · ')));
}
