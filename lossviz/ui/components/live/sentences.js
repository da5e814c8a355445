// Sentences that compare a loss with cross-entropy.

import { formatSignificant } from "../../../figures/browser/numbers.js";

/** @param {number} factor */
export function ratioText(factor) {
  if (Number.isNaN(factor)) return "";
  if (Math.abs(factor - 1) < 5e-4) return "the same";
  if (factor === 0 || factor === Infinity) return factor ? "infinitely larger" : "0";
  const text = formatSignificant(factor < 1 ? 1 / factor : factor);
  return `${text}${text.includes("×") ? " times" : "×"} ${factor < 1 ? "smaller" : "larger"}`;
}

/**
 * Why two gradients have no ratio.
 * @param {number} resting which of the two losses is at its minimum: 1 this one, 2 cross-entropy, 3 both
 */
export function noRatioReason(resting) {
  if (Math.round(resting) === 3) return "no ratio: both losses are at their minimum, where gradients are close to 0";
  if (Math.round(resting) === 2) return "no ratio: cross-entropy is at its minimum, where its gradient is close to 0";
  if (Math.round(resting) === 1) return "no ratio: the loss is at its minimum, where its gradient is close to 0";
  return "not defined: both gradients are 0";
}

/**
 * What is said instead of the gradients' ratio; a loss at its minimum may be next to nothing as well, and then has no ratio.
 * @param {string} name
 * @param {number} lossFactor
 * @param {number} resting
 */
function minimumSentence(name, lossFactor, resting) {
  const which = ["", "It is", "Cross-entropy is", "Both are"][resting];
  const rest = `${which} at ${resting === 3 ? "their" : "its"} minimum here, where the gradient is close to 0.`;
  const loss = lossFactor > 1e-3 && lossFactor < 1e3 ? ratioText(lossFactor) : "";
  const than = loss === "the same" ? "the same as cross-entropy" : `${loss} than cross-entropy`;
  if (loss) return `${name} is ${than}. ${rest}`;
  return resting === 1 ? rest.replace("It is", `${name} is`) : rest;
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
  const loss = ratioText(lossFactor);
  const gradient = ratioText(normFactor);
  if (loss === "the same" && gradient === "the same") return `${name} and its gradient equal those of cross-entropy.`;
  if (loss) return `${name} is ${lossComparison(loss, ceLoss)}${gradient && ` and its gradient ${gradient}`}.`;
  return gradient ? `the gradient of ${name} is ${gradientComparison(gradient)}.` : "";
}

/**
 * @param {string} ratio
 * @param {number} ceLoss
 */
function lossComparison(ratio, ceLoss) {
  if (ratio === "the same") return "the same as cross-entropy";
  if (ratio !== "0") return `${ratio} than cross-entropy`;
  return ceLoss === Infinity ? "finite where cross-entropy is infinite" : "0 where cross-entropy is not";
}

/** @param {string} ratio */
function gradientComparison(ratio) {
  if (ratio === "the same") return "the same as that of cross-entropy";
  return ratio === "0" ? "0 where that of cross-entropy is not" : `${ratio} than that of cross-entropy`;
}
