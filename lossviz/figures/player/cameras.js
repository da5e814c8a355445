// Linked scenes turn together.

/**
 * @import { Properties, Scene } from "./messages.d.ts"
 * @import { Picture, Player } from "./state.d.ts"
 */

import { liveCamera, revisionOf } from "./view.js";

/**
 * While one scene is turned only the cameras of the others move; the layouts learn of it at the end.
 * @param {Player} player
 * @param {Picture} picture
 * @param {Properties} update as Plotly reports it, by path
 * @param {boolean} done
 */
export function turnLinked(player, picture, update, done) {
  const { linked } = player.model;
  const from = linked.find(([i, name]) => i === picture.index && update[`${name}.camera`]);
  if (!from || picture.led) return;
  const others = linked.filter((scene) => scene !== from && player.pictures[scene[0]]?.gd._fullLayout);
  turn(player, others, update[`${from[1]}.camera`]);
  if (done) comeToRest(player, picture, from[1], others);
}

/**
 * @param {Player} player
 * @param {Scene[]} scenes
 * @param {Properties} camera
 */
function turn(player, scenes, camera) {
  for (const [i, name] of scenes) {
    const { gd, cameras } = player.pictures[i];
    cameras[name] = { revision: revisionOf(player.model.pictures[i].figure.layout ?? {}, name), camera };
    gd._fullLayout?.[name]?._scene?.setViewport?.({ ...gd._fullLayout[name], camera });
  }
}

/**
 * A camera glides on for a moment after it is let go of, and Plotly does not tell.
 * @param {Player} player
 * @param {Picture} picture
 * @param {string} name
 * @param {Scene[]} others
 */
function comeToRest(player, { gd }, name, others) {
  let [before, frames] = ["", 0];
  const look = () => {
    const camera = liveCamera(gd, name);
    if (!camera || others.some(([i]) => !player.pictures[i])) return;
    turn(player, others, camera);
    const now = JSON.stringify(camera);
    frames = now === before ? frames + 1 : 0;
    before = now;
    if (frames < 6) player.gliding = requestAnimationFrame(look);
    else for (const [i, other] of others) lead(player.pictures[i], { [`${other}.camera`]: camera });
  };
  cancelAnimationFrame(player.gliding);
  player.gliding = requestAnimationFrame(look);
}

/**
 * What Plotly then reports is no person's doing: without `led` two scenes would turn each other for ever.
 * @param {Picture} picture
 * @param {Properties} update
 */
async function lead(picture, update) {
  picture.led = true;
  await Plotly.relayout(picture.gd, update);
  picture.led = false;
}
