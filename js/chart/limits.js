// The ranges of a figure's axes, as in tracking/charts/limits.py.

const NEAR_ZERO = 0.02; // of the range

/** From the first to the last x at which a curve has a value; from 0 when the first is all but 0. */
export function xLimits({ x, xKind, curves }) {
  let first = 0;
  let last = x.length - 1;
  const isEmpty = (index) => !curves.some(({ y }) => Number.isFinite(y[index]));
  while (first < last && isEmpty(first)) first++;
  while (last > first && isEmpty(last)) last--;
  let low = x[first] ?? 0;
  const high = x[last] ?? 1;
  if (low > 0 && low < NEAR_ZERO * high && xKind !== "time") low = 0; // the first bucket's middle is not quite its start
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** All values, bands and marks between two x, with 4 % of the height as margin. `arrays` is one list a curve. */
export function yLimits(x, arrays, marks, yScale, [start, stop]) {
  const isLog = yScale === "log";
  let low = Infinity;
  let high = -Infinity;
  const add = (value) => {
    if (!Number.isFinite(value) || (isLog && value <= 0)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (let index = 0; index < x.length; index++) {
    if (x[index] < start || x[index] > stop) continue;
    for (const values of arrays) add(values[index]);
  }
  for (const mark of marks) add(mark.y);
  if (low > high) return isLog ? [0.1, 1] : [0, 1];
  if (!isLog) return padded(low, high);
  const [from, to] = padded(Math.log10(low), Math.log10(high));
  return [10 ** Math.max(from, -307), 10 ** Math.min(to, 308)];
}

function padded(low, high) {
  const margin = (high - low) * 0.04 || Math.max(Math.abs(high) * 0.1, high ? 1e-12 : 0.5);
  return [low - margin, high + margin];
}
