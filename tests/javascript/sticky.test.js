// One scale of γ on every page: steps of 0.1, and a pointer sticks at 0, ½, 1, 2 and 5.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stickyNearest } from "../../lossviz/figures/browser/numbers.js";
import { indexAt, placeOf } from "../../lossviz/figures/player/scrubber.js";
import { valueAt } from "../../lossviz/ui/components/live/hand.js";

const stops = [0, 0.5, 1, 2, 5];
const fine = Array.from({ length: 51 }, (_, i) => i / 10);
const coarse = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1, 2, 3, 4, 5];

test("a stop is larger than its neighbours, which can be reached all the same", () => {
  const at = (wanted) => fine[stickyNearest(fine, wanted, stops)];
  assert.deepEqual([0.43, 0.57, 0.42, 0.58, 1.93, 2.07, 2.08].map(at), [0.5, 0.5, 0.4, 0.6, 2, 2, 2.1]);
  for (const value of fine) assert.equal(at(value), value);
  assert.equal(fine[stickyNearest(fine, 0.43)], 0.4, "without stops it is the nearest");
});

test("a slider of one sample sticks under a pointer", () => {
  const hand = { left: 0, width: 500, nudge: 0 };
  const sweep = { values: fine, low: 0, high: 5, stops };
  assert.deepEqual(
    [43, 57, 30].map((clientX) => valueAt(hand, sweep, clientX)),
    [0.5, 0.5, 0.3],
  );
});

test("a scrubber has its values where they are on the scale", () => {
  const scrubber = { values: coarse, stops };
  assert.deepEqual(
    [0, 3, 7, 10].map((index) => placeOf(scrubber, index)),
    [0, 1, 4, 10],
  );
  for (const index of coarse.keys()) assert.equal(indexAt(scrubber, placeOf(scrubber, index)), index);
  assert.equal(placeOf({ values: [8, 20, 100] }, 1), 1, "other scrubbers have a place for each value");
  assert.equal(indexAt({ values: [8, 20, 100] }, 1.4), 1);
  assert.equal(indexAt({ values: [2], stops: [2] }, 0), 0, "a single value");
});
