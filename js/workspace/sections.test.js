import assert from "node:assert/strict";
import { test } from "node:test";
import { sectionsOf } from "./sections.js";

const metrics = (...names) => names.map((name) => [name, 1, 10]);

test("metrics are grouped by their prefix: validation, training, the others, the machine", () => {
  const sections = sectionsOf({
    history: metrics("epoch", "train/loss", "val/loss", "aux/loss"),
    system: metrics("system.cpu"),
  });
  assert.deepEqual(sections.map(({ name }) => name), ["val", "train", "aux", "charts", "system"]);
});

test("numbers in names sort as numbers", () => {
  const [{ charts }] = sectionsOf({ system: metrics("system.gpu.10.temp", "system.gpu.2.temp") });
  assert.deepEqual(charts.map(({ title }) => title), ["gpu.2.temp", "gpu.10.temp"]);
});

test("a search leaves the charts that hold the text", () => {
  const sections = sectionsOf({ history: metrics("train/loss", "train/acc", "val/Loss") }, "loss");
  assert.deepEqual(sections.flatMap(({ charts }) => charts.map(({ metric }) => metric)), ["val/Loss", "train/loss"]);
});
