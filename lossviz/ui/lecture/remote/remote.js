// The remote control as a component. Streamlit calls this again at every run, with the scene that is on.

import { pageHistory } from "../../../figures/browser/history.js";
import { toggleDark } from "./dark.js";
import { meaningOf } from "./keys.js";
import { openNotes, showNotes } from "./notes.js";

/**
 * @typedef {{ name: string, number: number, count: number, sealed: boolean, note: string, next: string }} Scene
 * @typedef {{ what: "turn" | "reveal" | "leave", lecture: string, from: number, to: number, before: unknown[] }} Act
 * @typedef {object} Mount
 * @property {Scene} data
 * @property {ParentNode} parentElement
 * @property {(name: "act", act: Act) => void} setTriggerValue
 */

const PATIENCE = 4000; // milliseconds after which an act may have been lost

let sent = { key: "", at: 0 };

/**
 * The component, as Streamlit calls it.
 * @param {Mount} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const { number, count } = data;

  /** @param {Act["what"]} what @param {number} [to] */
  const act = (what, to = number) => {
    const key = `${what} ${number} ${to} ${data.sealed}`;
    const now = performance.now();
    if (sent.key === key && now - sent.at < PATIENCE) return;
    sent = { key, at: now };
    setTriggerValue("act", { what, lecture: data.name, from: number, to, before: pageHistory().unheard });
  };

  /** @param {number} to */
  const turn = (to) => {
    if (to !== number && to >= 1 && to <= count) act("turn", to);
  };

  const acts = {
    forward: () => (data.sealed ? act("reveal") : turn(number + 1)),
    back: () => turn(number - 1),
    first: () => turn(1),
    last: () => turn(count),
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
  button(parentElement, "forward").onclick = () => turn(number + 1);
  button(parentElement, "back").disabled = number === 1;
  button(parentElement, "forward").disabled = number === count;
  /** @type {HTMLElement} */ (parentElement.querySelector(".place")).textContent = `${number} / ${count}`;
  showNotes(data);
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
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
