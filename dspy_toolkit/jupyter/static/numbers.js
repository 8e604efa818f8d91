// Numbers and moments as a person reads them.

const LARGE = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];

// Three digits: 0.123, 12.3, 1.23k
export function number(value) {
  if (value == null) return '–';
  if (value === 0) return '0';
  const [scale, sign] = LARGE.find(([least]) => Math.abs(value) >= least) ?? [1, ''];
  return String(Number((value / scale).toPrecision(3))) + sign;
}

// A whole number, with its thousands apart
export const count = (value) => value == null ? '–' : Math.round(value).toLocaleString('en').replaceAll(',', ' ');

// A length of time: 85 ms, 1.2 s, 3 min
export function duration(seconds) {
  if (seconds == null) return '–';
  if (seconds < 0.9995) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3600).toPrecision(2))} h`;
}

export const percent = (share) => share == null ? '–' : `${Number((share * 100).toPrecision(share < 0.1 ? 2 : 3))}%`;

const two = (n) => String(n).padStart(2, '0');

// A moment, in seconds since the epoch, as the clock of the person's place shows it
export function clock(at, withSeconds = true) {
  const date = new Date(at * 1000), minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600];

// The least of the lengths of time that a clock likes and that is not below `least`, in seconds
export const niceStep = (least) => STEPS.find((step) => step >= least) ?? STEPS[STEPS.length - 1];

// The least of 1, 2, 2.5, 5, 10, 20, ... that is not below `value`
export function niceTop(value) {
  if (!(value > 0)) return 1;
  const scale = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].find((n) => n * scale >= value * 0.9999) * scale;
}
