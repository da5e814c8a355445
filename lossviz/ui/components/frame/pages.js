// The line of pages: which of them is open, for the eye and for those who hear it, and to which a person turns.

const DRAWN = [0, 60, 400]; // milliseconds after which the line may be there

/** @typedef {{ page: string, purposes: string[], run: number }} Pages */

/**
 * Say which page is open, and what each is for; where it has just been opened, bring its name into sight.
 * @param {Pages} pages
 * @param {boolean} isNew
 */
export function markPage({ purposes }, isNew) {
  for (const delay of DRAWN) setTimeout(() => mark(purposes, isNew), delay);
}

/**
 * @param {string[]} purposes
 * @param {boolean} isNew
 */
function mark(purposes, isNew) {
  const line = document.querySelector(".st-key-page-links");
  const place = document.querySelector(".st-key-page-open");
  const links = [...(line?.querySelectorAll("a") ?? [])];
  for (const [n, link] of links.entries()) {
    link.title = purposes[n] ?? ""; // the browser's own tooltip, which does not lie over the chips and take their clicks
    if (place?.contains(link)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!isNew) return;
  bringIntoSight(line, place);
  const view = document.querySelector(".st-key-view");
  bringIntoSight(view, view?.querySelector("[data-selected]") ?? null);
}

/**
 * Scroll a line sideways until what is chosen in it is in its middle; the page itself does not scroll.
 * @param {Element | null} line
 * @param {Element | null} chosen
 */
function bringIntoSight(line, chosen) {
  if (!line || !chosen) return;
  const [outer, inner] = [line.getBoundingClientRect(), chosen.getBoundingClientRect()];
  line.scrollBy({ left: inner.left + inner.width / 2 - (outer.left + outer.width / 2) });
}

/**
 * Tell to which page a person turns, in this window and with no other key; links to others stay the browser's.
 * @param {(path: string, count: number) => void} tell
 */
export function watchTurns(tell) {
  /** @param {MouseEvent} event */
  const listen = (event) => {
    const link = event.target instanceof Element ? event.target.closest(".st-key-page-links a") : null;
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    tell(link.getAttribute("href") ?? "", Date.now());
  };
  addEventListener("click", listen, true);
  return () => removeEventListener("click", listen, true);
}
