// A question after the reveal: who thought what, what is right, and why.

/** @import { View } from "./messages.d.ts" */

import { joined, say } from "../../../figures/browser/texts.js";
import { made, percent, ticks } from "./elements.js";

/**
 * All that is told of a question that is over.
 * @param {View} view
 */
export function revealed(view) {
  /** @type {HTMLElement[]} */
  const parts = view.axis ? alongAxis(view, view.axis) : [shares(view)];
  if (view.why) parts.push(made("p", { textContent: view.why, lang: view.language }));
  parts.push(made("p", { className: "pale", textContent: view.words.inAll }));
  return parts;
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
  const words = [made("strong", { textContent: view.words.truth }), made("div", { textContent: view.words.own })];
  return [histogram, span(view, axis), ticks(axis), made("p", {}, ...words)];
}

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
