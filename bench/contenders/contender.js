import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What is measured: a server that answers the steps of the purchase.
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => string | undefined} version nothing while it is not installed
 * @property {(given: Given) => Launch | Promise<Launch>} prepare writes down what it needs, and returns how it is started
 * @property {(url: string) => Promise<void>} [script] scripts the answer while it runs, if `prepare` did not
 * @property {Record<string, string>} [scriptedBy] the headers that a request for the scripted answer needs
 *
 * @typedef {import('../servers.js').Launch} Launch
 *
 * @typedef {object} Given
 * @property {string} folder an empty folder of its own
 * @property {object[]} steps those that it has to answer
 * @property {{ name: string, document: object }[]} documents the contracts
 * @property {boolean} scripted true when `createSession` gets the scripted answer on its condition
 */

/** Returns the path of a file of the bench or of what is installed for it. */
export const here = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** Returns the version that a package says it has. */
export const versionOf = (folder) => JSON.parse(readFileSync(here(`${folder}/package.json`), 'utf8')).version;

/** Returns the version of a package that is installed for the bench alone, or nothing. */
export function installed(name) {
  try {
    return versionOf(`node_modules/${name}`);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns how a program of Node is started. */
export const node =
  (...args) =>
  (port) => ({ program: process.execPath, args: args.map((arg) => (arg === PORT ? String(port) : arg)) });

/** Stands for the port in the arguments of `node`. */
export const PORT = Symbol('port');
