/** Turns one fault on, and runs the test files that reach it, those of its own room and the quick ones first, until one fails. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../test/compile.js';
import { importing, runTestFile } from '../test/process.js';
import { ACTIVE_FAULT } from './faults.js';

/** Seconds for all test files of one fault together. */
const BUDGET = 90;

/** How many times as long as without a fault a file may take, and seconds on top; longer is an endless loop. */
const SLOWER = 4;
const SLACK = 10;

/** How many times as often as without a fault the place of the fault may be passed; more is an endless loop. */
const OFTENER = 100;

/** Divides the time of a test file of the fault's own room when files are put in order: such a file notices more often. */
const OWN_ROOM = 4;

/**
 * Returns the test files that reach a fault, the quickest first; a file of the fault's own room counts as four times as quick.
 * @param {Pick<import('./faults.js').Fault, 'id' | 'room'>} fault
 * @param {import('./reach.js').Reach} reach
 */
export function filesReaching({ id, room }, reach) {
  const weight = ({ file, seconds }) => (file.startsWith(`test/${room}/`) ? seconds / OWN_ROOM : seconds);
  return Object.entries(reach)
    .filter(([, { faults }]) => faults[id])
    .map(([file, { seconds, faults }]) => ({ file, seconds, hits: faults[id] }))
    .sort((a, b) => weight(a) - weight(b));
}

/** Folders of tests that were stopped stay behind; they have the name of the run in their own. */
function removeFixtures(name) {
  const folder = join(root, '.tap/fixtures');
  try {
    for (const entry of readdirSync(folder)) {
      if (entry.includes(name)) rmSync(join(folder, entry), { recursive: true, force: true });
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/**
 * Tries one fault. It is killed where a test fails, or where a file takes so much longer than without the fault that it
 * must hang; it survives if every file passes, or if none reaches it; it is undecided if the time is over before.
 * @typedef {{ fault: import('./faults.js').Fault, verdict: 'killed' | 'survived' | 'undecided', tried: string[] }} Result
 * @param {import('./faults.js').Fault} fault
 * @param {{ folder: string, reach: import('./reach.js').Reach, budget?: number, slack?: number }} options
 * @returns {Promise<Result>}
 */
export async function attempt(fault, { folder, reach, budget = BUDGET, slack = SLACK }) {
  const name = `fault-${fault.id}-of-${process.pid}`;
  const began = performance.now();
  const spent = () => (performance.now() - began) / 1000;
  const tried = [];
  try {
    for (const { file, seconds, hits } of filesReaching(fault, reach)) {
      const left = budget - spent();
      if (left <= 0) return { fault, verdict: 'undecided', tried };
      const patience = seconds * SLOWER + slack;
      const { passed, stopped } = await runTestFile(file, {
        folder,
        limit: Math.min(patience, left),
        flags: [importing('scripts/mutation/fault-hook.js')],
        env: { [ACTIVE_FAULT]: fault.id, MOCK_KLARNA_HITS: String(hits * OFTENER) },
        // The last word of the command gives the folders of the file names of their own: two faults run at a time.
        args: [`${name}-end`],
        bail: true,
      });
      tried.push(file);
      if (stopped === 'limit' && patience > left) return { fault, verdict: 'undecided', tried };
      if (!passed) return { fault, verdict: 'killed', tried };
    }
    return { fault, verdict: 'survived', tried };
  } finally {
    removeFixtures(`${name}-end`);
  }
}
