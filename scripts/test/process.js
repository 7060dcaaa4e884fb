/** Runs one compiled test file as a process of its own, and reads what it says. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Parser } from 'tap-parser';
import { compiledName, root } from './compile.js';

/**
 * The result of a test file: the number of its assertions, those that failed or were skipped, its error output, the end of
 * its process, and the reason if it was killed.
 * @typedef {object} Outcome
 * @property {string} file
 * @property {boolean} passed
 * @property {number} count
 * @property {{ fullname: string, diag: unknown }[]} failed
 * @property {{ fullname: string, reason: string | boolean }[]} skipped
 * @property {string} errors
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {'failure' | 'limit' | undefined} stopped
 * @property {number} seconds
 */

/**
 * @typedef {object} RunOptions
 * @property {string} folder with what was compiled
 * @property {number} limit in seconds
 * @property {boolean} [bail]
 * @property {string[]} [flags] of Node
 * @property {string[]} [args] of the test file
 * @property {Record<string, string>} [env]
 * @property {(chunk: Buffer) => void} [onOutput]
 */

/** Seconds that a file has to tell of its end after its limit. */
const GRACE = 5;

/** Returns the flag that loads a module of ours before the test file. */
export const importing = (/** @type {string} */ path) => `--import=${pathToFileURL(join(root, path)).href}`;

/** Returns the flag of what replaces modules, for a file that has it done; it takes a fifth of a second. */
function mocking(path) {
  return readFileSync(path, 'utf8').includes('.mockImport(')
    ? [`--import=${import.meta.resolve('@tapjs/mock/import')}`]
    : [];
}

/**
 * Runs a test file; whether it passed is told by its results and its exit code.
 *
 * A file that takes longer than `limit` seconds says where it hangs and fails; one that cannot even do that is killed.
 * With `bail` it is killed at its first failure and at its limit, and `stopped` tells which.
 * @param {string} file
 * @param {RunOptions} options
 * @returns {Promise<Outcome>}
 */
export function runTestFile(
  file,
  { folder, limit, bail = false, flags = [], args = [], env = {}, onOutput = () => {} },
) {
  const parser = new Parser();
  /** @type {Pick<Outcome, 'file' | 'count' | 'failed' | 'skipped' | 'errors' | 'stopped'>} */
  const outcome = { file, count: 0, failed: [], skipped: [], errors: '', stopped: undefined };
  const path = join(folder, compiledName(file));
  const began = performance.now();
  const child = spawn(process.execPath, [...mocking(path), ...flags, path, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TAP: '1', TAP_TIMEOUT: bail ? '0' : String(limit), ...env },
  });
  const stop = (reason) => {
    outcome.stopped ??= reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop('limit'), (bail ? limit : limit + GRACE) * 1000);
  parser.on('result', ({ ok, fullname, diag, skip, todo }) => {
    outcome.count += 1;
    if (skip || todo) outcome.skipped.push({ fullname, reason: skip || todo });
    else if (!ok) outcome.failed.push({ fullname, diag });
    if (bail && outcome.failed.length > 0) stop('failure');
  });
  child.stdout.on('data', (chunk) => {
    onOutput(chunk);
    parser.write(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    outcome.errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      parser.end();
      const passed = parser.results?.ok === true && code === 0 && outcome.count > 0;
      resolve({ ...outcome, passed, code, signal, seconds: (performance.now() - began) / 1000 });
    });
  });
}

/**
 * Runs a task for each item, in order, so many at a time.
 * @template T
 * @param {readonly T[]} items
 * @param {number} jobs
 * @param {(item: T) => Promise<unknown>} task
 */
export async function inParallel(items, jobs, task) {
  const queue = items.values();
  const work = async () => {
    for (const item of queue) await task(item);
  };
  await Promise.all(Array.from({ length: jobs }, work));
}
