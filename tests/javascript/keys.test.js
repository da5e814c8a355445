import assert from "node:assert/strict";
import { test } from "node:test";
import { keySteps } from "../../lossviz/figures/browser/keys.js";

const press = (key, more = {}) => keySteps({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("keys step along the grid", () => {
  assert.deepEqual(
    ["ArrowRight", "ArrowUp", "PageUp", "End"].map((key) => press(key)),
    [1, 1, 10, Infinity],
  );
  assert.deepEqual(
    ["ArrowLeft", "ArrowDown", "PageDown", "Home"].map((key) => press(key)),
    [-1, -1, -10, -Infinity],
  );
});

test("other keys, and those with a modifier, are the browser's", () => {
  for (const key of ["a", " ", "Tab", "Enter", "Escape", "toString"]) assert.equal(press(key), 0, key);
  for (const modifier of ["ctrlKey", "metaKey", "altKey"]) assert.equal(press("ArrowRight", { [modifier]: true }), 0, modifier);
});
