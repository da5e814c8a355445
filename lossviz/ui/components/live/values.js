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
 * The row on show: the present one, or the one under the hand, with its targets if they are those of a sweep.
 * @param {Pick<Live, "model" | "pending" | "hand">} live
 */
export function rowOnShow({ model, hand, pending }) {
  const latest = pending.latest();
  const [id, value] = hand ? [hand.id, hand.value] : [latest?.[0], latest?.[1].value];
  const sweep = id === undefined ? undefined : model.sweeps.get(id);
  if (!sweep || value === undefined) return model.now;
  const index = nearest(sweep.values, value);
  if (sweep.values[index] !== value && !hand) return model.now; // an exact entry between the grid's points
  return index === sweep.at ? model.now : sweep.row(index);
}
