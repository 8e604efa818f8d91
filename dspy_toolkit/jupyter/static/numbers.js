// Numbers and moments as a person reads them, by the rules of core.units.

// Significant digits, of which those before the point all stay
const round = (value, digits) => value ? Number(value.toFixed(Math.min(Math.max(digits - 1 - Math.floor(Math.log10(value)), 0), 100))) : 0;

// A value above 0 in the first of the units, [name, size, limit], in which it is below the limit once rounded
function scale(value, digits, units) {
  for (const [name, size, limit] of units) {
    const rounded = round(value / size, digits);
    if (rounded < limit) return `${rounded}${name}`;
  }
}

const LARGE = [['', 1, 1e3], ['k', 1e3, 1e3], ['M', 1e6, 1e3], ['G', 1e9, Infinity]];
const SHORT = [[' µs', 1e-6, 1000], [' ms', 1e-3, 1000], [' s', 1, 120]];
const LONG = [[' min', 60, 120], [' h', 3600, 48], [' d', 86400, Infinity]];

// Three digits: 0.123, 12.3, 1.23k
export const number = (value) => value == null ? '–' : (value < 0 ? '-' : '') + scale(Math.abs(value), 3, LARGE);

// A whole number, with its thousands apart
export const count = (value) => value == null ? '–' : Math.round(value).toLocaleString('en');

// A length of time: 85.3 ms, 1.2 s, 3.5 min
export function duration(seconds, digits = 3) {
  if (seconds == null) return '–';
  if (seconds < 5e-10) return '0 s';
  return round(seconds, digits) < 120 ? scale(seconds, digits, SHORT) : scale(seconds, Math.min(digits, 2), LONG);
}

export const percent = (share) => share == null ? '–' : `${round(share * 100, 3)}%`;

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
