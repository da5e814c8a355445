// The player as a component. Streamlit calls this again at every change of data or theme, with the same parentElement.

const mounted = new WeakMap();
const PATIENCE = 8000; // milliseconds for Streamlit's own Plotly to come

export default function ({ data, parentElement, setTriggerValue }) {
  const inst = mounted.get(parentElement) ?? mount(parentElement);
  inst.trigger = setTriggerValue;
  if (data !== inst.data) inst.model = JSON.parse(new TextDecoder().decode(data));
  inst.fresh ||= data !== inst.data;
  inst.data = data;
  show(inst);
  return () => unmount(parentElement, inst);
}

function mount(parentElement) {
  const inst = { root: parentElement.querySelector(".lossviz-stage"), since: performance.now() };
  inst.poll = setInterval(() => (window.Plotly ? show(inst) : performance.now() - inst.since > PATIENCE && giveUp(inst)), 50);
  mounted.set(parentElement, inst);
  return inst;
}

function show(inst) {
  if (!window.Plotly?.react) return;
  clearInterval(inst.poll);
  inst.player ??= player(inst.root, (event) => sendTo(inst, event));
  if (inst.fresh) inst.player.receive(inst.model);
  else inst.player.dress();
  inst.fresh = false;
}

// `history.lossviz`, from ui/components/live/history.js, numbers what a person does. A word of the link is put into the address at once,
// so that Back finds it there even if the next act comes before the answer; Python writes the rest.
function sendTo(inst, event) {
  const { control, value } = event;
  if (control && Number.isFinite(value) && !/^[zt][0-9]+$/.test(control)) {
    const url = new URL(location.href);
    url.searchParams.set(control, value);
    history.lossviz.rewrite(url);
  }
  const sent = history.lossviz.numbered(event);
  inst.trigger("commit", sent);
  return sent.act;
}

function giveUp(inst) {
  clearInterval(inst.poll);
  inst.trigger("plain", true);
}

function unmount(parentElement, inst) {
  clearInterval(inst.poll);
  inst.player?.close();
  mounted.delete(parentElement);
}
