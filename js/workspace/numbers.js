// Numbers as people read them; the exact value belongs into a title.

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
