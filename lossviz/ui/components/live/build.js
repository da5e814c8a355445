// The parts of the page, made once for each structure. Data enters as text and attributes only, never as HTML.

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node[name.toLowerCase()] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// Writers that touch the page only where something changed: what runs in every frame.
function write(node, text) {
  if (node._text === text) return;
  node._text = node.textContent = text;
}

function shift(node, transform) {
  if (node._shift === transform) return;
  node._shift = node.style.transform = transform;
}

function mark(node, name, on) {
  if (node["_" + name] === on) return;
  node["_" + name] = on;
  node.classList.toggle(name, on);
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const percent = (share) => `${(100 * share).toFixed(2)}%`;

// A slider whose track is the loss along its control.
function landscape(id, label, help) {
  const paths = { area: svg("path", { class: "area" }), other: svg("path", { class: "other" }), line: svg("path", { class: "line" }) };
  const picture = svg("svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none", "aria-hidden": "true" });
  picture.append(...Object.values(paths));
  const rail = h("i", { class: "rail" }, h("i", { class: "stem" }), h("i", { class: "knob" }));
  const float = h("i", { class: "float" }, h("i", { class: "dot" }));
  const low = h("span", { class: "low" });
  const high = h("span", { class: "high" });
  const held = h("span", { class: "held" });
  const field = h("div", { class: "field" }, picture, rail, float);
  const root = h(
    "div",
    { class: "land", role: "slider", tabindex: "0", "aria-label": label, title: help, "data-control": id },
    field, low, high, held,
  );
  return { id, root, field, paths, rail, float, low, high, held };
}

function entry(id, label) {
  const problem = h("span", { class: "problem", role: "alert", "data-testid": `problem-${id}` });
  const input = h("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", size: "6", enterkeyhint: "done",
    "aria-label": `${label}, exact`, "data-testid": `exact-${id}`,
  });
  return { id, input, problem, root: h("span", { class: "entry" }, input, problem) };
}

// A slider and its number, or only the number where there is no sweep.
function control(inst, id, label, help) {
  const slider = inst.model.sweeps.has(id) ? landscape(id, label, help) : null;
  const exactly = entry(id, label);
  if (slider) (inst.sliders.set(id, slider), listen(inst, slider));
  inst.entries.set(id, exactly);
  listenToEntry(inst, exactly);
  return { slider, exactly };
}

function buildParameters(inst) {
  inst.parameters.replaceChildren(...inst.model.header.parameters.map((parameter) => parameterBox(inst, parameter)));
  inst.parameters.hidden = !inst.model.header.parameters.length;
}

function parameterBox(inst, { id, symbol, label, help, optional, off, disabled_reason: reason }) {
  const act = (action) => () => inst.commit({ action, control: id });
  const explain = h("p", { class: "help", hidden: true, text: help });
  const ask = h("button", {
    type: "button", class: "ask", "aria-expanded": "false", "aria-label": `What ${label.toLowerCase()} does`, text: "?",
    onclick: () => ask.setAttribute("aria-expanded", String(!(explain.hidden = !explain.hidden))),
  });
  const head = h("div", { class: "head" }, h("span", { class: "symbol", text: symbol }), h("span", { class: "label", text: label }), help ? ask : null);
  const box = h("div", { class: "parameter", "data-testid": `parameter-${id}` }, head);
  if (reason) {
    box.classList.add("disabled");
    box.append(h("p", { class: "reason", text: reason }));
  } else if (off) {
    box.append(h("button", { type: "button", class: "quiet switch", "data-testid": `on-${id}`, text: "off — switch on", "aria-label": `${label}: off, switch on`, onclick: act("on") }));
  } else {
    const { slider, exactly } = control(inst, id, `${label} ${symbol}`, null);
    head.append(exactly.root);
    if (slider) box.append(slider.root);
    if (optional) box.append(h("button", { type: "button", class: "quiet small", "data-testid": `off-${id}`, text: "switch off", "aria-label": `${label}: switch off`, onclick: act("off") }));
  }
  if (help) box.append(explain);
  return box;
}

const TARGET_NAMES = { class: "true", multi: "true", soft: "target t", sign: "label y" };

function buildPipeline(inst) {
  const { header, rows } = inst.model;
  inst.pipeline.dataset.targets = header.target_mode;
  inst.pipeline.classList.toggle("paired", paired(header));
  inst.heads = headings(header, inst.model.ghost);
  inst.cells = rows.map((row, c) => classRow(inst, row, c));
  inst.total = { loss: h("b"), ghost: h("span", { class: "ghost" }) };
  const total = h(
    "div",
    { class: "row total", role: "row" },
    h("span", { role: "cell", class: "cell", text: "" }),
    h("span", { role: "cell", class: "cell" }),
    h("span", { role: "cell", class: "cell" }),
    h("span", { role: "cell", class: "cell" }),
    h("div", { role: "cell", class: "cell term" }, h("span", { class: "of", text: "sum = loss" }), h("span", { class: "numbers" }, inst.total.loss, inst.total.ghost)),
    h("span", { role: "cell", class: "cell" }),
  );
  total.hidden = header.classes < 2;
  inst.pipeline.replaceChildren(inst.heads.root, ...inst.cells.map((cell) => cell.root), total);
}

// "logit z": a symbol at the end of a name is set as one.
const lettered = (name) => name.split(/(?= [a-z]$)/).map((part, i) => (i ? h("var", { text: part }) : part));

function headings({ target_mode, input_name, activation }) {
  const ends = () => [h("span"), h("span"), h("span")];
  const axes = { logit: ends(), probability: ends(), term: ends(), gradient: ends() };
  const head = (name, stage, title, note) =>
    h(
      "div",
      { role: "columnheader", class: `cell ${name}` },
      h("span", { class: "title" }, stage ? h("span", { class: "stage", text: stage }) : null, ...title),
      note ? h("span", { class: "note", text: note }) : null,
      axes[name] ? h("span", { class: "axis", "aria-hidden": "true" }, ...axes[name]) : null,
    );
  const root = h(
    "div",
    { class: "row heads", role: "row" },
    head("class", "", ["class"]),
    head("target", "", lettered(TARGET_NAMES[target_mode])),
    head("logit", "", lettered(input_name)),
    head("probability", `${activation} →`, ["probability ", h("var", { text: "p" })]),
    head("term", "→", ["loss term"]),
    head("gradient", "→", ["gradient ∂", h("var", { text: "ℓ" }), "/∂", h("var", { text: "z" })], "arrow: where descent moves it"),
  );
  return { root, axes };
}

function classRow(inst, row, c) {
  const { header, ghost } = inst.model;
  const name = `class ${row.label}`;
  const bars = { p: bar("p", false), term: bar("term", ghost), grad: arrow(ghost) };
  const numbers = { p: figure(`p-${c}`, false), term: figure(`term-${c}`, ghost), grad: figure(`grad-${c}`, ghost) };
  const logit = control(inst, `z${c}`, `${header.input_name} of ${name}`, null);
  const target = targetControl(inst, c, name);
  const put = (key, kind, caption) =>
    h("div", { role: "cell", class: `cell ${kind}` }, h("span", { class: "small-caption", "aria-hidden": "true", text: caption }), bars[key].root, numbers[key].root);
  const root = h(
    "div",
    { class: "row", role: "row", "data-testid": `row-${c}` },
    h("span", { role: "rowheader", class: "cell class", text: row.label }),
    h("div", { role: "cell", class: "cell target" }, target.root),
    h("div", { role: "cell", class: "cell logit" }, logit.slider?.root, logit.exactly.root),
    put("p", "probability", "p"),
    put("term", "term", "loss term"),
    put("grad", "gradient", "gradient"),
  );
  return { root, bars, numbers, target };
}

function figure(testid, ghost) {
  const value = h("b", { "data-testid": testid });
  const other = ghost ? h("span", { class: "ghost", "data-testid": `ce-${testid}` }) : null;
  return { value, other, root: h("span", { class: "numbers" }, value, other) };
}

// A bar is as long as its axis and slides out from under the left edge: only its transform changes.
function bar(kind, ghost) {
  const fill = h("i", { class: "fill" });
  const other = ghost ? h("i", { class: "hatch" }) : null;
  const past = h("i", { class: "past", text: "▸" });
  return { fill, other, past, root: h("span", { class: `bar ${kind}`, "aria-hidden": "true" }, other, fill, past) };
}

function arrow(ghost) {
  const half = (side) => {
    const shaft = h("i", { class: "shaft" });
    const other = ghost ? h("i", { class: "hatch" }) : null;
    const past = h("i", { class: "past", text: side === "down" ? "◂" : "▸" });
    return { shaft, other, past, root: h("span", { class: `half ${side}` }, other, shaft, past) };
  };
  const down = half("down");
  const up = half("up");
  return { down, up, root: h("span", { class: "arrow", "aria-hidden": "true" }, down.root, up.root) };
}

function targetControl(inst, c, name) {
  const { target_mode: mode } = inst.model.header;
  if (mode === "soft") {
    const { slider, exactly } = control(inst, `t${c}`, `target of ${name}`, null);
    return { set: () => {}, root: h("div", { class: "soft" }, slider?.root, exactly.root) };
  }
  if (paired(inst.model.header)) return pair(inst, c, name, mode === "sign" ? [MINUS + "1", "+1"] : ["0", "1"]);
  const single = mode === "class";
  const input = h("input", {
    type: single ? "radio" : "checkbox", name: single ? "true class" : null, "aria-label": single ? `${name} is the true one` : `${name} is true`,
    "data-testid": `target-${c}`,
    onchange: () => inst.commit({ action: single ? "label" : "toggle", index: c }),
  });
  return { set: (t) => (input.checked = t > 0.5), root: h("label", { class: "pick" }, input) };
}

const paired = ({ target_mode: mode, classes }) => mode === "sign" || (classes === 1 && mode !== "soft");

// Two labels side by side, one of them true.
function pair(inst, c, name, words) {
  const option = (word, value) => {
    const input = h("input", { type: "radio", name: `pair-${c}`, "aria-label": `label of ${name}: ${word}`, "data-testid": `target-${c}-${value}`, onchange: () => inst.commit({ action: "toggle", index: c }) });
    return { input, root: h("label", {}, input, h("span", { text: word })) };
  };
  const options = words.map(option);
  const set = (t) => options.forEach(({ input }, value) => (input.checked = t > 0.5 === (value === 1)));
  return { set, root: h("span", { class: "pair", role: "group", "aria-label": `label of ${name}` }, ...options.map((o) => o.root)) };
}

function drawPicture(figure, image, words) {
  figure.hidden = !image;
  if (!image) return;
  const picture = figure.querySelector("svg");
  picture.setAttribute("aria-label", image.caption);
  picture.replaceChildren(
    ...image.pixels.map((ink, i) => svg("rect", { x: i % 8, y: i >> 3, width: 1, height: 1, "fill-opacity": ink / 16 })),
  );
  write(words.caption, image.caption);
  write(words.edited, image.note ?? "");
}

// The curves of every slider. Those of one kind share a vertical scale, so that their slopes can be compared.
function drawCurves(inst) {
  const { sweeps, layout, ghost } = inst.model;
  const kinds = new Map();
  for (const sweep of sweeps.values()) {
    const kind = /^[zt]\d+$/.test(sweep.id) ? sweep.id[0] : sweep.id;
    kinds.set(kind, [...(kinds.get(kind) ?? []), sweep]);
  }
  for (const group of kinds.values()) {
    const curves = group.map((sweep) => ({ sweep, loss: along(sweep, layout.at.loss), other: ghost ? along(sweep, layout.at.ce_loss) : [] }));
    const heights = curves.map(({ loss, other }) => [...loss, ...other].filter(Number.isFinite));
    const [floor, top] = [Math.min(0, ...heights.flat()), ceiling(heights)];
    for (const { sweep, loss, other } of curves) drawCurve(inst.sliders.get(sweep.id), sweep, loss, other, top, floor);
  }
}

// The highest point of a group, unless it would flatten the others.
function ceiling(groups) {
  const highest = Math.max(0, ...groups.flat());
  const tops = groups.filter((values) => Math.max(...values) - Math.min(...values) > 0.05 * highest).map((values) => Math.max(...values));
  const typical = tops.sort((a, b) => a - b)[tops.length >> 1] ?? highest;
  return Math.min(highest, 3 * typical) || 1;
}

const VALUES = ["aria-orientation", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];

function drawCurve(slider, sweep, loss, other, top, floor) {
  if (!slider) return;
  Object.assign(slider, { top, floor });
  const line = pathOf(sweep, loss, top, floor);
  slider.paths.line.setAttribute("d", line);
  slider.paths.area.setAttribute("d", line && `${line}V100H0Z`);
  slider.paths.other.setAttribute("d", other.length ? pathOf(sweep, other, top, floor) : "");
  const fixed = sweep.values.length < 2;
  slider.root.classList.toggle("fixed", fixed);
  // At an infinite logit nothing can be slid: a picture, until a number is typed.
  slider.root.setAttribute("role", fixed ? "img" : "slider");
  if (fixed) for (const name of ["tabindex", ...VALUES]) slider.root.removeAttribute(name);
  else slider.root.setAttribute("tabindex", "0");
  write(slider.held, fixed ? `held at ${exact(sweep.low)}` : "");
  write(slider.low, exact(sweep.low));
  write(slider.high, exact(sweep.high));
}

function pathOf({ values, low, high }, heights, top, floor) {
  if (values.length < 2) return "";
  return heights
    .map((height, i) => (Number.isNaN(height) ? "" : `${((1000 * (values[i] - low)) / (high - low)).toFixed(1)},${(100 * (1 - rise(height, top, floor))).toFixed(2)}`))
    .filter(Boolean)
    .map((point, i) => (i ? "L" : "M") + point)
    .join("");
}

// NLL can be negative, if it is given what are no log-probabilities: only then is the floor below 0.
const rise = (height, top, floor) => clamp((height - floor) / (top - floor), 0, 1);
