import assert from "node:assert/strict";
import { test } from "node:test";
import { axisEnd, decode, fromPython, roundUp, seriesOf } from "../../lossviz/ui/components/live/tables.js";

const COLUMNS = ["probs", "terms"];
const SCALARS = ["loss", "norm"];

/** The bytes of two classes: a sweep of z0 over three values, and one of t1, whose rows have the targets too. */
function bytesOf(more = {}) {
  const header = {
    revision: 1,
    classes: 2,
    columns: COLUMNS,
    scalars: SCALARS,
    parameters: [],
    rows: [
      { label: "0", logit: "-inf", target: 1 },
      { label: "1", logit: 0.5, target: 0 },
    ],
    now: { probs: [0.25, 0.75], terms: [1, "inf"], loss: "inf", norm: null },
    sweeps: [
      { id: "z0", values: [-1, -0, 1.25], at: 2, offset: 0 },
      { id: "t1", values: [0, 0.125], at: 0, offset: 18 },
    ],
    ...more,
  };
  let text = JSON.stringify(header).replace("[-1,0,", "[-1,-0.0,"); // as Python writes it
  while (new TextEncoder().encode(text).length % 4) text += " ";
  const head = new TextEncoder().encode(text);
  const numbers = Float32Array.from({ length: 18 + 16 }, (_, i) => i);
  const bytes = new Uint8Array(4 + head.length + numbers.byteLength);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(new Uint8Array(numbers.buffer), 4 + head.length);
  return bytes;
}

test("a row of a sweep is where its numbers stand", () => {
  const { sweeps, layout } = decode(bytesOf());
  assert.deepEqual(layout, { at: { probs: 0, terms: 2, loss: 4, norm: 5 }, classes: 2, width: 6 });
  const sweep = sweeps.get("z0");
  const { array, base, targets } = sweep.row(1);
  assert.deepEqual([...array.subarray(base, base + 6)], [6, 7, 8, 9, 10, 11]);
  assert.equal(targets, -1);
  assert.deepEqual(seriesOf(sweep, layout.at.loss), [4, 10, 16]);
});

test("a row of a target's sweep has the targets, which move together", () => {
  const { sweeps } = decode(bytesOf());
  const { array, base, targets } = sweeps.get("t1").row(1);
  assert.deepEqual([base, targets], [18 + 8, 18 + 8 + 6]);
  assert.deepEqual([...array.subarray(targets, targets + 2)], [32, 33]);
});

test("bytes may begin anywhere in a buffer", () => {
  const bytes = bytesOf();
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const { sweeps } = decode(shifted.subarray(3));
  assert.equal(sweeps.get("z0").row(0).array[17], 17);
});

test("a grid has no −0, its ends, and the decimals of all but the present value", () => {
  const { low, high, values, decimals } = decode(bytesOf()).sweeps.get("z0");
  assert.deepEqual([low, high], [-1, 1.25]);
  assert.ok(Object.is(values[1], 0));
  assert.equal(decimals, 0, "1.25 is the present value and lies between the grid's points");
  assert.equal(decode(bytesOf()).sweeps.get("t1").decimals, 3);
});

test("the present row is in full precision, and infinities and nan are themselves", () => {
  const { now, rows, ghost } = decode(bytesOf());
  assert.deepEqual([...now.array], [0.25, 0.75, 1, Infinity, Infinity, NaN]);
  assert.deepEqual(
    rows.map((row) => row.logit),
    [-Infinity, 0.5],
  );
  assert.equal(ghost, false);
  assert.equal(fromPython(undefined), NaN);
});

test("cross-entropy is beside the loss where its terms are sent", () => {
  const now = { probs: [0.25, 0.75], ce_terms: [1, 2], loss: 1, norm: 1 };
  assert.ok(decode(bytesOf({ columns: ["probs", "ce_terms"], now })).ghost);
});

test("an axis ends at a round number", () => {
  const ends = [
    [1, 1],
    [1.01, 1.5],
    [2.4, 3],
    [7, 8],
    [9.5, 10],
    [0.034, 0.04],
    [120, 150],
  ];
  for (const [size, end] of ends) assert.equal(roundUp(size), end);
});

test("an axis has room for twice the present row, no more than any control can reach, and stays while that is fair", () => {
  const layout = { at: { terms: 0 }, classes: 2, width: 2 };
  const rowOf = (...numbers) => ({ array: Float64Array.from(numbers), base: 0, targets: -1 });
  const far = { values: [0, 1], row: () => rowOf(100, Infinity) };
  const near = { values: [0], row: () => rowOf(1.2, 0) };
  const model = (...sweeps) => ({ layout, now: rowOf(-1, 0.5), sweeps: new Map(sweeps.map((sweep, i) => [`z${i}`, sweep])) });
  assert.equal(axisEnd(model(far), ["terms"], 2, NaN), 2);
  assert.equal(axisEnd(model(near), ["terms"], 2, NaN), 1.5);
  assert.equal(axisEnd(model(far), ["terms", "absent"], 2, 8), 8, "a fair part");
  assert.equal(axisEnd(model(far), ["terms"], 2, 8.1), 2, "too long");
  assert.equal(axisEnd(model(far), ["terms"], 2, 0.9), 2, "too short");
  assert.equal(axisEnd({ layout, now: rowOf(0, 0), sweeps: new Map() }, ["terms"], 2, NaN), 0.1);
});
