// Plain objects, merged and copied; none of these writes into what it is given, but for `overlay`.

/** @import { Properties } from "./messages.d.ts" */

/**
 * @param {unknown} value
 * @returns {value is Properties}
 */
export const isPlain = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * @param {Properties} object
 * @param {(value: any, name: string) => unknown} change
 */
export const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));

/**
 * Neither input is touched, and no object of theirs is in the result: Plotly writes into what it is given. Arrays are shared.
 * @param {Properties} base
 * @param {Properties} [over]
 */
export function merged(base, over = {}) {
  /** @type {Properties} */
  const out = {};
  for (const name of Object.keys(base)) out[name] = isPlain(base[name]) ? merged(base[name]) : base[name];
  for (const name of Object.keys(over))
    out[name] = isPlain(over[name]) ? merged(isPlain(out[name]) ? out[name] : {}, over[name]) : over[name];
  return out;
}

/**
 * @param {any} value
 * @returns {any}
 */
function copied(value) {
  if (Array.isArray(value)) return value.map(copied);
  return isPlain(value) ? copiedLayout(value) : value;
}

/**
 * A layout with lists of its own; its template is shared.
 * @param {Properties} layout
 * @returns {Properties}
 */
export const copiedLayout = (layout) => mapped(layout, (value, name) => (name === "template" ? value : copied(value)));

/**
 * @param {Properties} object
 * @param {string} path
 * @param {unknown} value
 */
function setPath(object, path, value) {
  const names = path.split(".");
  const last = /** @type {string} */ (names.pop());
  let inner = object;
  for (const name of names) {
    if (!isPlain(inner[name])) inner[name] = {};
    inner = inner[name];
  }
  inner[last] = value;
}

/**
 * Writes values into an object by their paths.
 * @param {Properties} object
 * @param {Properties} [over]
 */
export function overlay(object, over = {}) {
  for (const [path, value] of Object.entries(over)) setPath(object, path, value);
}

/**
 * A part of a layout with its type so many times as large.
 * @param {any} value
 * @param {number} scale
 * @param {string} [name] what the part is called
 * @returns {any}
 */
export function scaledFonts(value, scale, name = "") {
  if (Array.isArray(value)) return value.map((one) => (isPlain(one) ? scaledFonts(one, scale) : one));
  if (!isPlain(value)) return value;
  if (/font$/i.test(name) && typeof value.size === "number") return { ...value, size: scale * value.size };
  return mapped(value, (inner, key) => scaledFonts(inner, scale, key));
}
