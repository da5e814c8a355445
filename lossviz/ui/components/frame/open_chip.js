// Which chip is open, as a component. Streamlit calls this again at every run, with its number.

import { watchChips } from "./chips.js";

/**
 * @typedef {object} Mount
 * @property {number} data
 * @property {(name: "open", key: string) => void} setStateValue
 */

/** @type {Mount["setStateValue"] | undefined} */
let send;

/** @type {ReturnType<typeof watchChips> | undefined} */
let chips;

let isLeaving = false; // for another page or another step, until the server has answered: a word from here would take us back
let run = 0;

/** @param {string} key */
function tell(key) {
  if (!isLeaving) send?.("open", key);
  return !isLeaving;
}

const leave = () => {
  isLeaving = true;
};

/**
 * The component, as Streamlit calls it.
 * @param {Mount} mount
 */
export default function ({ data, setStateValue }) {
  send = setStateValue;
  chips ??= watchChips(tell);
  if (run !== data) {
    run = data;
    isLeaving = false;
    chips.tellNow();
  }
  addEventListener("popstate", leave);
  addEventListener("lossviz-turn", leave);
  return () => {
    chips?.stop();
    chips = undefined;
    removeEventListener("popstate", leave);
    removeEventListener("lossviz-turn", leave);
  };
}
