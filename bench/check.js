// Fails when a request costs a third more CPU time than docs/maintainers/benchmark.md says, next to the bare route on the same
// schema. A machine that does something else meanwhile does so to both.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsOf } from './counts.js';
import { cpuBesideBare } from './measures/cpu.js';
import { readPage } from './page.js';
import { readPurchase } from './prepare.js';
import { cpuRatios, median } from './rounds.js';

/** How much more than the page says is too much. */
const MARGIN = 4 / 3;

/** How often it is measured before it is too much. */
const ATTEMPTS = 2;

const counts = countsOf(false);

async function judge(work) {
  const page = await readPage();
  const { documents, steps } = await readPurchase();
  const known = { session: [steps[0]], purchase: steps };
  let passed = true;
  for (const [name, few] of Object.entries(known)) {
    const most = page[name] * MARGIN;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const ratio = median(cpuRatios(await cpuBesideBare(few, { work, documents }, counts)));
      console.log(
        `CPU a ${name}, to bare: ${ratio.toFixed(2)}; the page says ${page[name]}, so at most ${most.toFixed(2)}`,
      );
      if (ratio <= most) break;
      if (attempt === ATTEMPTS) passed = false;
    }
  }
  return passed;
}

const work = await mkdtemp(join(tmpdir(), 'mock-klarna-bench-'));
try {
  if (!(await judge(work))) {
    console.error(
      'Profile what came to cost more (npm run flame), or run npm run bench and say in the change why it costs that.',
    );
    process.exitCode = 1;
  }
} finally {
  await rm(work, { recursive: true, maxRetries: 3 });
}
