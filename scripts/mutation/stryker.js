/** Finds Stryker, which has a package of its own: it is as large as a tenth of all others, and few who test need it. */
import { createRequire } from 'node:module';
import { UsageError } from '../test/options.js';

const require = createRequire(import.meta.url);

/**
 * Returns the path of one of its files.
 * @param {string} file as its packages export it, such as `core/package.json`
 * @throws {UsageError} where it is not installed
 */
export function findStryker(file) {
  try {
    return require.resolve(`@stryker-mutator/${file}`);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new UsageError('Stryker is not installed; npm ci --prefix scripts/mutation does so');
  }
}
