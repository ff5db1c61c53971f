import assert from "node:assert/strict";
import { test } from "node:test";
import { Runs } from "./runs.js";

const COLUMNS = {
  id: ["c", "b", "a"],
  name: ["run-10", "run-9", "run-1"],
  number: [3, 2, 1],
  state: ["running", "finished", "failed"],
  value: [0.2, null, 0.1],
  revision: [5, 1, 1],
};

class FakeView extends EventTarget {
  values = { filter: "", metric: "", sort: "-number", first: "2", show: "", hide: "" };
  get(name) {
    return this.values[name];
  }
  ids(name) {
    return this.values[name].split(",").filter(Boolean);
  }
  set(changes) {
    Object.assign(this.values, changes);
    this.dispatchEvent(new CustomEvent("change", { detail: new Set(Object.keys(changes)) }));
  }
}

async function loaded() {
  answerWith({ total: 3, matching: 3, metric: "loss", metrics: ["loss"], columns: structuredClone(COLUMNS) });
  const view = new FakeView();
  const runs = new Runs("/runs.json", view);
  await runs.load();
  return { runs, view };
}

function answerWith(answer, ok = true) {
  globalThis.fetch = async () => ({ ok, status: ok ? 200 : 400, json: async () => answer });
}

test("the first runs of the list are drawn, and a click hides or shows one", async () => {
  const { runs, view } = await loaded();
  assert.deepEqual(runs.drawn, ["c", "b"]);
  runs.toggle("c");
  runs.toggle("a");
  assert.deepEqual(runs.drawn, ["b", "a"]);
  assert.equal(view.get("hide"), "c");
  assert.equal(view.get("show"), "a");
  runs.toggle("c");
  runs.toggle("a");
  assert.deepEqual([view.get("hide"), view.get("show")], ["", ""]);
});

test("names sort as people count, and runs without a result come last", async () => {
  const { runs, view } = await loaded();
  view.set({ sort: "name" });
  assert.deepEqual(runs.order, ["a", "b", "c"]);
  view.set({ sort: "value" });
  assert.deepEqual(runs.order, ["a", "c", "b"]);
  view.set({ sort: "-value" });
  assert.deepEqual(runs.order, ["c", "a", "b"]);
});

test("runs that moved are laid over the list, new ones come in, others that no longer match go", async () => {
  const { runs } = await loaded();
  const columns = {
    id: ["d", "c"],
    name: ["run-11", "run-10"],
    number: [4, 3],
    state: ["running", "finished"],
    value: [0.5, 0.15],
    revision: [1, 6],
  };
  answerWith({ total: 4, matching: 2, metric: "loss", metrics: [], columns });
  await runs.update(["d", "c", "b"]);
  assert.deepEqual(runs.order, ["d", "c", "a"]);
  assert.equal(runs.of("c").state, "finished");
  assert.equal(runs.of("b"), null);
  assert.deepEqual([runs.matching, runs.total], [3, 4]);
});

test("a filter that is refused leaves the list and says why", async () => {
  const { runs } = await loaded();
  answerWith({ error: "Write a value here.", field: "filter" }, false);
  await runs.load();
  assert.equal(runs.error, "Write a value here.");
  assert.deepEqual(runs.order, ["c", "b", "a"]);
});

test("the best run is the lowest or the highest, never one without a result", async () => {
  const { runs } = await loaded();
  assert.equal(runs.best(true).id, "a");
  assert.equal(runs.best(false).id, "c");
});
