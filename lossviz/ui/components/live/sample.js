// What is on show: the present row as the backend sent it, or the row under the hand. The app (live.js) and a file to take along
// (ui/lecture/offline) use this same program.

/**
 * @import { LiveEvent } from "./messages.d.ts"
 * @import { Live, Model } from "./state.d.ts"
 */

import { formatOnGrid } from "../../../figures/browser/numbers.js";
import { PendingActs } from "../../../figures/browser/pending.js";
import { isDark } from "../../../figures/browser/theme.js";
import { drawCurves } from "./curves.js";
import { render } from "./drawing.js";
import { release } from "./hand.js";
import { showHeader } from "./header.js";
import { buildParameters } from "./parameters.js";
import { buildPipeline } from "./pipeline.js";
import { axisEnd, decode, isLogit } from "./tables.js";
import { committedValue } from "./values.js";
import { write } from "./writers.js";

/**
 * A live component in an element.
 * @param {Live["parentElement"]} parentElement
 * @param {Uint8Array} data
 * @param {Live["send"]} send hears what a person let go of; null: nobody hears
 * @returns {Live}
 */
export function createLive(parentElement, data, send) {
  const root = elementIn(parentElement, ".live");
  /** @type {Map<string, HTMLElement>} */
  const elements = new Map();
  const query = (/** @type {string} */ selector) => {
    const node = elements.get(selector) ?? elementIn(root, selector);
    elements.set(selector, node);
    return node;
  };
  /** @type {Live} */
  const live = {
    parentElement,
    root,
    query,
    find: (name) => query(`[data-testid="${name}"]`),
    send,
    data: null,
    waiting: null,
    model: decode(data),
    pending: new PendingActs(() => live.frame()),
    hand: null,
    sliders: new Map(),
    entries: new Map(),
    axes: { term: NaN, grad: NaN },
    structure: "",
    heads: { root, axes: {} },
    cells: [],
    total: { loss: root, ghost: root },
    queued: 0,
    frame: () => {
      live.queued ||= requestAnimationFrame(() => {
        live.queued = 0;
        render(live);
      });
    },
    commit: (event) => commit(live, event),
    receive: (data) => receive(live, data),
    unlock: () => unlock(live),
    close: () => close(live),
  };
  live.find("add-class").onclick = () => live.commit({ action: "add" });
  live.find("remove-class").onclick = () => live.commit({ action: "remove" });
  return live;
}

/**
 * An element of live.html.
 * @param {ParentNode} parent
 * @param {string} selector
 */
function elementIn(parent, selector) {
  const node = parent.querySelector(selector);
  if (!node) throw new Error(`live.html has no ${selector}`);
  return /** @type {HTMLElement} */ (node);
}

/** @param {Live} live */
function close(live) {
  release(live);
  cancelAnimationFrame(live.queued);
  live.pending.close();
}

/**
 * New data, or the same data in a new theme.
 * @param {Live} live
 * @param {Uint8Array} data
 */
function receive(live, data) {
  if (data !== live.data) {
    const model = decode(data);
    // What is held stands still under the hand: news of other controls wait until it is let go.
    if (live.hand && structureOf(model) !== live.structure) {
      live.waiting = data;
      return;
    }
    show(live, model, live.data ? live.model : null);
    live.data = data;
    live.waiting = null;
  }
  dress(live);
  render(live);
  live.root.dataset.revision = String(live.model.header.revision);
}

/**
 * @param {Live} live
 * @param {Model} model
 * @param {Model | null} before
 */
function show(live, model, before) {
  live.model = model;
  settle(live, before);
  build(live, before);
  scale(live, before);
  drawCurves(live);
  showHeader(live);
  if (model.header.locked) lock(live);
}

/**
 * A commit is over when its value is the present one, too.
 * @param {Live} live
 * @param {Model | null} before
 */
function settle(live, before) {
  const { header, sweeps } = live.model;
  if (header.revision === before?.header.revision) return;
  const isPresent = (/** @type {string} */ id, /** @type {{ value: number }} */ { value }) =>
    committedValue(live.model, id) === value;
  live.pending.settle(header, before?.header.revision, isPresent);
  if (live.hand && !sweeps.has(live.hand.id)) release(live);
}

/**
 * Everything that has parts of its own on the page: while it is the same, the parts stay.
 * @param {Model} model
 */
function structureOf({ header, sweeps, ghost }) {
  const { classes, target_mode, input_name, activation, parameters, rows, locked } = header;
  const boxes = parameters.map(({ id, symbol, label, help, optional, off, disabled_reason }) => {
    return [id, symbol, label, help, optional, off, disabled_reason];
  });
  const labels = rows.map((row) => row.label);
  return JSON.stringify([locked, classes, target_mode, input_name, activation, boxes, labels, [...sweeps.keys()], ghost]);
}

/**
 * @param {Live} live
 * @param {Model | null} before
 */
function build(live, before) {
  const now = structureOf(live.model);
  if (before && live.structure === now) return;
  live.structure = now;
  const focused = live.parentElement.activeElement ?? document.activeElement;
  const { testid, control } = focused instanceof HTMLElement ? focused.dataset : {};
  const name = testid ?? control;
  release(live);
  live.sliders.clear();
  live.entries.clear();
  buildParameters(live);
  buildPipeline(live);
  if (!live.send) keepStill(live);
  if (!name || focused?.isConnected) return;
  /** @type {HTMLElement | null} */
  const again = live.root.querySelector(`[data-testid="${name}"], [data-control="${name}"]`);
  again?.focus({ preventScroll: true });
}

/**
 * Where nobody computes anything new, only what a sweep has can be changed.
 * @param {Live} live
 */
function keepStill({ root }) {
  root.classList.add("still");
  for (const input of root.querySelectorAll("input")) {
    if (input.type === "text") input.readOnly = true;
    else input.disabled = true;
  }
}

/**
 * A question is to be answered before anything is tried out: all can be read, and nothing moved.
 * @param {Live} live
 */
function lock({ root }) {
  for (const slider of root.querySelectorAll("[role=slider]")) slider.setAttribute("aria-disabled", "true");
  for (const input of root.querySelectorAll("input")) input.disabled = true;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("button.quiet")))
    button.disabled = true;
}

/** @param {Live} live */
function unlock(live) {
  if (!live.model.header.locked) return;
  show(live, { ...live.model, header: { ...live.model.header, locked: false } }, live.model);
  render(live);
}

/**
 * What the ends of the axes stand for.
 * @param {Live} live
 * @param {Model | null} before
 */
function scale(live, before) {
  const { model, axes, hand } = live;
  const isSame = before?.header.loss_key === model.header.loss_key && before.header.classes === model.header.classes;
  if (!hand || !isSame) {
    axes.term = axisEnd(model, ["terms", "ce_terms"], 2, isSame ? axes.term : NaN);
    axes.grad = axisEnd(model, ["grad", "ce_grad"], 1.5, isSame ? axes.grad : NaN);
  }
  labelAxis(live, "logit", logitEnds(live));
  labelAxis(live, "probability", ["0", "", "1"]);
  labelAxis(live, "term", ["0", "", formatOnGrid(axes.term)]);
  labelAxis(live, "gradient", [formatOnGrid(-axes.grad), "0", formatOnGrid(axes.grad)]); // of the arrow: down is left
}

/**
 * What stands above the logits' sliders: one scale, if they all have the same.
 * @param {Live} live
 */
function logitEnds({ model, find }) {
  const logits = [...model.sweeps.values()].filter(({ id, values }) => isLogit(id) && values.length > 1);
  const { low = NaN, high = NaN } = logits[0] ?? {};
  const alike = logits.length > 0 && logits.every((sweep) => sweep.low === low && sweep.high === high);
  find("pipeline").classList.toggle("unlike", !alike);
  return alike ? [formatOnGrid(low), low === -high ? "0" : "", formatOnGrid(high)] : ["", "", ""];
}

/**
 * @param {Live} live
 * @param {string} name
 * @param {string[]} texts
 */
function labelAxis({ heads }, name, texts) {
  heads.axes[name].forEach((node, i) => {
    write(node, texts[i]);
  });
}

/**
 * The theme, by what the page's background is.
 * @param {Live} live
 */
function dress({ root, model }) {
  root.classList.toggle("dark", isDark(getComputedStyle(root).backgroundColor));
  root.style.setProperty("--loss", model.header.colour);
  root.style.setProperty("--ce", model.header.ce_colour);
}

/**
 * @param {Live} live
 * @param {LiveEvent} event
 */
function commit(live, event) {
  const { control, value } = event;
  const act = live.send?.(event) ?? 0;
  if (control !== undefined && value !== undefined) live.pending.add(control, { act, value });
  live.frame();
}
