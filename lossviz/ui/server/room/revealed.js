// A question after the reveal: who thought what, what is right, and why.

/** @import { View } from "./messages.d.ts" */

import { joined, say } from "../../../figures/browser/texts.js";
import { made, onAxis, percent, ticks } from "./elements.js";

/**
 * All that is told of a question that is over.
 * @param {View} view
 */
export function revealed(view) {
  /** @type {HTMLElement[]} */
  const parts = view.axis ? alongAxis(view, view.axis) : [shares(view)];
  if (view.why) parts.push(made("p", { textContent: view.why, lang: view.language }));
  parts.push(made("p", { className: "pale", textContent: inAll(view) }));
  return parts;
}

/**
 * Whether a phone's own answer is right, in a sentence.
 * @param {View} view
 */
export function verdict(view) {
  if (view.own === null) return say("You gave no answer.");
  return isRight(view, view.own) ? say("Your answer is right.") : say("Your answer is not right.");
}

/**
 * @param {View} view
 * @param {number} answer
 */
function isRight(view, answer) {
  if (!view.axis || view.value === null) return view.right.includes(answer);
  return Math.abs(answer - view.value) <= view.tolerance + 1e-9 * (view.axis.high - view.axis.low);
}

/** @param {View} view */
function inAll(view) {
  const [first, last] = [view.outcomes[0], view.outcomes[view.outcomes.length - 1]];
  const share = percent(last.right, last.answers);
  if (first === last) return say("{share} were right.", { share });
  return say("{share} were right, {before} before the discussion.", { share, before: percent(first.right, first.answers) });
}

/** @param {View} view */
function shares(view) {
  const { counts, answers } = view.outcomes[view.outcomes.length - 1];
  return made("ul", {}, ...view.options.map((text, i) => row(view, text, i, percent(counts[i], answers))));
}

/**
 * @param {View} view
 * @param {string} text
 * @param {number} i
 * @param {string} share
 */
function row(view, text, i, share) {
  const bar = made("i");
  bar.style.width = share;
  const right = view.right.includes(i);
  const marks = [...(right ? [say("right answer")] : []), ...(view.own === i ? [say("your answer")] : [])];
  const words = made("span", { textContent: text, lang: view.language });
  const said = joined([share, ...marks.map((mark) => `· ${mark}`)]);
  return made("li", { className: right ? "right" : "" }, bar, words, made("br"), made("strong", { textContent: said }));
}

/**
 * @param {View} view
 * @param {NonNullable<View["axis"]>} axis
 */
function alongAxis(view, axis) {
  const { counts } = view.outcomes[view.outcomes.length - 1];
  const most = Math.max(1, ...counts);
  const bars = counts.map((count) => {
    const bar = made("i");
    bar.style.height = `${(100 * count) / most}%`;
    return bar;
  });
  const histogram = made("div", { className: "histogram", role: "img", ariaLabel: say("Answers along the axis") }, ...bars);
  const words = [truth(view, axis), ...(view.own === null ? [] : [own(view.own, axis)])];
  return [histogram, span(view, axis), ticks(axis), made("p", {}, ...words)];
}

/**
 * @param {View} view
 * @param {NonNullable<View["axis"]>} axis
 */
function truth(view, axis) {
  const [value, tolerance] = [onAxis(view.value ?? 0, axis), onAxis(view.tolerance, axis)];
  return made("strong", { textContent: say("Right is {value} ± {tolerance}", { value, tolerance }) });
}

/**
 * @param {number} value
 * @param {NonNullable<View["axis"]>} axis
 */
const own = (value, axis) => made("div", { textContent: say("Your answer: {value}", { value: onAxis(value, axis) }) });

/**
 * Where on the axis answers are right.
 * @param {View} view
 * @param {NonNullable<View["axis"]>} axis
 */
function span(view, axis) {
  const share = (/** @type {number} */ value) =>
    (100 * (Math.min(axis.high, Math.max(axis.low, value)) - axis.low)) / (axis.high - axis.low);
  const [from, to] = [share((view.value ?? 0) - view.tolerance), share((view.value ?? 0) + view.tolerance)];
  const mark = made("i");
  mark.style.left = `${from}%`;
  mark.style.width = `${to - from}%`;
  return made("div", { className: "span", ariaHidden: "true" }, mark);
}
