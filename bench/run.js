// Measures mock-klarna side by side with a bare Fastify + Ajv route and with other stand-ins on the same contract, and writes
// what came out into docs/maintainers/benchmark.md, which says what and why. With --quick there are fewer and shorter rounds,
// and what came out is printed instead.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { needsUnix } from '../scripts/needs-unix.js';
import { say } from '../scripts/say.js';
import { bare } from './contenders/bare.js';
import { mockKlarna } from './contenders/mock-klarna.js';
import { mockoon } from './contenders/mockoon.js';
import { prism } from './contenders/prism.js';
import { wiremock, wiremockWithoutJournal } from './contenders/wiremock.js';
import { countsOf } from './counts.js';
import { once } from './load.js';
import { harness, inProcess, report } from './measures/commands.js';
import { cpuBesideBare } from './measures/cpu.js';
import { merchants, outcomes, sessions } from './measures/growth.js';
import { install } from './measures/install.js';
import { latency } from './measures/latency.js';
import { heapASession, memory } from './measures/memory.js';
import { throughput } from './measures/throughput.js';
import { render, writePage } from './page.js';
import { prepare, readPurchase } from './prepare.js';
import { inTurns, median } from './rounds.js';
import { unlucky } from './scripted.js';
import { firstAnswer } from './servers.js';

/** Returns whether it is to be quick; ends the process at options that it does not have. */
function isQuick() {
  try {
    return parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values.quick;
  } catch (error) {
    console.error(`npm run bench: ${error.message}; it takes --quick and nothing else`);
    return process.exit(2);
  }
}

needsUnix('npm run bench', 'ps and du');
const quick = isQuick();
const counts = countsOf(quick);

const everybody = { mockKlarna, bare, prism, mockoon, wiremock, wiremockWithoutJournal };
const present = Object.fromEntries(Object.entries(everybody).filter(([, contender]) => contender.version()));

/** Returns a launch of mock-klarna that keeps so few exchanges that what grows with sessions is the sessions. */
const withShortJournal = (launch) => (port) => {
  const { program, args } = launch(port);
  return { program, args: [...args, '--journal', '1000'] };
};

async function measure(work) {
  const { documents, steps } = await readPurchase();
  const [create] = steps;
  const { rounds, warmUp, requests } = counts;
  const amounts = { rounds, warmUp, amount: requests };
  const loaded = (launches, each) =>
    Object.fromEntries(Object.entries(launches).map(([name, launch]) => [name, { launch, ...each(name) }]));

  say('create session');
  const launches = await prepare(present, { work, documents, steps: [create] });
  const created = await throughput(
    loaded(launches, () => ({ steps: [create] })),
    amounts,
  );

  say('mixed purchase');
  const bought = await throughput(
    loaded(await prepare(present, { work, documents, steps }), () => ({ steps })),
    { rounds, warmUp, amount: counts.purchases * steps.length },
  );

  say('scripted answer');
  const failed = await throughput(
    loaded(await prepare(present, { work, documents, steps: [create], scripted: true }), (name) => ({
      steps: [{ ...unlucky(create), headers: present[name].scriptedBy }],
      ready: present[name].script,
    })),
    amounts,
  );

  say('CPU time');
  const often = { ...counts, rounds: 2 * rounds + 1 };
  const spent = {
    session: await cpuBesideBare([create], { work, documents }, often),
    purchase: await cpuBesideBare(steps, { work, documents }, often),
  };

  say('first answer');
  const started = await inTurns(counts.starts, Object.keys(launches), (name) =>
    firstAnswer(launches[name], (url) => once(url, create)),
  );

  say('memory');
  const occupied = await memory(launches, create, counts);
  const both = { mockKlarna: launches.mockKlarna, bare: launches.bare };
  const heap = await heapASession({ ...both, mockKlarna: withShortJournal(both.mockKlarna) }, create, counts);

  say('half load');
  const rate = (name) => median(created[name].map(({ rate }) => rate));
  const slowest = await latency(both, create, { mockKlarna: rate('mockKlarna'), bare: rate('bare') }, counts);

  say('growth');
  const kept = Math.round(counts.heap / median(heap.mockKlarna));
  const byOutcomes = await outcomes(launches.mockKlarna, create, amounts);
  const byMerchants = await merchants(launches.mockKlarna, create, { ...amounts, merchants: counts.merchants });
  const bySessions = await sessions(create, kept, amounts);

  say('commands');
  const played = harness(counts);
  const reported = await report(launches.mockKlarna, steps, counts);
  const embedded = inProcess(counts);

  say('installation');
  const installed = await install(work);

  const named = Object.entries(everybody).map(([id, { name, version }]) => [id, { name, version: version() }]);
  return {
    quick,
    counts: { ...counts, steps: steps.length, sessions: kept },
    contenders: Object.fromEntries(named),
    created,
    bought,
    failed,
    spent,
    started,
    occupied,
    heap,
    slowest,
    byOutcomes,
    byMerchants,
    bySessions,
    played,
    reported,
    embedded,
    installed,
  };
}

const work = await mkdtemp(join(tmpdir(), 'mock-klarna-bench-'));
try {
  const measured = render(await measure(work));
  if (quick) console.log(measured);
  else await writePage(measured);
  say('done');
} finally {
  await rm(work, { recursive: true, maxRetries: 3 });
}
