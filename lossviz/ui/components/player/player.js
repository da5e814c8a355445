// The player as a component. Streamlit calls this again at every change of data or theme, with the same parentElement.

/** @import { Message, PlayerEvent } from "../../../figures/player/messages.d.ts" */

import { pageHistory } from "../../../figures/browser/history.js";
import { createPlayer } from "../../../figures/player/player.js";

pageHistory(); // before anything is written into the address

/**
 * @typedef {object} Component
 * @property {HTMLElement} root
 * @property {number} since
 * @property {ReturnType<typeof setInterval>} poll
 * @property {(name: "commit" | "plain", value: unknown) => void} trigger
 * @property {Uint8Array} [data]
 * @property {Message} [message] not yet shown
 * @property {ReturnType<typeof createPlayer>} [player] once Plotly is there
 */

/** @type {WeakMap<object, Component>} */
const mounted = new WeakMap();
const PATIENCE = 8000; // milliseconds for Streamlit's own Plotly to come

/**
 * The component, as Streamlit calls it.
 * @param {{ data: Uint8Array, parentElement: ParentNode, setTriggerValue: Component["trigger"] }} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const before = mounted.get(parentElement);
  // Where another program was in between, in another language, what we had there is gone, though nobody has said so.
  if (before && !before.root.isConnected) unmount(parentElement, before);
  const component = mounted.get(parentElement) ?? mount(parentElement, setTriggerValue);
  component.trigger = setTriggerValue;
  if (data !== component.data) component.message = JSON.parse(new TextDecoder().decode(data));
  component.data = data;
  show(component);
  return () => unmount(parentElement, component);
}

/**
 * @param {ParentNode} parentElement
 * @param {Component["trigger"]} trigger
 */
function mount(parentElement, trigger) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".lossviz-stage"));
  const poll = setInterval(() => wait(component), 50);
  /** @type {Component} */
  const component = { root, since: performance.now(), poll, trigger };
  mounted.set(parentElement, component);
  return component;
}

/** @param {Component} component */
function wait(component) {
  if (window.Plotly) show(component);
  else if (performance.now() - component.since > PATIENCE) giveUp(component);
}

/** @param {Component} component */
function show(component) {
  if (!window.Plotly?.react) return;
  clearInterval(component.poll);
  component.player ??= createPlayer(component.root, (event) => sendEvent(component, event));
  if (component.message) component.player.receive(component.message);
  else component.player.dress();
  component.message = undefined;
}

/**
 * A word of the link is put into the address at once, so that Back finds it there even if the next act comes before the answer;
 * Python writes the rest.
 * @param {Component} component
 * @param {PlayerEvent} event
 */
function sendEvent(component, event) {
  if (
    "value" in event &&
    "control" in event &&
    event.control &&
    Number.isFinite(event.value) &&
    !/^[zt][0-9]+$/.test(event.control)
  ) {
    const url = new URL(window.location.href);
    url.searchParams.set(event.control, String(event.value));
    pageHistory().rewrite(url);
  }
  const sent = pageHistory().numbered(event);
  component.trigger("commit", sent);
  return sent.act;
}

/** @param {Component} component */
function giveUp(component) {
  clearInterval(component.poll);
  component.trigger("plain", true);
}

/**
 * @param {ParentNode} parentElement
 * @param {Component} component
 */
function unmount(parentElement, component) {
  clearInterval(component.poll);
  component.player?.close();
  mounted.delete(parentElement);
}
