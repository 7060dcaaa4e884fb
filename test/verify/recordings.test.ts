import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { entriesOf } from '../../src/exchange/cassette.js';
import { findRecordings, readRecording } from '../../src/exchange/files.js';
import { readHar } from '../../src/exchange/har.js';
import { bodyText, readExchange, readHeaders, targetOf } from '../../src/exchange/message.js';
import { compareAnswers, severityOf } from '../../src/verify/recordings/compare.js';
import { Ids } from '../../src/verify/recordings/state.js';
import { verifyRecordings } from '../../src/verify/recordings/verify.js';
import { charge, purchase, startSandbox, tokenRequest } from '../contract/sandbox.js';
import t, { type Test } from '../tap.js';
import { type Seen, tellStory, withoutShopper, writers } from './story.js';

type Files = Record<string, string | Buffer | object>;

/** Writes files into a folder of their own. */
function write(t: Test, files: Files): { folder: string; paths: string[] } {
  const folder = t.testdir({});
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
    return path;
  });
  return { folder, paths };
}

/** Judges what was written. */
async function judge(t: Test, files: Files) {
  const { url, as } = await startSandbox(t);
  const { folder, paths } = write(t, files);
  const verified = await verifyRecordings({ url, username: 'verify', password: 'verify' }, paths);
  const short = (text: string) => text.replaceAll(`${folder}/`, '');
  return {
    ...verified,
    as,
    found: verified.findings.map(({ check, severity, message }) => `${severity} ${check} ${short(message)}`),
    left: verified.unjudged.map(({ what, why }) => `${short(what)}: ${short(why)}`),
  };
}

const har = (seen: readonly Seen[]) => writers.har?.(seen) as object;

/** A recording of our own. */
async function record(t: Test): Promise<Seen[]> {
  const { url } = await startSandbox(t, { seed: 'recording' });
  return tellStory(url);
}

t.test('what recorders write of the same exchanges is judged the same', async (t) => {
  const seen = await record(t);
  const files = Object.entries(writers).map(([name, write]): [string, string] => {
    const isYaml = name === 'vcr' || name === 'vcrpy';
    return isYaml ? [`${name}.yml`, stringify(write(seen))] : [`${name}.json`, JSON.stringify(write(seen))];
  });
  const { found, left, judged, checks } = await judge(t, Object.fromEntries(files));
  t.strictSame(found, []);
  t.equal(judged, files.length * (seen.length - 2));
  t.equal(left.length, files.length * 2);
  t.match(left[0], /^har\.json exchange 4 \(POST \/sandbox.*: it is a call of the control API, made for the state$/);
  t.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
});

t.test('what Klarna was asked suffices, without the shopper', async (t) => {
  const seen = withoutShopper(await record(t));
  const { found, left, judged } = await judge(t, { 'a.har': har(seen) });
  t.strictSame(found, []);
  t.strictSame(left, []);
  t.equal(judged, seen.length);
});

t.test('each exchange alone: what it needs is brought about', async (t) => {
  const seen = withoutShopper(await record(t));
  const files = seen.map((one, at) => [`${at}.har`, har([one])] as const);
  const { found, left, judged } = await judge(t, Object.fromEntries(files));
  t.strictSame(found, []);
  t.strictSame(left, []);
  t.equal(judged, seen.length);
});

t.test('what differs is found', async (t) => {
  const all = withoutShopper(await record(t));
  const find = (call: string, status: number) =>
    all.findIndex(({ method, url, status: own }) => own === status && `${method} ${url}`.match(call));
  const bends: [string, number, (one: Seen) => Partial<Seen>, string[]][] = [
    ['GET .*/orders/[^/]+$', 200, () => ({ status: 404 }), ['answer', 'status']],
    ['POST .*/sessions$', 400, (one) => ({ answer: one.answer.replace('BAD_VALUE', 'BAD_REQUEST') }), ['error-code']],
    [
      'POST .*/sessions$',
      400,
      (one) => ({ answer: one.answer.replace('Bad value: ', 'Bad value: locale, ') }),
      ['fields-named'],
    ],
    ['GET .*/payments/v1/sessions', 404, (one) => ({ answer: one.answer.replace('Invalid', 'Wrong') }), ['message']],
    [
      'GET .*/orders/[^/]+$',
      200,
      (one) => ({ answer: one.answer.replace('{', '{"colour":"red",') }),
      ['answer', 'missing-key'],
    ],
    [
      'GET .*/orders/[^/]+$',
      200,
      (one) => ({ answer: one.answer.replace('"merchant_reference1":"A-1",', '') }),
      ['extra-key'],
    ],
    [
      'GET .*/orders/[^/]+$',
      200,
      (one) => ({ answer: one.answer.replace('"order_amount":10000', '"order_amount":"1"') }),
      ['answer', 'type'],
    ],
    [
      'GET .*/orders/[^/]+$',
      200,
      (one) => ({ answer: one.answer.replace('"order_amount":10000', '"order_amount":9999') }),
      ['value'],
    ],
    [
      'GET .*/orders/[^/]+$',
      200,
      (one) => ({ answer: one.answer.replace('"captures":[{', '"captures":[{},{') }),
      ['answer', 'value'],
    ],
    ['POST .*/sessions$', 400, () => ({ answerHeaders: { 'content-type': 'text/json' } }), ['answer', 'header']],
    ['POST .*/sessions$', 200, () => ({ body: '{"purchase_country":"SE"}' }), ['request', 'status']],
  ];
  for (const [call, status, bend, expected] of bends) {
    const at = find(call, status);
    const seen = all.map((one, index) => (index === at ? { ...one, ...bend(one) } : one));
    const { findings, found } = await judge(t, { 'a.har': har(seen) });
    const here = findings.filter(({ where }) => where.exchange === at + 1);
    const kinds = [...new Set(here.map(({ check }) => check.replace('recording/', '')))].sort();
    t.strictSame(kinds, [...expected].sort(), `${call} ${status}: ${found.join('\n')}`);
    t.ok(here.every(({ evidence, source }) => evidence === 'recorded' && source?.endsWith('a.har')));
  }
});

/** An exchange that somebody might have recorded. */
function exchange(call: string, status: number, answer: unknown = '', body?: unknown): Seen {
  const [method = '', path = ''] = call.split(' ');
  const isText = typeof answer === 'string';
  return {
    method,
    url: `https://api.playground.klarna.com${path}`,
    headers: {},
    ...(body !== undefined && { body: JSON.stringify(body) }),
    status,
    answerHeaders: isText ? {} : { 'Content-Type': 'application/json' },
    answer: isText ? answer : JSON.stringify(answer),
  };
}

const ID = '3c1b4b2e-5d6f-4a70-8b91-a2b3c4d5e6f7';
const SUB = '9e8d7c6b-5a49-4382-a716-05f4e3d2c1b0';
const OM = `/ordermanagement/v1/orders/${ID}`;
const CT = `/customer-token/v1/tokens/${ID}`;
const KP = `/payments/v1/authorizations/${ID}`;

const refusal = (error_code: string, ...error_messages: string[]) => ({
  error_code,
  error_messages,
  correlation_id: SUB,
});

t.test('states that an answer gives away are brought about', async (t) => {
  const tooHigh = 'Captured amount is higher than the remaining authorized amount. Capture not possible.';
  const other = 'The order has been already completed with different request body';
  const cases: Seen[] = [
    exchange(`POST ${OM}/captures`, 403, refusal('CAPTURE_NOT_ALLOWED', tooHigh), { captured_amount: 500 }),
    exchange(`POST ${OM}/captures`, 403, refusal('CAPTURE_NOT_ALLOWED', 'Capture not allowed'), { captured_amount: 5 }),
    exchange(`POST ${OM}/captures`, 403, refusal('PAYMENT_METHOD_FAILED', 'Purchase for payment method failed'), {
      captured_amount: 5,
    }),
    exchange(
      `POST ${OM}/cancel`,
      403,
      refusal('CANCEL_NOT_ALLOWED', 'Order has previous captures. Cancel not possible.'),
    ),
    exchange(`POST ${OM}/refunds`, 403, refusal('REFUND_NOT_ALLOWED', 'Order has no captures. Refund not possible'), {
      refunded_amount: 5,
    }),
    exchange(
      `POST ${OM}/refunds`,
      403,
      refusal('REFUND_NOT_ALLOWED', 'Over refund is not allowed. Refund not possible.'),
      { refunded_amount: 5 },
    ),
    exchange(`POST ${OM}/refunds`, 201, '', { refunded_amount: 5 }),
    exchange(`POST ${OM}/extend-authorization-time`, 204),
    exchange(`POST ${OM}/captures/${SUB}/trigger-send-out`, 204),
    exchange(`GET ${OM}/captures`, 200, []),
    exchange(`GET ${OM}`, 404, refusal('NO_SUCH_ORDER', `Order ${ID} cannot be found`)),
    exchange(
      'GET /ordermanagement/v1/orders/boots',
      400,
      refusal('INVALID_ORDER_ID', 'Order ID must be a valid UUID.'),
    ),
    exchange(`GET ${OM}/captures/${SUB}`, 404, refusal('NO_SUCH_CAPTURE', 'Capture could not be found')),
    exchange(`GET ${CT}`, 200, { payment_method_type: 'INVOICE', status: 'SUSPENDED' }),
    exchange(`POST ${CT}/order`, 403, refusal('TOKEN_CANCELLED'), charge),
    exchange(`POST ${CT}/order`, 403, refusal('TOKEN_FORBIDDEN'), charge),
    exchange(`POST ${KP}/order`, 409, refusal('BAD_VALUE', other), purchase),
    exchange(`POST ${KP}/order`, 403, refusal('REJECTED', 'Rejected'), purchase),
    exchange(
      `POST ${KP}/customer-token`,
      403,
      refusal('INVALID_OPERATION', 'Not allowed to create customer token for intent buy'),
      tokenRequest,
    ),
    exchange(`DELETE ${KP}`, 204),
    exchange('POST /payments/v1/sessions', 429, '', purchase),
    exchange('GET /hpp/v1/sessions/3c1b4b2e', 200, { session_id: SUB }),
    exchange(
      'POST /hpp/v1/sessions',
      201,
      { session_id: SUB },
      { payment_session_url: `https://api.klarna.com/payments/v1/sessions/${ID}` },
    ),
  ];
  const files = cases.map((one, at) => [`${at}.har`, har([one])] as const);
  const { findings, found, left, judged } = await judge(t, Object.fromEntries(files));
  const states = findings.filter(({ check }) => /status|error-code|fields-named|message/.test(check));
  t.strictSame(states, [], found.join('\n'));
  t.strictSame(left, []);
  t.equal(judged, cases.length);
});

t.test('the past of an order is what the recording shows of it', async (t) => {
  const line = { name: 'Boots', quantity: 1, unit_price: 7000, total_amount: 7000, tax_rate: 0, total_tax_amount: 0 };
  const read = {
    order_id: ID,
    status: 'CANCELLED',
    order_amount: 7000,
    captured_amount: 0,
    purchase_country: 'NO',
    purchase_currency: 'NOK',
    order_lines: [{ ...line, image_url: '' }],
  };
  const partly = { ...read, status: 'PART_CAPTURED', captured_amount: 4000, refunded_amount: 1000 };
  const { as } = await judge(t, {
    'cancelled.har': har([exchange(`GET ${OM}`, 200, read)]),
    'partly.har': har([exchange(`GET ${OM}`, 200, partly)]),
    'refunds.har': har([
      exchange(`POST ${OM}/refunds`, 201, '', { refunded_amount: 3000 }),
      exchange(`POST ${OM}/refunds`, 201, '', { refunded_amount: 3000 }),
      exchange(
        `POST ${OM}/refunds`,
        403,
        refusal('REFUND_NOT_ALLOWED', 'Over refund is not allowed. Refund not possible.'),
        { refunded_amount: 1 },
      ),
    ]),
    'strange.har': har([exchange(`GET ${OM}`, 200, { ...read, purchase_country: 'XX', order_lines: [] })]),
    'odd-lines.har': har([exchange(`GET ${OM}`, 200, { ...read, order_lines: [{ name: 'Boots', quantity: -1 }] })]),
  });
  const orders = await Promise.all(
    [1, 2, 3, 4, 5].map(async (number) => {
      const call = as(`verify.recording.${number}`);
      const [order] = (await call('listOrders')).body.items;
      const { body } = await call('readOrder', { path: { order_id: order.order_id } });
      const { status, order_amount, captured_amount, refunded_amount, purchase_country } = body;
      return [status, order_amount, captured_amount, refunded_amount, purchase_country];
    }),
  );
  t.strictSame(orders, [
    ['CANCELLED', 7000, 0, 0, 'NO'],
    ['PART_CAPTURED', 7000, 4000, 1000, 'NO'],
    ['CAPTURED', 6000, 6000, 6000, 'SE'],
    ['CANCELLED', 7000, 0, 0, 'NO'],
    ['CANCELLED', 7000, 0, 0, 'NO'],
  ]);
});

t.test('a customer token is paid by what the recording shows', async (t) => {
  const card = { payment_method_type: 'PAY_BY_CARD', status: 'ACTIVE' };
  const { found } = await judge(t, {
    'card.har': har([
      exchange(`POST ${CT}/order`, 200, { order_id: SUB, fraud_status: 'PENDING' }, charge),
      exchange(`GET ${CT}`, 200, card),
    ]),
  });
  t.strictSame(found, [
    'note recording/extra-key authorized_payment_method: recorded nothing, the sandbox answers "a object"; its past is guessed (scenario-outcome: inline, outcomes[0]: fraud status PENDING)',
    'note recording/extra-key card: recorded nothing, the sandbox answers "a object"; its past is guessed',
  ]);
});

t.test('purchases that cannot be made again are made as usual', async (t) => {
  const odd = { ...purchase, order_lines: [{ name: 'Boots', quantity: 1, unit_price: 1, total_amount: 2 }] };
  const { found, left } = await judge(t, {
    'order.har': har([exchange(`POST ${KP}/order`, 200, {}, odd)]),
    'session.har': har([
      exchange(`POST /payments/v1/sessions/${ID}`, 204, '', { purchase_currency: 'EUR', locale: 'xx' }),
    ]),
  });
  t.match(found.shift(), /^violation recording\/answer .*: order_id: given nothing, expected a value$/);
  t.equal(found.length, 1, found.join('\n'));
  t.match(
    found[0],
    /^warning recording\/status status: recorded 200, the sandbox answers "400 BAD_VALUE"; its past is guessed \(order-total: /,
  );
  t.strictSame(left, []);
});

t.test('what nothing brings about is told', async (t) => {
  const notMatching = refusal('BAD_VALUE', 'Not matching fields: [billing_address.city]');
  const { left, judged, findings } = await judge(t, {
    'a.har': har([exchange(`POST ${KP}/order`, 409, notMatching, purchase)]),
    'b.har': har([exchange(`POST ${OM}/cancel`, 403, refusal('NEVER_HEARD_OF'))]),
    'c.har': har([exchange(`POST /sandbox/v1/sessions/${ID}/authorize`, 200, {}, {})]),
    'd.har': har([exchange(`POST ${OM}/cancel`, 503, 'down')]),
    'e.har': har([exchange(`POST ${OM}/refunds`, 409, refusal('CONFLICT'), { refunded_amount: -1 })]),
  });
  t.match(left[0], /^a\.har exchange 1 .*, beside the sandbox: what led to the refusal is not in the recording$/);
  t.match(left[1], /^b\.har .*what led to the refusal/);
  t.match(left[2], /^c\.har .*control API/);
  t.match(left[3], /^d\.har .*Klarna failed by itself \(503\)/);
  t.equal(left.length, 4);
  t.equal(judged, 3);
  t.strictSame(
    findings.map(({ check, message }) => `${check} ${message}`),
    [
      'recording/status status: recorded "409 CONFLICT", the sandbox answers "422 UNPROCESSABLE_ENTITY"; its past is guessed (shape: refunded_amount: given -1, expected at least 0)',
    ],
  );
});

t.test('what a request says of itself is sent again: a wrong password, a key, a type', async (t) => {
  const CAPTURE = `${SUB.slice(0, -1)}1`;
  const denied = exchange(`POST ${OM}/captures`, 401, refusal('UNAUTHORIZED'), { captured_amount: 1 });
  const capture = (key: string, id: string): Seen => ({
    ...exchange(`POST ${OM}/captures`, 201, '', { captured_amount: 1 }),
    headers: { 'Klarna-Idempotency-KEY': key },
    answerHeaders: { 'capture-id': id },
  });
  const list = [1, 2].map((captured_amount) => ({ capture_id: SUB, captured_amount }));
  const { left, found, judged, as } = await judge(t, {
    'a.har': har([
      denied,
      capture('a', CAPTURE),
      capture('a', CAPTURE),
      capture('b', SUB),
      exchange(`GET ${OM}/captures`, 200, list),
    ]),
    'b.har': har([
      {
        ...exchange('POST /payments/v1/sessions', 415, refusal('UNSUPPORTED'), purchase),
        headers: { 'content-type': 'a/b' },
      },
    ]),
    'c.har': har([exchange('GET /payments/v1/sessions/a', 500)]),
    'd.har': har([denied]),
  });
  t.match(left.join('\n'), /^c\.har exchange 1 .*: Klarna failed by itself \(500\)$/);
  t.equal(judged, 7);
  t.strictSame(
    found.filter((line) => /recording\/status|length/.test(line)),
    [],
  );
  const call = as('verify.recording.1');
  const [{ order_id }] = (await call('listOrders')).body.items;
  const { captured_amount } = (await call('readOrder', { path: { order_id } })).body;
  t.equal(captured_amount, 2, 'each key captures once, and the wrong password not at all');
  const { items } = (await as('verify.recording.4')('listOrders')).body;
  t.strictSame(items, [], 'for a wrong password nothing is brought about');
});

t.test('credentials, placeholders and what a recorder leaves out are no findings', async (t) => {
  const answer = { session_id: '<SESSION_ID>', client_token: '[REDACTED]', payment_method_categories: [] };
  const { found } = await judge(t, { 'a.har': har([exchange('POST /payments/v1/sessions', 200, answer, purchase)]) });
  t.strictSame(found, []);
});

t.test('a finding has the recorded exchange, without credentials, tokens and people', async (t) => {
  const asked = { ...purchase, billing_address: { given_name: 'Ylva', family_name: 'Ek', email: 'ylva@ek.example' } };
  const answer = { session_id: ID, client_token: 'eyJhbGciOiJub25lIn0', colour: 'red' };
  const seen = {
    ...exchange('POST /payments/v1/sessions', 200, answer, asked),
    headers: { Authorization: 'Basic c2VjcmV0' },
  };
  const { findings, exchanges = [] } = await judge(t, { 'a.har': har([seen]) });
  t.ok(findings.length > 0);
  t.matchLists(exchanges, [
    {
      where: { file: /a\.har$/, exchange: 1 },
      method: 'POST',
      path: '/payments/v1/sessions',
      request: { headers: { Authorization: '[redacted]' }, body: { purchase_country: 'SE' } },
      status: 200,
      response: { body: { colour: 'red', client_token: '[redacted]' } },
    },
  ]);
  t.notMatch(JSON.stringify(exchanges), /Ylva|Ek\b|c2VjcmV0|eyJhbGci/);
});

t.test('bad input is told in a line each, and the rest goes on', async (t) => {
  const good = exchange('GET /payments/v1/sessions/none-such', 404, refusal('NOT_FOUND', 'Invalid session id'));
  const whole = JSON.stringify(har([good, good, good]));
  const cassette = stringify(writers.vcr?.([good, good]));
  const { left, judged, found } = await judge(t, {
    'cut.har': whole.slice(0, -80),
    'cut-at-once.har': whole.slice(0, 60),
    'cut.yml': `${cassette}  - request: {method: get, uri: "https://x`,
    'cut-plainly.yml': cassette.slice(0, cassette.lastIndexOf('  response:')),
    'aliases.yml': `a: &a [1]\nb: &b [${'*a,'.repeat(2000)}]\nc: [*b]\n`,
    'empty.har': '',
    'words.yml': 'just: words\n',
    'cut-words.yml': 'just: "words\n',
    'list.json': '[1]',
    'utf-16.har': Buffer.from(`\ufeff${whole}`, 'utf16le'),
    'other.har': har([exchange('GET /repos/boots', 200, {}), { ...good, url: 'nowhere' }, { ...good, status: 0 }]),
    'gaps.json': { log: { entries: [1, {}, { request: {} }] } },
    'gaps.yml': stringify({
      interactions: [
        1,
        {},
        { request: {} },
        { request: { uri: 5 }, response: {} },
        { request: { uri: '/a' }, response: {} },
      ],
    }),
    'cut-body.har': har([{ ...good, answer: '{"error_code": "NOT' }]),
    'binary.json': {
      interactions: [
        {
          request: { method: 'GET', uri: good.url },
          response: { status: 404, headers: { 'Content-Encoding': 'gzip' }, body: { base64_string: 'aGFsbG8/////' } },
        },
        {
          request: { method: 'POST', uri: good.url, body: { base64_string: '/////w==' } },
          response: { status: 404, body: { string: null } },
        },
      ],
    },
  });
  t.strictSame(found, []);
  t.equal(judged, 2 + 2 + 1);
  const expected = [
    /^cut\.har: is no JSON \(.*; only the 2 exchanges before that$/,
    /^cut-at-once\.har: is no JSON/,
    /^cut\.yml: is no YAML \(.*\); only the 2 exchanges before that$/,
    /^cut-plainly\.yml exchange 2: has no response$/,
    /^aliases\.yml: cannot be read/,
    /^empty\.har: is no JSON/,
    /^words\.yml: is no recording/,
    /^cut-words\.yml: is no YAML/,
    /^list\.json: is no recording/,
    /^utf-16\.har: is not UTF-8/,
    /^other\.har exchange 2: has no URL, but "nowhere"$/,
    /^other\.har exchange 3: got no answer \(status 0\)$/,
    /^other\.har exchange 1 \(GET \/repos\/boots\): no operation of the contracts/,
    /^gaps\.json exchange 1: has no request$/,
    /^gaps\.json exchange 2: has no request$/,
    /^gaps\.json exchange 3: has no response$/,
    /^gaps\.yml exchange 1: is no mapping$/,
    /^gaps\.yml exchange 2: has no request$/,
    /^gaps\.yml exchange 3: has no response$/,
    /^gaps\.yml exchange 4: has no URL, but 5$/,
    /^gaps\.yml exchange 5: got no answer \(it has no status\)$/,
    /^cut-body\.har exchange 1 .*: the body of the answer is no JSON, or cut off$/,
    /^binary\.json exchange 1 .*: of the answer, its body is compressed \(gzip\) and cannot be unpacked$/,
    /^binary\.json exchange 2 .*: of the request, its body is not UTF-8$/,
  ];
  t.equal(left.length, expected.length, left.join('\n'));
  for (const [at, pattern] of expected.entries()) t.match(left[at], pattern);
});

t.test('a file that is too large is not read; nor is damage looked into without end', async (t) => {
  const { paths } = write(t, { 'a.har': '{}', 'b.har': `{"a": "${'x'.repeat(9 * 1024 * 1024)}` });
  const [first = '', second = ''] = paths;
  const { unjudged } = await readRecording(first, { largest: 1 });
  t.strictSame(unjudged, [{ what: first, why: 'is larger than 0 MB; record less at once, or split it' }]);
  t.match((await readRecording(first, { largest: 2 })).unjudged[0]?.why, /^is no recording/);
  t.match((await readRecording(second)).unjudged[0]?.why, /^is no JSON/);
});

t.test('compressed bodies are unpacked, those that say so only are not', async (t) => {
  const answer = '{"error_code":"NOT_FOUND"}';
  const bodies: [string, Buffer][] = [
    ['gzip', gzipSync(answer)],
    ['br', brotliCompressSync(answer)],
    ['gzip', Buffer.from(answer)],
  ];
  const interactions = bodies.map(([encoding, body]) => ({
    request: { method: 'GET', url: '/payments/v1/sessions/a?b=c' },
    response: {
      status: { code: 404 },
      headers: { 'content-encoding': [encoding] },
      body: { string: 'BODY' },
      body64: body,
    },
  }));
  const yaml = interactions.reduce(
    (text, { response: { body64 } }) => text.replace('string: BODY', `string: !!binary ${body64.toString('base64')}`),
    stringify({ interactions }),
  );
  const { paths } = write(t, { 'a.yml': yaml });
  const { exchanges } = await readRecording(paths[0] as string);
  t.strictSame(
    exchanges.map(({ response }) => response.body),
    bodies.map(() => ({ error_code: 'NOT_FOUND' })),
  );
  t.equal(exchanges[0]?.request.target, '/payments/v1/sessions/a?b=c');
});

t.test('what cannot be brought about or asked is told, and the rest of the exchange is judged', async (t) => {
  const ofUs = { purchase_country: 'US', purchase_currency: 'USD', locale: 'en-US' };
  const bench = { name: 'Bench', quantity: 1, unit_price: 5000, total_amount: 5000 };
  const tax = { type: 'sales_tax', name: 'Tax', quantity: 1, unit_price: 400, total_amount: 400 };
  const sold = { ...ofUs, order_amount: 5400, order_lines: [bench, tax] };
  const { left, findings, judged } = await judge(t, {
    'refund.har': har([exchange(`GET ${OM}/refunds/${SUB}`, 200, { refunded_amount: 10 ** 9 })]),
    'some.har': har([exchange(`GET ${OM}/refunds/${SUB}`, 200, {})]),
    'us.har': har([exchange(`POST ${KP}/order`, 200, {}, sold)]),
    'token.har': har([exchange(`POST ${KP}/customer-token`, 200, {}, { ...tokenRequest, purchase_currency: 'EUR' })]),
    'text.har': har([{ ...exchange('POST /payments/v1/sessions', 200, {}), body: '{"cut' }]),
  });
  t.equal(left.length, 2);
  t.match(
    left.find((line) => line.startsWith('refund.har')),
    /, beside the sandbox: the sandbox cannot be brought into its state: refundOrder was refused/,
  );
  t.match(
    left.find((line) => line.startsWith('text.har')),
    /^text\.har exchange 1 \(POST \/payments\/v1\/sessions\): the body of the request is no JSON, or cut off, and Klarna/,
  );
  t.equal(judged, 4);
  const differing = new Set(findings.map(({ check }) => check).filter((check) => check !== 'recording/answer'));
  t.strictSame([...differing], ['recording/extra-key'], 'each was brought into its state');
  const files = new Set(findings.map(({ where }) => String(where.file).split('/').at(-1)));
  t.strictSame([...files], ['refund.har', 'some.har', 'us.har', 'token.har']);
  const { paths } = write(t, { 'a.har': har([exchange('POST /payments/v1/sessions', 200, {}, purchase)]) });
  const dead = { url: 'http://127.0.0.1:9', username: 'verify', password: 'verify' };
  const { unjudged } = await verifyRecordings(dead, paths);
  t.matchLists(unjudged, [{ why: /^resetMerchant got no answer/ }]);
});

t.test('what Polly.JS keeps of bodies is read', async (t) => {
  const entry = (content: object) => ({
    request: {
      url: '/a',
      headers: [{ name: 'A' }, { name: 'B', value: '1' }, { name: 'B', value: '2' }],
      postData: { text: 'null' },
    },
    response: { status: 200, content },
  });
  const encoded = Buffer.from('{"a":1}');
  const { paths } = write(t, {
    'a.har': {
      log: {
        entries: [
          entry({ text: encoded.toString('base64'), encoding: 'base64' }),
          entry({ text: encoded.toString('hex'), encoding: 'hex', _isBinary: true }),
          entry({ text: '"x"', encoding: 'base64', _isBinary: true }),
          entry({}),
        ],
      },
    },
  });
  const { exchanges } = await readRecording(paths[0] as string);
  t.strictSame(
    exchanges.slice(0, 2).map(({ response }) => response.body),
    [{ a: 1 }, { a: 1 }],
  );
  t.strictSame(exchanges[3]?.response.body, undefined);
  t.strictSame(exchanges[0]?.request, {
    method: 'UNDEFINED',
    url: '/a',
    target: '/a',
    headers: { B: '1, 2' },
    body: undefined,
  });
});

/** An entry as Polly.JS writes it, where a hook has parsed the bodies before. */
function pollyEntry(order: number, text: unknown, response: object, size: number) {
  return {
    _id: '5f0c1d2e3b4a59687786a5b4c3d2e1f0',
    _order: order,
    cache: {},
    request: {
      bodySize: 400,
      cookies: [],
      headers: [
        { name: 'accept', value: 'application/json' },
        { name: 'content-type', value: 'application/json' },
      ],
      headersSize: 205,
      httpVersion: 'HTTP/1.1',
      method: 'POST',
      postData: { mimeType: 'application/json', params: [], text },
      queryString: [],
      url: 'https://api.playground.klarna.com/payments/v1/sessions',
    },
    response: { bodySize: size, cookies: [], httpVersion: 'HTTP/1.1', redirectURL: '', ...response },
    startedDateTime: '2026-03-02T09:00:00.000Z',
    time: 367,
    timings: { blocked: -1, connect: -1, dns: -1, receive: 0, send: 0, ssl: -1, wait: 367 },
  };
}

/** The answer of Klarna to a session, compressed on its way, with bodies as the hook left them. */
const created = (content: object) => ({
  status: 200,
  statusText: 'OK',
  headers: Object.entries({
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    connection: 'keep-alive',
    'content-encoding': 'gzip',
    'content-type': 'application/json;charset=utf-8',
    date: 'Mon, 02 Mar 2026 09:00:00 GMT',
    'klarna-correlation-id': SUB,
    server: 'envoy',
    'transfer-encoding': 'chunked',
    vary: 'Accept-Encoding',
    'x-ratelimit-limit': '5, 5;w=1',
    'x-ratelimit-remaining': '4',
    'x-ratelimit-reset': '1',
  }).map(([name, value]) => ({ name, value })),
  content: { mimeType: 'application/json;charset=utf-8', ...content },
});

const category = (identifier: string, name: string) => ({
  asset_urls: { descriptive: 'https://x.klarnacdn.net/a.svg', standard: 'https://x.klarnacdn.net/b.svg' },
  identifier,
  name,
});

const session = {
  client_token: 'eyJhbGciOiJSUzI1NiJ9.eyJsYW5ndWFnZSI6ImVuIn0.c2lnbmVk',
  payment_method_categories: [
    category('pay_over_time', 'Monthly financing'),
    category('pay_now', 'Direct debit'),
    category('pay_later', 'Buy now, pay later'),
  ],
  session_id: ID,
};

const asked = { ...purchase, intent: 'buy', locale: 'EN', merchant_data: '{"cart":"7"}', merchant_reference2: 'YQ==' };

const tooMany = {
  status: 429,
  statusText: 'OK',
  headers: [
    { name: 'content-length', value: '0' },
    { name: 'server', value: 'envoy' },
    { name: 'x-envoy-ratelimited', value: 'true' },
  ],
  content: { mimeType: 'text/plain', size: 0 },
};

const polly = (...entries: object[]) => ({
  log: {
    _recordingName: "TransactionHandler/%p https://api.playground.klarna.com//'Checkout'/works",
    creator: { comment: 'persister:fs', name: 'Polly.JS', version: '6.0.6' },
    entries,
    pages: [],
    version: '1.2',
  },
});

t.test('bodies that a hook of Polly.JS has parsed are bodies', async (t) => {
  const text = JSON.stringify(session);
  const size = text.length;
  const bytes = Buffer.from(text);
  const contents = [
    { size, text: session },
    { size, text },
    { size, text: bytes.toString('base64'), encoding: 'base64' },
    { size, text: gzipSync(bytes).toString('base64'), encoding: 'base64' },
    { size, text: JSON.stringify([gzipSync(bytes).toString('hex')]), encoding: 'hex', _isBinary: true },
    { size, text: [gzipSync(bytes).toString('hex')], encoding: 'hex', _isBinary: true },
    { size, text: session, encoding: 'base64', _isBinary: true },
  ];
  // A recorder that keeps no headers.
  const bare = { ...created({ text: session }), headers: [] };
  const entries = contents.map((content, at) =>
    pollyEntry(at, at % 2 ? JSON.stringify(asked) : asked, created(content), size),
  );
  const { found, left, judged } = await judge(t, {
    'recording.har': polly(...entries, pollyEntry(7, asked, tooMany, 0), pollyEntry(8, asked, bare, size)),
  });
  t.strictSame(found, []);
  t.strictSame(left, []);
  t.equal(judged, contents.length + 2);
});

t.test('a body that is not there, or cannot be read, is not judged, and nothing else is said of it', async (t) => {
  const length = { name: 'content-length', value: '7' };
  const bare = created({ size: 0 });
  const cases: [object, string][] = [
    [pollyEntry(0, asked, created({ size: 9 }), 9), 'of the answer, its body, of 9 bytes, is not there'],
    [pollyEntry(0, asked, { ...bare, content: undefined }, 5), 'of the answer, its body, of 5 bytes, is not there'],
    [pollyEntry(0, asked, { ...bare, headers: [length] }, 0), 'of the answer, its body, of 7 bytes, is not there'],
    [pollyEntry(0, asked, bare, 0), 'the body of the answer is not there, and 200 has one'],
    [
      pollyEntry(0, asked, created({ text: '{"a":1}', encoding: 'base64' }), 9),
      'of the answer, its body says it is in base64, and is not',
    ],
    [
      pollyEntry(0, asked, created({ text: '[redacted]', encoding: 'base64' }), 9),
      'of the answer, its body says it is in base64, and is not',
    ],
    [
      pollyEntry(0, asked, created({ text: 'xyz', encoding: 'hex' }), 9),
      'of the answer, its body says it is in hexadecimal digits, and is not',
    ],
    [pollyEntry(0, undefined, created({ text: session }), 9), 'of the request, its body, of 400 bytes, is not there'],
    [
      withRequest({ bodySize: -1, postData: undefined }),
      'the body of the request is not there, and Klarna takes none without',
    ],
    [
      withRequest({ postData: { params: [{ name: 'order_amount', value: '1' }] } }),
      'of the request, its body is there as the fields of a form only',
    ],
    [
      withRequest({ postData: { text: '[redacted]' } }),
      'the body of the request is no JSON, or cut off, and Klarna took it',
    ],
  ];
  const { findings, left, judged } = await judge(t, { 'recording.har': polly(...cases.map(([entry]) => entry)) });
  t.strictSame(findings, []);
  t.equal(judged, 0);
  t.strictSame(
    left,
    cases.map(([, why], at) => `recording.har exchange ${at + 1} (POST /payments/v1/sessions): ${why}`),
  );
});

/** An entry whose request was written otherwise. */
function withRequest(request: object) {
  const entry = pollyEntry(0, asked, created({ text: session }), 9);
  return { ...entry, request: { ...entry.request, ...request } };
}

t.test('cassettes may hold bodies in base64, in digits and as values', async (t) => {
  const text = JSON.stringify(session);
  const request = { method: 'POST', uri: 'https://api.klarna.com//payments/v1/sessions' };
  const interaction = (body: unknown, answer: unknown) => ({
    request: { ...request, body },
    response: { status: { code: 200 }, headers: { 'Content-Type': ['application/json'] }, body: answer },
  });
  const base64 = (value: string) => Buffer.from(value).toString('base64');
  const nock = {
    scope: 'https://api.klarna.com',
    method: 'POST',
    path: '/payments/v1/sessions',
    body: asked,
    status: 200,
    response: Buffer.from(text).toString('hex'),
    responseIsBinary: true,
    rawHeaders: ['Content-Type', 'application/json'],
  };
  const { found, left, judged } = await judge(t, {
    'vcr.json': {
      http_interactions: [
        interaction({ string: asked }, { encoding: 'UTF-8', string: session }),
        interaction({ encoding: 'base64', string: base64(JSON.stringify(asked)) }, { base64_string: base64(text) }),
        interaction({ base64_string: 'no base64!' }, session),
        interaction({ string: '' }, session),
      ],
    },
    'nock.json': [nock],
  });
  t.strictSame(found, []);
  t.strictSame(left, [
    'vcr.json exchange 3 (POST //payments/v1/sessions): of the request, its body says it is in base64, and is not',
    'vcr.json exchange 4 (POST //payments/v1/sessions): the body of the request is not there, and Klarna takes none without',
  ]);
  t.equal(judged, 3);
});

t.test('nock keeps what is compressed in pairs of hexadecimal digits, and any other list is one', async (t) => {
  const bodies = [[gzipSync('{"a":1}').toString('hex')], ['7B', '7D'], ['abc'], ['ab', ''], ['ab', 'xy'], []];
  const entries = bodies.map((response) => ({ scope: 'https://h', method: 'GET', path: '/a', status: 200, response }));
  const rawHeaders = ['Content-Encoding', 'gzip'];
  const { paths } = write(t, { 'nock.json': entries.map((entry) => ({ ...entry, rawHeaders })) });
  const { exchanges } = await readRecording(String(paths[0]));
  t.strictSame(
    exchanges.map(({ response }) => response.body),
    [{ a: 1 }, {}, ...bodies.slice(2)],
  );
});

t.test('folders are looked through, for files that end as each kind of recording does', async (t) => {
  const names = ['z.har', 'a.JSON', 'm.yaml', 'n.yml', 'c.txt', 'd.json5', 'e.har.bak'];
  const files = Object.fromEntries(names.map((name) => [name, '{}']));
  const folder = t.testdir({ deep: files, ...files, har: {} });
  const find = async (kind: 'har' | 'cassette' | 'pact', ...words: string[]) => {
    const found = await findRecordings(words.length > 0 ? words : [folder], kind);
    return found.map((path) => path.replace(`${folder}/`, ''));
  };
  t.strictSame(await find('har'), ['a.JSON', 'deep/a.JSON', 'deep/z.har', 'z.har']);
  const cassettes = ['a.JSON', 'm.yaml', 'n.yml', 'z.har'];
  t.strictSame(await find('cassette'), ['a.JSON', ...cassettes.map((name) => `deep/${name}`), ...cassettes.slice(1)]);
  t.strictSame(await find('pact'), ['a.JSON', 'deep/a.JSON']);
  const named = [join(folder, 'z.har'), join(folder, 'c.txt'), join(folder, 'deep')];
  t.strictSame(await find('pact', ...named), ['z.har', 'c.txt', 'deep/a.JSON'], 'what is named is taken as it is');
  await t.rejects(findRecordings([join(folder, 'none')], 'har'));
});

t.test('a cassette is known by its entries', (t) => {
  const entries = [1, { request: {} }];
  for (const cassette of [entries, [{ scope: 'a' }], { http_interactions: entries }, { interactions: entries }]) {
    t.ok(entriesOf(cassette), JSON.stringify(cassette));
  }
  for (const other of [
    [],
    [1],
    [{ response: {} }],
    { interactions: entries, consumer: {} },
    { interactions: {} },
    'a',
  ]) {
    t.equal(entriesOf(other), undefined, JSON.stringify(other));
  }
  t.end();
});

t.test('headers, addresses and statuses are read in every form', (t) => {
  const expected = { A: '1, 2', B: '3' };
  t.strictSame(readHeaders({ A: ['1', null, '2'], B: 3, C: undefined, D: [] }), expected);
  const pairs = [{ name: 'A', value: '1' }, 'x', { name: 'B', value: 3 }, { name: 'A', value: '2' }, { name: 'C' }];
  t.strictSame(readHeaders(pairs), expected);
  t.strictSame(readHeaders('A: 1'), {});
  for (const [url, target] of [
    ['/a?b=c', '/a?b=c'],
    ['https://h:1/a?b=c#d', '/a?b=c'],
    ['a/b', undefined],
    [5, undefined],
  ]) {
    t.equal(targetOf(url), target);
  }
  const none = { headers: {}, body: { content: undefined } };
  const read = (status: number) =>
    readExchange(
      { request: { method: 'get', url: '/a', ...none }, response: { status, shown: 'so', ...none } },
      'f',
      3,
    );
  t.strictSame(read(100), {
    file: 'f',
    index: 3,
    request: { method: 'GET', url: '/a', target: '/a', headers: {}, body: undefined },
    response: { status: 100, headers: {}, body: undefined },
  });
  for (const status of [99, 200.5, Number.NaN]) t.throws(() => read(status), { message: 'got no answer (so)' });
  t.end();
});

t.test('white space is no body, and a time that is no text is none', (t) => {
  const none = { headers: {}, body: { content: undefined } };
  const bodyOf = (content: string) => {
    const request = { method: 'GET', url: '/a', headers: {}, body: { content } };
    return readExchange({ request, response: { status: 200, shown: 'so', ...none } }, 'f', 1).request.body;
  };
  t.strictSame(['', ' \n', ' null ', ' "" ', ' a ', '[1]'].map(bodyOf), [
    undefined,
    undefined,
    undefined,
    '',
    ' a ',
    [1],
  ]);
  const entry = (startedDateTime: unknown) => ({
    startedDateTime,
    request: { method: 'GET', url: '/a', headers: [] },
    response: { status: 200, headers: [] },
  });
  const entries = ['2026-03-02T09:00:00.000Z', 5, undefined].map(entry);
  t.strictSame(
    readHar({ log: { entries } }, 'f').exchanges.map(({ at }) => at),
    ['2026-03-02T09:00:00.000Z', undefined, undefined],
  );
  t.end();
});

t.test('bodies are unpacked as they say, and what cannot be is told', (t) => {
  const packings: [string, (text: string) => Buffer][] = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    [' Deflate ', deflateSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
  ];
  for (const [name, pack] of packings) {
    t.strictSame(bodyText({ 'content-encoding': name }, pack('å')), { text: 'å' }, name);
  }
  const odd = Buffer.from([0xff, 0xfe]);
  t.strictSame(bodyText({}, odd), { unreadable: 'its body is not UTF-8' });
  t.strictSame(bodyText({ 'Content-Encoding': 'BR' }, odd), {
    unreadable: 'its body is compressed (br) and cannot be unpacked',
  });
  t.strictSame(bodyText({ 'Content-Encoding': 'gzip' }, gzipSync(Buffer.alloc(16 * 1024 * 1024 + 1))), {
    unreadable: 'its body is compressed (gzip) and cannot be unpacked',
  });
  t.end();
});

t.test('what differs with each account, or is about people, is not compared; its neighbours are', (t) => {
  const differing = (name: string, one: unknown, other: unknown) => {
    const answer = (value: unknown) => ({ status: 200, headers: {}, body: { [name]: value } });
    const found = compareAnswers(answer(one), answer(other), { headers: [], values: true });
    return found.map(({ kind, path, expected, got }) => `${kind} ${path} ${expected} ${got}`);
  };
  for (const name of ['payment_method_categories', 'correlation_id', 'error_messages', 'html_snippet']) {
    t.strictSame(differing(name, 'a', undefined), [], name);
  }
  for (const name of ['client_token', 'klarna_reference', 'merchant_reference1', 'merchant_reference2']) {
    t.strictSame(differing(name, 'a', 'b'), [], name);
    t.strictSame(differing(name, 'a', 1), [`type $.body.${name} string number`]);
  }
  for (const name of ['billing_address', 'shipping_address', 'customer', 'attachment']) {
    t.strictSame(differing(name, { a: { b: 1 } }, { a: { b: 2 } }), [], name);
    t.strictSame(differing(name, { a: 1 }, { b: 1 }).length, 2, 'what fields there are is compared');
  }
  for (const name of ['categories', 'reference', 'merchant_reference', 'customer_name', 'address']) {
    t.strictSame(differing(name, 'a', 'b'), [`value $.body.${name} a b`]);
  }
  for (const text of ['<id>', '[REDACTED]', '{{a}}', '*', 'xxx', 'Redacted', 'filtered', 'MASKED', ' secret ']) {
    t.strictSame(differing('a', text, 1), [], text);
  }
  for (const text of ['xx', 'secrets', '<id', 'a*', '[]a']) {
    t.strictSame(differing('a', text, 1), ['type $.body.a string number'], text);
  }
  t.strictSame(differing('a', '', null), ['type $.body.a string null']);
  t.end();
});

t.test('refusals are compared by status, code, fields and words', (t) => {
  const answer = (error_messages: unknown, error_code: unknown = 'BAD_VALUE', status = 400) => ({
    status,
    headers: {},
    body: { error_code, error_messages, ...(status === 403 && { more: 1 }) },
  });
  const compare = (one: ReturnType<typeof answer>, other: ReturnType<typeof answer>) =>
    compareAnswers(one, other, { headers: [], values: true });
  t.strictSame(compare(answer([]), answer([], 'OTHER', 403)), [
    { kind: 'status', path: '$.status', expected: '400 BAD_VALUE', got: '403 OTHER' },
  ]);
  t.strictSame(compare(answer([]), answer([], undefined, 403))[0]?.got, '403 BAD_VALUE');
  t.strictSame(compare(answer([]), answer([], 'OTHER')), [
    { kind: 'error-code', path: '$.body.error_code', expected: 'BAD_VALUE', got: 'OTHER' },
  ]);
  const path = '$.body.error_messages';
  for (const [one, other] of [
    [['Bad value: b, a'], ['Bad format: [a,b]']],
    [
      ['Not matching fields: [a]', 'Bad value: b'],
      ['Bad value: b ,a', 'Bad value: a'],
    ],
    [
      ['No such order.', 'Gone'],
      ['Gone.', 'No such order'],
    ],
    [[`Order ${ID} is gone`], [`Order ${SUB.toUpperCase()} is gone`]],
  ]) {
    t.strictSame(compare(answer(one), answer(other)), [], String(one));
  }
  t.strictSame(compare(answer(['Bad value: b, a', 'x']), answer(['Bad value: a', 'y'])), [
    { kind: 'fields-named', path, expected: ['a', 'b'], got: ['a'] },
  ]);
  t.strictSame(compare(answer(['b', 'a', 'Bad words: c']), answer(['b'])), [
    { kind: 'message', path, expected: ['Bad words: c', 'a', 'b'], got: ['b'] },
  ]);
  t.strictSame(compare(answer('a'), answer(['a']))[0], { kind: 'message', path, expected: [], got: ['a'] });
  t.end();
});

t.test('headers are compared by media type, and as far as they were recorded', (t) => {
  const compare = (type: string | undefined, own: string | undefined, body: unknown = {}) => {
    const headers = (value: string | undefined): Record<string, string> =>
      value === undefined ? {} : { 'Content-TYPE': value };
    const found = compareAnswers(
      { status: 200, headers: { ...headers(type), 'X-A': '', 'X-C': '1' }, body },
      { status: 200, headers: { ...headers(own), 'x-a': 'a', 'X-B': '2' }, body },
      { headers: ['X-A', 'X-B', 'x-C'], values: true },
    );
    return found.map(({ path, expected, got }) => [path, expected, got]);
  };
  const missing = ['$.headers.x-C', 'a value', undefined];
  t.strictSame(compare('application/json; a=b', 'Application/JSON;c=d'), [missing]);
  t.strictSame(compare('text/json', 'application/json'), [
    ['$.headers.Content-Type', 'text/json', 'application/json'],
    missing,
  ]);
  t.strictSame(compare('text/json', undefined), [['$.headers.Content-Type', 'text/json', undefined], missing]);
  t.strictSame(compare(undefined, 'text/json'), [missing]);
  t.strictSame(compare('text/json', 'a/b', undefined), [['$.headers.Content-Type', 'text/json', 'a/b'], missing]);
  t.end();
});

t.test('a difference is milder where the past is guessed, but for what no past explains', (t) => {
  t.strictSame(
    Object.entries(severityOf).map(([kind, { same, guessed }]) => `${kind}: ${same}, ${guessed}`),
    [
      'status: violation, warning',
      'error-code: violation, warning',
      'fields-named: violation, warning',
      'message: warning, note',
      'missing-key: violation, warning',
      'extra-key: warning, note',
      'type: violation, violation',
      'value: warning, note',
      'header: violation, violation',
    ],
  );
  t.end();
});

t.test('ids of a recording are put in where they stand, each by the field that held it', (t) => {
  const fields = [
    'session_id',
    'authorization_token',
    'token_id',
    'order_id',
    'capture_id',
    'refund_id',
    'step_up_id',
    'customer_token',
  ];
  const neighbours = ['id', 'the_order_id', 'order_id_2', 'token'];
  const id = (at: number, first: string) => `${first}e8d7c6b-5a49-4382-a716-05f4e3d2c1b${at.toString(16)}`;
  const holding = (names: string[], first: string, from: number) =>
    Object.fromEntries(names.map((name, at) => [name, id(from + at, first)]));
  const body = (first: string) => ({
    list: [holding(fields, first, 0), { ...holding(neighbours, first, 8), n: 1, order_id: first === 'a' ? 'b' : 1 }],
  });
  const ids = new Ids();
  ids.learn(
    { status: 200, headers: { 'Capture-ID': 'c1', 'refund-id': 'r1', Location: 'l1' }, body: body('a') },
    { status: 200, headers: { 'capture-id': 'c2', 'Refund-Id': 'r2', location: 'l2' }, body: body('b') },
  );
  t.strictSame(ids.translate(body('a')), { list: [body('b').list[0], body('a').list[1]] });
  t.strictSame(ids.translate(['c1', 'r1', 'l1', `https://h/${id(3, 'a')}/x`, `${id(8, 'a')}`, null]), [
    'c2',
    'r2',
    'l1',
    `https://h/${id(3, 'b')}/x`,
    id(8, 'a'),
    null,
  ]);
  t.end();
});

t.test('an id that only one of two answers has is no pair', (t) => {
  const learned = (recorded: unknown, own: unknown, theirs = {}, ours = {}) => {
    const ids = new Ids();
    ids.learn({ status: 200, headers: theirs, body: recorded }, { status: 200, headers: ours, body: own });
    return ['a', 'b', 'undefined'].map((one) => ids.of(one));
  };
  const none = [undefined, undefined, undefined];
  const order = (order_id: unknown) => ({ order_id });
  for (const [recorded, own] of [
    [order('a'), {}],
    [order('a'), order(1)],
    [order('a'), undefined],
    [order(undefined), order('b')],
    [order(['a']), order('b')],
    [[order('a')], order('b')],
    [order('a'), [order('b')]],
    [{ 0: order('a') }, [order('b')]],
    [[order('a')], { 0: order('b') }],
    [[order('a')], []],
    ['a', 'b'],
    [null, null],
  ]) {
    t.strictSame(learned(recorded, own), none, `${JSON.stringify(recorded)}, ${JSON.stringify(own)}`);
  }
  t.strictSame(learned([{ a: order('a') }], [{ a: order('b') }, 1]), ['b', undefined, undefined]);
  for (const name of ['capture-id', 'refund-id']) {
    t.strictSame(learned({}, {}, { [name]: 'a' }, {}), none);
    t.strictSame(learned({}, {}, {}, { [name]: 'b' }), none);
    t.strictSame(learned({}, {}, { [name]: 'a' }, { [name]: 'b' }), ['b', undefined, undefined]);
  }
  t.end();
});

t.test('answers are compared in structure', async (t) => {
  const answer = (body: unknown, headers = {}) => ({ status: 200, headers, body });
  const kinds = (recorded: object, own: object, values = true, headers: string[] = []) =>
    compareAnswers(recorded as never, own as never, { headers, values }).map(({ kind, path }) => `${kind} ${path}`);
  const lines = [{ a: 1 }, { a: 2, b: 1 }];
  t.strictSame(kinds(answer({ l: lines }), answer({ l: [{ a: 9, c: 1 }] }), false), [
    'missing-key $.body.l[].b',
    'extra-key $.body.l[].c',
  ]);
  t.strictSame(kinds(answer({ l: [1] }), answer({ l: [] }), false), []);
  t.strictSame(kinds(answer({ l: lines }), answer({ l: [] })), ['value $.body.l.length']);
  t.strictSame(kinds(answer({ a: null }), answer({ a: [] })), ['type $.body.a']);
  t.strictSame(kinds(answer({ billing_address: { city: 'A' } }), answer({ billing_address: { city: 'B' } })), []);
  t.strictSame(kinds(answer({ at: '2026-03-02T09:00' }), answer({ at: 'b' })), []);
  t.strictSame(kinds(answer({ klarna_reference: 'A' }), answer({ klarna_reference: 'B' })), []);
  t.strictSame(kinds(answer('', { 'Capture-Id': 'a' }), answer(''), true, ['Capture-Id', 'X-B']), [
    'header $.headers.Capture-Id',
  ]);
  t.strictSame(kinds(answer(undefined), answer('a')), ['type $.body']);
});
