// A figure at a step of the scrubber.

// Neither input is touched, and no object of theirs is in the result: Plotly writes into what it is given. Arrays are shared.
function merged(base, over = {}) {
  const out = {};
  for (const name of Object.keys(base)) out[name] = isPlain(base[name]) ? merged(base[name]) : base[name];
  for (const name of Object.keys(over))
    out[name] = isPlain(over[name]) ? merged(isPlain(out[name]) ? out[name] : {}, over[name]) : over[name];
  return out;
}

const copied = (value) => (Array.isArray(value) ? value.map(copied) : isPlain(value) ? copiedLayout(value) : value);
const copiedLayout = (layout) => mapped(layout, (value, name) => (name === "template" ? value : copied(value)));
const mapped = (object, to) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, to(value, name)]));

// Plotly looks for what it drew for a trace by a CSS class made of the uid.
const selectable = (uid) => String(uid).replace(/[^\w-]/g, (letter) => `_${letter.codePointAt(0)}`);

function tracesOf(inst, { index, visible }, frame, dark) {
  const moved = (i) => frame?.data[frame.traces ? frame.traces.indexOf(i) : i];
  const traces = inst.model.pictures[index].figure.data.map((trace, i) => merged(trace, moved(i)));
  traces.forEach((trace, i) => {
    trace.uid = selectable(trace.uid ?? `${index}-${i}`);
    if (dark) darken(trace);
    if (inst.screen.matches) slim(trace);
    if (trace.uid in visible && trace.visible !== false) trace.visible = visible[trace.uid];
  });
  moveMarkers(inst, index, traces);
  return traces;
}

function layoutOf(inst, picture, frame, theme) {
  const { layout = {} } = inst.model.pictures[picture.index].figure;
  const own = copiedLayout(merged(layout, frame?.layout));
  if (theme.dark) (delete own.font?.color, darken(own));
  if (inst.screen.matches) slim(own);
  const { template, ...page } = pageLayout(theme);
  const full = merged(page, own);
  full.template = own.template ?? template;
  if (!full.template.layout?.margin) full.margin = { l: 56, r: 12, t: 36, b: 48, ...full.margin };
  if (full.title?.text === undefined) delete full.title;
  delete full.width;
  delete full.height;
  full.autosize = true;
  const width = picture.gd.clientWidth || 1200; // not laid out yet
  const most = inst.screen.matches ? width / LETTER : (width - BESIDE) / letterOf(theme.family);
  const rows = rowsOf(inst.model.pictures[picture.index].figure, most);
  if (inst.screen.matches) narrow(full, width, rows);
  else if (rows > 1) entitle(full, inRows(full.title?.text, most), 44 + 22 * (rows - 1), rowsAtTop);
  keepView(picture, full);
  full.uirevision = `${layout.uirevision ?? "lossviz"}#${picture.resets}`;
  return full;
}

// Smaller type, and words in as many rows as they need; the tool bar, which a finger has always before it, gets a row of its own
// above the title.
const LETTER = 7.6; // pixels, on average
const TOP = { x: 0, xref: "container", y: 1, yref: "container", pad: { t: 34, l: 4 } };

function narrow(full, width, rows) {
  const { font, title, legend } = full.template.layout ?? {};
  full.dragmode = false;
  full.font = { ...full.font, size: Math.min(12, full.font?.size ?? font?.size ?? 12) };
  full.legend = { ...full.legend, font: { ...legend?.font, size: 12 } };
  if (full.title) full.title = { ...full.title, font: { ...title?.font, size: 14 }, ...TOP };
  for (const [name, axis] of Object.entries(full)) {
    if (!/^xaxis\d*$/.test(name) || !axis.title?.text) continue;
    const text = inRows(axis.title.text, (width - 150) / LETTER).join("<br>"); // it is in the middle of what the other axis leaves
    full[name] = { ...axis, title: { ...axis.title, text } };
  }
  entitle(full, inRows(full.title?.text, width / LETTER), 49 + 17 * rows);
}

// On a large screen a title begins where the plot does, and has more than one row only where it would be cut.
const BESIDE = 80; // pixels of the plot's margins
const SAMPLE = "Epoch 12: softmax focal loss, γ = 2 lowers clean accuracy by 1.3 points [0.9, 1.7]";

function letterOf(family) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `17px ${family}`;
  return pen.measureText(SAMPLE).width / SAMPLE.length;
}

// Plotly puts the first of several rows higher than a single one.
const rowsAtTop = ({ length }) => ({ y: 1, yref: "container", yanchor: "top", pad: { t: length > 1 ? 22 : 10 } });

function entitle(full, rows, top, place = () => ({})) {
  if (full.title) full.title = { ...full.title, ...place(rows), text: rows.join("<br>") };
  full.margin = { ...full.template.layout?.margin, ...full.margin, t: top };
}

// As many rows as the longest title of all frames needs, so that nothing jumps under the scrubber.
function rowsOf({ layout = {}, frames = [] }, most) {
  const titles = [layout, ...frames.map((frame) => frame.layout ?? {})].map(({ title }) => inRows(title?.text, most).length);
  return Math.max(1, ...titles);
}

// Rows of about so many letters; tags are none, and have no spaces in them.
function inRows(text, most) {
  const rows = [];
  const letters = (words) => words.replace(/<[^>]*>/g, "").length;
  for (const word of String(text ?? "").split(" "))
    if (rows.length && letters(`${rows.at(-1)} ${word}`) <= most) rows.push(`${rows.pop()} ${word}`);
    else rows.push(word);
  return rows;
}

const frameOf = (inst, { index }) => inst.model.scrubber && inst.model.pictures[index].figure.frames?.[shownIndex(inst)];

// Without waiting for the next frame of the screen, which an answer that took its time has no reason to.
function drawNow(inst) {
  cancelAnimationFrame(inst.queued);
  inst.queued = 0;
  const { dirty, model, theme } = inst;
  const due = [...dirty];
  dirty.clear();
  for (const picture of due) {
    if (!model.pictures[picture.index]) continue;
    const { gd } = picture;
    const frame = frameOf(inst, picture);
    const fresh = !gd._fullLayout;
    picture.traces = tracesOf(inst, picture, frame, theme.dark);
    const layout = layoutOf(inst, picture, frame, theme);
    forgetRanges(gd, layout);
    picture.drawing = Plotly.react(gd, picture.traces, layout, configOf(inst, picture));
    if (fresh) (listen(inst, picture), hearPicks(inst, picture));
    placeGrips(inst, picture);
  }
  inst.root.dataset.drawn = model.scrubber ? shownIndex(inst) : 0;
}

// Of axes in one scale, Plotly takes a range that is smaller than the one before for a zoom of its own, and takes it back.
function forgetRanges(gd, layout) {
  for (const [name, axis] of Object.entries(gd._fullLayout ?? {}))
    if (axis?._inputRange && String(layout[name]?.range) !== String(gd.layout[name]?.range)) delete axis._inputRange;
}

const RESETS = ["autoScale2d", "resetScale2d", "resetCameraDefault3d", "resetCameraLastSave3d"];
const REMOVED = ["toImage", "select2d", "lasso2d", "sendChartToCloud", ...RESETS]; // nothing leaves the page

function configOf(inst, picture) {
  return (picture.config ??= {
    displaylogo: false,
    plotlyServerURL: "",
    responsive: false, // ours watches the container, not the window
    doubleClick: false, // ours goes back to what Python sent last; Plotly's to what it drew first
    modeBarButtonsToRemove: REMOVED,
    modeBarButtonsToAdd: [
      { name: "lossvizReset", title: "Reset view", icon: Plotly.Icons.home, click: () => resetView(inst, picture) },
      { name: "lossvizPng", title: "Download as PNG", icon: Plotly.Icons.camera, click: () => download(inst, picture, "png") },
      { name: "lossvizSvg", title: "Download as SVG", icon: Plotly.Icons.disk, click: () => download(inst, picture, "svg") },
    ],
  });
}

// For slides and paper: in the light colours, on white.
function download(inst, picture, format) {
  const { gd } = picture;
  const frame = frameOf(inst, picture);
  const data = tracesOf(inst, picture, frame, false);
  const theme = { ground: "#ffffff", ink: "#10171e", family: inst.theme.family, dark: false };
  const size = { width: gd.clientWidth, height: gd.clientHeight };
  const layout = { ...layoutOf(inst, picture, frame, theme), ...size, paper_bgcolor: "#ffffff", autosize: false };
  const filename = inst.model.file + (inst.pictures.length > 1 ? `-${picture.index + 1}` : "");
  return Plotly.downloadImage({ data, layout }, { ...size, format, filename, scale: format === "png" ? 2 : 1 });
}
