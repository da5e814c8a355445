// Keys on chips. What a chip opens stands at the end of the document: without this, Tab goes on to the next chip and never into it.

const CHIP = "[data-testid=stPopoverButton]";
const BODY = "[data-testid=stPopoverBody]";
const CONTROL = "input:not([disabled]), [role=radio], [role=combobox], button:not([disabled])";
const MOUNTED = 180; // milliseconds: a control that gets the focus before it is wholly there loses it again
const PATIENCE = 800;

let listeners = 0;

/**
 * Tell which chip is open, by its key; "" for none. A chip that is told of has its controls on the page.
 * @param {(key: string) => void} tell
 */
export function watchChips(tell) {
  let known = "";
  const look = () => {
    const key = keyOf(document.querySelector(`${CHIP}[aria-expanded=true]`));
    if (key !== known) tell(key);
    known = key;
  };
  const soon = () => setTimeout(look, MOUNTED);
  for (const event of /** @type {const} */ (["click", "keyup"])) addEventListener(event, soon, true);
  return () => {
    for (const event of /** @type {const} */ (["click", "keyup"])) removeEventListener(event, soon, true);
  };
}

/** @param {Element | null} chip */
function keyOf(chip) {
  const names = [...(chip?.closest("[class*=st-key-chip-]")?.classList ?? [])];
  return names.find((name) => name.startsWith("st-key-chip-"))?.slice("st-key-".length) ?? "";
}

/** Listen, once for the whole page; gives what ends it. */
export function followKeys() {
  if (!listeners++) addEventListener("keydown", followKey, true);
  return () => {
    if (!--listeners) removeEventListener("keydown", followKey, true);
  };
}

/** @param {KeyboardEvent} event */
function followKey(event) {
  const chip = event.target instanceof Element ? event.target.closest(CHIP) : null;
  if (!(chip instanceof HTMLElement)) return;
  if (event.key === "Enter" || event.key === " ") enterSoon(performance.now());
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) goToNeighbour(chip, step);
}

/**
 * Into what is being opened.
 * @param {number} since
 */
function enterSoon(since) {
  const waited = performance.now() - since;
  const control = document.querySelector(BODY)?.querySelector(CONTROL);
  if (control instanceof HTMLElement && waited > MOUNTED) control.focus();
  else if (waited < PATIENCE) requestAnimationFrame(() => enterSoon(since));
}

/**
 * @param {HTMLElement} chip
 * @param {number} step
 */
function goToNeighbour(chip, step) {
  const line = chip.closest("[class*=st-key-setting]");
  const chips = [...(line?.querySelectorAll(CHIP) ?? [])];
  const next = chips[chips.indexOf(chip) + step];
  if (next instanceof HTMLElement) next.focus();
}
