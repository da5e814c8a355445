// The curves in the tracks of the sliders: the loss along each control.

/** @import { Live, Slider, Sweep } from "./state.d.ts" */

import { clamp, formatOnGrid } from "../../../figures/browser/numbers.js";
import { say } from "../../../figures/browser/texts.js";
import { isLogit, isTarget, seriesOf } from "./tables.js";
import { write } from "./writers.js";

/**
 * The curves of every slider. Those of one kind share a vertical scale, so that their slopes can be compared.
 * @param {Live} live
 */
export function drawCurves({ model, sliders }) {
  const { sweeps, layout, ghost } = model;
  const kinds = Map.groupBy(sweeps.values(), ({ id }) => (isLogit(id) || isTarget(id) ? id[0] : id));
  for (const group of kinds.values()) {
    const curves = group.map((sweep) => ({
      sweep,
      loss: seriesOf(sweep, layout.at.loss),
      other: ghost ? seriesOf(sweep, layout.at.ce_loss) : [],
    }));
    const heights = curves.map(({ loss, other }) => [...loss, ...other].filter(Number.isFinite));
    const [floor, top] = [Math.min(0, ...heights.flat()), ceiling(heights)];
    for (const { sweep, loss, other } of curves) {
      const slider = sliders.get(sweep.id);
      if (!slider) continue;
      Object.assign(slider, { top, floor });
      drawCurve(slider, sweep, loss, other);
    }
  }
}

/**
 * The highest point of a group, unless it would flatten the others.
 * @param {number[][]} groups
 */
export function ceiling(groups) {
  const highest = Math.max(0, ...groups.flat());
  const isSteep = (/** @type {number[]} */ values) => Math.max(...values) - Math.min(...values) > 0.05 * highest;
  const tops = groups.filter(isSteep).map((values) => Math.max(...values));
  const typical = tops.sort((a, b) => a - b)[tops.length >> 1] ?? highest;
  return Math.min(highest, 3 * typical) || 1;
}

const SLIDER_ATTRIBUTES = ["tabindex", "aria-orientation", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];

/**
 * @param {Slider} slider
 * @param {Sweep} sweep
 * @param {number[]} loss
 * @param {number[]} other
 */
function drawCurve({ root, paths, low, high, fixed, top, floor }, sweep, loss, other) {
  const line = pathOf(sweep, loss, top, floor);
  paths.line.setAttribute("d", line);
  paths.area.setAttribute("d", line && `${line}V100H0Z`);
  paths.other.setAttribute("d", other.length ? pathOf(sweep, other, top, floor) : "");
  // At an infinite logit nothing can be slid: a picture, until a number is typed.
  const isFixed = sweep.values.length < 2;
  root.classList.toggle("fixed", isFixed);
  root.setAttribute("role", isFixed ? "img" : "slider");
  if (isFixed) for (const name of SLIDER_ATTRIBUTES) root.removeAttribute(name);
  else root.setAttribute("tabindex", "0");
  write(fixed, isFixed ? say("fixed at {value}", { value: formatOnGrid(sweep.low) }) : "");
  write(low, formatOnGrid(sweep.low));
  write(high, formatOnGrid(sweep.high));
}

/**
 * An SVG path over a box of 1000 by 100; what is no number is left out.
 * @param {Pick<Sweep, "values" | "low" | "high">} sweep
 * @param {number[]} heights
 * @param {number} top
 * @param {number} floor
 */
export function pathOf({ values, low, high }, heights, top, floor) {
  if (values.length < 2) return "";
  const x = (/** @type {number} */ i) => ((1000 * (values[i] - low)) / (high - low)).toFixed(1);
  const y = (/** @type {number} */ i) => (100 * (1 - rise(heights[i], top, floor))).toFixed(2);
  return [...heights.keys()]
    .filter((i) => !Number.isNaN(heights[i]))
    .map((i, n) => `${n ? "L" : "M"}${x(i)},${y(i)}`)
    .join("");
}

/**
 * The share of the scale that a height is at. NLL can be negative, if it is given what are no log-probabilities: only then is
 * the floor below 0.
 * @param {number} height
 * @param {number} top
 * @param {number} floor
 */
export const rise = (height, top, floor) => clamp((height - floor) / (top - floor), 0, 1);
