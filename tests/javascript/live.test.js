// The arithmetic of sliders, curves and entries.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ceiling, pathOf, rise } from "../../lossviz/ui/components/live/curves.js";
import { objection } from "../../lossviz/ui/components/live/entries.js";
import { nudgeOf, valueAt } from "../../lossviz/ui/components/live/hand.js";

const track = { left: 100, width: 200 };
const sweep = { values: [-4, -2, 0, 2, 4], low: -4, high: 4 };

test("a press near the knob does not make it jump, one further off does", () => {
  assert.equal(nudgeOf(track, 0.5, 207), 7);
  assert.equal(nudgeOf(track, 0.5, 186), -14);
  assert.equal(nudgeOf(track, 0.5, 215), 0);
  assert.equal(nudgeOf(track, NaN, 215), 0, "what has no place has no knob");
});

test("a pointer is at the nearest value, within the track", () => {
  const hand = { ...track, nudge: 0 };
  for (const [clientX, value] of [
    [0, -4],
    [100, -4],
    [124, -4],
    [126, -2],
    [200, 0],
    [260, 2],
    [999, 4],
  ])
    assert.equal(valueAt(hand, sweep, clientX), value, String(clientX));
  assert.equal(valueAt({ ...track, nudge: 7 }, sweep, 228), 0, "the knob goes as far as the pointer");
});

test("a curve is a path over its box, with gaps left out", () => {
  const { values, low, high } = sweep;
  const path = pathOf({ values, low, high }, [4, 2, NaN, 0, 8], 4, 0);
  assert.equal(path, "M0.0,0.00L250.0,50.00L750.0,100.00L1000.0,0.00");
  assert.equal(pathOf({ values: [1], low: 1, high: 1 }, [3], 4, 0), "", "nothing to slide along");
  assert.deepEqual([rise(1, 4, 0), rise(-1, 3, -1), rise(9, 4, 0), rise(Infinity, 4, 0)], [0.25, 0, 1, 1]);
});

test("a steep curve is cut before it flattens the others", () => {
  assert.equal(
    ceiling([
      [0, 2],
      [0, 3],
    ]),
    3,
  );
  assert.equal(
    ceiling([
      [0, 10],
      [0, 20],
      [0, 100],
    ]),
    60,
  );
  assert.equal(
    ceiling([
      [0, 0.1],
      [0, 100],
    ]),
    100,
    "what hardly moves has no say",
  );
  assert.equal(ceiling([[], [0]]), 1, "nothing to see");
});

test("what may not be typed is said in words", () => {
  const header = {
    parameters: [
      { id: "gamma", low: 0, high: null },
      { id: "alpha", low: 0, high: 1 },
    ],
  };
  assert.equal(objection(header, "z0", NaN), "Not a number: try 1.5 or −2.");
  assert.equal(objection(header, "z0", -Infinity), "");
  assert.equal(objection(header, "gamma", -0.5), "Must be at least 0.");
  assert.equal(objection(header, "gamma", 1e9), "");
  for (const end of [0, 1]) assert.equal(objection(header, "alpha", end), "", "an end may be");
  assert.equal(objection(header, "alpha", 1.5), "Must be at most 1.");
  assert.equal(objection(header, "t0", 1.01), "Must be at most 1.");
  assert.equal(objection(header, "t0", -0.01), "Must be at least 0.");
});
