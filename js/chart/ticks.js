// Where an axis has its marks and what they say: 0, 5000, 10k; 1e-4; 1h 30m; 11-20. The same as tracking/charts/ticks.py,
// but times are the reader's own; tests/golden/ticks.json holds both to it.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const DURATION_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const UNITS = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];

/** At most about `count` ticks in low … high, as {value, label}. */
export function ticks(low, high, { kind = "number", scale = "linear", count = 6 } = {}) {
  if (!(low < high)) return [{ value: low, label: number(low) }];
  if (scale === "log" && low > 0) return logTicks(low, high, count);
  if ((kind === "time" || kind === "duration") && high - low > 1) return timeTicks(low, high, kind, count);
  const step = nice((high - low) / count);
  const values = multiples(low, high, step);
  const labels = numbers(values, step);
  return values.map((value, index) => ({ value, label: labels[index] }));
}

/** Labels of an axis with marks every `step`; small numbers as 4e-4 when all of them are small. */
export function numbers(values, step) {
  const largest = Math.max(0, ...values.map(Math.abs));
  return values.map((value) => number(value, step, largest < 1e-3));
}

/** 5000, 10k, 2.5M, 0.2, 4e-4; as many digits as `step` needs, four significant ones without it. */
export function number(value, step = 0, isSmall = true) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (!Number.isFinite(value)) return String(value);
  step ||= 10 ** (Math.floor(Math.log10(size)) - 3);
  if ((isSmall && size < 1e-3) || size >= 1e15) {
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    return `${fixed(value / 10 ** exponent, step / 10 ** exponent)}e${exponent}`;
  }
  let [unit, letter] = UNITS.find(([least]) => size >= least) ?? [1, ""];
  if (letter === "k" && size < 1e4) [unit, letter] = [1, ""];
  return fixed(value / unit, step / unit) + letter;
}

/** 45s, 5m, 1h 30m, 2d 6h; parts below `step` (seconds) are left out. */
export function duration(seconds, step = 0) {
  if (seconds === 0) return "0";
  if (seconds < 0) return `-${duration(-seconds, step)}`;
  if (seconds < 10 && !(step >= 1 && Number.isInteger(seconds))) return `${fixed(seconds, step || 0.01)}s`;
  let rest = Math.round(seconds);
  const parts = [];
  for (const [unit, letter] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "m"], [1, "s"]]) {
    const whole = Math.floor(rest / unit);
    rest -= whole * unit;
    if (whole) parts.push(`${whole}${letter}`);
  }
  return parts.slice(0, 2).join(" ");
}

/** A point in time where the reader is: the date at midnight and for steps of days, else the time of day. */
export function moment(seconds, step) {
  const when = new Date(seconds * 1000);
  const two = (value) => String(value).padStart(2, "0");
  const date = `${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  if (step >= 100 * DAY) return `${when.getFullYear()}-${date}`;
  const isMidnight = when.getHours() + when.getMinutes() + when.getSeconds() === 0;
  if (step >= DAY || isMidnight) return date;
  const time = `${two(when.getHours())}:${two(when.getMinutes())}`;
  return step >= MINUTE ? time : `${time}:${two(when.getSeconds())}`;
}

/** 1, 2, 5 of each power of ten, or only the powers where that would be too many. */
function logTicks(low, high, count) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const exponents = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const inside = (values) => values.filter((value) => value >= low && value <= high);
  const power = (exponent) => Number(`1e${exponent}`); // 10 ** -4 is not quite 1e-4
  const fine = inside(exponents.flatMap((exponent) => [1, 2, 5].map((factor) => factor * power(exponent))));
  const coarse = inside(exponents.filter((exponent) => exponent % stride === 0).map(power));
  if (fine.length < 2) return ticks(low, high, { count }); // too narrow for 1, 2, 5
  const values = fine.length > count + 1 && coarse.length > 1 ? coarse : fine;
  return values.map((value) => ({ value, label: number(value) }));
}

function timeTicks(low, high, kind, count) {
  const least = (high - low) / count;
  const step = DURATION_STEPS.find((candidate) => candidate >= least) ?? DAY * nice(least / DAY);
  // Midnight where the reader is, not in Greenwich. A change of the clocks inside the range moves the marks by an hour.
  const shift = kind === "time" ? new Date(low * 1000).getTimezoneOffset() * MINUTE : 0;
  const values = multiples(low - shift, high - shift, step).map((value) => value + shift);
  return values.map((value) => ({ value, label: kind === "time" ? moment(value, step) : duration(value, step) }));
}

/** The smallest of 1, 2, 5 × 10ⁿ that is at least this. */
function nice(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? 10 * power;
}

function multiples(low, high, step) {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** With the decimals that `step` has, without trailing zeros. */
function fixed(value, step) {
  let decimals = 0;
  while (decimals < 12 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) >= 1e-6 * step * 10 ** decimals) {
    decimals++;
  }
  const text = value.toFixed(decimals);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
