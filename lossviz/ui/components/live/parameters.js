// The boxes of the loss's parameters.

/**
 * @import { Parameter } from "./messages.d.ts"
 * @import { Live } from "./state.d.ts"
 */

import { element } from "../../../figures/browser/elements.js";
import { say } from "../../../figures/browser/texts.js";
import { buildControl } from "./sliders.js";

/** @param {Live} live */
export function buildParameters(live) {
  const { parameters } = live.model.header;
  const group = live.find("parameters");
  group.replaceChildren(...parameters.map((parameter) => parameterBox(live, parameter)));
  group.hidden = !parameters.length;
}

/**
 * @param {Live} live
 * @param {Parameter} parameter
 */
function parameterBox(live, parameter) {
  const { id, symbol, label, help, disabled_reason: reason } = parameter;
  const explanation = element("p", { class: "help", hidden: true, text: help });
  const name = [element("span", { class: "symbol", text: symbol }), element("span", { class: "label", text: label })];
  const head = element("div", { class: "head" }, ...name, help ? helpButton(label, explanation) : null);
  const box = element("div", { class: "parameter", "data-testid": `parameter-${id}` }, head);
  if (reason) {
    box.classList.add("disabled");
    box.append(element("p", { class: "reason", text: reason }));
  } else furnish(live, parameter, box, head);
  if (help) box.append(explanation);
  return box;
}

/**
 * @param {string} label
 * @param {HTMLElement} explanation
 */
function helpButton(label, explanation) {
  const toggle = () => {
    explanation.hidden = !explanation.hidden;
    button.setAttribute("aria-expanded", String(!explanation.hidden));
  };
  const name = say("What {parameter} does", { parameter: label.toLowerCase() });
  const role = { type: "button", class: "ask", "aria-expanded": "false", "aria-label": name, text: "?" };
  const button = element("button", { ...role, onclick: toggle });
  return button;
}

/**
 * @param {Live} live
 * @param {Parameter} parameter
 * @param {HTMLElement} box
 * @param {HTMLElement} head
 */
function furnish(live, { id, symbol, label, optional, off }, box, head) {
  const button = (
    /** @type {"on" | "off"} */ action,
    /** @type {string} */ kind,
    /** @type {string} */ text,
    /** @type {string} */ name,
  ) =>
    element("button", {
      type: "button",
      class: `quiet ${kind}`,
      "data-testid": `${action}-${id}`,
      text,
      "aria-label": name,
      onclick: () => live.commit({ action, control: id }),
    });
  if (off) return box.append(button("on", "switch", say("off — switch on"), say("{label}: off, switch on", { label })));
  const { slider, entry } = buildControl(live, id, `${label} ${symbol}`);
  head.append(entry.root);
  if (slider) box.append(slider.root);
  if (optional) box.append(button("off", "small", say("switch off"), say("{label}: switch off", { label })));
}
