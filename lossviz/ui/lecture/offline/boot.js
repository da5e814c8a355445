// What runs first in a file of a lecture: one of its languages is shown, its data are unpacked, and its program begins.

/** @param {string} text gzip, as base64 */
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** The deck in the language that the address says, or the browser. */
function chosenDeck() {
  const decks = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".deck")]);
  const wanted = /^#([a-z]+)/.exec(window.location.hash)?.[1] ?? navigator.language.slice(0, 2);
  const chosen = decks.find(({ lang }) => lang.startsWith(wanted)) ?? decks[0];
  for (const deck of decks) if (deck !== chosen) deck.remove();
  return chosen;
}

async function begin() {
  const deck = chosenDeck();
  document.documentElement.lang = deck.lang;
  document.title = deck.querySelector("h1")?.textContent ?? document.title;
  const data = /** @type {HTMLElement} */ (document.getElementById("lossviz-data"));
  data.textContent = await unpacked(data.textContent ?? "");
  const program = document.createElement("script");
  program.type = "module";
  program.textContent = document.querySelector(`script[data-program="${deck.lang}"]`)?.textContent ?? "";
  document.body.append(program);
}

begin();
