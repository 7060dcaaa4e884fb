/** Reads what was given to `npm run mutation --`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../test/options.js';

/** @satisfies {import('node:util').ParseArgsConfig['options']} */
const OPTIONS = {
  sample: { type: 'string' },
  seed: { type: 'string' },
  room: { type: 'string', multiple: true },
  files: { type: 'string', multiple: true },
  min: { type: 'string' },
  jobs: { type: 'string' },
};

/** Whether a sample is wanted, rather than Stryker's own run, which takes whatever else is given. */
export const wantsSample = (args) =>
  args.some((arg) => Object.keys(OPTIONS).some((name) => arg.split('=')[0] === `--${name}`));

function number(values, name, otherwise) {
  if (values[name] === undefined) return otherwise;
  const read = Number(values[name]);
  if (!(Number.isInteger(read) && read > 0)) {
    throw new UsageError(`--${name}: given ${values[name]}, expected a whole number of 1 or more`);
  }
  return read;
}

/** Reads `src/shop/report.ts` or `src/shop/report.ts:12`. */
function place(text) {
  const [, file = '', line] = /^(.*?)(?::(\d+))?$/.exec(text.trim()) ?? [];
  return { file: file.replaceAll('\\', '/'), line: line === undefined ? undefined : Number(line) };
}

/**
 * Returns the size of the sample, its seed, the rooms and places it is drawn from, the percentage wanted, and the jobs.
 * @typedef {{ size: number, seed: string, rooms: string[], places: { file: string, line?: number }[], min: number, jobs: number }} Options
 * @param {string[]} args
 * @param {() => string} choose
 * @returns {Options}
 */
export function readMutationOptions(args, choose) {
  let values;
  try {
    ({ values } = parseArgs({ args, options: OPTIONS }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  const list = (given = []) => given.flatMap((text) => text.split(',')).filter(Boolean);
  return {
    size: number(values, 'sample', Number.POSITIVE_INFINITY),
    seed: values.seed ?? choose(),
    rooms: list(values.room),
    places: list(values.files).map(place),
    min: number(values, 'min', 0),
    jobs: number(values, 'jobs', 2),
  };
}

/**
 * Returns the faults of the rooms and places given; of all where none is given.
 * @template {Pick<import('./faults.js').Fault, 'room' | 'file' | 'line'>} F
 * @param {F[]} faults
 * @param {Pick<Options, 'rooms' | 'places'>} options
 */
export function restrict(faults, { rooms, places }) {
  const known = new Set(faults.map(({ room }) => room));
  for (const room of rooms) {
    if (!known.has(room))
      throw new UsageError(`--room: given ${room}, expected one of ${[...known].sort().join(', ')}`);
  }
  const at = (/** @type {F} */ fault, /** @type {Options['places'][number]} */ { file, line }) =>
    fault.file === file && (line === undefined || fault.line === line);
  for (const { file, line } of places) {
    if (!faults.some((fault) => at(fault, { file, line }))) {
      throw new UsageError(`--files: no fault can be planted in ${line ? `${file}:${line}` : file}`);
    }
  }
  return faults.filter(
    (fault) =>
      (rooms.length === 0 || rooms.includes(fault.room)) &&
      (places.length === 0 || places.some((place) => at(fault, place))),
  );
}
