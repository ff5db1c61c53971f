// Backups of unsaved text: one a tab, found again by the report.

import assert from "node:assert/strict";
import { test } from "node:test";
import { backupsOf, forget, keep, newKey } from "./backup.js";

// What a browser has: stored names are its own properties, the functions are not.
globalThis.localStorage = Object.create({
  getItem: (name) => localStorage[name] ?? null,
  setItem: (name, value) => (localStorage[name] = value),
  removeItem: (name) => delete localStorage[name],
});

const textsOf = (report) => backupsOf(report).map((kept) => kept.text);

test("two tabs on one report keep a backup each", () => {
  const [one, other] = [newKey("abc"), newKey("abc")];
  keep(one, { title: "T", text: "one", version: 1 });
  keep(other, { title: "T", text: "other", version: 1 });
  assert.deepEqual(textsOf("abc").sort(), ["one", "other"]);
  forget(one);
  assert.deepEqual(textsOf("abc"), ["other"]);
  forget(other);
});

test("a tab that writes on replaces its own backup", () => {
  const key = newKey("abc");
  for (const text of ["a", "ab", "abc"]) keep(key, { title: "T", text, version: 1 });
  assert.deepEqual(textsOf("abc"), ["abc"]);
  forget(key);
});

test("another report has backups of its own", () => {
  const key = newKey("abcd");
  keep(key, { title: "T", text: "x", version: 1 });
  assert.deepEqual(textsOf("abc"), []);
  assert.deepEqual(textsOf("abcd"), ["x"]);
  forget(key);
});

test("a storage that is forbidden holds nothing", () => {
  const kept = globalThis.localStorage;
  Object.defineProperty(globalThis, "localStorage", { get: () => { throw new Error("forbidden"); }, configurable: true });
  assert.equal(keep("abc.1", {}), false);
  assert.deepEqual(backupsOf("abc"), []);
  Object.defineProperty(globalThis, "localStorage", { value: kept, configurable: true });
});
