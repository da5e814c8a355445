// The line of pages: its open one is in sight, and what a person clicks is turned to.

const DRAWN = [0, 60, 400]; // milliseconds after which the lines may be there

/** Where a page has just been opened, bring its name into sight, and what is chosen of its view. */
export function showPlace() {
  for (const delay of DRAWN) setTimeout(bringAllIntoSight, delay);
}

function bringAllIntoSight() {
  bringIntoSight(document.querySelector(".page-links"), "[aria-current]");
  bringIntoSight(document.querySelector(".st-key-view"), "[data-selected]");
}

/**
 * Scroll a line sideways until what is chosen in it is in its middle; the page itself does not scroll.
 * @param {Element | null} line
 * @param {string} selector
 */
function bringIntoSight(line, selector) {
  const chosen = line?.querySelector(selector);
  if (!line || !chosen) return;
  const [outer, inner] = [line.getBoundingClientRect(), chosen.getBoundingClientRect()];
  line.scrollBy({ left: inner.left + inner.width / 2 - (outer.left + outer.width / 2) });
}

let tellTurn = /** @type {(path: string) => void} */ (() => {});

/**
 * Tell to which page a person turns, in this window and with no other key; links to others stay the browser's.
 *
 * It may be called again before it is ended: a click is told once all the same.
 * @param {(path: string) => void} tell
 */
export function watchTurns(tell) {
  tellTurn = tell;
  addEventListener("click", turnByClick, true);
  return () => removeEventListener("click", turnByClick, true);
}

/** @param {MouseEvent} event */
function turnByClick(event) {
  const link = event.target instanceof Element ? event.target.closest(".page-links a") : null;
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  dispatchEvent(new Event("lossviz-turn"));
  tellTurn((link.getAttribute("href") ?? "").replace("./", ""));
}
