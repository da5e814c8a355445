// Where the scrubber is, and what a person holds.

/**
 * @import { PlayerEvent } from "./messages.d.ts"
 * @import { PendingAct, Picture, Player } from "./state.d.ts"
 */

import { nearest } from "../browser/numbers.js";

/**
 * The index on show: what the hand holds, else what was sent and not yet answered, else what Python says.
 * @param {Pick<Player, "hand" | "pending" | "model">} player
 */
export function shownIndex({ hand, pending, model: { scrubber } }) {
  if (hand?.kind === "scrubber") return hand.index;
  if (!scrubber) return 0;
  const sent = pending.get(scrubber.id);
  return sent ? nearest(scrubber.values, Number(sent.value)) : scrubber.at;
}

/**
 * The frame of a picture at the present step; none where it has no frames.
 * @param {Player} player
 * @param {Picture} picture
 */
export function frameOf(player, { index }) {
  return player.model.scrubber ? player.model.pictures[index].figure.frames?.[shownIndex(player)] : undefined;
}

const REST = 400; // milliseconds after the last key before it counts as let go

/** @param {Player} player */
export function letGo(player) {
  clearTimeout(player.rest);
  player.hand?.letGo();
}

/** @param {Player} player */
export function letGoSoon(player) {
  const { hand } = player;
  clearTimeout(player.rest);
  player.rest = setTimeout(() => hand === player.hand && letGo(player), REST);
}

/**
 * @param {Player} player
 * @param {string} id
 * @param {PlayerEvent} event
 * @param {Partial<PendingAct>} [shown] what stays on show until Python has applied it
 */
export function commit(player, id, event, shown = {}) {
  if (player.send) player.pending.add(id, { ...shown, act: player.send(event) });
}
