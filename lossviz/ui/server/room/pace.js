// When a phone asks next: a whole course must not ask at once, nor ask a server that is in trouble.

const USUAL = 2000;
const QUIET = 4000;
const LONGEST = 30_000;

/** So many times nothing may have changed before a phone asks less often. */
const PATIENCE = 60;

/**
 * Milliseconds until the next look.
 * @param {number} failures how many times in a row there was no answer
 * @param {number} unchanged how many times in a row the answer was the same
 * @param {number} [chance] between 0 and 1
 */
export function pause(failures, unchanged, chance = Math.random()) {
  const base = failures ? Math.min(LONGEST, USUAL * 2 ** failures) : unchanged > PATIENCE ? QUIET : USUAL;
  return base * (0.85 + 0.3 * chance);
}
