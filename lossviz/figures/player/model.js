// What Python sends, as the player has it.

/**
 * @import { Figure, Message } from "./messages.d.ts"
 * @import { Model } from "./state.d.ts"
 */

import { isPlain, mapped } from "./objects.js";

/** @type {Record<string, new (buffer: ArrayBuffer) => any>} */
const ARRAYS = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
};

/**
 * A figure with its arrays decoded: Plotly would decode base64 anew at every step of the scrubber.
 * @param {any} value
 * @returns {any}
 */
export function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (!isPlain(value)) return value;
  if (!("bdata" in value)) return mapped(value, revive);
  const bytes = Uint8Array.from(atob(value.bdata), (letter) => letter.charCodeAt(0));
  const flat = new ARRAYS[value.dtype](bytes.buffer);
  const [rows, columns] = String(value.shape ?? "")
    .split(",")
    .map(Number);
  if (!columns) return flat;
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
}

/** @type {Model} */
export const EMPTY = {
  revision: 0,
  acts: 0,
  pictures: [],
  handles: [],
  picks: [],
  linked: [],
  scrubber: null,
  guess: null,
  locked: false,
  file: "lossviz",
};

/**
 * @param {Message} message
 * @returns {Model}
 */
export function modelOf(message) {
  const pictures = message.pictures.map((picture) => ({ ...picture, figure: /** @type {Figure} */ (revive(picture.figure)) }));
  return { ...EMPTY, ...message, pictures };
}
