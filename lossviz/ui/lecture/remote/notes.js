// Notes in a window for a second screen: what to say, what comes next, and how long it has taken.

import { say } from "../../../figures/browser/texts.js";

/** @typedef {{ number: number, count: number, note: string, next: string }} Scene */

const STYLE = `body { max-width: 44rem; margin: 1.5rem auto; padding: 0 1rem; font: 1.5rem/1.4 system-ui, sans-serif; color-scheme: light dark }
.note { white-space: pre-wrap } .small { font-size: 1rem; opacity: 0.75 } .clock { font-variant-numeric: tabular-nums }`;

let open = /** @type {Window | null} */ (null);
let since = 0;
let ticking = 0;

/**
 * Open the window, or bring it to the front.
 * @param {Scene} scene
 */
export function openNotes(scene) {
  open = window.open("", "lossviz-notes", "popup,width=760,height=560");
  if (!open) return;
  since ||= Date.now();
  clearInterval(ticking);
  ticking = window.setInterval(tick, 1000);
  showNotes(scene);
  open.focus();
}

/**
 * Keep an open window in step with the scene.
 * @param {Scene} scene
 */
export function showNotes(scene) {
  if (!open || open.closed) return;
  const page = open.document;
  const style = page.createElement("style");
  style.textContent = STYLE;
  page.head.replaceChildren(style);
  page.title = say("Notes");
  page.documentElement.lang = document.documentElement.lang;
  page.body.replaceChildren(
    line(page, "small", say("Scene {number} of {count}", { number: `${scene.number}`, count: `${scene.count}` })),
    line(page, "note", scene.note || say("No notes for this scene.")),
    line(page, "small", scene.next ? say("Next: {next}", { next: scene.next }) : say("This is the last scene.")),
    line(page, "small clock", ""),
  );
  tick();
}

function tick() {
  if (!open || open.closed) {
    clearInterval(ticking);
    return;
  }
  const clock = open.document.querySelector(".clock");
  if (clock) clock.textContent = `${new Date().toLocaleTimeString()} · ${elapsed(Date.now() - since)}`;
}

/**
 * Minutes and seconds.
 * @param {number} milliseconds
 */
function elapsed(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * @param {Document} page
 * @param {string} name
 * @param {string} text
 */
function line(page, name, text) {
  const made = page.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}
