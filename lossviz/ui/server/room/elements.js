// The parts that a question on a phone is made of.

/**
 * An element with its properties, and what is in it.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function made(name, properties = {}, ...children) {
  const element = document.createElement(name);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/**
 * What a page has under a name.
 * @param {string} id
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * A share in percent.
 * @param {number} part
 * @param {number} whole
 */
export const percent = (part, whole) => `${whole ? Math.round((100 * part) / whole) : 0}%`;

/**
 * A value on an axis with as many decimals as its thousandth part needs.
 * @param {number} value
 * @param {{low: number, high: number}} axis
 */
export function onAxis(value, axis) {
  const decimals = Math.min(20, Math.max(0, Math.ceil(-Math.log10((axis.high - axis.low) / 1000) - 1e-9)));
  const shown = value.toFixed(decimals);
  return Number(shown) < 0 ? `\u2212${shown.slice(1)}` : shown.replace("-", "");
}

/**
 * Round numbers along an axis, as its figure has them: at most seven.
 * @param {{low: number, high: number}} axis
 */
export function ticksOf({ low, high }) {
  const least = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * /** @type {number} */ ([1, 2, 5, 10].find((n) => n * power >= least * (1 - 1e-3)));
  const [first, last] = [Math.ceil(low / step - 0.05), Math.floor(high / step + 0.05)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(10)));
}

/**
 * The numbers below an axis, each where it is.
 * @param {{low: number, high: number}} axis
 * @param {string} [name] of the class
 */
export function ticks(axis, name = "") {
  const numbers = ticksOf(axis).map((tick) => {
    const number = made("span", { textContent: String(tick).replace("-", "\u2212") });
    const share = (tick - axis.low) / (axis.high - axis.low);
    number.style.left = `${100 * Math.min(1, Math.max(0, share))}%`;
    return number;
  });
  return made("div", { className: `ticks ${name}`, ariaHidden: "true" }, ...numbers);
}
