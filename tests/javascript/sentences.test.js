import assert from "node:assert/strict";
import { test } from "node:test";
import { comparisonSentence, noRatioReason, ratioText } from "../../lossviz/ui/components/live/sentences.js";

test("a ratio says which is larger", () => {
  const texts = [
    [2, "2.00× larger"],
    [0.5, "2.00× smaller"],
    [1, "the same"],
    [1.0004, "the same"],
    [1e-9, "1.00×10⁹ times smaller"],
    [0, "0"],
    [Infinity, "infinitely larger"],
    [NaN, ""],
  ];
  for (const [factor, text] of texts) assert.equal(ratioText(factor), text);
});

test("a loss is compared with cross-entropy", () => {
  const sentences = [
    [[1 / 8.92, 1 / 3.41, 0, 1], "focal loss is 8.92× smaller than cross-entropy and its gradient 3.41× smaller."],
    [[1, 1, 0, 1], "focal loss and its gradient equal those of cross-entropy."],
    [[1, 2, 0, 1], "focal loss is the same as cross-entropy and its gradient 2.00× larger."],
    [[2, NaN, 0, 1], "focal loss is 2.00× larger than cross-entropy."],
    [[0, 0, 0, Infinity], "focal loss is finite where cross-entropy is infinite and its gradient 0."],
    [[0, NaN, 0, 2], "focal loss is 0 where cross-entropy is not."],
    [[NaN, 1, 0, 0], "the gradient of focal loss is the same as that of cross-entropy."],
    [[NaN, 0, 0, 0], "the gradient of focal loss is 0 where that of cross-entropy is not."],
    [[NaN, 3, 0, 0], "the gradient of focal loss is 3.00× larger than that of cross-entropy."],
    [[NaN, NaN, 0, 0], ""],
  ];
  for (const [numbers, sentence] of sentences) assert.equal(comparisonSentence("focal loss", ...numbers), sentence);
});

test("at a minimum there is no ratio of gradients", () => {
  const next = "minimum here, where the gradient is close to 0.";
  assert.equal(
    comparisonSentence("focal loss", 0.5, 9, 1, 1),
    `focal loss is 2.00× smaller than cross-entropy. It is at its ${next}`,
  );
  assert.equal(
    comparisonSentence("focal loss", 1, 9, 3, 1),
    `focal loss is the same as cross-entropy. Both are at their ${next}`,
  );
  assert.equal(comparisonSentence("focal loss", 1e-9, 9, 1, 1), `focal loss is at its ${next}`);
  assert.equal(comparisonSentence("focal loss", NaN, 9, 2, 1), `Cross-entropy is at its ${next}`);
  assert.match(noRatioReason(0), /both gradients are 0/);
  assert.deepEqual(
    [1, 2, 3].map((resting) => noRatioReason(resting).split(":")[1].split(",")[0]),
    [" the loss is at its minimum", " cross-entropy is at its minimum", " both losses are at their minimum"],
  );
});
