// When a phone in a room asks next.

import assert from "node:assert/strict";
import test from "node:test";

import { onAxis, percent, ticksOf } from "../../lossviz/ui/server/room/elements.js";
import { pause } from "../../lossviz/ui/server/room/pace.js";

test("a phone asks about every two seconds, and phones do not ask at once", () => {
  const pauses = Array.from({ length: 100 }, (_, i) => pause(0, 0, i / 99));
  assert.equal(Math.round(pauses.reduce((sum, one) => sum + one) / 100), 2000);
  assert.ok(Math.max(...pauses) - Math.min(...pauses) >= 500);
});

test("where nothing changes it asks less often, but within five seconds", () => {
  assert.ok(pause(0, 1000, 0) > pause(0, 0, 1));
  assert.ok(pause(0, 1e9, 1) < 5000);
});

test("a server in trouble is left alone more and more, and never for ever", () => {
  for (let failures = 1; failures < 4; failures += 1) assert.ok(pause(failures + 1, 0, 0.5) > pause(failures, 0, 0.5));
  assert.ok(pause(1e6, 0, 1) <= 35_000);
});

test("a value has the decimals that its axis can tell apart", () => {
  assert.equal(onAxis(0.31, { low: 0, high: 1 }), "0.310");
  assert.equal(onAxis(-2.5, { low: -5, high: 5 }), "−2.50");
  assert.equal(onAxis(-0.0000001, { low: -5, high: 5 }), "0.00");
  assert.equal(onAxis(1500, { low: 0, high: 2000 }), "1500");
});

test("nobody is nought percent", () => {
  assert.equal(percent(0, 0), "0%");
  assert.equal(percent(1, 3), "33%");
});

test("an axis has the round numbers of its figure", () => {
  assert.deepEqual(ticksOf({ low: 0, high: 1 }), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticksOf({ low: -10, high: 10 }), [-10, -5, 0, 5, 10]);
  assert.deepEqual(ticksOf({ low: 0.0001, high: 0.9999 }), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticksOf({ low: 1, high: 1000 }), [0, 200, 400, 600, 800, 1000]);
});
