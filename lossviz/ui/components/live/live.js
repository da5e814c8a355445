// What is on show: the present row as the backend sent it, or the row under the hand. Called again by Streamlit at every
// change of data or theme, with the same parentElement.

const instances = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const inst = instances.get(parentElement) ?? mount(parentElement);
  inst.send = setTriggerValue;
  inst.received(data);
  return () => unmount(parentElement, inst);
}

function mount(parentElement) {
  const root = parentElement.querySelector(".live");
  const find = (name) => root.querySelector(`[data-testid="${name}"]`);
  const inst = {
    parentElement, root, find, pending: new Map(), sliders: new Map(), entries: new Map(), axes: {}, waiting: null,
    parameters: find("parameters"), pipeline: find("pipeline"), queued: 0,
    loss: find("loss"), norm: find("norm"), p_t: find("p_t"), multiplier: find("multiplier"),
    ce_loss: find("ce-loss"), ce_norm: find("ce-norm"),
    where: root.querySelector(".where"), at: root.querySelector(".sentence .at"), says: root.querySelector(".says"),
    caption: { caption: root.querySelector(".caption"), edited: root.querySelector(".edited") },
  };
  inst.frame = () => (inst.queued ||= requestAnimationFrame(() => ((inst.queued = 0), render(inst))));
  inst.commit = (event) => commit(inst, event);
  inst.received = (data) => receive(inst, data);
  find("add-class").onclick = () => inst.commit({ action: "add" });
  find("remove-class").onclick = () => inst.commit({ action: "remove" });
  find("copy-link").onclick = () => copyLink(inst);
  instances.set(parentElement, inst);
  return inst;
}

function unmount(parentElement, inst) {
  if (inst.hand) release(inst);
  cancelAnimationFrame(inst.queued);
  clearTimeout(inst.lost);
  clearTimeout(inst.thanks);
  instances.delete(parentElement);
}

// New data, or the same data in a new theme.
function receive(inst, data) {
  if (data !== inst.data) {
    const model = decode(data);
    const before = inst.model;
    // What is held stands still under the hand: news of other controls wait until it is let go.
    if (inst.hand && structure(model) !== inst.structure) return void (inst.waiting = data);
    inst.data = data;
    inst.waiting = null;
    inst.model = model;
    settlePending(inst, before);
    build(inst, before);
    scale(inst, before);
    drawCurves(inst);
    frameTexts(inst);
  }
  dress(inst);
  render(inst);
  inst.root.dataset.revision = inst.model.header.revision;
}

const PATIENCE = 5000; // milliseconds after an answer to something else before an act counts as lost

// A commit is over when its value is the present one, when Python has applied it, or when another server knows nothing of it.
function settlePending(inst, before) {
  const { header, sweeps } = inst.model;
  if (before && header.revision === before.header.revision) return;
  clearTimeout(inst.lost);
  const anew = before && header.revision < before.header.revision;
  for (const [id, { value, act }] of inst.pending)
    if (anew || header.acts >= act || present(inst, id) === value) inst.pending.delete(id);
  if (inst.pending.size) inst.lost = setTimeout(() => (inst.pending.clear(), inst.frame()), PATIENCE);
  if (inst.hand && !sweeps.has(inst.hand.id)) release(inst);
}

// The committed value of a control.
function present(inst, id) {
  const { sweeps, rows, header } = inst.model;
  const index = Number(id.slice(1));
  if (/^z\d+$/.test(id)) return rows[index]?.logit ?? NaN;
  if (/^t\d+$/.test(id)) return rows[index]?.target ?? NaN;
  const sweep = sweeps.get(id);
  return sweep ? sweep.values[sweep.at] : number(header.parameters.find((p) => p.id === id)?.value);
}

// What the page says the control is: what the hand holds, else what was sent and not yet answered, else what is committed.
function shown(inst, id) {
  return inst.pending.has(id) ? inst.pending.get(id).value : present(inst, id);
}

function structure({ header, sweeps, ghost }) {
  const { classes, target_mode, input_name, activation, parameters, rows } = header;
  const boxes = parameters.map(({ id, symbol, label, help, optional, off, disabled_reason }) => [id, symbol, label, help, optional, off, disabled_reason]);
  return JSON.stringify([classes, target_mode, input_name, activation, boxes, rows.map((row) => row.label), [...sweeps.keys()], ghost]);
}

function build(inst, before) {
  const now = structure(inst.model);
  if (before && inst.structure === now) return;
  inst.structure = now;
  const focused = inst.parentElement.activeElement ?? document.activeElement;
  const handle = focused?.dataset?.testid ?? focused?.dataset?.control;
  if (inst.hand) release(inst);
  inst.sliders.clear();
  inst.entries.clear();
  buildParameters(inst);
  buildPipeline(inst);
  if (handle && !focused.isConnected)
    inst.root.querySelector(`[data-testid="${handle}"], [data-control="${handle}"]`)?.focus({ preventScroll: true });
}

function scale(inst, before) {
  const { model, axes, heads } = inst;
  const same = before?.header.loss_key === model.header.loss_key && before.header.classes === model.header.classes;
  if (!inst.hand || !same) {
    axes.term = axisOf(model, ["terms", "ce_terms"], 2, same ? axes.term : NaN);
    axes.grad = axisOf(model, ["grad", "ce_grad"], 1.5, same ? axes.grad : NaN);
  }
  const tick = (name, ...texts) => heads.axes[name].forEach((node, i) => write(node, texts[i]));
  const logits = [...model.sweeps.values()].filter((s) => /^z\d+$/.test(s.id) && s.values.length > 1);
  const alike = logits.length > 0 && logits.every((s) => s.low === logits[0].low && s.high === logits[0].high);
  inst.pipeline.classList.toggle("unlike", !alike);
  tick("logit", alike ? exact(logits[0].low) : "", alike && logits[0].low === -logits[0].high ? "0" : "", alike ? exact(logits[0].high) : "");
  tick("probability", "0", "", "1");
  tick("term", "0", "", exact(axes.term));
  tick("gradient", exact(axes.grad), "0", exact(axes.grad));
}

// Texts and switches that change with a commit and not with a drag.
function frameTexts(inst) {
  const { header, ghost, rows } = inst.model;
  const { root, find } = inst;
  const { common, text, also, why } = header.title;
  write(find("kicker"), common ? "You have built" : "No common name");
  write(find("title"), text);
  const story = [also?.length ? `also called ${also.join(", ")}` : "", why ?? ""].filter(Boolean).join(" · ");
  write(find("also"), story);
  find("also").title = story; // whole, where the line is cut short
  drawPicture(find("image"), header.image, inst.caption);
  root.classList.toggle("alone", !ghost);
  root.classList.toggle("many", header.classes > 5);
  root.classList.toggle("several", header.activation === "sigmoid" && header.classes > 1);
  find("add-class").disabled = !header.can_add;
  find("remove-class").disabled = !header.can_remove;
  root.querySelector(".classes").hidden = header.fixed_classes;
  write(find("footer"), header.backend ?? "");
  find("notes").replaceChildren(...(header.notes ?? []).map((note) => noteItem(inst, note)));
  inst.cells.forEach(({ target, root }, c) => {
    target.set(rows[c].target);
    mark(root, "is-true", rows[c].target > 0.5);
  });
}

function noteItem(inst, { level, text, action }) {
  const button = action && h("button", { type: "button", class: "quiet", text: action.label, onclick: () => inst.commit(action.event) });
  return h("li", { class: level }, h("span", { class: "icon", "aria-hidden": "true", text: level === "warn" ? "▲" : "i" }), h("span", { text }), button || null);
}

// The theme: light or dark by what the page's background is.
function dress(inst) {
  const { root, model } = inst;
  const [r, g, b] = (getComputedStyle(root).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  root.classList.toggle("dark", 0.299 * r + 0.587 * g + 0.114 * b < 128);
  root.style.setProperty("--loss", model.header.colour);
  root.style.setProperty("--ce", model.header.ce_colour);
}

// The row on show, and the targets that go with it if they are those of a sweep.
function rowOnShow(inst) {
  const { model, hand, pending } = inst;
  const last = hand ? [hand.id, hand.value] : [...pending].map(([id, { value }]) => [id, value]).pop();
  const sweep = last && model.sweeps.get(last[0]);
  if (!sweep) return model.now;
  const index = nearest(sweep.values, last[1]);
  if (sweep.values[index] !== last[1] && !hand) return model.now; // an exact entry between the grid's points
  return index === sweep.at ? model.now : sweep.row(index);
}

function render(inst) {
  const { model, cells, axes } = inst;
  const row = rowOnShow(inst);
  const { array, base } = row;
  const { at } = model.layout;
  const get = (name, c = 0) => array[base + at[name] + c];
  for (let c = 0; c < cells.length; c++) {
    const { bars, numbers } = cells[c];
    const [p, term, grad] = [get("probs", c), get("terms", c), get("grad", c)];
    const [ceTerm, ceGrad] = model.ghost ? [get("ce_terms", c), get("ce_grad", c)] : [NaN, NaN];
    drawBar(bars.p, p, NaN, 1);
    drawBar(bars.term, term, ceTerm, axes.term);
    drawArrow(bars.grad, grad, ceGrad, axes.grad);
    drawFigure(numbers.p, p, NaN);
    drawFigure(numbers.term, term, ceTerm);
    drawFigure(numbers.grad, grad, ceGrad);
  }
  drawHeadline(inst, get);
  drawControls(inst, row, get("loss"));
}

function drawBar({ fill, other, past }, value, ghost, end) {
  shift(fill, `translateX(${percent(clamp(value / end || 0, 0, 1) - 1)})`);
  if (other) shift(other, `translateX(${percent(clamp(ghost / end || 0, 0, 1) - 1)})`);
  mark(past, "on", value > end * (1 + 1e-6));
}

// The arrow points where descent goes: against the gradient.
function drawArrow({ down, up }, grad, ghost, end) {
  for (const [half, side] of [[down, 1], [up, -1]]) {
    const length = (value) => clamp((side * value) / end || 0, 0, 1);
    shift(half.shaft, `translateX(${percent(side * (1 - length(grad)))})`);
    if (half.other) shift(half.other, `translateX(${percent(side * (1 - length(ghost)))})`);
    mark(half.past, "on", side * grad > end * (1 + 1e-6));
  }
}

function drawFigure({ value, other }, number, ghost) {
  write(value, show(number));
  mark(value, "zero", number === 0);
  if (other) write(other, number === 0 && ghost === 0 ? "" : `CE ${show(ghost)}`);
}

function drawHeadline(inst, get) {
  const { header, ghost } = inst.model;
  write(inst.loss, show(get("loss"), 4));
  write(inst.norm, show(get("norm"), 4));
  write(inst.p_t, show(get("p_t"), 4));
  write(inst.multiplier, show(get("norm_factor"), 4));
  inst.multiplier.title = Number.isNaN(get("norm_factor")) ? undefinedRatio(get("resting")) : "";
  write(inst.ce_loss, ghost ? `CE ${show(get("ce_loss"), 4)}` : "");
  write(inst.ce_norm, ghost ? `CE ${show(get("ce_norm"), 4)}` : "");
  write(inst.total.loss, show(get("loss")));
  write(inst.total.ghost, ghost ? `CE ${show(get("ce_loss"))}` : "");
  const factors = [get("loss_factor"), get("norm_factor"), get("resting")];
  const says = ghost ? compared(header.loss_name, ...factors, get("ce_loss")) : "";
  inst.where.hidden = !says;
  write(inst.at, show(get("p_t")));
  write(inst.says, says || (header.plain ?? ""));
}

function drawControls(inst, row, loss) {
  const { model, hand, sliders, entries } = inst;
  for (const [id, { input }] of entries) {
    const sweep = model.sweeps.get(id);
    const value = valueOnShow(inst, id, row);
    const text = exact(value, sweep?.decimals);
    if (!input.dirty && input.value !== text) input.value = text;
    const slider = sliders.get(id);
    if (slider && sweep) drawHandle(slider, sweep, value, text, hand?.id === id || row === model.now ? loss : null);
  }
}

// Targets may move together: a row of a target's sweep has all of them.
function valueOnShow(inst, id, { array, targets }) {
  if (inst.hand?.id === id) return inst.hand.value;
  if (targets >= 0 && /^t\d+$/.test(id) && !inst.pending.has(id)) return shortest(array[targets + Number(id.slice(1))]);
  return shown(inst, id);
}

function drawHandle(slider, { low, high, values }, value, text, loss) {
  const share = high > low ? clamp((value - low) / (high - low), 0, 1) : 0.5;
  shift(slider.rail, `translateX(${percent(share)})`);
  if (loss !== null) slider.height = rise(Number.isNaN(loss) ? slider.floor : loss, slider.top, slider.floor);
  shift(slider.float, `translate(${percent(share)}, ${percent(-(slider.height ?? 0))})`);
  if (slider.said === text && loss === null) return;
  slider.said = text;
  const { root } = slider;
  if (values.length < 2) return;
  const set = (name, to) => root.getAttribute(name) !== to && root.setAttribute(name, to);
  set("aria-orientation", "horizontal");
  set("aria-valuemin", String(low));
  set("aria-valuemax", String(high));
  set("aria-valuenow", String(value));
  set("aria-valuetext", loss === null ? text : `${text}, loss ${show(loss, 4)}`);
}

// The address is put right before Python hears of it, so that it finds nothing to add to the browser's history.
function commit(inst, event) {
  const { model } = inst;
  const value = "value" in event && !Number.isFinite(event.value) ? { value: plain(event.value) } : {}; // JSON has no infinities
  const sent = history.lossviz.numbered({ ...event, ...value, revision: model.header.revision });
  if (event.control && "value" in event) {
    const { control, value } = event;
    address(inst, control, value);
    inst.pending.delete(control); // to the end: the last one is on show
    inst.pending.set(control, { value, act: sent.act });
  } else if (event.action === "label") writeAddress(inst, "t", model.rows.map((_, c) => (c === event.index ? 1 : 0)));
  else if (event.action === "toggle") writeAddress(inst, "t", model.rows.map(({ target }, c) => (c === event.index ? (target > 0.5 ? 0 : 1) : target)));
  inst.send("commit", sent);
  inst.frame();
}

function address(inst, control, value) {
  const { model } = inst;
  const [, kind, index] = /^([zt])(\d+)$/.exec(control) ?? [];
  if (!kind) return writeAddress(inst, control, [value]);
  const sweep = model.sweeps.get(control);
  const at = sweep ? nearest(sweep.values, value) : -1;
  const row = sweep && sweep.values[at] === value ? sweep.row(at) : { targets: -1 };
  writeAddress(inst, kind, model.rows.map((_, c) => (c === Number(index) ? value : valueOnShow(inst, kind + c, row))));
}

function writeAddress(inst, kind, values) {
  const { word_of: words = {}, defaults = {} } = inst.model.header.url ?? {};
  const word = words[kind];
  if (!word) return;
  const text = values.map(plain).join(" ");
  const url = new URL(window.location.href);
  if (text === defaults[word]) url.searchParams.delete(word);
  else url.searchParams.set(word, text);
  history.lossviz.rewrite(url);
}

async function copyLink(inst) {
  const { find, root } = inst;
  const box = root.querySelector(".address");
  const said = find("copied");
  const link = window.location.href;
  let done = true;
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    box.hidden = false;
    box.value = link;
    box.focus();
    box.select();
    done = document.execCommand("copy");
    if (done) (box.hidden = true, find("copy-link").focus());
  }
  said.textContent = done ? "copied" : "press Ctrl+C";
  clearTimeout(inst.thanks);
  inst.thanks = setTimeout(() => ((said.textContent = ""), (box.hidden = true)), done ? 2000 : 15000);
}
