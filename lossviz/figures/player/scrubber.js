// The scrubber.

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

function commit(inst, id, event) {
  inst.pending.set(id, { ...event, act: inst.send(event) });
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
