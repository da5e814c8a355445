// Light or dark, by what the page's background is: right in the app and in a file.

/**
 * @param {string} colour as `getComputedStyle` has it, which leaves that of a variable as it is written
 * @returns {number[]} red, green and blue; none if it says none
 */
function channelsOf(colour) {
  const pairs = /^#(..)(..)(..)$/.exec(colour)?.slice(1);
  return pairs ? pairs.map((pair) => parseInt(pair, 16)) : (colour.match(/[\d.]+/g) ?? []).map(Number);
}

/** @param {string} background as `getComputedStyle` has it */
export function isDark(background) {
  const [r, g, b] = [...channelsOf(background), 255, 255, 255];
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

/**
 * A colour with an opacity of its own.
 * @param {string} colour
 * @param {number} opacity
 */
export function faint(colour, opacity) {
  const [r, g, b] = [...channelsOf(colour), 0, 0, 0];
  return `rgba(${r},${g},${b},${opacity})`;
}
