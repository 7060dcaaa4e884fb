import { perform } from '../../src/store/eventually.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import { Transaction } from '../../src/store/store.js';
import { JsonStore } from '../store/json-store.js';
import t from '../tap.js';
import { authorized, charge, purchase, startSandbox, times, tokenized, tokenRequest } from './sandbox.js';

t.test('the mixed purchase ends in a charge of a token that is Pay Now by the same card', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const masked_number = '************4242';
  const path = await tokenized(
    call,
    {},
    { payment_option: 'pay_in_4', funding_source: { type: 'card', masked_number } },
  );
  const order = await call('createOrder', { path, body: purchase });
  t.match(order, {
    status: 200,
    body: { fraud_status: 'ACCEPTED', authorized_payment_method: { type: 'slice_it_by_card' } },
  });
  const token = await call('readCustomerToken', { path });
  t.match(token, {
    status: 200,
    body: { payment_method_type: 'PAY_BY_CARD', status: 'ACTIVE', card: { masked_number } },
  });
  const charged = await call('createCustomerTokenOrder', { path, body: charge });
  t.match(charged, { status: 200, body: { authorized_payment_method: { type: 'pay_by_card' } } });
  t.not(charged.body.order_id, order.body.order_id);
  const { body } = await call('listOrders');
  t.strictSame(
    body.items.map(({ order_id }: { order_id: string }) => order_id),
    [charged.body.order_id, order.body.order_id],
  );
});

for (const store of [MemoryStore, JsonStore]) {
  t.test(`races on a ${store.name}`, async (t) => {
    const sandbox = await startSandbox(t, { store: new store() });
    const call = sandbox.as('boots');

    await t.test('50 requests for one authorization give one order', async (t) => {
      const path = await authorized(call);
      const answers = await times(50, () => call('createOrder', { path, body: purchase }));
      t.strictSame([...new Set(answers.map(({ status }) => status))], [200]);
      t.equal(new Set(answers.map(({ body }) => body.order_id)).size, 1);
    });

    await t.test('50 requests with one idempotency key give one order', async (t) => {
      const path = await tokenized(call);
      const headers = { 'Klarna-Idempotency-Key': 'b1f3b7a0-2f0b-4a53-9e2b-6b1f0c1d2e3f' };
      const before = (await call('listOrders', { query: { limit: '100' } })).body.items.length;
      const answers = await times(50, () => call('createCustomerTokenOrder', { path, headers, body: charge }));
      t.strictSame([...new Set(answers.map(({ status }) => status))], [200]);
      t.equal(new Set(answers.map(({ body }) => body.order_id)).size, 1);
      t.equal((await call('listOrders', { query: { limit: '100' } })).body.items.length, before + 1);
    });

    await t.test('20 requests for one customer token give one token', async (t) => {
      const path = await authorized(call);
      const answers = await times(20, () => call('createCustomerToken', { path, body: tokenRequest }));
      t.equal(new Set(answers.map(({ body }) => body.token_id)).size, 1);
    });

    await t.test('charges racing with a cancellation are all before it', async (t) => {
      const path = await tokenized(call);
      const [, ...charges] = await Promise.all([
        call('updateCustomerTokenStatus', { path, body: { status: 'CANCELLED' } }),
        ...Array.from({ length: 10 }, () => call('createCustomerTokenOrder', { path, body: charge })),
      ]);
      for (const { status, body } of charges) {
        t.ok(status === 200 || (status === 403 && body.error_code === 'TOKEN_CANCELLED'), `${status}`);
      }
      t.match(await call('createCustomerTokenOrder', { path, body: charge }), { status: 403 });
    });
  });
}

t.test('a transaction commits only on what it read', async (t) => {
  const store = new MemoryStore();
  const record = {
    kind: 'idempotency',
    id: 'a',
    merchant: 'boots',
    created_at: 0,
    expires_at: 1,
    answer: { status: 200, headers: {} },
  } as const;
  const [first, second] = [new Transaction(store), new Transaction(store)];
  t.equal(perform(first.get('idempotency', 'a')), undefined);
  t.equal(perform(second.get('idempotency', 'a')), undefined);
  t.equal(perform(second.get('idempotency', undefined)), undefined);
  t.equal(await first.commit([{ put: record }], 0, 0), true);
  t.equal(
    await second.commit([{ put: { ...record, created_at: 9 } }], 0, 0),
    false,
    'it saw no record, but now there is one',
  );
  t.match(perform(new Transaction(store).get('idempotency', 'a')), { created_at: 0 });
});

t.test('an idempotency key', async (t) => {
  const sandbox = await startSandbox(t);
  const call = sandbox.as('boots');
  const key = (text: string) => ({ 'Klarna-Idempotency-Key': text });

  await t.test('answers the same whatever the body says, and only for its merchant', async (t) => {
    const path = await tokenized(call);
    const first = await call('createCustomerTokenOrder', { path, headers: key('one'), body: charge });
    const again = await call('createCustomerTokenOrder', { path, headers: key('one'), body: { nonsense: true } });
    t.strictSame(again.body, first.body);
    t.equal(again.status, 200);
    await call('shareCustomerToken', { path, body: { with: 'shoes' } });
    const other = await sandbox.as('shoes')('createCustomerTokenOrder', { path, headers: key('one'), body: charge });
    t.equal(other.status, 200);
    t.not(other.body.order_id, first.body.order_id);
  });

  await t.test('does not remember a refusal of shape, but one of the payment method', async (t) => {
    const path = await tokenized(call);
    t.match(await call('createCustomerTokenOrder', { path, headers: key('two'), body: {} }), { status: 400 });
    await call('declineCustomerToken', { path, body: { error_code: 'PAYMENT_METHOD_FAILED' } });
    const refused = await call('createCustomerTokenOrder', { path, headers: key('two'), body: charge });
    t.match(refused, { status: 403, body: { error_code: 'PAYMENT_METHOD_FAILED' } });
    const again = await call('createCustomerTokenOrder', { path, headers: key('two'), body: charge });
    t.strictSame(again.body, refused.body);
    t.equal(again.headers['klarna-correlation-id'], again.body.correlation_id);
    t.match(await call('createCustomerTokenOrder', { path, headers: key('three'), body: charge }), { status: 200 });
  });

  await t.test('does not remember a failure of Klarna', async (t) => {
    const path = await tokenized(call);
    await call('declineCustomerToken', { path, body: { error_code: 'INTERNAL_SERVER_ERROR', times: 2 } });
    for (const status of [500, 500, 200, 200]) {
      t.match(await call('createCustomerTokenOrder', { path, headers: key('four'), body: charge }), { status });
    }
  });

  await t.test('is forgotten after 24 hours, and an empty one is none', async (t) => {
    const path = await tokenized(call);
    const first = await call('createCustomerTokenOrder', { path, headers: key('five'), body: charge });
    await call('advanceClock', { body: { by: 'PT23H59M' } });
    t.strictSame(
      (await call('createCustomerTokenOrder', { path, headers: key('five'), body: charge })).body,
      first.body,
    );
    await call('advanceClock', { body: { by: 'PT1M' } });
    const later = await call('createCustomerTokenOrder', { path, headers: key('five'), body: charge });
    t.not(later.body.order_id, first.body.order_id);
    const [a, b] = await times(2, () => call('createCustomerTokenOrder', { path, headers: key(''), body: charge }));
    t.not(a?.body.order_id, b?.body.order_id);
  });
});

t.test('a refused charge that offers a step-up is recovered by a session, and the token pays anew', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const path = await tokenized(call, {}, { payment_option: 'pay_in_4' });
  await call('declineCustomerToken', { path, body: { error_code: 'UNAVAILABLE_PAYMENT_METHOD' } });
  const refused = await call('createCustomerTokenOrder', { path, body: { ...charge, step_up: 'SUPPORTED' } });
  t.match(refused, {
    status: 403,
    body: {
      fraud_status: 'REJECTED',
      reason: 'Purchase for payment method failed',
      authorized_payment_method: { type: 'card' },
    },
  });
  const { step_up_id } = refused.body;
  const recovery = { step_up_id, customer: { customer_token: path.customerToken }, intent: 'buy_and_default_tokenize' };
  const recovered = await authorized(call, recovery, {
    payment_option: 'pay_now',
    funding_source: { type: 'direct_debit', masked_number: '**********77' },
  });
  t.match(await call('createOrder', { path: recovered, body: purchase }), { status: 200 });
  t.match(await call('readCustomerToken', { path }), {
    body: { payment_method_type: 'DIRECT_DEBIT', direct_debit: { masked_number: '**********77' } },
  });
  t.match(await call('createCustomerTokenOrder', { path, body: charge }), {
    body: { authorized_payment_method: { type: 'direct_debit' } },
  });
  const stranger = await call('createSession', { body: { ...purchase, ...recovery } });
  t.matchLists(
    stranger,
    { status: 400, body: { error_messages: ['Bad value: step_up_id'] } },
    'a step-up is used once',
  );
});

t.test('another merchant', async (t) => {
  const sandbox = await startSandbox(t);
  const [call, other] = [sandbox.as('boots'), sandbox.as('shoes')];
  const path = await tokenized(call);
  t.match(await other('readSession', { path }), { status: 404 });
  t.match(await other('createOrder', { path, body: purchase }), { status: 404 });
  t.match(await other('readCustomerToken', { path }), { status: 403, body: { error_code: 'TOKEN_FORBIDDEN' } });
  t.match(await other('createCustomerTokenOrder', { path, body: charge }), { status: 403 });
  t.match(await other('suspendCustomerToken', { path }), { status: 403 });
  t.strictSame((await other('listSessions')).body.items, []);
  t.matchLists(await call('shareCustomerToken', { path, body: { with: 'shoes' } }), {
    body: { shared_with: ['shoes'] },
  });
  t.match(await other('createCustomerTokenOrder', { path, body: charge }), { status: 200 });
  t.match(await other('updateCustomerTokenStatus', { path, body: { status: 'CANCELLED' } }), { status: 403 });
  t.equal((await other('listOrders')).body.items.length, 1);
  t.equal((await call('listOrders')).body.items.length, 0);
});
