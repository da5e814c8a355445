// Sentences about a loss: its names, and how it compares with cross-entropy.

import { formatSignificant } from "../../../figures/browser/numbers.js";
import { filled, joined, say } from "../../../figures/browser/texts.js";

/** @typedef {"none" | "same" | "zero" | "infinite" | "smaller" | "larger"} Comparison of what is divided with what divides it */

/**
 * By how the loss compares, and then by how its gradient does. A loss of 0 is "finite" where cross-entropy is infinite.
 * @type {Record<Comparison | "finite", Record<Comparison, string>>}
 */
const COMPARED = {
  none: {
    none: "",
    same: say("the gradient of {name} is the same as that of cross-entropy."),
    zero: say("the gradient of {name} is 0 where that of cross-entropy is not."),
    infinite: say("the gradient of {name} is infinitely larger than that of cross-entropy."),
    smaller: say("the gradient of {name} is {gradient} smaller than that of cross-entropy."),
    larger: say("the gradient of {name} is {gradient} larger than that of cross-entropy."),
  },
  same: {
    none: say("{name} is the same as cross-entropy."),
    same: say("{name} and its gradient equal those of cross-entropy."),
    zero: say("{name} is the same as cross-entropy and its gradient 0."),
    infinite: say("{name} is the same as cross-entropy and its gradient infinitely larger."),
    smaller: say("{name} is the same as cross-entropy and its gradient {gradient} smaller."),
    larger: say("{name} is the same as cross-entropy and its gradient {gradient} larger."),
  },
  zero: {
    none: say("{name} is 0 where cross-entropy is not."),
    same: say("{name} is 0 where cross-entropy is not and its gradient the same."),
    zero: say("{name} is 0 where cross-entropy is not and its gradient 0."),
    infinite: say("{name} is 0 where cross-entropy is not and its gradient infinitely larger."),
    smaller: say("{name} is 0 where cross-entropy is not and its gradient {gradient} smaller."),
    larger: say("{name} is 0 where cross-entropy is not and its gradient {gradient} larger."),
  },
  finite: {
    none: say("{name} is finite where cross-entropy is infinite."),
    same: say("{name} is finite where cross-entropy is infinite and its gradient the same."),
    zero: say("{name} is finite where cross-entropy is infinite and its gradient 0."),
    infinite: say("{name} is finite where cross-entropy is infinite and its gradient infinitely larger."),
    smaller: say("{name} is finite where cross-entropy is infinite and its gradient {gradient} smaller."),
    larger: say("{name} is finite where cross-entropy is infinite and its gradient {gradient} larger."),
  },
  infinite: {
    none: say("{name} is infinitely larger than cross-entropy."),
    same: say("{name} is infinitely larger than cross-entropy and its gradient the same."),
    zero: say("{name} is infinitely larger than cross-entropy and its gradient 0."),
    infinite: say("{name} is infinitely larger than cross-entropy and its gradient infinitely larger."),
    smaller: say("{name} is infinitely larger than cross-entropy and its gradient {gradient} smaller."),
    larger: say("{name} is infinitely larger than cross-entropy and its gradient {gradient} larger."),
  },
  smaller: {
    none: say("{name} is {ratio} smaller than cross-entropy."),
    same: say("{name} is {ratio} smaller than cross-entropy and its gradient the same."),
    zero: say("{name} is {ratio} smaller than cross-entropy and its gradient 0."),
    infinite: say("{name} is {ratio} smaller than cross-entropy and its gradient infinitely larger."),
    smaller: say("{name} is {ratio} smaller than cross-entropy and its gradient {gradient} smaller."),
    larger: say("{name} is {ratio} smaller than cross-entropy and its gradient {gradient} larger."),
  },
  larger: {
    none: say("{name} is {ratio} larger than cross-entropy."),
    same: say("{name} is {ratio} larger than cross-entropy and its gradient the same."),
    zero: say("{name} is {ratio} larger than cross-entropy and its gradient 0."),
    infinite: say("{name} is {ratio} larger than cross-entropy and its gradient infinitely larger."),
    smaller: say("{name} is {ratio} larger than cross-entropy and its gradient {gradient} smaller."),
    larger: say("{name} is {ratio} larger than cross-entropy and its gradient {gradient} larger."),
  },
};

/**
 * @param {number} factor
 * @returns {Comparison}
 */
function comparisonOf(factor) {
  if (Number.isNaN(factor)) return "none";
  if (Math.abs(factor - 1) < 5e-4) return "same";
  if (factor === 0) return "zero";
  if (factor === Infinity) return "infinite";
  return factor < 1 ? "smaller" : "larger";
}

/**
 * How many times smaller or larger.
 * @param {number} factor
 */
function timesOf(factor) {
  const number = formatSignificant(factor < 1 ? 1 / factor : factor);
  return number.includes("×") ? say("{number} times", { number }) : say("{number}×", { number });
}

/**
 * Why two gradients have no ratio.
 * @param {number} resting which of the two losses is at its minimum: 1 this one, 2 cross-entropy, 3 both
 */
export function noRatioReason(resting) {
  const which = Math.round(resting);
  if (which === 3) return say("no ratio: both losses are at their minimum, where gradients are close to 0");
  if (which === 2) return say("no ratio: cross-entropy is at its minimum, where its gradient is close to 0");
  if (which === 1) return say("no ratio: the loss is at its minimum, where its gradient is close to 0");
  return say("not defined: both gradients are 0");
}

/** By which of the two losses is at its minimum; after a sentence about the loss. */
const MINIMA = [
  "",
  say("It is at its minimum here, where the gradient is close to 0."),
  say("Cross-entropy is at its minimum here, where the gradient is close to 0."),
  say("Both are at their minimum here, where the gradient is close to 0."),
];

/**
 * What is said instead of the gradients' ratio; a loss at its minimum may be next to nothing as well, and then has no ratio.
 * @param {string} name
 * @param {number} factor
 * @param {number} resting
 */
function minimumSentence(name, factor, resting) {
  if (factor > 1e-3 && factor < 1e3)
    return joined([filled(COMPARED[comparisonOf(factor)].none, { name, ratio: timesOf(factor) }), MINIMA[resting]]);
  return resting === 1 ? say("{name} is at its minimum here, where the gradient is close to 0.", { name }) : MINIMA[resting];
}

/**
 * "… focal loss is 8.92× smaller than cross-entropy and its gradient 3.41× smaller."
 * @param {string} name
 * @param {number} lossFactor
 * @param {number} normFactor
 * @param {number} resting
 * @param {number} ceLoss
 */
export function comparisonSentence(name, lossFactor, normFactor, resting, ceLoss) {
  if (Math.round(resting) > 0) return minimumSentence(name, lossFactor, Math.round(resting));
  const loss = lossFactor === 0 && ceLoss === Infinity ? "finite" : comparisonOf(lossFactor);
  const parts = { name, ratio: timesOf(lossFactor), gradient: timesOf(normFactor) };
  return filled(COMPARED[loss][comparisonOf(normFactor)], parts);
}

/**
 * The other names of a loss and the reason for its name, for where the line that has them is cut short.
 * @param {string} names
 * @param {string} reason
 */
export function namesSentence(names, reason) {
  if (names && reason) return say("also {names}. {reason}", { names, reason });
  return names ? say("also {names}", { names }) : reason;
}
