// The bytes of payload.py, read. A row is where the numbers of one variant stand: {array, base, targets}. Nothing here, or
// anywhere in this folder, knows a formula: the browser plays what torch computed. (All scripts here are one module: __init__.py
// joins them.)

function decode(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const floats = new Float32Array(bytes.slice(4 + length).buffer); // a copy, hence aligned
  const layout = layoutOf(header);
  const sweeps = new Map(header.sweeps.map((sweep) => [sweep.id, sweepOf(sweep, layout, floats)]));
  const rows = header.rows.map((row) => ({ ...row, logit: number(row.logit) }));
  return { header, layout, sweeps, rows, now: presentRow(header, layout), ghost: "ce_terms" in layout.at };
}

function layoutOf({ classes, columns, scalars }) {
  const at = {};
  columns.forEach((name, i) => (at[name] = i * classes));
  scalars.forEach((name, i) => (at[name] = columns.length * classes + i));
  return { at, columns, scalars, classes, width: columns.length * classes + scalars.length };
}

function sweepOf({ id, values, at, offset }, layout, array) {
  const withTargets = id.startsWith("t") && /^t\d+$/.test(id);
  const stride = layout.width + (withTargets ? layout.classes : 0);
  const row = (index) => {
    const base = offset + index * stride;
    return { array, base, targets: withTargets ? base + layout.width : -1 };
  };
  values = values.map((value) => number(value) || 0); // -0 is 0
  return { id, values, at, row, decimals: decimalsOf(values, at), low: values[0], high: values[values.length - 1] };
}

function presentRow({ now }, { at, columns, scalars, width, classes }) {
  const array = new Float64Array(width);
  for (const name of columns) for (let c = 0; c < classes; c++) array[at[name] + c] = number(now[name][c]);
  for (const name of scalars) array[at[name]] = number(now[name]);
  return { array, base: 0, targets: -1 };
}

// JSON has neither nan nor the infinities.
function number(plain) {
  if (plain === null || plain === undefined) return NaN;
  return typeof plain === "string" ? Number(plain.replace("inf", "Infinity")) : plain;
}

// Decimals of the grid, not of a present value that lies between its points.
function decimalsOf(values, at) {
  const places = values.map((value, i) => (i === at ? 0 : (String(value).split(".")[1] ?? "").length));
  return Math.min(3, Math.max(0, ...places));
}

function nearest(values, wanted) {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= wanted) low = middle;
    else high = middle;
  }
  return wanted - values[low] <= values[high] - wanted ? low : high;
}

function along(sweep, offset) {
  return sweep.values.map((_, i) => {
    const { array, base } = sweep.row(i);
    return array[base + offset];
  });
}

// The largest finite number in some columns of a row.
function largest({ array, base }, model, columns) {
  let found = 0;
  for (const name of columns) {
    const start = base + (model.layout.at[name] ?? NaN);
    for (let c = start; c < start + model.layout.classes; c++) {
      const size = Math.abs(array[c]);
      if (size > found && size < Infinity) found = size;
    }
  }
  return found;
}

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

function roundUp(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return Number((ROUND.find((r) => r * power >= size * (1 - 1e-9)) * power).toPrecision(3));
}

// What the end of an axis stands for: room for `room` times the present row, but not past what any control can reach.
// The axis stays as it was while the present row still fills a fair part of it.
function axisOf(model, columns, room, before) {
  const present = largest(model.now, model, columns);
  let reach = present;
  for (const sweep of model.sweeps.values())
    for (let i = 0; i < sweep.values.length; i++) reach = Math.max(reach, largest(sweep.row(i), model, columns));
  const end = roundUp(Math.max(0.1, Math.min(reach, room * present)));
  return before >= present && before <= 4 * end ? before : end;
}
