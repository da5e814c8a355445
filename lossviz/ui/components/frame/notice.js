// A short word beside the buttons of the frame, which goes by itself.

/** @type {ReturnType<typeof setTimeout> | undefined} */
let shown;

/**
 * Say something for a while.
 * @param {ParentNode} frame
 * @param {string} text
 * @param {number} milliseconds
 * @param {() => void} [then] what is done when it goes
 */
export function tell(frame, text, milliseconds, then) {
  const notice = /** @type {HTMLElement} */ (frame.querySelector(".said"));
  notice.textContent = text;
  clearTimeout(shown);
  shown = setTimeout(() => {
    notice.textContent = "";
    then?.();
  }, milliseconds);
}
