// A guess: a line across a figure that a person drags along its axis, and after the reveal, where the truth is.

/**
 * @import { GuessMessage } from "./messages.d.ts"
 * @import { Axis } from "./plotly.d.ts"
 * @import { Picture, Player } from "./state.d.ts"
 */

import { element } from "../browser/elements.js";
import { keySteps } from "../browser/keys.js";
import { clamp, decimalsOf, formatFixed } from "../browser/numbers.js";
import { say } from "../browser/texts.js";
import { commit } from "./position.js";

const ID = "answer";
const REST = 400; // milliseconds after the last key before it counts as let go

/** What the player's element tells where nobody else hears it: `detail` is the answer. */
export const ANSWERED = "lossviz-answer";

/**
 * A step of the axis: at most a hundredth of it, and round.
 * @param {{ low: number, high: number }} axis
 */
export function stepOf({ low, high }) {
  const most = (high - low) / 100;
  const power = 10 ** Math.floor(Math.log10(most) + 1e-9);
  return power * (most >= 5 * power * (1 - 1e-9) ? 5 : most >= 2 * power * (1 - 1e-9) ? 2 : 1);
}

/**
 * The step that is nearest to a value, within the axis.
 * @param {{ low: number, high: number }} axis
 * @param {number} value
 */
export function snapped(axis, value) {
  const step = stepOf(axis); // Home and End go any number of them
  const [first, last] = [Math.ceil(axis.low / step - 1e-9), Math.floor(axis.high / step + 1e-9)];
  return Number((clamp(Math.round(value / step), first, last) * step).toPrecision(12));
}

/**
 * Where the line waits for a hand.
 * @param {{ low: number, high: number }} axis
 */
const middleOf = (axis) => snapped(axis, (axis.low + axis.high) / 2);

/**
 * The line of a picture whose axis is asked about; others have none.
 * @param {Player} player
 * @param {Picture} picture
 */
export function buildGuess(player, picture) {
  const guess = guessOf(player, picture);
  if (!guess) {
    picture.guess?.layer.remove();
    picture.guess = undefined;
    return;
  }
  if (!picture.guess) {
    const mark = element("div", { class: "mark", tabindex: 0, role: "slider" }, element("span", { class: "tag" }));
    const band = element("div", { class: "band" });
    const truth = element("div", { class: "truth" }, element("span", { class: "tag" }));
    const layer = element("div", { class: "guess" }, band, truth, mark);
    picture.grips.before(layer);
    picture.guess = { layer, mark, band, truth, held: null, from: null, rest: undefined };
  }
  listenToMark(player, picture);
  placeGuess(player, picture);
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @returns {GuessMessage | null}
 */
function guessOf({ model }, { index }) {
  const { guess } = model;
  return guess && model.pictures[index]?.figure.layout?.xaxis?.uirevision === guess.axis ? guess : null;
}

/**
 * Where the line is: under the hand, else as it was let go of, else as Python says; null before the first time.
 * @param {Player} player
 * @param {Picture} picture
 * @returns {number | null}
 */
function guessed(player, picture) {
  const sent = player.pending.get(ID)?.value;
  return picture.guess?.held ?? (typeof sent === "number" ? sent : null) ?? player.model.guess?.value ?? null;
}

/**
 * Draw the line, and what is right, where the axis has them.
 * @param {Player} player
 * @param {Picture} picture
 */
export function placeGuess(player, picture) {
  const guess = guessOf(player, picture);
  const parts = picture.guess;
  const { xaxis: x, yaxis: y } = /** @type {Record<string, Axis>} */ (picture.gd._fullLayout ?? {});
  if (!parts || !guess || !x?.d2p || !y) return;
  const { layer, mark, band, truth } = parts;
  Object.assign(layer.style, {
    left: `${x._offset}px`,
    top: `${y._offset}px`,
    width: `${x._length}px`,
    height: `${y._length}px`,
  });
  const value = guessed(player, picture);
  const isOpen = guess.truth !== null;
  put(mark, x, value ?? middleOf(guess), isOpen && value === null);
  describe(mark, guess, value, isOpen);
  const [right, tolerance] = guess.truth ?? [0, 0];
  put(truth, x, right, !isOpen);
  if (truth.lastChild) truth.lastChild.textContent = isOpen ? say("right: {value}", { value: format(right) }) : "";
  const [from, to] = [right - tolerance, right + tolerance].map((end) => clamp(x.d2p(end), 0, x._length));
  Object.assign(band.style, { left: `${from}px`, width: `${to - from}px` });
  band.hidden = !isOpen;
}

/**
 * @param {HTMLElement} line
 * @param {Axis} x
 * @param {number} value
 * @param {boolean} hidden
 */
function put(line, x, value, hidden) {
  const at = x.d2p(value);
  line.hidden = hidden || !(at >= -1 && at <= x._length + 1);
  line.style.transform = `translateX(${at}px)`;
  line.classList.toggle("far", at > 0.75 * x._length);
  line.classList.toggle("near", at < 0.25 * x._length);
}

/**
 * @param {HTMLElement} mark
 * @param {GuessMessage} guess
 * @param {number | null} value
 * @param {boolean} isOpen
 */
function describe(mark, guess, value, isOpen) {
  const text = value === null ? say("Drag to your answer") : say("your answer: {value}", { value: format(value) });
  const now = value ?? middleOf(guess);
  const attributes = {
    label: say("Answer on the axis"),
    valuemin: guess.low,
    valuemax: guess.high,
    valuenow: now,
    valuetext: text,
  };
  for (const [name, said] of Object.entries(attributes)) mark.setAttribute(`aria-${name}`, String(said));
  mark.classList.toggle("given", value !== null);
  if (isOpen) mark.setAttribute("aria-disabled", "true");
  else mark.removeAttribute("aria-disabled");
  if (mark.lastChild) mark.lastChild.textContent = text;
}

/** @param {number} value */
function format(value) {
  const rounded = Number(value.toPrecision(6));
  return formatFixed(rounded, decimalsOf([rounded]));
}

/**
 * @param {Player} player
 * @param {Picture} picture
 */
function listenToMark(player, picture) {
  const parts = picture.guess;
  if (!parts) return;
  const { mark } = parts;
  const isOpen = () => guessOf(player, picture)?.truth === null;
  mark.onpointerdown = (event) => {
    if (event.button !== 0 || !event.isPrimary || !isOpen()) return;
    event.preventDefault();
    mark.setPointerCapture(event.pointerId);
    mark.focus({ preventScroll: true });
    parts.from = guessed(player, picture);
    hold(player, picture, valueAt(player, picture, event.clientX));
  };
  mark.onpointermove = (event) => {
    if (mark.hasPointerCapture(event.pointerId)) hold(player, picture, valueAt(player, picture, event.clientX));
  };
  mark.onpointerup = () => letGo(player, picture);
  mark.onpointercancel = () => drop(player, picture);
  mark.onblur = () => letGo(player, picture);
  mark.onkeydown = (event) => {
    if (isOpen()) handleKey(player, picture, event);
  };
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {number} clientX
 */
function valueAt(player, picture, clientX) {
  const guess = /** @type {GuessMessage} */ (guessOf(player, picture));
  const x = /** @type {Axis} */ (picture.gd._fullLayout?.xaxis);
  return snapped(guess, x.p2d(clientX - picture.gd.getBoundingClientRect().left - x._offset));
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {number} value
 */
function hold(player, picture, value) {
  if (!picture.guess) return;
  picture.guess.held = value;
  picture.guess.mark.classList.add("held");
  placeGuess(player, picture);
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {KeyboardEvent} event
 */
function handleKey(player, picture, event) {
  const { guess: parts } = picture;
  const guess = guessOf(player, picture);
  const steps = keySteps(event);
  if (!parts || !guess) return;
  if (event.key === "Escape" && parts.held !== null) {
    event.stopPropagation();
    return drop(player, picture);
  }
  if (!steps && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  const now = guessed(player, picture);
  const at = now ?? middleOf(guess);
  if (parts.held === null) parts.from = now;
  hold(player, picture, steps ? snapped(guess, at + steps * stepOf(guess)) : at);
  clearTimeout(parts.rest);
  parts.rest = setTimeout(() => letGo(player, picture), REST);
}

/**
 * @param {Player} player
 * @param {Picture} picture
 */
function letGo(player, picture) {
  const { guess: parts } = picture;
  if (!parts || parts.held === null) return;
  const { held: value, from, mark } = parts;
  drop(player, picture);
  if (value === from) return;
  if (player.model.guess) player.model.guess.value = value; // what no server hears stays where it was put
  commit(player, ID, { action: "answer", value, revision: player.model.revision }, { value });
  mark.dispatchEvent(new CustomEvent(ANSWERED, { bubbles: true, detail: value }));
  placeGuess(player, picture);
}

/**
 * Back to where it was.
 * @param {Player} player
 * @param {Picture} picture
 */
function drop(player, picture) {
  const { guess: parts } = picture;
  if (!parts) return;
  clearTimeout(parts.rest);
  parts.held = null;
  parts.mark.classList.remove("held");
  placeGuess(player, picture);
}
