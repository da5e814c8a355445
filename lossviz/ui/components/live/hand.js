// The hand: what a person holds, by pointer or by keys. It moves along one sweep; only letting go tells Python.

const SLACK = 14; // pixels around the handle within which a press does not make it jump
const PAUSE = 250; // milliseconds after the last key before it counts as let go

function listen(inst, slider) {
  const { root, id } = slider;
  root.onpointerdown = (event) => press(inst, slider, event);
  root.onpointermove = (event) => drag(inst, id, event);
  root.onpointerup = (event) => {
    if (!holds(inst, id, event)) return;
    if (!inst.hand.engaged) follow(inst, event);
    letGo(inst);
  };
  root.onpointercancel = (event) => holds(inst, id, event) && drop(inst);
  root.onlostpointercapture = (event) => holds(inst, id, event) && drop(inst);
  root.onkeydown = (event) => key(inst, id, event);
  root.onblur = () => inst.hand?.id === id && inst.hand.pointer === null && letGo(inst);
}

const holds = (inst, id, event) => inst.hand?.id === id && inst.hand.pointer === event.pointerId;

function press(inst, { id, root, field }, event) {
  const sweep = inst.model.sweeps.get(id);
  if (event.button !== 0 || !event.isPrimary || !sweep || sweep.values.length < 2) return;
  if (inst.hand) letGo(inst);
  const { left, width } = field.getBoundingClientRect(); // once: the track stands still while it is held
  const value = shown(inst, id);
  const off = event.clientX - (left + (width * (value - sweep.low)) / (sweep.high - sweep.low));
  const touch = event.pointerType === "touch"; // may yet turn out to scroll the page
  inst.hand = { id, value, pointer: event.pointerId, left, width, nudge: Math.abs(off) <= SLACK ? off : 0, start: event.clientX, engaged: !touch };
  root.setPointerCapture(event.pointerId);
  root.focus({ preventScroll: true });
  if (!touch) (event.preventDefault(), mark(root, "held-now", true), mark(inst.root, "dragging", true), follow(inst, event));
}

function drag(inst, id, event) {
  if (!holds(inst, id, event)) return;
  const { hand } = inst;
  if (!hand.engaged && Math.abs(event.clientX - hand.start) < 4) return;
  if (!hand.engaged) (mark(inst.sliders.get(id).root, "held-now", true), mark(inst.root, "dragging", true));
  hand.engaged = true;
  follow(inst, event);
}

function follow(inst, { clientX }) {
  const { hand } = inst;
  const sweep = inst.model.sweeps.get(hand.id);
  const share = clamp((clientX - hand.nudge - hand.left) / hand.width, 0, 1);
  hold(inst, sweep.values[nearest(sweep.values, sweep.low + share * (sweep.high - sweep.low))]);
}

function hold(inst, value) {
  if (inst.hand.value === value) return;
  inst.hand.value = value;
  inst.frame();
}

const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };

function key(inst, id, event) {
  if (event.key === "Escape" && inst.hand?.id === id) {
    event.preventDefault();
    return drop(inst);
  }
  const step = STEPS[event.key];
  const sweep = inst.model.sweeps.get(id);
  if (!step || !sweep || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (inst.hand && (inst.hand.id !== id || inst.hand.pointer !== null)) letGo(inst);
  inst.hand ??= { id, value: shown(inst, id), pointer: null };
  const { values } = sweep;
  hold(inst, values[clamp(nearest(values, inst.hand.value) + step, 0, values.length - 1)]);
  clearTimeout(inst.hand.timer);
  inst.hand.timer = setTimeout(() => inst.hand?.id === id && letGo(inst), PAUSE);
}

function release(inst) {
  const { hand } = inst;
  clearTimeout(hand.timer);
  inst.hand = null;
  const slider = inst.sliders.get(hand.id);
  if (slider) mark(slider.root, "held-now", false);
  mark(inst.root, "dragging", false);
  queueMicrotask(() => inst.waiting && inst.received(inst.waiting)); // after what was held is sent
  return hand;
}

function letGo(inst) {
  const { id, value } = release(inst);
  if (value !== shown(inst, id)) inst.commit({ control: id, value });
  else inst.frame();
}

// Back to where it was.
function drop(inst) {
  release(inst);
  inst.frame();
}

// What is wrong with a typed value, in words; nothing if it may be. `low` and `high` of a parameter bound what is valid,
// which is more than its slider spans.
function objection(inst, id, value) {
  if (Number.isNaN(value)) return `Not a number: try 1.5 or ${MINUS}2.`;
  const parameter = inst.model.header.parameters.find((p) => p.id === id);
  const { low = null, high = null } = /^t\d+$/.test(id) ? { low: 0, high: 1 } : (parameter ?? {});
  if (low !== null && value < low) return `At least ${exact(low)}, please.`;
  if (high !== null && value > high) return `At most ${exact(high)}, please.`;
  return "";
}

function listenToEntry(inst, { id, input, problem }) {
  const reset = () => {
    write(problem, "");
    input.removeAttribute("aria-invalid");
    inst.frame();
  };
  const settle = () => {
    if (!input.dirty) return;
    input.dirty = false;
    const value = typed(input.value, id.startsWith("z"));
    const wrong = objection(inst, id, value);
    write(problem, wrong && `${wrong} Kept ${exact(shown(inst, id))}.`);
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (!wrong && value !== shown(inst, id)) inst.commit({ control: id, value });
    inst.frame();
  };
  input.oninput = () => (input.dirty = true);
  input.onfocus = () => input.select();
  input.onblur = settle;
  input.onkeydown = (event) => {
    if (event.key === "Enter") (settle(), input.select());
    if (event.key === "Escape") ((input.dirty = false), reset());
  };
}
