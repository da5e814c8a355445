// A handout: every picture is drawn once, as on a desk, and then stands still, sharp on paper.

import { element } from "../../../figures/browser/elements.js";
import { drawPicture } from "./picture.js";

const WAIT = 400; // milliseconds for figures to be laid out
const LEAST = 480; // pixels of a figure's height, so that the names of its axes are whole
const MOST = 100; // millimetres of all figures of a page

/**
 * A picture of a figure.
 * @param {HTMLElement} plot
 */
async function still(plot) {
  const height = Math.max(plot.clientHeight, LEAST);
  const image = new Image();
  image.alt = plot.closest(".picture")?.getAttribute("aria-label") ?? "";
  image.src = await window.Plotly.toImage(plot, { format: "svg", width: plot.clientWidth, height });
  await image.decode();
  return image;
}

/**
 * The figures of a player in its place.
 * @param {HTMLElement} stage
 */
async function stand(stage) {
  const plots = /** @type {HTMLElement[]} */ ([...stage.querySelectorAll(".js-plotly-plot")]);
  const images = await Promise.all(plots.map(still));
  for (const image of images) image.style.maxHeight = `${MOST / images.length}mm`;
  stage.replaceWith(element("div", { class: "figures" }, ...images));
}

/**
 * What is too long for its place on paper ends with the last part that has room.
 * @param {HTMLElement} shown
 */
function shorten(shown) {
  for (const live of /** @type {NodeListOf<HTMLElement>} */ (shown.querySelectorAll(".lossviz-live")))
    if (live.offsetHeight > shown.clientHeight)
      live.style.setProperty("zoom", String((0.75 * shown.clientHeight) / live.offsetHeight));
  while (shown.scrollHeight > shown.clientHeight + 1) lastPartOf(shown).remove();
}

/**
 * @param {Element} parent
 * @returns {Element}
 */
const lastPartOf = ({ lastElementChild: last }) => (last?.lastElementChild ? lastPartOf(last) : /** @type {Element} */ (last));

/** @param {HTMLElement} page */
async function draw(page) {
  const [first, ...others] = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(".lossviz-stage"));
  for (const other of others) other.remove();
  drawPicture(page, true, false);
  await new Promise((done) => setTimeout(done, WAIT));
  if (first) await stand(first);
  shorten(/** @type {HTMLElement} */ (page.querySelector(".shown")));
}

async function drawAll() {
  for (const page of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".page"))) await draw(page);
  document.body.dataset.drawn = "yes";
}

/** @type {HTMLButtonElement} */ (document.querySelector(".print")).onclick = () => window.print();
drawAll();
