// The parts of the player that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingActs } from "../../lossviz/figures/browser/pending.js";
import { snapped, stepOf } from "../../lossviz/figures/player/guess.js";
import { modelOf, revive } from "../../lossviz/figures/player/model.js";
import { copiedLayout, merged, overlay } from "../../lossviz/figures/player/objects.js";
import { frameOf, shownIndex } from "../../lossviz/figures/player/position.js";
import { pointOf, valuesOf } from "../../lossviz/figures/player/spots.js";
import { entitleWide, inRows, narrow, rowsOf } from "../../lossviz/figures/player/titles.js";

const base64 = (array) => Buffer.from(array.buffer).toString("base64");

test("arrays are decoded, those of two axes by rows", () => {
  const flat = { dtype: "f4", bdata: base64(Float32Array.of(1, NaN, 2.5)) };
  const grid = { dtype: "i2", bdata: base64(Int16Array.of(1, 2, 3, 4, 5, 6)), shape: "2, 3" };
  const figure = revive({ data: [{ y: flat, name: "loss", z: grid }], layout: { title: { text: "T" }, shapes: [null, 1] } });
  assert.deepEqual(figure.data[0].y, Float32Array.of(1, NaN, 2.5));
  assert.deepEqual(
    figure.data[0].z.map((row) => [...row]),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
  assert.equal(figure.data[0].name, "loss");
  assert.deepEqual(figure.layout, { title: { text: "T" }, shapes: [null, 1] });
});

test("what a message leaves out is empty", () => {
  const { scrubber, handles, picks, linked, acts, file, guess, locked } = modelOf({ revision: 3, pictures: [] });
  assert.deepEqual(
    [scrubber, handles, picks, linked, acts, file, guess, locked],
    [null, [], [], [], 0, "lossviz", null, false],
  );
});

test("merged objects are new, through and through; arrays are shared", () => {
  const y = Float32Array.of(1);
  const base = { y, line: { color: "red", width: 2 }, font: { size: 9 }, name: "a" };
  const over = { line: { color: "blue" }, marker: { size: 3 } };
  const out = merged(base, over);
  assert.deepEqual(out, { y, line: { color: "blue", width: 2 }, font: { size: 9 }, name: "a", marker: { size: 3 } });
  assert.equal(out.y, y);
  out.marker.size = 9;
  out.line.width = 9;
  out.font.size = 1;
  assert.deepEqual([base.line.width, base.font.size, over.marker.size], [2, 9, 3]);
});

test("a layout has lists of its own, and its template is shared", () => {
  const layout = { shapes: [{ x: [1] }], template: { layout: {} } };
  const copy = copiedLayout(layout);
  assert.deepEqual(copy, layout);
  assert.notEqual(copy.shapes[0].x, layout.shapes[0].x);
  assert.equal(copy.template, layout.template);
});

test("paths are laid over an object", () => {
  const trace = { line: { color: "red" }, marker: 3 };
  overlay(trace, { "line.color": "blue", "marker.line.width": 2, opacity: 0.5 });
  assert.deepEqual(trace, { line: { color: "blue" }, marker: { line: { width: 2 } }, opacity: 0.5 });
  overlay(trace);
  assert.equal(trace.opacity, 0.5);
});

test("rows hold about so many letters, tags not counted", () => {
  assert.deepEqual(inRows("one two three four", 9), ["one two", "three", "four"]);
  assert.deepEqual(inRows("<b>one</b> two three", 7), ["<b>one</b> two", "three"]);
  assert.deepEqual(inRows("unbreakable", 3), ["unbreakable"]);
  assert.deepEqual(inRows(undefined, 9), [""]);
  assert.deepEqual(inRows("γ = 2：一半的梯度来自少数样本", 16), ["γ = 2：一半的梯", "度来自少数样本"]);
  assert.deepEqual(inRows("准确率（基准：交叉熵），越大越好", 14), ["准确率（基准：", "交叉熵），越大", "越好"]);
});

test("there are as many rows as the longest title of all frames needs", () => {
  const titled = (text) => ({ title: { text } });
  const frames = [{ data: [], layout: titled("a") }, { data: [], layout: titled("a b c d e f") }, { data: [] }];
  assert.equal(rowsOf({ data: [], layout: titled("a"), frames }, 5), 2);
  assert.equal(rowsOf({ data: [] }, 5), 1);
});

test("a title of several rows makes room above the plot", () => {
  const layout = { title: { text: "one two three" }, margin: { l: 5 }, template: { layout: { margin: { r: 7 } } } };
  entitleWide(layout, 2, 8);
  assert.equal(layout.title.text, "one two<br>three");
  assert.deepEqual(layout.margin, { l: 5, r: 7, t: 66 });
  assert.equal(layout.title.pad.t, 22);
  const short = { title: { text: "one" }, template: {} };
  entitleWide(short, 2, 8);
  assert.deepEqual([short.margin.t, short.title.pad.t], [66, 10], "a shorter one of its frames leaves the plot where it is");
});

test("a small screen has smaller type, rows of words, and no drag that zooms", () => {
  const axis = { title: { text: "predicted probability of the true class" } };
  const layout = { title: { text: "A title of many words" }, font: { size: 15 }, xaxis: axis, yaxis: axis, template: {} };
  narrow(layout, 226, 1);
  assert.equal(layout.dragmode, false);
  assert.equal(layout.font.size, 12);
  assert.deepEqual(layout.xaxis.title.text.split("<br>"), ["predicted", "probability", "of the", "true class"]);
  assert.equal(layout.yaxis, axis, "it has the height");
  assert.equal(layout.margin.t, 36, "no tool bar stands above the title");
});

const scrubber = { id: "gamma", label: "γ", values: [0, 1, 2, 3], at: 2 };
const playerWith = (more = {}) => ({
  hand: null,
  pending: new PendingActs(() => {}),
  model: { scrubber, pictures: [] },
  ...more,
});

test("on show is what the hand holds, else what was sent, else what Python says", () => {
  assert.equal(shownIndex(playerWith()), 2);
  const player = playerWith();
  player.pending.add("gamma", { act: 1, value: 3 });
  assert.equal(shownIndex(player), 3);
  player.hand = { kind: "scrubber", index: 0 };
  assert.equal(shownIndex(player), 0);
  assert.equal(shownIndex(playerWith({ hand: { kind: "handle" } })), 2);
});

test("a picture has the frame at that place, if it has frames and there is a scrubber", () => {
  const frames = scrubber.values.map((value) => ({ name: String(value), data: [] }));
  const pictures = [{ figure: { data: [], frames } }, { figure: { data: [] } }];
  const player = playerWith({ model: { scrubber, pictures } });
  assert.equal(frameOf(player, { index: 0 }), frames[2]);
  assert.equal(frameOf(player, { index: 1 }), undefined);
  assert.equal(frameOf(playerWith({ model: { scrubber: null, pictures } }), { index: 0 }), undefined);
});

test("a handle on a curve says the value it stands for, infinities among them", () => {
  const followed = { x: [0, 0.5, 1], y: [3, 2, 1] };
  const handle = { send: { control: "z3", values: ["-inf", 0.12345, 2] } };
  assert.deepEqual(pointOf(followed, handle, [1]), [0.5, 2]);
  assert.deepEqual(valuesOf(followed, handle, [1]), { low: 0.12345, high: 2, now: 0.12345, text: "z3 = 0.1235" });
  assert.deepEqual(valuesOf(followed, handle, [0]), { low: 0.12345, high: 2, now: 0.12345, text: "z3 = -∞" });
  const upward = { label: "Logit", send: { control: "z3", values: [-1, "inf"] } };
  assert.deepEqual(valuesOf(followed, upward, [1]), { low: -1, high: -1, now: -1, text: "Logit = ∞" });
});

test("a handle in a plane says where it is", () => {
  const followed = { x: Float32Array.of(-0.5, 0.25), y: Float32Array.of(1, 3) };
  const handle = { send: { action: "place" } };
  assert.deepEqual(pointOf(followed, handle, [0, 1]), [-0.5, 3]);
  assert.deepEqual(valuesOf(followed, handle, [1, 0]), { low: -0.5, high: 0.25, now: 0.25, text: "0.25, 1" });
});

test("a guess goes in round steps, at most a hundredth of its axis, and stays on it", () => {
  for (const [low, high, step] of [
    [0, 1, 0.01],
    [-10, 10, 0.2],
    [0, 7.3, 0.05],
    [0, 5, 0.05],
    [-3e6, 4e6, 5e4],
  ])
    assert.ok(Math.abs(stepOf({ low, high }) / step - 1) < 1e-9, `${low} … ${high}`);
  assert.equal(snapped({ low: 0, high: 1 }, 0.2976), 0.3);
  assert.equal(snapped({ low: -10, high: 10 }, 3.33), 3.4);
  assert.equal(snapped({ low: 0.123, high: 1.123 }, -5), 0.13);
  assert.equal(snapped({ low: 0, high: 1 }, Infinity), 1);
  assert.equal(snapped({ low: 0, high: 1 }, -Infinity), 0);
});
