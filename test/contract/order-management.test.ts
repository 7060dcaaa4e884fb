import { operations } from '../../src/contract/operations.js';
import { wallClock } from '../../src/exchange/wall-clock.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import { JsonStore } from '../store/json-store.js';
import t, { type Test } from '../tap.js';
import { type Answered, authorized, basic, boots, type Caller, purchase, startSandbox, times } from './sandbox.js';

type Path = Record<string, string>;

const elsa = {
  given_name: 'Elsa',
  family_name: 'Lind',
  email: 'elsa.lind@example.com',
  phone: '+46701740615',
  street_address: 'Skogsgatan 7',
  postal_code: '411 18',
  city: 'Göteborg',
  country: 'SE',
};

const parcel = { shipping_company: 'Postkontoret', tracking_number: '118' };

/** A purchase of boots by invoice, for any amount: its order's path. */
async function placed(call: Caller, amount = 10000): Promise<Path> {
  const bought = {
    ...purchase,
    order_amount: amount,
    order_tax_amount: 0,
    order_lines: [
      { ...boots, quantity: 1, unit_price: amount, total_amount: amount, tax_rate: 0, total_tax_amount: 0 },
    ],
  };
  const path = await authorized(call, bought, {
    payment_option: 'pay_later',
    funding_source: { type: 'none' },
    data: { billing_address: elsa },
  });
  const { body } = await call('createOrder', { path, body: bought });
  return { order_id: body.order_id as string };
}

const capture = (call: Caller, path: Path, captured_amount: unknown) =>
  call('captureOrder', { path, body: { captured_amount } });

/** An order with a capture and a refund: the path of all three. */
async function refunded(call: Caller): Promise<Path> {
  const path = await placed(call);
  const { headers } = await capture(call, path, 5000);
  const back = await call('refundOrder', { path, body: { refunded_amount: 1000 } });
  return { ...path, capture_id: headers['capture-id'] as string, refund_id: back.headers['refund-id'] as string };
}

const stateOf = async (call: Caller, path: Path) => (await call('readOrder', { path })).body;

/** How many answers have a status. */
const count = (answers: readonly Answered[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

for (const store of [MemoryStore, JsonStore]) {
  t.test(`races for an order on a ${store.name}`, async (t) => {
    const call = (await startSandbox(t, { store: new store() })).as('boots');

    await t.test('100 captures of 1 leave exactly 50 of an order of 50', async (t) => {
      const path = await placed(call, 50);
      const answers = await times(100, () => capture(call, path, 1));
      t.strictSame([count(answers, 201), count(answers, 403)], [50, 50]);
      t.equal(new Set(answers.map(({ headers }) => headers['capture-id'])).size, 51, 'each has an id of its own');
      const order = await stateOf(call, path);
      t.match(order, { status: 'CAPTURED', captured_amount: 50, remaining_authorized_amount: 0 });
      t.equal(order.captures.length, 50);
      t.equal(new Set(order.captures.map((one: { klarna_reference: string }) => one.klarna_reference)).size, 50);
    });

    await t.test('40 refunds of 2 leave exactly 50 of 50', async (t) => {
      const path = await placed(call, 50);
      await capture(call, path, 50);
      const answers = await times(40, () => call('refundOrder', { path, body: { refunded_amount: 2 } }));
      t.strictSame([count(answers, 201), count(answers, 403)], [25, 15]);
      const order = await stateOf(call, path);
      t.match(order, { status: 'CAPTURED', captured_amount: 50, refunded_amount: 50 });
      t.equal(order.refunds.length, 25);
    });

    await t.test('50 captures under one key are one', async (t) => {
      const path = await placed(call, 50);
      const headers = { 'Klarna-Idempotency-Key': 'parcel-50' };
      const answers = await times(50, () => call('captureOrder', { path, headers, body: { captured_amount: 1 } }));
      t.equal(count(answers, 201), 50);
      t.equal(new Set(answers.map((answer) => answer.headers['capture-id'])).size, 1);
      t.match(await stateOf(call, path), { captured_amount: 1 });
    });

    await t.test('an order is captured or cancelled, never both', async (t) => {
      const path = await placed(call, 50);
      const [cancelled, ...captures] = await Promise.all([
        call('cancelOrder', { path }),
        ...Array.from({ length: 10 }, () => capture(call, path, 5)),
      ]);
      const taken = count(captures, 201);
      t.equal(cancelled?.status, taken > 0 ? 403 : 204);
      t.match(await stateOf(call, path), {
        status: taken > 0 ? 'CAPTURED' : 'CANCELLED',
        captured_amount: 5 * taken,
        remaining_authorized_amount: 0,
      });
    });

    await t.test('a lowered authorization is never below what is captured', async (t) => {
      const path = await placed(call, 50);
      await Promise.all([
        ...Array.from({ length: 20 }, () => capture(call, path, 2)),
        ...Array.from({ length: 10 }, (_, n) => call('updateAuthorization', { path, body: { order_amount: 10 + n } })),
      ]);
      const { order_amount, captured_amount, remaining_authorized_amount } = await stateOf(call, path);
      t.ok(captured_amount <= order_amount, `${captured_amount} of ${order_amount}`);
      t.equal(remaining_authorized_amount, order_amount - captured_amount);
    });
  });
}

/** The page of the server behind Klarna's for a path that it does not take (recorded), whole. */
const PAGE_400 =
  '<!doctype html><html lang="en"><head><title>HTTP Status 400 – Bad Request</title><style type="text/css">' +
  'body {font-family:Tahoma,Arial,sans-serif;} h1, h2, h3, b {color:white;background-color:#525D76;} ' +
  'h1 {font-size:22px;} h2 {font-size:16px;} h3 {font-size:14px;} p {font-size:12px;} a {color:black;} ' +
  '.line {height:1px;background-color:#525D76;border:none;}</style></head>' +
  '<body><h1>HTTP Status 400 – Bad Request</h1></body></html>';

t.test('a repeated idempotency key gives the same answer, whatever is asked the second time', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const order = await refunded(call);
  const open = await placed(call);
  const writes: [operation: string, path: Path, body?: object][] = [
    ['acknowledgeOrder', open],
    ['updateAuthorization', open, { order_amount: 9000 }],
    ['extendAuthorizationTime', open],
    ['updateMerchantReferences', open, { merchant_reference1: 'B-1' }],
    ['updateCustomerDetails', open, { shipping_address: elsa }],
    ['addOrderShippingInfo', open, { shipping_info: [parcel] }],
    ['cancelOrder', open],
    ['captureOrder', order, { captured_amount: 100 }],
    ['refundOrder', order, { refunded_amount: 100 }],
    ['addCaptureShippingInfo', order, { shipping_info: [parcel] }],
    ['triggerSendOut', order],
    ['extendDueDate', order, { number_of_days: 10 }],
    ['releaseRemainingAuthorization', order],
  ];
  const honouring = [...operations.values()].filter(({ api, idempotent }) => api === 'order-management' && idempotent);
  t.strictSame(writes.map(([name]) => name).sort(), honouring.map(({ name }) => name).sort(), 'every write is asked');
  for (const [name, path, body] of writes) {
    await t.test(name, async (t) => {
      const headers = { 'Klarna-Idempotency-Key': `once ${name}` };
      const first = await call(name, { path, headers, ...(body && { body }) });
      t.ok([201, 204].includes(first.status), first.why);
      const before = await stateOf(call, path);
      const other = body && { captured_amount: 1, refunded_amount: 1, order_amount: 1, shipping_info: [], nonsense: 1 };
      const again = await call(name, { path, headers, ...(other && { body: other }) });
      t.equal(again.status, first.status);
      for (const header of ['transaction-id', 'capture-id', 'refund-id', 'location']) {
        t.equal(again.headers[header], first.headers[header], header);
      }
      t.strictSame(await stateOf(call, path), before, 'nothing is done twice');
    });
  }

  await t.test('a key counts by operation', async (t) => {
    const path = await placed(call);
    const headers = { 'Klarna-Idempotency-Key': 'both' };
    const captured = await call('captureOrder', { path, headers, body: { captured_amount: 300 } });
    t.match(captured, { status: 201, headers: { 'capture-id': String } });
    const refund = await call('refundOrder', { path, headers, body: { refunded_amount: 100 } });
    t.match(refund, { status: 201, headers: { 'refund-id': String } });
    t.match(await stateOf(call, path), { captured_amount: 300, refunded_amount: 100 });
  });

  await t.test('a refusal is kept under its key, and none that only the shape made', async (t) => {
    const path = await placed(call);
    const headers = { 'Klarna-Idempotency-Key': 'refused' };
    const first = await call('captureOrder', { path, headers, body: { captured_amount: 10001 } });
    const again = await call('captureOrder', { path, headers, body: { captured_amount: 1 } });
    t.match(first, { status: 403, body: { error_code: 'CAPTURE_NOT_ALLOWED' } });
    t.strictSame(again.body, first.body);
    const shape = { 'Klarna-Idempotency-Key': 'misshapen' };
    t.match(await call('captureOrder', { path, headers: shape, body: {} }), { status: 422 });
    t.match(await call('captureOrder', { path, headers: shape, body: { captured_amount: 1 } }), { status: 201 });
  });
});

t.test('to another merchant an order is as unknown as one that never was', async (t) => {
  const sandbox = await startSandbox(t);
  const [owner, stranger] = [sandbox.as('boots'), sandbox.as('shoes')];
  const theirs = await refunded(owner);
  const never: Path = {
    order_id: 'd5e7c1a0-4b92-4f36-8d1e-7a60c3b9f284',
    capture_id: theirs.capture_id as string,
    refund_id: theirs.refund_id as string,
  };
  const before = await stateOf(owner, theirs);
  for (const { name, api, request } of operations.values()) {
    if (api !== 'order-management') continue;
    await t.test(name, async (t) => {
      const body = request && {
        captured_amount: 1,
        refunded_amount: 1,
        order_amount: 1,
        number_of_days: 10,
        shipping_info: [parcel],
        shipping_address: elsa,
      };
      const [of, ofNone] = [
        await stranger(name, { path: theirs, ...(body && { body }) }),
        await stranger(name, { path: never, ...(body && { body }) }),
      ];
      t.match(of, { status: 404, body: { error_code: 'NO_SUCH_ORDER' } });
      const unknown = (text: string) => text.replaceAll(theirs.order_id as string, never.order_id as string);
      t.strictSame(of.body.error_messages.map(unknown), ofNone.body.error_messages);
      t.equal(unknown(of.why), ofNone.why);
      t.strictSame(Object.keys(of.headers).sort(), Object.keys(ofNone.headers).sort());
    });
  }
  t.strictSame(await stateOf(owner, theirs), before, 'nothing is changed');
  t.strictSame((await stranger('listOrders')).body.items, []);
  t.match(await owner('readCapture', { path: { ...theirs, ...(await placed(owner)) } }), { status: 404 });
});

/** What an answer of Order Management to bad input has in any case. */
function refused(t: Test, answer: Answered, status: number, error_code: string): void {
  t.match(answer, { status, body: { error_code, correlation_id: answer.headers['klarna-correlation-id'] } });
  t.match(answer.why, /^[a-z-]+: .{10,}/, 'says why');
  t.equal(answer.headers['transaction-id'], undefined);
}

t.test('bad input', async (t) => {
  const sandbox = await startSandbox(t);
  const call = sandbox.as('boots');
  const path = await refunded(call);
  const before = await stateOf(call, path);
  const unchanged = async (t: Test) => t.strictSame(await stateOf(call, path), before, 'nothing is changed');
  const many = <T>(count: number, one: T) => Array.from({ length: count }, () => one);

  const amounts: [operation: string, field: string, over: [amount: number, code: string]][] = [
    ['captureOrder', 'captured_amount', [5001, 'CAPTURE_NOT_ALLOWED']],
    ['refundOrder', 'refunded_amount', [4001, 'REFUND_NOT_ALLOWED']],
    ['updateAuthorization', 'order_amount', [4999, 'NOT_ALLOWED']],
  ];
  for (const [name, field, [over, code]] of amounts) {
    await t.test(`${name} of no amount`, async (t) => {
      const no = [
        -1,
        -5000,
        0.5,
        1.5,
        200_000_001,
        1e21,
        1e300,
        Number.MAX_SAFE_INTEGER,
        null,
        'ten',
        '',
        [],
        {},
        true,
      ];
      for (const amount of no) {
        const answer = await call(name, { path, body: { [field]: amount } });
        refused(t, answer, 422, 'UNPROCESSABLE_ENTITY');
        t.matchLists(answer.body.error_messages, [new RegExp(`^'${field}' must `)], JSON.stringify(amount));
        t.equal(answer.body.error_messages.length, 1, 'one message');
      }
      refused(t, await call(name, { path, body: { [field]: over } }), 403, code);
      await unchanged(t);
    });
  }

  await t.test('too much of everything', async (t) => {
    const line = { name: 'Boot', quantity: 1, unit_price: 1, total_amount: 1 };
    const shapes: [operation: string, body: object, message: RegExp][] = [
      ['captureOrder', { captured_amount: 1, shipping_info: many(501, parcel) }, /shipping_info .*between 0 and 500$/],
      ['captureOrder', { captured_amount: 1, order_lines: many(1001, line) }, /order_lines .*between 0 and 1000$/],
      ['captureOrder', { captured_amount: 1, description: 'x'.repeat(256) }, /description .*between 0 and 255$/],
      ['captureOrder', { captured_amount: 1, reference: 'x'.repeat(256) }, /reference .*between 0 and 255$/],
      ['captureOrder', { captured_amount: 1, shipping_info: [{ shipping_method: 'Balloon' }] }, /shipping_method/],
      ['refundOrder', { refunded_amount: 1, order_lines: many(1001, line) }, /order_lines .*between 0 and 1000$/],
      ['updateAuthorization', { order_amount: 9000, order_lines: many(1001, line) }, /order_lines/],
      ['addOrderShippingInfo', { shipping_info: many(501, parcel) }, /shipping_info .*between 1 and 500$/],
      ['addOrderShippingInfo', { shipping_info: [] }, /shipping_info .*between 1 and 500$/],
      ['addCaptureShippingInfo', { shipping_info: many(501, parcel) }, /shipping_info .*between 1 and 500$/],
      ['updateMerchantReferences', { merchant_reference1: 'x'.repeat(256) }, /merchant_reference1/],
      ['updateCustomerDetails', { shipping_address: { city: 'x'.repeat(201) } }, /shipping_address\/city/],
    ];
    for (const [name, body, message] of shapes) {
      const answer = await call(name, { path, body });
      refused(t, answer, 422, 'UNPROCESSABLE_ENTITY');
      t.matchLists(answer.body.error_messages, [message], `${name} ${message}`);
    }
    t.match(
      await call('addOrderShippingInfo', { path: await placed(call), body: { shipping_info: many(500, parcel) } }),
      {
        status: 204,
      },
    );
    await unchanged(t);
  });

  await t.test('bodies that cannot be read', async (t) => {
    const captures = `${sandbox.url}/ordermanagement/v1/orders/${path.order_id}/captures`;
    const bodies: [body: string, status: number, code: string][] = [
      ['[]', 422, 'UNPROCESSABLE_ENTITY'],
      ['null', 422, 'UNPROCESSABLE_ENTITY'],
      ['"all of it"', 422, 'UNPROCESSABLE_ENTITY'],
      ['', 422, 'UNPROCESSABLE_ENTITY'],
      ['{"captured_amount": 1', 400, 'BAD_REQUEST'],
      ['{"captured_amount": 1, "__proto__": {}}', 400, 'BAD_REQUEST'],
      [`{"captured_amount": 1, "description": "${'x'.repeat(1_048_576)}"}`, 413, 'REQUEST_TOO_LARGE'],
    ];
    for (const [body, status, error_code] of bodies) {
      const headers = { authorization: basic('boots'), 'content-type': 'application/json' };
      const answer = await fetch(captures, { method: 'POST', headers, body });
      t.equal(answer.status, status, body.slice(0, 40));
      t.match(answer.headers.get('mock-klarna-explain'), /^[a-z-]+: .{10,}/);
      const text = await answer.text();
      t.match(JSON.parse(text), { error_code });
      t.notMatch(text, /[\n]|": | \[/, 'compact');
    }
    await unchanged(t);
  });

  await t.test('ids that are none', async (t) => {
    const asked = async (id: string, rest: string, method = 'GET') => {
      const target = `${sandbox.url}/ordermanagement/v1/orders/${id}${rest}`;
      const headers = { authorization: basic('boots') };
      const answer = await fetch(target, { method, headers, redirect: 'manual' });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    const id = path.order_id as string;
    const pages = [
      `${id}%2Fcaptures`,
      `%2F${id}`,
      `..%2F${id}`,
      `${id}%5C`,
      `${id}%00`,
      `${id}%0A`,
      '%7B%7D',
      '%3Cb%3E',
      '..;',
      `${id}%20`,
    ];
    for (const broken of pages) {
      for (const [rest, method] of [
        ['', 'GET'],
        ['/cancel', 'POST'],
        ['/release-remaining-authorization', 'POST'],
      ] as const) {
        const answer = await asked(broken, rest, method);
        t.equal(answer.status, 400, `${method} ${broken}${rest}`);
        t.equal(answer.headers.get('content-type'), 'text/html;charset=utf-8');
        t.match(answer.headers.get('mock-klarna-explain'), /^order-path: order_id: given /);
        t.equal(answer.text, PAGE_400);
        t.notOk(answer.text.includes(id), 'nothing of the request stands in the page');
      }
    }
    for (const other of [`${id}-`, id.slice(1), 'x'.repeat(5000), '1', '...', "'or'1'='1"]) {
      const answer = await asked(other, '/cancel', 'POST');
      t.equal(answer.status, 400, other.slice(0, 40));
      t.matchLists(JSON.parse(answer.text), {
        error_code: 'INVALID_ORDER_ID',
        error_messages: ['Order ID must be a valid UUID.'],
      });
      t.match(answer.headers.get('mock-klarna-explain'), /^order-id: /);
    }
    t.equal((await asked(id.toUpperCase(), '')).status, 404, 'an id is what it was when it was given');
    const capture = await asked(id, `/captures/${path.capture_id}%2Fshipping-info`);
    t.equal(capture.status, 400);
    t.equal(capture.text, PAGE_400);
    const nowhere = await asked(id, '/captures/x/y');
    t.equal(nowhere.status, 404);
    t.match(JSON.parse(nowhere.text), {
      status: 404,
      error: 'Not Found',
      path: `/merchants/boots/orders/${id}/captures/x/y`,
    });
    t.equal((await asked(id, '/cancel', 'GET')).status, 405);
    await unchanged(t);
  });
});

t.test('another word for too many requests', async (t) => {
  const wall = { ...wallClock, monotonic: () => 0 };
  const call = (await startSandbox(t, { rateLimits: 'playground', wall })).as('boots');
  const path = { order_id: 'd5e7c1a0-4b92-4f36-8d1e-7a60c3b9f284' };
  const answers = await times(51, () => call('readOrder', { path }));
  t.strictSame([count(answers, 404), count(answers, 429)], [50, 1], '50 calls in a second that does not end');
  const over = await call('readOrder', { path });
  t.matchLists(over.body, { error_code: 'TOO_MANY_REQUESTS', error_messages: ['Too many requests'] });
  t.match(over.why, /^rate-limit: /);
});

t.test('trouble of the gateway in the words of the API', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const failing = (status: number) => ({
    title: 'Trouble',
    evidence: 'inferred',
    outcomes: ['readOrder', 'createSession'].map((on) => ({ on, fault: { status } })),
  });
  const path = { order_id: 'd5e7c1a0-4b92-4f36-8d1e-7a60c3b9f284' };
  for (const [status, error_code, error_messages] of [
    [429, 'TOO_MANY_REQUESTS', ['Too many requests']],
    [500, 'UNEXPECTED_ERROR', ['Unexpected server error']],
    [502, 'TEMPORARILY_UNAVAILABLE', ['Temporarily unavailable']],
    [503, 'TEMPORARILY_UNAVAILABLE', ['Temporarily unavailable']],
    [504, 'TEMPORARILY_UNAVAILABLE', ['Temporarily unavailable']],
  ] as const) {
    await call('chooseScenario', { body: { inline: failing(status) } });
    const answer = await call('readOrder', { path });
    t.matchLists(answer, { status, body: { error_code, error_messages } });
  }
});

t.test('a verdict takes the place of the one that was to come', async (t) => {
  const call = (await startSandbox(t, { seed: 'fraud' })).as('boots');
  const american = {
    ...purchase,
    purchase_country: 'US',
    purchase_currency: 'USD',
    locale: 'en-US',
    // Nobody listens there: that it was tried is what counts.
    merchant_urls: { notification: 'http://127.0.0.1:9/fraud' },
  };
  const billing_address = { email: 'customer+us+pend-accept-30@klarna.com', country: 'US' };
  const authorization = await authorized(call, american, { data: { billing_address } });
  const { body } = await call('createOrder', { path: authorization, body: american });
  const path = { order_id: body.order_id as string };
  const told = async () =>
    (await call('listCallbacks', { query: { on: 'notification' } })).body.items.map(
      (attempt: { body: { event_type: string } }) => attempt.body.event_type,
    );
  t.match(await call('decideFraud', { path, body: { decision: 'REJECTED' } }), {
    status: 200,
    body: { ...path, status: 'AUTHORIZED', fraud_status: 'REJECTED' },
  });
  await call('advanceClock', { body: { by: 'PT0S' } });
  t.strictSame(await told(), ['FRAUD_RISK_REJECTED'], 'at once');
  await call('advanceClock', { body: { by: 'PT31M' } });
  t.strictSame(new Set(await told()), new Set(['FRAUD_RISK_REJECTED']), 'and nothing else later');
  t.match(await call('decideFraud', { path, body: { decision: 'accepted' } }), {
    status: 403,
    body: { error_code: 'INVALID_OPERATION' },
    why: /^fraud-decision: .*the verdict has fallen/,
  });
  t.match(await call('decideFraud', { path, body: { decision: 'maybe' } }), { status: 400 });
  await call('advanceClock', { body: { by: 'PT4H' } });
  t.match((await call('readOrder', { path })).body, { status: 'CANCELLED', fraud_status: 'REJECTED' });
});
