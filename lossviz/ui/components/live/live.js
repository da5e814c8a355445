// The live component. Called again by Streamlit at every change of data or theme, with the same parentElement.

/**
 * @import { LiveEvent } from "./messages.d.ts"
 * @import { Live } from "./state.d.ts"
 */

import { pageHistory } from "../../../figures/browser/history.js";
import { formatAsPython } from "../../../figures/browser/numbers.js";
import { putIntoLink } from "./link.js";
import { createLive } from "./sample.js";

/**
 * @typedef {object} Component
 * @property {Live} live
 * @property {(name: "commit", event: object) => void} trigger
 */

pageHistory(); // before anything is written into the address

/** @type {WeakMap<object, Component>} */
const mounted = new WeakMap();

/**
 * The component, as Streamlit calls it.
 * @param {{ data: Uint8Array, parentElement: Live["parentElement"], setTriggerValue: Component["trigger"] }} mount
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const before = mounted.get(parentElement);
  // Where another program was in between, in another language, what we had there is gone, though nobody has said so.
  if (before && !before.live.root.isConnected) unmount(parentElement, before);
  const component = mounted.get(parentElement) ?? mount(parentElement, data, setTriggerValue);
  component.trigger = setTriggerValue;
  component.live.receive(data);
  return () => unmount(parentElement, component);
}

/**
 * @param {Live["parentElement"]} parentElement
 * @param {Uint8Array} data
 * @param {Component["trigger"]} trigger
 */
function mount(parentElement, data, trigger) {
  /** @type {Component} */
  const component = { live: createLive(parentElement, data, (event) => sendEvent(component, event)), trigger };
  mounted.set(parentElement, component);
  return component;
}

/**
 * @param {Live["parentElement"]} parentElement
 * @param {Component} component
 */
function unmount(parentElement, component) {
  component.live.close();
  mounted.delete(parentElement);
}

/**
 * @param {Component} component
 * @param {LiveEvent} event
 */
function sendEvent({ live, trigger }, event) {
  const { value } = event;
  const words = value !== undefined && !Number.isFinite(value) ? { value: formatAsPython(value) } : {}; // JSON has no infinities
  const sent = pageHistory().numbered({ ...event, ...words, revision: live.model.header.revision });
  putIntoLink(live, event);
  trigger("commit", sent);
  return sent.act;
}
