// Handles: markers that a person can move: along a curve, or freely over a plane, which may have several of them, told by name.

// A grip is a thing of the page over the marker: Plotly's zoom does not start under it, and keys reach it.
function buildGrips(inst, picture) {
  const handles = inst.model.handles.filter((handle) => handle.picture === picture.index);
  const { grips } = picture;
  const role = { class: "grip", role: "slider", tabindex: 0, "data-testid": "grip" };
  if (grips.children.length !== handles.length)
    grips.replaceChildren(...handles.map(() => element("div", role, element("span", { class: "tag" }))));
  const idOf = ({ send: { action, control } }) => action === "place" ? `place ${picture.index} ${control ?? ""}` : control;
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
  const [free, another] = picture.handles.filter(isFree);
  picture.gd.onpointerdown = free && !another ? (event) => press(inst, picture, free, event) : null; // of several, which is meant?
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
  if (isFree(handle)) return [nearest(x, marker.x[0]), nearest(y, marker.y[0])];
  const { at } = handle.send; // said by Python: near p = 1 many points are drawn at one place
  return [at !== undefined && x[at] === marker.x[0] ? at : nearest(x, marker.x[0])];
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
  const number = (value) => typeof value === "string" ? value.replace("inf", "∞") : written(Number(value.toPrecision(4)), decimalsOf([Number(value.toPrecision(4))]));
  const text = isFree(handle) ? `${number(now)}, ${number(y[spot[1]])}` : `${handle.label ?? send.control} = ${number(now)}`;
  const finite = values.filter(Number.isFinite); // "inf" and "-inf" are words: JSON has no such numbers
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const near = Number.isFinite(now) ? now : now === "inf" ? high : low;
  const said = { valuemin: low, valuemax: high, valuenow: near, valuetext: text };
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
  const placed = { action: "place", ...(control && { control }), x, y, picture: picture.index, revision };
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
