// Texts and switches that change with a commit and not with a drag.

/**
 * @import { Image, Note } from "./messages.d.ts"
 * @import { Live } from "./state.d.ts"
 */

import { element, svg, withElements } from "../../../figures/browser/elements.js";
import { say } from "../../../figures/browser/texts.js";
import { mark, write } from "./writers.js";

/** @param {Live} live */
export function showHeader(live) {
  const { root, find, query, model, cells } = live;
  const { header, ghost, rows } = model;
  showImage(live, header.image);
  nameProbability(live, header.activation === "sigmoid" && header.classes > 1);
  root.classList.toggle("alone", !ghost);
  root.classList.toggle("room", header.room);
  root.classList.toggle("pictured", Boolean(header.image) && header.staged);
  root.classList.toggle("staged", header.staged);
  root.classList.toggle("many", header.classes > 5);
  /** @type {HTMLButtonElement} */ (find("add-class")).disabled = !header.can_add;
  /** @type {HTMLButtonElement} */ (find("remove-class")).disabled = !header.can_remove;
  query(".classes").hidden = header.fixed_classes;
  write(find("footer"), header.backend ?? "");
  find("notes").replaceChildren(...(header.notes ?? []).map((note) => noteItem(live, note)));
  cells.forEach(({ target, root: row }, c) => {
    target.set(rows[c].target);
    mark(row, "is-true", rows[c].target > 0.5);
  });
}

/**
 * What stands above the probability of the true class, and before the sentence.
 * @param {Live} live
 * @param {boolean} isLowest of several
 */
function nameProbability({ query }, isLowest) {
  const symbol = () => element("var", {}, "p", element("sub", { text: "t" }));
  const sentence = isLowest ? say("At the lowest {p_t} = {value} {sentence}") : say("At {p_t} = {value} {sentence}");
  const [value, says] = [query(".compared .at"), query(".compared .says")];
  query(".true-probability").replaceChildren(...(isLowest ? withElements(say("lowest {p_t}"), { p_t: symbol() }) : [symbol()]));
  query(".compared").replaceChildren(...withElements(sentence, { p_t: symbol(), value, sentence: says }));
}

/**
 * @param {Live} live
 * @param {Image | null} image
 */
function showImage({ find, query }, image) {
  find("image").hidden = !image;
  if (!image) return;
  const picture = query(".picture svg");
  picture.setAttribute("aria-label", image.caption);
  const pixel = (/** @type {number} */ ink, /** @type {number} */ i) =>
    svg("rect", { x: i % 8, y: i >> 3, width: 1, height: 1, "fill-opacity": ink / 16 });
  picture.replaceChildren(...image.pixels.map(pixel));
  write(query(".caption"), image.caption);
  write(query(".edited"), image.note ?? "");
}

/**
 * @param {Live} live
 * @param {Note} note
 */
function noteItem(live, { level, text, action }) {
  const icon = element("span", { class: "icon", "aria-hidden": "true", text: level === "warn" ? "▲" : "i" });
  const button =
    action &&
    element("button", {
      type: "button",
      class: "quiet",
      text: action.label,
      onclick: () => live.commit(action.event),
    });
  return element("li", { class: level }, icon, element("span", { text }), button);
}
