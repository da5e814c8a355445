// A lecture in a file: its scenes one after the other, with the keys of a lecture on the server.

import { toggleDark } from "../remote/dark.js";
import { watchKeys } from "../remote/keys.js";
import { openNotes, showNotes } from "../remote/notes.js";
import { drawPicture } from "./picture.js";
import { isAnswered, isSealed, numberOf, prepareQuestion, reveal } from "./question.js";

/** @typedef {{ name: string, number: number, count: number, note: string, next: string }} Place */

const scenes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".scene")]);
let number = 0;
/** @type {import("./picture.js").Drawn} */
let drawn = { erase: () => {}, answered: () => {} };

/** @param {string} name */
const button = (name) => /** @type {HTMLButtonElement} */ (document.querySelector(`.remote .${name}`));

/** @param {HTMLElement | undefined} scene */
const titleOf = (scene) => scene?.querySelector("h2")?.textContent ?? "";

/** @returns {Place} */
const place = () => ({
  name: "",
  number,
  count: scenes.length,
  note: scenes[number - 1].dataset.note ?? "",
  next: titleOf(scenes[number]),
});

/** @param {number} wanted */
function turn(wanted) {
  const to = Math.min(Math.max(wanted, 1), scenes.length);
  if (to === number) return;
  number = to;
  scenes.forEach((scene, i) => {
    scene.hidden = i !== number - 1;
  });
  document.querySelector(".remote .place")?.replaceChildren(`${number} / ${scenes.length}`);
  button("back").disabled = number === 1;
  button("forward").disabled = number === scenes.length;
  if (numberIn(window.location.hash) !== number) window.location.replace(hashOf(number));
  scrollTo(0, 0);
  show();
}

/** The picture of the scene that is on, and its note. */
function show() {
  drawn.erase();
  const scene = scenes[number - 1];
  drawn = drawPicture(scene, isSealed(scene));
  if (isAnswered(scene)) drawn.answered(numberOf(scene));
  showNotes(place());
}

/** @param {string} hash */
const numberIn = (hash) => Number(/\d+/.exec(hash)?.[0] ?? 1);

/** @param {number} of */
const hashOf = (of) => `${/^#[a-z]+/.exec(window.location.hash)?.[0] ?? "#"}${of}`;

function openAnswer() {
  reveal(scenes[number - 1]);
  show();
}

const acts = {
  forward: () => (isSealed(scenes[number - 1]) ? openAnswer() : turn(number + 1)),
  back: () => turn(number - 1),
  first: () => turn(1),
  last: () => turn(scenes.length),
  dark: () => toggleDark(),
  notes: () => openNotes(place()),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  again: () => {}, // there is no room that could vote
  leave: () => {}, // there is nothing behind it
};

for (const name of /** @type {const} */ (["back", "notes", "full"])) button(name).onclick = acts[name];
button("forward").onclick = () => turn(number + 1);
for (const other of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-language]")))
  other.onclick = () => {
    window.location.replace(`#${other.dataset.language}${number}`);
    window.location.reload();
  };
for (const scene of scenes) prepareQuestion(scene, openAnswer, () => drawn.answered(numberOf(scene)));
watchKeys((meaning) => acts[meaning]());
addEventListener("hashchange", () => turn(numberIn(window.location.hash)));
turn(numberIn(window.location.hash));
