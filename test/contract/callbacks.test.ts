import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toIso } from '../../src/klarna/time.js';
import { readDuration } from '../../src/server/world/clock.js';
import { SEEDED_START } from '../../src/server/world/worlds.js';
import t, { type Test } from '../tap.js';
import { authorized, charge, purchase, startSandbox, tokenized } from './sandbox.js';

/** A receiver of callbacks that answers with the statuses given, then 200; while held, it answers nothing. */
async function receiver(t: Test, { statuses = [] as number[], host = '127.0.0.1' } = {}) {
  const received: { path: string; body: string }[] = [];
  let hold: Promise<void> | undefined;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ path: request.url as string, body });
    await hold;
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    received,
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    hold() {
      let release = () => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}

const start = toIso(SEEDED_START);

t.test('an order is pushed to the shop until it is acknowledged, with the ids in the URL and no body', async (t) => {
  const { url, received } = await receiver(t);
  const call = (await startSandbox(t, { seed: 'push' })).as('boots');
  const path = await authorized(call, { merchant_urls: { push: `${url}/push/{order.id}?session={session.id}` } });
  const { order_id } = (await call('createOrder', { path, body: purchase })).body;
  await call('createOrder', { path, body: purchase });
  await call('advanceClock', { body: { by: 'PT2M' } });
  const pushed = { path: `/push/${order_id}?session=${path.session_id}`, body: '' };
  t.strictSame(received, [pushed]);
  await call('advanceClock', { body: { by: 'PT5M' } });
  const { items: attempts } = (await call('listCallbacks')).body;
  const { callback_id, caused_by } = attempts[0];
  const sent = { callback_id, caused_by, on: 'push', url: url + pushed.path, result: { status: 200 } };
  t.strictSame(attempts, [
    { ...sent, at: '2026-01-01T12:07:00.000Z', attempt: 2 },
    { ...sent, at: '2026-01-01T12:02:00.000Z', attempt: 1 },
  ]);
  t.match(await call('acknowledgeOrder', { path: { order_id } }), { status: 204 });
  await call('advanceClock', { body: { by: 'P7D' } });
  t.strictSame(received, [pushed, pushed]);
});

t.test('the order of a customer token is pushed where the charge says so', async (t) => {
  const { url, received } = await receiver(t);
  const call = (await startSandbox(t, { seed: 'charges' })).as('boots');
  const path = await tokenized(call, { merchant_urls: { push: `${url}/session` } });
  const placed = await call('createCustomerTokenOrder', {
    path,
    body: { ...charge, merchant_urls: { push: `${url}/charge/{order.id}/{session.id}` } },
  });
  await call('createCustomerTokenOrder', { path, body: charge });
  await call('advanceClock', { body: { by: 'PT2M' } });
  t.strictSame(
    received.map(({ path }) => decodeURIComponent(path)),
    [`/charge/${placed.body.order_id}/{session.id}`],
  );
});

t.test('every attempt is listed, newest first, by kind and up to a limit', async (t) => {
  const { url } = await receiver(t, { statuses: [500] });
  const call = (await startSandbox(t, { seed: 'list' })).as('boots');
  t.strictSame((await call('listCallbacks')).body, { items: [], dropped: 0 });
  const merchant_urls = { authorization: `${url}/authorization`, push: 'https://192.0.2.1/push' };
  const path = await authorized(call, { merchant_urls });
  await call('advanceClock', { body: { by: 'PT5S' } });
  await call('createOrder', { path, body: purchase });
  await call('advanceClock', { body: { by: 'P1D' } });

  const { items: attempts, dropped } = (await call('listCallbacks')).body;
  t.equal(dropped, 0);
  const [push, second, first] = attempts;
  t.equal(attempts.length, 3, 'what is not allowed is not tried again');
  t.match(push, {
    on: 'push',
    at: '2026-01-01T12:02:05.000Z',
    attempt: 1,
    result: { refused: /192\.0\.2\.1 is no name or address of/ },
  });
  t.strictSame(first, {
    callback_id: second.callback_id,
    caused_by: second.caused_by,
    on: 'authorization',
    url: `${url}/authorization`,
    body: { authorization_token: path.authorizationToken, session_id: path.session_id },
    at: start,
    attempt: 1,
    result: { status: 500 },
  });
  t.strictSame(second, { ...first, at: '2026-01-01T12:00:01.000Z', attempt: 2, result: { status: 200 } });
  t.strictSame((await call('listCallbacks', { query: { on: 'authorization', limit: '1' } })).body.items, [second]);
  t.matchLists(await call('listCallbacks', { query: { on: 'checkout' } }), {
    status: 400,
    body: { error_messages: ['Bad value: on'] },
  });
  t.match(await call('listCallbacks', { query: { limit: '0' } }), { status: 400 });
  t.notMatch(JSON.stringify((await call('readJournal')).body), 'listCallbacks', 'looking is not recorded');
});

t.test('a callback can be sent again', async (t) => {
  const { url, received } = await receiver(t, { statuses: [204, 500] });
  const sandbox = await startSandbox(t, { seed: 'again' });
  const call = sandbox.as('boots');
  await authorized(call, { merchant_urls: { authorization: url } });
  await call('advanceClock', { body: { by: 'PT1H' } });
  const [{ callback_id, ...attempt }] = (await call('listCallbacks')).body.items;
  const path = { callback_id };
  const again = { ...attempt, callback_id, at: '2026-01-01T13:00:00.000Z' };
  t.strictSame((await call('redeliverCallback', { path })).body, { ...again, attempt: 2, result: { status: 500 } });
  t.strictSame((await call('redeliverCallback', { path })).body, { ...again, attempt: 3, result: { status: 200 } });
  t.equal(new Set(received.map(({ body }) => body)).size, 1);
  t.equal(received.length, 3);
  t.equal((await call('listCallbacks')).body.items.length, 3);

  const unknown = { status: 404, body: { error_code: 'NOT_FOUND', error_messages: ['Invalid callback id'] } };
  t.matchLists(await call('redeliverCallback', { path: { callback_id: 'nobody' } }), {
    ...unknown,
    why: /^callback-known: /,
  });
  t.matchLists(await sandbox.as('shoes')('redeliverCallback', { path }), unknown, 'another merchant has none of it');
  t.strictSame((await sandbox.as('shoes')('listCallbacks')).body.items, []);
  await call('resetMerchant');
  t.strictSame((await call('listCallbacks')).body, { items: [], dropped: 0 });
});

t.test('a receiver that does not answer holds nothing up', async (t) => {
  const { url, hold } = await receiver(t);
  const release = hold();
  const pushAfter = await readDuration('PT0S');
  const call = (await startSandbox(t, { seed: 'slow', pushAfter })).as('boots');
  const path = await authorized(call, { merchant_urls: { authorization: url, push: 'http://127.0.0.1:1/' } });
  t.match(await call('createOrder', { path, body: purchase }), { status: 200 });
  const underWay = (await call('listCallbacks', { query: { on: 'authorization' } })).body.items;
  t.strictSame(underWay, [], 'it is still under way');
  release();
  await call('advanceClock', { body: { by: 'PT0S' } });
  t.matchLists((await call('listCallbacks')).body.items, [
    { on: 'push', result: { error: /ECONNREFUSED/ } },
    { on: 'authorization', result: { status: 200 } },
  ]);
});

t.test('hosts beyond loopback are called when they are allowed', async (t) => {
  const { url, received } = await receiver(t, { host: '0.0.0.0' });
  for (const [allowCallbacks, calls] of [
    [undefined, 0],
    [['0.0.0.0'], 1],
  ] as const) {
    const call = (await startSandbox(t, { seed: 'hosts', allowCallbacks })).as('boots');
    await authorized(call, { merchant_urls: { authorization: url } });
    await call('advanceClock', { body: { by: 'PT1S' } });
    t.equal(received.length, calls);
  }
});

t.test('an accepted order that is stopped is told to the shop at its time, until the shop has heard', async (t) => {
  for (const status of ['ACCEPTED', 'PENDING']) {
    const { url, received } = await receiver(t, { statuses: [204] });
    const call = (await startSandbox(t, { seed: 'stopped' })).as('boots');
    const outcomes = [{ on: 'createOrder', fraud: { status, then: 'STOPPED', after: 'P1D' } }];
    const inline = { title: 'Stopped', evidence: 'inferred', outcomes };
    t.match(await call('chooseScenario', { body: { inline } }), { status: 200 });
    const path = await authorized(call, { merchant_urls: { notification: `${url}/fraud` } });
    const { order_id, fraud_status } = (await call('createOrder', { path, body: purchase })).body;
    t.equal(fraud_status, status);
    await call('advanceClock', { body: { by: 'PT23H59M59S' } });
    t.strictSame(received, []);
    t.matchLists((await call('listOrders')).body.items, [{ order_id, fraud_status: status }]);
    await call('advanceClock', { body: { by: 'PT1H' } });
    const body = JSON.stringify({ order_id, event_type: 'FRAUD_RISK_STOPPED' });
    t.strictSame(received, [
      { path: '/fraud', body },
      { path: '/fraud', body },
    ]);
    t.matchLists((await call('listCallbacks')).body.items, [
      { on: 'notification', at: '2026-01-02T12:10:00.000Z', result: { status: 200 } },
      { on: 'notification', at: '2026-01-02T12:00:00.000Z', result: { status: 204 } },
    ]);
    t.matchLists((await call('listOrders')).body.items, [{ order_id, status: 'AUTHORIZED', fraud_status: 'STOPPED' }]);
  }
});

t.test('a scenario has callbacks delivered its own way', async (t) => {
  const chosen = async (t: Test, on: string, delivery: object) => {
    const there = await receiver(t);
    const call = (await startSandbox(t, { seed: 'deliveries' })).as('boots');
    const inline = { title: 'Deliveries', evidence: 'inferred', callbacks: [{ on, delivery }] };
    t.match(await call('chooseScenario', { body: { inline } }), { status: 200 });
    const merchant_urls = { authorization: `${there.url}/authorization`, push: `${there.url}/push` };
    const paths = () => there.received.map(({ path }) => path);
    return { ...there, call, paths, merchant_urls };
  };

  t.test('before the answer', async (t) => {
    const { call, paths, merchant_urls } = await chosen(t, 'authorization', { 'before-the-answer': true, status: 204 });
    await authorized(call, { merchant_urls });
    t.strictSame(paths(), ['/authorization']);
    t.matchLists((await call('listCallbacks')).body.items, [{ attempt: 1, result: { status: 200 }, unexpected: true }]);
  });

  t.test('late and twice', async (t) => {
    const { call, paths, merchant_urls } = await chosen(t, 'push', { delay: 'P1M', twice: true });
    await call('createOrder', { path: await authorized(call, { merchant_urls }), body: purchase });
    await call('advanceClock', { body: { by: 'P31D' } });
    t.strictSame(paths(), ['/authorization'], 'a month later than usual');
    await call('advanceClock', { body: { by: 'PT2M' } });
    t.strictSame(paths(), ['/authorization', '/push', '/push']);
  });

  t.test('in another order', async (t) => {
    const { call, paths, merchant_urls } = await chosen(t, 'authorization', { reorder: true });
    const path = await authorized(call, { merchant_urls });
    await call('advanceClock', { body: { by: 'PT1M' } });
    t.strictSame(paths(), []);
    await call('createOrder', { path, body: purchase });
    await call('advanceClock', { body: { by: 'PT2M' } });
    t.strictSame(paths(), ['/push', '/authorization']);
  });

  t.test('not at all', async (t) => {
    const { call, paths, merchant_urls } = await chosen(t, 'authorization', { drop: true });
    await authorized(call, { merchant_urls });
    await call('advanceClock', { body: { by: 'P1D' } });
    t.strictSame(paths(), []);
    const [attempt] = (await call('listCallbacks')).body.items;
    t.match(attempt, { attempt: 1, result: { dropped: true } });
    await call('redeliverCallback', { path: attempt });
    t.strictSame(paths(), ['/authorization']);
  });
});
