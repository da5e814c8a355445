// The scrubber: its bar, and the hand that moves it.

/** @import { Player, ScrubberHand } from "./state.d.ts" */

import { keySteps } from "../browser/keys.js";
import { clamp, formatFixed, stickyNearest } from "../browser/numbers.js";
import { say } from "../browser/texts.js";
import { commit, frameOf, letGo, letGoSoon, shownIndex } from "./position.js";

/** @import { Scrubber } from "./messages.d.ts" */

const STEP = 50; // milliseconds between two steps of play

/**
 * What the bar says.
 * @param {Player} player
 */
export function showValue(player) {
  const { scrubber } = player.model;
  if (!scrubber) return;
  const { range, value, play } = player.parts;
  const { symbol, label, values, decimals = 0 } = scrubber;
  const index = shownIndex(player);
  const sign = symbol ? `${symbol} = ` : ""; // what has no symbol has its name above the number
  const text = `${sign}${formatFixed(values[index], decimals)}`;
  const place = placeOf(scrubber, index);
  if (range.value !== String(place)) range.value = String(place);
  range.setAttribute("aria-valuetext", text);
  range.style.setProperty("--share", String(place / (values.length - 1 || 1)));
  value.textContent = text;
  const ends = [values[0], values[values.length - 1]].map((end) => formatFixed(end, decimals).length);
  value.style.minWidth = `${Math.max(...ends) + sign.length}ch`; // the scrubber does not move under the hand
  play.textContent = player.playing ? "❚❚" : "▶";
  play.setAttribute("aria-label", player.playing ? say("Pause {name}", { name: label }) : say("Play {name}", { name: label }));
  play.classList.toggle("on", Boolean(player.playing));
}

/**
 * Where a value is on the slider, which is as long as there are steps: at its index, or with stops where it is on the scale.
 * @param {Pick<Scrubber, "values" | "stops">} scrubber
 * @param {number} index
 */
export function placeOf({ values, stops = [] }, index) {
  const last = values.length - 1;
  if (!stops.length || !last) return index;
  return Number(((last * (values[index] - values[0])) / (values[last] - values[0])).toFixed(6));
}

/**
 * The index of the value that a pointer is at.
 * @param {Pick<Scrubber, "values" | "stops">} scrubber
 * @param {number} place
 */
export function indexAt({ values, stops = [] }, place) {
  const last = values.length - 1;
  if (!stops.length || !last) return Math.round(place);
  return stickyNearest(values, values[0] + (place / last) * (values[last] - values[0]), stops);
}

/**
 * What is seen in the first picture, where the scrubber is.
 * @param {Player} player
 */
export function showSentence(player) {
  const { sentence } = player.parts;
  const { sentences = [] } = player.model.pictures[0] ?? {};
  const text = sentences[sentences.length > 1 ? shownIndex(player) : 0] ?? "";
  if (sentence.textContent !== text) sentence.textContent = text;
  sentence.hidden = !sentences.some(Boolean);
}

/** @param {Player} player */
export function grabScrubber(player) {
  halt(player);
  holdScrubber(player, shownIndex(player)).pointer = true;
}

/**
 * @param {Player} player
 * @param {number} index
 */
export function holdScrubber(player, index) {
  if (player.hand?.kind === "handle") letGo(player);
  const before = shownIndex(player);
  const hand = player.hand?.kind === "scrubber" ? player.hand : newHand(player, index);
  player.hand = hand;
  hand.index = index;
  showValue(player);
  showSentence(player);
  if (index === before) return hand;
  for (const picture of player.pictures) if (frameOf(player, picture)) player.dirty.add(picture);
  player.draw();
  return hand;
}

/**
 * @param {Player} player
 * @param {number} index
 * @returns {ScrubberHand}
 */
const newHand = (player, index) => ({ kind: "scrubber", index, pointer: false, letGo: () => letGoScrubber(player) });

/** @param {Player} player */
function letGoScrubber(player) {
  const { hand, model } = player;
  const { scrubber, revision } = model;
  player.hand = null;
  if (hand?.kind !== "scrubber" || !scrubber || hand.index === shownIndex(player)) return;
  const value = scrubber.values[hand.index];
  if (player.send) commit(player, scrubber.id, { control: scrubber.id, value, revision }, { value });
  else scrubber.at = hand.index;
}

/** @param {Player} player */
export function start(player) {
  const { scrubber } = player.model;
  if (!scrubber) return;
  const stride = Math.ceil(scrubber.values.length / 60); // long ones are played in three seconds as well
  let last = -Infinity;
  letGo(player);
  holdScrubber(player, shownIndex(player));
  const tick = (/** @type {number} */ now) => {
    player.playing = requestAnimationFrame(tick);
    if (now - last < STEP - 4) return;
    last = now;
    const end = (player.model.scrubber?.values.length ?? 1) - 1;
    const index = shownIndex(player);
    holdScrubber(player, index === end ? 0 : Math.min(index + stride, end));
  };
  player.playing = requestAnimationFrame(tick);
  showValue(player);
}

/**
 * Stands still, and the hand still holds it.
 * @param {Player} player
 */
function halt(player) {
  cancelAnimationFrame(player.playing);
  player.playing = 0;
  showValue(player);
}

/** @param {Player} player */
export function stop(player) {
  halt(player);
  letGo(player);
}

/**
 * @param {Player} player
 * @param {KeyboardEvent} event
 */
export function handleKey(player, event) {
  const { scrubber } = player.model;
  const onRange = event.target === player.parts.range;
  if (!scrubber || player.model.locked || !(onRange || isPicture(event.target))) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " ") {
    event.preventDefault();
    (player.playing ? stop : start)(player);
  } else if (event.key === "Escape" && player.hand?.kind === "scrubber") {
    (player.playing ? stop : dropScrubber)(player);
  } else if (onRange || !/^Arrow(Up|Down)$/.test(event.key)) {
    step(player, scrubber.values.length - 1, event); // elsewhere those two scroll the page
  }
}

/** @param {EventTarget | null} target */
const isPicture = (target) => target instanceof Element && target.matches(".picture[tabindex]");

/**
 * @param {Player} player
 * @param {number} last
 * @param {KeyboardEvent} event
 */
function step(player, last, event) {
  const steps = keySteps(event);
  if (!steps) return;
  event.preventDefault();
  if (player.playing) halt(player);
  holdScrubber(player, clamp(shownIndex(player) + steps, 0, last));
  letGoSoon(player);
}

/** @param {Player} player */
function dropScrubber(player) {
  clearTimeout(player.rest);
  player.hand = null;
  player.restyle();
  showValue(player);
}
