// The frame as a component. Streamlit calls this again at every run, with the path of the page that is open.

import { followKeys } from "./chips.js";
import { copyText } from "./clipboard.js";
import { markPage } from "./pages.js";

let shown = "";

/**
 * The component, as Streamlit calls it.
 * @param {{ data: string, parentElement: ParentNode }} mount
 */
export default function ({ data, parentElement }) {
  const copy = /** @type {HTMLButtonElement} */ (parentElement.querySelector(".copy"));
  copy.onclick = () => copyText(parentElement, window.location.href);
  const stop = followKeys();
  const isNew = shown !== data;
  shown = data;
  markPage(isNew);
  return stop;
}
