import type { Exchange } from '../../src/shop/exchange.js';
import { writePact } from '../../src/verify/pact/write.js';
import { withShopper } from '../../src/verify/record/bridge.js';
import { finishRecording } from '../../src/verify/record/finish.js';
import { writeHar } from '../../src/verify/record/har.js';
import { Kept, troublesOf } from '../../src/verify/record/kept.js';
import type { Passed } from '../../src/verify/record/passed.js';
import { spelt, Tap } from '../../src/verify/record/tap.js';
import { gather } from '../../src/verify/recordings/gather.js';
import { reasonIn } from '../../src/verify/recordings/told.js';
import { redactExchanges } from '../../src/verify/redact.js';
import { purchase } from '../contract/sandbox.js';
import t from '../tap.js';

const ID = '3c1b4b2e-5d6f-4a70-8b91-a2b3c4d5e6f7';
const TOKEN = '9e8d7c6b-5a49-4382-a716-05f4e3d2c1b0';

/** An exchange as it is kept. */
const exchange = (method: string, path: string, more: Partial<Exchange> = {}): Exchange => ({
  at: '2026-03-02T09:00:00.000Z',
  method,
  path,
  status: 200,
  duration_ms: 1,
  request: { headers: {} },
  response: { headers: {} },
  ...more,
});

const answers = (body: unknown) => ({ response: { headers: {}, body } });

/** An exchange as it passes. */
const passed = (more: Partial<Passed> = {}): Passed => ({
  at: 0,
  ms: 1,
  method: 'GET',
  target: `/payments/v1/sessions/${ID}`,
  requestHeaders: {},
  status: 200,
  responseHeaders: {},
  ...more,
});

t.test('memory is bounded: the oldest go, and long bodies are cut', async (t) => {
  const kept = new Kept({ limit: 2, room: 8_000 });
  for (const name of ['a', 'b', 'c']) {
    kept.add(
      passed({
        requestHeaders: { authorization: `Basic ${Buffer.from(`${name}:x`).toString('base64')}` },
        responseHeaders: { 'Klarna-Correlation-Id': name },
        responseBody: name === 'c' ? 'x'.repeat(9_000) : '{}',
      }),
    );
  }
  const { exchanges, dropped } = kept.list();
  t.equal(dropped, 1);
  t.strictSame(
    exchanges.map(({ merchant }) => merchant),
    ['b', 'c'],
  );
  t.equal(exchanges[1]?.exchange.response.cut, true);
  const long = { what: /^exchange 2 /, why: /too long to be kept/ };
  t.matchLists(troublesOf(exchanges, 1), [{ what: /^the oldest exchange$/ }, long]);
  t.matchLists(troublesOf(exchanges, 2), [{ what: /^the oldest 2 exchanges$/ }, long]);
  const { report, files } = finishRecording(kept, new URL('http://127.0.0.1:1'));
  t.matchLists(report.unjudged, [{ what: 'the oldest exchange' }, { why: /too long to be kept/ }]);
  t.strictSame([...files.keys()], ['recording.har']);
});

t.test('an answer that was given before is known by its correlation id', async (t) => {
  const kept = new Kept();
  const answer = { responseHeaders: { 'klarna-correlation-id': 'a', 'mock-klarna-explain': 'no-such-rule: text' } };
  for (let count = 0; count < 2; count++) kept.add(passed(answer));
  kept.add(
    passed({
      responseHeaders: { 'mock-klarna-explain': 'shape: wrong' },
      requestHeaders: { authorization: 'Bearer x' },
    }),
  );
  const { exchanges } = kept.list();
  t.strictSame(
    exchanges.map(({ exchange }) => exchange.correlation_id),
    ['a', 'a again', undefined],
  );
  t.strictSame(
    exchanges.map(({ exchange }) => exchange.explanation?.rule),
    [undefined, undefined, 'shape'],
  );
  t.strictSame(
    exchanges.map(({ merchant }) => merchant),
    [undefined, undefined, undefined],
  );
});

t.test('a long body is kept to a limit; a header that comes twice has both values', async (t) => {
  const listeners: ((chunk: Buffer) => void)[] = [];
  const message = { on: (_: string, listener: (chunk: Buffer) => void) => listeners.push(listener) };
  const tap = new Tap(3).on(message as never);
  for (const chunk of ['ab', 'cd', 'ef']) listeners[0]?.(Buffer.from(chunk));
  t.strictSame(tap.read({}), { text: 'abc' });
  t.strictSame(spelt(['A', '1', 'a', '2', 'A', '3']), { A: '1, 3', a: '2' });
});

t.test('what the shopper did is put in where no answer told of it', async (t) => {
  const created = (id: string) => exchange('POST', '/payments/v1/sessions', answers({ session_id: id }));
  const order = exchange('POST', `/payments/v1/authorizations/${TOKEN}/order`, answers({ order_id: ID }));
  const refused = exchange('POST', `/payments/v1/authorizations/${TOKEN}/order`, { status: 404 });
  const authorized = exchange('POST', `/sandbox/v1/sessions/${ID}/authorize`, answers({ authorization_token: TOKEN }));
  const names = (given: Exchange[]) => withShopper(given).map(({ path }) => path.split('/').at(-1));
  t.strictSame(names([created(ID), order, order]), ['sessions', 'authorize', 'order', 'order']);
  t.strictSame(names([created(ID), authorized, order]), ['sessions', 'authorize', 'order']);
  t.strictSame(names([order, refused]), ['order', 'order']);
  const other = exchange('POST', '/sandbox/v1/sessions/none/authorize', answers({ authorization_token: ID }));
  t.strictSame(names([other, created(ID), created(TOKEN), order]), [
    'authorize',
    'sessions',
    'sessions',
    'authorize',
    'order',
  ]);
  const [, shopper] = withShopper([created(ID), order]);
  t.match(shopper, { operation: 'authorizeSession', path: `/sandbox/v1/sessions/${ID}/authorize` });
});

t.test("times are those of the merchant's clock, as far as answers tell them", (t) => {
  const kept = new Kept();
  const of = (name: string, clock?: number) =>
    kept.add(
      passed({
        at: Date.UTC(2026, 10, 1),
        requestHeaders: { authorization: `Basic ${Buffer.from(`${name}:x`).toString('base64')}` },
        ...(clock !== undefined && { clock }),
      }),
    );
  of('a');
  of('a', Date.UTC(2026, 0, 1));
  of('b');
  of('a');
  of('c', Date.UTC(2030, 0, 1));
  of('a', Date.UTC(2026, 3, 1));
  kept.add(passed({ at: Date.UTC(2026, 10, 1) }));
  t.strictSame(
    kept.list().exchanges.map(({ exchange }) => exchange.at.slice(0, 10)),
    ['2026-01-01', '2026-01-01', '2026-11-01', '2026-01-01', '2030-01-01', '2026-04-01', '2026-04-01'],
  );
  t.end();
});

t.test('credentials, tokens and people are nowhere in what is written', async (t) => {
  const one = exchange('POST', `/payments/v1/authorizations/${TOKEN}/order?x=1`, {
    request: {
      headers: { Authorization: '[redacted]', 'X-Api-Key': 'key', Cookie: 'c', 'Content-Type': 'application/json' },
      body: { customer: { customer_token: TOKEN }, list: [{ email: 'elsa@example.org' }] },
    },
    response: {
      headers: { Location: `https://a/${TOKEN}` },
      body: { client_token: 'jwt', authorization_token: TOKEN, n: 1 },
    },
    explanation: { rule: 'shape', evidence: 'docs', text: `elsa@example.org and ${TOKEN}` },
  });
  const text = exchange('POST', '/payments/v1/sessions', {
    request: { headers: {}, body: 'elsa@example.org {' },
    ...answers('<html>'),
  });
  const redacted = redactExchanges([{ username: 'K1_shop', exchanges: [one, text] }]);
  const har = writeHar(
    [one, text].map((each) => ({ exchange: redacted.get(each) as Exchange })),
    'https://api.klarna.com',
  );
  t.notMatch(JSON.stringify([...redacted.values()]), new RegExp(`${TOKEN}|elsa|jwt|"key"`));
  const [first, second] = JSON.parse(har).log.entries;
  t.equal(
    first.request.url,
    'https://api.klarna.com/payments/v1/authorizations/00000000-0000-4000-8000-000000000001/order?x=1',
  );
  t.match(first.response.redirectURL, /000000000001$/);
  t.strictSame(first.request.queryString, [{ name: 'x', value: '1' }]);
  t.match(second, {
    request: { postData: { mimeType: '', text: '[redacted: no JSON]' } },
    response: { content: { text: '<html>' } },
  });
});

t.test('an API key alone is a merchant, and is nowhere in what is written', async (t) => {
  const kept = new Kept();
  const keys = ['klarna_test_api_Y2xpbWJpbmc', 'klarna_live_api_Y2xpbWJpbmc'];
  const encoded = Buffer.from(`${keys[0]}:`).toString('base64');
  for (const authorization of [`Basic ${keys[0]}`, `Basic ${encoded}`, `Basic ${keys[1]}`]) {
    kept.add(
      passed({
        method: 'POST',
        target: '/payments/v1/sessions',
        requestHeaders: { Authorization: authorization, 'content-type': 'application/json' },
        requestBody: JSON.stringify({ ...purchase, merchant_data: `sent with ${authorization}` }),
        responseBody: JSON.stringify({ session_id: ID }),
      }),
    );
  }
  const { exchanges } = kept.list();
  const merchants = exchanges.map(({ merchant }) => merchant);
  t.match(merchants[0], /^api-key-[0-9a-f]{8}$/);
  t.equal(merchants[1], merchants[0], 'encoded it is the same');
  t.not(merchants[2], merchants[0]);
  const { report, files } = await finishRecording(kept, new URL('http://127.0.0.1:1'));
  const found = report.findings.filter(({ check }) => check === 'practice/live-key');
  t.strictSame(
    found.map(({ where }) => where?.merchant),
    ['merchant 2'],
  );
  t.equal(files.size, 3, 'a HAR, and a scenario for each merchant');
  const written = [...files.values(), JSON.stringify(report)].join();
  t.match(written, /sent with Basic redacted/);
  for (const key of keys) t.notOk(written.includes(key), key);
});

t.test('a Pact file has each answer once', async (t) => {
  const session = (more: Partial<Exchange>) => exchange('POST', '/payments/v1/sessions', more);
  const refused = session({
    status: 400,
    ...answers({ error_code: 'BAD_VALUE' }),
    explanation: { rule: 'shape', evidence: 'docs', text: '' },
  });
  const faulty = session({ status: 500, explanation: { rule: 'scenario-fault', evidence: 'docs', text: '' } });
  const keyed = exchange('POST', `/customer-token/v1/tokens/${ID}/order`, {
    request: { headers: { 'klarna-idempotency-key': 'k' }, body: {} },
    response: { headers: { 'Content-Type': 'application/json' }, body: { order_id: ID, fraud_status: 'ACCEPTED' } },
  });
  const text = writePact(
    [
      session(answers({ session_id: ID })),
      session(answers({ session_id: TOKEN })),
      refused,
      faulty,
      keyed,
      exchange('GET', `/ordermanagement/v1/orders/${ID}?a=1&a=2`, { status: 404, ...answers('') }),
      exchange('GET', '/sandbox/v1/clock'),
      exchange('GET', '/nowhere'),
      session({ status: 418 }),
      session({ request: { headers: {}, body: 'text' } }),
      session({ request: { headers: {}, cut: true } }),
    ],
    'boot shop',
  );
  const pact = JSON.parse(String(text));
  t.match(pact, {
    consumer: { name: 'boot shop' },
    provider: { name: 'Klarna' },
    metadata: { pactSpecification: { version: '3.0.0' } },
  });
  t.strictSame(
    pact.interactions.map(({ description }: { description: string }) => description),
    [
      'createSession that is answered 200',
      'createSession that is answered 400 BAD_VALUE, because of shape',
      'createCustomerTokenOrder that is answered 200',
      'readOrder that is answered 404',
    ],
  );
  t.matchLists(pact.interactions[1].response.matchingRules.body['$.error_code'], { matchers: [{ match: 'equality' }] });
  t.matchLists(pact.interactions[2], {
    providerStates: [{ name: 'there is a customer token' }],
    request: { matchingRules: { path: { matchers: [{ regex: '^/customer-token/v1/tokens/[^/]+/order$' }] } } },
    response: { matchingRules: { body: { '$.fraud_status': { matchers: [{ match: 'equality' }] } } } },
  });
  t.strictSame(pact.interactions[3].request.query, { a: ['1', '2'] });
  t.equal(writePact([], 'shop'), undefined);
});

t.test('mistakes of our own are no bad input', async (t) => {
  const broken = () => {
    throw new Error('broken');
  };
  t.throws(() => gather([1], 'file', broken), { message: 'broken' });
  t.throws(() => reasonIn(new Error('broken')), { message: 'broken' });
});
