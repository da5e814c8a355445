// Sliders, each with its exact number.

/** @import { Live, Slider } from "./state.d.ts" */

import { element, svg } from "../../../figures/browser/elements.js";
import { buildEntry } from "./entries.js";
import { listenToSlider } from "./hand.js";

/**
 * A slider and its number, or only the number where there is no sweep.
 * @param {Live} live
 * @param {string} id
 * @param {string} label
 */
export function buildControl(live, id, label) {
  const slider = live.model.sweeps.has(id) ? buildSlider(id, label) : null;
  if (slider) {
    live.sliders.set(id, slider);
    listenToSlider(live, slider);
  }
  return { slider, entry: buildEntry(live, id, label) };
}

/**
 * @param {string} id
 * @param {string} label
 * @returns {Slider}
 */
function buildSlider(id, label) {
  const paths = {
    area: svg("path", { class: "area" }),
    other: svg("path", { class: "other" }),
    line: svg("path", { class: "line" }),
  };
  const picture = svg("svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none", "aria-hidden": "true" });
  picture.append(...Object.values(paths));
  const rail = element("i", { class: "rail" }, element("i", { class: "stem" }), element("i", { class: "knob" }));
  const float = element("i", { class: "float" }, element("i", { class: "dot" }));
  const low = element("span", { class: "low" });
  const high = element("span", { class: "high" });
  const fixed = element("span", { class: "held" });
  const field = element("div", { class: "field" }, picture, rail, float);
  const role = { class: "land", role: "slider", tabindex: "0", "aria-label": label, "data-control": id };
  const root = element("div", role, field, low, high, fixed);
  return { id, root, field, paths, rail, float, low, high, fixed, top: 1, floor: 0, height: 0 };
}
