// Titles that take as many rows as they need.

/** @import { Figure, Properties } from "./messages.d.ts" */

/** Between two letters of Chinese, but not before what closes nor after what opens. */
const BREAK = /(?<=[\u3001\u3002\u300d\u4e00-\u9fff\uff09\uff0c\uff1a\uff1b])(?=[\u300c\u4e00-\u9fff\uff08])/g;

/**
 * How wide a text is, in letters of English; tags are none.
 * @param {string} text
 */
const letters = (text) => text.replace(/<[^>]*>/g, "").replace(/[\u3000-\u9fff\uff00-\uffef]/g, "mm").length;

/**
 * Rows of about so many letters; tags have no spaces in them.
 * @param {unknown} text
 * @param {number} most
 */
export function inRows(text, most) {
  /** @type {string[]} */
  const rows = [];
  const words = String(text ?? "").replace(BREAK, "\u200b");
  for (const [, gap, word] of words.matchAll(/(^|[ \u200b])([^ \u200b]*)/g)) {
    const longer = `${rows.at(-1) ?? ""}${gap === " " ? " " : ""}${word}`;
    if (rows.length && letters(longer) <= most) rows.splice(-1, 1, longer);
    else rows.push(word);
  }
  return rows;
}

/**
 * As many rows as the longest title of all frames needs, so that nothing jumps under the scrubber.
 * @param {Figure} figure
 * @param {number} most
 */
export function rowsOf({ layout = {}, frames = [] }, most) {
  const layouts = [layout, ...frames.map((frame) => frame.layout ?? {})];
  return Math.max(1, ...layouts.map(({ title }) => inRows(title?.text, most).length));
}

/**
 * @param {Properties} layout
 * @param {string[]} rows
 * @param {number} top the margin that leaves room for the rows
 * @param {Properties} [place]
 */
function entitle(layout, rows, top, place = {}) {
  if (layout.title) layout.title = { ...layout.title, ...place, text: rows.join("<br>") };
  layout.margin = { ...layout.template.layout?.margin, ...layout.margin, t: top };
}

/**
 * A title of several rows on a large screen, or of larger type. Plotly puts the first of several higher than a single one.
 * @param {Properties} layout
 * @param {number} rows
 * @param {number} most letters in a row
 * @param {number} [scale] how much larger the type is
 */
export function entitleWide(layout, rows, most, scale = 1) {
  const lines = inRows(layout.title?.text, most);
  const place = { y: 1, yref: "container", yanchor: "top", pad: { t: scale * (lines.length > 1 ? 22 : 10) } };
  entitle(layout, lines, scale * (44 + 22 * (rows - 1)), place);
}

export const LETTER = 7.6; // pixels, on average
const TOP = { x: 0, xref: "container", y: 1, yref: "container", pad: { t: 18, l: 4 } };

/**
 * A layout on a small screen, which has no tool bar: smaller type, and words in as many rows as they need.
 * @param {Properties} layout
 * @param {number} width
 * @param {number} rows
 */
export function narrow(layout, width, rows) {
  const { font, title, legend } = layout.template.layout ?? {};
  layout.dragmode = false;
  layout.font = { ...layout.font, size: Math.min(12, layout.font?.size ?? font?.size ?? 12) };
  layout.legend = { ...layout.legend, font: { ...legend?.font, size: 12 } };
  if (layout.title) layout.title = { ...layout.title, font: { ...title?.font, size: 14 }, ...TOP };
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^xaxis\d*$/.test(name) || !axis.title?.text) continue;
    const text = inRows(axis.title.text, (width - 150) / LETTER).join("<br>"); // it is in the middle of what the other axis leaves
    layout[name] = { ...axis, title: { ...axis.title, text } };
  }
  entitle(layout, inRows(layout.title?.text, width / LETTER), 18 + 18 * rows);
}
