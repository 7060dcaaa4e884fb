import { isLoopback } from '../../src/client/loopback.js';
import type { Exchange } from '../../src/exchange/exchange.js';
import { writeHar } from '../../src/exchange/har.js';
import { writePact } from '../../src/exchange/pact.js';
import { gather } from '../../src/exchange/recorded.js';
import { redactExchanges } from '../../src/exchange/redact.js';
import { seenFinder } from '../../src/report/seen.js';
import { finishRecording, withShopper } from '../../src/verify/record/finish.js';
import { RecordingJournal, troublesOf } from '../../src/verify/record/journal.js';
import { describeExchange } from '../../src/verify/record/live.js';
import type { ProxiedExchange } from '../../src/verify/record/proxy.js';
import { pathOf, spelt, Tap } from '../../src/verify/record/proxy.js';
import { reasonIn } from '../../src/verify/recordings/recorded-call.js';
import { version } from '../../src/version.js';
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
const passed = (more: Partial<ProxiedExchange> = {}): ProxiedExchange => ({
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
  const kept = new RecordingJournal({ limit: 2, room: 8_000 });
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

t.test('an exchange that cannot be read costs itself alone', async (t) => {
  const poisoned = {
    get order_id(): string {
      throw new Error('spoilt');
    },
  };
  const journal = new RecordingJournal();
  for (const id of ['a', 'b', 'c']) journal.add(passed({ target: `/payments/v1/sessions/${id}` }));
  const { exchanges, dropped } = journal.list();
  const spoilt = exchanges.map((entry, at) =>
    at === 1 ? { ...entry, exchange: { ...entry.exchange, response: { headers: {}, body: poisoned } } } : entry,
  );
  journal.list = () => ({ exchanges: spoilt, dropped });
  const { files, report } = finishRecording(journal, new URL('http://127.0.0.1:1'));
  const { entries } = JSON.parse(files.get('recording.har') as string).log;
  t.strictSame(
    entries.map(({ request }: { request: { url: string } }) => request.url.slice(-1)),
    ['a', 'c'],
  );
  t.strictSame(report.unjudged[0], {
    what: 'GET /payments/v1/sessions/b of 1970-01-01T00:00:00.000Z',
    why: 'cannot be read (spoilt)',
  });
});

t.test('a look at an exchange that fails ends nothing', async (t) => {
  const exchange = passed({ method: 'POST', target: '/payments/v1/sessions' });
  Object.defineProperty(exchange, 'responseBody', {
    get() {
      throw new Error('spoilt');
    },
  });
  t.matchLists(describeExchange(exchange), [/^POST \/payments\/v1\/sessions 200 /, '  cannot be judged (spoilt)']);
});

t.test('an answer that was given before is known by its correlation id', async (t) => {
  const kept = new RecordingJournal();
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

t.test('so many correlation ids are remembered as exchanges are kept', (t) => {
  const kept = new RecordingJournal({ limit: 2 });
  const ids = ['a', 'b', 'c', 'b', 'a'].map((id) => {
    kept.add(passed({ responseHeaders: { 'klarna-correlation-id': id } }));
    return kept.list().exchanges.at(-1)?.exchange.correlation_id;
  });
  t.strictSame(ids, ['a', 'b', 'c', 'b again', 'a']);
  t.end();
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
  const session = exchange('POST', '/payments/v1/sessions', answers({ error_code: 'BAD_VALUE' }));
  t.strictSame(
    names([created(ID), session, order]),
    ['sessions', 'sessions', 'authorize', 'order'],
    'by one that has an id',
  );
  const other = exchange('POST', '/sandbox/v1/sessions/none/authorize', answers({ authorization_token: ID }));
  t.strictSame(names([other, created(ID), created(TOKEN), order]), [
    'authorize',
    'sessions',
    'sessions',
    'authorize',
    'order',
  ]);
  const at = '2026-03-02T10:00:00.000Z';
  const [, , shopper] = withShopper([created(TOKEN), created(ID), { ...order, at, duration_ms: 7 }]);
  t.strictSame(
    shopper,
    {
      at,
      method: 'POST',
      path: `/sandbox/v1/sessions/${ID}/authorize`,
      operation: 'authorizeSession',
      status: 200,
      duration_ms: 0,
      request: { headers: {}, body: undefined },
      response: {
        headers: { 'Content-Type': 'application/json' },
        body: { approved: true, show_form: true, authorization_token: TOKEN },
      },
    },
    'of the newest session, at the time of the order',
  );
  const tokens = ['1', '2', '3'].map((last) => `${TOKEN.slice(0, -1)}${last}`);
  const orders = tokens.map((token) => exchange('POST', `/payments/v1/authorizations/${token}/order`));
  const paths = withShopper([created(ID), created(TOKEN), ...orders]).map(({ path }) => path.split('/').at(-2));
  t.strictSame(paths.slice(2), [TOKEN, tokens[0], ID, tokens[1], tokens[2]], 'each session once, the newest first');
  t.strictSame(names([created(ID), { ...order, status: 300 }]), ['sessions', 'order']);
});

t.test("times are those of the merchant's clock, as far as answers tell them", (t) => {
  const kept = new RecordingJournal();
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

t.test('headers that open something are hidden, their neighbours are not', (t) => {
  const names = [
    'authorization',
    'Proxy-Authorization',
    'Cookie',
    'set-cookie',
    'X-Auth-Token',
    'Client-Secret',
    'X-Api-Key',
    'apikey',
    'X-Signature',
  ];
  const plain = ['proxy-authenticate', 'X-Authorization-Mode', 'X-Api', 'Klarna-Idempotency-Key', 'Content-Type'];
  const headers = Object.fromEntries([...names, ...plain].map((name) => [name, 'v']));
  const one = exchange('GET', '/payments/v1/sessions/a', { request: { headers }, response: { headers } });
  const { request, response } = redactExchanges([{ username: 'shop', exchanges: [one] }]).get(one) as Exchange;
  const expected = Object.fromEntries([
    ...names.map((name) => [name, '[redacted]']),
    ...plain.map((name) => [name, 'v']),
  ]);
  t.strictSame(request.headers, expected);
  t.strictSame(response.headers, expected);
  t.end();
});

t.test('tokens of every name are hidden wherever they stand, other ids are not', (t) => {
  const opening = ['authorization_token', 'token_id', 'customer_token', 'authorizationToken', 'customerToken'];
  const id = (at: number) => `9e8d7c6b-5a49-4382-a716-05f4e3d2c1b${at}`;
  const hidden = (at: number) => `00000000-0000-4000-8000-00000000000${at + 1}`;
  const plain = ['session_id', 'order_id', 'tokens'];
  const ids = [...opening, ...plain].map((_, at) => id(at));
  const body = {
    ...Object.fromEntries([...opening, ...plain].map((name, at) => [name, [id(at)]])),
    client_token: 'jwt',
  };
  const one = exchange('GET', `/a/${ids.join('/').toUpperCase()}`, {
    request: { headers: { 'X-Note': ids.join() }, body: { note: ids } },
    response: { headers: { Location: ids.join() }, body },
    explanation: { rule: 'shape', evidence: 'docs', text: ids.join() },
  });
  const bare = exchange('GET', '/b', { request: { headers: {}, body: '' } });
  const redacted = redactExchanges([{ username: 'shop', exchanges: [one, bare] }]);
  const expected = ids.map((own, at) => (at < opening.length ? hidden(at) : own));
  t.strictSame(redacted.get(one), {
    ...one,
    path: `/a/${expected.map((own, at) => (at < opening.length ? own : own.toUpperCase())).join('/')}`,
    request: { headers: { 'X-Note': expected.join() }, body: { note: expected } },
    response: {
      headers: { Location: expected.join() },
      body: {
        ...Object.fromEntries([...opening, ...plain].map((name, at) => [name, [expected[at]]])),
        client_token: 'redacted',
      },
    },
    explanation: { rule: 'shape', evidence: 'docs', text: expected.join() },
  });
  t.equal(redacted.get(bare)?.request.body, '', 'no body is no text that is no JSON');
  t.end();
});

t.test('an entry of a HAR says all of an exchange', (t) => {
  const one = exchange('POST', '/payments/v1/sessions?a=1&a=b%20c', {
    status: 201,
    duration_ms: 7,
    request: { headers: { 'content-type': 'application/json', A: 'b' }, body: { name: 'Å' } },
    response: { headers: { 'Content-Type': 'text/plain', location: '/x' }, body: '"é"' },
  });
  const none = exchange('GET', '/payments/v1/sessions/a', { status: 0 });
  const { log } = JSON.parse(writeHar([{ exchange: one }, { exchange: none, trouble: 'gone' }], 'https://h'));
  const common = {
    startedDateTime: '2026-03-02T09:00:00.000Z',
    cache: {},
  };
  const sizes = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 };
  t.strictSame(log, {
    version: '1.2',
    creator: { name: 'mock-klarna', version },
    entries: [
      {
        ...common,
        time: 7,
        request: {
          ...sizes,
          method: 'POST',
          url: 'https://h/payments/v1/sessions?a=1&a=b%20c',
          headers: [
            { name: 'content-type', value: 'application/json' },
            { name: 'A', value: 'b' },
          ],
          queryString: [
            { name: 'a', value: '1' },
            { name: 'a', value: 'b c' },
          ],
          postData: { mimeType: 'application/json', text: '{"name":"Å"}' },
          bodySize: 13,
        },
        response: {
          ...sizes,
          status: 201,
          statusText: 'Created',
          headers: [
            { name: 'Content-Type', value: 'text/plain' },
            { name: 'location', value: '/x' },
          ],
          content: { size: 4, mimeType: 'text/plain', text: '"é"' },
          redirectURL: '/x',
          bodySize: 4,
        },
        timings: { send: 0, wait: 7, receive: 0 },
      },
      {
        ...common,
        time: 1,
        request: {
          ...sizes,
          method: 'GET',
          url: 'https://h/payments/v1/sessions/a',
          headers: [],
          queryString: [],
          bodySize: 0,
        },
        response: {
          ...sizes,
          status: 0,
          statusText: '',
          headers: [],
          content: { size: 0, mimeType: '' },
          redirectURL: '',
          bodySize: 0,
        },
        timings: { send: 0, wait: 1, receive: 0 },
        comment: 'gone',
      },
    ],
  });
  t.end();
});

t.test('a report counts what was answered, and says which exchange of whom', (t) => {
  const kept = new RecordingJournal({ room: 8_000 });
  const of = (name: string, more: Partial<ProxiedExchange> = {}) =>
    kept.add(
      passed({
        requestHeaders: { authorization: `Basic ${Buffer.from(`${name}:x`).toString('base64')}` },
        responseHeaders: { 'content-type': 'application/json' },
        ...more,
      }),
    );
  const odd = JSON.stringify({ colour: 'red' });
  of('a', { target: '/nowhere' });
  of('b', { status: 0, trouble: 'gone' });
  of('b', { responseBody: 'x'.repeat(4_001) });
  of('a', { responseBody: odd });
  of('b', { responseBody: odd, target: '/sandbox/v1/clock' });
  of('b', { responseBody: odd });
  const { report, notes } = finishRecording(kept, new URL('https://api.playground.klarna.com:8443/x'));
  const { tool, title, target, judged, unjudged, findings, checks = [] } = report;
  t.strictSame(
    { tool, title, target, judged },
    { tool: 'record', title: 'What passed', target: 'api.playground.klarna.com', judged: 5 },
  );
  t.strictSame(unjudged.slice(0, 2), [
    { what: `exchange 2 (GET /payments/v1/sessions/${ID})`, why: 'gone' },
    { what: `exchange 3 (GET /payments/v1/sessions/${ID})`, why: 'the body of the answer is too long to be kept' },
  ]);
  const inBodies = findings.filter(({ check, path }) => check.startsWith('answer/') && path?.startsWith('$.body'));
  t.strictSame(
    inBodies.map(({ check, path, where }) => [check, path, where]),
    [
      ['answer/readSession', '$.body.colour', { exchange: 2, merchant: 'merchant 1' }],
      ['answer/readSession', '$.body.colour', { exchange: 4, merchant: 'merchant 2' }],
    ],
  );
  const find = seenFinder(report.exchanges);
  t.matchLists(
    inBodies.map((each) => find(each).map(({ response }) => response.body)),
    [[{ colour: 'red' }], [{ colour: 'red' }]],
  );
  t.strictSame(
    checks.filter(({ id }) => id.startsWith('answer/')).map(({ id }) => id),
    ['answer/readSession'],
  );
  t.ok(
    notes.some((note) => note.startsWith('recording.yaml: left out ')),
    notes.join('\n'),
  );
  t.end();
});

t.test('what passes is told in lines, without values', (t) => {
  const told = (more: Partial<ProxiedExchange>) => describeExchange(passed({ ms: 12.34, ...more }));
  const type = { 'Content-Type': 'application/json; charset=utf-8', 'Klarna-Correlation-Id': ID };
  t.strictSame(told({ target: '/nowhere?secret=1' }), ['GET /nowhere 200 12.3 ms', '  no operation of the contracts']);
  t.strictSame(told({ target: '/sandbox/v1/clock?a=1', responseBody: '{}' }), ['GET /sandbox/v1/clock 200 12.3 ms']);
  t.strictSame(told({ status: 0, trouble: 'gone' }), ['GET /payments/v1/sessions/{session_id} 0 12.3 ms  gone']);
  const lines = told({
    method: 'POST',
    target: '/payments/v1/sessions',
    requestBody: JSON.stringify({ ...purchase, purchase_country: 'Absurdistan' }),
    responseHeaders: type,
    responseBody: JSON.stringify({ session_id: ID, client_token: 7 }),
  });
  t.strictSame(lines, [
    'POST /payments/v1/sessions 200 12.3 ms',
    '  request purchase_country: expected text that matches ^[A-Za-z]{2,2}$',
    ...['Limit', 'Remaining', 'Reset'].map((end) => `  answer $.headers.X-Ratelimit-${end}: expected a value`),
    '  answer $.body.client_token: expected a value of type string',
  ]);
  t.notMatch(lines.join(), 'Absurdistan');
  t.end();
});

t.test('hosts of this machine are known, also from those that look like it', (t) => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.12.0.254', '[::1]', 'shop.localhost']) {
    t.ok(isLoopback(host), host);
  }
  for (const host of [
    'localhost.example',
    'nolocalhost',
    '127.0.0.1.example',
    '128.0.0.1',
    '127.0.1',
    '[::11]',
    '.localhost',
  ]) {
    t.notOk(isLoopback(host), host);
  }
  t.equal(pathOf('/a?b=http://c/d'), '/a?b=http://c/d');
  t.equal(pathOf('http://h:1/a?b=c'), '/a?b=c');
  t.equal(pathOf('*'), '*');
  t.end();
});

t.test('an API key alone is a merchant, and is nowhere in what is written', async (t) => {
  const kept = new RecordingJournal();
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

t.test('a Pact file has what comes about by itself, and of headers and rules what matters', (t) => {
  const post = (more: Partial<Exchange>) => exchange('POST', '/ordermanagement/v1/orders/a/captures', more);
  const because = (rule: string) => ({ explanation: { rule, evidence: 'docs', text: '' } }) as Partial<Exchange>;
  const left = ['scenario-fault', 'rate-limit', 'readable-json', 'readable-request', 'body-size'];
  t.equal(
    writePact(
      left.map((rule) => post({ status: 403, ...because(rule) })),
      'shop',
    ),
    undefined,
  );
  t.equal(writePact([post({ status: 201, response: { headers: {}, cut: true } })], 'shop'), undefined);
  t.equal(writePact([exchange('GET', '/sandbox/v1/clock')], 'shop'), undefined);
  const headers = {
    Authorization: '[redacted]',
    'content-TYPE': 'application/json',
    'klarna-idempotency-key': 'k',
    'User-Agent': 'shop',
  };
  const captured = post({
    status: 201,
    request: { headers, body: { captured_amount: 1 } },
    response: { headers: { 'capture-id': ID, 'mock-klarna-explain': 'x', date: 'now' } },
    ...because('capture-room'),
  });
  const refused = exchange('GET', '/ordermanagement/v1/orders/a/captures/b?x=1&y=%20', {
    status: 404,
    response: {
      headers: { 'content-type': 'application/json' },
      body: { error_code: 'NO_SUCH_CAPTURE', error_messages: [] },
    },
    ...because('capture-known'),
  });
  const rule = (matcher: object) => ({ matchers: [matcher], combine: 'AND' });
  const bare = exchange('POST', '/ordermanagement/v1/orders/a/acknowledge', { status: 204, response: { headers: {} } });
  const stray = { ...bare, response: { headers: {}, body: { status: 'CAPTURED' } } };
  t.strictSame(JSON.parse(String(writePact([stray], 'shop'))).interactions[0].response.matchingRules.body, {
    $: { matchers: [{ match: 'type' }], combine: 'AND' },
  });
  const { interactions } = JSON.parse(String(writePact([captured, refused, captured, bare], 'shop')));
  t.strictSame(interactions, [
    {
      description: 'captureOrder that is answered 201',
      providerStates: [{ name: 'there is an order' }],
      request: {
        method: 'POST',
        path: '/ordermanagement/v1/orders/a/captures',
        headers: { 'Content-Type': 'application/json', 'Klarna-Idempotency-Key': 'k' },
        body: { captured_amount: 1 },
        matchingRules: {
          path: rule({ match: 'regex', regex: '^/ordermanagement/v1/orders/[^/]+/captures$' }),
          header: { 'Klarna-Idempotency-Key': rule({ match: 'type' }) },
        },
      },
      response: {
        status: 201,
        headers: { 'Capture-Id': ID },
        matchingRules: { header: { 'Capture-Id': rule({ match: 'type' }) } },
      },
    },
    {
      description: 'readCapture that is answered 404 NO_SUCH_CAPTURE, because of capture-known',
      providerStates: [],
      request: {
        method: 'GET',
        path: '/ordermanagement/v1/orders/a/captures/b',
        query: { x: ['1'], y: [' '] },
        matchingRules: { path: rule({ match: 'regex', regex: '^/ordermanagement/v1/orders/[^/]+/captures/[^/]+$' }) },
      },
      response: {
        status: 404,
        headers: { 'Content-Type': 'application/json' },
        body: { error_code: 'NO_SUCH_CAPTURE', error_messages: [] },
        matchingRules: {
          body: { $: rule({ match: 'type' }), '$.error_code': rule({ match: 'equality' }) },
          header: {},
        },
      },
    },
    {
      description: 'acknowledgeOrder that is answered 204',
      providerStates: [{ name: 'there is an order' }],
      request: {
        method: 'POST',
        path: '/ordermanagement/v1/orders/a/acknowledge',
        matchingRules: { path: rule({ match: 'regex', regex: '^/ordermanagement/v1/orders/[^/]+/acknowledge$' }) },
      },
      response: { status: 204, matchingRules: { header: {} } },
    },
  ]);
  t.end();
});

t.test('mistakes of our own are no bad input', async (t) => {
  const broken = () => {
    throw new Error('broken');
  };
  t.throws(() => gather([1], 'file', broken), { message: 'broken' });
  t.throws(() => reasonIn(new Error('broken')), { message: 'broken' });
});
