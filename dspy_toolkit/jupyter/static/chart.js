// One chart on a canvas. A canvas, since nine charts are drawn anew ten times a second: of SVG the browser would lay out thousands of
// elements.
// What must be read by others than eyes stands beside it as text: the legend with its values, what the slider says, and a table.

import { div, h, setAttribute, setText, span, watchSize } from './dom.js';
import { DASHES } from './ink.js';
import { clock, niceStep, niceTop } from './numbers.js';

const LEFT = 50, RIGHT = 6, TOP = 8, BOTTOM = 18; // px around the plot
const SVG = 'http://www.w3.org/2000/svg';

export class Chart {
  // spec: title; series, or a function `find` that gives them from the bins; are they stacked; how a value is written; what to say
  // without any
  constructor(board, spec) {
    Object.assign(this, { board, spec });
    this.canvas = h('canvas', { 'aria-hidden': 'true' });
    const names = { role: 'slider', tabindex: '0', 'aria-label': `${spec.title}, moment`, 'aria-orientation': 'horizontal' };
    this.plot = h('div', { class: 'plot', ...names }, this.canvas);
    this.legend = span('legend');
    this.table = h('div', { class: 'table', role: 'table', 'aria-label': spec.title, tabindex: '0', hidden: true });
    const caption = div('caption', span('title', spec.title), this.legend);
    this.node = div('chart', caption, this.plot, this.table);
    this.width = this.height = 0;
    this.setSeries(spec.series ?? []);
    this.sizes = watchSize(this.canvas, (width, height, ratio) => { Object.assign(this, { width, height, ratio }); board.plan(); });
    this.listen();
  }

  // Draw other series from now on, such as the types of errors that there are
  setSeries(series) {
    const key = series.map((s) => s.label).join('\n');
    if (key === this.key) return;
    Object.assign(this, { series, key });
    this.values = series.map(() => span('value'));
    const items = series.map((s, i) => span('item', swatch(s, this.spec.stacked), h('span', {}, s.label), this.values[i]));
    this.legend.replaceChildren(...items);
  }

  // --- moments and places

  get right() { return this.width - RIGHT; }
  x(at) { const { from, to } = this.frame; return LEFT + (at - from) / (to - from) * (this.right - LEFT); }
  at(x) { const { from, to } = this.frame; return from + (x - LEFT) / (this.right - LEFT) * (to - from); }
  y(value) { return this.height - BOTTOM - value / this.top * (this.height - BOTTOM - TOP); }

  // --- drawing

  draw(frame) {
    this.frame = frame;
    if (this.spec.find) this.setSeries(this.spec.find(frame.bins));
    this.readOut();
    if (this.board.showsTables) return this.writeTable();
    if (this.width < 80) return;
    const context = this.canvas.getContext('2d');
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.top = niceTop(this.largest());
    this.drawAxes(context);
    context.save();
    context.beginPath();
    context.rect(LEFT, 0, this.right - LEFT, this.height - BOTTOM + 1);
    context.clip();
    if (this.spec.stacked) this.drawStack(context);
    else for (const series of this.series) this.drawSeries(context, series);
    this.drawMarks(context);
    context.restore();
    if (!this.hasData()) this.drawNothing(context);
  }

  hasData() { return this.frame.bins.some((bin) => this.series.some((s) => s.value(bin) > 0)); }

  largest() {
    let most = this.spec.least ?? 0;
    for (const bin of this.frame.bins) {
      if (this.spec.stacked) most = Math.max(most, this.sum(bin), this.peak(bin));
      else for (const s of this.series) if (!s.dots) most = Math.max(most, s.value(bin) ?? 0);
    }
    return most;
  }

  // Of a stack: all series of a bin or of a row together
  sum(of) { return this.series.reduce((sum, s) => sum + (s.value(of) ?? 0), 0); }

  // The greatest rate of a row inside a bin; 0 where the bin has one row only
  peak(bin) {
    if (!this.spec.peaks || bin.rows.length < 2) return 0;
    bin.peaks ??= new Map();
    if (!bin.peaks.has(this)) bin.peaks.set(this, Math.max(...bin.rows.map((row) => this.sum(row))));
    return bin.peaks.get(this);
  }

  drawAxes(context) {
    const { ink } = this.board, { from, to } = this.frame;
    context.font = ink.font;
    context.fillStyle = ink.quiet;
    context.strokeStyle = ink.line;
    context.lineWidth = 1;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const part of [0, 0.5, 1]) {
      const y = Math.round(this.y(part * this.top)) + 0.5;
      line(context, LEFT, y, this.right, y);
      context.fillText(this.spec.write(part * this.top), LEFT - 5, y);
    }
    const step = niceStep((to - from) / Math.max(this.width / 90, 1)), isShort = to - from <= 300;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const x = Math.round(this.x(at)) + 0.5;
      if (x < LEFT + 12 || x > this.right - 16) continue;
      line(context, x, this.height - BOTTOM, x, this.height - BOTTOM + 3);
      context.fillText(clock(at, isShort), x, this.height - 4);
    }
  }

  drawStack(context) {
    for (const bin of this.frame.bins) {
      const left = this.x(bin.at), right = this.x(bin.at + bin.length), gap = right - left > 4 ? 1 : 0;
      let base = 0;
      for (const series of this.series) {
        const value = series.value(bin);
        if (!value) continue;
        const bottom = this.y(base), top = this.y(base + value);
        context.fillStyle = this.board.ink.fill(context, series.colour, series.style);
        context.fillRect(left, top, right - left - gap, Math.max(bottom - top, 1));
        base += value;
      }
      const peak = this.peak(bin);
      if (peak <= base * 1.02) continue;
      context.fillStyle = this.board.ink.quiet;
      context.fillRect(left, this.y(peak), right - left - gap, 1);
    }
  }

  drawSeries(context, series) {
    if (series.dots) return this.drawDots(context, series);
    if (series.range) this.drawRange(context, series);
    this.drawLine(context, series);
  }

  // Single values that would press the other lines flat: a dot each, and a mark at the top where one lies above the chart
  drawDots(context, series) {
    context.fillStyle = this.board.ink[series.colour];
    for (const bin of this.frame.bins) {
      const value = series.value(bin);
      if (value == null) continue;
      const x = this.x(bin.at + bin.length / 2);
      context.beginPath();
      if (value <= this.top) context.arc(x, this.y(value), 1.2, 0, 7);
      else { context.moveTo(x, 1); context.lineTo(x - 3, 7); context.lineTo(x + 3, 7); }
      context.fill();
    }
  }

  // From the least to the greatest of the rows that a bin stands for
  drawRange(context, series) {
    context.fillStyle = this.board.ink[series.colour];
    context.globalAlpha = 0.22;
    for (const bin of this.frame.bins) {
      const range = series.range(bin);
      if (!range || range[0] === range[1]) continue;
      const left = this.x(bin.at), top = this.y(range[1]);
      context.fillRect(left, top, this.x(bin.at + bin.length) - left, this.y(range[0]) - top);
    }
    context.globalAlpha = 1;
  }

  // A line from bin to bin; where calls are rare it goes on over a few empty ones, and a value alone is a dot
  drawLine(context, series) {
    const { bins } = this.frame;
    context.strokeStyle = context.fillStyle = this.board.ink[series.colour];
    context.lineWidth = series.width ?? 1.5;
    context.lineJoin = 'round';
    context.setLineDash(DASHES[series.dash ?? 'solid']);
    context.beginPath();
    let last = -Infinity;
    bins.forEach((bin, i) => {
      const value = series.value(bin);
      if (value == null) return;
      const x = this.x(bin.at + bin.length / 2), y = this.y(value);
      if (i - last <= 5) context.lineTo(x, y);
      else { context.moveTo(x - 1, y); context.lineTo(x + 1, y); }
      last = i;
    });
    context.stroke();
    context.setLineDash([]);
  }

  // What was seen elsewhere at this time: events, the cursor, and what is being chosen
  drawMarks(context) {
    const { ink, choice, cursor } = this.board, bottom = this.height - BOTTOM;
    context.lineWidth = 1;
    for (const event of this.frame.marks) {
      const x = Math.round(this.x(event.at)) + 0.5;
      context.strokeStyle = ink.red;
      context.setLineDash([2, 3]);
      line(context, x, 0, x, bottom);
      context.setLineDash([]);
    }
    if (choice) {
      context.globalAlpha = 0.2;
      context.fillStyle = ink.blue;
      context.fillRect(this.x(choice[0]), 0, this.x(choice[1]) - this.x(choice[0]), bottom);
      context.globalAlpha = 1;
    }
    if (cursor == null) return;
    const x = Math.round(this.x(cursor)) + 0.5, bin = this.board.binAt(cursor);
    context.strokeStyle = ink.ink;
    line(context, x, 0, x, bottom);
    if (this.spec.stacked || !bin) return;
    for (const series of this.series) {
      const value = series.dots ? null : series.value(bin);
      if (value == null) continue;
      context.fillStyle = ink[series.colour];
      context.beginPath();
      context.arc(this.x(bin.at + bin.length / 2), this.y(value), 3, 0, 7);
      context.fill();
    }
  }

  drawNothing(context) {
    context.fillStyle = this.board.ink.quiet;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(this.spec.nothing, (LEFT + this.right) / 2, (this.height - BOTTOM) / 2);
  }

  // --- what is read instead of seen

  readOut() {
    const { from, to } = this.frame, bin = this.board.binAt(this.board.cursor ?? this.board.lastWhole);
    const texts = this.series.map((s) => bin ? this.spec.write(s.value(bin)) : '–');
    texts.forEach((text, i) => setText(this.values[i], text));
    const said = this.series.map((s, i) => `${s.label} ${texts[i]}`).join(', ');
    setAttribute(this.plot, 'aria-valuemin', String(Math.round(from)));
    setAttribute(this.plot, 'aria-valuemax', String(Math.round(to)));
    setAttribute(this.plot, 'aria-valuenow', String(Math.round(Math.min(Math.max(bin?.at ?? to, from), to))));
    setAttribute(this.plot, 'aria-valuetext', bin ? `${clock(bin.at)}: ${said}` : said);
  }

  // The last bins in which something was, as rows
  writeTable() {
    const cell = (role, text) => h('div', { role }, text), { series } = this, { write } = this.spec;
    const bins = this.frame.bins.filter((bin) => bin.calls).slice(-8).reverse();
    const key = JSON.stringify(bins.map((bin) => [bin.at, ...series.map((s) => write(s.value(bin)))]));
    if (key === this.written) return;
    this.written = key;
    const values = (bin) => series.map((s) => cell('cell', write(s.value(bin))));
    const rows = bins.map((bin) => h('div', { role: 'row' }, cell('cell', clock(bin.at)), ...values(bin)));
    const names = ['time', ...series.map((s) => s.label)].map((name) => cell('columnheader', name));
    const head = h('div', { role: 'row', class: 'names' }, ...names);
    this.table.style.gridTemplateColumns = `repeat(${series.length + 1}, auto)`;
    this.table.replaceChildren(head, ...rows);
  }

  showTable(isShown) {
    this.plot.hidden = isShown;
    this.table.hidden = !isShown;
  }

  // --- pointer and keys

  listen() {
    const place = (e) => Math.min(Math.max(this.at(e.offsetX), this.frame.from), this.frame.to);
    const { plot, board } = this;
    plot.addEventListener('pointerdown', (e) => { if (e.button === 0) { this.began = place(e); plot.setPointerCapture(e.pointerId); } });
    plot.addEventListener('pointermove', (e) => {
      board.point(place(e));
      if (this.began != null) board.choose(this.began, place(e));
    });
    plot.addEventListener('pointerleave', () => { if (this.began == null) board.point(null); });
    for (const name of ['pointerup', 'pointercancel']) {
      plot.addEventListener(name, () => { this.began = null; board.takeChoice(name === 'pointerup'); });
    }
    plot.addEventListener('dblclick', () => board.zoom(null));
    plot.addEventListener('keydown', (e) => board.pressedOnChart(e));
  }
}

function line(context, x1, y1, x2, y2) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

// What a series looks like, for the legend
function swatch({ colour, dash, width, style }, isStacked) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 18 10');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `swatch ${style ?? ''}`);
  svg.style.color = `var(--${colour})`;
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', isStacked ? 'M3 1h12v8h-12z' : 'M0 5h18');
  if (isStacked && style !== 'full') path.setAttribute('fill-opacity', '.35');
  path.setAttribute('fill', isStacked ? 'currentColor' : 'none');
  if (!isStacked) {
    path.setAttribute('stroke-width', String(width ?? 1.5));
    path.setAttribute('stroke-dasharray', DASHES[dash ?? 'solid'].join(' '));
  } else path.setAttribute('stroke', 'none');
  svg.append(path);
  if (isStacked && ['hatched', 'crossed'].includes(style)) {
    const lines = document.createElementNS(SVG, 'path');
    lines.setAttribute('d', style === 'hatched' ? 'M3 9l8-8M8 9l7-7' : 'M3 9l8-8M8 9l7-7M3 1l8 8M8 1l7 7');
    lines.setAttribute('stroke-width', '1.3');
    svg.append(lines);
  }
  return svg;
}
