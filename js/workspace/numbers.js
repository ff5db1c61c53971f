// Numbers and spans of time as people read them; the exact value belongs into a title.

const SMALL = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: false });
const COUNT = new Intl.NumberFormat("en");

/** Four significant digits; very large and very small ones with an exponent. */
export function rounded(value) {
  if (value === null || value === undefined) return "";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(2).replace("e+", "e");
  return Number.isInteger(value) && size < 1e7 ? COUNT.format(value) : SMALL.format(value);
}

export const count = (value) => COUNT.format(value);

/** "2 h 14 min", "3 min 20 s", "41 s" from seconds. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days) return interpolate(gettext("%s d %s h"), [days, hours]);
  if (hours) return interpolate(gettext("%s h %s min"), [hours, minutes]);
  if (minutes) return interpolate(gettext("%s min %s s"), [minutes, whole % 60]);
  return interpolate(gettext("%s s"), [whole]);
}
