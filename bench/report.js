import { arch, availableParallelism, platform } from 'node:os';

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Prints one line a measure: both medians, and the median of what the rounds' two values are to each other. */
export function printTable(rows) {
  const shown = rows.map(({ label, ours, bare }) => {
    const ratios = ours.map((value, round) => value / bare[round]);
    const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    return [label, median(ours).toFixed(0), median(bare).toFixed(0), median(ratios).toFixed(2), range];
  });
  const table = [['', 'mock-klarna', 'bare', 'ratio', 'of rounds'], ...shown];
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const [label, ...numbers] of table) {
    const cells = numbers.map((cell, column) => cell.padStart(widths[column + 1]));
    console.log([label.padEnd(widths[0]), ...cells].join('  '));
  }
  console.log(
    `\nNode ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} cores. Medians; only ratios mean something.`,
  );
}
