/**
 * The faults that can be planted in src/: Stryker's instrumenter writes all of them into the sources, each behind a switch,
 * and everything is compiled once. The environment variable `__STRYKER_ACTIVE_MUTANT__` turns one on.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, isGenerated, isOfBrowser, root, sourcesIn } from '../test/compile.js';
import { findStryker } from './stryker.js';

/**
 * A fault: its place, the line it is in, and what stands there without it and with it.
 * @typedef {object} Fault
 * @property {string} id
 * @property {string} file
 * @property {string} room
 * @property {number} line
 * @property {number} column
 * @property {string} kind
 * @property {string} text
 * @property {string} from
 * @property {string} to
 */

/** Where instrumented files are put, under the root of the project. */
const INSTRUMENTED = '.compiled/mutation';

/** The variable that turns a fault on by its number. */
export const ACTIVE_FAULT = '__STRYKER_ACTIVE_MUTANT__';

const read = (file) => readFileSync(join(root, file), 'utf8');

/** Returns the folder under src/ that a file is in; files of src/ itself are one room too. */
export const roomOf = (/** @type {string} */ file) => (file.split('/').length > 2 ? file.split('/')[1] : 'index');

/** The tables of words that `npm run mutation` leaves out as well (stryker.config.json says why). */
function tables() {
  const { mutate } = JSON.parse(read('stryker.config.json'));
  return mutate
    .filter((pattern) => pattern.startsWith('!'))
    .flatMap((pattern) => {
      const [, before, names, after] = /^!(.*)\{(.*)\}(.*)$/.exec(pattern) ?? [undefined, pattern.slice(1), '', ''];
      return names.split(',').map((name) => `${before}${name}${after}`);
    });
}

/** Returns the text between two places, which count lines and columns from 0. */
export function cut(lines, { start, end }) {
  const inside = lines.slice(start.line, end.line + 1);
  inside[inside.length - 1] = inside.at(-1).slice(0, end.column);
  inside[0] = inside[0].slice(start.column);
  return inside.join('\n');
}

/** @returns {Fault} */
function faultOf({ id, fileName, mutatorName, location, replacement }, lines) {
  return {
    id,
    file: fileName,
    room: roomOf(fileName),
    line: location.start.line + 1,
    column: location.start.column + 1,
    kind: mutatorName,
    text: lines[location.start.line].trim(),
    from: cut(lines, location),
    to: replacement,
  };
}

/** The sources with every fault in them, and the list of the faults. */
async function instrument(files) {
  const { Instrumenter } = await import(pathToFileURL(findStryker('instrumenter')).href);
  const silent = () => {};
  const no = () => false;
  const instrumenter = new Instrumenter({
    ...{ isTraceEnabled: no, isDebugEnabled: no, isInfoEnabled: no, trace: silent, debug: silent, info: silent },
    ...{ isWarnEnabled: () => true, isErrorEnabled: () => true, isFatalEnabled: () => true },
    ...{ warn: console.warn, error: console.error, fatal: console.error },
  });
  const given = files.map((name) => ({ name, mutate: true, content: read(name) }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const instrumented = await instrumenter.instrument(given, options);
  const lines = new Map(given.map(({ name, content }) => [name, content.split('\n')]));
  return {
    texts: new Map(instrumented.files.map(({ name, content }) => [name, content])),
    // What a comment in the source leaves out has a status already.
    faults: instrumented.mutants
      .filter(({ status }) => !status)
      .map((fault) => faultOf(fault, lines.get(fault.fileName))),
  };
}

/**
 * Compiles the sources with every fault in them. Returns the faults, the folder they were compiled to, and a key that
 * changes with any source. Nothing is done again for sources that are as they were.
 * @returns {Promise<{ faults: Fault[], folder: string, key: string }>}
 */
export async function plantFaults() {
  const left = new Set(tables());
  const files = sourcesIn('src').filter((file) => !isGenerated(file) && !isOfBrowser(file) && !left.has(file));
  const hash = createHash('sha256').update(readFileSync(findStryker('instrumenter/package.json')));
  hash.update(readFileSync(new URL(import.meta.url)));
  for (const file of files) hash.update(`\n${file}\n`).update(read(file));
  const key = hash.digest('hex');

  let planted;
  const plant = () => {
    planted ??= instrument(files);
    return planted;
  };
  const alter = async (file, text) => (files.includes(file) ? (await plant()).texts.get(file) : text);
  const folder = await compile({ into: INSTRUMENTED, alter, key });
  const list = join(folder, 'faults.json');
  let known = readIfThere(list);
  if (known?.key !== key) {
    known = { key, faults: (await plant()).faults };
    writeFileSync(list, JSON.stringify(known));
  }
  return { faults: known.faults, folder, key };
}

/**
 * Reads a JSON file that may not be there yet.
 * @param {string} path
 */
export function readIfThere(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
