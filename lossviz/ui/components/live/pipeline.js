// The table from logits to gradients, a row for each class.

/**
 * @import { Header } from "./messages.d.ts"
 * @import { Arrow, Bar, Cells, Figure, Headings, Live, TargetControl } from "./state.d.ts"
 */

import { element } from "../../../figures/browser/elements.js";
import { MINUS } from "../../../figures/browser/numbers.js";
import { say } from "../../../figures/browser/texts.js";
import { buildControl } from "./sliders.js";

/** @param {Live} live */
export function buildPipeline(live) {
  const { header, rows, ghost } = live.model;
  const pipeline = live.find("pipeline");
  pipeline.dataset.targets = header.target_mode;
  pipeline.classList.toggle("paired", isPaired(header));
  live.heads = headings(header);
  live.cells = rows.map((row, c) => classRow(live, row.label, c, ghost));
  live.total = { loss: element("b"), ghost: element("span", { class: "ghost" }) };
  pipeline.replaceChildren(live.heads.root, ...live.cells.map((cell) => cell.root), totalRow(live));
}

/** @param {Live} live */
function totalRow({ total, model }) {
  const blank = () => element("span", { role: "cell", class: "cell" });
  const words = element("span", { class: "of", text: say("sum = loss") });
  const numbers = element("span", { class: "numbers" }, total.loss, total.ghost);
  const term = element("div", { role: "cell", class: "cell term" }, words, numbers);
  const row = element("div", { class: "row total", role: "row" }, blank(), blank(), blank(), blank(), term, blank());
  row.hidden = model.header.classes < 2;
  return row;
}

const TARGET_NAMES = { class: say("true class"), multi: say("true classes"), soft: say("target t"), sign: say("label y") };

/**
 * "logit z": a symbol at the end of a name is set as one.
 * @param {string} name
 */
const lettered = (name) => name.split(/(?= [a-z]$)/).map((part, i) => (i ? element("var", { text: part }) : part));

/**
 * @param {Header} header
 * @returns {Headings}
 */
function headings({ target_mode, input_name, activation }) {
  const ends = () => [element("span"), element("span"), element("span")];
  /** @type {Record<string, HTMLElement[]>} */
  const axes = { logit: ends(), probability: ends(), term: ends(), gradient: ends() };
  const head = (/** @type {string} */ name, /** @type {string} */ stage, /** @type {(Node | string)[]} */ title, note = "") =>
    element(
      "div",
      { role: "columnheader", class: `cell ${name}` },
      element("span", { class: "title" }, stage ? element("span", { class: "stage", text: stage }) : null, ...title),
      note ? element("span", { class: "note", text: note }) : null,
      axes[name] ? element("span", { class: "axis", "aria-hidden": "true" }, ...axes[name]) : null,
    );
  const symbol = (/** @type {string} */ text) => element("var", { text });
  const gradient = [say("gradient"), " ∂", symbol("ℓ"), "/∂", symbol("z")];
  const root = element(
    "div",
    { class: "row heads", role: "row" },
    head("class", "", [say("class")]),
    head("target", "", lettered(TARGET_NAMES[target_mode])),
    head("logit", "", lettered(input_name)),
    head("probability", `${activation} →`, [say("probability"), " ", symbol("p")]),
    head("term", "→", [say("loss term")]),
    head("gradient", "→", gradient, say("arrow: a descent step, −∂ℓ/∂z")),
  );
  return { root, axes };
}

/**
 * @param {Live} live
 * @param {string} label
 * @param {number} c
 * @param {boolean} ghost
 * @returns {Cells}
 */
function classRow(live, label, c, ghost) {
  const bars = { p: bar("p", false), term: bar("term", ghost), grad: arrow(ghost) };
  const numbers = { p: figure(`p-${c}`, false), term: figure(`term-${c}`, ghost), grad: figure(`grad-${c}`, ghost) };
  const input = live.model.header.input_name;
  const logit = buildControl(live, `z${c}`, say("{input} of class {label}", { input, label }));
  const target = targetControl(live, c, label);
  const cell = (/** @type {keyof typeof bars} */ key, /** @type {string} */ kind, /** @type {string} */ caption) => {
    const small = element("span", { class: "small-caption", "aria-hidden": "true", text: caption });
    return element("div", { role: "cell", class: `cell ${kind}` }, small, bars[key].root, numbers[key].root);
  };
  const root = element(
    "div",
    { class: "row", role: "row", "data-testid": `row-${c}` },
    element("span", { role: "rowheader", class: "cell class", text: label }),
    element("div", { role: "cell", class: "cell target" }, target.root),
    element("div", { role: "cell", class: "cell logit" }, logit.slider?.root, logit.entry.root),
    cell("p", "probability", "p"),
    cell("term", "term", say("loss term")),
    cell("grad", "gradient", say("gradient")),
  );
  return { root, bars, numbers, target };
}

/**
 * @param {string} testid
 * @param {boolean} ghost
 * @returns {Figure}
 */
function figure(testid, ghost) {
  const value = element("b", { "data-testid": testid });
  const other = ghost ? element("span", { class: "ghost", "data-testid": `ce-${testid}` }) : null;
  return { value, other, root: element("span", { class: "numbers" }, value, other) };
}

/**
 * A bar is as long as its axis and slides out from under the left edge: only its transform changes.
 * @param {string} kind
 * @param {boolean} ghost
 * @returns {Bar}
 */
function bar(kind, ghost) {
  const fill = element("i", { class: "fill" });
  const other = ghost ? element("i", { class: "hatch" }) : null;
  const past = element("i", { class: "past", text: "▸" });
  return { fill, other, past, root: element("span", { class: `bar ${kind}`, "aria-hidden": "true" }, other, fill, past) };
}

/**
 * @param {boolean} ghost
 * @returns {Arrow}
 */
function arrow(ghost) {
  const half = (/** @type {"up" | "down"} */ side) => {
    const fill = element("i", { class: "shaft" });
    const other = ghost ? element("i", { class: "hatch" }) : null;
    const past = element("i", { class: "past", text: side === "down" ? "◂" : "▸" });
    return { fill, other, past, root: element("span", { class: `half ${side}` }, other, fill, past) };
  };
  const [down, up] = [half("down"), half("up")];
  return { down, up, root: element("span", { class: "arrow", "aria-hidden": "true" }, down.root, up.root) };
}

/** @param {Header} header */
const isPaired = ({ target_mode: mode, classes }) => mode === "sign" || (classes === 1 && mode !== "soft");

/**
 * @param {Live} live
 * @param {number} c
 * @param {string} label
 * @returns {TargetControl}
 */
function targetControl(live, c, label) {
  const { header } = live.model;
  const { target_mode: mode } = header;
  if (mode === "soft") {
    const { slider, entry } = buildControl(live, `t${c}`, say("target of class {label}", { label }));
    return { set: () => {}, root: element("div", { class: "soft" }, slider?.root, entry.root) };
  }
  if (isPaired(header)) return pair(live, c, label, mode === "sign" ? [`${MINUS}1`, "+1"] : ["0", "1"]);
  return mode === "class"
    ? pick(live, c, "radio", say("class {label} is the true class", { label }))
    : pick(live, c, "checkbox", say("class {label} is true", { label }));
}

/**
 * @param {Live} live
 * @param {number} c
 * @param {"radio" | "checkbox"} type
 * @param {string} name
 * @returns {TargetControl}
 */
function pick(live, c, type, name) {
  const isSingle = type === "radio";
  const input = element("input", {
    type,
    name: isSingle ? "true class" : null,
    "aria-label": name,
    "data-testid": `target-${c}`,
    onchange: () => live.commit({ action: isSingle ? "label" : "toggle", index: c }),
  });
  const set = (/** @type {number} */ target) => {
    input.checked = target > 0.5;
  };
  return { set, root: element("label", { class: "pick" }, input) };
}

/**
 * Two labels side by side, one of them true.
 * @param {Live} live
 * @param {number} c
 * @param {string} label
 * @param {string[]} words
 * @returns {TargetControl}
 */
function pair(live, c, label, words) {
  const inputs = words.map((word, value) =>
    element("input", {
      type: "radio",
      name: `pair-${c}`,
      "aria-label": say("label of class {label}: {value}", { label, value: word }),
      "data-testid": `target-${c}-${value}`,
      onchange: () => live.commit({ action: "toggle", index: c }),
    }),
  );
  const labels = inputs.map((input, i) => element("label", {}, input, element("span", { text: words[i] })));
  const set = (/** @type {number} */ target) =>
    inputs.forEach((input, value) => {
      input.checked = target > 0.5 === (value === 1);
    });
  return {
    set,
    root: element("span", { class: "pair", role: "group", "aria-label": say("label of class {label}", { label }) }, ...labels),
  };
}
