// The frame as a component. Streamlit calls this again at every run, with the page that is open and what each is for.

import { followKeys, watchChips } from "./chips.js";
import { copyText } from "./clipboard.js";
import { markPage } from "./pages.js";

let shown = "";

/** @type {((key: string) => void) | undefined} */
let tell;

/** @type {(() => void) | undefined} */
let unwatch;

/**
 * The component, as Streamlit calls it.
 * @param {{ data: import("./pages.js").Pages, parentElement: ParentNode, setStateValue: (name: "open", key: string) => void }} mount
 */
export default function ({ data, parentElement, setStateValue }) {
  const copy = /** @type {HTMLButtonElement} */ (parentElement.querySelector(".copy"));
  copy.onclick = () => copyText(parentElement, window.location.href);
  tell = (key) => setStateValue("open", key);
  unwatch ??= watchChips((key) => tell?.(key));
  const stop = followKeys();
  const isNew = shown !== data.page;
  shown = data.page;
  markPage(data, isNew);
  return () => {
    stop();
    unwatch?.();
    unwatch = undefined;
  };
}
