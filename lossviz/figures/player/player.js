// The player: Plotly figures and one scrubber. It plays frames that Python has computed and computes none of its own.
// The app (ui/components/player) and an exported file (figures/export.py) use this same text; Plotly is there before it starts.
//
// player(root, send) → { receive(model), dress(), close() }. `send(event)` hears what a person let go of, and gives it a number,
// which is less than or equal to `model.acts` once the model shows it; null: nobody hears.

const STEP = 50; // milliseconds between two steps of play
const REST = 400; // milliseconds after the last key before it counts as let go
const LOST = 5000; // milliseconds after an answer to something else before an act counts as lost
const MINUS_SIGN = "\u2212";

function player(root, send) {
  const inst = { root, send, model: null, pictures: [], dirty: new Set(), pending: new Map(), hand: null, playing: 0 };
  inst.draw = () => (inst.queued ||= requestAnimationFrame(() => drawNow(inst)));
  inst.sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => resize(inst, target)));
  inst.screen = matchMedia("(pointer: coarse), (max-width: 640px)"); // where a drag over a chart is meant to scroll the page
  inst.restyle = () => (inst.pictures.forEach((picture) => inst.dirty.add(picture)), inst.draw());
  inst.refit = () => (inst.model && frameTexts(inst), inst.restyle());
  inst.screen.addEventListener("change", inst.refit);
  scaffold(inst);
  return { receive: (model) => receive(inst, model), dress: () => dress(inst), close: () => close(inst) };
}

function close(inst) {
  cancelAnimationFrame(inst.queued);
  cancelAnimationFrame(inst.playing);
  cancelAnimationFrame(inst.gliding);
  clearTimeout(inst.rest);
  clearTimeout(inst.lost);
  inst.sizes.disconnect();
  inst.screen.removeEventListener("change", inst.refit);
  inst.pictures.splice(0).forEach((picture) => removePicture(inst, picture));
  inst.root.replaceChildren();
}

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

function removePicture(inst, { gd, group, drawing }) {
  inst.sizes.unobserve(gd);
  group.remove();
  Promise.allSettled([drawing]).then(() => Plotly.purge(gd)); // Plotly trips over what is purged in the middle of its drawing
}

function resize(inst, gd) {
  const { clientWidth: width, clientHeight: height } = gd;
  const old = gd._fullLayout;
  if (!old || !width || (Math.abs(old.width - width) <= 1 && Math.abs(old.height - height) <= 1)) return;
  Plotly.Plots.resize(gd);
  inst.dirty.add(inst.pictures.find((picture) => picture.gd === gd)); // its title may need more rows now
  inst.draw();
}
