// The frame as a component. Streamlit calls this again at every run, with the page that is open.

import { closeChip, followKeys, watchChips } from "./chips.js";
import { copyText } from "./clipboard.js";
import { showPlace, watchTurns } from "./pages.js";

let shown = "";

/**
 * @typedef {object} Mount
 * @property {import("./pages.js").Pages} data
 * @property {ParentNode} parentElement
 * @property {(name: "open" | "turn", value: unknown) => void} setStateValue
 */

/** @type {Mount["setStateValue"] | undefined} */
let send;

/** @type {ReturnType<typeof watchChips> | undefined} */
let chips;

/** @type {(() => void) | undefined} */
let stopTurns;

let isLeaving = false; // for another page or another step, until the server has answered: it would take us back
let run = 0;

/** @param {string} key */
function tellChip(key) {
  if (!isLeaving) send?.("open", key);
  return !isLeaving;
}

const leave = () => {
  isLeaving = true;
};

/**
 * @param {string} path
 * @param {number} count
 */
function turn(path, count) {
  leave();
  closeChip();
  send?.("turn", { path, count });
}

/**
 * The component, as Streamlit calls it.
 * @param {Mount} mount
 */
export default function ({ data, parentElement, setStateValue }) {
  const copy = /** @type {HTMLButtonElement} */ (parentElement.querySelector(".copy"));
  copy.onclick = () => copyText(parentElement, window.location.href);
  send = setStateValue;
  chips ??= watchChips(tellChip);
  stopTurns ??= watchTurns(turn);
  addEventListener("popstate", leave);
  if (run !== data.run) {
    run = data.run;
    isLeaving = false;
    chips.tellNow();
  }
  const stop = followKeys();
  if (shown !== data.page) showPlace();
  shown = data.page;
  return () => {
    stop();
    chips?.stop();
    stopTurns?.();
    chips = stopTurns = undefined;
    removeEventListener("popstate", leave);
  };
}
