const cell = (text) =>
  String(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .replaceAll('|', '\\|');

const row = (cells) => `| ${cells.map(cell).join(' | ')} |`;

/**
 * A table, its cells in one line each.
 * @param {unknown[]} head
 * @param {unknown[][]} rows
 */
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

export const code = (/** @type {string} */ text) => `\`${text}\``;
