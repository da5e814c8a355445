// Writers that touch the page only where something changed: what runs in every frame.

/** @type {WeakMap<Element, Record<string, unknown>>} */
const written = new WeakMap();

/**
 * Whether a node has something else than it had, which is noted.
 * @param {Element} node
 * @param {string} name
 * @param {unknown} value
 */
function isNews(node, name, value) {
  const before = written.get(node) ?? {};
  if (before[name] === value) return false;
  written.set(node, before);
  before[name] = value;
  return true;
}

/**
 * @param {Element} node
 * @param {string} text
 */
export function write(node, text) {
  if (isNews(node, "text", text)) node.textContent = text;
}

/**
 * @param {HTMLElement} node
 * @param {string} transform
 */
export function shift(node, transform) {
  if (isNews(node, "transform", transform)) node.style.transform = transform;
}

/**
 * @param {Element} node
 * @param {string} name of a CSS class
 * @param {boolean} on
 */
export function mark(node, name, on) {
  if (isNews(node, `class ${name}`, on)) node.classList.toggle(name, on);
}

/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(2)}%`;
