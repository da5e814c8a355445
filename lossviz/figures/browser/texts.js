// Texts that people read. Another language stands in the place of the literals before a browser sees them: `program`.

/** A blank between two letters or marks of Chinese, or after such a mark: a part may begin with such a letter, or with a Latin one. */
const SUPERFLUOUS =
  /(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])|(?<=[\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f]) /g;

/**
 * A text with its parts in the place of `{name}`; without parts the template as it is, which is a literal in double quotes.
 * @param {string} template
 * @param {Record<string, string>} [parts]
 */
export const say = (template, parts) => (parts ? filled(template, parts) : template);

/**
 * Sentences after one another.
 * @param {string[]} sentences
 */
export const joined = (sentences) => sentences.join(say(" ")).replace(SUPERFLUOUS, "");

/**
 * Names of one kind; in Chinese other commas stand between them than between clauses.
 * @param {string[]} names
 */
export const enumerated = ([first, ...others]) =>
  others.reduce((names, name) => say("{names}, {name}", { names, name }), first ?? "");

/**
 * A template that has been said already, such as one of a table, with its parts.
 * @param {string} template
 * @param {Record<string, string>} parts
 */
export const filled = (template, parts) =>
  template.replace(/\{(\w+)\}/g, (hole, name) => parts[name] ?? hole).replace(SUPERFLUOUS, "");
