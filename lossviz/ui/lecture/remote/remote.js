// The remote control as a component. Streamlit calls this again at every run, with the scene that is on.

import { pageHistory } from "../../../figures/browser/history.js";
import { toggleDark } from "./dark.js";
import { watchKeys } from "./keys.js";
import { openNotes, showNotes } from "./notes.js";

/**
 * @typedef {{ code: string, host: string }} Room
 * @typedef {{ number: number, count: number, sealed: boolean, note: string, next: string, room: Room | null, left: boolean }} Scene
 * @typedef {"forward" | "back" | "turn" | "again" | "room" | "leave"} What
 * @typedef {{ what: What, from: number, to: number, sealed: boolean, room: Room | null, id: number, before: unknown[] }} Act
 * @typedef {object} Mount
 * @property {Scene} data
 * @property {ParentNode} parentElement
 * @property {(name: "act", act: Act) => void} setTriggerValue
 */

const ROOM = "lossviz-room";

let stop = () => {};

/**
 * The component, as Streamlit calls it.
 * @param {Mount} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const { number, count } = data;

  // Python knows at which scene the lecture is; this may be drawn later than the scene.
  /** @param {What} what @param {number} [to] @param {Room | null} [room] */
  const act = (what, to = 0, room = null) => {
    const { sealed } = data;
    setTriggerValue("act", { what, from: number, to, sealed, room, id: Date.now(), before: pageHistory().unheard });
  };
  keepRoom(data, (room) => act("room", 0, room));

  const acts = {
    forward: () => act("forward"),
    back: () => act("back"),
    first: () => act("turn", 1),
    last: () => act("turn", count),
    dark: () => toggleDark(),
    notes: () => openNotes(data),
    full: () => toggleFullScreen(),
    again: () => act("again"),
    leave: () => act("leave"),
  };

  for (const name of /** @type {const} */ (["back", "notes", "full", "leave"]))
    button(parentElement, name).onclick = acts[name];
  button(parentElement, "forward").onclick = () => act("turn", number + 1);
  button(parentElement, "back").disabled = number === 1;
  button(parentElement, "forward").disabled = number === count;
  /** @type {HTMLElement} */ (parentElement.querySelector(".place")).textContent = `${number} / ${count}`;
  showNotes(data);
  stop(); // Streamlit calls this again without ending what was before
  stop = watchKeys((meaning) => acts[meaning]());
  return stop;
}

/**
 * @param {ParentNode} parent
 * @param {string} name
 */
function button(parent, name) {
  return /** @type {HTMLButtonElement} */ (parent.querySelector(`.${name}`));
}

let isLookedFor = false;

/**
 * A room outlives the page: it is kept by the browser's tab, and told to the server after the page was loaded anew.
 * @param {Scene} scene
 * @param {(room: Room) => void} adopt
 */
function keepRoom({ room, left }, adopt) {
  if (room) sessionStorage.setItem(ROOM, JSON.stringify(room));
  else if (left) sessionStorage.removeItem(ROOM);
  const kept = room || isLookedFor ? null : sessionStorage.getItem(ROOM);
  isLookedFor = true;
  if (kept) setTimeout(() => adopt(JSON.parse(kept)));
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}
