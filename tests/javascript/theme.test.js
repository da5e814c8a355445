import assert from "node:assert/strict";
import { test } from "node:test";
import { faint, isDark } from "../../lossviz/figures/browser/theme.js";

test("dark by what the background is", () => {
  assert.ok(!isDark("rgb(255, 255, 255)"));
  assert.ok(isDark("rgb(16, 22, 28)"));
  assert.ok(!isDark("rgb(0, 230, 60)"), "green is bright");
  assert.ok(isDark("rgb(0, 0, 255)"), "blue is not");
  assert.ok(!isDark(""), "no background is white");
});

test("a colour with an opacity", () => {
  assert.equal(faint("rgb(16, 23, 30)", 0.4), "rgba(16,23,30,0.4)");
  assert.equal(faint("#10171E", 0.4), "rgba(16,23,30,0.4)", "a variable's");
  assert.equal(faint("", 0.16), "rgba(0,0,0,0.16)");
});
