// The page of the dashboard: tiles, breakers, charts with one cursor and one stretch of time, events and calls. Python sends what is new;
// all that is drawn is drawn here. Text is set as text, never as html.

import { Breakers } from './breakers.js';
import { Calls } from './calls.js';
import { Chart } from './chart.js';
import { CHARTS, TILES } from './charts.js';
import { button, div, h, section, setAttribute, setText, span } from './dom.js';
import { Happenings } from './happenings.js';
import { Ink } from './ink.js';
import { Link } from './link.js';
import { clock, number } from './numbers.js';
import { Points } from './points.js';
import { Alerts, Recovery } from './troubles.js';

const RANGES = [[60, '1 min'], [600, '10 min'], [3600, '1 h'], [86400, '24 h']];
const STATE = ['breakers', 'engines', 'chaos', 'total', 'running', 'dropped', 'actions', 'alerts', 'children', 'recovery']; // what Python sends whole when it changes
const BAR = 3; // px, the least width of a bin

const BUSY = 'the kernel is busy with a cell; nothing is done, try again when it has ended';

// A gauge of an engine in words
const gauge = ([what, value]) => `${what.replaceAll('_', ' ')} ${typeof value === 'number' ? number(value) : value}`;

class Board {
  constructor(model, el) {
    this.model = model;
    this.points = new Points(model.get('fields'));
    this.state = {}; // what Python sends whole when it changes: breakers, engines, chaos, the figures of the last minute
    this.seconds = model.get('seconds');
    this.view = null; // [from, to] while zoomed
    this.cursor = this.choice = this.frozen = null; // moments
    this.showsTables = false;
    const marks = { 'data-me': model.get('me'), 'data-lm-suppress-shortcuts': 'true' };
    this.root = h('div', { class: 'dspy-page dspy-dashboard', role: 'group', 'aria-label': 'dashboard', ...marks });
    el.append(this.root);
    this.ink = new Ink(this.root);
    this.ink.changed = () => this.plan();
    this.breakers = new Breakers(this);
    this.alerts = new Alerts(this);
    this.recovery = new Recovery(this);
    this.happenings = new Happenings();
    this.calls = new Calls(this);
    this.charts = CHARTS.map((spec) => new Chart(this, spec));
    this.build();
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
    this.isSeen = true;
    this.link = new Link(model, (news) => this.take(news));
    this.link.left = () => this.tick();
    this.link.heard = () => { this.root.dataset.messages = this.link.messages; };
    this.watch();
    const first = model.get('first');
    if (first?.now) { this.link.now = first.now; this.take(first); }
    this.tick();
  }

  // --- what is on the page

  build() {
    this.status = span('status');
    this.pauser = button('Pause', () => this.pause(), { 'aria-pressed': 'false', title: 'Space' });
    this.tabler = button('Tables', () => this.turnTables(), { 'aria-pressed': 'false' });
    this.zoomer = button('Whole range', () => this.zoom(null), { hidden: true, title: '0, or a double click' });
    this.ranges = RANGES.map(([seconds, text]) => button(text, () => this.setRange(seconds)));
    const group = h('span', { class: 'ranges', role: 'group', 'aria-label': 'time shown' }, ...this.ranges);
    const head = div('head', span('title', 'Dashboard'), this.status, span('end', this.zoomer, group, this.tabler, this.pauser));
    this.note = h('div', { class: 'note', role: 'alert', hidden: true });
    this.chaos = h('div', { class: 'chaos', role: 'note', hidden: true });
    this.tiles = TILES.map(() => ({ value: h('dd', {}), note: h('dd', { class: 'quiet' }) }));
    const named = TILES.map(([name], i) => h('div', {}, h('dt', { class: 'quiet' }, name), this.tiles[i].value, this.tiles[i].note));
    const tiles = h('dl', { class: 'tiles', 'aria-label': 'the last minute' }, ...named);
    this.engines = section('Engines');
    this.engines.hidden = true;
    this.grid = div('charts', ...this.charts.map((chart) => chart.node));
    this.said = h('div', { class: 'aloud', role: 'status' });
    const troubles = [this.note, this.alerts.node, this.chaos], states = [this.breakers.node, this.engines, this.recovery.node];
    this.root.append(head, ...troubles, tiles, ...states, this.grid, this.happenings.node, this.calls.node, this.said);
    this.showRange();
  }

  announce(text) { setText(this.said, text); }

  // --- what comes

  take(news) {
    const isWhole = Boolean(news.whole);
    if (isWhole && news.seconds !== this.seconds) return; // of a range that was left
    if (news.points) this.points.take(news.points, isWhole, news.now - this.seconds - 600);
    if (news.loads) this.points.takeLoads(news.loads, isWhole);
    if (news.calls) this.calls.take(news.calls, isWhole);
    if (news.events) this.happenings.take(news.events, isWhole);
    for (const name of STATE) if (name in news) this.state[name] = news[name];
    if (news.breakers) this.breakers.show(news.breakers);
    if (news.chaos) this.showChaos();
    if (news.alerts) this.alerts.show(news.alerts);
    if (news.children || news.recovery) this.recovery.show(this.state);
    if (news.engines || news.actions) this.showEngines();
    if ('total' in news || 'running' in news) this.showTiles();
    this.plan();
  }

  showTiles() {
    const total = this.state.total;
    if (!total) return;
    TILES.forEach(([, figure, note], i) => {
      setText(this.tiles[i].value, figure(total));
      setText(this.tiles[i].note, note(total, this.state));
    });
  }

  showChaos() {
    const names = Object.entries(this.state.chaos);
    this.chaos.hidden = !names.length;
    const texts = names.map(([name, brief]) => h('span', {}, span('name', name), `: ${brief}, on purpose`));
    const off = button('Chaos off', () => this.act({ what: 'chaos', action: 'stop' }));
    this.chaos.replaceChildren(...texts, off);
  }

  // What engines say of themselves, and what can be done with them
  showEngines() {
    const gauges = Object.entries(this.state.engines ?? {}), actions = this.state.actions ?? {};
    const names = [...new Set([...gauges.map(([name]) => name), ...Object.keys(actions)])];
    this.engines.hidden = !names.length;
    const key = JSON.stringify(actions) + names.join('\n');
    if (key !== this.enginesKey) {
      this.enginesKey = key;
      this.figures = new Map(names.map((name) => [name, span('quiet')]));
      const act = (name, action) => () => this.act({ what: 'engine', name, action });
      const capital = (text) => text[0].toUpperCase() + text.slice(1);
      const control = (name, action) => button(capital(action), act(name, action), { 'aria-label': `${capital(action)} ${name}` });
      const rows = names.map((name) => div('engine', span('name', name), this.figures.get(name),
        span('buttons', ...(actions[name] ?? []).map((action) => control(name, action)))));
      this.engines.replaceChildren(div('heading', 'Engines'), ...rows);
    }
    for (const [name, values] of gauges) {
      setText(this.figures.get(name), Object.entries(values).map(gauge).join(' · '));
    }
  }

  // --- what a person asks for

  ask(message, late) { return this.link.ask(message, () => this.say(late, '')); }

  async act(wish) {
    this.say('asking the kernel …', '');
    const { ok, text } = await this.ask({ do: 'act', ...wish }, BUSY);
    this.say(text, ok ? 'good' : 'bad');
  }

  say(text, level) {
    clearTimeout(this.noteTimer);
    setText(this.note, text);
    this.note.className = `note ${level}`;
    this.note.hidden = false;
    if (level === 'good') this.noteTimer = setTimeout(() => { this.note.hidden = true; }, 6000);
  }

  pause() {
    this.frozen = this.frozen == null ? this.now : null;
    this.pauser.setAttribute('aria-pressed', String(this.frozen != null));
    this.tick();
  }

  turnTables() {
    this.showsTables = !this.showsTables;
    this.tabler.setAttribute('aria-pressed', String(this.showsTables));
    for (const chart of this.charts) chart.showTable(this.showsTables);
    this.plan();
  }

  setRange(seconds) {
    this.view = this.cursor = null;
    this.seconds = seconds;
    this.model.set('seconds', seconds);
    this.model.save_changes();
    this.link.send({ do: 'begin' });
    this.showRange();
    this.plan();
  }

  showRange() {
    RANGES.forEach(([seconds], i) => this.ranges[i].setAttribute('aria-pressed', String(seconds === this.seconds)));
    this.zoomer.hidden = this.view == null;
  }

  zoom(view) {
    this.view = view;
    this.showRange();
    this.plan();
  }

  // --- the cursor, and what is chosen with it

  point(at) { this.cursor = at; this.plan(); }
  choose(a, b) { this.choice = [Math.min(a, b), Math.max(a, b)]; this.plan(); }

  takeChoice(isDone) {
    const choice = this.choice, span = this.frame.to - this.frame.from;
    this.choice = null;
    if (isDone && choice && choice[1] - choice[0] > span / 50) this.zoom(choice);
    else this.plan();
  }

  pressedOnChart(e) {
    const { from, to, bins } = this.frame, length = bins[0]?.length ?? 1, at = this.cursor ?? this.lastWhole;
    const move = (by) => this.point(Math.min(Math.max(at + by * length, from), to - length / 2));
    const half = (to - from) / 4, middle = this.cursor ?? (from + to) / 2;
    const actions = {
      ArrowLeft: () => move(e.shiftKey ? -10 : -1),
      ArrowRight: () => move(e.shiftKey ? 10 : 1),
      Home: () => this.point(from + length / 2),
      End: () => this.point(to - length / 2),
      Escape: () => this.point(null),
      '+': () => this.zoom([Math.max(middle - half, from), Math.min(middle + half, to)]),
      0: () => this.zoom(null),
    };
    actions['='] = actions['+'];
    actions['-'] = actions[0];
    if (!actions[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    e.stopPropagation();
    actions[e.key]();
  }

  binAt(at) {
    const { bins } = this.frame ?? { bins: [] };
    return bins.length ? bins[Math.floor((at - bins[0].at) / bins[0].length)] : undefined;
  }

  // The middle of the last bin that is over
  get lastWhole() {
    const { bins } = this.frame ?? { bins: [] }, last = bins.at(-2) ?? bins.at(-1);
    return last ? last.at + last.length / 2 : 0;
  }

  // --- drawing

  get now() { return this.frozen ?? this.link?.now ?? Date.now() / 1000; }

  // Draw when the browser draws next, once; a page that nobody sees is not drawn, and one for whom nothing shall move once a second
  plan() {
    if (this.planned || !this.isSeen && this.frame) return;
    this.planned = true;
    const draw = () => requestAnimationFrame(() => { this.planned = false; this.draw(); });
    const wait = this.still.matches && this.cursor == null ? 1000 - (performance.now() - (this.drawnAt ?? -1000)) : 0;
    if (wait > 0) setTimeout(draw, wait);
    else draw();
  }

  draw() {
    this.drawnAt = performance.now();
    if (!this.frame) this.ink.read(); // only now it stands in the page
    const [from, to] = this.view ?? [this.now - this.seconds, this.now], width = this.charts[0].width || 400;
    const events = this.happenings.all, marks = events.filter((e) => e.level === 'bad' && e.at > from && e.at < to);
    this.frame = { from, to, events, marks, bins: this.binsOf(from, to, Math.max(width / BAR, 10)) };
    for (const chart of this.charts) chart.draw(this.frame);
    this.breakers.draw(this.frame);
    this.recovery.draw();
    this.drawn = (this.drawn ?? 0) + 1;
    this.root.dataset.drawn = this.drawn;
  }

  // The bins of a stretch of time; those of the last drawing where nothing changed since, as when only the cursor moves
  binsOf(from, to, most) {
    const key = [from, to, most, this.points.version].join();
    if (key !== this.binsKey) Object.assign(this, { binsKey: key, bins: this.points.bins(from, to, most) });
    return this.bins;
  }

  // Say whether what is shown is how things are
  tick() {
    const { link } = this, isStale = link.isSilent, since = link.now == null ? '' : ` since ${clock(link.now)}`;
    this.root.classList.toggle('stale', isStale);
    let text = 'live';
    if (link.gone) text = `the kernel has gone, no data${since}`;
    else if (isStale) text = `no data${since}`;
    else if (this.frozen != null) text = `paused at ${clock(this.frozen)}`;
    setText(this.status, text);
    this.status.className = `status ${isStale ? 'bad' : this.frozen != null ? 'warn' : 'good'}`;
    setText(this.pauser, this.frozen == null ? 'Pause' : 'Resume');
    for (const node of this.root.querySelectorAll('.buttons button, .chaos button')) setAttribute(node, 'aria-disabled', String(link.gone));
    this.plan();
  }

  watch() {
    this.sight = new IntersectionObserver((entries) => { this.isSeen = entries.at(-1).isIntersecting; this.plan(); });
    this.sight.observe(this.root);
    this.ticks = setInterval(() => this.tick(), 500);
    this.root.addEventListener('keydown', (e) => {
      const takesSpace = e.target.closest('button, input, .details');
      if (e.key !== ' ' || takesSpace || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      e.stopPropagation();
      this.pause();
    });
    this.link.on('change:seconds', () => {
      if (this.model.get('seconds') === this.seconds) return;
      this.seconds = this.model.get('seconds');
      this.showRange();
    });
  }

  close() {
    this.link.close();
    this.ink.close();
    this.sight.disconnect();
    for (const { sizes } of [...this.charts, ...this.breakers.bands.values()]) sizes.disconnect();
    clearInterval(this.ticks);
    clearTimeout(this.noteTimer);
  }
}

export default {
  render({ model, el }) {
    const board = new Board(model, el);
    return () => board.close();
  },
};
