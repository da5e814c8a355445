// The picture of a scene, drawn when it is shown: figures and live components from what the file has of them.

import { element } from "../../../figures/browser/elements.js";
import { say } from "../../../figures/browser/texts.js";
import { createPlayer } from "../../../figures/player/player.js";
import { createLive } from "../../components/live/sample.js";

const payloads = JSON.parse(document.getElementById("lossviz-data")?.textContent ?? "[]");
const look = document.querySelector("template.live");

/**
 * Draw it, as it is before or after the reveal; gives what takes it away.
 * @param {HTMLElement} scene
 * @param {boolean} sealed
 * @param {boolean} [fits] whether figures fill what the window leaves
 * @returns {() => void}
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
  return () => {
    scheme.removeEventListener("change", dress);
    for (const one of drawn) one.close();
  };
}

/**
 * @param {HTMLElement} root
 * @param {boolean} fits
 */
function figure(root, fits) {
  const player = createPlayer(root, null, fits);
  player.receive(payloads[Number(root.dataset.payload)]);
  return player;
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
  return { dress: () => live.receive(data), close: () => live.close() };
}
