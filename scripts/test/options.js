/** Reads what was given to `npm test --`. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** What was given on the command line cannot be done. */
export class UsageError extends Error {}

/**
 * Returns the paths given, the number of jobs and the seed to shuffle with. A seed may be left out: what follows
 * `--shuffle` is one unless it is an option or, by `exists`, a path; then one is chosen.
 * @param {string[]} args
 * @param {(path: string) => boolean} exists
 */
export function readTestOptions(args, exists, choose = () => String(randomInt(1_000_000))) {
  const given = args.flatMap((arg, index) => {
    const next = args[index + 1];
    const without = next === undefined || next.startsWith('-') || exists(next);
    return arg === '--shuffle' && without ? ['--shuffle', choose()] : [arg];
  });
  const { values, positionals } = parse(given);
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0)) {
    throw new UsageError(`--jobs: given ${values.jobs}, expected a whole number of 1 or more`);
  }
  return { paths: positionals, seed: values.shuffle, jobs };
}

/** @param {string[]} args */
function parse(args) {
  /** @satisfies {import('node:util').ParseArgsConfig['options']} */
  const options = { shuffle: { type: 'string' }, jobs: { type: 'string' } };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message);
  }
}
