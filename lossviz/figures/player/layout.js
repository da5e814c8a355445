// What a figure's layout has from the page, the screen and the person, over what Python says.

/**
 * @import { Properties } from "./messages.d.ts"
 * @import { Picture, Player, Theme } from "./state.d.ts"
 */

import { faint } from "../browser/theme.js";
import { copiedLayout, merged, overlay, scaledFonts } from "./objects.js";
import { frameOf } from "./position.js";
import { typeScale } from "./room.js";
import { entitleWide, LETTER, narrow, rowsOf } from "./titles.js";
import { keepView } from "./view.js";

/**
 * What a layout has from the page unless it says otherwise.
 * @param {Theme} theme
 * @returns {Properties}
 */
function pageLayout({ ground, ink, family }) {
  const [rule, clear] = [faint(ink, 0.16), "transparent"];
  const axis = { gridcolor: rule, zerolinecolor: faint(ink, 0.4), linecolor: faint(ink, 0.5), automargin: true };
  const space = { ...axis, backgroundcolor: clear };
  return {
    paper_bgcolor: clear,
    plot_bgcolor: clear,
    font: { color: ink, family },
    hoverlabel: { bgcolor: ground, bordercolor: faint(ink, 0.5), font: { color: ink } },
    modebar: { bgcolor: clear, color: faint(ink, 0.62), activecolor: ink, uirevision: "kept" },
    template: { layout: { xaxis: axis, yaxis: axis, scene: { xaxis: space, yaxis: space, zaxis: space } } },
  };
}

// On a large screen a title begins where the plot does, and has more than one row only where it would be cut.
const BESIDE = 80; // pixels of the plot's margins
const TOOLS = 150; // pixels of the tool bar at the right, where a title does not go
const NAME = 15; // pixels of a line of a bar's name
const MARGINS = 110; // pixels of a figure above and below its plot
const SAMPLE = "Epoch 12: softmax focal loss, γ = 2 lowers clean accuracy by 1.3 points [0.9, 1.7]";

/** @param {string} family */
function letterWidth(family) {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  pen.font = `17px ${family}`;
  return pen.measureText(SAMPLE).width / SAMPLE.length;
}

/**
 * The layout of a picture at the present step. What it looks like on a dark page or on a small screen is in its `meta`, by path.
 * @param {Player} player
 * @param {Picture} picture
 * @param {Theme} theme
 */
export function layoutOf(player, picture, theme) {
  const { figure } = player.model.pictures[picture.index];
  const { layout = {} } = figure;
  const isSmall = player.screen.matches;
  const own = copiedLayout(merged(layout, frameOf(player, picture)?.layout));
  if (theme.dark) {
    delete own.font?.color;
    overlay(own, own.meta?.dark);
  }
  if (isSmall) overlay(own, own.meta?.narrow);
  const scale = isSmall ? 1 : typeScale();
  const { template, ...page } = pageLayout(theme);
  const full = merged(page, own);
  full.template = own.template ?? template;
  if (!full.template.layout?.margin) full.margin = { l: 56, r: 12, t: 36, b: 48, ...full.margin };
  if (full.title?.text === undefined) delete full.title;
  delete full.width;
  delete full.height;
  full.autosize = true;
  const width = picture.gd.clientWidth || 1200; // not laid out yet
  const most = isSmall ? width / LETTER : (width - BESIDE - TOOLS) / (letterWidth(theme.family) * scale);
  const rows = rowsOf(figure, most);
  if (isSmall) narrow(full, width, rows);
  else if (rows > 1 || scale !== 1) entitleWide(full, rows, most, scale);
  thinNames(full, picture.gd.clientHeight, scale);
  keepView(picture, full);
  full.uirevision = `${layout.uirevision ?? "lossviz"}#${picture.resets}`;
  return scale === 1 ? full : scaledFonts(full, scale);
}

/**
 * A name for every other bar, or fewer, where all would stand over each other.
 * @param {Properties} full
 * @param {number} height
 * @param {number} scale
 */
function thinNames({ yaxis }, height, scale) {
  if (!Array.isArray(yaxis?.ticktext) || !Array.isArray(yaxis.range) || !height) return;
  const row = (height - MARGINS * scale) / Math.abs(yaxis.range[1] - yaxis.range[0]);
  const step = Math.ceil((NAME * scale) / Math.max(row, 1));
  for (const part of step > 1 ? ["tickvals", "ticktext"] : [])
    yaxis[part] = yaxis[part].filter((/** @type {unknown} */ _, /** @type {number} */ n) => n % step === 0);
}
