// Reads the bytes that tracking/charts/browser.py writes: a JSON header, then arrays of floats. In the arrays NaN is "no
// value at this x" (the line goes on to the next one) and Infinity is "the line breaks here".

/**
 * @param {ArrayBuffer | Uint8Array} bytes
 * @returns {object} the header (title, xKind, yScale, marks, notes …) with `x` and, in each curve, `y` and, where the
 *   curve has a band, `low` and `high`: Float64Arrays of equal length.
 */
export function decode(bytes) {
  const { buffer, byteOffset, byteLength } = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const length = new DataView(buffer, byteOffset, byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, byteOffset + 4, length)));
  const rest = buffer.slice(byteOffset + 4 + length, byteOffset + byteLength); // a copy, so that it is aligned to 8
  let place = 0;
  const next = () => {
    const values = new Float64Array(rest, place, header.points);
    place += values.byteLength;
    return values;
  };
  const x = next();
  const curves = header.curves.map((curve) => ({
    ...curve,
    y: next(),
    low: curve.band ? next() : null,
    high: curve.band ? next() : null,
  }));
  return { ...header, x, curves };
}
