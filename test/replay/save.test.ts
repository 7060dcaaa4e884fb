import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { control } from '../../src/client/control.js';
import type { Exchange, Journal } from '../../src/exchange/exchange.js';
import { inventFor, mask, StandIns } from '../../src/exchange/stand-ins.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { renderVerdict } from '../../src/replay/report.js';
import { saveJournal } from '../../src/replay/save/save.js';
import { readScenario } from '../../src/scenario/read.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { type ServerOptions, startServer } from '../../src/server/start.js';
import { holds, holdsLater } from '../property.js';
import t, { type Test } from '../tap.js';

/** A sandbox in which a merchant makes requests as they come, and what they leave in its journal. */
async function shop(t: Test, options: Partial<ServerOptions> = {}) {
  const { url, close } = await startServer({ port: 0, seed: 'shop', ...options });
  t.teardown(close);
  const authorization = `Basic ${Buffer.from('K123_merchant:top-secret').toString('base64')}`;
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  const target = { url, username: 'K123_merchant', password: 'any' };
  const journal = async () => (await control(target, 'readJournal')) as Journal;
  return { url, send, journal, target };
}

/** Saves the journal and replays what was saved on another sandbox; both files are as like as their journals. */
async function saveAndReplay(t: Test, journal: Journal, username = 'K123_merchant') {
  const saved = saveJournal(journal, username);
  const text = saved.text ?? '';
  const file = join(t.testdir({ 'saved.yaml': text }), 'saved.yaml');
  const scenario = readScenario(text, file);
  const { url, close } = await startServer({ port: 0, seed: 'another' });
  t.teardown(close);
  const [result] = await replayScenarios([scenario], { url, username: 'again', password: 'any' }, { seed: 'r' });
  t.ok(result?.passed, `replayed: ${result && renderVerdict(result)}`);
  const again = { url, username: result?.merchant ?? '', password: 'any' };
  const second = saveJournal((await control(again, 'readJournal')) as Journal, again.username);
  return { ...saved, text, scenario, second: second.text };
}

const lines = [{ name: 'Boots', quantity: 1, unit_price: 10000, total_amount: 10000 }];
const purchase = { order_amount: 10000, order_tax_amount: 0, order_lines: lines };
const market = { purchase_country: 'SE', purchase_currency: 'SEK', locale: 'sv-SE' };

const names = ({ steps }: Scenario) => steps.map(({ operation }) => operation.name);

t.test('ids become variables, where a later step names them', async (t) => {
  const { send, journal } = await shop(t);
  const { session_id } = (await send('POST', '/payments/v1/sessions', { ...market, ...purchase, intent: 'tokenize' }))
    .body;
  await send('POST', '/payments/v1/sessions', { ...market, ...purchase });
  const { authorization_token } = (await send('POST', `/sandbox/v1/sessions/${session_id}/authorize`)).body;
  const { token_id } = (
    await send('POST', `/payments/v1/authorizations/${authorization_token}/customer-token`, {
      ...market,
      description: `Boots, \${care} of $5 for ${session_id}`,
      intended_use: 'SUBSCRIPTION',
    })
  ).body;
  await send('GET', `/customer-token/v1/tokens/${token_id}?verbose=1`);
  for (const key of ['once', 'twice', 'twice', '']) {
    const headers = { 'Klarna-Idempotency-Key': key };
    await send('POST', `/customer-token/v1/tokens/${token_id}/order`, { ...market, ...purchase }, headers);
  }
  const { text, scenario, notes, calls, second } = await saveAndReplay(t, await journal());
  t.strictSame(notes, []);
  t.equal(calls, 9);
  t.match(text, 'Boots, $${care} of $$5 for ${session}');
  t.match(text, /Klarna-Idempotency-Key: \$newUuid/);
  t.equal(text.match(/Klarna-Idempotency-Key: "\$\{token\}-1"/g)?.length, 2);
  t.match(text, /query: \{ verbose: "1" \}/);
  t.match(text, 'order_id: ${order}', 'the repeated answer is that of the first');
  t.strictSame(
    scenario.steps.map(({ keep }) => Object.keys(keep).join()),
    ['session', '', 'authorization', 'token', '', '', 'order', '', ''],
  );
  t.equal(second, text.replaceAll('10 calls', '9 calls'), 'saved again it is the same');
});

t.test('nothing about people is in the file, and rules judge those in their place alike', async (t) => {
  const { send, journal } = await shop(t);
  const anna = {
    given_name: 'Annabella',
    family_name: 'Übermüller',
    email: 'annabella.u@webmail.example',
    phone: '+46701112233',
    street_address: 'Geheimgatan 17',
    street_address2: 'Uppgang Q',
    postal_code: '114 55',
    city: 'Vaxholm',
    country: 'SE',
  };
  const bert = { ...anna, given_name: 'Bertholdus', email: 'bertholdus@webmail.example', phone: '070-777 88 99' };
  const customer = { date_of_birth: '1987-05-14', national_identification_number: '19870514-2387', gender: 'female' };
  const secrets = {
    merchant_data: 'sold to Annabella Übermüller, Geheimgatan 17, by K123_merchant',
    merchant_urls: {
      confirmation: 'https://till:hunter22@shop.example/thanks?s={session.id}&key=topsecretkey',
      push: 'http://localhost:8080/push;v=2?order=1',
    },
    attachment: { content_type: 'application/vnd.klarna.internal.emd-v2+json', body: '{"account":"annabella.u"}' },
  };
  const open = async (more: object) => {
    const { body } = await send('POST', '/payments/v1/sessions', { ...market, ...purchase, ...more });
    return body.session_id as string;
  };
  const authorize = async (session: string, data?: object) =>
    (await send('POST', `/sandbox/v1/sessions/${session}/authorize`, data ? { data } : undefined)).body;
  const order = (token: string, more: object) =>
    send('POST', `/payments/v1/authorizations/${token}/order`, { ...market, ...purchase, ...more });

  const first = await open({ billing_address: anna, shipping_address: bert, customer, ...secrets });
  await send('GET', `/payments/v1/sessions/${first}`);
  const { authorization_token } = await authorize(first);
  const differing = await order(authorization_token, {
    billing_address: { ...anna, city: 'Lidingö' },
    shipping_address: bert,
  });
  t.equal(differing.status, 409);
  const { street_address2, ...there } = anna;
  const second = await open({ billing_address: there });
  const again = await authorize(second, { billing_address: anna, customer });
  t.equal((await order(again.authorization_token, { billing_address: anna })).status, 200);
  const words = new Set<string>();
  const wrong = [
    { email: 'annabella.at.webmail' },
    { given_name: 'Аннабелла' },
    { given_name: 'Q' },
    { family_name: '12345678' },
    { phone: '+46 99' },
    { postal_code: '99887766' },
    { street_address: 'Geheimgatan 17 | hinten' },
    { city: 'Vaxholm\u0007' },
    { email: 'annabella+denied@email.se' },
    { email: 'annabella+se+denied@klarna.com' },
    { email: 'annabella+secretword@klarna.com' },
    { phone: '+46701740620' },
    { phone: 46701112244 },
    { given_name: true },
    { attention: 'Frau Doktor Übermüller' },
    { nickname: 'annabellchen', family_name: 'Übermüller-Å' },
    { given_name: 'Λαμπρινή', country: 'GR', phone: '+306977112233', postal_code: '15123' },
    { country: 'XX', phone: '+5099999888877' },
    { country: 'US', postal_code: '90210', phone: '+13105550123', email: 'annabella+us+pend-accept-05@klarna.com' },
  ];
  for (const more of wrong) {
    await authorize(await open({}), { billing_address: { ...anna, ...more } });
    for (const word of Object.values(more)) words.add(String(word));
  }
  const third = await open({ customer: { ...customer, last_four_ssn: '9'.repeat(9) } });
  await send('POST', `/payments/v1/sessions/${third}`, '{"billing_address": {"given_name": "Annabella"');
  await send('POST', `/payments/v1/sessions/${third}`, '"Annabella"');
  const long = 'Annabella'.repeat(30);
  await send('POST', `/payments/v1/sessions/${third}`, { billing_address: { given_name: long } });

  const taken = await journal();
  const { text, notes, second: saved } = await saveAndReplay(t, taken);
  t.strictSame(notes, []);
  t.match(text, /\$\{person\./, 'the sample person is there');
  for (const word of [
    ...Object.entries({ ...anna, ...bert, ...customer }).flatMap(([name, value]) =>
      ['country', 'gender'].includes(name) ? [] : [value],
    ),
    ...['Annabella', 'annabella', 'hunter22', 'topsecretkey', 'top-secret', 'K123_merchant', 'secretword', 'Lidingö'],
    ...[...words].filter((word) => !['GR', 'US', 'XX', 'true', '+46701740620'].includes(word) && word.length > 1),
  ]) {
    t.notMatch(text, word, word);
  }
  t.match(text, /\+se\+denied@klarna\.com|\+denied@email\.se/);
  t.match(text, 'sold to ');
  t.match(text, 'https://shop.example/thanks?s={session.id}&key=redacted');
  t.match(text, 'push: https://shop.example/push;v=2?order=redacted', 'a replay calls no shop of this machine');
  t.equal(saved, text, 'in what is replayed there is nothing to take out any more');
});

t.test('the suffixes of a test address stay, and nothing else of it', async (t) => {
  const suffixes = ['uk', 'co.uk', 'com', 'se', 'SE', 'denied', 'pend-accept-05'];
  const words = ['xuk', 'ukx', 'coXuk', 'xco.uk', 'comx', 'xcom', 'sex', 'deniedx', 'anna'];
  const invented = (word: string) => inventFor('email', `anna+${word}@shop.se`, 'SE').map((invent) => invent(0));
  for (const word of suffixes) t.ok(invented(word).includes(`customer+${word}@shop.se`), word);
  for (const word of words)
    t.notOk(
      invented(word).some((email) => email.includes(word)),
      word,
    );
});

t.test('somebody else stands in the place of each value, and the same for the same', async (t) => {
  const standIns = new StandIns();
  const of = (field: string, value: string, country?: string) => {
    standIns.add({ field, value, country });
    return { field, value };
  };
  const given = Array.from({ length: 60 }, (_, index) => [
    of('given_name', `Anna${index}`, 'SE'),
    of('phone', `+4670111${1000 + index}`, 'SE'),
    of('postal_code', `${11000 + index}`, 'SE'),
    of('email', `a${index}@b.se`, 'SE'),
    of('merchant', `other${index}`, 'SE'),
    of('attachment', `{"a":${index}}`, 'SE'),
    of('vat_id', `V${index + 10}`, 'SE'),
  ]).flat();
  const alice = of('given_name', 'Alice', 'SE');
  t.equal(standIns.of(alice), 'Alice', 'the sample person is nobody');
  for (const field of new Set(given.map((one) => one.field))) {
    const values = given.filter((one) => one.field === field).map((one) => standIns.of(one));
    t.equal(new Set(values).size, field === 'vat_id' ? new Set(values).size : 60, field);
    t.notOk(values.includes('Alice'));
    t.notOk(values.includes('+46701740620'), 'nobody gets the number that is denied');
  }
  t.match(standIns.of({ field: 'email', value: 'a0@b.se' }), 'customer+se@klarna.com');
  t.match(standIns.of({ field: 'email', value: 'a27@b.se' }), /^customer\.[a-z]+\+se@klarna\.com$/);
  const letters = Array.from({ length: 30 }, (_, index) => of('city', String.fromCharCode(0x400 + index), 'SE'));
  const masked = letters.map((one) => standIns.of(one));
  t.strictSame(new Set(masked), new Set(['文']), 'there are not enough to be different');
  t.equal(standIns.of({ field: 'nobody', value: 'Never Said' }), 'Xxxxx Xxxx');
  t.equal(mask('Ångström 12-αИван', 1), 'Yyyyyyyy 11-α文文文文');
});

t.test('what the shopper does is told as what a shopper does', async (t) => {
  const { send, journal } = await shop(t);
  const { session_id } = (await send('POST', '/payments/v1/sessions', { ...market, ...purchase })).body;
  const how = { data: null, result: 'finalize_required' };
  await send('POST', `/sandbox/v1/sessions/${session_id}/authorize`, how);
  await send('POST', `/sandbox/v1/sessions/${session_id}/finalize`);
  await send('POST', `/sandbox/v1/sessions/${session_id}/finalize`, { result: 'denied' });
  await send('POST', '/hpp/v1/sessions');
  const { scenario, text } = await saveAndReplay(t, await journal());
  t.match(text, /\n {2}- createHostedSession:( null)?\n/, 'what says nothing is written without anything');
  t.matchLists(scenario.steps.slice(1), [
    { kind: 'shopper', operation: { name: 'authorizeSession' }, request: { body: how } },
    { kind: 'shopper', operation: { name: 'finalizeSession' } },
    { kind: 'operation', operation: { name: 'finalizeSession' }, expect: { status: 403 } },
    { kind: 'operation', operation: { name: 'createHostedSession' } },
  ]);
  t.strictSame(scenario.steps[2]?.request.body, {});
});

t.test('what a scenario did happens again', async (t) => {
  const { send, journal, target } = await shop(t);
  const inline = {
    title: 'Trouble',
    evidence: 'inferred',
    shopper: { payment_option: 'pay_in_4', funding_source: { type: 'direct_debit' }, result: 'approved' },
    outcomes: [
      { on: 'createSession', calls: '1..2', fault: { status: 503 } },
      { on: 'createSession', calls: 3, fault: { commit: true, delay: 'PT1.2S' } },
      { on: 'createSession', calls: 4, fault: { close: true } },
      { on: 'createSession', calls: 5, error: 'BAD_VALUE' },
      { on: 'createOrder', calls: 1, error: 'REJECTED' },
      { on: 'createOrder', calls: 2, fault: { commit: true, reset: true } },
      { on: 'createCustomerTokenOrder', calls: 2, fault: { commit: true, empty: true } },
    ],
  };
  await control(target, 'chooseScenario', { body: { inline } });
  const create = () => send('POST', '/payments/v1/sessions', { ...market, ...purchase, intent: 'buy_and_tokenize' });
  await create();
  await create();
  const { session_id } = (await create()).body;
  await create().catch(() => undefined);
  await send('POST', '/payments/v1/sessions', {});
  const authorize = async (body?: object) =>
    (await send('POST', `/sandbox/v1/sessions/${session_id}/authorize`, body)).body.authorization_token;
  const token = await authorize();
  t.equal((await send('POST', `/payments/v1/authorizations/${token}/order`, { ...market, ...purchase })).status, 403);
  const another = await authorize({ payment_option: 'pay_now' });
  const { token_id } = (
    await send('POST', `/payments/v1/authorizations/${another}/customer-token`, {
      ...market,
      description: 'Boots',
      intended_use: 'SUBSCRIPTION',
    })
  ).body;
  const order = () => send('POST', `/payments/v1/authorizations/${another}/order`, { ...market, ...purchase });
  await order().catch(() => undefined);
  await order();
  await order();
  const charge = (key: string) =>
    send(
      'POST',
      `/customer-token/v1/tokens/${token_id}/order`,
      { ...market, ...purchase },
      { 'klarna-idempotency-key': key },
    );
  for (const key of ['a', 'a', 'a', 'b', 'b', 'c']) await charge(key);
  const { text, scenario, notes } = await saveAndReplay(t, await journal());
  t.strictSame(notes, ['the whole delay of 1: a second must do']);
  t.matchLists(
    scenario.outcomes.map(({ on, calls, error, fault }) => ({ on, calls, error, fault })),
    [
      { on: 'createSession', calls: { from: 1, to: 2 }, fault: { kind: 'status', status: 503, commit: false } },
      { on: 'createSession', calls: { from: 3, to: 3 }, fault: { kind: 'delay', delay: 1000, commit: true } },
      { on: 'createSession', calls: { from: 4, to: 4 }, fault: { kind: 'close', commit: false } },
      { on: 'createOrder', calls: { from: 1, to: 1 }, error: 'REJECTED' },
      { on: 'createOrder', calls: { from: 2, to: 2 }, fault: { kind: 'reset', commit: true } },
      { on: 'createCustomerTokenOrder', calls: { from: 2, to: 2 }, fault: { kind: 'empty', commit: true } },
    ],
  );
  t.equal(scenario.outcomes.length, 6, 'one that made no difference is none');
  t.match(text, 'order_id: ${order}', 'the answer that was lost gave nothing to keep');
  t.match(text, /payment_option: pay_in_4[\s\S]*type: direct_debit[\s\S]*payment_option: pay_now/);
  t.match(text, 'status: $absent');
});

t.test('limits on calls a second are saved as trouble on the wire', async (t) => {
  const { send, journal } = await shop(t, { rateLimits: 'playground' });
  const statuses = new Set<number>();
  for (let sent = 0; sent < 60; sent++) statuses.add((await send('POST', '/payments/v1/sessions', {})).status);
  t.ok(statuses.has(429));
  const { scenario } = await saveAndReplay(t, await journal());
  t.match(scenario.outcomes[0], { on: 'createSession', fault: { status: 429 } });
});

t.test('time passes as it passed', async (t) => {
  const { send, journal } = await shop(t);
  const session = async () => (await send('POST', '/payments/v1/sessions', { ...market, ...purchase })).body.session_id;
  const authorize = async () =>
    (await send('POST', `/sandbox/v1/sessions/${await session()}/authorize`)).body.authorization_token;
  const order = (token: string) =>
    send('POST', `/payments/v1/authorizations/${token}/order`, { ...market, ...purchase });
  const [first, second, third] = [await authorize(), await authorize(), await authorize()];
  await send('PUT', '/sandbox/v1/clock', { now: '2026-01-01T12:30:00.500Z' });
  t.equal((await order(first)).status, 200);
  await send('PUT', '/sandbox/v1/clock', { now: '2020-01-01T12:30:00Z' });
  await send('POST', '/sandbox/v1/clock/advance', { by: 'PT29M59.4S' });
  t.equal((await order(second)).status, 200);
  await send('POST', '/sandbox/v1/clock/advance', { by: 'P1DT2H3M' });
  t.equal((await order(third)).status, 404);
  await send('PUT', '/sandbox/v1/clock', { now: '2026-01-04T15:02:59.900Z' });
  await send('GET', '/payments/v1/sessions/none');
  await send('POST', '/sandbox/v1/clock/advance', { by: 'P1M' });
  const taken = await journal();
  const saved = saveJournal(taken, 'x');
  t.match(saved.text, /advance: PT30M1S[\s\S]*advance: P1DT2H3M/);
  t.notMatch(saved.text, 'P1M', 'nothing follows it');
  await send('GET', '/payments/v1/sessions/none');
  t.match(saveJournal(await journal(), 'x').text, /advance: P1M\b/, 'a month stays one');

  t.test('also where nobody moved it', async (t) => {
    const first = Date.parse('2026-03-01T09:00:00Z');
    const at = (...seconds: number[]) => {
      const exchanges = taken.items.filter(({ operation }) => !/Clock/.test(String(operation))).reverse();
      return exchanges.map((exchange, index) => ({
        ...exchange,
        at: new Date(first + (seconds[index] ?? seconds.at(-1) ?? 0) * 1000).toISOString(),
      }));
    };
    // Three sessions with their authorizations, and an order for each; the third is refused.
    const exchanges = at(0, 5, 10, 15, 20, 25, 1800.2, 3590, 3630).reverse();
    const { text } = await saveAndReplay(t, { items: exchanges, dropped: 0 });
    t.strictSame(
      [...text.matchAll(/advance: (\w+)/g)].map(([, by]) => by),
      ['PT30M1S', 'PT29M49S', 'PT40S'],
    );
  });
});

t.test('what cannot be saved is said', async (t) => {
  const { send, journal } = await shop(t);
  const id = '6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11';
  await send('GET', '/payments/v1/nowhere');
  await send('GET', `/payments/v1/sessions/${id}`);
  await send('POST', '/payments/v1/sessions', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' });
  await send('POST', '/payments/v1/sessions', '{"__proto__": 1}');
  await send('POST', '/payments/v1/sessions', {}, { 'mock-klarna-scenario': 'no-such' });
  await send('POST', '/payments/v1/sessions', {}, { authorization: `Basic ${btoa('K123_merchant:invalid')}` });
  await send(
    'POST',
    '/payments/v1/sessions',
    { a: { '<<': { b: 1 }, $c: '$uuid' } },
    { 'content-type': 'application/hal+json' },
  );
  await send('POST', `/sandbox/v1/callbacks/${id}/redeliver`);
  await send('POST', `/sandbox/v1/sessions/${id}/authorize`, { payment_option: 'barter' });
  await send('GET', '/payments/v1/sessions/%25');
  for (const path of ['a', 'b', 'c', 'd']) await send('POST', `/payments/v1/${path}`, {});
  for (const key of ['k', 'k']) {
    await send(
      'POST',
      `/customer-token/v1/tokens/${id}/order`,
      { ...market, ...purchase },
      { 'klarna-idempotency-key': key },
    );
  }
  const taken = await journal();
  const exchange = (more: Partial<Exchange>): Exchange => ({
    ...(taken.items.find(({ operation }) => operation === 'readSession') as Exchange),
    ...more,
  });
  const strange: Exchange[] = [
    exchange({ status: 200 }),
    exchange({ status: 0 }),
    exchange({ path: '/payments/v1/sessions/%E0%A4%A' }),
    exchange({ explanation: { rule: 'merchant-active', evidence: 'docs', text: '' }, status: 403 }),
    exchange({ request: { headers: {}, cut: true } }),
    exchange({ response: { headers: {}, body: 'cut', cut: true } }),
    exchange({ response: { headers: {}, body: { correlation_id: id } } }),
    exchange({
      operation: 'createSession',
      path: '/payments/v1/sessions',
      request: { headers: {}, body: { ...market, ...purchase, lines: [{ customer: { customer_token: id } }] } },
      status: 200,
    }),
  ];
  const all = { items: [...taken.items, ...strange], dropped: 12 };
  const { notes, scenario, text } = await saveAndReplay(t, all);
  t.strictSame(names(scenario), [
    'readSession',
    'readSession',
    'readSession',
    'createSession',
    'createSession',
    'authorizeSession',
    'readSession',
    'createCustomerTokenOrder',
    'createCustomerTokenOrder',
  ]);
  t.match(text, 'Klarna-Idempotency-Key: key-1');
  t.match(text, 'Authorization: $absent');
  t.match(text, 'Content-Type: application/hal+json');
  t.strictSame(
    [...notes].sort(),
    [
      '1 (createSession): it names a scenario that there is not',
      '1 (createSession): no answer that is saved gives its customer_token',
      '1 (createSession): the journal does not show the request as it was sent (content-type)',
      '1 (createSession): the journal does not show the request as it was sent (readable-json)',
      '1 (readSession): it got no answer',
      '1 (readSession): no answer that is saved gives its session_id',
      '1 (readSession): the journal keeps the beginning of the body only',
      '1 (readSession): the merchants file says that the merchant is inactive',
      '1 (redeliverCallback): a callback has another id each time',
      '6 (GET /payments/v1/sessions/%E0%A4%A, GET /payments/v1/nowhere, POST /payments/v1/a and others): the path has no such operation',
      'the oldest 12 of the journal, which it has dropped',
    ].sort(),
  );
  t.equal(saveJournal({ items: [], dropped: 0 }, 'x').text, undefined);
  t.equal(saveJournal({ items: [exchange({ status: 200 })], dropped: 0 }, 'x').text, undefined);
});

t.test('a reset begins anew, and a file never grows too large to be read', async (t) => {
  const { send, journal } = await shop(t);
  await send('POST', '/payments/v1/sessions', { ...market, ...purchase, merchant_data: 'x'.repeat(6000) });
  const { items: exchanges } = await journal();
  const [one] = exchanges as [Exchange];
  const reset = { ...one, operation: 'resetMerchant', path: '/sandbox/v1/reset', status: 204 };
  t.equal(saveJournal({ items: [one, reset, one, one], dropped: 0 }, 'x').calls, 1);
  const { notes, calls, text } = saveJournal({ items: Array(1000).fill(one), dropped: 0 }, 'x');
  t.ok(text && text.length <= 512 * 1024);
  t.ok(calls > 50);
  t.strictSame(notes, [`the last ${1000 - calls}, for which the file has no room`]);
  t.ok(readScenario(text as string, 'x.yaml'));
});

t.test('any body is sent again as it was', async (t) => {
  const keys = fc.oneof(
    fc.string(),
    fc.constantFrom('<<', '$a', '${b}', 'toString', 'on', '~', '', '- a', 'name', 'type'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(
        '$uuid',
        '$newUuid',
        '$absent',
        '${session}',
        '$$',
        'yes',
        '2026-01-01',
        ' a\n b ',
        '\u2028',
        null,
        1.5,
        -0,
      ),
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const body = fc.dictionary(keys, value, { maxKeys: 5 });
  const { url, close } = await startServer({ port: 0, seed: 'any' });
  t.teardown(close);
  await holdsLater(
    t,
    fc.asyncProperty(body, async (given) => {
      const sent = JSON.parse(JSON.stringify({ purchase_country: 7, x: given }));
      const exchange = {
        at: '2026-01-01T12:00:00.000Z',
        method: 'POST',
        path: '/payments/v1/sessions',
        operation: 'createSession',
        status: 400,
        duration_ms: 1,
        request: { headers: {}, body: sent },
        response: { headers: {} },
      };
      const { text } = saveJournal({ items: [exchange], dropped: 0 }, 'x');
      const scenario = readScenario(text as string, 'x.yaml');
      const step = scenario.steps.map((one) => ({ ...one, expect: { status: 400 } }));
      const [result] = await replayScenarios([{ ...scenario, steps: step }], { url, username: 'a', password: 'b' });
      assert.deepEqual(JSON.parse(result?.steps[0]?.request?.body ?? ''), JSON.parse(JSON.stringify(sent)));
    }),
    { numRuns: 60 },
  );
});

t.test(
  'a card that cannot be kept is saved with what the shopper did, in the shop and on the hosted page',
  async (t) => {
    const { send, journal } = await shop(t);
    const funding_source = { type: 'card', masked_number: '************6411', reusable: false };
    const shopper = { payment_option: 'pay_in_4', funding_source };
    await send('PUT', '/sandbox/v1/scenario', { inline: { title: 'Not kept', evidence: 'inferred', shopper } });
    const session = { ...market, ...purchase, intent: 'buy_and_default_tokenize' };
    const token = { ...market, description: 'Care', intended_use: 'SUBSCRIPTION' };
    const goOn = async (authorization: string) => {
      const path = `/payments/v1/authorizations/${authorization}`;
      const { token_id } = (await send('POST', `${path}/customer-token`, token)).body;
      const placed = await send('POST', `${path}/order`, { ...market, ...purchase });
      t.strictSame(placed.body.authorized_payment_method, { type: 'slice_it_by_card' });
      t.equal((await send('GET', `/customer-token/v1/tokens/${token_id}`)).body.payment_method_type, 'INVOICE');
      const charged = await send('POST', `/customer-token/v1/tokens/${token_id}/order`, { ...market, ...purchase });
      t.strictSame(charged.body.authorized_payment_method, { type: 'invoice' });
    };
    const here = (await send('POST', '/payments/v1/sessions', session)).body.session_id;
    await goOn((await send('POST', `/sandbox/v1/sessions/${here}/authorize`)).body.authorization_token);
    const there = (await send('POST', '/payments/v1/sessions', session)).body.session_id;
    const payment_session_url = `https://api.klarna.com/payments/v1/sessions/${there}`;
    const page = (await send('POST', '/hpp/v1/sessions', { payment_session_url })).body.session_id;
    await goOn((await send('POST', `/sandbox/v1/hosted-sessions/${page}/complete`)).body.authorization_token);
    const { text, scenario, second } = await saveAndReplay(t, await journal());
    const acts = scenario.steps.filter(({ kind }) => kind === 'shopper');
    t.strictSame(
      acts.map(({ operation }) => operation.name),
      ['authorizeSession', 'completeHostedSession'],
    );
    for (const { request } of acts) t.strictSame((request.body as typeof shopper).funding_source, funding_source);
    t.match(text, 'authorized_payment_method: { type: invoice }');
    t.equal(second, text, 'saved again it is the same');
  },
);

t.test('any person has somebody in their place', async (t) => {
  const fields = fc.constantFrom('email', 'phone', 'postal_code', 'given_name', 'toString', 'constructor', '__proto__');
  const said = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.emailAddress(),
    fc.integer(),
    fc.constant({ a: ['b', null] }),
  );
  const person = fc.dictionary(fields, said);
  holds(
    t,
    fc.property(person, person, fc.constantFrom('SE', 'us', 'XX', 7), (billing_address, customer, purchase_country) => {
      const exchange: Exchange = {
        at: '2026-01-01T12:00:00.000Z',
        method: 'POST',
        path: '/payments/v1/sessions',
        operation: 'createSession',
        status: 400,
        duration_ms: 1,
        request: {
          headers: {},
          body: { purchase_country, billing_address, shipping_address: billing_address, customer },
        },
        response: { headers: {} },
      };
      const journal = { items: [exchange], dropped: 0 };
      const { text } = saveJournal(journal, 'x');
      assert.equal(saveJournal(journal, 'x').text, text);
      const [step] = readScenario(text as string, 'x.yaml').steps;
      const body = step?.request.body as Record<string, unknown>;
      assert.deepEqual(body.shipping_address, body.billing_address, 'the same is the same');
    }),
    { numRuns: 60 },
  );
});

t.test('what the shopper did in a browser becomes what a scenario can do', async (t) => {
  const { url, send, journal } = await shop(t);
  const open = async (more: object = {}) => {
    const { session_id, client_token } = (
      await send('POST', '/payments/v1/sessions', { ...market, ...purchase, ...more })
    ).body;
    const ask = (path: string, body?: object) =>
      send(body ? 'POST' : 'GET', `/kp/v1/purchase${path}`, body, { authorization: `Bearer ${client_token}` });
    return { session_id: session_id as string, ask };
  };
  const one = await open({ intent: 'buy_and_default_tokenize' });
  await one.ask('');
  await one.ask('/load', {});
  await one.ask('/load', { data: { merchant_reference1: 'SHOP-1' } });
  await one.ask('/load', { data: { order_amount: 7 } });
  await one.ask('/errors', { call: 'load', error: 'TypeError', message: 'no container' });
  await one.ask('/authorize', { payment_option: 'pay_in_4', auto_finalize: false });
  const { authorization_token } = (await one.ask('/finalize', {})).body;
  await one.ask('/finalize', {});
  const again = (await one.ask('/reauthorize', {})).body.authorization_token;
  t.not(again, authorization_token);
  await one.ask('/authorize', { data: { order_amount: 7 } });
  const order = { ...market, ...purchase, merchant_reference1: 'SHOP-1' };
  t.equal((await send('POST', `/payments/v1/authorizations/${again}/order`, order)).status, 200);

  const express = await send('POST', '/kp/v1/express-sessions', {
    client_id: 'K123_merchant',
    data: { ...market, ...purchase },
  });
  t.equal(express.status, 200);
  const two = await open();
  const payment_session_url = `${url}/payments/v1/sessions/${two.session_id}`;
  const page = (await send('POST', '/hpp/v1/sessions', { payment_session_url })).body.session_id;
  const onPage = (path: string, body?: object) => send(body ? 'POST' : 'GET', `/hpp/payments/${page}${path}`, body);
  await onPage('/purchase');
  await onPage('/back', {});
  t.equal((await onPage('/pay', { payment_option: 'pay_later' })).body.status, 'COMPLETED');

  const { scenario, notes, text } = await saveAndReplay(t, await journal());
  t.strictSame(notes, []);
  t.strictSame(names(scenario), [
    'createSession',
    'updateSession',
    'authorizeSession',
    'finalizeSession',
    'authorizeSession',
    'authorizeSession',
    'createOrder',
    'createSession',
    'createSession',
    'createHostedSession',
    'backHostedSession',
    'completeHostedSession',
  ]);
  t.equal(text.match(/payment_option: pay_in_4/g)?.length, 2, 'it is authorized again with its choice');
  t.match(text, 'result: finalize_required');
  t.notMatch(text, 'auto_finalize');
});
