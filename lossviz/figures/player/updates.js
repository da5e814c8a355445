// What changes when Python sends a message, or the page its look.

/**
 * @import { Message, Scrubber } from "./messages.d.ts"
 * @import { Model, Player } from "./state.d.ts"
 */

import { decimalsOf, nearest } from "../browser/numbers.js";
import { say } from "../browser/texts.js";
import { isDark } from "../browser/theme.js";
import { drawNow } from "./drawing.js";
import { buildGuess } from "./guess.js";
import { buildGrips, keepHandle } from "./handles.js";
import { takeOverView } from "./kept_views.js";
import { modelOf } from "./model.js";
import { addPicture, removePicture } from "./pictures.js";
import { letGo, shownIndex } from "./position.js";
import { columnOf, heightIn, leadOf } from "./room.js";
import { showSentence, showValue } from "./scrubber.js";

/**
 * @param {Player} player
 * @param {Message} message
 */
export function receive(player, message) {
  const before = player.model;
  const isSame = before.scrubber?.id === message.scrubber?.id;
  if (player.hand?.kind === "scrubber" && !isSame) letGo(player); // it would be lost with its scrubber
  const value = isSame ? before.scrubber?.values[shownIndex(player)] : undefined;
  player.model = modelOf(message);
  player.pending.settle(player.model, before.revision);
  matchPictures(player);
  if (!player.model.scrubber || player.model.locked) {
    cancelAnimationFrame(player.playing);
    player.playing = 0;
  }
  keepHand(player, value);
  showTexts(player);
  for (const picture of player.pictures) player.dirty.add(picture);
  dress(player);
  drawNow(player);
  player.root.dataset.revision = String(player.model.revision);
}

/** @param {Player} player */
function matchPictures(player) {
  const { pictures, model } = player;
  for (const picture of pictures.splice(model.pictures.length)) removePicture(player, picture);
  while (pictures.length < model.pictures.length) {
    const picture = addPicture(player, pictures.length);
    takeOverView(player, picture);
    pictures.push(picture);
  }
}

/**
 * Above the scrubber those that stand beside each other, the others below it.
 * @param {Player} player
 */
function arrange(player) {
  const { pictures, parts } = player;
  const lead = leadOf(player);
  parts.grid.style.setProperty("--column", `${columnOf(player)}px`);
  pictures.forEach(({ group }, i) => {
    const place = i < lead ? parts.grid : parts.more;
    if (group.parentElement !== place) place.append(group);
  });
}

/**
 * @param {Player} player
 * @param {number} [value] the scrubber's, before
 */
function keepHand(player, value) {
  const { hand, model } = player;
  if (!hand) return;
  if (hand.kind === "handle") keepHandle(player, hand);
  else if (!model.scrubber) player.hand = null;
  else if (value !== undefined) hand.index = nearest(model.scrubber.values, value);
}

/** @param {Player} player */
export function showTexts(player) {
  const { model, parts, pictures } = player;
  const { scrubber } = model;
  player.root.setAttribute("aria-label", say("Figures of {name}", { name: model.file })); // there may be several of us on a page
  parts.bar.hidden = parts.keys.hidden = !scrubber;
  parts.play.disabled = parts.range.disabled = model.locked;
  if (scrubber) showScrubber(player);
  showSentence(player);
  arrange(player);
  for (const picture of pictures) {
    showTextsOf(player, picture);
    buildGrips(player, picture);
    buildGuess(player, picture);
  }
}

/** @param {Player} player */
function showScrubber(player) {
  const { model, parts } = player;
  const scrubber = /** @type {Scrubber} */ (model.scrubber);
  parts.range.max = String(scrubber.values.length - 1);
  parts.range.setAttribute("aria-label", scrubber.label);
  parts.name.textContent = scrubber.label;
  scrubber.decimals ??= decimalsOf(scrubber.values);
  showValue(player);
}

/**
 * @param {Player} player
 * @param {Player["pictures"][number]} picture
 */
function showTextsOf(player, { index, group, gd }) {
  const { model, parts, screen } = player;
  const { alt, wide, figure } = model.pictures[index];
  group.setAttribute("aria-label", alt || say("Figure"));
  group.classList.toggle("wide", Boolean(wide));
  gd.style.height = `${heightIn(player, index, heightOf(figure, screen.matches))}px`;
  const isPlayed = model.scrubber && figure.frames?.length;
  for (const [attribute, text] of Object.entries({ tabindex: "0", "aria-describedby": parts.keys.id }))
    if (isPlayed && !model.locked) group.setAttribute(attribute, text);
    else group.removeAttribute(attribute);
}

/**
 * @param {Model["pictures"][number]["figure"]} figure
 * @param {boolean} isSmall where each entry of the legend takes a row of its own
 */
function heightOf({ data, layout = {} }, isSmall) {
  const { height: tall = 420, showlegend = true, meta } = layout;
  const height = (isSmall && meta?.narrow?.height) || tall;
  const entries = showlegend && isSmall ? data.filter((trace) => trace.name && trace.showlegend !== false) : [];
  return height + 24 * Math.max(0, entries.length - 2);
}

/**
 * The page's look, by what its background is.
 * @param {Player} player
 */
export function dress(player) {
  const { backgroundColor: ground, color: ink, fontFamily: family } = getComputedStyle(player.root);
  const theme = { ground, ink, family, dark: isDark(ground) };
  if (JSON.stringify(theme) === JSON.stringify(player.theme)) return;
  player.theme = theme;
  player.root.classList.toggle("dark", theme.dark);
  player.restyle();
}
