/**
 * Faults that change nothing anyone could notice. They are not drawn. An entry names the fault by its file, the line it is
 * in (without its indentation), what stands there and what the fault puts there instead, and says why that is the same.
 *
 * An entry that fits no fault any more must go; `npm run mutation -- --sample` says so and stops.
 */
export const EQUIVALENT = [
  {
    file: 'src/cli/io.ts',
    text: "override name = 'CannotRun';",
    from: "'CannotRun'",
    to: '""',
    reason: 'The command prints the message of such an error and nothing else of it.',
  },
  {
    file: 'src/scenario/plan.ts',
    text: 'if (isMatcherMap(when)) return [];',
    from: 'isMatcherMap(when)',
    to: 'true',
    reason: 'Values inside an object are not indexed then: more conditions are tried, and the same one is met.',
  },
];

const keyOf = ({ file, text, from, to }) => JSON.stringify([file, text, from, to]);

/**
 * Returns the faults without the equivalent ones, and the entries that fit none.
 * @template {Pick<import('./faults.js').Fault, 'file' | 'text' | 'from' | 'to'>} F
 * @param {F[]} faults
 */
export function withoutEquivalent(faults, entries = EQUIVALENT) {
  const keys = new Set(entries.map(keyOf));
  const all = new Set(faults.map(keyOf));
  return {
    counted: faults.filter((fault) => !keys.has(keyOf(fault))),
    stale: entries.filter((entry) => !all.has(keyOf(entry))),
  };
}
