import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { here } from './contenders/contender.js';
import { aims } from './page/aims.js';
import { bareTable, contenderTable, ratioTable } from './page/contenders.js';
import { machine } from './page/machine.js';
import { digits } from './page/markdown.js';
import { placeInto } from './page/place.js';
import { cpuRatios, median } from './rounds.js';

const PAGE = here('../docs/maintainers/benchmark.md');

const NUMBERS = /<!-- CPU to bare: (\{.*\}) -->/;

const whole = digits(0);

function java() {
  const [, version] = /"(.+?)"/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '') ?? [];
  return version ? `; Java ${version}` : '';
}

/** Renders what was measured, as it stands in the page. */
export function render(results) {
  const { spent, contenders, quick, counts } = results;
  const cpu = (measured) => Number(median(cpuRatios(measured)).toFixed(2));
  const run = `${quick ? 'a quick run' : 'a full run'} of ${new Date().toISOString().slice(0, 10)}`;
  return [
    `mock-klarna ${contenders.mockKlarna.version}, ${run}: ${machine()}${java()}.`,
    'Medians, with the range of all rounds behind them; each round gives a ratio of its own. MB are 2^20 bytes.',
    aims(results),
    `Side by side; “after load” is after ${whole(counts.kept)} sessions:`,
    contenderTable(results),
    ratioTable(results),
    bareTable(results),
    `<!-- CPU to bare: ${JSON.stringify({ session: cpu(spent.session), purchase: cpu(spent.purchase) })} -->`,
  ].join('\n\n');
}

/** Puts what was measured into the page, in the place of what stood there. */
export const writePage = (measured) => placeInto(PAGE, 'npm run bench', measured);

/** Reads from the page the CPU time of mock-klarna to that of the bare route, a `session` and a `purchase`. */
export async function readPage() {
  const [, numbers] = NUMBERS.exec(await readFile(PAGE, 'utf8')) ?? [];
  if (numbers === undefined) throw new Error(`${PAGE} has no CPU times; npm run bench writes them`);
  return JSON.parse(numbers);
}
