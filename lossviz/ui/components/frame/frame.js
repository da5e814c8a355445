// The frame as a component. Streamlit calls this again at every run, with the path of the page that is open and the language.

import { pageHistory } from "../../../figures/browser/history.js";
import { closeChip, followKeys } from "./chips.js";
import { copyText } from "./clipboard.js";
import { embedCode } from "./embed.js";
import { showLecture } from "./own_lecture.js";
import { showPlace, watchTurns } from "./pages.js";

let shown = "";

/**
 * @typedef {object} Mount
 * @property {{ page: string, language: string } & import("./own_lecture.js").OwnLecture} data
 * @property {ParentNode} parentElement
 * @property {(name: "turn" | "add", act: { path: string, before: unknown[] } | { click: string, before: unknown[] }) => void} setTriggerValue
 */

/** @type {Mount["setTriggerValue"] | undefined} */
let send;

/** @param {string} path */
function turn(path) {
  closeChip();
  send?.("turn", { path, before: pageHistory().unheard });
}

/**
 * The component, as Streamlit calls it.
 * @param {Mount} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const copy = /** @type {HTMLButtonElement} */ (parentElement.querySelector(".copy"));
  copy.onclick = () => copyText(parentElement, window.location.href, copy);
  const embed = /** @type {HTMLButtonElement} */ (parentElement.querySelector(".embed"));
  embed.onclick = () => copyText(parentElement, embedCode(window.location.href, document.title), embed);
  send = setTriggerValue;
  const stopLecture = showLecture(parentElement, data, (addition) => setTriggerValue("add", addition));
  const stops = [followKeys(), watchTurns(turn), stopLecture];
  document.documentElement.lang = data.language; // for glyphs, line breaks, and who reads the page aloud
  if (shown !== data.page) showPlace();
  shown = data.page;
  return () => {
    for (const stop of stops) stop();
  };
}
