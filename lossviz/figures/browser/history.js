// The address and the steps of Back. Python says at the end of a run what the address is, how many steps a person has taken
// by then, and which acts on components it has applied. A step is an entry of the browser's history, a drag is none.

/** @import { Address, Act, Command } from "./acts.d.ts" */

/**
 * The one history of the page, which the address's script and all components share.
 * @returns {AddressHistory}
 */
export function pageHistory() {
  window.history.lossviz ??= new AddressHistory(window.history, window.location);
  return window.history.lossviz;
}

export class AddressHistory {
  /** @type {Act[]} those that Python has not said it has applied: each goes along with the next, should it have been lost */
  #acts = [];
  #number = 0;
  /** @type {Address | null} what Python has said last */
  #address = null;
  #push;
  #replace;
  #location;

  /**
   * @param {Pick<History, "pushState" | "replaceState">} history
   * @param {Pick<Location, "href" | "pathname" | "search">} location
   */
  constructor(history, location) {
    this.#location = location;
    this.#push = history.pushState.bind(history);
    this.#replace = history.replaceState.bind(history);
    history.pushState = this.#elsewhere(this.#push);
    history.replaceState = this.#elsewhere(this.#replace);
  }

  /**
   * Streamlit pushes whatever Python writes, a drag too: of its own entries only those of other pages are made.
   * @param {History["pushState"]} change
   * @returns {History["pushState"]}
   */
  #elsewhere(change) {
    return (state, title, url) => {
      const { href, pathname } = this.#location;
      if (url === undefined || url === null || new URL(url, href).pathname !== pathname) change(state, title, url);
    };
  }

  /**
   * The end of a run: the address becomes what Python says.
   * @param {Address} address
   */
  write(address) {
    const before = this.#address;
    this.#address = address;
    while (this.#acts.length && address.acts >= this.#acts[0].act) this.#acts.shift();
    const { pathname, search } = this.#location;
    if (pathname.split("/").pop() !== address.page) return; // a person is on the way to another page
    const url = this.#urlOf(address);
    if (address.left) this.#replace({}, "", this.#urlOf(address.left));
    else if (url.search === search) return;
    const isStep = address.left || (before?.page === address.page && address.step > before.step);
    (isStep ? this.#push : this.#replace)({}, "", url);
  }

  /** @param {{ page: string, query: string }} address */
  #urlOf({ page, query }) {
    const url = new URL(this.#location.href);
    const words = new URLSearchParams(query);
    for (const [word, text] of url.searchParams) if (word.startsWith("embed")) words.append(word, text);
    url.pathname = url.pathname.replace(/[^/]*$/, page);
    url.search = String(words);
    return url;
  }

  /** @param {URL} url */
  rewrite(url) {
    this.#replace({}, "", url);
  }

  /**
   * A command as it is sent to Python: with its number, and the acts of which Python may not know.
   * @template {Command} Kind
   * @param {Kind} command
   */
  numbered(command) {
    const act = { ...command, act: ++this.#number };
    const before = this.unheard;
    this.#acts.push(act);
    return { ...act, before };
  }

  /** The latest of the acts that Python has not said it has applied. */
  get unheard() {
    return this.#acts.slice(-20);
  }
}
