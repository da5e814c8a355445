// The values of the controls, and the row that goes with them.

/** @import { Live, Model, Row } from "./state.d.ts" */

import { nearest, shortestDecimal } from "../../../figures/browser/numbers.js";
import { fromPython, isLogit, isTarget } from "./tables.js";

/**
 * The committed value of a control.
 * @param {Model} model
 * @param {string} id
 */
export function committedValue({ sweeps, rows, header }, id) {
  const index = Number(id.slice(1));
  if (isLogit(id)) return rows[index]?.logit ?? NaN;
  if (isTarget(id)) return rows[index]?.target ?? NaN;
  const sweep = sweeps.get(id);
  return sweep ? sweep.values[sweep.at] : fromPython(header.parameters.find((parameter) => parameter.id === id)?.value);
}

/**
 * What the control has but for the hand: what was sent and not yet answered, else what is committed.
 * @param {Pick<Live, "model" | "pending">} live
 * @param {string} id
 */
export function valueAtRest({ model, pending }, id) {
  return pending.get(id)?.value ?? committedValue(model, id);
}

/**
 * What the page says the control is. Targets may move together: a row of a target's sweep has all of them.
 * @param {Pick<Live, "model" | "pending" | "hand">} live
 * @param {string} id
 * @param {Pick<Row, "array" | "targets">} row
 */
export function valueOnShow(live, id, { array, targets }) {
  if (live.hand?.id === id) return live.hand.value;
  if (targets >= 0 && isTarget(id) && !live.pending.has(id)) return shortestDecimal(array[targets + Number(id.slice(1))]);
  return valueAtRest(live, id);
}

/**
 * The control that is not where Python says: under the hand, or sent and not yet answered.
 * @param {Pick<Live, "pending" | "hand">} live
 * @returns {{ id?: string, value?: number }}
 */
function moving({ hand, pending }) {
  if (hand) return hand;
  const latest = pending.latest();
  return latest ? { id: latest[0], value: latest[1].value } : {};
}

/**
 * What the loss is called, with the slider where it is.
 * @param {Pick<Live, "model" | "pending" | "hand">} live
 */
export function titleOnShow(live) {
  const { title, titles } = live.model.header;
  const { id = "", value } = moving(live);
  const along = titles[id];
  return along ? (along.at.find((one) => one.value === value)?.title ?? along.between) : title;
}

/**
 * The row on show: the present one, or the one under the hand, with its targets if they are those of a sweep.
 * @param {Pick<Live, "model" | "pending" | "hand">} live
 */
export function rowOnShow(live) {
  const { model, hand } = live;
  const { id, value } = moving(live);
  const sweep = id === undefined ? undefined : model.sweeps.get(id);
  if (!sweep || value === undefined) return model.now;
  const index = nearest(sweep.values, value);
  if (sweep.values[index] !== value && !hand) return model.now; // an exact entry between the grid's points
  return index === sweep.at ? model.now : sweep.row(index);
}
