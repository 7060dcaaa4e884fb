/** The test files there are. */
import { sourcesIn } from './compile.js';

/** Those that take longest. They begin first, so that the end does not wait for one of them alone. */
const LONG = [
  'test/verify/planted.test.ts',
  'test/contract/scenarios.test.ts',
  'test/verify/generated.test.ts',
  'test/contract/cases.test.ts',
  'test/verify/cases.test.ts',
];

/** Returns every file that `npm test` runs, by its path under the root. */
export function testFiles() {
  const files = sourcesIn('test').filter((file) => file.endsWith('.test.ts'));
  return [...files.filter((file) => LONG.includes(file)), ...files.filter((file) => !LONG.includes(file))];
}

/** Test files that run the built command. */
export const RUNS_BUILT = new Set(['test/cli/process.test.ts']);
