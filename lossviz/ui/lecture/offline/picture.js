// The picture of a scene, drawn when it is shown: figures and live components from what the file has of them.

import { element } from "../../../figures/browser/elements.js";
import { say } from "../../../figures/browser/texts.js";
import { createPlayer } from "../../../figures/player/player.js";
import { createLive } from "../../components/live/sample.js";

const payloads = JSON.parse(document.getElementById("lossviz-data")?.textContent ?? "[]");
const look = document.querySelector("template.live");

/**
 * @typedef {object} Drawn
 * @property {() => void} erase
 * @property {(value: number | null) => void} answered shows what was answered, null for what is no number, and lets all be moved
 */

/**
 * Draw it, as it is before or after the reveal.
 * @param {HTMLElement} scene
 * @param {boolean} sealed
 * @param {boolean} [fits] whether figures fill what the window leaves
 * @returns {Drawn}
 */
export function drawPicture(scene, sealed, fits = true) {
  const pictures = /** @type {HTMLElement[]} */ ([...scene.querySelectorAll(".shown")]);
  const [picture = pictures[0]] = pictures.filter((one) => one.classList.contains(sealed ? "before" : "after"));
  for (const one of pictures) one.hidden = one !== picture;
  const figures = [...picture.querySelectorAll(".lossviz-stage")].map((root) =>
    figure(/** @type {HTMLElement} */ (root), fits),
  );
  const samples = [...picture.querySelectorAll(".lossviz-live")].map((root) => sample(/** @type {HTMLElement} */ (root)));
  const drawn = [...figures, ...samples];
  const dress = () => {
    for (const one of drawn) one.dress();
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", dress);
  const erase = () => {
    scheme.removeEventListener("change", dress);
    for (const one of drawn) one.close();
  };
  const answered = (/** @type {number | null} */ value) => {
    for (const one of drawn) one.answered(value);
  };
  return { erase, answered };
}

/**
 * @param {HTMLElement} root
 * @param {boolean} fits
 */
function figure(root, fits) {
  const player = createPlayer(root, null, fits);
  const message = payloads[Number(root.dataset.payload)];
  player.receive(message);
  const answered = (/** @type {number | null} */ value) =>
    player.receive({ ...message, guess: message.guess && { ...message.guess, value }, locked: false });
  return { ...player, answered };
}

/** @param {HTMLElement} host */
function sample(host) {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  shadow.innerHTML = look?.innerHTML ?? "";
  const data = Uint8Array.from(atob(payloads[Number(host.dataset.payload)]), (letter) => letter.charCodeAt(0));
  const live = createLive(shadow, data, null);
  live.receive(data);
  const says = say("In this file one control moves at a time. When another one is moved, it goes back.");
  if (!host.nextElementSibling) host.after(element("p", { class: "caption moves", text: says }));
  const answered = () => live.unlock();
  return { dress: () => live.receive(data), close: () => live.close(), answered };
}
