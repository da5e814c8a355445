// An exported page: a player for each of the models that it was given, in their order.

import { createPlayer } from "./player.js";

const messages = JSON.parse(document.getElementById("lossviz-data")?.textContent ?? "[]");
const roots = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".lossviz-stage")]);
const playersOfPage = roots.map((root) => createPlayer(root, null));
playersOfPage.forEach((player, i) => {
  player.receive(messages[i]);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const player of playersOfPage) player.dress();
});
