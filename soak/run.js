// Soaks the built stand-in: fuzzing, marks, races, slow clients, full disks, kills, turns of the event loop, memory. Prints one
// table of figures, and with --write puts it into docs/maintainers/reliability.md, which says what and why. Ends with 1 when
// something is not as it may be, with 2 for options that it does not know.
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here } from '../bench/contenders/contender.js';
import { readContracts } from '../bench/contracts.js';
import { machine } from '../bench/page/machine.js';
import { placeInto } from '../bench/page/place.js';
import { needsUnix } from '../scripts/needs-unix.js';
import { say } from '../scripts/say.js';
import { UsageError } from '../scripts/test/options.js';
import { none, overall } from './figures.js';
import { within } from './in-time.js';
import { memoryFigures, readMemory } from './memory.js';
import { CONTRACTS, readOperations } from './operations.js';
import { readSoakOptions } from './options.js';
import { mistakesOf, tableOf } from './render.js';
import { connections } from './send.js';
import { Shop } from './shop.js';
import { startStandIn } from './stand-in.js';
import { disk } from './trials/disk.js';
import { fuzz } from './trials/fuzz.js';
import { kills } from './trials/kills.js';
import { markers } from './trials/markers.js';
import { raced } from './trials/races.js';
import { slow } from './trials/slow.js';
import { strangers } from './trials/strangers.js';
import { turns } from './trials/turns.js';

const PAGE = here('../docs/maintainers/reliability.md');

/** The trials, and the part of a round that each is given; the turns take what they need. */
const TRIALS = {
  fuzz: { run: fuzz, part: 0.25 },
  markers: { run: markers, part: 0.1 },
  races: { run: raced, part: 0.12 },
  slow: { run: slow, part: 0.25 },
  disk: { run: disk, part: 0 },
  kills: { run: kills, part: 0.12 },
  turns: { run: turns, part: 0 },
};

/** The length of a round, in minutes; a shorter soak is one shorter round. */
const ROUND = 2;

/** Time that a trial may take beyond its share, in milliseconds: to begin and to end, and in all where it has no share. */
const BEYOND = 180_000;

/** A stack trace on the console of a stand-in: something was not expected. */
const STACK = /\n\s+at /;

/** Runs the trials of one round against a stand-in. Returns their figures by name. */
async function playRound(world, trials, round, rounds) {
  const figures = {};
  for (const name of trials) {
    const { run, part } = TRIALS[name];
    say(`round ${round} of ${rounds}: ${name}`);
    const seconds = (part * 60 * world.minutes) / rounds;
    try {
      const given = { ...world, seed: `${world.seed} ${round}`, seconds, round };
      figures[name] = await within(run(given), seconds * 1_000 + BEYOND);
    } catch (error) {
      figures[name] = [none('trials that came to no end', [`${error.stack ?? error}`.slice(0, 500)])];
    }
    if (world.standIn.died() !== undefined) break;
  }
  return figures;
}

/** Judges what the stand-in itself came to: how it ended and what it printed. */
function afterwards(standIn) {
  const printed = standIn.mistakes();
  const death = standIn.died();
  return [
    none('stand-ins that died', death === undefined ? [] : [`${death}: ${printed.slice(-1_000)}`]),
    none('stack traces on the console', STACK.test(printed) ? [printed.slice(0, 1_000)] : []),
  ];
}

async function soak({ minutes, seed, trials }, work) {
  const standIn = await startStandIn();
  const agent = connections(64);
  const rounds = Math.max(1, Math.round(minutes / ROUND));
  const all = [];
  try {
    const documents = await readContracts(standIn.url, CONTRACTS);
    const operations = readOperations(documents);
    await new Shop({ agent, url: standIn.url, operations }, 'first').buy();
    const { forgotten: before } = await readMemory(standIn, agent);
    for (let round = 1; round <= rounds && standIn.died() === undefined; round++) {
      const world = { standIn, agent, documents, operations, seed, minutes, work };
      const endStrangers = await strangers(standIn.url);
      const figures = await playRound(world, trials, round, rounds);
      figures.strangers = endStrangers();
      const memory = standIn.died() === undefined ? memoryFigures(before, await readMemory(standIn, agent)) : [];
      all.push({ ...figures, memory });
    }
    all.push({ 'the stand-in': afterwards(standIn) });
  } finally {
    await agent.destroy();
    await standIn.stop();
  }
  const names = [...trials, 'strangers', 'memory', 'the stand-in'];
  return names.map((name) => ({ name, figures: overall(all.map((each) => each[name] ?? [])) }));
}

async function main(args) {
  const options = readSoakOptions(args, Object.keys(TRIALS), () => String(randomInt(1_000_000)));
  const work = await mkdtemp(join(tmpdir(), 'mock-klarna-soak-'));
  let results;
  try {
    results = await soak(options, work);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
  const { minutes, seed, write } = options;
  const head = `${minutes} minutes, seed ${seed}, ${new Date().toISOString().slice(0, 10)}: ${machine()}.`;
  const text = `${head}\n\n${tableOf(results)}`;
  console.log(text);
  if (write) await placeInto(PAGE, 'npm run soak', text);
  const mistakes = mistakesOf(results);
  for (const line of mistakes) console.error(line);
  say(mistakes.length === 0 ? 'done' : 'done; see above what is not as it may be, and give --seed to see it again');
  return mistakes.length === 0 ? 0 : 1;
}

needsUnix('npm run soak', 'sh and ps');
// A trial that came to no end keeps nobody waiting.
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
