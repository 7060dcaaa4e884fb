// The memory of a stand-in: compared with its budget while it works, and with its beginning once everything was reset.
import { greatest } from './figures.js';
import { basic, send } from './send.js';
import { BUDGET } from './stand-in.js';

const MEBIBYTE = 2 ** 20;

/** Memory allowed beyond the budget: for code, requests under way, and the inexactness of the budget. */
const BESIDE = 96 * MEBIBYTE;

/** Memory allowed after a reset of everything beyond that before the first round. */
const KEPT = 32 * MEBIBYTE;

/** V8 lets a heap grow to up to four times what lived after the last full collection before it makes the next one. */
const GROWTH = 4;

/** How often the list of merchants is asked for, which may have pages. */
const PAGES = 50;

/** Has every merchant forgotten that the stand-in tells of. */
export async function forgetEverything(agent, url) {
  const call = (method, path, name) => send(agent, url, { method, path, headers: { authorization: basic(name) } });
  for (let page = 0; page < PAGES; page++) {
    const { text = '{}' } = await call('GET', '/sandbox/v1/merchants', 'soak');
    const merchants = (JSON.parse(text).items ?? []).map(({ merchant }) => merchant);
    if (merchants.length === 0) return;
    for (const name of merchants) await call('POST', '/sandbox/v1/reset', name);
  }
}

/** Reads what is held now, and after everything was forgotten. */
export async function readMemory(standIn, agent) {
  const { held, peak } = await standIn.usage();
  await forgetEverything(agent, standIn.url);
  return { held, peak, forgotten: (await standIn.usage()).held };
}

/** Judges memory, given what was held before the first round. */
export function memoryFigures(before, { held, peak, forgotten }) {
  const megabytes = (bytes) => bytes / MEBIBYTE;
  const most = before + BUDGET + BESIDE;
  return [
    greatest('held before the first round', megabytes(before), 'MB'),
    greatest('held after a round, garbage collected', megabytes(held), 'MB', megabytes(most)),
    greatest('held more once all merchants were reset', megabytes(forgotten - before), 'MB', megabytes(KEPT)),
    greatest('most memory of the process', megabytes(peak), 'MB', megabytes(most * GROWTH)),
  ];
}
