import { Budget } from '../../src/store/budget.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import { basic, boots, purchase, startSandbox, times } from '../contract/sandbox.js';
import { heap } from '../heap.js';
import t from '../tap.js';
import { fakeWall } from './wall.js';

const MB = 1024 * 1024;

const free = { name: '', quantity: 1, unit_price: 0, total_amount: 0 };

/** A session of 900 kB: lines with long texts. */
const large = {
  ...purchase,
  order_lines: [
    boots,
    ...Array.from({ length: 999 }, (_, n) => ({ ...free, name: `${n}`, merchant_data: 'x'.repeat(800) })),
  ],
};

/** Makes a function that sends a session as a merchant and returns the status of the answer. */
function sender(url: string) {
  return async (merchant: string, body: string): Promise<number> => {
    const headers = { authorization: basic(merchant), 'content-type': 'application/json' };
    const answer = await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    return answer.status;
  };
}

t.test('what the budget counts is about what the heap holds', async (t) => {
  const budget = new Budget({ limit: 1_024 * MB });
  const { url } = await startSandbox(t, { store: new MemoryStore({ budget }), observe: () => {} });
  const send = sender(url);
  const body = JSON.stringify(purchase);
  const fill = async (requests: number) => {
    for (let sent = 0; sent < requests; sent += 50) await times(50, () => send('boots', body));
  };
  await fill(2_000);
  const [before, counted] = [heap(), budget.bytes];
  // Compiled code comes and goes: a megabyte more or less, which 8,000 sessions make small.
  await fill(8_000);
  const share = (budget.bytes - counted) / (heap() - before);
  t.ok(share > 0.7 && share < 2, `${share.toFixed(2)} bytes are counted for each byte`);
});

t.test('sessions and refused bodies of a megabyte fill the memory that is set aside, and no more', async (t) => {
  const { wall, pass } = fakeWall();
  const lines: string[] = [];
  const warn = (line: string) => void lines.push(line);
  const { url, as } = await startSandbox(t, { memory: 16 * MB, wall, warn, observe: () => {} });
  const careful = as('careful');
  const { session_id } = (await careful('createSession', { body: purchase })).body;
  const send = sender(url);
  const [accepted, refused] = [
    JSON.stringify(large),
    JSON.stringify({ ...purchase, order_lines: 'y'.repeat(900_000) }),
  ];
  await send('boots', accepted);
  const before = heap();
  for (let n = 0; n < 40; n++) {
    t.equal(await send('boots', accepted), 200);
    t.equal(await send(`name-${n}`, refused), 400);
  }
  const grown = heap() - before;
  t.ok(grown < 40 * MB, `the heap grew by ${Math.round(grown / MB)} MB`);
  t.equal((await careful('readSession', { path: { session_id } })).status, 200, 'who keeps little loses nothing');
  const { dropped, dropped_records } = (await as('boots')('readJournal', { query: { limit: '1' } })).body;
  t.ok(dropped > 20 && dropped_records > 20, `${dropped} exchanges and ${dropped_records} records`);
  pass(5_000);
  t.match(
    lines.find((line) => line.includes('merchant boots,')),
    /^dropped the \d+ oldest records and \d+ exchanges of merchant boots, since 16 MB of memory are full; raise --memory$/,
  );
});
