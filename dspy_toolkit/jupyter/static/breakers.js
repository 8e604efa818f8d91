// A band for each breaker: its state now and over time, its window, its rates against their thresholds, its next probe, and its controls.

import { button, div, h, section, setAttribute, setText, span, watchSize } from './dom.js';
import { clock, duration, percent } from './numbers.js';

const SIGNS = { closed: '✓', open: '✕', half_open: '◐', disabled: '–', forced_open: '✕', metrics_only: '○' };
const KINDS = { closed: 'good', open: 'bad', forced_open: 'bad', half_open: 'warn' };
const COLOURS = { closed: 'green', open: 'red', forced_open: 'red', half_open: 'orange' };
const spell = (state) => state.replaceAll('_', ' ');

export class Breakers {
  constructor(board) {
    this.board = board;
    this.bands = new Map();
    this.states = new Map();
    this.list = h('div', { class: 'bands', role: 'list', 'aria-label': 'breakers' });
    this.node = section('Breakers', div('heading', 'Breakers'), this.list);
    this.node.hidden = true;
  }

  // Show the breakers as they are now; a change of state is said aloud
  show(breakers) {
    this.node.hidden = !breakers.length;
    for (const breaker of breakers) {
      if (!this.bands.has(breaker.name)) this.add(breaker.name);
      this.bands.get(breaker.name).show(breaker);
      const before = this.states.get(breaker.name);
      if (before && before !== breaker.state) this.board.announce(`breaker ${breaker.name} is ${spell(breaker.state)}`);
      this.states.set(breaker.name, breaker.state);
    }
    for (const name of [...this.bands.keys()].filter((known) => !breakers.some((b) => b.name === known))) {
      this.bands.get(name).node.remove();
      this.bands.delete(name);
    }
  }

  add(name) {
    const band = new Band(this.board, name);
    this.bands.set(name, band);
    this.list.append(band.node);
  }

  draw(frame) { for (const band of this.bands.values()) band.draw(frame); }
}

class Band {
  constructor(board, name) {
    Object.assign(this, { board, name });
    const control = (text, action) => button(text, () => board.act({ what: 'breaker', name, action }), { 'aria-label': `${text} ${name}` });
    this.pill = span('pill');
    this.strip = h('canvas', { class: 'strip', role: 'img' });
    this.window = meter('window');
    this.failing = meter('failing');
    this.slow = meter('slow');
    this.next = span('quiet next');
    this.buttons = span('buttons', control('Force open', 'force_open'), control('Close', 'close'), control('Reset', 'reset'));
    const head = div('bandhead', span('name', name), this.pill, this.next, this.buttons);
    this.sizes = watchSize(this.strip, (width, height, ratio) => { this.size = { width, height, ratio }; board.plan(); });
    const meters = div('meters', this.window.node, this.failing.node, this.slow.node);
    this.node = h('div', { class: 'band', role: 'listitem' }, head, this.strip, meters);
  }

  show(breaker) {
    this.breaker = breaker;
    const { state, buffered, sliding_window_size: size, minimum_number_of_calls: minimum } = breaker;
    setText(this.pill, `${SIGNS[state] ?? ''} ${spell(state)}`);
    this.pill.className = `pill ${KINDS[state] ?? 'plain'}`;
    this.window.show(buffered / size, null, `${buffered} of ${size} calls`, buffered < minimum ? `rates count from ${minimum}` : '');
    const rate = (bar, share, threshold) => bar.show(share, threshold, percent(share), `opens at ${percent(threshold)}`);
    rate(this.failing, breaker.failure_rate, breaker.failure_rate_threshold);
    rate(this.slow, breaker.slow_call_rate, breaker.slow_call_rate_threshold);
  }

  // The words that change with time, and the states over the time that the charts show
  draw(frame) {
    const { state, probe_at: probe, not_permitted: refused } = this.breaker, left = probe == null ? null : probe - this.board.now;
    const waits = left == null ? '' : left > 0 ? `next probe in ${duration(Math.ceil(left))}` : 'the next call is a probe';
    setText(this.next, [waits, refused ? `${refused} refused` : ''].filter(Boolean).join(' · '));
    const spans = this.spans(frame);
    const said = spans.slice(-4).map((s) => `${spell(s.state)} since ${clock(s.from)}`).join(', ');
    setAttribute(this.strip, 'aria-label', `states of ${this.name}: ${said || spell(state)}`);
    this.paint(spans, frame);
  }

  // Stretches of time in one state; before the first change that is known it was in the state that the change left
  spans({ from, to, events }) {
    const moves = events.filter((e) => e.kind === 'BreakerTransition' && e.name === this.name), found = [];
    let at = from, state = moves.length ? moves[0].previous : this.breaker.state;
    for (const move of moves) {
      if (move.at > at) found.push({ from: at, to: Math.min(move.at, to), state });
      at = Math.max(move.at, from);
      state = move.state;
    }
    if (at < to) found.push({ from: at, to, state });
    return found.filter((s) => s.from < to);
  }

  paint(spans, { from, to }) {
    if (!this.size) return;
    const { width, height, ratio } = this.size, { ink, cursor } = this.board;
    const context = this.strip.getContext('2d'), x = (at) => (at - from) / (to - from) * width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = ink.font;
    context.textBaseline = 'middle';
    for (const span of spans) {
      const left = x(span.from), right = x(span.to), colour = COLOURS[span.state] ?? 'quiet';
      const style = { closed: 'light', half_open: 'crossed', metrics_only: 'light', disabled: 'light' }[span.state] ?? 'hatched';
      context.fillStyle = ink.fill(context, colour, style);
      context.fillRect(left, 0, Math.max(right - left, 1.5), height);
      context.fillStyle = ink[colour];
      context.fillRect(left, height - 2, Math.max(right - left, 1.5), 2);
    }
    if (cursor == null) return;
    context.fillStyle = ink.ink;
    context.fillRect(x(cursor), 0, 1, height);
  }
}

// A bar with a threshold, and its value in words
function meter(name) {
  const bar = span('fill'), mark = span('threshold'), value = span('value'), note = span('quiet');
  const track = h('span', { class: 'track', 'aria-hidden': 'true' }, bar, mark);
  const node = div('meter', span('quiet what', name), track, value, note);
  const show = (share, threshold, text, remark) => {
    bar.style.width = `${Math.min(share ?? 0, 1) * 100}%`;
    bar.classList.toggle('over', threshold != null && (share ?? 0) >= threshold);
    mark.hidden = threshold == null;
    if (threshold != null) mark.style.left = `${threshold * 100}%`;
    setText(value, text);
    setText(note, remark);
  };
  return { node, show };
}
