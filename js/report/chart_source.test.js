// What the chart dialog writes; tests/reports/test_starter.py holds the server's own writing to the same reader.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chartSource } from "./chart_source.js";

const values = { title: "", metrics: ["val/loss"], runs: "", x: "step", smooth: 0, scale: "linear" };

test("only what differs from the default is written", () => {
  assert.equal(chartSource(values), "metric: val/loss");
});

test("everything that was chosen is written", () => {
  const chosen = { title: "Loss", metrics: ["a", "b"], runs: "tags = x", x: "time", smooth: 0.6, scale: "log" };
  assert.equal(
    chartSource({ ...values, ...chosen }),
    'title: Loss\nmetrics: [a, b]\nruns: "tags = x"\nx: time\nsmooth: 0.6\nscale: log',
  );
});

test("what YAML could read as something else is quoted", () => {
  for (const title of ["a: b", "# x", "[x]", '"x"', "x\ny", "- x", "1.5", "a, b"]) {
    assert.equal(chartSource({ ...values, title }), `title: ${JSON.stringify(title)}\nmetric: val/loss`);
  }
  assert.equal(chartSource({ ...values, title: "검증 손실" }), "title: 검증 손실\nmetric: val/loss");
});
