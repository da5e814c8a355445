// Handles: markers that a person can move: along a curve, or freely over a plane, which may have several of them, told by name.

/**
 * @import { HandleMessage, Properties } from "./messages.d.ts"
 * @import { Axis } from "./plotly.d.ts"
 * @import { Handle, HandleHand, Picture, Player, Spot } from "./state.d.ts"
 */

import { element } from "../browser/elements.js";
import { keySteps } from "../browser/keys.js";
import { clamp, nearest } from "../browser/numbers.js";
import { say } from "../browser/texts.js";
import { commit, letGo, letGoSoon } from "./position.js";
import { stop } from "./scrubber.js";
import { isFree, pointOf, valuesOf } from "./spots.js";

/**
 * A grip is a thing of the page over the marker: Plotly's zoom does not start under it, and keys reach it.
 * @param {Player} player
 * @param {Picture} picture
 */
export function buildGrips(player, picture) {
  const handles = player.model.handles.filter((handle) => handle.picture === picture.index);
  const { grips } = picture;
  const role = { class: "grip", role: "slider", tabindex: 0, "data-testid": "grip" };
  if (grips.children.length !== handles.length)
    grips.replaceChildren(...handles.map(() => element("div", role, element("span", { class: "tag" }))));
  picture.handles = handles.map((handle, i) => {
    const grip = /** @type {HTMLElement} */ (grips.children[i]);
    return { ...handle, id: idOf(handle), grip };
  });
  for (const handle of picture.handles) {
    const hand = handOf(player, handle);
    if (hand?.picture === picture) hand.handle = handle;
    handle.grip.setAttribute("aria-label", handle.label ?? handle.send.control ?? say("Point"));
    handle.grip.classList.toggle("free", isFree(handle));
    listenToGrip(player, picture, handle);
  }
  const [free, another] = picture.handles.filter(isFree);
  picture.gd.onpointerdown = free && !another ? (event) => press(player, picture, free, event) : null; // of several, which is meant?
}

/** @param {HandleMessage} handle */
function idOf({ picture, send: { action, control } }) {
  return action === "place" ? `place ${picture} ${control ?? ""}` : String(control);
}

/**
 * The hand that holds a handle, if one does.
 * @param {Player} player
 * @param {Handle} handle
 * @returns {HandleHand | null}
 */
function handOf({ hand }, { id }) {
  return hand?.kind === "handle" && hand.handle.id === id ? hand : null;
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 */
function listenToGrip(player, picture, handle) {
  const { grip } = handle;
  const handWith = (/** @type {number | null} */ pointer) => {
    const { hand } = player;
    return hand?.kind === "handle" && hand.pointer === pointer ? hand : null;
  };
  grip.onpointerdown = (event) => grabHandle(player, picture, handle, event);
  grip.onpointermove = (event) => {
    const hand = handWith(event.pointerId);
    if (hand) follow(player, hand, event);
  };
  grip.onpointerup = (event) => {
    if (handWith(event.pointerId)) letGo(player);
  };
  grip.onpointercancel = grip.onlostpointercapture = (event) => {
    const hand = handWith(event.pointerId);
    if (hand) dropHandle(player, hand);
  };
  grip.onkeydown = (event) => handleKeyOfGrip(player, picture, handle, event);
  grip.onblur = () => {
    if (handWith(null)?.handle.grip === grip) letGo(player);
  };
}

/**
 * The axes of the followed trace, which turn data into pixels; nothing if Plotly should ever hide them.
 * @param {Picture} picture
 * @param {Handle} handle
 * @returns {{ x: Axis, y: Axis } | null}
 */
function axesOf({ gd }, { follow }) {
  const { xaxis = "x", yaxis = "y" } = gd._fullData?.[follow] ?? {};
  const [x, y] = [xaxis, yaxis].map((name) => gd._fullLayout?.[`${name[0]}axis${name.slice(1)}`]);
  return x?.d2p && y?.d2p ? { x, y } : null;
}

/**
 * Where a handle was put by a hand, and Python does not know yet.
 * @param {Player} player
 * @param {Handle} handle
 * @returns {Spot | undefined}
 */
const movedSpot = (player, handle) => handOf(player, handle)?.spot ?? player.pending.get(handle.id)?.spot;

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @returns {Spot}
 */
function spotOf(player, picture, handle) {
  const moved = movedSpot(player, handle);
  if (moved) return moved;
  const { x, y } = picture.traces[handle.follow];
  const marker = picture.traces[handle.marker];
  if (isFree(handle)) return [nearest(x, marker.x[0]), nearest(y, marker.y[0])];
  const { at } = handle.send; // said by Python: near p = 1 many points are drawn at one place
  return [at !== undefined && x[at] === marker.x[0] ? at : nearest(x, marker.x[0])];
}

/**
 * The markers that are held, or that were let go of and wait for Python.
 * @param {Player} player
 * @param {Picture} picture
 * @param {Properties[]} traces
 */
export function moveMarkers(player, picture, traces) {
  for (const handle of picture.handles) {
    const spot = movedSpot(player, handle);
    const followed = traces[handle.follow];
    if (!spot || !followed) continue;
    const [x, y] = pointOf(followed, handle, spot);
    Object.assign(traces[handle.marker], { x: [x], y: [y] });
  }
}

/**
 * @param {Player} player
 * @param {Picture} picture
 */
export function placeGrips(player, picture) {
  for (const handle of picture.handles) {
    const place = placeOf(picture, handle);
    handle.grip.hidden = !place || player.model.locked;
    if (!place) continue;
    handle.grip.style.transform = `translate(${place.x}px, ${place.y}px)`;
    describe(player, picture, handle);
  }
}

/**
 * Where the marker is drawn, in pixels of the picture; nothing if it is out of sight.
 * @param {Picture} picture
 * @param {Handle} handle
 */
function placeOf(picture, handle) {
  const axes = axesOf(picture, handle);
  const trace = picture.traces[handle.marker];
  if (!axes || !trace || picture.gd._fullData?.[handle.marker]?.visible !== true) return null;
  const [px, py] = [axes.x.d2p(trace.x[0]), axes.y.d2p(trace.y[0])];
  const isWithin = (/** @type {number} */ at, /** @type {Axis} */ axis) => at >= -1 && at <= axis._length + 1;
  if (!isWithin(px, axes.x) || !isWithin(py, axes.y)) return null;
  return { x: axes.x._offset + px, y: axes.y._offset + py };
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 */
function describe(player, picture, handle) {
  const { grip } = handle;
  const { low, high, now, text } = valuesOf(picture.traces[handle.follow], handle, spotOf(player, picture, handle));
  const attributes = { valuemin: low, valuemax: high, valuenow: now, valuetext: text };
  for (const [name, value] of Object.entries(attributes)) grip.setAttribute(`aria-${name}`, String(value));
  if (grip.lastChild) grip.lastChild.textContent = text;
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {PointerEvent} event
 */
function grabHandle(player, picture, handle, event) {
  if (event.button !== 0 || !event.isPrimary) return;
  event.preventDefault();
  if (player.playing) stop(player);
  letGo(player);
  handle.grip.setPointerCapture(event.pointerId);
  handle.grip.focus({ preventScroll: true });
  const { left, top } = handle.grip.getBoundingClientRect();
  const half = handle.grip.offsetWidth / 2;
  const hand = holdHandle(player, picture, handle, spotOf(player, picture, handle), event.pointerId);
  hand.off = [event.clientX - left - half, event.clientY - top - half];
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {Spot} spot
 * @param {number | null} [pointer]
 */
function holdHandle(player, picture, handle, spot, pointer = null) {
  const hand = player.hand?.kind === "handle" ? player.hand : newHand(player, picture, handle, pointer);
  player.hand = hand;
  hand.spot = spot;
  handle.grip.classList.add("held");
  player.dirty.add(picture);
  player.draw();
  return hand;
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {number | null} pointer
 * @returns {HandleHand}
 */
function newHand(player, picture, handle, pointer) {
  const from = spotOf(player, picture, handle);
  return { kind: "handle", picture, handle, spot: from, from, pointer, off: [0, 0], letGo: () => letGoHandle(player) };
}

/**
 * @param {Player} player
 * @param {HandleHand} hand
 * @param {PointerEvent} event
 */
function follow(player, { picture, handle, off, spot }, event) {
  const now = spotAt(picture, handle, event.clientX - off[0], event.clientY - off[1]);
  if (now && String(now) !== String(spot)) holdHandle(player, picture, handle, now);
}

/**
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {number} clientX
 * @param {number} clientY
 * @returns {Spot | null}
 */
function spotAt(picture, handle, clientX, clientY) {
  const axes = axesOf(picture, handle);
  if (!axes) return null;
  const { left, top } = picture.gd.getBoundingClientRect();
  const closest = (/** @type {Axis} */ axis, /** @type {ArrayLike<number>} */ values, /** @type {number} */ at) =>
    nearest(
      Array.from(values, (value) => axis.d2p(value)),
      at - axis._offset,
    );
  const { x, y } = picture.traces[handle.follow];
  const i = closest(axes.x, x, clientX - left);
  return isFree(handle) ? [i, closest(axes.y, y, clientY - top)] : [i];
}

/**
 * A click on the plane: pressed and let go at one place. A drag is Plotly's zoom, and lets go on a cover over the whole page.
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {PointerEvent} event
 */
function press(player, picture, handle, { button, target, clientX, clientY }) {
  if (button !== 0 || player.model.locked || !(target instanceof Element && target.closest(".nsewdrag"))) return;
  const ends = /** @type {const} */ (["pointerup", "pointercancel"]);
  const settled = (/** @type {PointerEvent} */ { type, clientX: x, clientY: y }) => {
    for (const end of ends) removeEventListener(end, settled, true);
    if (type === "pointerup" && Math.hypot(x - clientX, y - clientY) < 4) place(player, picture, handle, x, y);
  };
  for (const end of ends) addEventListener(end, settled, true);
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {number} clientX
 * @param {number} clientY
 */
function place(player, picture, handle, clientX, clientY) {
  const spot = player.hand ? null : spotAt(picture, handle, clientX, clientY);
  if (!spot) return;
  holdHandle(player, picture, handle, spot);
  letGo(player);
}

/** @param {Player} player */
function letGoHandle(player) {
  const { hand } = player;
  if (hand?.kind !== "handle") return;
  const { picture, handle, spot, from } = hand;
  player.hand = null;
  handle.grip.classList.remove("held");
  if (String(spot) === String(from)) return;
  const { revision } = player.model;
  const { control, values = [] } = handle.send;
  const [x, y] = pointOf(picture.traces[handle.follow], handle, spot);
  if (isFree(handle)) {
    const event = { ...(control && { control }), x, y, picture: picture.index, revision };
    commit(player, handle.id, { action: "place", ...event }, { spot });
  } else commit(player, handle.id, { control: String(control), value: values[spot[0]], revision }, { spot });
}

/**
 * Back to where it was.
 * @param {Player} player
 * @param {HandleHand} hand
 */
function dropHandle(player, { picture, handle }) {
  clearTimeout(player.rest);
  player.hand = null;
  handle.grip.classList.remove("held");
  player.dirty.add(picture);
  player.draw();
}

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {Handle} handle
 * @param {KeyboardEvent} event
 */
function handleKeyOfGrip(player, picture, handle, event) {
  const hand = handOf(player, handle);
  const steps = keySteps(event);
  if (!steps && !(hand && event.key === "Escape")) return;
  event.preventDefault();
  event.stopPropagation();
  if (hand && event.key === "Escape") return dropHandle(player, hand);
  if (player.playing) stop(player);
  if (!hand) letGo(player);
  const { x, y } = picture.traces[handle.follow];
  const spot = [...spotOf(player, picture, handle)];
  const axis = isFree(handle) && /Up$|Down$/.test(event.key) ? 1 : 0;
  spot[axis] = clamp(spot[axis] + steps, 0, (axis ? y : x).length - 1);
  holdHandle(player, picture, handle, spot);
  letGoSoon(player);
}

/**
 * The answer to one drag may come when the next has begun.
 * @param {Player} player
 * @param {HandleHand} hand
 */
export function keepHandle(player, { picture, handle }) {
  const isHeld = (/** @type {HandleMessage} */ other) =>
    other.picture === picture.index && other.send.control === handle.send.control;
  if (player.model.handles.some(isHeld) && player.pictures.includes(picture)) return;
  handle.grip.classList.remove("held");
  player.hand = null;
}
