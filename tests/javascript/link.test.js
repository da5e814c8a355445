import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { PendingActs } from "../../lossviz/figures/browser/pending.js";
import { putIntoLink } from "../../lossviz/ui/components/live/link.js";

/** A page's address, and its history that changes it. */
function pageAt(href) {
  const location = { href, pathname: "/", search: "" };
  const replaceState = (_state, _title, url) => Object.assign(location, { href: String(url), search: url.search });
  globalThis.window = { location, history: { replaceState, pushState: replaceState } };
}

const words = () => Object.fromEntries(new URL(globalThis.window.location.href).searchParams);

function live(...acts) {
  const pending = new PendingActs(() => {});
  for (const [id, value] of acts) pending.add(id, { act: 1, value });
  const together = { array: Float32Array.of(0.25, 0.5, 0.25), base: 0, targets: 0 };
  const rows = [
    { logit: 2, target: 1 },
    { logit: -Infinity, target: 0 },
    { logit: 0.5, target: 0 },
  ];
  const header = {
    parameters: [],
    url: { word_of: { z: "logits", t: "targets", gamma: "gamma" }, defaults: { gamma: "2", targets: "0 0 1" } },
  };
  const sweeps = new Map([["t1", { values: [0, 0.5], at: 0, row: () => together }]]);
  return { pending, hand: null, model: { header, rows, sweeps, now: { array: Float64Array.of(), base: 0, targets: -1 } } };
}

beforeEach(() => pageAt("http://host/?sample=own+numbers&gamma=3"));

test("a logit is put among the others, those on their way too", () => {
  putIntoLink(live(["z2", 7]), { control: "z0", value: -1.5 });
  assert.equal(words().logits, "-1.5 -inf 7");
  assert.equal(words().sample, "own numbers", "other words stay");
});

test("infinities are words of Python's", () => {
  putIntoLink(live(), { control: "z2", value: Infinity });
  assert.equal(words().logits, "2 -inf inf");
});

test("targets that move together stand there together", () => {
  putIntoLink(live(), { control: "t1", value: 0.5 });
  assert.equal(words().targets, "0.25 0.5 0.25");
  putIntoLink(live(), { control: "t1", value: 0.3 });
  assert.equal(words().targets, "1 0.3 0", "a value between the grid's points moves alone");
});

test("a class becomes the true one, or one more", () => {
  putIntoLink(live(), { action: "label", index: 1 });
  assert.equal(words().targets, "0 1 0");
  putIntoLink(live(), { action: "toggle", index: 2 });
  assert.equal(words().targets, "1 0 1");
  putIntoLink(live(), { action: "toggle", index: 0 });
  assert.equal(words().targets, "0 0 0");
});

test("a default is not written", () => {
  putIntoLink(live(), { control: "gamma", value: 4.5 });
  assert.equal(words().gamma, "4.5");
  putIntoLink(live(), { control: "gamma", value: 2 });
  assert.ok(!("gamma" in words()));
  putIntoLink(live(), { action: "label", index: 2 });
  assert.ok(!("targets" in words()));
});

test("what has no word of the link changes nothing", () => {
  const before = words();
  putIntoLink(live(), { control: "unknown", value: 1 });
  putIntoLink(live(), { action: "add" });
  putIntoLink(live(), { action: "off", control: "gamma" });
  assert.deepEqual(words(), before);
});
