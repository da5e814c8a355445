// Numbers and sentences.

const MINUS = "\u2212";
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// `digits` significant digits: 0.0457, 1.20×10⁻⁹, 0, ∞; — where there is no number.
function show(value, digits = 3) {
  if (Number.isNaN(value)) return "—";
  if (value === 0) return "0";
  if (Math.abs(value) === 1) return value < 0 ? `${MINUS}1` : "1"; // exactly: 0.99999 is 1.00
  const sign = value < 0 ? MINUS : "";
  const size = Math.abs(value);
  if (size === Infinity) return sign + "∞";
  if (size < 1e-4 || size >= 1e6) {
    const [mantissa, power] = size.toExponential(digits - 1).split("e");
    return `${sign}${mantissa}×10${[...power.replace("+", "")].map((c) => SUPERSCRIPT[c]).join("")}`;
  }
  const leading = Math.floor(Math.log10(Number(size.toPrecision(digits))));
  return sign + size.toFixed(Math.max(0, digits - 1 - leading));
}

// A control's value, with the decimals of its grid where it is on the grid, else to eight digits.
function exact(value, decimals = 0) {
  if (!Number.isFinite(value)) return show(value);
  const digits = Number(value.toPrecision(8));
  const fixed = digits.toFixed(Math.abs(digits) < 1000 ? decimals : 0);
  return (Number(fixed) === digits ? fixed : String(digits)).replaceAll("-", MINUS);
}

// As Python's repr writes a float, less a trailing ".0".
function plain(value) {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return String(value || 0);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

// The shortest decimal that is this float32.
function shortest(value) {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === Math.fround(value)) return text;
  }
  return value;
}

// What a person typed: comma or point, any minus, ∞ or inf where allowed. NaN if it is no number.
function typed(text, infinite) {
  const word = text.trim().replace(/[\u2212\u2013\u2012]/g, "-").replace(",", ".").replace("∞", "inf").toLowerCase();
  if (/^[+-]?inf(inity)?$/.test(word)) return infinite ? (word[0] === "-" ? -Infinity : Infinity) : NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word) ? (Number.isFinite(Number(word)) ? Number(word) || 0 : NaN) : NaN;
}

function times(factor) {
  if (Number.isNaN(factor)) return "";
  if (Math.abs(factor - 1) < 5e-4) return "the same";
  if (factor === 0 || factor === Infinity) return factor ? "infinitely larger" : "0";
  const text = show(factor < 1 ? 1 / factor : factor);
  return `${text}${text.includes("×") ? " times" : "×"} ${factor < 1 ? "smaller" : "larger"}`;
}

// Why two gradients have no ratio; `resting` tells which of the two losses is at its minimum: 1 this one, 2 cross-entropy, 3 both.
function undefinedRatio(resting) {
  if (Math.round(resting) === 3) return "no ratio: both losses are at their minimum, where gradients are next to nothing";
  if (Math.round(resting) === 2) return "no ratio: cross-entropy is at its minimum, where its gradient is next to nothing";
  if (Math.round(resting) === 1) return "no ratio: the loss is at its minimum, where its gradient is next to nothing";
  return "not defined: both gradients are 0";
}

// What is said instead of the gradients' ratio; a loss at its minimum may be next to nothing as well, and then has no ratio.
function atMinimum(name, lossFactor, resting) {
  const which = ["", "It is", "Cross-entropy is", "Both are"][resting];
  const rest = `${which} at ${resting === 3 ? "their" : "its"} minimum here, where a gradient is next to nothing.`;
  const loss = lossFactor > 1e-3 && lossFactor < 1e3 ? times(lossFactor) : "";
  const than = loss === "the same" ? "the same as cross-entropy" : `${loss} than cross-entropy`;
  if (loss) return `${name} is ${than}. ${rest}`;
  return resting === 1 ? rest.replace("It is", `${name} is`) : rest;
}

// "… focal loss is 8.92× smaller than cross-entropy and its gradient 3.41× smaller."
function compared(name, lossFactor, normFactor, resting, ceLoss) {
  if (Math.round(resting) > 0) return atMinimum(name, lossFactor, Math.round(resting));
  const loss = times(lossFactor);
  const gradient = times(normFactor);
  if (loss === "the same" && gradient === "the same") return `${name} and its gradient are those of cross-entropy.`;
  const none = ceLoss === Infinity ? "finite where cross-entropy is infinite" : "0 where cross-entropy is not";
  const than = { "the same": "the same as cross-entropy", 0: none }[loss] ?? `${loss} than cross-entropy`;
  if (loss) return `${name} is ${than}${gradient && ` and its gradient ${gradient}`}.`;
  const of = { "the same": "the same as that of cross-entropy", 0: "0 where that of cross-entropy is not" }[gradient];
  return gradient ? `the gradient of ${name} is ${of ?? `${gradient} than that of cross-entropy`}.` : "";
}
