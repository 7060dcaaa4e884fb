import { contractChecks } from '../../src/shop/violations.js';
import { authorized, basic, boots, purchase, startSandbox, tokenized } from '../contract/sandbox.js';
import t from '../tap.js';
import { idsOf, keyed, reportOf, shopOf } from './shop.js';

/** The findings of the contract's checks, as their ids without what is before the slash. */
const broken = async (call: Parameters<typeof reportOf>[0]) =>
  (await reportOf(call)).findings.filter(({ check }) => check.startsWith('contract/'));

t.test('what Klarna refuses', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'refused' });
  const call = sandbox.as('boots');
  await call('createSession', { body: {} });
  await call('createSession', { body: { ...purchase, order_amount: 1 } });
  await call('createCustomerToken', {
    path: await authorized(call, { intent: 'buy' }),
    body: { description: 'x', intended_use: 'SUBSCRIPTION' },
  });
  const { body: session } = await call('createSession', { body: purchase });
  await call('authorizeSession', { path: session, body: { data: { order_amount: 7 } } });
  await call('authorizeSession', {
    path: session,
    body: { payment_option: 'pay_in_4', funding_source: { type: 'none' } },
  });
  await sandbox.as('boots', 'invalid')('readSession', { path: session });
  const messages = (await broken(call))
    .map(({ operation, got, path }) => `${operation} ${got} ${path ?? ''}`.trim())
    .sort();
  t.same(messages, [
    'authorizeSession 400 BAD_VALUE $.body.order_amount',
    'createCustomerToken 403 INVALID_OPERATION',
    'createSession 400 BAD_VALUE $.body.order_amount',
    'createSession 400 BAD_VALUE $.body.purchase_country',
    'readSession 401',
  ]);
});

t.test('what is not for the shop to see to', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'not refused' });
  const call = sandbox.as('boots');
  const shop = shopOf(call);
  await shop.script({ on: 'createOrder', error: 'REJECTED' });
  await call('createOrder', { path: await authorized(call, { intent: 'buy' }), body: purchase });
  const path = await tokenized(call, { intent: 'buy_and_tokenize' });
  await call('declineCustomerToken', { path, body: { error_code: 'PAYMENT_METHOD_FAILED' } });
  const body = { ...purchase, intent: undefined };
  await call('createCustomerTokenOrder', { path, headers: keyed(), body });
  await call('suspendCustomerToken', { path });
  await call('createCustomerTokenOrder', { path, headers: keyed(), body });
  await shop.later('P3D');
  await call('readSession', { path });
  t.same(await broken(call), []);
  await call('updateCustomerTokenStatus', { path, body: { status: 'CANCELLED' } });
  await call('createCustomerTokenOrder', { path, headers: keyed(), body });
  t.match(await broken(call), [{ check: 'contract/refused', got: '403 TOKEN_CANCELLED' }]);
});

t.test('paths that Klarna does not have', async (t) => {
  const { url, as } = await startSandbox(t);
  const headers = { authorization: basic('boots') };
  await fetch(`${url}/payments/v1/session?x=1`, { headers });
  await fetch(`${url}/payments/v1/sessions`, { method: 'DELETE', headers });
  const found = await broken(as('boots'));
  t.match(
    found,
    [
      { check: 'contract/unknown-path', got: '405', where: { exchange: 2 } },
      { check: 'contract/unknown-path', got: '404', message: /^GET \/payments\/v1\/session is no operation/ },
    ].reverse(),
  );
});

t.test('what Klarna takes, but not as it was meant', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'stray' });
  const call = sandbox.as('boots');
  const line = { ...boots, quantty: 3, quantity: '2', total_discount_amount: 0.5, reference: 42, image_url: null };
  const session = {
    ...purchase,
    intent: 'BUY',
    status: 'complete',
    wholly_unknown_thing: 1,
    order_lines: [line],
    merchant_urls: null,
  };
  const { body: path } = await call('createSession', { body: session });
  const data = { billing_address: { given_nam: 'Elsa', email: 'customer+denied@email.se' } };
  await call('authorizeSession', { path, body: { result: 'denied', data } });
  const found = await broken(call);
  t.same(
    found
      .map(({ check, severity, path: at, expected }) => [check, severity, at, expected].map(String).join(' '))
      .sort(),
    [
      'contract/deprecated note $.body.data.billing_address.email undefined',
      'contract/fraction warning $.body.order_lines[0].total_discount_amount 0',
      'contract/read-only-field violation $.body.status undefined',
      'contract/unknown-field violation $.body.data.billing_address.given_nam given_name',
      'contract/unknown-field violation $.body.order_lines[0].quantty quantity',
      'contract/unknown-field violation $.body.wholly_unknown_thing undefined',
      'contract/value-type note $.body.order_lines[0].quantity 2',
      'contract/value-type note $.body.order_lines[0].reference 42',
      'contract/word-case note $.body.intent buy',
    ],
  );
  t.match(
    found.find(({ path: at }) => at?.endsWith('quantty')),
    {
      message: /sends order_lines\[0\]\.quantty, which Klarna does not know and ignores; did you mean "quantity"\?$/,
      evidence: 'recorded',
    },
  );
});

t.test('every check of the contracts tells why', async (t) => {
  for (const { id, title, reason } of contractChecks) t.ok(title.endsWith('.') && reason?.endsWith('.'), id);
  t.same(idsOf([]), []);
});
