// The player: Plotly figures and one scrubber. It plays frames that Python has computed and computes none of its own.
// The app and an exported file (page.js) use this same program; Plotly is there before it starts.

/**
 * @import { Listener, Message } from "./messages.d.ts"
 * @import { Parts, Player } from "./state.d.ts"
 */

import { element } from "../browser/elements.js";
import { PendingActs } from "../browser/pending.js";
import { say } from "../browser/texts.js";
import { watchDownloads } from "./downloads.js";
import { drawNow } from "./drawing.js";
import { EMPTY } from "./model.js";
import { removePicture, resizePicture } from "./pictures.js";
import { letGo, letGoSoon } from "./position.js";
import { watchRoom } from "./room.js";
import { grabScrubber, handleKey, holdScrubber, indexAt, start, stop } from "./scrubber.js";
import { dress, receive, showTexts } from "./updates.js";

const SMALL = "(pointer: coarse), (max-width: 640px)"; // where a drag over a chart is meant to scroll the page

/**
 * A player in an element.
 * @param {HTMLElement} root
 * @param {Listener | null} send hears what a person let go of; null: nobody hears
 * @param {boolean} [fits] whether the figures fill what the window leaves
 */
export function createPlayer(root, send, fits = send !== null) {
  const restyle = () => {
    for (const picture of player.pictures) player.dirty.add(picture);
    player.draw();
  };
  /** @type {Player} */
  const player = {
    root,
    send,
    fits,
    model: EMPTY,
    theme: { ground: "", ink: "", family: "", dark: false },
    pictures: [],
    dirty: new Set(),
    pending: new PendingActs(() => {
      player.restyle();
      showTexts(player);
    }),
    hand: null,
    playing: 0,
    queued: 0,
    gliding: 0,
    sizes: new ResizeObserver((entries) => {
      for (const { target } of entries) resizePicture(player, target);
    }),
    screen: matchMedia(SMALL),
    parts: partsOf(),
    room: [0, 0],
    draw: () => {
      player.queued ||= requestAnimationFrame(() => drawNow(player));
    },
    restyle,
    fit: () => showTexts(player),
    refit: () => {
      showTexts(player);
      player.restyle();
    },
  };
  player.screen.addEventListener("change", player.refit);
  furnish(player);
  const ends = [watchRoom(player), watchDownloads(player)];
  player.unwatch = () => {
    for (const end of ends) end();
  };
  return {
    receive: (/** @type {Message} */ message) => receive(player, message),
    dress: () => dress(player),
    close: () => close(player),
  };
}

/** @param {Player} player */
function close(player) {
  for (const frame of [player.queued, player.playing, player.gliding]) cancelAnimationFrame(frame);
  clearTimeout(player.rest);
  player.pending.close();
  player.sizes.disconnect();
  player.unwatch?.();
  player.screen.removeEventListener("change", player.refit);
  for (const picture of player.pictures.splice(0)) removePicture(player, picture);
  player.root.replaceChildren();
}

let players = 0;

/** @returns {Parts} */
function partsOf() {
  const hint = `lossviz-keys-${++players}`;
  const play = element("button", { type: "button", class: "play", "data-testid": "play" });
  const range = element("input", { type: "range", min: 0, step: "any", "data-testid": "scrubber" });
  const value = element("output", { class: "value", "aria-live": "off", "data-testid": "value" });
  const name = element("span", { class: "name" });
  const says = element("div", { class: "says" }, name, value);
  const bar = element("div", { class: "bar", role: "group", "aria-label": say("Scrubber") }, play, range, says);
  const keys = element("p", { class: "keys", id: hint }, say("Arrow keys step the scrubber, Space plays."));
  const sentence = element("p", { class: "sentence", "data-testid": "sentence" });
  const [grid, more] = ["pictures", "pictures more"].map((name) => element("div", { class: name }));
  return { grid, sentence, more, bar, play, range, value, name, keys };
}

/** @param {Player} player */
function furnish(player) {
  const { root, parts } = player;
  const { play, range } = parts;
  root.replaceChildren(parts.grid, parts.bar, parts.sentence, parts.more, parts.keys);
  play.onclick = () => (player.playing ? stop : start)(player);
  range.onpointerdown = () => grabScrubber(player);
  range.oninput = () => {
    const { scrubber } = player.model;
    if (scrubber && !holdScrubber(player, indexAt(scrubber, Number(range.value))).pointer) letGoSoon(player);
  };
  range.onpointerup =
    range.onpointercancel =
    range.onchange =
      () => {
        if (player.hand?.pointer) letGo(player);
      };
  range.onblur = () => {
    if (player.hand?.kind === "scrubber" && !player.playing) letGo(player);
  };
  root.onkeydown = (event) => handleKey(player, event);
  root.onpointerdown = ({ target }) => {
    if (player.playing && !(target instanceof Node && parts.bar.contains(target))) stop(player);
  };
}
