import { connect, type Socket } from 'node:net';
import { allPages } from '../../src/client/all-pages.js';
import { heap } from '../heap.js';
import t, { type Test } from '../tap.js';
import { authorized, basic, type Caller, purchase, startSandbox, times, tokenized } from './sandbox.js';

const MB = 1024 * 1024;

/** Reads a list page by page. Returns the items of each page. */
async function pages(call: Caller, operation: string, limit: number, filter: Record<string, string> = {}) {
  const read: any[][] = [];
  for (let after: string | undefined; ; ) {
    const query = { ...filter, limit: String(limit), ...(after !== undefined && { after }) };
    const { status, body } = await call(operation, { query });
    if (status !== 200) throw new Error(`${operation} was answered with ${status}`);
    read.push(body.items);
    if (body.next === undefined) return read;
    after = String(body.next);
  }
}

const sizes = (read: unknown[][]) => read.map(({ length }) => length);

t.test('every list goes page by page, and misses nothing', async (t) => {
  const { as } = await startSandbox(t, { seed: 'pages' });
  const call = as('boots');
  const merchant_urls = { authorization: 'https://192.0.2.1/a', push: 'https://192.0.2.1/push' };
  for (let n = 0; n < 5; n++) {
    const path = await tokenized(call, { merchant_urls });
    await call('createOrder', { path, body: { ...purchase, merchant_urls } });
    const payment_session_url = `http://127.0.0.1/payments/v1/sessions/${(await authorized(call)).session_id}`;
    await call('createHostedSession', { body: { payment_session_url } });
  }
  for (const [operation, id, many] of [
    ['listSessions', 'session_id', 10],
    ['listAuthorizations', 'authorization_token', 10],
    ['listCustomerTokens', 'token_id', 5],
    ['listOrders', 'order_id', 5],
    ['listHostedSessions', 'session_id', 5],
    ['listDue', 'callback_id', 5],
    ['readJournal', 'number', 35],
  ] as const) {
    const whole = (await call(operation)).body;
    t.strictSame([whole.items.length, whole.next], [many, undefined], operation);
    const read = await pages(call, operation, 2);
    t.strictSame(read.flat(), whole.items, operation);
    t.equal(new Set(read.flat().map((item) => item[id])).size, many, operation);
    t.ok(
      read.slice(0, -1).every(({ length }) => length === 2) && read.at(-1)?.length,
      `${operation}: no page is empty`,
    );
    t.equal((await call(operation, { query: { limit: '1001' } })).status, 400, operation);
  }
  await call('advanceClock', { body: { by: 'P1D' } });
  const attempts = (await call('listCallbacks')).body;
  const read = await pages(call, 'listCallbacks', 3);
  t.strictSame(read.flat(), attempts.items);
  t.ok(read.flat().length > 8);
  const pushes = await pages(call, 'listCallbacks', 2, { on: 'push' });
  t.strictSame(sizes(pushes), [2, 2, 1]);
});

t.test('the journal goes page by page through what a filter finds', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  for (let n = 0; n < 7; n++) await call('createSession', { body: n % 2 ? purchase : {} });
  const found = await pages(call, 'readJournal', 2, { status: '400', operation: 'createSession' });
  t.strictSame(
    found.map((page) => page.map(({ number }) => number)),
    [
      [7, 5],
      [3, 1],
    ],
  );
  const [newest] = await pages(call, 'readJournal', 3);
  const { next } = (await call('readJournal', { query: { limit: '3' } })).body;
  t.strictSame([newest?.map(({ number }) => number), next], [[7, 6, 5], 5]);
  await call('createSession', { body: purchase });
  const second = (await call('readJournal', { query: { limit: '3', after: '5' } })).body;
  t.strictSame(
    [second.items.map(({ number }: { number: number }) => number), second.next],
    [[4, 3, 2], 2],
    'what came meanwhile moves nothing',
  );
  t.match(await call('readJournal', { query: { after: 'x' } }), { status: 400, why: /^shape: after/ });
});

t.test('the merchants go page by page, the one used last first', async (t) => {
  const { as, url } = await startSandbox(t);
  for (let n = 1; n <= 5; n++) await as(`m${n}`)('createSession', { body: purchase });
  await as('idle')('listSessions');
  const read = await pages(as('m3'), 'listMerchants', 2);
  t.strictSame(
    read.map((page) => page.map(({ merchant }) => merchant)),
    [['m3', 'm5'], ['m4', 'm2'], ['m1']],
  );
  const target = { url, username: 'm3', password: 'secret' };
  const { items } = await allPages(target, 'listMerchants', {});
  t.equal(items.length, 5);
});

t.test('who reads a list of any length gets all of it', async (t) => {
  const { as, url } = await startSandbox(t);
  const call = as('boots');
  await times(230, () => call('createSession', { body: purchase }));
  const target = { url, username: 'boots', password: 'secret' };
  t.equal((await call('readJournal')).body.items.length, 100, 'a page has a hundred unless told otherwise');
  const numbers = async (filter: object) =>
    (await allPages(target, 'readJournal', { ...filter })).items.map(({ number }) => number);
  const all = Array.from({ length: 230 }, (_, at) => 230 - at);
  t.strictSame(await numbers({}), all);
  t.strictSame(await numbers({ limit: 150 }), all.slice(0, 150));
  t.strictSame(await numbers({ limit: 100 }), all.slice(0, 100));
  t.strictSame(await numbers({ limit: 7 }), all.slice(0, 7));
  t.strictSame(await numbers({ status: 404 }), []);
  await t.rejects(allPages(target, 'readJournal', { limit: 0 }), { message: /^readJournal was refused with 400/ });
  const whole = (await call('readJournal', { query: { limit: '1000' } })).body;
  t.strictSame([whole.items.length, whole.dropped, whole.next], [230, 0, undefined], 'and by one long page');
});

/** Asks for the journal on a connection of its own, and reads nothing of the answer. */
async function askAndWait(t: Test, url: string, merchant: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  t.teardown(() => socket.destroy());
  socket.pause();
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    `GET /sandbox/v1/journal?limit=1000 HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${basic(merchant)}\r\n\r\n`,
  );
  return socket;
}

t.test('clients that ask for a long journal and do not read it hold a few exchanges each', async (t) => {
  const { as, url } = await startSandbox(t);
  const call = as('boots');
  const body = { ...purchase, order_lines: 'x'.repeat(500_000) };
  for (let n = 0; n < 30; n++) t.equal((await call('createSession', { body })).status, 400);
  const before = heap();
  const sockets = await times(40, () => askAndWait(t, url, 'boots'));
  // Whoever reads gets the whole of it behind them: all have been answered as far as they go.
  const whole = await call('readJournal', { query: { limit: '1000' } });
  t.equal(whole.body.items.length, 30);
  whole.body = undefined;
  const grown = heap() - before;
  t.ok(grown < 250 * MB, `${Math.round(grown / MB)} MB are held for 40 readers of 15 MB`);
  let bytes = 0;
  const [first] = sockets as [Socket];
  for await (const chunk of first) {
    bytes += chunk.length;
    if (chunk.subarray(-7).toString() === '\r\n0\r\n\r\n') break;
  }
  t.ok(bytes > 15_000_000, 'and whoever reads gets it whole');
});
