// Numbers: how they are written, how they are read, and which of a grid is nearest.

export const MINUS = "\u2212";

/** @type {Record<string, string>} */
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/**
 * A number with so many significant digits: 0.0457, 1.20×10⁻⁹, 0, ∞; — where there is no number.
 * @param {number} value
 * @param {number} [digits]
 */
export function formatSignificant(value, digits = 3) {
  if (Number.isNaN(value)) return "—";
  if (value === 0) return "0";
  if (Math.abs(value) === 1) return value < 0 ? `${MINUS}1` : "1"; // exactly: 0.99999 is 1.00
  const sign = value < 0 ? MINUS : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size < 1e-4 || size >= 1e6) {
    const [mantissa, power] = size.toExponential(digits - 1).split("e");
    const superscript = [...power.replace("+", "")].map((digit) => SUPERSCRIPT[digit]).join("");
    return `${sign}${mantissa}×10${superscript}`;
  }
  const leading = Math.floor(Math.log10(Number(size.toPrecision(digits))));
  return sign + size.toFixed(Math.max(0, digits - 1 - leading));
}

/**
 * A control's value, with the decimals of its grid where it is on the grid, else to eight digits.
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatOnGrid(value, decimals = 0) {
  if (!Number.isFinite(value)) return formatSignificant(value);
  const digits = Number(value.toPrecision(8));
  const fixed = digits.toFixed(Math.abs(digits) < 1000 ? decimals : 0);
  return (Number(fixed) === digits ? fixed : String(digits)).replaceAll("-", MINUS);
}

/**
 * @param {number} value
 * @param {number} decimals
 */
export const formatFixed = (value, decimals) => value.toFixed(decimals).replace("-", MINUS);

/**
 * As Python's repr writes a float, less a trailing ".0".
 * @param {number} value
 */
export function formatAsPython(value) {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return String(value || 0);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/**
 * The shortest decimal that is this float32.
 * @param {number} value
 */
export function shortestDecimal(value) {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === Math.fround(value)) return decimal;
  }
  return value;
}

/**
 * What a person typed: comma or point, any minus, ∞ or inf where allowed. NaN if it is no number.
 * @param {string} text
 * @param {boolean} allowInfinite
 */
export function parseNumber(text, allowInfinite) {
  const word = text
    .trim()
    .replace(/[\u2212\u2013\u2012]/g, "-")
    .replace(",", ".")
    .replace("∞", "inf")
    .toLowerCase();
  if (/^[+-]?inf(inity)?$/.test(word)) {
    if (!allowInfinite) return NaN;
    return word[0] === "-" ? -Infinity : Infinity;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word)) return NaN;
  return Number.isFinite(Number(word)) ? Number(word) || 0 : NaN;
}

/**
 * The fewest decimals, `most` at most, that tell the values as they are.
 * @param {ArrayLike<number>} values
 * @param {number} [most]
 */
export function decimalsOf(values, most = 6) {
  const isOff = (/** @type {number} */ value) => Math.abs(value - Number(value.toFixed(decimals))) > 1e-9;
  let decimals = 0;
  while (decimals < most && Array.from(values).some(isOff)) decimals++;
  return decimals;
}

/**
 * The index of the value nearest to the wanted one, the first of two as near.
 * @param {ArrayLike<number>} values
 * @param {number} wanted
 */
export function nearest(values, wanted) {
  const distance = (/** @type {number} */ i) => {
    if (wanted === Infinity) return -values[i];
    return wanted === -Infinity ? values[i] : Math.abs(values[i] - wanted);
  };
  let best = 0;
  for (let i = 1; i < values.length; i++) if (distance(i) < distance(best) || Number.isNaN(distance(best))) best = i;
  return best;
}

const STICK = 0.75; // of the way from a stop to the value beside it, on which a pointer is at the stop

/**
 * The index of the value under a pointer, which sticks at the stops: they are larger than the values beside them.
 * @param {number[]} values
 * @param {number} wanted
 * @param {number[]} [stops] some of the values
 */
export function stickyNearest(values, wanted, stops = []) {
  if (!stops.length) return nearest(values, wanted);
  const stop = stops[nearest(stops, wanted)];
  const at = nearest(values, stop);
  const next = values[at + Math.sign(wanted - stop)] ?? stop;
  return Math.abs(wanted - stop) <= STICK * Math.abs(next - stop) ? at : nearest(values, wanted);
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
