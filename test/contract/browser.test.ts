import t from '../tap.js';
import { claimsOf, headerOf, openPage, page, SHOP, start } from './page.js';
import { boots, purchase, times, tokenRequest } from './sandbox.js';

const everyCall = [
  'GET /kp/v1/purchase',
  ...['load', 'authorize', 'reauthorize', 'finalize', 'errors'].map((name) => `POST /kp/v1/purchase/${name}`),
];
const sdkError = { call: 'load', error: 'TypeError', message: 'container: given nothing' };

t.test('a client token is a JWT as recorded ones are', async (t) => {
  const { url, call } = await start(t);
  const { created } = await openPage(call, url);
  const second = (await openPage(call, url)).created;
  const { port } = new URL(url);
  t.match(headerOf(created.client_token), { alg: 'RS256', kid: /^[0-9a-f-]{36}$/ });
  const { version, ...claims } = claimsOf(created.client_token);
  t.match(version, /^v\d+\.\d+\.\d+/);
  t.strictSame(claims, {
    session_id: created.session_id,
    base_url: `http://localhost:${port}/kp`,
    design: 'klarna',
    language: 'sv',
    purchase_country: 'SE',
    environment: 'playground',
    merchant_name: 'boots',
    session_type: 'PAYMENTS',
    client_event_base_url: `http://localhost:${port}`,
    scheme: true,
    experiments: [],
    region: 'eu',
    order_amount: 10000,
    offering_opts: 0,
    oo: '0',
  });
  const [header, payload, signature] = created.client_token.split('.');
  t.equal(Buffer.from(signature, 'base64url').length, 256, 'as long as a signature by RS256');
  t.strictSame(
    second.client_token.split('.').filter((_: string, part: number) => part !== 1),
    [header, signature],
  );
  t.not(second.client_token.split('.')[1], payload);
});

t.test('a page reads all that it shows', async (t) => {
  const { url, call } = await start(t);
  const { read } = await openPage(call, url, { merchant_urls: { confirmation: `${SHOP}/thanks` } });
  const { status, body, headers } = await read();
  t.equal(status, 200);
  t.equal(headers['access-control-allow-origin'], '*');
  t.match(headers['access-control-expose-headers'], /Mock-Klarna-Explain/);
  t.match(body, {
    merchant: 'boots',
    purchase_country: 'SE',
    purchase_currency: 'SEK',
    locale: 'sv-SE',
    intent: 'buy_and_default_tokenize',
    status: 'incomplete',
    order_amount: 10000,
    order_tax_amount: 2000,
    person: { given_name: 'Alice', email: 'customer+se@klarna.com', country: 'SE' },
    scenario: null,
    scripted: null,
  });
  t.matchLists(body.order_lines, [{ name: 'Winter boots', quantity: 2, unit_price: 5000, total_amount: 10000 }]);
  t.matchLists(body.payment_method_categories, [{ identifier: 'klarna', name: 'Pay with Klarna' }]);
  t.match(body.tokenizes_rule, /Pay Now .* Pay Later in 30 days/);
  t.strictSame(
    body.options.map(({ payment_option }: { payment_option: string }) => payment_option),
    ['pay_now', 'pay_later', 'pay_in_3', 'pay_in_4', 'financing'],
  );
  t.notOk('hosted' in body);
});

t.test('paying by each source brings about what the page said', async (t) => {
  const { url, call } = await start(t);
  const first = await openPage(call, url);
  const { options } = (await first.read()).body;
  const offered = options.flatMap(({ payment_option, sources }: any) =>
    sources.map((source: any) => ({ payment_option, ...source })),
  );
  t.ok(offered.length > 12);
  for (const { payment_option, funding_source, brings, tokenizes, pays, label } of offered) {
    const { authorize, created } = await openPage(call, url);
    const answer = (await authorize({ payment_option, funding_source })).body;
    const what = `${payment_option} by ${label}`;
    t.strictSame([answer.approved, answer.show_form], brings === 'approved' ? [true, true] : [false, false], what);
    if (brings !== 'approved') {
      t.equal(tokenizes, null);
      continue;
    }
    const path = { authorizationToken: answer.authorization_token };
    const token = (await call('createCustomerToken', { path, body: tokenRequest })).body.token_id;
    const kept = (await call('readCustomerToken', { path: { customerToken: token } })).body;
    t.equal(kept.payment_method_type, tokenizes.payment_method_type, what);
    const order = await call('createOrder', { path, body: purchase });
    t.equal(order.body.authorized_payment_method.type, pays.type, `${what}, session ${created.session_id}`);
  }
});

t.test('a page authorizes as the control API does', async (t) => {
  const { url, call } = await start(t);
  const { authorize, read, path } = await openPage(call, url);
  const { body } = await authorize({ payment_option: 'pay_in_4' });
  t.strictSame(Object.keys(body).sort(), ['approved', 'authorization_token', 'show_form']);
  const placed = await call('createOrder', { path: { authorizationToken: body.authorization_token }, body: purchase });
  t.equal(placed.status, 200);
  t.equal((await call('readSession', { path })).body.status, 'complete');
  t.equal((await read()).body.status, 'complete', 'the page can still be read');
  t.match(await authorize(), { status: 404, why: /^session-completed: / });

  const other = await openPage(call, url);
  t.match((await other.authorize({ result: 'abandoned' })).body, { approved: false, show_form: true });
  t.match((await other.authorize({ result: 'denied' })).body, { approved: false, show_form: false });
  t.strictSame((await other.authorize({ result: 'fix_required', invalid_fields: ['billing_address.email'] })).body, {
    approved: false,
    show_form: true,
    error: { invalid_fields: ['billing_address.email'] },
  });
  t.match(await other.authorize({ data: { order_amount: 7 } }), { status: 400, why: /^order-total: |^amount/ });
  t.match(await other.authorize({ payment_option: 'pay_later', funding_source: { type: 'bank_transfer' } }), {
    status: 400,
    why: /^option-and-source: /,
  });
  t.match(await other.authorize({ resutl: 'denied' }), { status: 400, why: /^shape: resutl/ });
  t.match(await other.ask('POST', '/kp/v1/purchase/authorize', '{"result":'), { status: 400, why: /^readable-json: / });
  t.match(await other.ask('POST', '/kp/v1/purchase/authorize', 'a', { 'content-type': 'text/plain' }), { status: 415 });
  t.match(await other.ask('POST', '/kp/v1/purchase/authorize', ' '.repeat(2 ** 20 + 1)), { status: 413 });
  t.equal((await other.ask('DELETE', '/kp/v1/purchase')).status, 405);
});

t.test('what load() gives is merged into the session', async (t) => {
  const { url, call } = await start(t);
  const { load, authorize, path, read } = await openPage(call, url);
  t.strictSame((await load()).body, { show_form: true });
  t.strictSame((await load({ payment_method_category: '' })).body, { show_form: true }, 'an empty name asks for all');
  const data = {
    order_amount: 5000,
    order_tax_amount: 1000,
    order_lines: [{ ...boots, quantity: 1, total_amount: 5000, total_tax_amount: 1000 }],
  };
  t.strictSame((await load({ payment_method_category: 'klarna', instance_id: 'one', data })).body, { show_form: true });
  t.equal((await call('readSession', { path })).body.order_amount, 5000);
  t.equal((await read()).body.order_amount, 5000);

  const { status, body, why } = await load({ payment_method_category: 'pay_later' });
  t.strictSame([status, body], [200, { show_form: false }]);
  t.match(why, /^category-offered: payment_method_category: given pay_later, expected one of the session: klarna$/);
  t.match(await load({ data: { order_amount: 7 } }), { status: 400 });
  t.equal((await read()).body.order_amount, 5000, 'nothing of it is kept');
  const wrong = { billing_address: { email: 'no address', country: 'SE' } };
  t.strictSame((await load({ data: wrong })).body, {
    show_form: true,
    error: { invalid_fields: ['billing_address.email'] },
  });
  t.strictSame(
    (await load({ data: { billing_address: { email: 'customer+se+red@klarna.com', country: 'SE' } } })).body,
    { show_form: false },
  );
  const denied = { billing_address: { email: 'customer+se+denied@klarna.com', country: 'SE' } };
  t.strictSame((await load({ data: denied })).body, { show_form: true });
  const sources = (await read()).body.options.flatMap((option: any) => option.sources);
  t.ok(
    sources.every((source: any) => source.brings === 'denied' && source.tokenizes === null),
    'the page knows the trigger',
  );
  t.strictSame((await authorize()).body, { approved: false, show_form: false });
});

t.test('a purchase can wait for finalize(), be finalized without need, and be authorized again', async (t) => {
  const { url, call } = await start(t);
  const { authorize, reauthorize, finalize, path } = await openPage(call, url);
  t.match(await finalize(), { status: 403, why: /^finalize-waits: / });
  t.match(await reauthorize(), { status: 403, why: /^reauthorize-after: / });
  const funding_source = { type: 'direct_debit', masked_number: '**********9999' };
  const waits = await authorize({ payment_option: 'financing', funding_source, auto_finalize: false });
  t.strictSame(waits.body, { approved: true, show_form: true, finalize_required: true });
  const finalized = (await finalize()).body;
  t.match(finalized, { approved: true, show_form: true, authorization_token: String });
  t.strictSame((await finalize()).body, finalized, 'again it gives the token that is there');
  const data = { ...purchase, merchant_reference1: 'SHOP-2' };
  const again = (await reauthorize({ data })).body;
  t.match(again, { approved: true, authorization_token: String });
  t.not(again.authorization_token, finalized.authorization_token);
  const { items } = (await call('listAuthorizations')).body;
  t.matchLists(items, [
    { authorization_token: again.authorization_token, status: 'valid', payment_option: 'financing', funding_source },
    {
      authorization_token: finalized.authorization_token,
      status: 'replaced',
      payment_option: 'financing',
      funding_source,
    },
  ]);
  t.equal((await call('readSession', { path })).body.merchant_reference1, 'SHOP-2');
  t.strictSame((await authorize({ result: 'denied', auto_finalize: false })).body, {
    approved: false,
    show_form: false,
  });
  await call('advanceClock', { body: { by: 'PT61M' } });
  t.match(await finalize(), { status: 404, why: /^authorization-lifetime: / });
});

t.test('a client token opens its own session, and no other thing does', async (t) => {
  const { url, call, as } = await start(t);
  const { created, path } = await openPage(call, url);
  const [header, payload, signature] = created.client_token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...claimsOf(created.client_token), order_amount: 1 })).toString(
    'base64url',
  );
  const stranger = Buffer.from(JSON.stringify({ session_id: 'nobody' })).toString('base64url');
  for (const [token, why] of [
    [undefined, /^client-token: Authorization: given nothing, expected Bearer/],
    ['', /given something else/],
    ['foo', /given something else/],
    ['a.b.c', /given something else/],
    [`${header}.${Buffer.from('[]').toString('base64url')}.${signature}`, /given something else/],
    [`${header}.${forged}.${signature}`, /given another one than session .* was created with/],
    [`${header}.${payload}.`, /given another one/],
    [`${header}.${payload}.${signature}x`, /given another one/],
    [`${header}.${stranger}.${signature}`, /of session nobody, which nobody created/],
  ] as const) {
    const visitor = page(url, token);
    for (const target of everyCall) {
      const [method, path] = target.split(' ') as [string, string];
      const answer = await visitor.ask(method, path, method === 'POST' ? sdkError : undefined);
      t.match(answer, { status: 401, body: { error_code: 'UNAUTHORIZED' }, why }, `${target} with ${token}`);
      t.strictSame(answer.body.error_messages, ['Invalid client token']);
      t.equal(answer.headers['access-control-allow-origin'], '*');
    }
  }
  const other = await openPage(as('shoes'), url);
  t.equal((await other.read()).body.session_id, other.path.session_id, 'each has its own');
  t.not(other.path.session_id, path.session_id);
  const credentials = page(url, undefined);
  const basic = { authorization: `Basic ${Buffer.from('boots:secret').toString('base64')}` };
  t.equal((await credentials.ask('GET', '/kp/v1/purchase', undefined, basic)).status, 401, 'credentials are none here');
  t.equal(
    (await page(url, created.client_token).ask('GET', '/sandbox/v1/sessions')).status,
    403,
    'and a page of another origin may not ask the control API at all',
  );
});

t.test('a session that is over is over for its page', async (t) => {
  const { url, call } = await start(t);
  const { ask } = await openPage(call, url);
  await call('advanceClock', { body: { by: 'PT49H' } });
  for (const target of everyCall) {
    const [method, path] = target.split(' ') as [string, string];
    if (path.endsWith('errors')) continue;
    t.match(
      await ask(method, path, method === 'POST' ? {} : undefined),
      { status: 404, why: /^session-lifetime: / },
      target,
    );
  }
});

t.test('a page on any origin may call these operations, and no others', async (t) => {
  const { url, call } = await start(t);
  const { ask, path } = await openPage(call, url);
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  const open = [
    ...everyCall,
    'POST /kp/v1/express-sessions',
    ...['pay', 'fail', 'cancel', 'back'].map((act) => `POST /hpp/payments/x/${act}`),
    'GET /hpp/payments/x/purchase',
  ];
  for (const target of open) {
    const [method, path] = target.split(' ') as [string, string];
    const { status, headers, body } = await ask('OPTIONS', path, undefined, { ...preflight, authorization: '' });
    t.strictSame([status, body], [204, ''], target);
    t.match(headers, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': method,
      'access-control-allow-headers': /Authorization, Content-Type/,
    });
    t.notOk('access-control-allow-private-network' in headers);
  }
  const wanted = { 'access-control-request-private-network': 'true' };
  t.equal(
    (await ask('OPTIONS', '/kp/v1/purchase', undefined, wanted)).headers['access-control-allow-private-network'],
    'true',
  );
  for (const other of [
    '/sandbox/v1/sessions',
    '/payments/v1/sessions',
    `/kp/v1/sessions/${path.session_id}/redirect`,
    '/hpp/payments/x',
    '/docs',
  ]) {
    const { status, headers } = await ask('OPTIONS', other, undefined, preflight);
    t.ok(status >= 400, other);
    t.notOk('access-control-allow-origin' in headers, other);
    t.notOk('access-control-allow-origin' in (await ask('GET', other)).headers, other);
  }
});

t.test('what the browser does stands in the journal', async (t) => {
  const { url, call } = await start(t);
  const { read, load, authorize, report, created, path } = await openPage(call, url);
  await read();
  await load();
  await authorize();
  t.equal((await report(sdkError)).status, 204);
  t.match(await report({ call: 'load' }), { status: 400, why: /^shape: / });
  await page(url, `${created.client_token}x`).read();
  const { items } = (await call('readJournal')).body;
  t.strictSame(
    items.map(({ operation, status }: { operation: string; status: number }) => `${operation} ${status}`).reverse(),
    [
      'createSession 200',
      'readPurchase 200',
      'loadPurchase 200',
      'authorizePurchase 200',
      'reportSdkError 204',
      'reportSdkError 400',
      'readPurchase 401',
    ],
  );
  t.match(items[2], {
    explanation: { rule: 'sdk-error', text: 'load() gave the page TypeError: container: given nothing' },
  });
  t.ok(items.slice(0, -1).every(({ session_id }: { session_id: string }) => session_id === path.session_id));
  t.notMatch(JSON.stringify(items.map(({ request }: { request: object }) => request)), created.client_token);
});

t.test('two authorizes at once give two authorizations, of which the newest counts', async (t) => {
  const { url, call } = await start(t);
  const { authorize, path } = await openPage(call, url);
  const answers = await times(10, () => authorize());
  const tokens = answers.map(({ body }) => body.authorization_token);
  t.equal(new Set(tokens).size, 10);
  const { authorization_token } = (await call('readSession', { path })).body;
  t.ok(tokens.includes(authorization_token));
  const placed = await times(10, (index) =>
    call('createOrder', { path: { authorizationToken: tokens[index] }, body: purchase }),
  );
  t.equal(placed.filter(({ status }) => status === 200).length, 1);
});

t.test('a scenario speaks to the page', async (t) => {
  const { url, call } = await start(t);
  await call('chooseScenario', {
    body: {
      inline: {
        title: 'The shopper pays in 4 and is denied',
        evidence: 'inferred',
        shopper: { result: 'denied', payment_option: 'pay_in_4' },
      },
    },
  });
  const { read, authorize } = await openPage(call, url);
  t.match((await read()).body, {
    scenario: { name: 'inline', title: 'The shopper pays in 4 and is denied' },
    scripted: { result: 'denied', payment_option: 'pay_in_4' },
  });
  t.strictSame((await authorize()).body, { approved: false, show_form: false });
  t.match((await call('readJournal', { query: { operation: 'authorizePurchase' } })).body.items[0], {
    scripted: { shopper: { result: 'denied' } },
  });

  await call('endScenario');
  const email = 'elsa+scenario-mixed-payments.subscription@shop.test';
  const named = await openPage(call, url, { billing_address: { email, country: 'SE' } });
  t.match((await named.read()).body, { scenario: { name: 'mixed-payments/subscription' } });
  const misspelt = await openPage(call, url, {
    billing_address: { email: 'elsa+scenario-none@shop.test', country: 'SE' },
  });
  t.match((await misspelt.read()).body, { scenario: null });
  t.match(await misspelt.authorize(), { status: 400, why: /^scenario-known: / });

  const bound = await openPage(call, url);
  const billing = (address: string) => ({ data: { billing_address: { email: address, country: 'SE' } } });
  await bound.authorize({ ...billing(email), result: 'abandoned' });
  await bound.load(billing('elsa@shop.test'));
  t.match(
    (await bound.read()).body,
    { scenario: { name: 'mixed-payments/subscription' } },
    'it stays with its session',
  );
});

t.test('texts of any kind pass unharmed', async (t) => {
  const { url, call } = await start(t);
  const texts = ['<script>alert(1)</script>', '\u202Eltr\u202C', '👢 & 🥾', "Robert'); DROP TABLE", '${person}', '"\\'];
  for (const text of texts) {
    const order_lines = [{ ...boots, name: text, image_url: `${SHOP}/?q=${encodeURIComponent(text)}` }];
    const { read, load } = await openPage(call, url, { order_lines });
    t.equal((await read()).body.order_lines[0].name, text);
    const billing_address = { given_name: text.slice(0, 99), email: 'elsa@example.com', country: 'SE' };
    const answer = await load({ data: { billing_address } });
    t.equal(answer.status, 200);
    t.equal((await read()).body.person.given_name, text);
  }
  const { report, load, ask } = await openPage(call, url);
  const long = '\u202E<b>👢'.repeat(1500);
  t.equal((await report({ ...sdkError, message: long })).status, 204);
  t.ok(
    (await call('readJournal', { query: { operation: 'reportSdkError' } })).body.items[0].explanation.text.endsWith(
      long,
    ),
  );
  t.match(await load({ data: { billing_address: { given_name: 'x'.repeat(10_000) } } }), { status: 400 });
  t.match(await load({ payment_method_category: 'x'.repeat(10_000) }), { status: 400 });
  t.equal((await ask('GET', '/kp/v1/purchase?x=%00')).status, 200);
});
