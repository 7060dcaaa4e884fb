/**
 * Runs the tests: npm test [-- FILE|FOLDER ...] [--shuffle [SEED]] [--jobs N]
 *
 * Everything is compiled once (scripts/test/compile.js); then each test file is a process of Node, a few at a time. A
 * run of all files measures coverage as well. One file alone prints what tap prints.
 */
import { rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { node } from './node.js';
import { say } from './say.js';
import { compile, root } from './test/compile.js';
import { RUNS_BUILT, testFiles } from './test/files.js';
import { readTestOptions, UsageError } from './test/options.js';
import { importing, inParallel, runTestFile } from './test/process.js';
import { shuffle } from './test/random.js';
import { tell } from './test/tell.js';

/** Seconds after which a file has failed. */
const LIMIT = 300;
const COVERED = 'coverage/processes';

/** What the platform may lack. Whatever else is skipped is a failure: a test that does not run holds nothing. */
const LACKING = [/IPv6/];

/** Runs a script of ours or a tool, or ends with its exit code. */
function orEnd(...args) {
  const code = node(...args);
  if (code !== 0) process.exit(code);
}

/** Returns the test files that the paths name: files, or folders with all that is in them. */
function select(paths) {
  const all = testFiles();
  if (paths.length === 0) return all;
  const chosen = paths.flatMap((given) => {
    const path = relative(root, given).replaceAll('\\', '/');
    const found = all.filter((file) => file === path || file.startsWith(`${path}/`));
    if (found.length === 0) throw new UsageError(`${given} is no test file and no folder of test files`);
    return found;
  });
  return [...new Set(chosen)];
}

const lacking = ({ fullname, reason }) => LACKING.some((thing) => thing.test(`${fullname} ${reason}`));

async function run({ paths, seed, jobs = availableParallelism() }) {
  const chosen = select(paths);
  const whole = paths.length === 0;
  orEnd('scripts/generate.js');
  // What runs the built command runs what was built from these sources.
  if (chosen.some((file) => RUNS_BUILT.has(file))) orEnd('scripts/build.js', '--if-stale');
  say('compiling what has changed of src/ and test/');
  const folder = await compile();
  const files = seed === undefined ? chosen : shuffle(chosen, seed);
  if (seed !== undefined)
    console.log(`Shuffled with seed ${seed}: npm test -- --shuffle ${seed}\n${files.join('\n')}\n`);
  if (whole) rmSync(join(root, 'coverage'), { recursive: true, force: true });

  const alone = files.length === 1;
  const options = {
    folder,
    limit: LIMIT,
    flags: ['--enable-source-maps', ...(whole ? [importing('scripts/test/coverage-hook.js')] : [])],
    env: { MOCK_KLARNA_TEST_COVERAGE: join(root, COVERED) },
    onOutput: alone ? (chunk) => process.stdout.write(chunk) : undefined,
  };
  say(alone ? `running ${files[0]}` : `running ${files.length} test files, ${jobs} at a time, the longest first`);
  const began = performance.now();
  const outcomes = [];
  await inParallel(files, jobs, async (file) => {
    const outcome = await runTestFile(file, options);
    outcomes.push(outcome);
    tell(outcome, alone);
  });

  const unheld = outcomes.flatMap(({ skipped }) => skipped).filter((skip) => !lacking(skip));
  for (const { fullname, reason } of unheld) console.log(`Skipped for no lack of the platform: ${fullname}: ${reason}`);
  const sum = (count) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  // A file that ends badly without an assertion that failed counts as one.
  const failed = sum((outcome) => (outcome.passed ? 0 : outcome.failed.length || 1)) + unheld.length;
  const skipped = sum((outcome) => outcome.skipped.length);
  const passed = sum((outcome) => outcome.count - outcome.failed.length) - skipped;
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\n${files.length} files in ${seconds} s: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (failed > 0) process.exit(1);
  if (!whole) return;
  say('adding up the coverage');
  orEnd('node_modules/c8/bin/c8.js', 'report', `--temp-directory=${COVERED}`, '-r=json-summary', '-r=text-summary');
  orEnd('scripts/check-coverage.js');
  orEnd('scripts/test-browser.js');
}

try {
  await run(readTestOptions(process.argv.slice(2), (path) => statSync(path, { throwIfNoEntry: false }) !== undefined));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`npm test: ${error.message}`);
  process.exitCode = 2;
}
