// Draws docs/pictures/flame.svg: where the time of mixed purchases goes in mock-klarna.
import { writeFile } from 'node:fs/promises';
import { here } from './contenders/contender.js';
import { mockKlarna } from './contenders/mock-klarna.js';
import { callsOf } from './flame/calls.js';
import { drawFlame } from './flame/svg.js';
import { load } from './load.js';
import { readPurchase } from './prepare.js';
import { startWith } from './servers.js';

const PICTURE = here('../docs/pictures/flame.svg');

/** How many purchases come before the profile begins, and how many are in it. */
const WARM_UP = 1_000;
const PROFILED = 2_000;

/** How long each may take, in milliseconds. */
const LONGEST = 20_000;

async function profile() {
  const { steps } = await readPurchase();
  const { url, ask, stop } = await startWith('profiler.js', mockKlarna.prepare());
  try {
    await load(url, steps, WARM_UP * steps.length, LONGEST);
    await ask('begin');
    await load(url, steps, PROFILED * steps.length, LONGEST);
    return await ask('end');
  } finally {
    await stop();
  }
}

await writeFile(PICTURE, drawFlame(callsOf(await profile()), 'mock-klarna under mixed purchases: width is time'));
console.log(`${PICTURE} is drawn`);
