// The decoder reads what Python wrote: tests/golden/figure_NAME.bin, whose values are in figure_NAME.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode } from "./wire.js";

const golden = (name) => readFileSync(new URL(`../../tests/golden/${name}`, import.meta.url));
const toGolden = (value) => (Number.isNaN(value) ? null : value === Infinity ? "gap" : value);
const asGolden = (values) => (values ? Array.from(values, toGolden) : null);

for (const name of ["lines", "bands", "empty"]) {
  test(`figure_${name} comes out as it went in`, () => {
    const figure = decode(new Uint8Array(golden(`figure_${name}.bin`)));
    const expected = JSON.parse(golden(`figure_${name}.json`));
    assert.equal(figure.title, expected.title);
    assert.equal(figure.xKind, expected.x_kind);
    assert.equal(figure.yScale, expected.y_scale);
    assert.deepEqual(figure.marks, expected.marks);
    assert.deepEqual(figure.notes, expected.notes);
    assert.deepEqual(asGolden(figure.x), expected.x);
    assert.deepEqual(
      figure.curves.map(({ label, color, run, count, y, low, high }) => ({
        label, color, run, count, y: asGolden(y), low: asGolden(low), high: asGolden(high),
      })),
      expected.curves,
    );
  });
}

test("bytes in the middle of a larger buffer are read as well", () => {
  const bytes = golden("figure_lines.bin");
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  assert.deepEqual(decode(larger.subarray(3)), decode(new Uint8Array(bytes).buffer));
});
