import { operationNamed } from '../../src/contract/operations.js';
import type { RecordedExchange } from '../../src/exchange/recorded.js';
import { startServer } from '../../src/server/start.js';
import { chooseCases } from '../../src/verify/cases.js';
import { differencesOf, driftChecks, type RecordingSide, type TargetSide } from '../../src/verify/drift/differences.js';
import { compareSides } from '../../src/verify/drift/drift.js';
import t, { type Test } from '../tap.js';
import type { Plant } from './proxy.js';
import { startProxy } from './proxy.js';

/** A sandbox, or what looks like Klarna, that makes mistakes. */
async function side(
  t: Test,
  name: string,
  plant: Plant = () => undefined,
  asKlarna = false,
  rechunk = false,
): Promise<TargetSide> {
  const server = await startServer({ port: 0, seed: 'drift' });
  const proxy = await startProxy(server.url, { asKlarna, rechunk });
  proxy.plant = plant;
  t.teardown(async () => {
    proxy.close();
    await server.close();
  });
  return { kind: 'target', name, target: { url: proxy.url, username: 'd', password: 'p' }, sandbox: !asKlarna };
}

const cases = await chooseCases(['customer-token/tokens/cancel', 'payments/sessions/create-refused-empty']);

t.test('two sandboxes do not differ, nor does one from itself', async (t) => {
  const [a, b] = [await side(t, 'A'), await side(t, 'B')];
  t.matchLists(await compareSides([a, b], cases), { findings: [], judged: 2, unjudged: [] });
  t.matchLists(await compareSides([a, a], cases), { findings: [], judged: 2, unjudged: [] });
});

t.test('a proxy that frames every answer anew makes no difference', async (t) => {
  const framed = await chooseCases(['customer-token/tokens/cancel', 'order-management/captures/create-twice']);
  const [a, b] = [await side(t, 'A'), await side(t, 'B', undefined, false, true)];
  for (const sides of [[a, b] as const, [b, a] as const]) {
    const { findings, judged } = await compareSides(sides, framed);
    t.strictSame(
      findings.map(({ message }) => message),
      [],
    );
    t.equal(judged, 2);
  }
});

t.test('what differs is told with path, expected and got', async (t) => {
  const changes: [string, Plant, object][] = [
    [
      'status',
      ({ operation, headers, body }) =>
        operation.name === 'readCustomerToken' ? { status: 203, headers, body } : undefined,
      { check: 'drift/status', operation: 'readCustomerToken', path: '$.status', expected: 200, got: 203 },
    ],
    [
      'error code',
      ({ status, headers, body }) =>
        status === 400 ? { status, headers, body: { ...body, error_code: 'OTHER' } } : undefined,
      { check: 'drift/error-code', expected: 'BAD_VALUE', got: 'OTHER' },
    ],
    [
      'fields',
      ({ status, headers, body }) =>
        status === 400 ? { status, headers, body: { ...body, error_messages: ['Bad value: locale'] } } : undefined,
      { check: 'drift/fields-named', path: '$.body.error_messages', got: ['locale'] },
    ],
    [
      'a missing field',
      ({ operation, status, headers, body: { status: _, ...body } = {} as any }) =>
        operation.name === 'readCustomerToken' ? { status, headers, body } : undefined,
      { check: 'drift/missing-key', path: '$.body.status', expected: 'a string', got: undefined },
    ],
    [
      'a new field',
      ({ operation, status, headers, body }) =>
        operation.name === 'readCustomerToken' ? { status, headers, body: { ...body, more: 1 } } : undefined,
      { check: 'drift/extra-key', path: '$.body.more', expected: undefined, got: 'a number' },
    ],
    [
      'a type',
      ({ operation, status, headers, body }) =>
        operation.name === 'readCustomerToken' ? { status, headers, body: { ...body, status: 1 } } : undefined,
      { check: 'drift/type', path: '$.body.status', expected: 'string', got: 'number' },
    ],
    [
      'a header less',
      ({ operation, status, headers: { 'klarna-correlation-id': _, ...headers }, body }) =>
        operation.name === 'updateCustomerTokenStatus' ? { status, headers, body } : undefined,
      { check: 'drift/header', path: '$.headers.Klarna-Correlation-Id', expected: 'a value', got: undefined },
    ],
    [
      'only a value',
      ({ operation, status, headers, body }) =>
        operation.name === 'readCustomerToken' ? { status, headers, body: { ...body, status: 'ACTIVE' } } : undefined,
      { check: 'drift/expectation', path: '$.body.status', expected: 'CANCELLED', got: 'ACTIVE' },
    ],
  ];
  for (const [name, plant, expected] of changes) {
    const { findings } = await compareSides([await side(t, 'A'), await side(t, 'B', plant)], cases);
    const [first, ...others] = findings;
    t.matchLists(first, { severity: 'violation', ...expected, where: { file: /\.yaml$/, line: Number } }, name);
    t.strictSame(
      others.map(({ check }) => check),
      [],
      `${name}: what else is told`,
    );
  }
});

t.test('a header that a recording does not have may have been there; one that a target does not send was not', (t) => {
  const operation = operationNamed('captureOrder');
  const answer = (...names: string[]) => ({
    status: 201,
    headers: Object.fromEntries(names.map((name) => [name, 'x'])),
    body: undefined,
  });
  const all = ['Capture-Id', 'Location', 'Klarna-Correlation-Id'];
  const target = (name: string) => ({ kind: 'target', name }) as TargetSide;
  const told = (
    sides: readonly [RecordingSide | TargetSide, RecordingSide | TargetSide],
    first: string[],
    second: string[],
  ) =>
    differencesOf({ operation, what: 'step 7', answers: [answer(...first), answer(...second)], where: {} }, sides).map(
      ({ check, severity, message }) => `${severity} ${check} ${message}`,
    );
  const lines = (one: string, other: string) => [
    `violation drift/header step 7: $.headers.Location is "a value" of ${one}, nothing of ${other}`,
    `violation drift/header step 7: $.headers.Capture-Id is nothing of ${one}, "a value" of ${other}`,
  ];
  const [first, second] = [
    ['Location', 'Klarna-Correlation-Id'],
    ['Capture-Id', 'klarna-correlation-id'],
  ];
  t.strictSame(told([target('A'), target('B')], first, second), lines('A', 'B'));
  t.strictSame(told([recording('A', []), target('B')], first, second), lines('A', 'B').slice(0, 1));
  t.strictSame(told([target('A'), recording('B', [])], first, second), lines('A', 'B').slice(1));
  t.strictSame(told([recording('A', []), recording('B', [])], first, second), []);
  t.strictSame(told([target('A'), target('B')], all, all), []);
  const others = { ...answer(...all), status: 403 };
  const statuses = differencesOf(
    { operation, what: 'exchange 2', answers: [answer(), others], where: { file: 'a.har', exchange: 2 } },
    [target('A'), target('B')],
  );
  t.matchLists(statuses, [
    {
      check: 'drift/status',
      operation: 'captureOrder',
      message: 'exchange 2: $.status is 201 of A, 403 of B',
      expected: 201,
      got: 403,
      where: { file: 'a.har', exchange: 2 },
    },
  ]);
  t.end();
});

t.test('a header that only the second has, and words that are others', async (t) => {
  const less: Plant = ({ operation, status, headers: { 'klarna-correlation-id': _, ...headers }, body }) =>
    operation.name === 'updateCustomerTokenStatus' ? { status, headers, body } : undefined;
  const { findings, exchanges } = await compareSides([await side(t, 'A', less), await side(t, 'B')], cases);
  t.matchLists(exchanges, [
    {
      side: 'A',
      path: /^\/customer-token\//,
      where: { step: 4 },
      response: { headers: { 'klarna-correlation-id': undefined } },
    },
    { side: 'B', where: { step: 4 }, response: { headers: { 'klarna-correlation-id': String } } },
  ]);
  t.matchLists(findings, [
    {
      message: 'step 4: $.headers.Klarna-Correlation-Id is nothing of A, "a value" of B',
      expected: undefined,
      got: 'a value',
    },
  ]);
  const words: Plant = ({ status, headers, body }) =>
    status === 404 ? { status, headers, body: { ...body, error_messages: ['Gone'] } } : undefined;
  const unknown = await chooseCases(['payments/sessions/unknown']);
  const differing = await compareSides([await side(t, 'A'), await side(t, 'B', words)], unknown);
  t.matchLists(differing.findings, [{ check: 'drift/message', severity: 'warning', got: ['Gone'] }]);
});

t.test('a side that breaks off is told', async (t) => {
  const silent: Plant = ({ operation }) => (operation.name === 'readCustomerToken' ? 'none' : undefined);
  const { findings, exchanges } = await compareSides([await side(t, 'A', silent), await side(t, 'B')], cases);
  t.matchLists(exchanges, [{ side: 'A', method: 'GET', status: 0, where: { step: 5 } }]);
  t.matchLists(findings, [{ check: 'drift/expectation', message: /^step 5: only B is as the case expects; A: / }]);
  const dead = { ...(await side(t, 'A')), target: { url: 'http://127.0.0.1:1', username: 'd', password: 'p' } };
  const { findings: all } = await compareSides([dead, await side(t, 'B')], cases);
  t.match(all[0], {
    message: /^step 1: only B is as the case expects; A: resetMerchant got no answer/,
    where: { line: 1 },
  });
});

t.test('cases that one side cannot play are counted', async (t) => {
  const klarna = await side(t, 'Klarna', undefined, true);
  const none = { ...(cases[0] as (typeof cases)[number]), name: 'none', steps: [] };
  t.matchLists(await compareSides([await side(t, 'A'), klarna], [...cases, none]), {
    findings: [],
    judged: 1,
    unjudged: [
      { what: 'customer-token/tokens/cancel', why: 'Klarna is no sandbox: it acts for the shopper' },
      { what: 'none', why: 'has no steps' },
    ],
  });
});

const exchange = (index: number, method: string, target: string, status: number, body?: object): RecordedExchange => ({
  file: 'a.har',
  index,
  request: {
    method,
    url: `https://api.klarna.com${target}`,
    target,
    headers: {},
    body: method === 'POST' ? {} : undefined,
  },
  response: { status, headers: { 'Content-Type': 'application/json' }, body },
});

const refusal = (message: string) => ({ error_code: 'BAD_VALUE', error_messages: [message], correlation_id: 'a' });
const recording = (name: string, exchanges: RecordedExchange[]): RecordingSide => ({
  kind: 'recording',
  name,
  exchanges,
  unjudged: [],
});
const refused = (message: string) => exchange(1, 'POST', '/payments/v1/sessions', 400, refusal(message));

t.test('a recording is compared with a sandbox, either way round', async (t) => {
  const same = recording('same', [
    refused('Bad value: purchase_country, purchase_currency'),
    exchange(2, 'GET', '/elsewhere', 200),
  ]);
  const a = await side(t, 'A');
  const found = await compareSides([same, a], []);
  t.matchLists(found, {
    findings: [],
    judged: 1,
    unjudged: [{ what: /a\.har exchange 2/, why: 'no operation of Klarna has this method and path' }],
  });
  const other = recording('other', [refused('Bad value: locale')]);
  const differing = await compareSides([other, a], []);
  t.matchLists(differing.exchanges, [
    {
      side: 'other',
      where: { file: 'a.har', exchange: 1 },
      status: 400,
      response: { body: { error_messages: Object } },
    },
  ]);
  const both = await compareSides([other, recording('third', [refused('Bad value: amount')])], []);
  t.matchLists(both.exchanges, [{ side: 'other' }, { side: 'third' }]);
  t.matchLists(differing.findings, [
    {
      check: 'drift/fields-named',
      expected: ['locale'],
      got: ['purchase_country', 'purchase_currency'],
      where: { file: 'a.har', exchange: 1 },
    },
  ]);
  t.matchLists((await compareSides([a, other], [])).findings, [{ got: ['locale'] }]);
  const klarna = await side(t, 'Klarna', undefined, true);
  t.matchLists(await compareSides([other, klarna], []), { judged: 0, unjudged: [{ why: /^Klarna is no sandbox/ }] });
});

t.test('what a sandbox cannot repeat is counted', async (t) => {
  const order = '/ordermanagement/v1/orders/b7a41d6e-2f93-4e58-b0c7-5d8e13f6a927';
  const told = recording('told', [
    exchange(1, 'GET', order, 200, { order_id: 'a' }),
    refused('Bad value: purchase_country, purchase_currency'),
  ]);
  const plant: Plant = ({ operation, status }) =>
    operation.name === 'createSession' && status === 200 ? 'none' : undefined;
  const { findings, judged, unjudged } = await compareSides([told, await side(t, 'B', plant)], []);
  t.strictSame(findings, []);
  t.equal(judged, 1, 'the next one is compared');
  t.matchLists(unjudged, [
    {
      what: `a.har exchange 1 (GET ${order})`,
      why: /^the sandbox cannot be brought into its state: createSession got no answer/,
    },
  ]);
});

t.test('two recordings are compared by the order of their exchanges', async (t) => {
  const one = recording('one', [refused('Bad value: locale'), refused('Bad value: intent')]);
  const other = recording('other', [
    refused('Bad value: locale'),
    exchange(2, 'GET', '/payments/v1/sessions/a', 404, refusal('x')),
  ]);
  t.matchLists(await compareSides([one, other], []), {
    findings: [],
    judged: 1,
    unjudged: [
      { what: 'a.har exchange 1 (POST /payments/v1/sessions)', why: 'other has no counterpart' },
      { what: 'a.har exchange 2 (GET /payments/v1/sessions/a)', why: 'one has no counterpart' },
    ],
  });
});

t.test('a body that a recording does not have is not compared in silence', async (t) => {
  const found = { session_id: 'a', client_token: 'b' };
  const asked = (index: number, status: number, body?: object): RecordedExchange => {
    const one = exchange(index, 'GET', '/payments/v1/sessions/a', status, body);
    return { ...one, file: body ? 'whole.har' : 'bare.har' };
  };
  const whole = recording('whole', [asked(1, 200, found), asked(2, 200, found)]);
  const bare = recording('bare', [asked(1, 200), asked(2, 404)]);
  for (const [first, second] of [[whole, bare] as const, [bare, whole] as const]) {
    const { findings, judged, unjudged } = await compareSides([first, second], []);
    t.strictSame(
      findings.map(({ check }) => check),
      ['drift/status'],
      'what is there is compared',
    );
    t.equal(judged, 1);
    t.strictSame(unjudged, [
      {
        what: 'bare.har exchange 1 (GET /payments/v1/sessions/a)',
        why: 'the body of the answer is not there, and 200 has one',
      },
    ]);
  }
  const posted = { ...exchange(1, 'POST', '/payments/v1/sessions', 200, found) };
  const unsent = { ...posted, request: { ...posted.request, body: undefined } };
  t.strictSame(await compareSides([recording('unsent', [unsent]), await side(t, 'A')], []), {
    findings: [],
    exchanges: [],
    judged: 0,
    unjudged: [
      {
        what: 'a.har exchange 1 (POST /payments/v1/sessions)',
        why: 'the body of the request is not there, and Klarna takes none without',
      },
    ],
    checks: driftChecks,
  });
});
