// A handout: every picture is drawn once and then stands still, sharp on paper.

import { drawPicture } from "./picture.js";

const WAIT = 400; // milliseconds for figures to be laid out
const HEIGHT = 110; // millimetres for all figures of a page

/**
 * A picture of a figure in the place of the figure.
 * @param {HTMLElement} plot
 */
async function still(plot) {
  const { width, height } = plot.getBoundingClientRect();
  const image = new Image();
  image.alt = plot.closest(".picture")?.getAttribute("aria-label") ?? "";
  image.src = await window.Plotly.toImage(plot, { format: "svg", width, height });
  return image;
}

/** @param {HTMLElement} page */
async function draw(page) {
  drawPicture(page, true, false);
  await new Promise((done) => setTimeout(done, WAIT));
  for (const stage of page.querySelectorAll(".lossviz-stage")) {
    const plots = /** @type {HTMLElement[]} */ ([...stage.querySelectorAll(".js-plotly-plot")]);
    const images = await Promise.all(plots.map(still));
    for (const image of images) image.style.maxHeight = `${HEIGHT / images.length}mm`;
    stage.replaceWith(...images);
  }
}

async function drawAll() {
  for (const page of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".page"))) await draw(page);
  document.body.dataset.drawn = "yes";
}

/** @type {HTMLButtonElement} */ (document.querySelector(".print")).onclick = () => window.print();
drawAll();
