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
 * The numbers at both ends of an axis.
 * @param {{low: number, high: number}} axis
 */
export function ends(axis) {
  const words = [axis.low, axis.high].map((end) => made("span", { textContent: onAxis(end, axis) }));
  return made("div", { className: "ends" }, ...words);
}
