// The page of a phone: what is on, the question, and how it stands.

/** @import { View } from "./messages.d.ts" */

import { say } from "../../../figures/browser/texts.js";
import { asked, press } from "./asked.js";
import { byId, made } from "./elements.js";
import { revealed } from "./revealed.js";

/** What the question that is drawn depends on: while that is the same, a finger or a reader stays where it is. */
let drawn = "";

/**
 * Show a view; `answer` is called with what somebody chooses.
 * @param {View} view
 * @param {(answer: number) => void} answer
 */
export function draw(view, answer) {
  const { answers, own, words, ...lasting } = view;
  const now = JSON.stringify(view.revealed ? view : lasting);
  if (now !== drawn) {
    drawn = now;
    drawHead(view);
    drawQuestion(view, answer);
  }
  if (view.ballot && !view.revealed) press(byId("question"), view);
  tell(words.standing);
  byId("answers").textContent = words.answered;
}

/**
 * Say how things stand; what has been said is not said again.
 * @param {string} text
 */
export function tell(text) {
  if (byId("status").textContent !== text) byId("status").textContent = text;
}

/**
 * The room is gone, or there was none: another code can be typed.
 * @param {string} text
 */
export function drawGone(text) {
  drawn = "";
  byId("title").textContent = say("Join another room");
  byId("title").className = "";
  for (const id of ["question", "link"]) byId(id).hidden = true;
  byId("answers").textContent = "";
  byId("door").hidden = false;
  tell(text);
}

/** @param {View} view */
function drawHead(view) {
  const title = byId("title");
  title.textContent = view.words.head;
  title.lang = view.title ? view.language : "";
  if (!title.lang) title.removeAttribute("lang");
  title.className = view.ballot ? "small" : "";
  byId("door").hidden = true;
  byId("link").hidden = !view.link;
  const anchor = /** @type {HTMLAnchorElement} */ (byId("link").firstElementChild);
  if (view.link) anchor.href = view.link;
}

/**
 * @param {View} view
 * @param {(answer: number) => void} answer
 */
function drawQuestion(view, answer) {
  const place = byId("question");
  place.hidden = !view.ballot;
  if (!view.ballot) return place.replaceChildren();
  const parts = view.words.again ? [made("p", { className: "pale", textContent: view.words.again })] : [];
  const question = made("h2", { textContent: view.question, lang: view.language });
  place.replaceChildren(...parts, question, ...(view.revealed ? revealed(view) : asked(view, answer)));
}
