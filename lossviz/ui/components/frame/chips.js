// Keys on chips. What a chip opens stands at the end of the document: without this, Tab goes on to the next chip and never into it.

const CHIP = "[data-testid=stPopoverButton]";
const BODY = "[data-testid=stPopoverBody]";
const CONTROL = "input:not([disabled]), [role=radio], [role=combobox], button:not([disabled])";
const MOUNTED = 180; // milliseconds: a control that gets the focus before it is wholly there loses it again
const PATIENCE = 800;
const ANSWERED = 3000;

let listeners = 0;

/**
 * Tell which chip is open, by its key; "" for none. A chip that is told of has its controls on the page.
 *
 * What closes a chip may have asked the server for something: it is told of when that is answered, or when nothing comes.
 * @param {(key: string) => boolean} tell whether it could be told
 */
export function watchChips(tell) {
  let known = "";
  let waiting = 0;
  const openKey = () => keyOf(document.querySelector(`${CHIP}[aria-expanded=true]`));
  const tellNow = () => {
    clearTimeout(waiting);
    const key = openKey();
    if (key !== known && tell(key)) known = key;
  };
  const look = () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(tellNow, openKey() ? 0 : ANSWERED);
  };
  const soon = () => setTimeout(look, MOUNTED);
  for (const event of /** @type {const} */ (["click", "keyup"])) addEventListener(event, soon, true);
  const stop = () => {
    clearTimeout(waiting);
    for (const event of /** @type {const} */ (["click", "keyup"])) removeEventListener(event, soon, true);
  };
  return { tellNow, stop };
}

/** Close the chip that is open: on another page it would lie over the picture. */
export function closeChip() {
  const chip = document.querySelector(`${CHIP}[aria-expanded=true]`);
  if (chip instanceof HTMLElement) chip.click();
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
