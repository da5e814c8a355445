// The row on show, drawn: this runs in every frame of a drag.

/** @import { Arrow, Bar, Figure, Live, Row, Slider, Sweep } from "./state.d.ts" */

import { clamp, formatOnGrid, formatSignificant } from "../../../figures/browser/numbers.js";
import { enumerated, say } from "../../../figures/browser/texts.js";
import { rise } from "./curves.js";
import { comparisonSentence, namesSentence, noRatioReason } from "./sentences.js";
import { rowOnShow, titleOnShow, valueOnShow } from "./values.js";
import { mark, percent, shift, write } from "./writers.js";

/** @typedef {(name: string, c?: number) => number} Get */

/** @param {Live} live */
export function render(live) {
  const { model, cells, axes } = live;
  const row = rowOnShow(live);
  /** @type {Get} */
  const get = (name, c = 0) => row.array[row.base + model.layout.at[name] + c];
  for (let c = 0; c < cells.length; c++) {
    const { bars, numbers } = cells[c];
    const [p, term, grad] = [get("probs", c), get("terms", c), get("grad", c)];
    const [ceTerm, ceGrad] = model.ghost ? [get("ce_terms", c), get("ce_grad", c)] : [NaN, NaN];
    drawBar(bars.p, p, NaN, 1);
    drawBar(bars.term, term, ceTerm, axes.term);
    drawArrow(bars.grad, grad, ceGrad, axes.grad);
    drawFigure(numbers.p, p, NaN);
    drawFigure(numbers.term, term, ceTerm);
    drawFigure(numbers.grad, grad, ceGrad);
  }
  drawTitle(live);
  drawHeadline(live, get);
  drawSentence(live, get);
  drawControls(live, row, get("loss"));
}

/**
 * The name, on one line: it follows the hand, and nothing moves by it.
 * @param {Live} live
 */
function drawTitle(live) {
  const { common, text, also, why } = titleOnShow(live);
  const names = enumerated(also ?? []);
  const story = namesSentence(names, why ?? "");
  write(live.find("kicker"), common ? say("You have built") : say("No common name:"));
  write(live.find("title"), text);
  write(live.find("also"), names && say("· also {names}", { names }));
  if (live.find("also").title !== story) live.find("also").title = story;
}

const BEYOND = 1 + 1e-6; // of an axis: what is past its end, and not by rounding

/**
 * @param {Bar} bar
 * @param {number} value
 * @param {number} ghost
 * @param {number} end
 */
function drawBar({ fill, other, past }, value, ghost, end) {
  shift(fill, `translateX(${percent(clamp(value / end || 0, 0, 1) - 1)})`);
  if (other) shift(other, `translateX(${percent(clamp(ghost / end || 0, 0, 1) - 1)})`);
  mark(past, "on", value > end * BEYOND);
}

/**
 * The arrow points where descent goes: against the gradient.
 * @param {Arrow} arrow
 * @param {number} grad
 * @param {number} ghost
 * @param {number} end
 */
function drawArrow({ down, up }, grad, ghost, end) {
  drawHalf(down, 1, grad, ghost, end);
  drawHalf(up, -1, grad, ghost, end);
}

/**
 * @param {Bar} half
 * @param {1 | -1} side
 * @param {number} grad
 * @param {number} ghost
 * @param {number} end
 */
function drawHalf({ fill, other, past }, side, grad, ghost, end) {
  const offset = (/** @type {number} */ value) => percent(side * (1 - clamp((side * value) / end || 0, 0, 1)));
  shift(fill, `translateX(${offset(grad)})`);
  if (other) shift(other, `translateX(${offset(ghost)})`);
  mark(past, "on", side * grad > end * BEYOND);
}

/**
 * @param {Figure} figure
 * @param {number} number
 * @param {number} ghost
 */
function drawFigure({ value, other }, number, ghost) {
  write(value, formatSignificant(number));
  mark(value, "zero", number === 0);
  if (other) write(other, number === 0 && ghost === 0 ? "" : say("CE {value}", { value: formatSignificant(ghost) }));
}

/**
 * @param {Live} live
 * @param {Get} get
 */
function drawHeadline({ model, total, find }, get) {
  const ce = (/** @type {string} */ name, digits = 3) =>
    model.ghost ? say("CE {value}", { value: formatSignificant(get(name), digits) }) : "";
  for (const name of ["loss", "norm", "p_t"]) write(find(name), formatSignificant(get(name), 4));
  const multiplier = find("multiplier");
  write(multiplier, formatSignificant(get("norm_factor"), 4));
  multiplier.title = Number.isNaN(get("norm_factor")) ? noRatioReason(get("resting")) : "";
  write(find("ce-loss"), ce("ce_loss", 4));
  write(find("ce-norm"), ce("ce_norm", 4));
  write(total.loss, formatSignificant(get("loss")));
  write(total.ghost, ce("ce_loss"));
}

/**
 * @param {Live} live
 * @param {Get} get
 */
function drawSentence({ model: { header, ghost }, query }, get) {
  const [lossFactor, normFactor, resting, ceLoss] = ["loss_factor", "norm_factor", "resting", "ce_loss"].map((name) =>
    get(name),
  );
  const sentence = ghost ? comparisonSentence(header.loss_name, lossFactor, normFactor, resting, ceLoss) : "";
  query(".compared").hidden = !sentence;
  query(".plain").hidden = Boolean(sentence);
  write(query(".compared .at"), formatSignificant(get("p_t")));
  write(query(".compared .says"), sentence);
  write(query(".plain"), header.plain ?? "");
}

/**
 * @param {Live} live
 * @param {Row} row
 * @param {number} loss
 */
function drawControls(live, row, loss) {
  const { model, hand, sliders, entries } = live;
  for (const [id, { input, dirty }] of entries) {
    const sweep = model.sweeps.get(id);
    const value = valueOnShow(live, id, row);
    const text = formatOnGrid(value, sweep?.decimals);
    if (!dirty && input.value !== text) input.value = text;
    const slider = sliders.get(id);
    if (slider && sweep) drawKnob(slider, sweep, value, text, hand?.id === id || row === model.now ? loss : null);
  }
}

/**
 * @param {Slider} slider
 * @param {Sweep} sweep
 * @param {number} value
 * @param {string} text
 * @param {number | null} loss null where the row on show is another control's
 */
function drawKnob(slider, sweep, value, text, loss) {
  const { low, high, values } = sweep;
  const { rail, float, top, floor } = slider;
  const share = high > low ? clamp((value - low) / (high - low), 0, 1) : 0.5;
  if (loss !== null) slider.height = rise(Number.isNaN(loss) ? floor : loss, top, floor);
  shift(rail, `translateX(${percent(share)})`);
  shift(float, `translate(${percent(share)}, ${percent(-slider.height)})`);
  if (slider.text === text && loss === null) return;
  slider.text = text;
  if (values.length > 1) describe(slider.root, sweep, value, text, loss);
}

/**
 * @param {HTMLElement} root
 * @param {Sweep} sweep
 * @param {number} value
 * @param {string} text
 * @param {number | null} loss
 */
function describe(root, { low, high }, value, text, loss) {
  const attributes = {
    "aria-orientation": "horizontal",
    "aria-valuemin": String(low),
    "aria-valuemax": String(high),
    "aria-valuenow": String(value),
    "aria-valuetext": loss === null ? text : say("{value}, loss {loss}", { value: text, loss: formatSignificant(loss, 4) }),
  };
  for (const [name, words] of Object.entries(attributes)) if (root.getAttribute(name) !== words) root.setAttribute(name, words);
}
