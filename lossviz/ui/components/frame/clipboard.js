// A text into the clipboard, and a word about it.

import { say } from "../../../figures/browser/texts.js";
import { tell } from "./notice.js";

/**
 * Copy a text, and say so; where the browser allows neither way, it stands selected in a box.
 * @param {ParentNode} frame
 * @param {string} text
 * @param {HTMLElement} button what was pressed for it, and has the focus again
 */
export async function copyText(frame, text, button) {
  const box = /** @type {HTMLInputElement} */ (frame.querySelector(".address"));
  const isCopied = (await isWritten(text)) || isCopiedByHand(box, text);
  if (isCopied) button.focus();
  tell(frame, isCopied ? say("Copied") : say("Press Ctrl+C"), isCopied ? 2000 : 15000, () => {
    box.hidden = true;
  });
}

/** @param {string} text */
async function isWritten(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or no clipboard where the page has no certificate
  }
}

/**
 * The old way, from a box that stays where it fails.
 * @param {HTMLInputElement} box
 * @param {string} text
 */
function isCopiedByHand(box, text) {
  box.hidden = false;
  box.value = text;
  box.focus();
  box.select();
  if (!document.execCommand("copy")) return false;
  box.hidden = true;
  return true;
}
