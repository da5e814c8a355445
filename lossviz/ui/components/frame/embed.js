// The present page within another one, such as the page of a course.

const HEIGHT = 720; // pixels in which every page shows its picture

/** @type {Record<string, string>} */
const ESCAPED = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** @param {string} text */
const escaped = (text) => text.replace(/[&"<>]/g, (character) => ESCAPED[character]);

/**
 * HTML that shows a page without the menu of who runs it.
 * @param {string} address
 * @param {string} title
 */
export function embedCode(address, title) {
  const url = new URL(address);
  url.searchParams.set("embed", "true");
  const what = `src="${escaped(url.href)}" title="${escaped(title)}"`;
  return `<iframe ${what} width="100%" height="${HEIGHT}" style="border: 0" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`;
}
