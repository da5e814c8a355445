// A dark screen, so that all look at who speaks.

let sheet = /** @type {HTMLElement | null} */ (null);

/** Make the screen dark, or show it again; a click shows it, too. */
export function toggleDark() {
  if (sheet) {
    sheet.remove();
    sheet = null;
    return;
  }
  sheet = document.createElement("div");
  sheet.dataset.testid = "dark-screen";
  sheet.style.cssText = "position: fixed; inset: 0; z-index: 1000000; background: var(--lossviz-black)";
  sheet.onclick = toggleDark;
  document.body.append(sheet);
}
