// A chart of lines, dots and a band, as views/curves.py draws it into the card that stays. The picture has coordinates from 0 to 100 and is
// stretched; strokes keep their width, and the texts stand beside it.

import { div, h, setAttribute, span, svg } from './dom.js';
import { number } from './numbers.js';

const COLOURS = ['blue', 'orange', 'quiet'], DASHES = ['none', '5 3', '2 3'], SIGNS = ['━━', '╍╍', '┅┅'];
const SHAPE = { viewBox: '0 0 100 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' };

// Round numbers from `low` to `high`, in about `most` steps
export function roundTicks(low, high, most = 4) {
  if (!(high > low)) return [low];
  const scale = 10 ** Math.floor(Math.log10((high - low) / most));
  const step = [1, 2, 2.5, 5, 10].find((n) => (high - low) / (n * scale) <= most) * scale;
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n <= Math.floor(high / step + 1e-9); n++) found.push(Number((n * step).toPrecision(12)));
  return found;
}

// What the axes show: all points, or the range that the chart gives for y
function frameOf({ series, band, range }) {
  const points = [...series.flatMap((s) => s.points), ...(band ?? []).flatMap(([x, low, high]) => [[x, low], [x, high]])];
  if (!points.length) return null;
  const of = (n) => points.map((p) => p[n]), ends = (values) => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  let [bottom, top] = range ?? ends(of(1));
  if (!(top > bottom)) [bottom, top] = [bottom - 0.5 * (Math.abs(bottom) || 1), top + 0.5 * (Math.abs(top) || 1)];
  const [left, right] = ends(of(0));
  return { left, right: right > left ? right : left + 1, bottom, top };
}

export class Curves {
  constructor() {
    this.picture = svg('svg', SHAPE);
    [this.side, this.foot, this.legend] = ['side', 'foot', 'legend'].map((name) => div(name));
    const plot = div('curveplot', this.side, this.picture, h('div'), this.foot);
    this.node = h('div', { class: 'curves', role: 'img', hidden: true }, this.legend, plot);
  }

  draw(chart) {
    const frame = chart && frameOf(chart);
    this.node.hidden = !frame;
    if (!frame) return;
    const { left, right, bottom, top } = frame;
    const x = (value) => (value - left) / (right - left) * 100, y = (value) => (top - value) / (top - bottom) * 100;
    const at = ([a, b]) => `${x(a).toFixed(2)} ${y(b).toFixed(2)}`, line = (points) => `M${points.map(at).join('L')}`;
    const counted = chart.series.every((each) => each.points.every(([a]) => Number.isInteger(a)));  // then the axis has whole numbers only
    const ys = roundTicks(bottom, top), xs = roundTicks(left, right, 6).filter((value) => !counted || Number.isInteger(value));
    const lines = ys.map((value) => svg('path', { class: 'tick', d: `M0 ${y(value).toFixed(2)}H100` }));
    const edge = (chart.band ?? []).map(([a, , high]) => [a, high]).concat((chart.band ?? []).map(([a, low]) => [a, low]).reverse());
    const band = edge.length ? [svg('path', { class: 'band', d: `${line(edge)}Z` })] : [];
    const curve = ({ points, how }, n) => svg('path', {
      class: how, style: `color: var(--${COLOURS[n % 3]})`, 'stroke-dasharray': how === 'dots' ? 'none' : DASHES[n % 3],
      d: how === 'dots' ? points.map((p) => `M${at(p)}h0`).join('') : line(points),
    });
    this.picture.replaceChildren(...lines, ...band, ...chart.series.map((s, n) => s.points.length ? curve(s, n) : null).filter(Boolean));
    this.writeTexts(chart, ys.map((value) => [value, y(value)]), xs.map((value) => [value, x(value)]));
  }

  writeTexts(chart, ys, xs) {
    const tick = (value, style) => h('span', { style }, number(value));
    this.side.style.width = `${Math.max(...ys.map(([value]) => number(value).length))}ch`;
    this.side.replaceChildren(...ys.map(([value, place]) => tick(value, `top:${place}%`)));
    this.foot.replaceChildren(...xs.map(([value, place]) => tick(value, `left:${place}%`)));
    const items = chart.series.map(({ name, how }, n) => {
      const sign = h('span', { style: `color: var(--${COLOURS[n % 3]})`, 'aria-hidden': 'true' }, how === 'dots' ? '●' : SIGNS[n % 3]);
      return span('', sign, ` ${name}`);
    });
    this.legend.replaceChildren(span('title', `${chart.y} by ${chart.x}`), ...items);
    const said = chart.series.filter((s) => s.points.length).map(({ name, points }) => `${name} from ${number(points[0][1])} to ${number(points.at(-1)[1])}`);
    setAttribute(this.node, 'aria-label', `${chart.y} by ${chart.x}: ${said.join('; ')}`);
  }
}
