import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Located, locate } from '../../src/contract/locate.js';
import { type Interaction, readMatching, readPact } from '../../src/exchange/pact.js';
import { judgeInteraction, verifyPacts } from '../../src/verify/pact.js';
import { charge, purchase, startSandbox } from '../contract/sandbox.js';
import t, { type Test } from '../tap.js';

/** Judges a Pact file. */
async function judge(t: Test, ...files: (object | string)[]) {
  const { url } = await startSandbox(t);
  const folder = t.testdir({});
  const paths = files.map((file, at) => {
    const path = join(folder, `${at}.json`);
    writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
    return path;
  });
  const verified = await verifyPacts({ url, username: 'verify', password: 'verify' }, paths);
  const short = (text: string) => text.replaceAll(`${folder}/`, '');
  return {
    ...verified,
    found: verified.findings.map(
      ({ severity, check, path, message }) => `${severity} ${check} ${path ?? ''} ${short(message)}`,
    ),
    left: verified.unjudged.map(({ what, why }) => `${short(what)}: ${why}`),
  };
}

const pact = (interactions: unknown, more: object = {}) => ({
  consumer: { name: 'boot shop' },
  provider: { name: 'Klarna' },
  interactions,
  ...more,
});

const json = { 'Content-Type': 'application/json' };
const create = { method: 'POST', path: '/payments/v1/sessions', headers: json, body: purchase };
const ID = '3c1b4b2e-5d6f-4a70-8b91-a2b3c4d5e6f7';
const order = `/ordermanagement/v1/orders/${ID}`;

t.test('interactions of every version that Klarna keeps are fine', async (t) => {
  const created = { status: 200, headers: json, body: { session_id: ID, client_token: 'a' } };
  const two = pact([{ description: 'a session', provider_state: 'nothing', request: create, response: created }]);
  const three = pact([
    {
      description: 'a capture',
      providerStates: [{ name: 'an order' }],
      request: { method: 'POST', path: `${order}/captures`, body: { captured_amount: 1 } },
      response: { status: 201, headers: { 'Capture-Id': ID } },
    },
    {
      description: 'the captures',
      request: { method: 'GET', path: `${order}/captures`, query: { page: ['1', '2'], size: '3' } },
      response: { status: 200, body: [] },
    },
    {
      description: 'no session',
      request: { path: '/payments/v1/sessions/none', query: 'a=b' },
      response: { status: 404 },
    },
  ]);
  const four = pact([
    {
      type: 'Synchronous/HTTP',
      description: 'a charge that fails',
      request: {
        method: 'POST',
        path: `/customer-token/v1/tokens/${ID}/order`,
        headers: { 'Content-Type': ['application/json'] },
        body: { content: charge, contentType: 'application/json', encoded: false },
      },
      response: {
        status: 403,
        body: {
          content: Buffer.from('{"error_code":"PAYMENT_METHOD_FAILED"}').toString('base64'),
          contentType: 'application/json',
          encoded: 'base64',
        },
      },
    },
    {
      type: 'Synchronous/HTTP',
      description: 'some failure',
      request: { method: 'GET', path: `/customer-token/v1/tokens/${ID}` },
      response: {
        status: 599,
        matchingRules: { status: { $: { matchers: [{ match: 'statusCode', status: 'serverError' }] } } },
      },
    },
    {
      description: 'no body',
      request: { method: 'DELETE', path: `/payments/v1/authorizations/${ID}` },
      response: { status: 204, body: { content: '' } },
    },
  ]);
  const { found, left, judged, checks } = await judge(t, two, three, four);
  t.strictSame(found, []);
  t.strictSame(left, []);
  t.equal(judged, 7);
  t.ok(checks.every(({ id }) => id.startsWith('pact/')));
});

t.test('what Klarna would refuse, or could not answer, is found', async (t) => {
  const cases: [object, object, RegExp][] = [
    [
      { ...create, body: { ...purchase, purchase_country: 'Sweden' } },
      { status: 200 },
      /^violation pact\/request \$\.request\.body\.purchase_country Klarna refuses/,
    ],
    [
      { ...create, body: { ...purchase, ordr_amount: 1 } },
      { status: 200 },
      /^warning pact\/ignored \$\.request\.body\.ordr_amount .*did you mean "order_amount"\?$/,
    ],
    [
      { ...create, body: { ...purchase, session_colour_code: 1 } },
      { status: 200 },
      /^warning pact\/ignored .* Klarna ignores session_colour_code$/,
    ],
    [
      create,
      { status: 201 },
      /^violation pact\/status \$\.response\.status Klarna never answers createSession with 201/,
    ],
    [create, { status: 200, headers: { 'X-Colour': 'red' } }, /^warning pact\/header \$\.response\.headers\.X-Colour/],
    [
      create,
      { status: 200, headers: { 'content-type': 'text/html' } },
      /^warning pact\/header .* not with text\/html$/,
    ],
    [
      { method: 'POST', path: `${order}/acknowledge` },
      { status: 204, headers: json },
      /^warning pact\/header .*with no body, not with application\/json$/,
    ],
    [
      { method: 'POST', path: `${order}/acknowledge` },
      { status: 204, body: { done: true } },
      /^violation pact\/field \$\.response\.body Klarna answers this without a body$/,
    ],
    [
      create,
      { status: 200, body: { colour: 'red' } },
      /^violation pact\/field \$\.response\.body\.colour Klarna could not answer so/,
    ],
    [
      create,
      { status: 200, body: { session_id: 1 } },
      /^violation pact\/value \$\.response\.body\.session_id .*type string$/,
    ],
    [create, { status: 200, body: [] }, /^violation pact\/value \$\.response\.body /],
    [
      { ...create, body: { ...purchase, order_amount: 1 } },
      { status: 200 },
      /^violation pact\/refused .*expected 200, but Klarna would answer 400 BAD_VALUE \(order-total: /,
    ],
    [
      create,
      { status: 400, body: { error_code: 'BAD_VALUE' } },
      /^violation pact\/refused .*expected 400, but Klarna would answer 200$/,
    ],
    [
      { ...create, body: {} },
      { status: 400, body: { error_code: 'BAD_REQUEST' } },
      /^violation pact\/error-code .*expected the error BAD_REQUEST, but Klarna would answer BAD_VALUE/,
    ],
    [
      { method: 'POST', path: `${order}/refunds`, body: { refunded_amount: 5 } },
      {
        status: 403,
        body: { error_code: 'REFUND_NOT_ALLOWED', error_messages: ['Order has no captures. Refund not possible'] },
      },
      /^$/,
    ],
    [
      {
        method: 'POST',
        path: `/payments/v1/authorizations/${ID}/order`,
        body: { ...purchase, billing_address: { phone: 'nobody' } },
      },
      { status: 200 },
      /^warning pact\/refused .* Klarna would answer 409 BAD_VALUE .*; the state before it is guessed$/,
    ],
  ];
  for (const [request, response, pattern] of cases) {
    const { found } = await judge(t, pact([{ description: 'x', request, response }]));
    t.match(found.join('\n'), pattern, found.join('\n'));
    t.ok(found.length < 2, found.join('\n'));
  }
});

t.test('a matching rule leaves only the type of an example to judge', async (t) => {
  const request = { method: 'GET', path: order };
  const body = { status: 'SHIPPED', order_amount: -1, order_lines: [{ name: 1 }] };
  const strict = await judge(t, pact([{ description: 'x', request, response: { status: 200, body } }]));
  t.strictSame(strict.findings.map(({ path }) => path).sort(), [
    '$.response.body.order_amount',
    '$.response.body.order_lines[0].name',
    '$.response.body.status',
  ]);
  const three = { body: { $: { matchers: [{ match: 'type' }] } } };
  const two = { '$.body.status': { match: 'type' }, "$.body['order_amount']": { match: 'integer' } };
  for (const matchingRules of [three, two]) {
    const loose = await judge(t, pact([{ description: 'x', request, response: { status: 200, body, matchingRules } }]));
    t.strictSame(
      loose.findings.map(({ path }) => path),
      ['$.response.body.order_lines[0].name'],
    );
  }
  const any = { body: { '$.error_code': { matchers: [{ match: 'regex', regex: '.*' }] } } };
  const response = { status: 400, body: { error_code: 'X' }, matchingRules: any };
  t.strictSame((await judge(t, pact([{ description: 'x', request: { ...create, body: {} }, response }]))).found, []);
});

t.test('rules hold for their place, and some for all below', async (t) => {
  const { loosens } = readMatching({
    body: {
      '$.a': { matchers: [{ match: 'equality' }] },
      '$.b[*].c': { matchers: [{ match: 'integer' }] },
      '$["d"]': { matchers: [{ min: 1 }] },
      '$.e[0]': { match: 'regex' },
      '$.f': 'nonsense',
      '$.*.g': { match: 'date' },
    },
  });
  for (const path of ['$.b[7].c', '$.d.e.f', '$.e[0]', '$.x.g']) t.ok(loosens(path), path);
  for (const path of ['$.a', '$.b', '$.b[7].c.d', '$.e[1]', '$.f', '$']) t.notOk(loosens(path), path);
});

t.test('each kind of matcher has its reach', (t) => {
  const reachOf = (rule: unknown) => {
    const { loosens } = readMatching({ body: { '$.a': rule } });
    return ['$', '$.a', '$.a.b', '$.a[0].b', '$.b'].filter(loosens);
  };
  const named = (...names: string[]) => ({ matchers: names.map((match) => ({ match })) });
  for (const name of ['equality', 'include']) t.strictSame(reachOf(named(name)), [], name);
  for (const name of ['type', 'min', 'max', 'values', 'eachValue', 'eachKey']) {
    t.strictSame(reachOf(named(name)), ['$.a', '$.a.b', '$.a[0].b'], name);
  }
  for (const name of ['regex', 'integer', 'decimal', 'date', 'null', 'Type']) {
    t.strictSame(reachOf(named(name)), ['$.a'], name);
  }
  t.strictSame(reachOf(named('equality', 'integer')), ['$.a']);
  t.strictSame(reachOf(named('integer', 'type')), ['$.a', '$.a.b', '$.a[0].b']);
  t.strictSame(reachOf(named('equality', 'type')), ['$.a', '$.a.b', '$.a[0].b']);
  t.strictSame(reachOf({ matchers: [{ max: 3 }] }), ['$.a', '$.a.b', '$.a[0].b']);
  t.strictSame(reachOf({ matchers: [{ regex: 'x' }, 'nonsense'] }), ['$.a']);
  t.strictSame(reachOf({ matchers: [] }), []);
  t.strictSame(reachOf({ matchers: [null, 7, 'type', [], { match: 'equality' }] }), [], 'what is no matcher is none');
  t.end();
});

t.test('rules of version 2 are for the body where their path says so', (t) => {
  const type = { match: 'type' };
  const all = readMatching({ '$.body': type });
  t.ok(all.loosens('$') && all.loosens('$.a'));
  const list = readMatching({
    '$.body[0]': type,
    '$.bodyguard': type,
    '$.headers.a': type,
    '$.body.b.c': { match: 'date' },
  });
  t.strictSame(['$', '$[0]', '$[0].a', '$[1]', '$.0', '$.guard', '$.a', '$.b', '$.b.c'].filter(list.loosens), [
    '$[0]',
    '$[0].a',
    '$.b.c',
  ]);
  t.notOk(readMatching(undefined).loosens('$.a'));
  t.end();
});

/** What the contract alone says of an interaction. */
async function problems(t: Test, request: object, response: object) {
  const file = join(t.testdir({ 'a.json': JSON.stringify(pact([{ request, response }])) }), 'a.json');
  const [interaction] = (await readPact(file)).interactions;
  const { method, target } = (interaction as Interaction).exchange.request;
  return judgeInteraction((locate(method, target) as Located).operation, interaction as Interaction);
}

t.test('each problem says what Klarna has, and what is expected of it', async (t) => {
  const status = {
    kind: 'status',
    path: '$.response.status',
    expected: [200, 400, 401, 403, 405, 413, 415, 429, 500],
    got: 300,
  };
  const refused = { ...create, body: { ...purchase, purchase_country: 'Sweden' } };
  t.matchLists(await problems(t, refused, { status: 300 }), [status], 'what is not taken need not be right');
  const ignored = { ...create, body: { ...purchase, ordr_amount: 1, client_token: 'a' } };
  t.strictSame(await problems(t, ignored, { status: 200 }), [
    {
      kind: 'ignored',
      path: '$.request.body.ordr_amount',
      message: 'Klarna ignores ordr_amount; did you mean "order_amount"?',
    },
    { kind: 'ignored', path: '$.request.body.client_token', message: 'Klarna ignores client_token' },
  ]);
  const headers = {
    'content-type': 'Text/HTML; charset=utf-8',
    'Cache-Control': 'no-store',
    Date: 'now',
    'Content-Length': '2',
    'X-Colour': 'red',
  };
  t.strictSame(await problems(t, create, { status: 200, headers }), [
    {
      kind: 'header',
      path: '$.response.headers.X-Colour',
      message: 'Klarna is not known to send X-Colour with this answer',
    },
    {
      kind: 'header',
      path: '$.response.headers.Content-Type',
      expected: 'application/json',
      got: 'text/html',
      message: 'Klarna answers this with application/json, not with text/html',
    },
  ]);
  const loose = { body: { $: { matchers: [{ match: 'type' }] } } };
  const body = { session_id: 1, colour: 'red' };
  t.strictSame(await problems(t, create, { status: 200, body, matchingRules: loose }), [
    {
      kind: 'field',
      path: '$.response.body.colour',
      expected: 'no such field',
      got: 'red',
      message: 'Klarna could not answer so: colour: given "red", expected no such field',
    },
    {
      kind: 'value',
      path: '$.response.body.session_id',
      expected: 'a value of type string',
      got: 1,
      message: 'Klarna could not answer so: session_id: given 1, expected a value of type string',
    },
  ]);
  const acknowledge = { method: 'POST', path: `${order}/acknowledge` };
  t.matchLists(await problems(t, acknowledge, { status: 204, body: [1] }), [
    { kind: 'field', path: '$.response.body', expected: 'no body', got: [1] },
  ]);
});

t.test('a request is read in the words of each version', async (t) => {
  const requests = [
    { path: '/a', query: 'b=c&b=d' },
    { path: '/a', method: 'put', query: { b: ['c', 1], d: 'e f', g: [] }, headers: { A: ['1', '2'] } },
    { path: '/a', headers: { 'Content-Type': 'a/b' }, body: { content: { c: 1 }, contentType: 'd/e' } },
    { path: '/a', body: { content: null, contentType: 'd/e' } },
    { path: '/a', body: '{"a": 1}' },
  ];
  const file = join(
    t.testdir({ 'a.json': JSON.stringify(pact(requests.map((request) => ({ request, response: {} })))) }),
    'a.json',
  );
  const read = (await readPact(file)).interactions.map(({ exchange: { file: _, ...exchange } }) => exchange);
  const response = { status: 200, headers: {}, body: undefined };
  const asked = (index: number, more: object) => ({
    index,
    request: { method: 'GET', url: '/a', target: '/a', headers: {}, body: undefined, ...more },
    response,
  });
  const [old, recent] = ['/a?b=c&b=d', '/a?b=c&b=1&d=e+f'];
  t.strictSame(read, [
    asked(1, { url: old, target: old }),
    asked(2, { method: 'PUT', url: recent, target: recent, headers: { A: '1, 2' } }),
    asked(3, { headers: { 'Content-Type': 'a/b' }, body: { c: 1 } }),
    asked(4, { headers: { 'Content-Type': 'd/e' } }),
    asked(5, { body: { a: 1 } }),
  ]);
});

t.test('what the sandbox makes of a request is a violation, unless it hangs on a state that is guessed', async (t) => {
  const capture = { method: 'post', path: `${order}/captures`, headers: json };
  const states = [{ name: 'there is an order' }, 'it is new'];
  const { findings, left, exchanges } = await judge(
    t,
    pact([
      {
        providerStates: states,
        description: 'one',
        request: { ...capture, body: { captured_amount: 1 } },
        response: { status: 400 },
      },
      { providerState: 'a state', request: { ...create, body: { ...purchase, order_amount: 1 } }, response: {} },
      {
        provider_state: 'an old state',
        request: { ...capture, body: { captured_amount: 10 ** 9 } },
        response: { status: 201 },
      },
      { request: { ...create, body: {} }, response: { status: 400, body: { error_code: 'BAD_REQUEST' } } },
    ]),
  );
  t.matchLists(exchanges, [
    { where: { case: 'there is an order: it is new: one' }, status: 400, request: { body: { captured_amount: 1 } } },
    { where: { case: 'a state' }, path: '/payments/v1/sessions' },
    { where: { case: 'an old state' } },
    { where: { case: 'interaction 4' }, response: { body: { error_code: 'BAD_REQUEST' } } },
  ]);
  t.strictSame(left, []);
  t.strictSame(
    findings.map(({ severity, check, operation, path, expected, got, where }) => [
      where.case,
      `${severity} ${check} ${operation}`,
      path,
      expected,
      got,
    ]),
    [
      ['there is an order: it is new: one', 'warning pact/refused captureOrder', '$.response.status', 201, 400],
      ['a state', 'violation pact/refused createSession', '$.response.status', 400, 200],
      ['an old state', 'violation pact/request captureOrder', '$.request.body.captured_amount', undefined, undefined],
      [
        'interaction 4',
        'violation pact/error-code createSession',
        '$.response.body.error_code',
        'BAD_VALUE',
        'BAD_REQUEST',
      ],
    ],
  );
});

t.test('what cannot be judged is told', async (t) => {
  const message = { description: 'a push', contents: {} };
  const { left, judged } = await judge(
    t,
    pact([
      1,
      { description: 'nowhere', request: {} },
      { request: { path: '/a' } },
      { request: { path: '/a' }, response: { status: 'x' } },
    ]),
    pact([
      { request: { path: '/a' }, response: {} },
      { description: 'ours', request: { path: '/sandbox/v1/clock' }, response: {} },
    ]),
    { consumer: {}, messages: [message] },
    pact([{ ...message, type: 'Asynchronous/Messages' }]),
    '{"interactions": [{"request": {"path": "/b"}, "response": {}}, {"requ',
    '{}',
    'no json',
    pact([
      {
        description: 'odd',
        request: { method: 'POST', path: `${order}/cancel` },
        response: { status: 403, body: { error_code: 'ODD' } },
      },
    ]),
  );
  const expected = [
    /^0\.json interaction 1: is no mapping$/,
    /^0\.json interaction 2 \(nowhere\): has no request with a path$/,
    /^0\.json interaction 3: has no response$/,
    /^0\.json interaction 4: expects no status, but "x"$/,
    /^1\.json "interaction 1": no operation of Klarna's contracts is GET \/a$/,
    /^1\.json "ours": no operation/,
    /^2\.json message 1 \(a push\): it is a message, and Klarna is asked by HTTP$/,
    /^3\.json interaction 1 \(a push\): it is a message/,
    /^4\.json: is no JSON \(.*only the exchange before that$/,
    /^4\.json "interaction 1": no operation/,
    /^5\.json: is no Pact file/,
    /^6\.json: is no JSON/,
    /^7\.json "odd", beside the sandbox: what led to the refusal/,
  ];
  t.equal(left.length, expected.length, left.join('\n'));
  for (const [at, pattern] of expected.entries()) t.match(left[at], pattern);
  t.equal(judged, 1);
});

t.test('a body may be written as its text; one that cannot be read, or is not there, is not judged', async (t) => {
  const text = JSON.stringify(purchase);
  const post = (more: object) => ({ method: 'POST', path: '/payments/v1/sessions', headers: json, ...more });
  const inFour = (encoded: unknown, content: unknown) => ({ content, contentType: 'application/json', encoded });
  const bodies = [
    text,
    inFour('JSON', text),
    inFour(true, Buffer.from(text).toString('base64')),
    inFour(false, purchase),
  ];
  const fine = await judge(
    t,
    pact(bodies.map((body, at) => ({ description: `${at}`, request: post({ body }), response: { status: 200 } }))),
  );
  t.strictSame(fine.found, []);
  t.strictSame(fine.left, []);
  t.equal(fine.judged, bodies.length);
  const { found, left, judged } = await judge(
    t,
    pact([
      { description: 'bytes', request: post({ body: inFour('base64', 'no base64!') }), response: { status: 200 } },
      { description: 'none', request: post({}), response: { status: 200 } },
      {
        description: 'answer',
        request: post({ body: purchase }),
        response: { status: 200, body: inFour('base64', 'no base64!') },
      },
    ]),
  );
  t.strictSame(found, []);
  t.equal(judged, 0);
  t.strictSame(left, [
    '0.json "bytes": of the request, its body says it is in base64, and is not',
    '0.json "none": the body of the request is not there, and Klarna takes none without',
    '0.json "answer": of the answer, its body says it is in base64, and is not',
  ]);
});
