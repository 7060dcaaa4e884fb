/** Notes which test file reaches which fault, and how long each file takes: a run of all of them without a fault. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourcesIn } from '../test/compile.js';
import { importing, inParallel, runTestFile } from '../test/process.js';
import { readIfThere } from './faults.js';

/** Test files that a fault in the compiled sources cannot reach, or that would fail for reasons of their own. */
export const LEFT_OUT = new Map([
  ['test/architecture.test.ts', 'reads the sources'],
  ['test/cli/process.test.ts', 'runs the built command'],
  ['test/contract/documents.test.ts', 'runs the generator, and reads what it wrote'],
  ['test/docs/blocks.test.ts', 'runs what is built'],
  ['test/docs/commands.test.ts', 'runs what is built'],
  ['test/docs/generated.test.ts', 'runs the generator'],
  ['test/docs/pages.test.ts', 'holds pages'],
  ['test/platforms.test.ts', 'reads the sources'],
  ['test/runners.test.ts', 'runs what is built'],
  ['test/scripts.test.ts', 'is about scripts/'],
]);

/** Seconds that a file may take without a fault. */
const LIMIT = 300;

/**
 * Returns for each test file its seconds and the faults it passes, with how often. What is known of a file is kept in
 * `folder` for as long as the sources, the file and what test files share stay as they are; `key` stands for the sources.
 * @typedef {Record<string, { key: string, seconds: number, faults: Record<string, number> }>} Reach
 * @param {string[]} files
 * @param {{ folder: string, key: string, jobs: number, print: (line: string) => void }} options
 */
export async function noteReach(files, { folder, key, jobs, print }) {
  const kept = join(folder, 'reach.json');
  /** @type {Reach} */
  const known = readIfThere(kept) ?? {};
  const shared = sourcesIn('test').filter((file) => !file.endsWith('.test.ts'));
  const keyOf = (file) => {
    const hash = createHash('sha256').update(key);
    for (const part of [file, ...shared]) hash.update(`\n${part}\n`).update(readFileSync(join(root, part)));
    return hash.digest('hex');
  };
  // Taken before the run: a file that is edited meanwhile is not known under its new text.
  const keys = new Map(files.map((file) => [file, keyOf(file)]));
  /** @type {Reach} */
  const reach = {};
  for (const file of files) if (known[file]?.key === keys.get(file)) reach[file] = known[file];
  const note = join(folder, 'reach');
  mkdirSync(note, { recursive: true });
  const failed = [];
  await inParallel(
    files.filter((file) => !reach[file]),
    jobs,
    async (file) => {
      const noted = join(note, `${file.replaceAll('/', '-')}.json`);
      const flags = [importing('scripts/mutation/reach-hook.js')];
      const run = () => runTestFile(file, { folder, limit: LIMIT, flags, env: { MOCK_KLARNA_REACH: noted } });
      const first = await run();
      // On a machine that is busy elsewhere a test of time may fail; twice is no accident.
      const outcome = first.passed ? first : await run();
      print(`${outcome.passed ? 'ok  ' : 'FAIL'} ${file} in ${outcome.seconds.toFixed(1)} s`);
      if (outcome.passed) {
        reach[file] = {
          key: String(keys.get(file)),
          seconds: outcome.seconds,
          faults: JSON.parse(readFileSync(noted, 'utf8')),
        };
        writeFileSync(kept, JSON.stringify(reach));
      } else {
        failed.push(outcome);
      }
    },
  );
  if (failed.length > 0) throw new FailingWithoutFault(failed);
  return reach;
}

/** Test files that fail before anything is broken: nothing can be learnt from them. */
export class FailingWithoutFault extends Error {
  /** @param {import('../test/process.js').Outcome[]} outcomes */
  constructor(outcomes) {
    const told = outcomes.map(({ file, failed, errors }) => `${file}: ${failed[0]?.fullname ?? errors.slice(-500)}`);
    super(`These test files fail without a fault:\n${told.join('\n')}\nRun npm test first.`);
  }
}
