// A question that can still be answered: buttons, or a place on an axis.

/** @import { View } from "./messages.d.ts" */

import { say } from "../../../figures/browser/texts.js";
import { made, onAxis, ticks } from "./elements.js";

const STEPS = 1000;

/**
 * What a question is answered with.
 * @param {View} view
 * @param {(answer: number) => void} answer
 */
export const asked = (view, answer) => (view.axis ? slider(view, view.axis, answer) : buttons(view, answer));

/**
 * Show which answer counts.
 * @param {HTMLElement} place
 * @param {View} view
 */
export function press(place, view) {
  for (const button of place.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(view.own !== null && Number(button.value) === view.own));
  }
}

/**
 * @param {View} view
 * @param {(answer: number) => void} answer
 */
function buttons(view, answer) {
  return view.options.map((textContent, i) =>
    made("button", { type: "button", value: String(i), textContent, lang: view.language, onclick: () => answer(i) }),
  );
}

/**
 * @param {View} view
 * @param {NonNullable<View["axis"]>} axis
 * @param {(answer: number) => void} answer
 */
function slider(view, axis, answer) {
  const value = (/** @type {number} */ place) => axis.low * (1 - place / STEPS) + axis.high * (place / STEPS);
  const start = view.own === null ? STEPS / 2 : Math.round(((view.own - axis.low) / (axis.high - axis.low)) * STEPS);
  const range = made("input", { type: "range", id: "place", min: "0", max: String(STEPS), value: String(start) });
  const send = made("button", { type: "button", className: "send" });
  const show = () => {
    const shown = onAxis(value(range.valueAsNumber), axis);
    range.setAttribute("aria-valuetext", shown);
    send.value = String(value(range.valueAsNumber));
    send.textContent = say("Send {value}", { value: shown });
    send.setAttribute("aria-pressed", "false");
  };
  range.oninput = show;
  send.onclick = () => answer(value(range.valueAsNumber));
  show();
  const label = made("label", { htmlFor: "place", textContent: axis.label || say("Your answer"), lang: view.language });
  return [label, range, ticks(axis, "below-slider"), send];
}
