import assert from "node:assert/strict";
import { test } from "node:test";
import { comparisonSentence, namesSentence, noRatioReason } from "../../lossviz/ui/components/live/sentences.js";

const RATIOS = [
  [2, "2.00× larger"],
  [0.5, "2.00× smaller"],
  [1, "the same"],
  [1.0004, "the same"],
  [1e-9, "1.00×10⁹ times smaller"],
  [2.5e8, "2.50×10⁸ times larger"],
  [0, "0"],
  [Infinity, "infinitely larger"],
];

test("a ratio says which is larger, of the loss and of its gradient", () => {
  const losses = RATIOS.filter(([factor]) => factor !== 0).map(([factor, text]) => {
    return [factor, 1, text === "the same" ? "the same as cross-entropy" : `${text} than cross-entropy`];
  });
  losses.push([0, Infinity, "finite where cross-entropy is infinite"], [0, 2, "0 where cross-entropy is not"]);
  for (const [loss, ceLoss, than] of losses) {
    assert.equal(comparisonSentence("NLL", loss, NaN, 0, ceLoss), `NLL is ${than}.`);
    for (const [gradient, text] of RATIOS) {
      const isAlike = than === "the same as cross-entropy" && text === "the same";
      const sentence = isAlike
        ? "NLL and its gradient equal those of cross-entropy."
        : `NLL is ${than} and its gradient ${text}.`;
      assert.equal(comparisonSentence("NLL", loss, gradient, 0, ceLoss), sentence);
    }
  }
});

test("a gradient alone is compared with that of cross-entropy", () => {
  for (const [factor, text] of RATIOS) {
    const than = { 0: "0 where that of cross-entropy is not", "the same": "the same as that of cross-entropy" }[text];
    const sentence = `the gradient of NLL is ${than ?? `${text} than that of cross-entropy`}.`;
    assert.equal(comparisonSentence("NLL", NaN, factor, 0, 0), sentence);
  }
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
  assert.equal(
    comparisonSentence("focal loss", 2, 9, 2, 1),
    `focal loss is 2.00× larger than cross-entropy. Cross-entropy is at its ${next}`,
  );
  assert.equal(comparisonSentence("focal loss", 1e-9, 9, 3, 1), `Both are at their ${next}`);
  assert.equal(comparisonSentence("focal loss", 1e-9, 9, 1, 1), `focal loss is at its ${next}`);
  assert.equal(comparisonSentence("focal loss", NaN, 9, 2, 1), `Cross-entropy is at its ${next}`);
  assert.match(noRatioReason(0), /both gradients are 0/);
  assert.deepEqual(
    [1, 2, 3].map((resting) => noRatioReason(resting).split(":")[1].split(",")[0]),
    [" the loss is at its minimum", " cross-entropy is at its minimum", " both losses are at their minimum"],
  );
});

test("other names and the reason stand in one text", () => {
  assert.equal(namesSentence("NLL, log loss", "γ = 0"), "also NLL, log loss. γ = 0");
  assert.equal(namesSentence("NLL", ""), "also NLL");
  assert.equal(namesSentence("", "γ = 0"), "γ = 0");
  assert.equal(namesSentence("", ""), "");
});
