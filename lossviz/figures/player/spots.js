// What the places of a handle stand for.

/**
 * @import { HandleMessage, Properties } from "./messages.d.ts"
 * @import { Spot } from "./state.d.ts"
 */

import { decimalsOf, formatFixed } from "../browser/numbers.js";

/** @param {HandleMessage} handle */
export const isFree = (handle) => handle.send.action === "place";

/**
 * @param {Properties} followed
 * @param {HandleMessage} handle
 * @param {Spot} spot
 * @returns {[number, number]}
 */
export function pointOf({ x, y }, handle, [i, j]) {
  return isFree(handle) ? [x[i], y[j]] : [x[i], y[i]];
}

/**
 * The value at a spot, the ends of what it can be, and what is said of it.
 * @param {Properties} followed
 * @param {HandleMessage} handle
 * @param {Spot} spot
 */
export function valuesOf({ x, y }, handle, [i, j]) {
  const { control, values: sent = [] } = handle.send;
  /** @type {(number | string)[]} */
  const values = isFree(handle) ? Array.from(x) : sent;
  const finite = /** @type {number[]} */ (values.filter(Number.isFinite));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const value = values[i];
  const end = value === "inf" ? high : low;
  const now = typeof value === "number" && Number.isFinite(value) ? value : end;
  const name = handle.label ?? control;
  const text = isFree(handle) ? `${formatValue(value)}, ${formatValue(y[j])}` : `${name} = ${formatValue(value)}`;
  return { low, high, now, text };
}

/** @param {number | string} value */
function formatValue(value) {
  if (typeof value === "string") return value.replace("inf", "∞");
  const rounded = Number(value.toPrecision(4));
  return formatFixed(rounded, decimalsOf([rounded]));
}
