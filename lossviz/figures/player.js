// The player: Plotly figures and one scrubber. It plays frames that Python has computed and computes none of its own.
// The app (ui/stage) and an exported file (figures/export.py) use this same text; Plotly is there before it starts.
//
// player(root, send) → { receive(model), dress(), close() }. `send(event)` hears what a person let go of; null: nobody does.

const STEP = 50; // milliseconds between two steps of play
const REST = 400; // milliseconds after the last key before it counts as let go
const STALE = 1500; // milliseconds after an answer that is not the awaited one
const MINUS_SIGN = "\u2212";

function player(root, send) {
  const inst = { root, send, model: null, pictures: [], dirty: new Set(), pending: new Map(), due: 0, hand: null, playing: 0 };
  inst.draw = () => (inst.queued ||= requestAnimationFrame(() => ((inst.queued = 0), drawDirty(inst))));
  inst.sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => resize(inst, target)));
  inst.screen = matchMedia("(pointer: coarse), (max-width: 640px)"); // where a drag over a chart is meant to scroll the page
  inst.restyle = () => (inst.pictures.forEach((picture) => inst.dirty.add(picture)), inst.draw());
  inst.screen.addEventListener("change", inst.restyle);
  scaffold(inst);
  return { receive: (model) => receive(inst, model), dress: () => dress(inst), close: () => close(inst) };
}

function close(inst) {
  cancelAnimationFrame(inst.queued);
  cancelAnimationFrame(inst.playing);
  cancelAnimationFrame(inst.gliding);
  clearTimeout(inst.rest);
  clearTimeout(inst.stale);
  inst.sizes.disconnect();
  inst.screen.removeEventListener("change", inst.restyle);
  inst.pictures.splice(0).forEach((picture) => removePicture(inst, picture));
  inst.root.replaceChildren();
}

// --- The page around the figures

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

let stages = 0;

function scaffold(inst) {
  const hint = `lossviz-keys-${++stages}`;
  inst.play = element("button", { type: "button", class: "play", "data-testid": "play" });
  inst.range = element("input", { type: "range", min: 0, step: 1, "data-testid": "scrubber" });
  inst.value = element("output", { class: "value", "aria-live": "off", "data-testid": "value" });
  inst.name = element("span", { class: "name" });
  inst.keys = element("p", { class: "keys", id: hint }, "Arrow keys step the scrubber, Space plays.");
  const says = element("div", { class: "says" }, inst.name, inst.value);
  inst.bar = element("div", { class: "bar", role: "group", "aria-label": "Scrubber" }, inst.play, inst.range, says);
  inst.grid = element("div", { class: "pictures" });
  inst.root.replaceChildren(inst.grid, inst.bar, inst.keys);
  inst.play.onclick = () => (inst.playing ? stop(inst) : start(inst));
  inst.range.onpointerdown = () => grabScrubber(inst);
  inst.range.oninput = () => (holdScrubber(inst, Number(inst.range.value)), inst.hand.pointer || letGoSoon(inst));
  inst.range.onpointerup = inst.range.onpointercancel = inst.range.onchange = () => inst.hand?.pointer && letGo(inst);
  inst.range.onblur = () => inst.hand?.scrubber && !inst.playing && letGo(inst);
  inst.root.onkeydown = (event) => key(inst, event);
  inst.root.onpointerdown = ({ target }) => inst.playing && !inst.bar.contains(target) && stop(inst);
}

function addPicture(inst, index) {
  const gd = element("div", { class: "plot" });
  const grips = element("div", { class: "grips" });
  const group = element("div", { class: "picture", role: "group", "data-testid": `picture-${index}` }, gd, grips);
  const picture = { index, gd, grips, group, axes: {}, cameras: {}, visible: {}, resets: 0, handles: [] };
  inst.grid.append(group);
  inst.sizes.observe(gd);
  return picture;
}

function removePicture(inst, { gd, group }) {
  inst.sizes.unobserve(gd);
  Plotly.purge(gd);
  group.remove();
}

function resize(inst, gd) {
  const { clientWidth: width, clientHeight: height } = gd;
  const old = gd._fullLayout;
  if (old && width && (Math.abs(old.width - width) > 1 || Math.abs(old.height - height) > 1)) Plotly.Plots.resize(gd);
}

// --- What Python sends

const FLOATS = { f4: Float32Array, f8: Float64Array };
const KINDS = { ...FLOATS, i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array };

// Plotly would decode base64 anew at every step of the scrubber.
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (!isPlain(value)) return value;
  if (!("bdata" in value)) return mapped(value, revive);
  const flat = new KINDS[value.dtype](Uint8Array.from(atob(value.bdata), (letter) => letter.charCodeAt(0)).buffer);
  const [rows, columns] = String(value.shape ?? "").split(",").map(Number);
  return columns ? Array.from({ length: rows }, (_, row) => flat.subarray(row * columns, (row + 1) * columns)) : flat;
}

const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);

function receive(inst, sent) {
  const before = inst.model;
  const model = { handles: [], linked: [], scrubber: null, file: "lossviz", ...sent };
  model.pictures = sent.pictures.map((picture) => ({ ...picture, figure: revive(picture.figure) }));
  const value = before?.scrubber && before.scrubber.id === model.scrubber?.id ? before.scrubber.values[shownIndex(inst)] : NaN;
  inst.model = model;
  settle(inst, before);
  while (inst.pictures.length > model.pictures.length) removePicture(inst, inst.pictures.pop());
  while (inst.pictures.length < model.pictures.length) inst.pictures.push(addPicture(inst, inst.pictures.length));
  if (!model.scrubber) (cancelAnimationFrame(inst.playing), (inst.playing = 0));
  keepHand(inst, value);
  frameTexts(inst);
  inst.pictures.forEach((picture) => inst.dirty.add(picture));
  dress(inst);
  inst.draw();
  inst.root.dataset.revision = model.revision;
}

// What a person let go of stays on show until Python has answered as often as it was asked.
function settle(inst, before) {
  const { model, pending } = inst;
  if (!before || model.revision === before.revision) return;
  clearTimeout(inst.stale);
  const anew = model.revision < before.revision; // another session of the server
  if (anew) inst.due = 0;
  for (const [id, { due }] of pending) if (anew || model.revision >= due) pending.delete(id);
  const forget = () => (pending.clear(), inst.restyle(), frameTexts(inst));
  if (pending.size) inst.stale = setTimeout(forget, STALE); // two commits may have been answered at once
}

function keepHand(inst, value) {
  const { hand, model } = inst;
  if (!hand) return;
  if (!hand.scrubber) return keepHandle(inst);
  if (!model.scrubber) inst.hand = null;
  else if (!Number.isNaN(value)) hand.index = nearest(model.scrubber.values, value);
}

// The answer to one drag may come when the next has begun.
function keepHandle(inst) {
  const { hand, model } = inst;
  const same = ({ picture, send }) => picture === hand.picture.index && send.control === hand.handle.send.control;
  const still = model.handles.some(same);
  if (still && inst.pictures.includes(hand.picture)) return;
  hand.handle.grip.classList.remove("held");
  inst.hand = null;
}

function frameTexts(inst) {
  const { model, bar, range, name, keys, pictures } = inst;
  const { scrubber } = model;
  bar.hidden = keys.hidden = !scrubber;
  pictures.forEach(({ group, gd }, i) => {
    const { alt, wide, figure } = model.pictures[i];
    group.setAttribute("aria-label", alt || "Figure");
    group.classList.toggle("wide", Boolean(wide));
    gd.style.height = `${figure.layout?.height ?? 420}px`;
    for (const [attribute, text] of [["tabindex", "0"], ["aria-describedby", keys.id]])
      if (scrubber && figure.frames?.length) group.setAttribute(attribute, text);
      else group.removeAttribute(attribute);
    buildGrips(inst, pictures[i]);
  });
  if (!scrubber) return;
  range.max = scrubber.values.length - 1;
  range.setAttribute("aria-label", scrubber.label);
  name.textContent = scrubber.label;
  scrubber.decimals ??= decimalsOf(scrubber.values);
  showValue(inst);
}

// The fewest decimals that tell the values as they are.
function decimalsOf(values) {
  let decimals = 0;
  while (decimals < 6 && values.some((value) => Math.abs(value - Number(value.toFixed(decimals))) > 1e-9)) decimals++;
  return decimals;
}

const written = (value, decimals) => value.toFixed(decimals).replace("-", MINUS_SIGN);

function showValue(inst) {
  const { range, value, play } = inst;
  const { symbol, label, values, decimals } = inst.model.scrubber;
  const index = shownIndex(inst);
  const text = `${symbol || label} = ${written(values[index], decimals)}`;
  if (range.value !== String(index)) range.value = index;
  range.setAttribute("aria-valuetext", text);
  range.style.setProperty("--share", index / (values.length - 1 || 1));
  value.textContent = text;
  const longest = Math.max(written(values[0], decimals).length, written(values.at(-1), decimals).length);
  value.style.minWidth = `${longest + (symbol || label).length + 3}ch`; // the scrubber does not move under the hand
  play.textContent = inst.playing ? "❚❚" : "▶";
  play.setAttribute("aria-label", `${inst.playing ? "Pause" : "Play"} ${label}`);
  play.classList.toggle("on", Boolean(inst.playing));
}

// --- Light and dark

// By what the page's background is, which is right in the app and in a file.
function dress(inst) {
  const style = getComputedStyle(inst.root);
  const [r, g, b] = (style.backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  const dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
  const theme = { ground: style.backgroundColor, ink: style.color, family: style.fontFamily, dark };
  if (JSON.stringify(theme) === JSON.stringify(inst.theme)) return;
  inst.theme = theme;
  inst.root.classList.toggle("dark", theme.dark);
  inst.restyle();
}

function faint(colour, opacity) {
  const [r, g, b] = (colour.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  return `rgba(${r},${g},${b},${opacity})`;
}

// What a layout has from the page unless it says otherwise.
function pageLayout({ ground, ink, family }) {
  const [rule, clear] = [faint(ink, 0.16), "rgba(0,0,0,0)"];
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

function setPath(object, path, value) {
  const names = path.split(".");
  const last = names.pop();
  for (const name of names) object = object[name] = isPlain(object[name]) ? object[name] : {};
  object[last] = value;
}

function darken(object) {
  for (const [path, value] of Object.entries(object.meta?.dark ?? {})) setPath(object, path, value);
}

// --- A figure at a step of the scrubber

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
    if (trace.uid in visible && trace.visible !== false) trace.visible = visible[trace.uid];
  });
  moveMarkers(inst, index, traces);
  return traces;
}

function layoutOf(inst, picture, frame, theme) {
  const { layout = {} } = inst.model.pictures[picture.index].figure;
  const own = copiedLayout(merged(layout, frame?.layout));
  if (theme.dark) (delete own.font?.color, darken(own));
  const { template, ...page } = pageLayout(theme);
  const full = merged(page, own);
  full.template = own.template ?? template;
  if (!full.template.layout?.margin) full.margin = { l: 56, r: 12, t: 36, b: 48, ...full.margin };
  if (full.title?.text === undefined) delete full.title;
  delete full.width;
  delete full.height;
  full.autosize = true;
  if (inst.screen.matches) full.dragmode = false;
  keepView(picture, full);
  full.uirevision = `${layout.uirevision ?? "lossviz"}#${picture.resets}`;
  return full;
}

const frameOf = (inst, { index }) => inst.model.scrubber && inst.model.pictures[index].figure.frames?.[shownIndex(inst)];

function drawDirty(inst) {
  const { dirty, model, theme } = inst;
  const due = [...dirty];
  dirty.clear();
  for (const picture of due) {
    if (!model.pictures[picture.index]) continue;
    const { gd } = picture;
    const frame = frameOf(inst, picture);
    const fresh = !gd._fullLayout;
    picture.traces = tracesOf(inst, picture, frame, theme.dark);
    Plotly.react(gd, picture.traces, layoutOf(inst, picture, frame, theme), configOf(inst, picture));
    if (fresh) listen(inst, picture);
    placeGrips(inst, picture);
  }
  inst.root.dataset.drawn = model.scrubber ? shownIndex(inst) : 0;
}

const RESETS = ["autoScale2d", "resetScale2d", "resetCameraDefault3d", "resetCameraLastSave3d"];
const REMOVED = ["toImage", "select2d", "lasso2d", ...RESETS];

function configOf(inst, picture) {
  return (picture.config ??= {
    displaylogo: false,
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

// --- The view a person has made: ranges, cameras, hidden legend entries

// Plotly's own uirevision gives a zoom up when Python sends another range, and a camera that is being turned.
const revisionOf = (layout, name) => layout[name]?.uirevision ?? layout.uirevision;

function keepView({ axes, cameras, gd }, layout) {
  for (const [name, { revision, range }] of Object.entries(axes))
    if (revision !== revisionOf(layout, name)) delete axes[name];
    else layout[name] = { ...layout[name], autorange: !range, ...(range && { range: [...range] }) };
  for (const [name, kept] of Object.entries(cameras)) {
    if (kept.revision !== revisionOf(layout, name)) delete cameras[name];
    else layout[name] = { ...layout[name], camera: (kept.camera = liveCamera(gd, name) ?? kept.camera) };
  }
}

// Where the camera is at this moment, in the middle of a drag too.
const liveCamera = (gd, name) => gd._fullLayout?.[name]?._scene?.getCamera?.();

function resetView(inst, picture) {
  picture.axes = {};
  picture.cameras = {};
  picture.resets++; // for Plotly: another uirevision
  inst.dirty.add(picture);
  inst.draw();
}

function listen(inst, picture) {
  const { gd } = picture;
  gd.on("plotly_relayout", (update) => (noteView(inst, picture, update), link(inst, picture, update, true)));
  gd.on("plotly_relayouting", (update) => {
    noteView(inst, picture, update, true);
    link(inst, picture, update, false);
    placeGrips(inst, picture);
  });
  gd.on("plotly_restyle", ([update]) => {
    if ("visible" in update) for (const { uid, visible } of gd.data) picture.visible[uid] = visible ?? true;
  });
  gd.on("plotly_doubleclick", () => resetView(inst, picture));
  gd.on("plotly_afterplot", () => placeGrips(inst, picture));
}

function noteView(inst, { index, gd, axes, cameras }, update, passing = false) {
  const { layout = {} } = inst.model.pictures[index]?.figure ?? {};
  for (const path of Object.keys(update)) {
    const [name, what] = path.split(".");
    if (/^[xy]axis\d*$/.test(name) && /^(range|autorange)/.test(what) && !passing) {
      const { range, autorange } = gd.layout[name];
      axes[name] = { revision: revisionOf(layout, name), range: autorange === true ? null : [...range] };
    }
    if (!/^scene\d*$/.test(name) || what !== "camera") continue;
    cameras[name] = { revision: revisionOf(layout, name), camera: update[path] };
  }
}

// Linked scenes turn together. While one is turned only the cameras of the others move; the layouts learn of it at the end.
function link(inst, picture, update, done) {
  const from = inst.model.linked.find(([i, name]) => i === picture.index && update[`${name}.camera`]);
  if (!from || picture.led) return;
  const others = inst.model.linked.filter((scene) => scene !== from && inst.pictures[scene[0]]?.gd._fullLayout);
  turn(inst, others, update[`${from[1]}.camera`]);
  if (done) comeToRest(inst, picture, from[1], others);
}

function turn(inst, scenes, camera) {
  for (const [i, name] of scenes) {
    const { gd, cameras } = inst.pictures[i];
    cameras[name] = { revision: revisionOf(inst.model.pictures[i].figure.layout ?? {}, name), camera };
    gd._fullLayout[name]?._scene?.setViewport?.({ ...gd._fullLayout[name], camera });
  }
}

// A camera glides on for a moment after it is let go of, and Plotly does not tell.
function comeToRest(inst, { gd }, name, others) {
  let [before, frames] = ["", 0];
  const look = () => {
    const camera = liveCamera(gd, name);
    if (!camera || others.some(([i]) => !inst.pictures[i])) return;
    turn(inst, others, camera);
    const now = JSON.stringify(camera);
    frames = now === before ? frames + 1 : 0;
    before = now;
    if (frames < 6) inst.gliding = requestAnimationFrame(look);
    else for (const [i, other] of others) lead(inst.pictures[i], { [`${other}.camera`]: camera });
  };
  cancelAnimationFrame(inst.gliding);
  inst.gliding = requestAnimationFrame(look);
}

// What Plotly then reports is no person's doing: without `led` two scenes would turn each other for ever.
async function lead(picture, update) {
  picture.led = true;
  await Plotly.relayout(picture.gd, update);
  picture.led = false;
}

// --- The scrubber

// The index on show: what the hand holds, else what was sent and not yet answered, else what Python says.
function shownIndex({ hand, pending, model }) {
  const { scrubber } = model;
  if (hand?.scrubber) return hand.index;
  const sent = pending.get(scrubber.id);
  return sent ? nearest(scrubber.values, sent.value) : scrubber.at;
}

function nearest(values, value) {
  let best = 0;
  const off = (i) => Math.abs(values[i] - value);
  for (let i = 1; i < values.length; i++) if (off(i) < off(best) || Number.isNaN(off(best))) best = i;
  return best;
}

function grabScrubber(inst) {
  halt(inst);
  holdScrubber(inst, shownIndex(inst));
  inst.hand.pointer = true;
}

function holdScrubber(inst, index) {
  if (inst.hand && !inst.hand.scrubber) letGo(inst);
  const before = shownIndex(inst);
  inst.hand ??= { scrubber: true, pointer: false };
  inst.hand.index = index;
  showValue(inst);
  if (index === before) return;
  inst.pictures.forEach((picture) => frameOf(inst, picture) && inst.dirty.add(picture));
  inst.draw();
}

function letGoSoon(inst) {
  clearTimeout(inst.rest);
  inst.rest = setTimeout(() => letGo(inst), REST);
}

function letGo(inst) {
  clearTimeout(inst.rest);
  const { hand, model } = inst;
  if (!hand) return;
  if (!hand.scrubber) return letGoHandle(inst);
  const { scrubber, revision } = model;
  inst.hand = null;
  const before = shownIndex(inst);
  const { index } = hand;
  if (index === before) return;
  if (inst.send) commit(inst, scrubber.id, { control: scrubber.id, value: scrubber.values[index], revision });
  else scrubber.at = index;
}

// No step of Back for what was dragged: `history.lossviz` is the app's, from ui/live/history.js.
function commit(inst, id, event) {
  inst.due = Math.max(inst.due, inst.model.revision) + 1;
  inst.pending.set(id, { ...event, due: inst.due });
  history.lossviz?.rewrite(location.href);
  inst.send(event);
}

function start(inst) {
  const { values } = inst.model.scrubber;
  const stride = Math.ceil(values.length / 60); // long ones are played in three seconds as well
  let last = -Infinity;
  if (inst.hand) letGo(inst);
  holdScrubber(inst, shownIndex(inst));
  const tick = (now) => {
    inst.playing = requestAnimationFrame(tick);
    if (now - last < STEP - 4) return;
    last = now;
    const { length } = inst.model.scrubber.values;
    const index = shownIndex(inst);
    holdScrubber(inst, index === length - 1 ? 0 : Math.min(index + stride, length - 1));
  };
  inst.playing = requestAnimationFrame(tick);
  showValue(inst);
}

// Stands still, and the hand still holds it.
function halt(inst) {
  cancelAnimationFrame(inst.playing);
  inst.playing = 0;
  showValue(inst);
}

function stop(inst) {
  halt(inst);
  letGo(inst);
}

const ARROWS = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 1, ArrowDown: -1 };
const KEYS = { ...ARROWS, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
const joined = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey; // the browser's own

function key(inst, event) {
  const { target } = event;
  const onRange = target === inst.range;
  if (!inst.model?.scrubber || !(onRange || target.matches(".picture[tabindex]")) || joined(event)) return;
  if (event.key === " ") return event.preventDefault(), inst.playing ? stop(inst) : start(inst);
  if (event.key === "Escape" && inst.hand?.scrubber) return inst.playing ? stop(inst) : dropScrubber(inst);
  const step = KEYS[event.key];
  if (!step || (!onRange && /Up$|Down$/.test(event.key) && event.key.startsWith("Arrow"))) return; // those scroll the page
  event.preventDefault();
  if (inst.playing) halt(inst);
  const last = inst.model.scrubber.values.length - 1;
  holdScrubber(inst, Math.min(Math.max(shownIndex(inst) + step, 0), last));
  letGoSoon(inst);
}

function dropScrubber(inst) {
  clearTimeout(inst.rest);
  inst.hand = null;
  inst.restyle();
  showValue(inst);
}

// --- Handles: markers that a person can move

// A grip is a thing of the page over the marker: Plotly's zoom does not start under it, and keys reach it.
function buildGrips(inst, picture) {
  const handles = inst.model.handles.filter((handle) => handle.picture === picture.index);
  const { grips } = picture;
  const role = { class: "grip", role: "slider", tabindex: 0, "data-testid": "grip" };
  if (grips.children.length !== handles.length)
    grips.replaceChildren(...handles.map(() => element("div", role, element("span", { class: "tag" }))));
  const idOf = ({ send }) => send.control ?? `place ${picture.index}`;
  picture.handles = handles.map((handle, i) => ({ ...handle, id: idOf(handle), grip: grips.children[i] }));
  for (const handle of picture.handles) {
    const { grip } = handle;
    if (inst.hand?.handle?.id === handle.id && inst.hand.picture === picture) inst.hand.handle = handle;
    grip.setAttribute("aria-label", handle.label ?? handle.send.control ?? "Point");
    grip.classList.toggle("free", isFree(handle));
    grip.onpointerdown = (event) => grabHandle(inst, picture, handle, event);
    grip.onpointermove = (event) => inst.hand?.pointer === event.pointerId && follow(inst, event);
    grip.onpointerup = (event) => inst.hand?.pointer === event.pointerId && letGo(inst);
    grip.onpointercancel = grip.onlostpointercapture = (event) => inst.hand?.pointer === event.pointerId && dropHandle(inst);
    grip.onkeydown = (event) => handleKey(inst, picture, handle, event);
    grip.onblur = () => inst.hand?.handle?.grip === grip && inst.hand.pointer === null && letGo(inst);
  }
  const free = picture.handles.find(isFree);
  picture.gd.onpointerdown = free ? (event) => press(inst, picture, free, event) : null;
}

const isFree = (handle) => handle.send.action === "place";

// The axes of the followed trace, which turn data into pixels; nothing if Plotly should ever hide them.
function axesOf({ gd }, { follow }) {
  const { xaxis = "x", yaxis = "y" } = gd._fullData?.[follow] ?? {};
  const [x, y] = [xaxis, yaxis].map((name) => gd._fullLayout?.[`${name[0]}axis${name.slice(1)}`]);
  return x?.d2p && y?.d2p ? { x, y } : null;
}

// Where a handle is: an index of the curve's points, or of the two grids of a plane.
function spotOf(inst, picture, handle) {
  const { hand, pending } = inst;
  if (hand?.handle?.id === handle.id) return hand.spot;
  if (pending.get(handle.id)?.spot) return pending.get(handle.id).spot;
  const { x, y } = picture.traces[handle.follow];
  const marker = picture.traces[handle.marker];
  return isFree(handle) ? [nearest(x, marker.x[0]), nearest(y, marker.y[0])] : [nearest(x, marker.x[0])];
}

function pointOf({ x, y }, handle, [i, j]) {
  return isFree(handle) ? [x[i], y[j]] : [x[i], y[i]];
}

// The markers that are held, or that were let go of and wait for Python.
function moveMarkers(inst, index, traces) {
  for (const handle of inst.pictures[index]?.handles ?? []) {
    const spot = inst.hand?.handle?.id === handle.id ? inst.hand.spot : inst.pending.get(handle.id)?.spot;
    const followed = traces[handle.follow];
    if (!spot || !followed) continue;
    const [x, y] = pointOf(followed, handle, spot);
    Object.assign(traces[handle.marker], { x: [x], y: [y] });
  }
}

function placeGrips(inst, picture) {
  for (const handle of picture.handles) {
    const { grip } = handle;
    const axes = picture.traces && axesOf(picture, handle);
    const marker = axes && picture.gd._fullData[handle.marker];
    const { x, y } = picture.traces?.[handle.marker] ?? {};
    const [px, py] = marker ? [axes.x.d2p(x[0]), axes.y.d2p(y[0])] : [NaN, NaN];
    const within = (at, axis) => at >= -1 && at <= axis._length + 1;
    grip.hidden = !(marker?.visible === true && within(px, axes.x) && within(py, axes.y));
    if (grip.hidden) continue;
    grip.style.transform = `translate(${axes.x._offset + px}px, ${axes.y._offset + py}px)`;
    describe(inst, picture, handle);
  }
}

function describe(inst, picture, handle) {
  const { grip, send } = handle;
  const spot = spotOf(inst, picture, handle);
  const { x, y } = picture.traces[handle.follow];
  const values = isFree(handle) ? x : send.values;
  const now = values[spot[0]];
  const number = (value) => written(Number(value.toPrecision(4)), decimalsOf([Number(value.toPrecision(4))]));
  const text = isFree(handle) ? `${number(now)}, ${number(y[spot[1]])}` : `${handle.label ?? send.control} = ${number(now)}`;
  const said = { valuemin: Math.min(...values), valuemax: Math.max(...values), valuenow: now, valuetext: text };
  for (const [name, value] of Object.entries(said)) grip.setAttribute(`aria-${name}`, String(value));
  grip.lastChild.textContent = text;
}

function grabHandle(inst, picture, handle, event) {
  if (event.button !== 0 || !event.isPrimary) return;
  event.preventDefault();
  if (inst.playing) stop(inst);
  if (inst.hand) letGo(inst);
  handle.grip.setPointerCapture(event.pointerId);
  handle.grip.focus({ preventScroll: true });
  const { left, top } = handle.grip.getBoundingClientRect();
  const half = handle.grip.offsetWidth / 2;
  holdHandle(inst, picture, handle, spotOf(inst, picture, handle), event.pointerId);
  inst.hand.off = [event.clientX - left - half, event.clientY - top - half]; // it does not jump under the pointer
}

function holdHandle(inst, picture, handle, spot, pointer) {
  inst.hand ??= { picture, handle, from: spotOf(inst, picture, handle), pointer };
  inst.hand.spot = spot;
  handle.grip.classList.add("held");
  inst.dirty.add(picture);
  inst.draw();
}

function follow(inst, event) {
  const { picture, handle, off, spot } = inst.hand;
  const now = spotAt(picture, handle, event.clientX - off[0], event.clientY - off[1]);
  if (now && String(now) !== String(spot)) holdHandle(inst, picture, handle, now);
}

function spotAt(picture, handle, clientX, clientY) {
  const axes = axesOf(picture, handle);
  if (!axes) return null;
  const { left, top } = picture.gd.getBoundingClientRect();
  const closest = (axis, values, at) => nearest(Array.from(values, (value) => axis.d2p(value)), at - axis._offset);
  const { x, y } = picture.traces[handle.follow];
  const i = closest(axes.x, x, clientX - left);
  return isFree(handle) ? [i, closest(axes.y, y, clientY - top)] : [i];
}

// A click on the plane: pressed and let go at one place. A drag is Plotly's zoom, and lets go on a cover over the whole page.
function press(inst, picture, handle, { button, target, clientX, clientY }) {
  if (button !== 0 || !target.closest?.(".nsewdrag")) return;
  const settled = ({ type, clientX: x, clientY: y }) => {
    for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, settled, true);
    if (type === "pointerup" && Math.hypot(x - clientX, y - clientY) < 4) place(inst, picture, handle, x, y);
  };
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, settled, true);
}

function place(inst, picture, handle, clientX, clientY) {
  const spot = inst.hand ? null : spotAt(picture, handle, clientX, clientY);
  if (!spot) return;
  holdHandle(inst, picture, handle, spot, null);
  letGo(inst);
}

function letGoHandle(inst) {
  const { picture, handle, spot, from } = inst.hand;
  clearTimeout(inst.rest);
  inst.hand = null;
  handle.grip.classList.remove("held");
  if (String(spot) === String(from) || !inst.send) return;
  const { revision } = inst.model;
  const [x, y] = pointOf(picture.traces[handle.follow], handle, spot);
  const { control, values } = handle.send;
  const placed = { action: "place", x, y, picture: picture.index, revision };
  commit(inst, handle.id, isFree(handle) ? placed : { control, value: values[spot[0]], revision });
  inst.pending.get(handle.id).spot = spot;
}

// Back to where it was.
function dropHandle(inst) {
  const { picture, handle } = inst.hand;
  clearTimeout(inst.rest);
  inst.hand = null;
  handle.grip.classList.remove("held");
  inst.dirty.add(picture);
  inst.draw();
}

function handleKey(inst, picture, handle, event) {
  const held = inst.hand?.handle === handle;
  if (event.key === "Escape" && held) return event.preventDefault(), event.stopPropagation(), dropHandle(inst);
  const step = KEYS[event.key];
  if (!step || joined(event)) return;
  event.preventDefault();
  event.stopPropagation();
  if (inst.playing) stop(inst);
  if (inst.hand && !held) letGo(inst);
  const { x, y } = picture.traces[handle.follow];
  const spot = [...spotOf(inst, picture, handle)];
  const along = isFree(handle) && /Up$|Down$/.test(event.key) ? 1 : 0;
  spot[along] = Math.min(Math.max(spot[along] + step, 0), (along ? y : x).length - 1);
  holdHandle(inst, picture, handle, spot, null);
  clearTimeout(inst.rest);
  inst.rest = setTimeout(() => inst.hand?.handle === handle && letGo(inst), REST);
}
