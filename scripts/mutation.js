/**
 * npm run mutation                                  every fault in src/klarna, by Stryker (hours)
 * npm run mutation -- --sample 300 [--seed N]       some faults of all of src/, drawn by room
 * npm run mutation -- --room shop [--sample 30]     of one room (or `a,b`)
 * npm run mutation -- --files src/shop/report.ts:12 of some files (`a,b`) or lines
 *
 * With --min 80 it fails under 80 %; --jobs says how many faults are tried at a time (2). `npm ci --prefix scripts/mutation`
 * installs what plants them.
 */
import '../bin/check-node.js';
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from './mutation/attempt.js';
import { draw } from './mutation/draw.js';
import { withoutEquivalent } from './mutation/equivalent.js';
import { plantFaults } from './mutation/faults.js';
import { readMutationOptions, restrict, wantsSample } from './mutation/options.js';
import { FailingWithoutFault, LEFT_OUT, noteReach } from './mutation/reach.js';
import { describe, render, tally } from './mutation/report.js';
import { findStryker } from './mutation/stryker.js';
import { node } from './node.js';
import { say } from './say.js';
import { root } from './test/compile.js';
import { testFiles } from './test/files.js';
import { UsageError } from './test/options.js';
import { inParallel } from './test/process.js';

const seconds = (since) => `${Math.round((performance.now() - since) / 1000)} s`;

async function sample(options) {
  const began = performance.now();
  say('planting faults where sources have changed');
  const { faults, folder, key } = await plantFaults();
  const { counted, stale } = withoutEquivalent(faults);
  if (stale.length > 0) {
    throw new UsageError(
      `scripts/mutation/equivalent.js has entries that fit no fault any more:\n${stale.map((entry) => `${entry.file}: ${entry.text}`).join('\n')}`,
    );
  }
  const drawn = draw(restrict(counted, options), options.size, options.seed);
  console.log(`${counted.length} faults; ${drawn.length} of them drawn with seed ${options.seed} (${seconds(began)})`);

  const files = testFiles().filter((file) => !LEFT_OUT.has(file));
  const reach = await noteReach(files, {
    folder,
    key,
    jobs: options.jobs,
    print: (line) => console.log(`reach ${line}`),
  });
  console.log(`${files.length} test files are run against them; which reaches what is known (${seconds(began)})\n`);

  const results = [];
  await inParallel(drawn, options.jobs, async (fault) => {
    const result = await attempt(fault, { folder, reach });
    results.push(result);
    console.log(`${String(results.length).padStart(4)} of ${drawn.length}  ${describe(result)}`);
  });
  console.log(`\n${render(results)}\n\nSeed ${options.seed}, ${seconds(began)}`);
  mkdirSync(join(root, 'reports/mutation'), { recursive: true });
  writeFileSync(
    join(root, 'reports/mutation/sample.json'),
    JSON.stringify({ seed: options.seed, results }, undefined, 2),
  );
  const { percent } = tally(results).all;
  if (percent < options.min) {
    console.log(`${percent} % were noticed, and ${options.min} % are wanted`);
    return 1;
  }
  return 0;
}

const args = process.argv.slice(2);
try {
  process.exitCode = node('scripts/generate.js');
  if (process.exitCode === 0) {
    process.exitCode = wantsSample(args)
      ? await sample(readMutationOptions(args, () => String(randomInt(1_000_000))))
      : node(join(dirname(findStryker('core/package.json')), 'bin/stryker.js'), 'run', ...args);
  }
} catch (error) {
  if (!(error instanceof UsageError || error instanceof FailingWithoutFault)) throw error;
  console.error(`npm run mutation: ${error.message}`);
  process.exitCode = 2;
}
