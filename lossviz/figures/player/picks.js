// Picks: a click on a bar or a point that stands for something says what it stands for.

/** @import { Picture, Player } from "./state.d.ts" */

import { commit } from "./position.js";

const AGAIN = 600; // milliseconds: Plotly tells of a tap twice, and of a double click

/**
 * @param {Player} player
 * @param {Picture} picture
 */
const pickOf = ({ model, send }, { index }) =>
  send && !model.locked ? model.picks.find(({ picture }) => picture === index) : undefined;

/**
 * What a click or a pointer means. Beneath the hand may be several traces: the first that stands for something.
 * @param {{ points: { customdata?: unknown }[] }} event
 */
const meaningOf = ({ points }) =>
  points.map(({ customdata }) => customdata).find((value) => value !== undefined && value !== null);

/**
 * Plotly reports no click where a drag has ended.
 * @param {Player} player
 * @param {Picture} picture
 */
export function listenForPicks(player, picture) {
  const { gd, group } = picture;
  let last = { time: -Infinity, value: /** @type {unknown} */ (undefined) };
  const show = (/** @type {unknown} */ value) =>
    group.classList.toggle("over", Boolean(pickOf(player, picture)) && value !== undefined);
  gd.on("plotly_hover", (event) => show(meaningOf(event)));
  gd.on("plotly_unhover", () => show(undefined));
  gd.on("plotly_click", (event) => {
    const value = meaningOf(event);
    const pick = pickOf(player, picture);
    if (value === undefined || event.event?.button || player.hand || !pick) return;
    const again = value === last.value && performance.now() - last.time < AGAIN;
    last = { time: performance.now(), value };
    if (again) return;
    const { control } = pick;
    commit(player, `pick ${picture.index}`, {
      action: "pick",
      ...(control && { control }),
      value,
      revision: player.model.revision,
    });
  });
}
