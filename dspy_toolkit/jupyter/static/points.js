// The points of the charts: rows of numbers from Python, and the bins that are drawn of them.
// There may be more points than pixels, so a bin stands for several: counts are added up, which loses nothing; of p95 and p99 it shows the
// worst, so that a peak never vanishes; of medians the mean, weighted by calls, with the least and the greatest. Its rows stay at hand, for
// the greatest rate among them.

import { niceStep } from './numbers.js';

const SUMS = ['calls', 'cached', 'failed', 'cancelled', 'unparsed', 'truncated', 'refused', 'retries', 'hops', 'input_tokens',
  'output_tokens', 'cached_tokens', 'forced_tokens'];
const WORST = ['p95', 'p99', 'max', 'first95', 'token95', 'queued95'];
const MEANS = ['p50', 'first50', 'token50'];

export class Points {
  constructor(fields) {
    this.fields = [...fields, 'errors'];
    this.rows = []; // the oldest first
    this.loads = []; // [at, running, waiting, slots], the oldest first
    this.version = 0; // grows with every change
  }

  takeLoads(loads, isWhole) {
    this.loads = [...isWhole ? [] : this.loads, ...loads].slice(-3600);
    this.version++;
  }

  // Take rows, each in place of an older one of the same moment; `isWhole`: in place of all
  take(rows, isWhole, oldest) {
    if (isWhole) this.rows = [];
    for (const row of rows) this.put(Object.fromEntries(this.fields.map((name, i) => [name, row[i]])));
    let gone = 0;
    while (gone < this.rows.length && this.rows[gone].at < oldest) gone++;
    if (gone) this.rows.splice(0, gone);
    this.version++;
  }

  put(row) {
    row.span = row.step;
    let at = this.rows.length;
    while (at > 0 && this.rows[at - 1].at > row.at) at--;
    const isKnown = at > 0 && this.rows[at - 1].at === row.at;
    if (isKnown) this.rows[at - 1] = row;
    else this.rows.splice(at, 0, row);
  }

  // Bins over a stretch of time, at most `most` of them; also those without a call
  bins(from, to, most) {
    const length = niceStep(Math.max((to - from) / most, this.rows.at(-1)?.step ?? 1));
    const first = Math.floor(from / length), bins = [];
    for (let n = first; n * length < to; n++) bins.push(emptyBin(n * length, length, to));
    for (const row of this.rows) {
      const bin = bins[Math.floor(row.at / length) - first];
      if (bin) addRow(bin, row);
    }
    for (const [at, running, waiting, slots] of this.loads) {
      const bin = bins[Math.floor(at / length) - first];
      if (bin) bin.load = { running: Math.max(bin.load?.running ?? 0, running), waiting: Math.max(bin.load?.waiting ?? 0, waiting), slots };
    }
    return bins;
  }
}

function emptyBin(at, length, now) {
  const bin = { at, length, span: Math.min(length, Math.max(now - at, length / 2)), errors: {}, weights: {}, ranges: {}, rows: [] };
  for (const name of SUMS) bin[name] = 0;
  for (const name of [...WORST, ...MEANS]) bin[name] = null;
  return bin;
}

function addRow(bin, row) {
  bin.rows.push(row);
  for (const name of SUMS) bin[name] += row[name] ?? 0;
  for (const name of WORST) if (row[name] != null) bin[name] = Math.max(bin[name] ?? 0, row[name]);
  for (const name of MEANS) addMean(bin, name, row[name], row.calls);
  for (const [type, n] of Object.entries(row.errors)) bin.errors[type] = (bin.errors[type] ?? 0) + n;
}

function addMean(bin, name, value, weight) {
  if (value == null) return;
  const before = bin.weights[name] ?? 0;
  bin[name] = ((bin[name] ?? 0) * before + value * weight) / (before + weight);
  bin.weights[name] = before + weight;
  const [least, most] = bin.ranges[name] ?? [value, value];
  bin.ranges[name] = [Math.min(least, value), Math.max(most, value)];
}
