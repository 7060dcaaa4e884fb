/** The test files there are. */
import { sourcesIn } from './compile.js';

/** Those that take longest. They begin first, so that the end does not wait for one of them alone. */
const LONG = [
  'test/docs/commands.test.ts',
  'test/verify/planted.test.ts',
  'test/contract/scenarios.test.ts',
  'test/verify/generated.test.ts',
  'test/contract/cases.test.ts',
  'test/verify/cases.test.ts',
];

/** Tells whether a test file needs a real browser: `npm run test:browser` runs it. */
export const inBrowser = (/** @type {string} */ file) => file.startsWith('test/in-browser/');

/** Returns every file that `npm test` runs in Node, by its path under the root. */
export function testFiles() {
  const files = sourcesIn('test').filter((file) => file.endsWith('.test.ts') && !inBrowser(file));
  return [...files.filter((file) => LONG.includes(file)), ...files.filter((file) => !LONG.includes(file))];
}

/** Test files that run the built command. */
export const RUNS_BUILT = new Set([
  'test/cli/process.test.ts',
  'test/docs/blocks.test.ts',
  'test/docs/commands.test.ts',
  'test/runners.test.ts',
]);
