import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { PendingActs } from "../../lossviz/figures/browser/pending.js";

function pendingOf(...acts) {
  const forgotten = mock.fn();
  const pending = new PendingActs(forgotten);
  acts.forEach((id, i) => {
    pending.add(id, { act: i + 1, value: i });
  });
  return { pending, forgotten };
}

test("what was done last is the latest, also if it is an old thing", () => {
  const { pending } = pendingOf("z0", "gamma");
  pending.add("z0", { act: 3, value: 7 });
  assert.deepEqual(pending.latest(), ["z0", { act: 3, value: 7 }]);
  assert.ok(pending.has("gamma"));
  assert.equal(pendingOf().pending.latest(), undefined);
});

test("an answer ends the acts that it has applied", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { pending } = pendingOf("z0", "z1", "z2");
  pending.settle({ revision: 2, acts: 2 }, 1);
  assert.deepEqual(
    ["z0", "z1", "z2"].map((id) => pending.has(id)),
    [false, false, true],
  );
  pending.close();
});

test("what the page shows already is over, whatever has been applied", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { pending } = pendingOf("z0", "z1");
  pending.settle({ revision: 2, acts: 0 }, 1, (id, { value }) => id === "z1" && value === 1);
  assert.ok(pending.has("z0") && !pending.has("z1"));
  pending.close();
});

test("another session of the server knows of nothing", () => {
  const { pending } = pendingOf("z0", "z1");
  pending.settle({ revision: 1, acts: 0 }, 9);
  assert.equal(pending.latest(), undefined);
});

test("what no answer applies is lost after five seconds", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { pending, forgotten } = pendingOf("z0", "z1");
  pending.settle({ revision: 2, acts: 1 }, 1);
  context.mock.timers.tick(4000);
  pending.settle({ revision: 3, acts: 1 }, 2);
  context.mock.timers.tick(4999);
  assert.equal(forgotten.mock.callCount(), 0, "each answer begins anew");
  assert.ok(pending.has("z1"));
  context.mock.timers.tick(1);
  assert.equal(forgotten.mock.callCount(), 1);
  assert.ok(!pending.has("z1"));
});

test("nothing is forgotten where nothing is pending, or when all is closed", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const settled = pendingOf("z0");
  settled.pending.settle({ revision: 2, acts: 1 }, 1);
  const closed = pendingOf("z0");
  closed.pending.settle({ revision: 2, acts: 0 }, 1);
  closed.pending.close();
  context.mock.timers.tick(60_000);
  assert.equal(settled.forgotten.mock.callCount() + closed.forgotten.mock.callCount(), 0);
});
