// Which charts there are, and what each draws of a bin.

import { duration, number, percent } from './numbers.js';

const perSecond = (name) => (bin) => bin[name] / bin.span;
const answered = (bin) => Math.max(bin.calls - bin.cached - bin.failed - bin.unparsed - bin.cancelled, 0) / bin.span;
const chosen = (bin) => Math.max(bin.output_tokens - bin.forced_tokens, 0) / bin.span;
const hits = (bin) => bin.input_tokens ? bin.cached_tokens / bin.input_tokens : null;
const ERRORS = [['red', 'hatched'], ['orange', 'full'], ['purple', 'crossed'], ['sky', 'full'], ['quiet', 'light']];

export const CHARTS = [
  {
    title: 'Requests per second', stacked: true, peaks: true, write: number, nothing: 'no calls in this time',
    series: [
      { label: 'answered', value: answered, colour: 'blue', style: 'full' },
      { label: 'from cache', value: perSecond('cached'), colour: 'sky', style: 'light' },
      { label: 'not parsed', value: perSecond('unparsed'), colour: 'orange', style: 'crossed' },
      { label: 'failed', value: perSecond('failed'), colour: 'red', style: 'hatched' },
    ],
  },
  {
    title: 'Latency', write: duration, nothing: 'no answers in this time',
    series: [
      { label: 'p50', value: (bin) => bin.p50, range: (bin) => bin.ranges.p50, colour: 'blue', width: 2.5 },
      { label: 'p95', value: (bin) => bin.p95, colour: 'orange', dash: 'dashed' },
      { label: 'p99', value: (bin) => bin.p99, colour: 'red', dash: 'dotted', width: 1.8 },
      { label: 'slowest', value: (bin) => bin.max, colour: 'purple', dash: 'dots', dots: true },
    ],
  },
  {
    title: 'Time to first token', write: duration, nothing: 'no streams in this time',
    series: [
      { label: 'p50', value: (bin) => bin.first50, range: (bin) => bin.ranges.first50, colour: 'blue', width: 2.5 },
      { label: 'p95', value: (bin) => bin.first95, colour: 'orange', dash: 'dashed' },
      { label: 'waiting for a slot, p95', value: (bin) => bin.queued95, colour: 'purple', dash: 'dotted', width: 1.8 },
    ],
  },
  {
    title: 'Output tokens per second', stacked: true, peaks: true, write: number, nothing: 'no tokens in this time',
    series: [
      { label: 'chosen by the model', value: chosen, colour: 'green', style: 'full' },
      { label: 'forced by the grammar', value: perSecond('forced_tokens'), colour: 'sky', style: 'hatched' },
    ],
  },
  {
    title: 'Time a token', write: duration, nothing: 'no streams in this time',
    series: [
      { label: 'p50', value: (bin) => bin.token50, range: (bin) => bin.ranges.token50, colour: 'blue', width: 2.5 },
      { label: 'p95', value: (bin) => bin.token95, colour: 'orange', dash: 'dashed' },
    ],
  },
  {
    title: 'Batch', write: number, nothing: 'no engine runs in this process',
    series: [
      { label: 'slots', value: (bin) => bin.load?.slots, colour: 'quiet', dash: 'dashed' },
      { label: 'running', value: (bin) => bin.load?.running, colour: 'green', width: 2.5 },
      { label: 'waiting', value: (bin) => bin.load?.waiting, colour: 'orange', dash: 'dotted', width: 1.8 },
    ],
  },
  {
    title: 'Prompt tokens found in the prefix cache', write: percent, least: 1, nothing: 'no prompts in this time',
    series: [{ label: 'share', value: hits, colour: 'green', width: 2.5 }],
  },
  { title: 'Failures by type', stacked: true, write: number, nothing: 'no failures in this time', find: failures },
  {
    title: 'Retries, hops and refusals', stacked: true, write: number, nothing: 'none in this time',
    series: [
      { label: 'retried', value: (bin) => bin.retries, colour: 'sky', style: 'full' },
      { label: 'to the next model', value: (bin) => bin.hops, colour: 'orange', style: 'crossed' },
      { label: 'refused by a breaker', value: (bin) => bin.refused, colour: 'red', style: 'hatched' },
    ],
  },
];

// A series for each type of error that there is, the frequent ones first; what does not parse and what was cut short come first of all
function failures(bins) {
  const totals = {};
  for (const bin of bins) for (const [type, n] of Object.entries(bin.errors)) totals[type] = (totals[type] ?? 0) + n;
  const types = Object.keys(totals).sort((a, b) => totals[b] - totals[a] || (a < b ? -1 : 1)), shown = types.slice(0, 3);
  const found = [
    { label: 'not parsed', value: (bin) => bin.unparsed, colour: 'orange', style: 'crossed' },
    { label: 'cut short', value: (bin) => bin.truncated, colour: 'blue', style: 'light' },
    ...shown.map((type, i) => ({ label: type, value: (bin) => bin.errors[type] ?? 0, colour: ERRORS[i][0], style: ERRORS[i][1] })),
  ];
  const others = (bin) => types.slice(3).reduce((n, type) => n + (bin.errors[type] ?? 0), 0);
  if (types.length > 3) found.push({ label: 'other', value: others, colour: 'quiet', style: 'light' });
  return found;
}

// The tiles at the top: name, how the figure is made of the last minute, and a note
export const TILES = [
  ['Requests', (t) => `${number(t.calls_per_second)}/s`, (t, now) => `${now.running ?? 0} running`],
  ['Failed', (t) => percent(t.error_rate), (t) => `${number(t.failed)} in a minute`],
  ['Latency p50', (t) => duration(t.p50), (t) => `p95 ${duration(t.p95)}, p99 ${duration(t.p99)}`],
  ['First token p50', (t) => duration(t.first50), (t) => `${duration(t.token50)} a token`],
  ['Tokens', (t) => `${number(t.tokens_per_second)}/s`, () => 'written'],
  ['Prefix cache', (t) => t.input_tokens ? percent(t.cached_tokens / t.input_tokens) : '–', () => 'of prompt tokens'],
  ['Not parsed', (t) => number(t.unparsed), () => 'in a minute'],
];
