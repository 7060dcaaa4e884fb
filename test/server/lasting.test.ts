import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actAs } from '../../src/client/merchant-sandbox.js';
import { startServer } from '../../src/server/start.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { basic, purchase } from '../contract/sandbox.js';
import { JsonStore } from '../store/json-store.js';
import t, { type Test } from '../tap.js';

const seed = 'lasting';

/** A receiver on the loopback interface that takes everything. */
async function receiver(t: Test) {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(String(request.url));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

async function start(t: Test, store: Store) {
  const { app, url, close } = await startServer({ port: 0, store, seed });
  t.teardown(close);
  const shop = actAs({ url, username: 'boots', password: 'secret' });
  const call = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, headers = {}) => {
    const answer = await app.fastify.inject({
      method,
      url,
      headers: { authorization: basic('boots'), ...headers },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
  };
  return { close, shop, call };
}

/** Buys something; the push for its order comes two minutes later. */
async function buy({ shop, call }: Awaited<ReturnType<typeof start>>, push: string) {
  const session = await call('POST', '/payments/v1/sessions', purchase);
  const { authorization_token } = await shop.authorize(session.body.session_id);
  const body = { ...purchase, merchant_urls: { push } };
  const order = await call('POST', `/payments/v1/authorizations/${authorization_token}/order`, body);
  return { session, order };
}

t.test('a purchase is the same whether the store answers at once or by promise', async (t) => {
  const { url } = await receiver(t);
  const [memory, json] = [await start(t, new MemoryStore()), await start(t, new JsonStore())];
  t.strictSame(await buy(json, `${url}/push`), await buy(memory, `${url}/push`));
});

t.test('two requests that race for one authorization make one order, in a store by promise too', async (t) => {
  const { url } = await receiver(t);
  const sandbox = await start(t, new JsonStore());
  const { body } = await sandbox.call('POST', '/payments/v1/sessions', purchase);
  const { authorization_token } = await sandbox.shop.authorize(body.session_id);
  const place = () =>
    sandbox.call('POST', `/payments/v1/authorizations/${authorization_token}/order`, {
      ...purchase,
      merchant_urls: { push: url },
    });
  const [first, second] = await Promise.all([place(), place()]);
  t.strictSame([first.status, second.status], [200, 200]);
  t.equal(first.body.order_id, second.body.order_id);
  t.equal((await sandbox.call('GET', '/sandbox/v1/orders')).body.items.length, 1);
});

for (const store of [new MemoryStore(), new JsonStore()]) {
  t.test(`a world goes on where it was when its server ended, ${store.constructor.name}`, async (t) => {
    const { url, heard } = await receiver(t);
    const before = await start(t, store);
    await before.shop.scenario.choose({
      title: 'The second session fails',
      evidence: 'inferred',
      outcomes: [{ on: 'createSession', calls: '2..', error: 'BAD_REQUEST' }],
    });
    const { session, order } = await buy(before, `${url}/push`);
    const payment_method_categories = ['pay_later', 'pay_now'];
    await before.call('PUT', '/sandbox/v1/payment-method-categories', { payment_method_categories });
    await before.shop.clock.advance('PT1M');
    const { callbacks } = before.shop;
    t.strictSame([heard, await callbacks.list()], [[], []], 'the push is yet to come');
    await before.close();

    const after = await start(t, store);
    t.equal(await after.shop.clock.now(), '2026-01-01T12:01:00.000Z');
    t.matchLists((await after.shop.scenario.progress()).outcomes, [{ matched: 1, hits: 0 }]);
    t.equal((await after.call('POST', '/payments/v1/sessions', purchase)).status, 400, 'its counts go on');
    await after.shop.scenario.end();
    const another = await after.call('POST', '/payments/v1/sessions', purchase);
    t.not(another.body.session_id, session.body.session_id, 'so do the ids');
    const named = another.body.payment_method_categories.map(({ identifier }: { identifier: string }) => identifier);
    t.strictSame(named, payment_method_categories, 'the categories that were chosen are still');
    t.match(await after.call('GET', `/ordermanagement/v1/orders/${order.body.order_id}`), { status: 200 });
    t.ok((await after.shop.journal.exchanges({ operation: 'createOrder' })).length === 1);
    await after.shop.clock.advance('PT1M');
    t.strictSame(heard, ['/push']);
    const [attempt] = await after.shop.callbacks.list();
    t.match(attempt, { on: 'push', attempt: 1, result: { status: 200 } });
    await after.close();

    const third = await start(t, store);
    await third.shop.callbacks.redeliver(String(attempt?.callback_id));
    t.strictSame(heard, ['/push', '/push'], 'what was sent can be sent again');
    await third.shop.reset();
    await third.close();
    const anew = await start(t, store);
    t.equal(await anew.shop.clock.now(), '2026-01-01T12:00:00.000Z');
    const { body } = await anew.call('GET', '/sandbox/v1/payment-method-categories');
    t.match(body, { chosen_by: 'market' });
    t.strictSame(await anew.shop.journal.exchanges({ operation: 'createOrder' }), []);
  });
}
