// The link: it is put right before Python hears of an act, so that Python finds nothing to add to the browser's history.

/**
 * @import { LiveEvent } from "./messages.d.ts"
 * @import { Live } from "./state.d.ts"
 */

import { pageHistory } from "../../../figures/browser/history.js";
import { formatAsPython, nearest } from "../../../figures/browser/numbers.js";
import { valueOnShow } from "./values.js";

/**
 * @param {Live} live
 * @param {LiveEvent} event
 */
export function putIntoLink(live, { control, value, action, index }) {
  const { rows } = live.model;
  if (control !== undefined && value !== undefined) return putControl(live, control, value);
  if (action === "label") putWord(live, "t", rows.map((_, c) => Number(c === index))); // biome-ignore format: one thing
  if (action === "toggle") putWord(live, "t", rows.map(({ target }, c) => (c === index ? Number(target <= 0.5) : target))); // biome-ignore format: one thing
}

/**
 * @param {Live} live
 * @param {string} control
 * @param {number} value
 */
function putControl(live, control, value) {
  const { model } = live;
  const [, kind, index] = /^([zt])(\d+)$/.exec(control) ?? [];
  if (!kind) return putWord(live, control, [value]);
  const sweep = model.sweeps.get(control);
  const at = sweep ? nearest(sweep.values, value) : -1;
  const row = sweep && sweep.values[at] === value ? sweep.row(at) : { array: model.now.array, targets: -1 };
  const values = model.rows.map((_, c) => (c === Number(index) ? value : valueOnShow(live, kind + c, row)));
  putWord(live, kind, values);
}

/**
 * @param {Live} live
 * @param {string} kind a parameter's name, "z" or "t"
 * @param {number[]} values
 */
function putWord(live, kind, values) {
  const { word_of: words, defaults } = live.model.header.url;
  const word = words[kind];
  if (!word) return;
  const text = values.map(formatAsPython).join(" ");
  const url = new URL(window.location.href);
  if (text === defaults[word]) url.searchParams.delete(word);
  else url.searchParams.set(word, text);
  pageHistory().rewrite(url);
}
