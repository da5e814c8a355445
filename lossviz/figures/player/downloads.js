// Pictures as files, for a button anywhere on the page that says of which player, and in which format.

/** @import { Player } from "./state.d.ts" */

import { savePicture } from "./drawing.js";

/**
 * Listen to the page's buttons; gives what ends it.
 * @param {Player} player
 */
export function watchDownloads(player) {
  const listen = (/** @type {MouseEvent} */ { target }) => {
    const button = target instanceof Element ? target.closest("[data-lossviz-save]") : null;
    const [file, format] = button?.getAttribute("data-lossviz-save")?.toLowerCase().split(" ") ?? [];
    if (file === player.model.file && (format === "png" || format === "svg")) savePictures(player, format);
  };
  document.addEventListener("click", listen);
  return () => document.removeEventListener("click", listen);
}

/**
 * One after the other: a browser takes several at once for an attack.
 * @param {Player} player
 * @param {"png" | "svg"} format
 */
async function savePictures(player, format) {
  for (const picture of [...player.pictures]) await savePicture(player, picture, format);
}
