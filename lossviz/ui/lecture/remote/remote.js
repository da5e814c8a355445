// The remote control as a component. Streamlit calls this again at every run, with the scene that is on.

import { pageHistory } from "../../../figures/browser/history.js";
import { toggleDark } from "./dark.js";
import { isOfClicker, meaningOf } from "./keys.js";
import { openNotes, showNotes } from "./notes.js";

/**
 * @typedef {{ number: number, count: number, sealed: boolean, note: string, next: string }} Scene
 * @typedef {"forward" | "back" | "turn" | "leave"} What
 * @typedef {{ what: What, from: number, to: number, sealed: boolean, id: number, before: unknown[] }} Act
 * @typedef {object} Mount
 * @property {Scene} data
 * @property {ParentNode} parentElement
 * @property {(name: "act", act: Act) => void} setTriggerValue
 */

/**
 * The component, as Streamlit calls it.
 * @param {Mount} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const { number, count } = data;

  // Python knows at which scene the lecture is; this may be drawn later than the scene.
  /** @param {What} what @param {number} [to] */
  const act = (what, to = 0) => {
    const { sealed } = data;
    setTriggerValue("act", { what, from: number, to, sealed, id: Date.now(), before: pageHistory().unheard });
  };

  const acts = {
    forward: () => act("forward"),
    back: () => act("back"),
    first: () => act("turn", 1),
    last: () => act("turn", count),
    dark: () => toggleDark(),
    notes: () => openNotes(data),
    full: () => toggleFullScreen(),
    leave: () => act("leave"),
  };

  /** @param {KeyboardEvent} event */
  const listen = (event) => {
    const meaning = meaningOf(event);
    if (!meaning) return;
    event.preventDefault();
    if (!event.repeat) acts[meaning]();
  };

  for (const name of /** @type {const} */ (["back", "notes", "full", "leave"]))
    button(parentElement, name).onclick = acts[name];
  button(parentElement, "forward").onclick = () => act("turn", number + 1);
  button(parentElement, "back").disabled = number === 1;
  button(parentElement, "forward").disabled = number === count;
  /** @type {HTMLElement} */ (parentElement.querySelector(".place")).textContent = `${number} / ${count}`;
  showNotes(data);
  /** @param {KeyboardEvent} event those of a clicker, before a slider that has the focus takes them for its own */
  const listenFirst = (event) => {
    if (isOfClicker(event)) {
      event.stopImmediatePropagation();
      listen(event);
    }
  };

  addEventListener("keydown", listenFirst, true);
  addEventListener("keydown", listen);
  return () => {
    removeEventListener("keydown", listenFirst, true);
    removeEventListener("keydown", listen);
  };
}

/**
 * @param {ParentNode} parent
 * @param {string} name
 */
function button(parent, name) {
  return /** @type {HTMLButtonElement} */ (parent.querySelector(`.${name}`));
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}
