// Texts that people read. Another language stands in the place of the literals before a browser sees them: `program`.

/**
 * A text with its parts in the place of `{name}`; without parts the template as it is, which is a literal in double quotes.
 * @param {string} template
 * @param {Record<string, string>} [parts]
 */
export const say = (template, parts) => (parts ? filled(template, parts) : template);

/**
 * A template that has been said already, such as one of a table, with its parts.
 * @param {string} template
 * @param {Record<string, string>} parts
 */
export const filled = (template, parts) => template.replace(/\{(\w+)\}/g, (hole, name) => parts[name] ?? hole);
