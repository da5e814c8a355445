// Exact numbers, typed.

/**
 * @import { Header } from "./messages.d.ts"
 * @import { Entry, Live } from "./state.d.ts"
 */

import { element } from "../../../figures/browser/elements.js";
import { formatOnGrid, parseNumber } from "../../../figures/browser/numbers.js";
import { joined, say } from "../../../figures/browser/texts.js";
import { isLogit, isTarget } from "./tables.js";
import { valueAtRest } from "./values.js";
import { write } from "./writers.js";

/**
 * @param {Live} live
 * @param {string} id
 * @param {string} label
 */
export function buildEntry(live, id, label) {
  const problem = element("span", { class: "problem", role: "alert", "data-testid": `problem-${id}` });
  const input = element("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    size: "6",
    enterkeyhint: "done",
    "aria-label": say("{label}, exact", { label }),
    "data-testid": `exact-${id}`,
  });
  const entry = { id, input, problem, root: element("span", { class: "entry" }, input, problem), dirty: false };
  live.entries.set(id, entry);
  listenToEntry(live, entry);
  return entry;
}

/**
 * What is wrong with a typed value, in words; nothing if it may be.
 * @param {Pick<Header, "parameters">} header
 * @param {string} id
 * @param {number} value
 */
export function objection({ parameters }, id, value) {
  if (Number.isNaN(value)) return say("Not a number: try 1.5 or −2.");
  const parameter = parameters.find((one) => one.id === id);
  const { low = null, high = null } = isTarget(id) ? { low: 0, high: 1 } : (parameter ?? {});
  if (low !== null && value < low) return say("Must be at least {value}.", { value: formatOnGrid(low) });
  if (high !== null && value > high) return say("Must be at most {value}.", { value: formatOnGrid(high) });
  return "";
}

/**
 * @param {Live} live
 * @param {Entry} entry
 */
function listenToEntry(live, entry) {
  const { input, problem } = entry;
  input.oninput = () => {
    entry.dirty = true;
  };
  input.onfocus = () => input.select();
  input.onblur = () => settle(live, entry);
  input.onkeydown = (event) => {
    if (event.key === "Enter") {
      settle(live, entry);
      input.select();
    }
    if (event.key !== "Escape") return;
    entry.dirty = false;
    write(problem, "");
    input.removeAttribute("aria-invalid");
    live.frame();
  };
}

/**
 * @param {Live} live
 * @param {Entry} entry
 */
function settle(live, entry) {
  const { id, input, problem } = entry;
  if (!entry.dirty) return;
  entry.dirty = false;
  const value = parseNumber(input.value, isLogit(id));
  const wrong = objection(live.model.header, id, value);
  const before = valueAtRest(live, id);
  write(problem, wrong && joined([wrong, say("Kept {value}.", { value: formatOnGrid(before) })]));
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (!wrong && value !== before) live.commit({ control: id, value });
  live.frame();
}
