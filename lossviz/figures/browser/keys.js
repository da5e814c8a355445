// Keys that move a slider.

/** How many steps of the grid a key goes. */
export const KEY_STEPS = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: -Infinity,
  End: Infinity,
};

/**
 * The steps of a key, 0 if it is none of ours; together with Ctrl, Alt or Meta it is the browser's own.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} event
 * @returns {number}
 */
export function keySteps({ key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey || !Object.hasOwn(KEY_STEPS, key)) return 0;
  return KEY_STEPS[/** @type {keyof typeof KEY_STEPS} */ (key)];
}
