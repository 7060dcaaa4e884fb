// What a user waits for at the command line and in a test suite.
import { spawnSync } from 'node:child_process';
import { here } from '../contenders/contender.js';
import { BIN } from '../contenders/mock-klarna.js';
import { load } from '../load.js';
import { start } from '../servers.js';

const YEAR = 'subscriptions/monthly-for-a-year';

/** A scenario that is played to learn how long the player takes to start. */
const SHORT = 'declines/permission-denied';

/** A scenario by both its names. */
const CHOSEN = { name: 'mixed-payments/pay-in-4-by-direct-debit', alias: 'mix-in4-debit' };

/** How long each part of the journal may take to come about, in milliseconds. */
const LONGEST = 20_000;

/** Runs a program of Node to its end; returns its milliseconds and what it printed. */
function run(...args) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const took = performance.now() - begin;
  // A report has findings.
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')}: ended with ${status}\n${stderr}`);
  return { took, stdout };
}

const times = (count, measure) => Array.from({ length: count }, measure);

/** Returns how many scenarios are played a second once the player has started, and the seconds of `verify` and of a year of renewals. */
export function harness({ commands }) {
  return {
    scenarios: times(commands, () => {
      const alone = run(BIN, 'replay', SHORT);
      const all = run(BIN, 'replay', here('../scenarios'));
      const played = all.stdout.match(/^ok\b/gm).length;
      return ((played - 1) / (all.took - alone.took)) * 1_000;
    }),
    verify: times(commands, () => run(BIN, 'verify').took / 1_000),
    year: times(commands, () => run(BIN, 'replay', YEAR).took / 1_000),
  };
}

/** Returns the seconds of `report` about so many exchanges of the mixed purchase. */
export async function report(launch, steps, { commands, exchanges }) {
  const server = await start((port) => {
    const { program, args } = launch(port);
    return { program, args: [...args, '--journal', String(exchanges)] };
  });
  try {
    // The journal has no exchange of the shopper.
    const rounds = Math.ceil(exchanges / (steps.length - 1) / 1_000) + 1;
    for (let round = 0; round < rounds; round++) await load(server.url, steps, 1_000 * steps.length, LONGEST);
    return times(commands, () => run(BIN, 'report', '--url', server.url, '--merchant', 'shop').took / 1_000);
  } finally {
    await server.stop();
  }
}

/** Returns the milliseconds of the first and second sandbox of a process, and of finding its first scenario by name and by alias. */
export function inProcess({ starts }) {
  const runs = Object.fromEntries(
    Object.entries(CHOSEN).map(([by, scenario]) => [
      by,
      times(starts, () => JSON.parse(run(here('in-process.js'), scenario).stdout)),
    ]),
  );
  return {
    first: runs.name.map(({ first }) => first),
    second: runs.name.map(({ second }) => second),
    byName: runs.name.map(({ chosen }) => chosen),
    byAlias: runs.alias.map(({ chosen }) => chosen),
  };
}
