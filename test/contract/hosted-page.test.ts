import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox as startLibrary } from '../../src/index.js';
import { Library } from '../../src/scenario/library.js';
import t, { type Test } from '../tap.js';
import { basic, type Caller, charge, purchase, startSandbox, tokenRequest } from './sandbox.js';

/** A shop on loopback that hears of its hosted sessions and answers with the statuses given, then 200. */
async function shop(t: Test, ...statuses: number[]) {
  const heard: { path: string; event_id: string; session: Record<string, string> }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push({ path: request.url as string, ...JSON.parse(body) });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, heard, told: () => heard.map(({ session }) => session.status) };
}

const SHOP = 'https://boots.example';
const urls = {
  success: `${SHOP}/thanks?page={{session_id}}&token={{authorization_token}}&order={{order_id}}`,
  failure: `${SHOP}/failure`,
};

/** A payment session and a hosted session on it. */
async function opened(call: Caller, { session = {}, ...body }: { session?: object; [field: string]: unknown } = {}) {
  const payment = (await call('createSession', { body: { ...purchase, ...session } })).body.session_id as string;
  const payment_session_url = `https://api.klarna.com/payments/v1/sessions/${payment}`;
  const created = await call('createHostedSession', { body: { payment_session_url, ...body } });
  const page = created.body.session_id as string;
  return { payment, page, path: { session_id: page }, created };
}

const settle = (call: Caller) => call('advanceClock', { body: { by: 'PT0S' } });

t.test('a purchase through the page ends in a captured order', async (t) => {
  const { url, as } = await startSandbox(t, { seed: 'captured' });
  const call = as('boots');
  const { page, path, payment, created } = await opened(call, {
    merchant_urls: urls,
    options: { place_order_mode: 'CAPTURE_ORDER' },
  });
  t.match(created, {
    status: 201,
    body: {
      session_url: `${url}/hpp/v1/sessions/${page}`,
      redirect_url: `${url}/hpp/payments/${page}`,
      distribution_module: { token: String, standalone_url: `${url}/hpp/distributions/${page}` },
    },
    headers: { 'x-ratelimit-limit': '40, 40;w=1' },
  });
  const done = await call('completeHostedSession', { path, body: { payment_option: 'pay_later' } });
  const { order_id, authorization_token } = done.body;
  t.match(done, {
    status: 200,
    body: {
      status: 'COMPLETED',
      fraud_status: 'ACCEPTED',
      redirect_url: `${SHOP}/thanks?page=${page}&token=${authorization_token}&order=${order_id}`,
    },
  });
  t.matchLists((await call('listOrders')).body.items, [{ order_id, session_id: payment, status: 'CAPTURED' }]);
  t.match((await call('readSession', { path: { session_id: payment } })).body, { status: 'complete' });
  t.match(await call('completeHostedSession', { path }), { status: 403, why: /^hosted-final: / });
  t.match(await call('disableHostedSession', { path }), { status: 400, why: /^hosted-final: / });
});

t.test('a purchase through the page gives a token that can be charged', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const { path } = await opened(call, { session: { intent: 'buy_and_default_tokenize' } });
  await call('completeHostedSession', { path, body: { payment_option: 'pay_in_4' } });
  const read = (await call('readHostedSession', { path })).body;
  t.match(read, { status: 'COMPLETED', authorization_token: String });
  const authorization = { authorizationToken: read.authorization_token };
  const token = (await call('createCustomerToken', { path: authorization, body: tokenRequest })).body.token_id;
  t.match(await call('createOrder', { path: authorization, body: purchase }), {
    status: 200,
    body: { authorized_payment_method: { type: 'slice_it_by_card' } },
  });
  t.match(await call('createCustomerTokenOrder', { path: { customerToken: token }, body: charge }), {
    status: 200,
    body: { authorized_payment_method: { type: 'pay_by_card' } },
  });
});

t.test('a card that the page cannot keep for later leaves a token by invoice', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const { path } = await opened(call, { session: { intent: 'buy_and_default_tokenize' } });
  const funding_source = { type: 'card', masked_number: '************6411', reusable: false };
  await call('completeHostedSession', { path, body: { payment_option: 'pay_in_4', funding_source } });
  const { authorization_token } = (await call('readHostedSession', { path })).body;
  const authorization = { authorizationToken: authorization_token };
  const created = await call('createCustomerToken', { path: authorization, body: tokenRequest });
  t.match(created, { status: 200, why: /^source-kept: .* the card cannot be kept/ });
  const token = created.body.token_id;
  t.strictSame((await call('readCustomerToken', { path: { customerToken: token } })).body, {
    payment_method_type: 'INVOICE',
    status: 'ACTIVE',
  });
  const listed = (await call('listCustomerTokens')).body.items[0];
  t.strictSame(listed.payment_method, { type: 'invoice', number_of_days: 30 });
  t.match((await call('listAuthorizations')).body.items[0].funding_source, funding_source);
});

t.test('the shop hears of each status in its order, four times if it must', async (t) => {
  const there = await shop(t, 500, 200, 503);
  const call = (await startSandbox(t, { seed: 'told' })).as('boots');
  const { page, path } = await opened(call, {
    merchant_urls: { ...urls, status_update: `${there.url}/status?page={{session_id}}` },
    options: { place_order_mode: 'PLACE_ORDER' },
  });
  await settle(call);
  t.strictSame(there.told(), [], 'nobody has opened it');
  await call('failHostedSession', { path });
  await settle(call);
  t.strictSame(there.told(), ['IN_PROGRESS', 'FAILED']);
  await call('completeHostedSession', { path });
  await settle(call);
  t.strictSame(there.told(), ['IN_PROGRESS', 'FAILED', 'IN_PROGRESS', 'COMPLETED']);
  await call('advanceClock', { body: { by: 'PT1M' } });
  t.strictSame(there.told(), ['IN_PROGRESS', 'FAILED', 'IN_PROGRESS', 'COMPLETED', 'IN_PROGRESS', 'IN_PROGRESS']);
  t.equal(new Set(there.heard.map(({ event_id }) => event_id)).size, 4, 'once more is the same event');
  t.strictSame(new Set(there.heard.map((callback) => callback.path)), new Set([`/status?page=${page}`]));
  t.strictSame(there.heard[3]?.session, (await call('readHostedSession', { path })).body);
  t.matchLists((await call('listCallbacks', { query: { on: 'status_update', limit: '1' } })).body.items, [
    { on: 'status_update', body: { session: { status: 'IN_PROGRESS' } }, attempt: 2, result: { status: 200 } },
  ]);
});

t.test('the shop hears of the end by time, and of none where there was another', async (t) => {
  const there = await shop(t);
  const call = (await startSandbox(t, { seed: 'time' })).as('boots');
  const merchant_urls = { status_update: `${there.url}/{{session_id}}` };
  const { path, page } = await opened(call, { merchant_urls });
  const other = await opened(call, { merchant_urls });
  await call('cancelHostedSession', { path: other.path });
  await call('advanceClock', { body: { by: 'PT46H59M' } });
  t.strictSame(there.told(), ['IN_PROGRESS', 'CANCELLED']);
  t.match((await call('readHostedSession', { path })).body, { status: 'WAITING' });
  await call('advanceClock', { body: { by: 'PT1M' } });
  t.matchLists(there.heard.slice(2), [{ path: `/${page}`, session: { status: 'TIMEOUT' } }]);
  t.strictSame(there.heard[2]?.session, (await call('readHostedSession', { path })).body);
  t.match(await call('backHostedSession', { path }), { status: 404, why: /^hosted-lifetime: / });
  await call('advanceClock', { body: { by: 'P7D' } });
  t.equal(there.heard.length, 3);
});

t.test('a browser is told what the page is for, and is on it from then on', async (t) => {
  const there = await shop(t);
  const { url, as } = await startSandbox(t, { seed: 'browser' });
  const call = as('boots');
  const { created, path, page } = await opened(call, { merchant_urls: { status_update: there.url } });
  const { redirect_url, qr_code_url, distribution_module } = created.body;
  const visit = async (address: string, headers = {}) => {
    const answer = await fetch(address, { headers });
    const policy = answer.headers.get('content-security-policy') ?? '';
    return { status: answer.status, type: answer.headers.get('content-type'), policy, text: await answer.text() };
  };
  t.match(await visit(qr_code_url), { status: 200, type: 'image/svg+xml', text: /^<svg [^>]*viewBox/ });
  t.match(await visit(distribution_module.standalone_url), {
    status: 200,
    text: `<a id="link" href="${redirect_url}">${redirect_url}</a>`,
  });
  t.match((await call('readHostedSession', { path })).body, { status: 'WAITING' }, 'that was not the page');
  const shown = await visit(redirect_url);
  t.match(shown, { status: 200, type: 'text/html;charset=utf-8', text: 'data-page="hosted"' });
  t.match(shown.policy, /script-src 'self';.*frame-ancestors 'none'/, 'nobody puts it into a frame');
  t.notMatch(shown.policy, 'unsafe');
  for (const act of ['complete', 'fail', 'cancel', 'back']) {
    t.match(shown.text, `curl -u USER:PASSWORD -X POST ${url}/sandbox/v1/hosted-sessions/${page}/${act}`);
  }
  t.notMatch(shown.text, 'boots', 'nobody else learns whose page it is');
  await visit(redirect_url);
  await settle(call);
  t.strictSame(there.told(), ['IN_PROGRESS'], 'once');
  t.match((await call('readHostedSession', { path })).body, { status: 'IN_PROGRESS' });
  const host = '"><script>alert(1)</script>';
  t.notMatch((await visit(redirect_url, { 'x-forwarded-host': host })).text, '<script>');
  const far = { 'x-forwarded-host': 'h'.repeat(3000) };
  t.match(await visit(qr_code_url, far), { status: 404, text: /more than a QR code holds/ });
  await call('disableHostedSession', { path });
  t.match(await visit(redirect_url), { status: 200, text: /closed.*hosted session .* is DISABLED for good/s });
  for (const address of ['payments/x', 'payments/x/qr', 'distributions/x']) {
    t.match(await visit(`${url}/hpp/${address}`), { status: 404, text: /<h1>Not found<\/h1>.*no hosted session/s });
  }
  t.match(await visit(created.body.manual_identification_check_url, { authorization: basic('boots') }), {
    status: 404,
  });
});

t.test('two visits at once change the session once', async (t) => {
  const there = await shop(t);
  const call = (await startSandbox(t)).as('boots');
  const { created } = await opened(call, { merchant_urls: { status_update: there.url } });
  await Promise.all(Array.from({ length: 10 }, () => fetch(created.body.redirect_url)));
  await settle(call);
  t.strictSame(there.told(), ['IN_PROGRESS']);
});

t.test('of many who pay at once, on whatever page, one does', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const options = { place_order_mode: 'PLACE_ORDER' };
  const { path, payment } = await opened(call, { options });
  const payment_session_url = `http://klarna.test/payments/v1/sessions/${payment}`;
  const other = (await call('createHostedSession', { body: { payment_session_url, options } })).body;
  const both = [path, { session_id: other.session_id }];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => call('completeHostedSession', { path: both[index % 2] })),
  );
  t.strictSame(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(403)]);
  t.equal((await call('listOrders')).body.items.length, 1);
  const { order_id } = (await call('listOrders')).body.items[0];
  for (const page of both) t.match((await call('readHostedSession', { path: page })).body, { order_id });
});

t.test('hosted sessions are listed, each as it stands', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'listed' });
  const call = sandbox.as('boots');
  const first = await opened(call, { options: { place_order_mode: 'PLACE_ORDER' } });
  const second = await opened(call);
  const done = (await call('completeHostedSession', { path: first.path })).body;
  await call('advanceClock', { body: { by: 'PT47H' } });
  const { body } = await call('listHostedSessions');
  t.matchLists(body.items, [
    { session_id: second.page, payment_session_id: second.payment, status: 'TIMEOUT', place_order_mode: 'NONE' },
    {
      session_id: first.page,
      payment_session_id: first.payment,
      status: 'COMPLETED',
      place_order_mode: 'PLACE_ORDER',
      order_id: done.order_id,
      klarna_reference: done.klarna_reference,
    },
  ]);
  t.matchLists((await call('listHostedSessions', { query: { limit: '1' } })).body, {
    items: [{ session_id: second.page }],
    next: second.page,
  });
  t.strictSame((await sandbox.as('shoes')('listHostedSessions')).body, { items: [] });
  t.notMatch(JSON.stringify((await call('readJournal')).body), 'listHostedSessions', 'looking is not recorded');
});

t.test('what is handed out to nobody stands in the journal', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const { path, created } = await opened(call);
  const sms = { method: 'sms', contact_information: { phone: '0701740615', phone_country: 'SE' } };
  t.match(await call('distributeHostedSession', { path, body: sms }), { status: 204, why: /^hosted-not-sent: / });
  const [entry] = (await call('readJournal', { query: { operation: 'distributeHostedSession' } })).body.items;
  t.match(entry.explanation, { rule: 'hosted-not-sent', evidence: 'inferred' });
  t.match(entry.explanation.text, created.body.redirect_url);
});

t.test('a scenario speaks for what happens on the page', async (t) => {
  const inline = (scenario: object) => ({ inline: { title: 'On the page', evidence: 'inferred', ...scenario } });
  const options = { place_order_mode: 'PLACE_ORDER' };

  t.test('for the shopper', async (t) => {
    const call = (await startSandbox(t)).as('boots');
    await call('chooseScenario', { body: inline({ shopper: { result: 'denied' } }) });
    const { path } = await opened(call, { merchant_urls: urls });
    t.match((await call('completeHostedSession', { path })).body, { status: 'FAILED', redirect_url: urls.failure });
    t.match((await call('completeHostedSession', { path, body: { result: 'approved' } })).body, {
      status: 'COMPLETED',
    });
  });

  t.test('for the order that the page places', async (t) => {
    const call = (await startSandbox(t)).as('boots');
    const outcomes = [
      { on: 'createOrder', calls: 1, error: 'REJECTED' },
      { on: 'createOrder', calls: 2, fault: { reset: true } },
      { on: 'createOrder', when: { auto_capture: false, order_amount: { $over: 1 } }, fraud: { status: 'PENDING' } },
    ];
    await call('chooseScenario', { body: inline({ outcomes }) });
    const { path } = await opened(call, { options });
    const refused = await call('completeHostedSession', { path });
    t.match(refused, { status: 200, body: { status: 'FAILED', approved: true }, why: /^scenario-outcome: .*REJECTED/ });
    t.match((await call('completeHostedSession', { path })).body, { status: 'COMPLETED', fraud_status: 'ACCEPTED' });
    const pending = await opened(call, { options });
    t.match(await call('completeHostedSession', { path: pending.path }), {
      body: { status: 'COMPLETED', fraud_status: 'PENDING' },
      why: /^scenario-outcome: .*PENDING/,
    });
    const { outcomes: progress } = (await call('readScenario')).body;
    t.matchLists(progress, [{ matched: 3 }, { hits: 1 }, { hits: 1 }], 'one call each');
    const none = await opened(call);
    await call('completeHostedSession', { path: none.path });
    t.matchLists(
      (await call('readScenario')).body.outcomes,
      [{ matched: 3 }, { hits: 1 }, { hits: 1 }],
      'without an order none',
    );
  });

  t.test('chosen by an e-mail address, from then on', async (t) => {
    const folder = t.testdir({ 'denied.yaml': 'title: No\nevidence: inferred\nshopper: { result: denied }\n' });
    const call = (await startSandbox(t, { library: Library.open(folder) })).as('boots');
    const { path } = await opened(call);
    const billing_address = { email: 'elsa+scenario-denied@shop.test' };
    const denied = await call('completeHostedSession', { path, body: { data: { billing_address } } });
    t.match(denied.body, { status: 'FAILED' });
    t.match((await call('completeHostedSession', { path })).body, { status: 'FAILED' }, 'it stays with the page');
    const misspelt = { email: 'elsa+scenario-denid@shop.test' };
    t.match(await call('completeHostedSession', { path, body: { data: { billing_address: misspelt } } }), {
      status: 400,
      why: /did you mean/,
    });
  });

  t.test('for callbacks, those of a visit included', async (t) => {
    const there = await shop(t);
    const call = (await startSandbox(t)).as('boots');
    const callbacks = [{ on: 'status_update', delivery: { 'before-the-answer': true, twice: true } }];
    await call('chooseScenario', { body: inline({ callbacks }) });
    const { path, created } = await opened(call, { merchant_urls: { status_update: there.url } });
    t.strictSame(there.told(), [], 'the end by time is not told now');
    await fetch(created.body.redirect_url);
    t.strictSame(there.told(), ['IN_PROGRESS', 'IN_PROGRESS']);
    await call('completeHostedSession', { path });
    t.strictSame(there.told().slice(2), ['COMPLETED', 'COMPLETED']);
  });

  t.test('for the operations of the page', async (t) => {
    const call = (await startSandbox(t)).as('boots');
    const outcomes = [{ on: 'readHostedSession', error: 'HOSTED_SESSION_NOT_FOUND' }];
    await call('chooseScenario', { body: inline({ outcomes }) });
    const { path } = await opened(call);
    t.match(await call('readHostedSession', { path }), { status: 404, body: { error_code: 'NOT_FOUND' } });
  });
});

t.test('bad input changes nothing and is explained', async (t) => {
  const sandbox = await startSandbox(t);
  const call = sandbox.as('boots');
  const { path } = await opened(call);
  for (const [body, why] of [
    [{}, /^shape: payment_session_url: given nothing/],
    [{ payment_session_url: 7 }, /^hosted-payment-session: payment_session_url: given 7/],
    [{ payment_session_url: `https://x/${'payments/'.repeat(200)}` }, /^hosted-payment-session: /],
    [{ payment_session_url: 'x'.repeat(2001) }, /^shape: .*at most 2000/],
    [{ payment_session_url: 'https://x/payments/v1/sessions/__proto__' }, /^session-known: /],
    [{ payment_session_url: 'https://x/payments/v1/sessions/a', merchant_urls: [] }, /^shape: merchant_urls/],
    [{ payment_session_url: 'https://x/payments/v1/sessions/a', options: { place_order_mode: 1 } }, /^shape: options/],
  ] as const) {
    const answer = await call('createHostedSession', { body });
    t.match(answer, { status: why.source.includes('session-known') ? 404 : 400, why });
  }
  t.matchLists(await call('completeHostedSession', { path, body: { resutl: 'denied' } }), {
    status: 400,
    body: { error_messages: ['Bad value: resutl'] },
  });
  t.match(await call('readHostedSession', { path: { session_id: '{{session_id}}' } }), { status: 404 });
  const shoes = sandbox.as('shoes');
  for (const operation of ['completeHostedSession', 'failHostedSession', 'cancelHostedSession', 'backHostedSession']) {
    t.match(await shoes(operation, { path }), { status: 404, why: /^hosted-known: / });
    t.match(await call(operation, { path: { session_id: 'x' } }), { status: 404 });
  }
  t.match((await call('readHostedSession', { path })).body, { status: 'WAITING' });
});

t.test('the library plays the shopper on the page', async (t) => {
  const sandbox = await startLibrary();
  t.teardown(sandbox.close);
  const headers = { authorization: basic('test'), 'content-type': 'application/json' };
  const post = async (path: string, body: object) =>
    (await fetch(sandbox.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  const { session_id } = (await post('/payments/v1/sessions', purchase)) as { session_id: string };
  const payment_session_url = `${sandbox.url}/payments/v1/sessions/${session_id}`;
  const body = { payment_session_url, merchant_urls: urls };
  const page = ((await post('/hpp/v1/sessions', body)) as { session_id: string }).session_id;
  t.match(await sandbox.failHostedSession(page), { status: 'FAILED', redirect_url: urls.failure });
  t.match(await sandbox.backHostedSession(page), { status: 'BACK' });
  t.match(await sandbox.completeHostedSession(page, { result: 'denied' }), { status: 'FAILED', approved: false });
  t.match(await sandbox.completeHostedSession(page), { status: 'COMPLETED', approved: true });
  await t.rejects(sandbox.cancelHostedSession(page), { status: 403, message: /COMPLETED for good/ });
});
