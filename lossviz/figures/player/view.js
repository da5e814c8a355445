// The view a person has made: ranges, cameras, hidden legend entries.

/**
 * @import { Properties } from "./messages.d.ts"
 * @import { Picture, Player } from "./state.d.ts"
 */

/**
 * Plotly's own uirevision gives a zoom up when Python sends another range, and a camera that is being turned.
 * @param {Properties} layout
 * @param {string} name
 */
export const revisionOf = (layout, name) => layout[name]?.uirevision ?? layout.uirevision;

/**
 * @param {Picture} picture
 * @param {Properties} layout
 */
export function keepView({ axes, cameras, gd }, layout) {
  for (const [name, { revision, range }] of Object.entries(axes))
    if (revision !== revisionOf(layout, name)) delete axes[name];
    else layout[name] = { ...layout[name], autorange: !range, ...(range && { range: [...range] }) };
  for (const [name, kept] of Object.entries(cameras)) {
    if (kept.revision !== revisionOf(layout, name)) delete cameras[name];
    else {
      kept.camera = liveCamera(gd, name) ?? kept.camera;
      layout[name] = { ...layout[name], camera: kept.camera };
    }
  }
}

/**
 * Where the camera is at this moment, in the middle of a drag too.
 * @param {Picture["gd"]} gd
 * @param {string} name
 * @returns {Properties | undefined}
 */
export const liveCamera = (gd, name) => gd._fullLayout?.[name]?._scene?.getCamera?.();

/**
 * @param {Player} player
 * @param {Picture} picture
 */
export function resetView(player, picture) {
  picture.axes = {};
  picture.cameras = {};
  picture.resets++; // for Plotly: another uirevision
  player.dirty.add(picture);
  player.draw();
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Properties} update as Plotly reports it, by path
 * @param {boolean} [passing] in the middle of a drag
 */
export function noteView(player, { index, gd, axes, cameras }, update, passing = false) {
  const { layout = {} } = player.model.pictures[index]?.figure ?? {};
  for (const path of Object.keys(update)) {
    const [name, what] = path.split(".");
    if (/^[xy]axis\d*$/.test(name) && /^(range|autorange)/.test(what) && !passing) {
      const { range, autorange } = gd.layout[name];
      axes[name] = { revision: revisionOf(layout, name), range: autorange === true ? null : [...range] };
    }
    if (!/^scene\d*$/.test(name) || what !== "camera") continue;
    cameras[name] = { revision: revisionOf(layout, name), camera: update[path] };
  }
}
