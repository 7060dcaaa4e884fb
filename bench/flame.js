// Draws docs/pictures/flame.svg: where the time of mixed purchases goes in mock-klarna.
import { writeFile } from 'node:fs/promises';
import { here } from './contenders/contender.js';
import { mockKlarna } from './contenders/mock-klarna.js';
import { collapse } from './flame/collapse.js';
import { load } from './load.js';
import { readPurchase } from './prepare.js';
import { startWith } from './servers.js';

const PICTURE = here('../docs/pictures/flame.svg');

/** How many purchases come before the profile begins, and how many are in it. */
const WARM_UP = 1_000;
const PROFILED = 2_000;

const LOOK = {
  titletext: 'mock-klarna, mixed purchases',
  countname: 'µs',
  fonttype: 'sans-serif',
  imagewidth: 1600,
  // In pixels; what is narrower cannot be read.
  minwidth: 1,
};

async function profile() {
  const { steps } = await readPurchase();
  const { url, ask, stop } = await startWith('profiler.js', mockKlarna.prepare());
  try {
    await load(url, steps, WARM_UP * steps.length);
    await ask('begin');
    await load(url, steps, PROFILED * steps.length);
    return await ask('end');
  } finally {
    await stop();
  }
}

async function renderer() {
  try {
    return (await import('flamegraph')).default.svg;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('What draws the graph is not installed: npm ci --prefix bench', { cause: error });
  }
}

const svg = await renderer();
await writeFile(PICTURE, svg(collapse(await profile()), LOOK));
console.log(`${PICTURE} is drawn`);
