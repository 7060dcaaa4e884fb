import type { Merchant } from '../../src/server/world/merchants.js';
import t from '../tap.js';
import { openPage, page, start } from './page.js';
import { boots, purchase } from './sandbox.js';

const express = (url: string, body: unknown) => page(url, undefined).ask('POST', '/kp/v1/express-sessions', body);

t.test('an express button opens a session for its merchant', async (t) => {
  const { url, call } = await start(t);
  const { status, headers, body } = await express(url, { client_id: 'boots', data: purchase });
  t.equal(status, 200);
  t.equal(headers['access-control-allow-origin'], '*');
  t.strictSame(Object.keys(body), ['session_id', 'client_token', 'payment_method_categories']);
  t.match((await call('readSession', { path: body })).body, { order_amount: 10000, status: 'incomplete' });
  const { authorize, finalize } = page(url, body.client_token);
  t.match((await authorize({ auto_finalize: false })).body, { approved: true, finalize_required: true });
  t.match((await finalize({ data: purchase })).body, { approved: true, authorization_token: String });
  const { items } = (await call('readJournal')).body;
  t.match(items.at(-1), { operation: 'openExpressSession', status: 200 });
});

t.test('what a button sends is judged as a session of the shop', async (t) => {
  const { url } = await start(t);
  for (const [body, why] of [
    [{}, /^shape: client_id/],
    [{ client_id: ['boots'], data: purchase }, /^shape: client_id/],
    [{ client_id: '', data: purchase }, /^shape: client_id/],
    [{ client_id: 'x'.repeat(300), data: purchase }, /^shape: client_id/],
    [{ client_id: 'boots' }, /^shape: data/],
    [{ client_id: 'boots', data: {} }, /^shape: data.purchase_country/],
    [{ client_id: 'boots', data: { ...purchase, order_amount: 7 } }, /order_amount: given 7/],
    [{ client_id: 'boots', data: { ...purchase, order_lines: [{ ...boots, total_amount: 1 }] } }, /^line-total: /],
    ['{', /^readable-json: /],
  ] as const) {
    const answer = await express(url, body);
    t.match(answer, { status: 400, why }, JSON.stringify(body).slice(0, 80));
    t.equal(answer.headers['access-control-allow-origin'], '*');
  }
});

t.test('a client id names a merchant of the file', async (t) => {
  const merchants: Merchant[] = [
    { username: 'boots', password: 'a', client_ids: ['klarna_test_client_1', 'klarna_test_client_2'] },
    { username: 'shoes', password: 'b', active: false, client_ids: ['klarna_test_client_3'] },
  ];
  const { url, as } = await start(t, { merchants });
  const call = as('boots', 'a');
  for (const client_id of ['boots', 'klarna_test_client_1', 'klarna_test_client_2']) {
    t.equal((await express(url, { client_id, data: purchase })).status, 200, client_id);
  }
  t.equal((await call('listSessions')).body.items.length, 3);
  for (const client_id of ['klarna_test_client_4', 'hats', '__proto__', '<script>']) {
    const answer = await express(url, { client_id, data: purchase });
    t.match(answer, { status: 401, why: /^client-id: client_id: given / }, client_id);
    t.equal(answer.headers['access-control-allow-origin'], '*');
  }
  for (const client_id of ['shoes', 'klarna_test_client_3']) {
    t.match(await express(url, { client_id, data: purchase }), {
      status: 403,
      body: { error_code: 'MERCHANT_INACTIVE' },
    });
  }
  t.equal((await (await openPage(call, url)).read()).status, 200);
});
