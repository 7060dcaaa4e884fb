import { median } from '../rounds.js';

/** Returns how a number is written with so many digits behind the point. */
export const digits = (count) => (value) =>
  value.toLocaleString('en', { minimumFractionDigits: count, maximumFractionDigits: count });

/** Writes the median and the range of some values, as in `0.72 (0.70 to 0.74)`. */
export function spread(values, write = digits(2)) {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(write);
  return low === high ? low : `${write(median(values))} (${low} to ${high})`;
}

const row = (cells) => `| ${cells.join(' | ')} |`;

/** Writes a table. */
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
