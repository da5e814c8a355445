// Whoever comes back to a figure, or changes the language, finds it as it was: a new player takes over the views of an old one.

/** @import { Picture, Player } from "./state.d.ts" */

import { liveCamera } from "./view.js";

/**
 * The view of the picture that was at this place before, and may still be: one player is there before the other is closed.
 * @param {Player} player
 * @param {Picture} picture
 */
export function takeOverView(player, picture) {
  window.lossvizPictures ??= new Map(); // of the window: in another language the player is another program
  const place = `${player.model.file} ${picture.index}`;
  const before = window.lossvizPictures.get(place);
  window.lossvizPictures.set(place, picture);
  if (!before) return;
  for (const [name, kept] of Object.entries(before.cameras)) kept.camera = liveCamera(before.gd, name) ?? kept.camera;
  Object.assign(picture, { axes: { ...before.axes }, cameras: { ...before.cameras }, visible: { ...before.visible } });
}
