// A lecture of one's own: a scene is added to it, it is saved, and nobody loses it by mistake.

import { pageHistory } from "../../../figures/browser/history.js";
import { say } from "../../../figures/browser/texts.js";
import { tell } from "./notice.js";

/**
 * @typedef {object} OwnLecture
 * @property {boolean} adds whether the page can be added to it
 * @property {{ click: string, number: number } | null} added the scene that was added just now; its number is 0 where there is no room
 * @property {[string, string, number] | null} file name and text of what is to be saved, and a number that tells it from others
 * @property {boolean} unsaved
 * @typedef {{ click: string, before: unknown[] }} Addition
 */

const TWICE = 600; // milliseconds between two clicks that are meant as one

let clicked = -TWICE;
let confirmed = "";
let isUnsaved = false;

/**
 * What is done with the lecture from the frame of a page; gives what ends it.
 * @param {ParentNode} frame
 * @param {OwnLecture} data
 * @param {(addition: Addition) => void} send
 */
export function showLecture(frame, data, send) {
  const root = document.documentElement;
  const button = /** @type {HTMLButtonElement} */ (frame.querySelector(".add"));
  button.hidden = !data.adds;
  button.onclick = () => {
    if (performance.now() - clicked < TWICE) return;
    clicked = performance.now();
    send({ click: `${Date.now()}`, before: pageHistory().unheard });
  };
  if (data.added && data.added.click !== confirmed) confirm(frame, data.added);
  if (data.file && data.file[2] > Number(root.dataset.saved ?? 0)) save(data.file);
  isUnsaved = data.unsaved;
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}

/**
 * @param {ParentNode} frame
 * @param {NonNullable<OwnLecture["added"]>} added
 */
function confirm(frame, { click, number }) {
  confirmed = click;
  tell(frame, number ? say("Scene {number} added", { number: `${number}` }) : say("Your lecture is full"), 2500);
}

/** @param {NonNullable<OwnLecture["file"]>} file */
function save([name, text, number]) {
  document.documentElement.dataset.saved = `${number}`; // for the frame in another language, too
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * The browser asks by itself whether one wants to leave, in words of its own.
 * @param {BeforeUnloadEvent} event
 */
function ask(event) {
  if (isUnsaved) event.preventDefault();
}
