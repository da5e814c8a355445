// What a person let go of stays on show until Python has applied it.

const LOST = 5000; // milliseconds after an answer to something else before an act counts as lost

/**
 * The acts that Python has not said it has applied, by what they act on; the last one is the latest.
 * @template {{ act: number }} Act
 */
export class PendingActs {
  /** @type {Map<string, Act>} */
  #acts = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #forgotten;

  /** @param {() => void} forgotten called when what is still pending counts as lost */
  constructor(forgotten) {
    this.#forgotten = forgotten;
  }

  /** @param {string} id */
  has(id) {
    return this.#acts.has(id);
  }

  /** @param {string} id */
  get(id) {
    return this.#acts.get(id);
  }

  /** @returns {[string, Act] | undefined} the latest */
  latest() {
    return [...this.#acts].pop();
  }

  /**
   * @param {string} id
   * @param {Act} act
   */
  add(id, act) {
    this.#acts.delete(id); // to the end
    this.#acts.set(id, act);
  }

  /**
   * Python has answered: what it has applied is over, and all is where another session of the server knows nothing of it.
   * @param {{ revision: number, acts: number }} answer
   * @param {number} [revision] of the answer before
   * @param {(id: string, act: Act) => boolean} [isApplied] whether the page shows so already
   */
  settle(answer, revision = -Infinity, isApplied = () => false) {
    this.close();
    for (const [id, act] of this.#acts)
      if (answer.revision < revision || answer.acts >= act.act || isApplied(id, act)) this.#acts.delete(id);
    if (this.#acts.size) this.#timer = setTimeout(() => this.#forget(), LOST);
  }

  /**
   * Only what is done to this one counts.
   * @param {string} id
   */
  keep(id) {
    for (const other of [...this.#acts.keys()]) if (other !== id) this.#acts.delete(other);
  }

  #forget() {
    this.#acts.clear();
    this.#forgotten();
  }

  close() {
    clearTimeout(this.#timer);
  }
}
