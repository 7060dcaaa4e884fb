import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wallClock } from '../../src/exchange/wall-clock.js';
import { eventsApi } from '../../src/server/control/events.js';
import { Events } from '../../src/server/world/events.js';
import { Refusals } from '../../src/server/world/refusals.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import t from '../tap.js';
import { followEvents } from './event-reader.js';
import { authorized, basic, purchase, startSandbox } from './sandbox.js';

const authorization = basic('boots');

t.test('exchanges are told as they happen, each with its number', async (t) => {
  const { url, as } = await startSandbox(t);
  const call = as('boots');
  await call('createSession', { body: purchase });
  const stream = await followEvents(t, `${url}/sandbox/v1/events`, { authorization });
  t.match(stream.answer.headers.get('content-type'), /^text\/event-stream/);
  t.equal(stream.answer.headers.get('cache-control'), 'no-store');
  await call('createSession', { body: { ...purchase, order_amount: 1 } });
  await as('shoes')('createSession', { body: purchase });
  const { id, data } = await stream.until(({ event }) => event === 'exchange');
  t.equal(id, '2');
  t.strictSame((await call('readJournal')).body.items[0], data, 'as the journal has it');
  t.equal(data.explanation.rule, 'order-total');
  t.equal(stream.events.filter(({ event }) => event === 'exchange').length, 1, 'another merchant’s are not told');
  t.notMatch(JSON.stringify((await call('readJournal')).body), 'followEvents', 'following is not recorded');
});

t.test('a refusal is told to the merchant whose name was tried, and to who may see all', async (t) => {
  const merchants = ['boots', 'shoes'].map((username) => ({ username, password: 'winter' }));
  const { url, as } = await startSandbox(t, { merchants, adminToken: 'sesame' });
  const heard = await Promise.all(
    [basic('boots', 'winter'), basic('shoes', 'winter'), basic('shoes', 'sesame')].map((authorization) =>
      followEvents(t, `${url}/sandbox/v1/events`, { authorization }),
    ),
  );
  for (const [username, password] of [
    ['boots', 'summer'],
    ['boot', 'winter'],
  ] as const) {
    await as(username, password)('createSession', { body: purchase });
  }
  // Events come in order: once the exchange of this call is told, so are the refusals before it.
  for (const username of ['boots', 'shoes']) await as(username, 'winter')('createSession', { body: purchase });
  const told = await Promise.all(
    heard.map(async ({ until, events }) => {
      await until(({ event }) => event === 'exchange');
      return events.filter(({ event }) => event === 'refusal').map(({ data }) => data);
    }),
  );
  t.strictSame(
    told.map((refusals) => refusals.map(({ username }: { username: string }) => username)),
    [['boots'], [], ['boots', 'boot']],
  );
  t.strictSame([told[0]], [(await as('boots', 'winter')('listRefusals')).body.items], 'as the list has it');
});

t.test('a stream goes on where the one before broke off', async (t) => {
  const { url, as } = await startSandbox(t, { journal: 3 });
  const call = as('boots');
  for (let n = 0; n < 5; n++) await call('createSession', { body: purchase });
  let newest = 5;
  const seen = async (query: string, headers: Record<string, string> = {}) => {
    const stream = await followEvents(t, `${url}/sandbox/v1/events${query}`, { authorization, ...headers });
    await call('advanceClock', { body: { by: 'PT1S' } });
    newest++;
    await stream.until(({ id }) => id === String(newest));
    stream.close();
    const numbers = stream.events.filter(({ event }) => event === 'exchange').map(({ id }) => Number(id));
    const dropped = stream.events.find(({ event }) => event === 'dropped')?.data.dropped ?? 0;
    return { numbers, dropped };
  };
  t.strictSame(await seen('?after=0'), { numbers: [3, 4, 5, 6], dropped: 2 });
  t.strictSame(await seen('?after=5'), { numbers: [6, 7], dropped: 0 });
  t.strictSame(await seen('', { 'last-event-id': '6' }), { numbers: [7, 8], dropped: 0 });
  t.strictSame(await seen('?after=1', { 'last-event-id': '8' }), { numbers: [9], dropped: 0 }, 'the header wins');
  t.strictSame(await seen('?after=2'), { numbers: [7, 8, 9, 10], dropped: 4 });
});

t.test('what is said of the place to go on from must be one', async (t) => {
  const { url, as } = await startSandbox(t);
  const call = as('boots');
  for (const after of ['-1', 'x', '1.5']) {
    t.match(await call('followEvents', { query: { after } }), { status: 400, why: /^shape: after: / }, after);
  }
  for (const id of ['x', '-1', '9'.repeat(40), '1, 2']) {
    t.match(
      await call('followEvents', { headers: { 'last-event-id': id } }),
      { status: 400, why: /^shape: Last-Event-ID: given / },
      id,
    );
  }
  t.equal((await fetch(`${url}/sandbox/v1/events`)).status, 401);
});

t.test('an emptied journal is told, and numbers begin anew', async (t) => {
  const { url, as } = await startSandbox(t);
  const call = as('boots');
  for (let n = 0; n < 3; n++) await call('createSession', { body: purchase });
  const stream = await followEvents(t, `${url}/sandbox/v1/events`, { authorization });
  await call('clearJournal');
  t.strictSame((await stream.until(({ event }) => event === 'cleared')).data, { what: 'journal' });
  await call('createSession', { body: purchase });
  t.equal((await stream.until(({ event }) => event === 'exchange')).id, '1');
  await call('resetMerchant');
  await stream.until(({ event, data }) => event === 'cleared' && data.what === 'everything');
  await call('createSession', { body: purchase });
  await stream.until(({ event, data }) => event === 'exchange' && data.operation === 'createSession');
  const resumed = await followEvents(t, `${url}/sandbox/v1/events?after=50`, { authorization });
  await resumed.until(({ event }) => event === 'exchange');
  t.strictSame(
    resumed.events.map(({ event, id }) => `${event} ${id ?? ''}`.trim()).slice(0, 2),
    ['cleared', 'exchange 1'],
    'who has more than there is begins anew',
  );
});

t.test('clock, callbacks, scenario and changed records are told', async (t) => {
  const receiver = createServer((_request, response) => response.writeHead(204).end());
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => receiver.close());
  const { url, as } = await startSandbox(t, { seed: 'told' });
  const call = as('boots');
  const stream = await followEvents(t, `${url}/sandbox/v1/events`, { authorization });
  const push = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/push`;
  const path = await authorized(call, { merchant_urls: { push } });
  await stream.until(({ event, data }) => event === 'records' && data.kinds.includes('authorization'));
  await call('createOrder', { path, body: purchase });
  t.matchLists((await call('listDue')).body.items, [
    { on: 'push', url: push, at: '2026-01-01T12:02:00.000Z', attempt: 1 },
  ]);
  await call('advanceClock', { body: { by: 'PT2M' } });
  t.match(await stream.until(({ event }) => event === 'callback'), {
    data: { on: 'push', url: push, attempt: 1, result: { status: 204 } },
  });
  t.strictSame((await stream.until(({ event }) => event === 'clock')).data, { now: '2026-01-01T12:02:00.000Z' });
  const inline = {
    title: 'Once refused',
    evidence: 'inferred',
    outcomes: [{ on: 'createSession', calls: 1, error: 'BAD_VALUE' }],
  };
  await call('chooseScenario', { body: { inline } });
  t.match(await stream.until(({ event }) => event === 'scenario'), { data: { name: 'inline', title: 'Once refused' } });
  await call('createSession', { body: purchase });
  await stream.until(({ event, data }) => event === 'scenario' && data.outcomes?.[0].hits === 1);
  await call('endScenario');
  await stream.until(({ event, data }) => event === 'scenario' && data.name === undefined);
});

t.test('a server that is stopped says so, and one that nobody follows keeps nothing', async (t) => {
  const { url, as, server } = await startSandbox(t);
  const stream = await followEvents(t, `${url}/sandbox/v1/events`, { authorization });
  const left = await followEvents(t, `${url}/sandbox/v1/events`, { authorization });
  left.close();
  await as('boots')('createSession', { body: purchase });
  await stream.until(({ event }) => event === 'exchange');
  await server.close();
  await stream.ended;
  t.strictSame(stream.events.at(-1), { event: 'end', data: { why: 'the sandbox is being stopped' } });
});

t.test('what happens while a slow store is read is told, and nothing twice', async (t) => {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let release = () => {};
  const inTurn = new Promise<void>((resolve) => {
    release = resolve;
  });
  class SlowStore extends MemoryStore {
    override exchanges(...given: Parameters<MemoryStore['exchanges']>): never {
      begin();
      return inTurn.then(() => super.exchanges(...given)) as never;
    }
  }
  const { url, as } = await startSandbox(t, { store: new SlowStore(), seed: 'slow' });
  const call = as('boots');
  const following = followEvents(t, `${url}/sandbox/v1/events?after=0`, { authorization });
  await begun;
  await call('createSession', { body: purchase });
  await call('advanceClock', { body: { by: 'PT1S' } });
  release();
  const stream = await following;
  t.strictSame((await stream.until(({ event }) => event === 'clock')).data, { now: '2026-01-01T12:00:01.000Z' });
  await call('createSession', { body: purchase });
  await stream.until(({ id }) => id === '3');
  t.strictSame(
    stream.events.filter(({ event }) => event === 'exchange').map(({ id, data }) => `${id} ${data.operation}`),
    ['1 createSession', '2 advanceClock', '3 createSession'],
  );
});

t.test('who cannot be told what was missed follows nothing, and gets an internal error', async (t) => {
  const broken = new Error('the store broke');
  class BrokenStore extends MemoryStore {
    override exchanges(): never {
      return Promise.reject(broken) as never;
    }
  }
  const failures: unknown[] = [];
  const { as } = await startSandbox(t, {
    store: new BrokenStore(),
    failed: (error) => failures.push(error),
    // The contract knows no internal error.
    observe: () => {},
  });
  t.match(await as('boots')('followEvents'), { status: 500 });
  t.strictSame(failures, [broken]);

  const events = new Events();
  let follow: ((request: object, reply: object) => Promise<unknown>) | undefined;
  const fastify = {
    route: ({ handler }: { handler: typeof follow }) => {
      follow = handler;
    },
    addHook: () => {},
  };
  const options = { events, refusals: new Refusals(), store: new BrokenStore(), wall: wallClock };
  eventsApi(fastify as never, options as never, () => {});
  const asked = follow?.({ world: { merchant: 'boots' }, headers: {}, query: {} }, {});
  t.equal(events.size, 1, 'it follows while the store is read');
  t.equal(await asked?.catch((error) => error), broken);
  t.equal(events.size, 0);
});
