// The hand: what a person holds, by pointer or by keys. It moves along one sweep; only letting go tells Python.

/** @import { Hand, Live, Slider } from "./state.d.ts" */

import { keySteps } from "../../../figures/browser/keys.js";
import { clamp, nearest, stickyNearest } from "../../../figures/browser/numbers.js";
import { valueAtRest } from "./values.js";
import { mark } from "./writers.js";

const SLACK = 14; // pixels around the knob within which a press does not make it jump
const FIRM = 4; // pixels that a touch goes sideways before it is no scrolling of the page
const PAUSE = 250; // milliseconds after the last key before it counts as let go

/**
 * @param {Live} live
 * @param {Slider} slider
 */
export function listenToSlider(live, slider) {
  const { root, id } = slider;
  const isHeld = (/** @type {PointerEvent} */ event) => live.hand?.id === id && live.hand.pointer === event.pointerId;
  root.onpointerdown = (event) => press(live, slider, event);
  root.onpointermove = (event) => {
    if (isHeld(event)) drag(live, slider, event);
  };
  root.onpointerup = (event) => {
    if (!isHeld(event)) return;
    if (!live.hand?.engaged) follow(live, event);
    letGo(live);
  };
  root.onpointercancel = root.onlostpointercapture = (event) => {
    if (isHeld(event)) drop(live);
  };
  root.onkeydown = (event) => handleKey(live, id, event);
  root.onblur = () => {
    if (live.hand?.id === id && live.hand.pointer === null) letGo(live);
  };
}

/**
 * Where a press grips a knob: how far from its middle, none where it is too far off and the knob jumps to it.
 * @param {{ left: number, width: number }} track
 * @param {number} share of the track that the knob is at
 * @param {number} clientX
 */
export function nudgeOf({ left, width }, share, clientX) {
  const off = clientX - (left + width * share);
  return Math.abs(off) <= SLACK ? off : 0;
}

/**
 * The value of a grid that is nearest to the pointer, or the stop that it is near to.
 * @param {{ left: number, width: number, nudge: number }} hand
 * @param {{ values: number[], low: number, high: number, stops?: number[] }} sweep
 * @param {number} clientX
 */
export function valueAt({ left, width, nudge }, { values, low, high, stops }, clientX) {
  const share = clamp((clientX - nudge - left) / width, 0, 1);
  return values[stickyNearest(values, low + share * (high - low), stops)];
}

/**
 * @param {Live} live
 * @param {Slider} slider
 * @param {PointerEvent} event
 */
function press(live, { id, root, field }, event) {
  const sweep = live.model.header.locked ? undefined : live.model.sweeps.get(id);
  if (event.button !== 0 || !event.isPrimary || !sweep || sweep.values.length < 2) return;
  if (live.hand) letGo(live);
  const { left, width } = field.getBoundingClientRect(); // once: the track stands still while it is held
  const { clientX: start, pointerId: pointer } = event;
  const value = valueAtRest(live, id);
  const nudge = nudgeOf({ left, width }, (value - sweep.low) / (sweep.high - sweep.low), start);
  const isTouch = event.pointerType === "touch"; // may yet turn out to scroll the page
  take(live, { id, value, pointer, left, width, nudge, start, engaged: !isTouch });
  root.setPointerCapture(event.pointerId);
  root.focus({ preventScroll: true });
  if (isTouch) return;
  event.preventDefault();
  showDragging(live, root, true);
  follow(live, event);
}

/**
 * Where nobody computes anew, the tables are for one control at a time: the others go back to where they were.
 * @param {Live} live
 * @param {Hand} hand
 */
function take(live, hand) {
  live.hand = hand;
  if (!live.send) live.pending.keep(hand.id);
}

/**
 * @param {Live} live
 * @param {HTMLElement} root
 * @param {boolean} on
 */
function showDragging(live, root, on) {
  mark(root, "held-now", on);
  mark(live.root, "dragging", on);
}

/**
 * @param {Live} live
 * @param {Slider} slider
 * @param {PointerEvent} event
 */
function drag(live, { root }, event) {
  const { hand } = live;
  if (!hand || (!hand.engaged && Math.abs(event.clientX - hand.start) < FIRM)) return;
  if (!hand.engaged) showDragging(live, root, true);
  hand.engaged = true;
  follow(live, event);
}

/**
 * @param {Live} live
 * @param {PointerEvent} event
 */
function follow(live, { clientX }) {
  const { hand, model } = live;
  const sweep = hand && model.sweeps.get(hand.id);
  if (sweep) hold(live, valueAt(hand, sweep, clientX));
}

/**
 * @param {Live} live
 * @param {number} value
 */
function hold(live, value) {
  if (!live.hand || live.hand.value === value) return;
  live.hand.value = value;
  live.frame();
}

/**
 * @param {Live} live
 * @param {string} id
 * @param {KeyboardEvent} event
 */
function handleKey(live, id, event) {
  if (event.key === "Escape" && live.hand?.id === id) {
    event.preventDefault();
    return drop(live);
  }
  const steps = live.model.header.locked ? 0 : keySteps(event);
  const sweep = live.model.sweeps.get(id);
  if (!steps || !sweep) return;
  event.preventDefault();
  if (live.hand && (live.hand.id !== id || live.hand.pointer !== null)) letGo(live);
  const hand = live.hand ?? handOfKeys(id, valueAtRest(live, id));
  take(live, hand);
  hold(live, sweep.values[clamp(nearest(sweep.values, hand.value) + steps, 0, sweep.values.length - 1)]);
  clearTimeout(hand.timer);
  hand.timer = setTimeout(() => {
    if (live.hand?.id === id) letGo(live);
  }, PAUSE);
}

/**
 * @param {string} id
 * @param {number} value
 * @returns {Hand}
 */
const handOfKeys = (id, value) => ({ id, value, pointer: null, left: 0, width: 0, nudge: 0, start: 0, engaged: true });

/**
 * Nothing is held any more.
 * @param {Live} live
 */
export function release(live) {
  const { hand } = live;
  if (!hand) return;
  clearTimeout(hand.timer);
  live.hand = null;
  const slider = live.sliders.get(hand.id);
  if (slider) mark(slider.root, "held-now", false);
  mark(live.root, "dragging", false);
  queueMicrotask(() => live.waiting && live.receive(live.waiting)); // after what was held is sent
}

/** @param {Live} live */
function letGo(live) {
  if (!live.hand) return;
  const { id, value } = live.hand;
  release(live);
  if (value !== valueAtRest(live, id)) live.commit({ control: id, value });
  else live.frame();
}

/**
 * Back to where it was.
 * @param {Live} live
 */
function drop(live) {
  release(live);
  live.frame();
}
