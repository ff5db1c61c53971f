// The same as tracking/charts/smoothing.py; tests/golden/smoothing.json holds both to it.

/** Exponential moving average, debiased, over the finite values; the others stay as they are. */
export function smooth(values, weight) {
  const result = Float64Array.from(values);
  if (weight <= 0) return result;
  let last = 0;
  let rest = 1; // weight ** values seen
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) continue;
    last = weight * last + (1 - weight) * values[index];
    rest *= weight;
    result[index] = last / (1 - rest);
  }
  return result;
}
