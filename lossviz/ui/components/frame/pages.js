// The line of pages: which of them is open, for the eye and for those who hear it.

const DRAWN = [0, 60, 400]; // milliseconds after which the line may be there

/**
 * Say which page is open; where it has just been opened, bring its name into sight.
 * @param {boolean} isNew
 */
export function markPage(isNew) {
  for (const delay of DRAWN) setTimeout(() => mark(isNew), delay);
}

/** @param {boolean} isNew */
function mark(isNew) {
  const line = document.querySelector(".st-key-page-links");
  const place = document.querySelector(".st-key-page-open");
  for (const link of line?.querySelectorAll("a") ?? [])
    if (place?.contains(link)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  if (isNew && line && place instanceof HTMLElement)
    line.scrollTo({ left: place.offsetLeft - (line.clientWidth - place.clientWidth) / 2 });
}
