// What Python sends, and what it looks like on a light and on a dark page.

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
  if (inst.hand?.scrubber && before.scrubber.id !== sent.scrubber?.id) letGo(inst); // it would be lost with its scrubber
  const model = { handles: [], picks: [], linked: [], scrubber: null, file: "lossviz", ...sent };
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
  drawNow(inst);
  inst.root.dataset.revision = model.revision;
}

// What a person let go of stays on show until Python has applied it.
function settle(inst, before) {
  const { model, pending } = inst;
  const anew = before && model.revision < before.revision; // another session of the server
  clearTimeout(inst.lost);
  for (const [id, { act }] of pending) if (anew || model.acts >= act) pending.delete(id);
  const forget = () => (pending.clear(), inst.restyle(), frameTexts(inst));
  if (pending.size) inst.lost = setTimeout(forget, LOST);
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
  inst.root.setAttribute("aria-label", `Figures of ${model.file}`); // there may be several of us on a page
  bar.hidden = keys.hidden = !scrubber;
  pictures.forEach(({ group, gd }, i) => {
    const { alt, wide, figure } = model.pictures[i];
    group.setAttribute("aria-label", alt || "Figure");
    group.classList.toggle("wide", Boolean(wide));
    const { height: tall = 420, showlegend = true, meta } = figure.layout ?? {};
    const height = (inst.screen.matches && meta?.narrow?.height) || tall;
    const entries = showlegend && inst.screen.matches ? figure.data.filter((trace) => trace.name && trace.showlegend !== false) : [];
    gd.style.height = `${height + 24 * Math.max(0, entries.length - 2)}px`; // where each takes a row of its own
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
  const sign = symbol ? `${symbol} = ` : ""; // what has no symbol has its name above the number
  const text = `${sign}${written(values[index], decimals)}`;
  if (range.value !== String(index)) range.value = index;
  range.setAttribute("aria-valuetext", text);
  range.style.setProperty("--share", index / (values.length - 1 || 1));
  value.textContent = text;
  const longest = Math.max(written(values[0], decimals).length, written(values.at(-1), decimals).length);
  value.style.minWidth = `${longest + sign.length}ch`; // the scrubber does not move under the hand
  play.textContent = inst.playing ? "❚❚" : "▶";
  play.setAttribute("aria-label", `${inst.playing ? "Pause" : "Play"} ${label}`);
  play.classList.toggle("on", Boolean(inst.playing));
}

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

// What a trace or a layout looks like on a dark page or on a small screen is in its `meta`, by path.
const overlay = (object, over = {}) => Object.entries(over).forEach(([path, value]) => setPath(object, path, value));
const darken = (object) => overlay(object, object.meta?.dark);
const slim = (object) => overlay(object, object.meta?.narrow);
