// The elements of a picture.

/** @import { Picture, Player } from "./state.d.ts" */

import { element } from "../browser/elements.js";

/**
 * @param {Player} player
 * @param {number} index
 * @returns {Picture}
 */
export function addPicture(player, index) {
  const gd = /** @type {Picture["gd"]} */ (element("div", { class: "plot" }));
  const grips = element("div", { class: "grips" });
  const group = element("div", { class: "picture", role: "group", "data-testid": `picture-${index}` }, gd, grips);
  player.sizes.observe(gd);
  return { index, gd, grips, group, axes: {}, cameras: {}, visible: {}, resets: 0, handles: [], traces: [], led: false };
}

/**
 * @param {Player} player
 * @param {Picture} picture
 */
export function removePicture(player, { gd, group, drawing }) {
  player.sizes.unobserve(gd);
  group.remove();
  Promise.allSettled([drawing]).then(() => Plotly.purge(gd)); // Plotly trips over what is purged in the middle of its drawing
}

/**
 * @param {Player} player
 * @param {Element} target
 */
export function resizePicture(player, target) {
  const picture = player.pictures.find(({ gd }) => gd === target);
  const old = picture?.gd._fullLayout;
  if (!picture || !old) return;
  const { clientWidth: width, clientHeight: height } = target;
  if (!width || (Math.abs(old.width - width) <= 1 && Math.abs(old.height - height) <= 1)) return;
  Plotly.Plots.resize(picture.gd);
  player.dirty.add(picture); // its title may need more rows now
  player.draw();
}
