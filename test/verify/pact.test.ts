import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMatching } from '../../src/verify/pact/matching.js';
import { verifyPacts } from '../../src/verify/pact/verify.js';
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
