// Measures what scenarios cost: createSession with none, with 1 and with 5,000 outcomes loaded, side by side, how
// many scenarios the player plays a second, and how long a year of renewals takes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../dist/index.js';
import { load } from './load.js';
import { headers, purchase } from './purchase.js';
import { commands, start } from './servers.js';

const quick = process.argv.includes('--quick');
const rounds = quick ? 3 : 5;
const amount = quick ? 2_000 : 6_000;

const create = purchase.find(({ operation }) => operation === 'createSession');
const step = { ...create, method: 'POST', path: '/payments/v1/sessions' };

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** A scenario of so many outcomes, none of which takes a call of the load. */
function scenario(outcomes) {
  const list = Array.from({ length: outcomes }, (_, n) => ({
    on: 'createSession',
    when: { merchant_reference1: `nobody-${n}` },
    fault: { status: 503 },
  }));
  return { title: `${outcomes} outcomes`, evidence: 'inferred', outcomes: list };
}

async function choose(url, outcomes) {
  const body = JSON.stringify({ inline: scenario(outcomes) });
  const answer = await fetch(`${url}/sandbox/v1/scenario`, { method: 'PUT', headers, body });
  if (answer.status !== 200)
    throw new Error(`${outcomes} outcomes were refused: ${answer.headers.get('mock-klarna-explain')}`);
}

const counts = [0, 1, 5_000];
const servers = [];
try {
  for (const outcomes of counts) {
    const server = await start(commands().ours);
    servers.push(server);
    if (outcomes > 0) await choose(server.url, outcomes);
    await load(server.url, [step], amount);
  }
  const rates = counts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, { url }] of servers.entries()) rates[at].push((await load(url, [step], amount)).rate);
  }
  for (const [at, outcomes] of counts.entries()) {
    const ratio = median(rates[at].map((rate, round) => rate / rates[0][round]));
    console.log(
      `createSession with ${outcomes} outcomes: ${median(rates[at]).toFixed(0)} a second, ${ratio.toFixed(2)} of none`,
    );
  }
} finally {
  await Promise.all(servers.map((server) => server.stop()));
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const began = performance.now();
const played = spawnSync(process.execPath, [here('../bin/mock-klarna.js'), 'replay', here('../scenarios')], {
  encoding: 'utf8',
});
const seconds = (performance.now() - began) / 1_000;
const many = played.stdout.split('\n').filter((line) => /^ok\b/.test(line)).length;
console.log(
  `replayed: ${(many / seconds).toFixed(1)} scenarios a second, start included (${many} of them, exit ${played.status})`,
);

const year = 'subscriptions/monthly-for-a-year';
const sandbox = await startSandbox({ seed: 'bench' });
try {
  const times = [];
  for (let run = 0; run <= rounds; run++) {
    const start = performance.now();
    const { result, verdict } = await sandbox.replay(year);
    times.push(performance.now() - start);
    if (result !== 'passed') throw new Error(verdict);
  }
  // The first loads what plays scenarios.
  const [first, ...others] = times;
  console.log(
    `${year} in a sandbox that runs: ${first.toFixed(0)} ms the first time, ${median(others).toFixed(0)} ms then`,
  );
} finally {
  await sandbox.close();
}
