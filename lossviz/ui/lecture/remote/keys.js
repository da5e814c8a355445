// What a key means in a lecture. A clicker sends PageUp and PageDown.

const MEANINGS = /** @type {const} */ ({
  ArrowRight: "forward",
  " ": "forward",
  PageDown: "forward",
  ArrowLeft: "back",
  PageUp: "back",
  Home: "first",
  End: "last",
  b: "dark",
  B: "dark",
  ".": "dark",
  v: "again",
  V: "again",
  n: "notes",
  N: "notes",
  f: "full",
  F: "full",
  Escape: "leave",
});

/** What takes keys itself: a scene is not turned while a slider is moved or a number typed. */
const TAKES_KEYS =
  "input, textarea, select, [contenteditable=true], [role=slider], [role=radio], [role=combobox], [role=tab], .plot";

/** What is pressed by Space. */
const IS_PRESSED = "button, a, summary, label";

/** @typedef {(typeof MEANINGS)[keyof typeof MEANINGS]} Meaning */

/**
 * Tell what is pressed; gives what ends it.
 * @param {(meaning: Meaning) => void} tell
 */
export function watchKeys(tell) {
  /** @param {KeyboardEvent} event */
  const listen = (event) => {
    const meaning = meaningOf(event);
    if (!meaning) return;
    event.preventDefault();
    if (!event.repeat) tell(meaning);
  };
  /** @param {KeyboardEvent} event those of a clicker, before a slider that has the focus takes them for its own */
  const listenFirst = (event) => {
    if (!isOfClicker(event)) return;
    event.stopImmediatePropagation();
    listen(event);
  };
  addEventListener("keydown", listenFirst, true);
  addEventListener("keydown", listen);
  return () => {
    removeEventListener("keydown", listenFirst, true);
    removeEventListener("keydown", listen);
  };
}

/**
 * The act of a key; undefined if it is for what has the focus, or for the browser.
 * @param {KeyboardEvent} event
 */
export function meaningOf(event) {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || !Object.hasOwn(MEANINGS, key)) return undefined;
  const meaning = MEANINGS[/** @type {keyof typeof MEANINGS} */ (key)];
  if (isOfClicker(event)) return meaning;
  const target = event.composedPath()[0];
  const inside = target instanceof Element ? target : null;
  if (event.defaultPrevented || inside?.closest(TAKES_KEYS)) return undefined;
  if (key === " " && inside?.closest(IS_PRESSED)) return undefined;
  if (key === "Escape" && (document.fullscreenElement || document.querySelector("[aria-expanded=true], [role=dialog]")))
    return undefined;
  return meaning;
}

/**
 * Whether a clicker may have sent it: it turns scenes wherever the focus is.
 * @param {KeyboardEvent} event
 */
function isOfClicker({ key, ctrlKey, metaKey, altKey }) {
  return (key === "PageUp" || key === "PageDown") && !(ctrlKey || metaKey || altKey);
}
