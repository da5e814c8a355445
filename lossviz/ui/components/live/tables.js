// The bytes of payload.py, read. Nothing here, or anywhere in this folder, knows a formula: the browser plays what torch computed.

/**
 * @import { Header, PythonNumber, SweepMessage } from "./messages.d.ts"
 * @import { Model, Row, Sweep, TableLayout } from "./state.d.ts"
 */

import { decimalsOf } from "../../../figures/browser/numbers.js";

/**
 * @param {Uint8Array} bytes
 * @returns {Model}
 */
export function decode(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = /** @type {Header} */ (JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
  const floats = new Float32Array(bytes.slice(4 + length).buffer); // a copy, hence aligned
  const layout = layoutOf(header);
  const stopsOf = (/** @type {string} */ id) => header.parameters.find((parameter) => parameter.id === id)?.stops ?? [];
  const sweeps = new Map(header.sweeps.map((sweep) => [sweep.id, sweepOf(sweep, stopsOf(sweep.id), layout, floats)]));
  const rows = header.rows.map((row) => ({ ...row, logit: fromPython(row.logit) }));
  return { header, layout, sweeps, rows, now: presentRow(header, layout), ghost: "ce_terms" in layout.at };
}

/**
 * @param {Pick<Header, "classes" | "columns" | "scalars">} header
 * @returns {TableLayout}
 */
function layoutOf({ classes, columns, scalars }) {
  /** @type {TableLayout["at"]} */
  const at = {};
  columns.forEach((name, i) => {
    at[name] = i * classes;
  });
  scalars.forEach((name, i) => {
    at[name] = columns.length * classes + i;
  });
  return { at, classes, width: columns.length * classes + scalars.length };
}

/**
 * @param {SweepMessage} message
 * @param {number[]} stops
 * @param {TableLayout} layout
 * @param {Float32Array} array
 * @returns {Sweep}
 */
function sweepOf({ id, values: sent, at, offset }, stops, layout, array) {
  const hasTargets = isTarget(id);
  const stride = layout.width + (hasTargets ? layout.classes : 0);
  const row = (/** @type {number} */ index) => {
    const base = offset + index * stride;
    return { array, base, targets: hasTargets ? base + layout.width : -1 };
  };
  const values = sent.map((value) => fromPython(value) || 0); // -0 is 0
  const grid = values.filter((_, i) => i !== at); // a present value may lie between its points
  return { id, values, at, row, decimals: decimalsOf(grid, 3), stops, low: values[0], high: values[values.length - 1] };
}

/** @param {string} id */
export const isLogit = (id) => /^z\d+$/.test(id);

/** @param {string} id */
export const isTarget = (id) => /^t\d+$/.test(id);

/**
 * @param {Header} header
 * @param {TableLayout} layout
 * @returns {Row}
 */
function presentRow({ now, columns, scalars }, { at, width }) {
  const array = new Float64Array(width);
  for (const name of [...columns, ...scalars]) array.set([now[name]].flat().map(fromPython), at[name]);
  return { array, base: 0, targets: -1 };
}

/**
 * JSON has neither nan nor the infinities.
 * @param {PythonNumber | undefined} value
 */
export function fromPython(value) {
  if (value === null || value === undefined) return NaN;
  return typeof value === "string" ? Number(value.replace("inf", "Infinity")) : value;
}

/**
 * What a sweep's rows have at an offset.
 * @param {Sweep} sweep
 * @param {number} offset
 */
export function seriesOf(sweep, offset) {
  return sweep.values.map((_, i) => {
    const { array, base } = sweep.row(i);
    return array[base + offset];
  });
}

/**
 * The largest finite size in some columns of a row.
 * @param {Row} row
 * @param {TableLayout} layout
 * @param {string[]} columns
 */
function largest({ array, base }, { at, classes }, columns) {
  let most = 0;
  for (const name of columns) {
    if (!(name in at)) continue;
    for (let c = 0; c < classes; c++) {
      const size = Math.abs(array[base + at[name] + c]);
      if (size > most && size < Infinity) most = size;
    }
  }
  return most;
}

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** @param {number} size */
export function roundUp(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  const round = ROUND.find((r) => r * power >= size * (1 - 1e-9)) ?? 10;
  return Number((round * power).toPrecision(3));
}

/**
 * What the end of an axis stands for: room for `room` times the present row, but not past what any control can reach.
 * The axis stays as it was while the present row still fills a fair part of it.
 * @param {Pick<Model, "now" | "layout" | "sweeps">} model
 * @param {string[]} columns
 * @param {number} room
 * @param {number} before
 */
export function axisEnd({ now, layout, sweeps }, columns, room, before) {
  const present = largest(now, layout, columns);
  let reach = present;
  for (const sweep of sweeps.values())
    for (let i = 0; i < sweep.values.length; i++) reach = Math.max(reach, largest(sweep.row(i), layout, columns));
  const end = roundUp(Math.max(0.1, Math.min(reach, room * present)));
  return before >= present && before <= 4 * end ? before : end;
}
