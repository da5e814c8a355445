import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingActs } from "../../lossviz/figures/browser/pending.js";
import { committedValue, rowOnShow, valueAtRest, valueOnShow } from "../../lossviz/ui/components/live/values.js";

const rowAt = (index) => ({ array: Float32Array.of(0.3, 0.7), base: index, targets: 0 });
const model = {
  header: {
    parameters: [
      { id: "alpha", value: 0.25 },
      { id: "low", value: "-inf" },
    ],
  },
  rows: [
    { logit: 2, target: 1 },
    { logit: -1, target: 0 },
  ],
  sweeps: new Map([["gamma", { id: "gamma", values: [0, 1, 2, 3], at: 2, row: rowAt }]]),
  now: { array: Float64Array.of(1), base: 0, targets: -1 },
};
const liveWith = (...acts) => {
  const pending = new PendingActs(() => {});
  for (const [id, value] of acts) pending.add(id, { act: 1, value });
  return { model, pending, hand: null };
};

test("the committed value of each kind of control", () => {
  const values = ["z0", "z1", "t0", "gamma", "alpha", "low", "z7", "none"].map((id) => committedValue(model, id));
  assert.deepEqual(values, [2, -1, 1, 2, 0.25, -Infinity, NaN, NaN]);
});

test("what was sent and not answered is on show, and the hand over that", () => {
  const live = liveWith(["z0", 5], ["t1", 0.5]);
  assert.equal(valueAtRest(live, "z0"), 5);
  assert.equal(valueOnShow(live, "z0", model.now), 5);
  live.hand = { id: "z0", value: 6 };
  assert.equal(valueOnShow(live, "z0", model.now), 6);
  assert.equal(valueAtRest(live, "z0"), 5);
});

test("targets that move together are those of the row, but for what was sent", () => {
  const row = rowAt(0);
  assert.equal(valueOnShow(liveWith(), "t0", row), 0.3);
  assert.equal(valueOnShow(liveWith(["t0", 0.9]), "t0", row), 0.9);
  assert.equal(valueOnShow(liveWith(), "z1", row), -1);
});

test("the row on show is the hand's, else that of the latest act, else the present one", () => {
  assert.equal(rowOnShow(liveWith()), model.now);
  assert.equal(rowOnShow(liveWith(["gamma", 3])).base, 3);
  assert.equal(rowOnShow(liveWith(["gamma", 2])), model.now, "the present value");
  assert.equal(rowOnShow(liveWith(["gamma", 2.6])), model.now, "between the grid's points");
  assert.equal(rowOnShow(liveWith(["gamma", 3], ["alpha", 0.5])), model.now, "the latest has no sweep");
  const held = { ...liveWith(["gamma", 3]), hand: { id: "gamma", value: 0.9 } };
  assert.equal(rowOnShow(held).base, 1, "a hand is somewhere, if not on a point");
});
