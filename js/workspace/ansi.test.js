import assert from "node:assert/strict";
import { test } from "node:test";
import { written } from "./ansi.js";

const plain = (text) => written(text).map(({ letter }) => letter).join("");

test("a carriage return writes over what was there", () => {
  assert.equal(plain("epoch  1%\repoch 100%"), "epoch 100%");
  assert.equal(plain("long line\rshort"), "shortline");
});

test("erasing to the end of the line leaves what is before", () => {
  assert.equal(plain("progress 99%\r\x1b[Kdone"), "done");
});

test("a backspace goes one place back", () => {
  assert.equal(plain("spin|\b/"), "spin/");
});

test("colours last until they are reset", () => {
  const cells = written("a\x1b[31;1mb\x1b[0mc");
  assert.equal(cells[0].style, null);
  assert.deepEqual(cells[1].style, { front: 1, isBold: true });
  assert.equal(cells[2].style, null);
});

test("the cube and 24-bit colours become CSS", () => {
  assert.equal(written("\x1b[38;5;196mx")[0].style.front, "rgb(255,0,0)");
  assert.equal(written("\x1b[38;2;1;2;3mx")[0].style.front, "rgb(1,2,3)");
  assert.equal(written("\x1b[48;5;244mx")[0].style.back, "rgb(128,128,128)");
});

test("links and window titles leave no trace, nor does a sequence that was cut", () => {
  assert.equal(plain("\x1b]8;;http://example.org\x07here\x1b]8;;\x07"), "here");
  assert.equal(plain("\x1b]0;title\x1b\\text"), "text");
  assert.equal(plain("end\x1b[3"), "end3");
});
