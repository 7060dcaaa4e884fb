import {
  makeCapture,
  makeCustomerToken,
  makeHostedSession,
  makeOrder,
  makeSession,
} from '../../../src/client/states.js';
import { type SandboxOptions, startSandbox } from '../../../src/index.js';
import t, { type Test } from '../../tap.js';

/** Starts a sandbox that ends with the test; gives it with the target of its merchant. */
async function start(t: Test, options?: SandboxOptions) {
  const sandbox = await startSandbox({ seed: 'one', ...options });
  t.teardown(sandbox.close);
  return { sandbox, target: { url: sandbox.url, ...sandbox.credentials } };
}

t.test('what there is can be listed, as much as is wanted', async (t) => {
  const { sandbox, target } = await start(t);
  const order = await makeOrder(target);
  const token = await makeCustomerToken(target);
  const page = await makeHostedSession(target);
  t.matchLists(await sandbox.orders.list(), [{ order_id: order, status: 'AUTHORIZED' }]);
  t.matchLists(await sandbox.customerTokens.list(), [{ token_id: token, status: 'ACTIVE' }]);
  t.matchLists(await sandbox.hostedSessions.list(), [{ session_id: page, status: 'WAITING' }]);
  t.equal((await sandbox.sessions.list()).length, 3);
  t.equal((await sandbox.sessions.list({ limit: 2 })).length, 2);
  t.equal((await sandbox.authorizations.list()).length, 2);
  t.match(await sandbox.merchants.list(), { 0: { merchant: 'test' } });
  t.strictSame(await sandbox.as('other').orders.list(), []);
});

t.test('a list of several pages is read to its end', async (t) => {
  const { sandbox, target } = await start(t);
  for (let n = 0; n < 101; n++) await makeSession(target);
  t.equal((await sandbox.sessions.list()).length, 101);
  t.equal((await sandbox.sessions.list({ limit: 101 })).length, 101);
});

t.test('a customer token is suspended, charged again, shared, declined and cancelled', async (t) => {
  const { sandbox, target } = await start(t);
  const token = await makeCustomerToken(target);
  t.match(await sandbox.customerTokens.suspend(token), { token_id: token, status: 'SUSPENDED' });
  t.match(await sandbox.customerTokens.reactivate(token), { status: 'ACTIVE' });
  t.strictSame((await sandbox.customerTokens.share(token, 'boot-care')).shared_with, ['boot-care']);
  const error_code = 'PAYMENT_METHOD_FAILED';
  t.match(await sandbox.customerTokens.decline(token, { error_code, times: 2 }), {
    declines: { error_code, times: 2 },
  });
  t.match(await sandbox.customerTokens.cancel(token), { status: 'CANCELLED' });
  await t.rejects(sandbox.customerTokens.reactivate(token), {
    name: 'ControlError',
    operation: 'reactivateCustomerToken',
  });
});

t.test('a fraud check is decided, and captures and refunds of an order are told', async (t) => {
  const { sandbox, target } = await start(t, {
    scenario: {
      title: 'Checked',
      evidence: 'inferred',
      outcomes: [{ on: 'createOrder', calls: 1, fraud: { status: 'PENDING' } }],
    },
  });
  const pending = await makeOrder(target);
  t.match(await sandbox.orders.decideFraud(pending, 'accepted'), { order_id: pending, fraud_status: 'ACCEPTED' });
  t.match(await sandbox.orders.decideFraud(pending, 'stopped'), { fraud_status: 'STOPPED' });
  const order = await makeOrder(target);
  const id = await makeCapture(target, order, 4_000);
  t.matchLists(await sandbox.orders.parts(order), { order_id: order, items: [{ kind: 'capture', id, amount: 4_000 }] });
});

t.test('an answer of the purchase flow brings its explanation, where it has one', async (t) => {
  const { sandbox, target } = await start(t);
  const usual = await sandbox.authorize(await makeSession(target));
  t.notOk('explanation' in usual);
  const purchase = {
    purchase_country: 'SE',
    purchase_currency: 'SEK',
    order_amount: 100,
    order_lines: [{ name: 'Laces', quantity: 1, unit_price: 100, total_amount: 100 }],
    billing_address: { email: 'customer+denied@email.se' },
  };
  const refused = await sandbox.authorize(await makeSession(target), { data: purchase });
  t.match(refused, { approved: false, explanation: /^[a-z-]+: ./ });
  await sandbox.scenario.choose({ title: 'Denied', evidence: 'inferred', shopper: { result: 'denied' } });
  t.match(await sandbox.authorize(await makeSession(target)), { approved: false, explanation: /^[a-z-]+: / });
  const page = await makeHostedSession(target);
  t.match(await sandbox.backHostedSession(page), { status: 'BACK' });
  t.match(await sandbox.completeHostedSession(page), { status: 'FAILED', explanation: /^[a-z-]+: / });
  const { sandbox: quiet, target: quietly } = await start(t, { explain: false });
  t.notOk('explanation' in (await quiet.authorize(await makeSession(quietly), { data: purchase })));
});

t.test('payment method categories are chosen, and the choice is taken back', async (t) => {
  const { sandbox } = await start(t);
  const usual = await sandbox.paymentMethodCategories.read();
  t.strictSame(await sandbox.paymentMethodCategories.choose(['pay_later', 'pay_now']), {
    payment_method_categories: ['pay_later', 'pay_now'],
    chosen_by: 'control API',
  });
  t.strictSame(await sandbox.paymentMethodCategories.choose([]), usual);
});

t.test('callbacks that are yet to come are told', async (t) => {
  const { sandbox, target } = await start(t);
  t.strictSame(await sandbox.callbacks.due(), []);
  const purchase = {
    purchase_country: 'SE',
    purchase_currency: 'SEK',
    locale: 'sv-SE',
    order_amount: 100,
    order_lines: [{ name: 'Laces', quantity: 1, unit_price: 100, total_amount: 100 }],
    merchant_urls: { push: 'http://127.0.0.1:1/push' },
  };
  await makeOrder(target, { purchase });
  t.matchLists(await sandbox.callbacks.due(), [{ on: 'push', at: '2026-01-01T12:02:00.000Z', attempt: 1 }]);
});

t.test('requests that were turned away, and the rules of explanations, are told', async (t) => {
  const { sandbox } = await start(t, { merchants: [{ username: 'test', password: 'laces' }] });
  const headers = { authorization: `Basic ${Buffer.from('test:wrong').toString('base64')}` };
  await fetch(`${sandbox.url}/payments/v1/sessions/a`, { headers });
  t.matchLists(await sandbox.journal.refusals(), [{ operation: 'readSession', username: 'test' }]);
  const rules = await sandbox.journal.rules();
  t.ok(rules.some(({ id, evidence }) => id === 'order-total' && evidence === 'recorded'));
});

t.test('a report leaves checks out, and judges all merchants where it is told to', async (t) => {
  const { sandbox, target } = await start(t);
  await makeOrder({ ...target, username: 'boots' });
  t.equal((await sandbox.report()).judged, 0);
  const all = await sandbox.report({ merchants: 'all' });
  t.ok(all.judged > 0);
  t.ok(all.checks.some(({ id }) => id === 'practice/order-not-acknowledged'));
  const off = ['practice/order-not-acknowledged', 'contract/refused'];
  const { checks } = await sandbox.report({ off });
  t.strictSame(
    all.checks
      .map(({ id }) => id)
      .filter((id) => !checks.some((check) => check.id === id))
      .sort(),
    [...off].sort(),
  );
});

const FILE = `title: Down
evidence: inferred
outcomes: [{ on: createSession, calls: 1, fault: { status: 503 } }]
steps:
  - createSession: {}
    expect: { status: 503 }
`;

t.test('a scenario is listed, read, checked, chosen and played, by name or from a file', async (t) => {
  const { sandbox } = await start(t);
  const file = `${t.testdir({ 'down.yaml': FILE })}/down.yaml`;
  const name = 'faults/session-unavailable-once';
  t.ok((await sandbox.scenarios.list()).some((each) => each.name === name && each.alias === 'f-session-503'));
  t.match(await sandbox.scenarios.text('f-session-503'), { name, text: /^(#.*\n)?title: / });
  t.strictSame((await sandbox.scenarios.check(FILE)).problems, []);
  t.matchLists((await sandbox.scenarios.check(`${FILE}    expct: {}\n`)).problems, [{ line: 7, column: 5 }]);
  t.match(await sandbox.scenarios.play(file), { name: 'down', result: 'passed', merchant: 'test.down' });
  t.match(await sandbox.scenarios.play('mix-on-demand'), { result: 'passed' });
  t.matchLists(await sandbox.scenario.choose(file), { name: 'down', outcomes: [{ line: 3 }] });
  await t.rejects(sandbox.scenario.choose(`${file}.yaml`), { message: /down\.yaml\.yaml:1:1 no such file or folder$/ });
});

t.test('after a reset the same calls get the same ids again', async (t) => {
  const { sandbox, target } = await start(t);
  /** Everything that a purchase brings about, as bytes. */
  const purchase = async () => {
    const token = await makeCustomerToken(target);
    const order = await makeOrder(target);
    await sandbox.clock.advance('PT5M');
    const exchanges = await sandbox.journal.exchanges();
    const answers = exchanges.filter(({ operation }) => operation !== 'resetMerchant').map(({ response }) => response);
    return { token, order, answers: JSON.stringify(answers) };
  };
  const first = await purchase();
  for (let n = 0; n < 2; n++) {
    await sandbox.reset();
    t.strictSame(await purchase(), first);
  }
});
