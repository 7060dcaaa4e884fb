// Reads what was given to `npm run soak --`.
import { parseArgs } from 'node:util';
import { UsageError } from '../scripts/test/options.js';

/** The longest soak, in minutes: a day. */
const LONGEST = 1_440;

/** The shortest, in which every trial still finds time. */
const SHORTEST = 0.25;

function parse(args) {
  const options = {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/**
 * Returns how many minutes are wanted, the seed, the trials, and true for `write` when the page gets the table.
 * @param {string[]} args
 * @param {string[]} names the trials there are
 * @param {() => string} choose gives a seed where none was given
 */
export function readSoakOptions(args, names, choose) {
  const { minutes: given, seed = choose(), only, write } = parse(args);
  const minutes = given.trim() === '' ? Number.NaN : Number(given);
  if (!(minutes >= SHORTEST && minutes <= LONGEST)) {
    throw new UsageError(`--minutes: given ${given}, expected a number from ${SHORTEST} to ${LONGEST}`);
  }
  const wanted = only.flatMap((text) => text.split(','));
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: given ${unknown}, expected one or more of ${names.join(', ')}`);
  }
  if (write && wanted.length > 0) {
    throw new UsageError('--write: given with --only, but the page has the table of all trials; leave one of them out');
  }
  return { minutes, seed, write, trials: wanted.length > 0 ? names.filter((name) => wanted.includes(name)) : names };
}
