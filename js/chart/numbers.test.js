// Smoothing, ticks and ranges agree with Python's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { xLimits, yLimits } from "./limits.js";
import { smooth } from "./smoothing.js";
import { duration, number, numbers, ticks } from "./ticks.js";

const golden = (name) => JSON.parse(readFileSync(new URL(`../../tests/golden/${name}`, import.meta.url)));
const floats = (values) => values.map((value) => (value === null ? NaN : value === "gap" ? Infinity : value));
const labels = (low, high, options) => ticks(low, high, options).map((tick) => tick.label);

test("smoothing agrees with the golden values shared with Python", () => {
  for (const { weight, values, smoothed } of golden("smoothing.json")) {
    const found = smooth(floats(values), weight);
    floats(smoothed).forEach((expected, index) => {
      const isSame = Object.is(found[index], expected) || Math.abs(found[index] - expected) <= 1e-12 * Math.abs(expected);
      assert.ok(isSame, `${found[index]} is not ${expected}`);
    });
  }
});

test("labels agree with the golden ones shared with Python", () => {
  const cases = golden("ticks.json");
  for (const { values, step, labels: expected } of cases.numbers) assert.deepEqual(numbers(values, step), expected);
  for (const [value, expected] of cases.number) assert.equal(number(value), expected);
  for (const [seconds, step, expected] of cases.duration) assert.equal(duration(seconds, step), expected);
  for (const { low, high, kind, scale, count, labels: expected } of cases.axes) {
    assert.deepEqual(labels(low, high, { kind, scale, count }), expected);
  }
});

test("a time axis has its marks at full hours of the reader", () => {
  for (const { value } of ticks(1.76e9, 1.76e9 + 30 * 3600, { kind: "time", count: 4 })) {
    const when = new Date(value * 1000);
    assert.equal(when.getMinutes() + when.getSeconds(), 0);
    assert.equal(when.getHours() % 12, 0);
  }
});

test("the x range ends where the curves do, and is never empty", () => {
  const y = Float64Array.of(NaN, 1, 2, NaN);
  assert.deepEqual(xLimits({ x: Float64Array.of(0, 1, 2, 3), curves: [{ y }] }), [1, 2]);
  assert.deepEqual(xLimits({ x: Float64Array.of(5), curves: [{ y: [1] }] }), [4.5, 5.5]);
  assert.deepEqual(xLimits({ x: new Float64Array(), curves: [] }), [0, 1]);
  assert.deepEqual(xLimits({ x: Float64Array.of(1, 100), xKind: "number", curves: [{ y: [1, 2] }] }), [0, 100]);
  assert.deepEqual(xLimits({ x: Float64Array.of(10, 100), xKind: "number", curves: [{ y: [1, 2] }] }), [10, 100]);
});

test("the y range holds what is visible and the marks, with a margin", () => {
  const x = [0, 1, 2];
  const near = (found, expected) => found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-9, String(found)));
  near(yLimits(x, [[0, 1, 100]], [], "linear", [0, 1]), [-0.04, 1.04]);
  near(yLimits(x, [[0, 1, NaN]], [{ y: 2 }], "linear", [0, 2]), [-0.08, 2.08]);
  near(yLimits(x, [[3, 3, 3]], [], "linear", [0, 2]), [2.7, 3.3]);
  near(yLimits(x, [[Infinity, NaN, -1]], [], "log", [0, 2]), [0.1, 1]);
  near(yLimits(x, [[1, 10, -1]], [], "log", [0, 2]).map(Math.log10), [-0.04, 1.04]);
});
