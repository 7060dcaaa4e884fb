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
    file: 'src/contract/ajv.ts',
    text: 'const QUICKLY: Options = { validateSchema: false, code: { optimize: false, process: inPlace } };',
    from: 'false',
    to: 'true',
    reason: 'The contracts are right: to judge them as well, or to polish the code, costs time and changes no verdict.',
  },
  {
    file: 'src/exchange/json.ts',
    text: 'if (text.length <= 2 * depth) return false;',
    from: 'text.length <= 2 * depth',
    to: 'false',
    reason: 'A short text has fewer brackets than that, which are counted then.',
  },
  {
    file: 'src/exchange/wall-clock.ts',
    text: 'timer = setTimeout(() => (left > LONGEST_WAIT ? wait(left - LONGEST_WAIT) : run()), Math.min(left, LONGEST_WAIT));',
    from: 'left > LONGEST_WAIT',
    to: 'left >= LONGEST_WAIT',
    reason: 'A wait of exactly that length is followed by one of nothing.',
  },
  {
    file: 'src/server/plugins/explanation.ts',
    text: 'if (line.length <= EXPLAIN_LIMIT && /^[\\x20-\\x7e]*$/.test(line)) return line;',
    from: 'line.length <= EXPLAIN_LIMIT',
    to: 'line.length < EXPLAIN_LIMIT',
    reason: 'A line of exactly that length is copied sign by sign, and comes out the same.',
  },
  {
    file: 'src/server/plugins/rate-limits.ts',
    text: "{ name: 'rate-limits', dependencies: ['credentials'] },",
    from: "'rate-limits'",
    to: '""',
    reason: 'No plugin depends on this one, so that its name stands in no message.',
  },
  {
    file: 'src/verify/generate/generated.ts',
    text: 'if (isNew) state = await make();',
    from: 'isNew',
    to: 'true',
    reason: 'A state made anew for each request is as good; a shared one saves time.',
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
