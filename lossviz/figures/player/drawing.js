// A figure at a step of the scrubber.

/**
 * @import { Properties } from "./messages.d.ts"
 * @import { Picture, Player } from "./state.d.ts"
 */

import { say } from "../browser/texts.js";
import { turnLinked } from "./cameras.js";
import { placeGuess } from "./guess.js";
import { moveMarkers, placeGrips } from "./handles.js";
import { layoutOf } from "./layout.js";
import { merged, overlay } from "./objects.js";
import { listenForPicks } from "./picks.js";
import { frameOf, shownIndex } from "./position.js";
import { noteView, resetView } from "./view.js";

/**
 * Plotly looks for what it drew for a trace by a CSS class made of the uid.
 * @param {unknown} uid
 */
const selectable = (uid) => String(uid).replace(/[^\w-]/g, (letter) => `_${letter.codePointAt(0)}`);

/**
 * @param {Player} player
 * @param {Picture} picture
 * @param {boolean} dark
 * @returns {Properties[]}
 */
function tracesOf(player, picture, dark) {
  const { index, visible } = picture;
  const frame = frameOf(player, picture);
  const moved = (/** @type {number} */ i) => frame?.data[frame.traces ? frame.traces.indexOf(i) : i];
  const traces = player.model.pictures[index].figure.data.map((trace, i) => merged(trace, moved(i)));
  traces.forEach((trace, i) => {
    trace.uid = selectable(trace.uid ?? `${index}-${i}`);
    if (dark) overlay(trace, trace.meta?.dark);
    if (player.screen.matches) overlay(trace, trace.meta?.narrow);
    if (trace.uid in visible && trace.visible !== false) trace.visible = visible[trace.uid];
  });
  moveMarkers(player, picture, traces);
  return traces;
}

/**
 * Without waiting for the next frame of the screen, which an answer that took its time has no reason to.
 * @param {Player} player
 */
export function drawNow(player) {
  cancelAnimationFrame(player.queued);
  player.queued = 0;
  const due = [...player.dirty];
  player.dirty.clear();
  for (const picture of due) if (player.model.pictures[picture.index]) drawPicture(player, picture);
  player.root.dataset.drawn = String(player.model.scrubber ? shownIndex(player) : 0);
}

/**
 * @param {Player} player
 * @param {Picture} picture
 */
function drawPicture(player, picture) {
  const { gd } = picture;
  const isNew = !gd._fullLayout;
  picture.traces = tracesOf(player, picture, player.theme.dark);
  const layout = layoutOf(player, picture, player.theme);
  forgetRanges(gd, layout);
  picture.drawing = Plotly.react(gd, picture.traces, layout, configOf(player, picture));
  if (isNew) {
    listen(player, picture);
    listenForPicks(player, picture);
  }
  placeOver(player, picture);
}

/**
 * What lies over a figure, where its axes have it.
 * @param {Player} player
 * @param {Picture} picture
 */
function placeOver(player, picture) {
  placeGrips(player, picture);
  placeGuess(player, picture);
}

/**
 * @param {Player} player
 * @param {Picture} picture
 */
function listen(player, picture) {
  const { gd } = picture;
  gd.on("plotly_relayout", (update) => {
    noteView(player, picture, update);
    turnLinked(player, picture, update, true);
  });
  gd.on("plotly_relayouting", (update) => {
    noteView(player, picture, update, true);
    turnLinked(player, picture, update, false);
    placeOver(player, picture);
  });
  gd.on("plotly_restyle", ([update]) => {
    if ("visible" in update) for (const { uid, visible } of gd.data) picture.visible[uid] = visible ?? true;
  });
  gd.on("plotly_doubleclick", () => resetView(player, picture));
  gd.on("plotly_afterplot", () => placeOver(player, picture));
}

/**
 * Of axes in one scale, Plotly takes a range that is smaller than the one before for a zoom of its own, and takes it back.
 * @param {Picture["gd"]} gd
 * @param {Properties} layout
 */
function forgetRanges(gd, layout) {
  for (const [name, axis] of Object.entries(gd._fullLayout ?? {}))
    if (axis?._inputRange && String(layout[name]?.range) !== String(gd.layout[name]?.range)) delete axis._inputRange;
}

const RESETS = ["autoScale2d", "resetScale2d", "resetCameraDefault3d", "resetCameraLastSave3d"];
const REMOVED = ["toImage", "select2d", "lasso2d", "sendChartToCloud", ...RESETS]; // nothing leaves the page

/** Plotly's own texts, which it looks up here first. */
const TOOL_TEXTS = {
  Zoom: say("Zoom"),
  Pan: say("Pan"),
  "Zoom in": say("Zoom in"),
  "Zoom out": say("Zoom out"),
  "Orbital rotation": say("Orbital rotation"),
  "Turntable rotation": say("Turntable rotation"),
  "Double-click to zoom back out": say("Double-click to zoom back out"),
  "Double-click on legend to isolate one trace": say("Double-click on legend to isolate one trace"),
};

/**
 * A page that was downloaded has no menu but Plotly's own tool bar to save a picture with.
 * @param {Player} player
 * @param {Picture} picture
 */
function configOf(player, picture) {
  const save = (/** @type {"png" | "svg"} */ format) => () => savePicture(player, picture, format);
  const reset = {
    name: "lossvizReset",
    title: say("Reset view"),
    icon: Plotly.Icons.home,
    click: () => resetView(player, picture),
  };
  const saves = [
    { name: "lossvizPng", title: say("Download as PNG"), icon: Plotly.Icons.camera, click: save("png") },
    { name: "lossvizSvg", title: say("Download as SVG"), icon: Plotly.Icons.disk, click: save("svg") },
  ];
  picture.config ??= {
    locales: { en: { dictionary: TOOL_TEXTS } },
    displaylogo: false,
    displayModeBar: "hover", // a small screen has none: player.css
    plotlyServerURL: "",
    responsive: false, // ours watches the container, not the window
    doubleClick: false, // ours goes back to what Python sent last; Plotly's to what it drew first
    modeBarButtonsToRemove: REMOVED,
    modeBarButtonsToAdd: player.send ? [reset] : [reset, ...saves],
  };
  return picture.config;
}

/**
 * For slides and paper: in the light colours, on white.
 * @param {Player} player
 * @param {Picture} picture
 * @param {"png" | "svg"} format
 */
export function savePicture(player, picture, format) {
  const { root, theme, model, pictures } = player;
  const style = getComputedStyle(root);
  const [ground, ink] = ["--lossviz-ground", "--lossviz-ink"].map((name) => style.getPropertyValue(name).trim());
  const light = { ground, ink, family: theme.family, dark: false };
  const size = { width: picture.gd.clientWidth, height: picture.gd.clientHeight };
  const data = tracesOf(player, picture, false);
  const layout = { ...layoutOf(player, picture, light), ...size, paper_bgcolor: ground, autosize: false };
  const filename = model.file + (pictures.length > 1 ? `-${picture.index + 1}` : "");
  return Plotly.downloadImage({ data, layout }, { ...size, format, filename, scale: format === "png" ? 2 : 1 });
}
