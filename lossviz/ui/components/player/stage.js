// The player as a component. Streamlit calls this again at every change of data or theme, with the same parentElement.

/** @import { Message, PlayerEvent } from "../../../figures/player/messages.d.ts" */

import { pageHistory } from "../../../figures/browser/history.js";
import { createPlayer } from "../../../figures/player/player.js";

pageHistory(); // before anything is written into the address

/**
 * @typedef {object} Stage
 * @property {HTMLElement} root
 * @property {number} since
 * @property {ReturnType<typeof setInterval>} poll
 * @property {(name: "commit" | "plain", value: unknown) => void} trigger
 * @property {Uint8Array} [data]
 * @property {Message} [message] not yet shown
 * @property {ReturnType<typeof createPlayer>} [player] once Plotly is there
 */

/** @type {WeakMap<object, Stage>} */
const mounted = new WeakMap();
const PATIENCE = 8000; // milliseconds for Streamlit's own Plotly to come

/**
 * The component, as Streamlit calls it.
 * @param {{ data: Uint8Array, parentElement: ParentNode, setTriggerValue: Stage["trigger"] }} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const stage = mounted.get(parentElement) ?? mount(parentElement, setTriggerValue);
  stage.trigger = setTriggerValue;
  if (data !== stage.data) stage.message = JSON.parse(new TextDecoder().decode(data));
  stage.data = data;
  show(stage);
  return () => unmount(parentElement, stage);
}

/**
 * @param {ParentNode} parentElement
 * @param {Stage["trigger"]} trigger
 */
function mount(parentElement, trigger) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".lossviz-stage"));
  const poll = setInterval(() => wait(stage), 50);
  /** @type {Stage} */
  const stage = { root, since: performance.now(), poll, trigger };
  mounted.set(parentElement, stage);
  return stage;
}

/** @param {Stage} stage */
function wait(stage) {
  if (window.Plotly) show(stage);
  else if (performance.now() - stage.since > PATIENCE) giveUp(stage);
}

/** @param {Stage} stage */
function show(stage) {
  if (!window.Plotly?.react) return;
  clearInterval(stage.poll);
  stage.player ??= createPlayer(stage.root, (event) => sendEvent(stage, event));
  if (stage.message) stage.player.receive(stage.message);
  else stage.player.dress();
  stage.message = undefined;
}

/**
 * A word of the link is put into the address at once, so that Back finds it there even if the next act comes before the answer;
 * Python writes the rest.
 * @param {Stage} stage
 * @param {PlayerEvent} event
 */
function sendEvent(stage, event) {
  if ("value" in event && "control" in event && Number.isFinite(event.value) && !/^[zt][0-9]+$/.test(event.control)) {
    const url = new URL(window.location.href);
    url.searchParams.set(event.control, String(event.value));
    pageHistory().rewrite(url);
  }
  const sent = pageHistory().numbered(event);
  stage.trigger("commit", sent);
  return sent.act;
}

/** @param {Stage} stage */
function giveUp(stage) {
  clearInterval(stage.poll);
  stage.trigger("plain", true);
}

/**
 * @param {ParentNode} parentElement
 * @param {Stage} stage
 */
function unmount(parentElement, stage) {
  clearInterval(stage.poll);
  stage.player?.close();
  mounted.delete(parentElement);
}
