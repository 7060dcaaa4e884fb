/** The test files there are. */
import { sourcesIn } from './compile.js';

/** Returns every file that `npm test` runs, by its path under the root. */
export const testFiles = () => sourcesIn('test').filter((file) => file.endsWith('.test.ts'));

/** Test files that run the built command. */
export const RUNS_BUILT = new Set(['test/cli/process.test.ts']);
