import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ControlError } from '../../src/client/control.js';
import { usualPurchase } from '../../src/client/states.js';
import { locate } from '../../src/contract/locate.js';
import { bringFor, countryOf, shownPurchase } from '../../src/verify/recordings/bring-about.js';
import {
  amountOf,
  codeOf,
  NotComparable,
  type RecordedCall,
  reasonIn,
  refusalOf,
  succeeded,
  whyNoAnswer,
  whyNoRequest,
} from '../../src/verify/recordings/recorded-call.js';
import { repeatExchange, State } from '../../src/verify/recordings/state.js';
import { basic } from '../contract/sandbox.js';
import t, { type Test } from '../tap.js';

/** A call that the sandbox got: the operation, the parameters of its path, its body. */
type Call = [operation: string, ...parts: unknown[]];

/** The beginning of the ids that each operation makes, which count up, and the field or header of its answer that has them. */
const MADE: Readonly<Record<string, [prefix: string, field: string]>> = {
  createSession: ['session', 'session_id'],
  createHostedSession: ['page', 'session_id'],
  authorizeSession: ['authorization', 'authorization_token'],
  createOrder: ['order', 'order_id'],
  createCustomerTokenOrder: ['order', 'order_id'],
  createCustomerToken: ['token', 'token_id'],
  captureOrder: ['capture', 'capture-id'],
  refundOrder: ['refund', 'refund-id'],
};

/** Stands in the sandbox's place: notes the calls, and says yes to all but those that it is told to refuse. */
async function startStub(t: Test, refuse: (call: Call) => boolean) {
  const calls: Call[] = [];
  const heads: Record<string, unknown>[] = [];
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const sent = await text(request);
    const found = locate(method, url);
    const name = found?.operation.name ?? `${method} ${url}`;
    const query = Object.keys(found?.query ?? {}).length > 0 ? [found?.query] : [];
    const call: Call = [name, ...Object.values(found?.params ?? {}), ...query, ...(sent === '' ? [] : [bodyIn(sent)])];
    calls.push(call);
    heads.push(headers);
    if (refuse(call)) return response.writeHead(400, { 'mock-klarna-explain': 'no' }).end();
    if (name === 'readOrder') return response.end(JSON.stringify({ remaining_authorized_amount: 77 }));
    const [prefix = '', field = ''] = MADE[name] ?? [];
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    const id = `${prefix}-${count}`;
    if (field.includes('-')) response.writeHead(201, { [field]: id }).end();
    else response.end(field === '' ? '' : JSON.stringify({ [field]: id }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { calls, heads, target: { url, username: 'verify', password: 'verify' } };
}

function bodyIn(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
}

/** An exchange as it was recorded. */
function told(
  call: string,
  status: number,
  answer?: unknown,
  body?: unknown,
  headers = {},
  answerHeaders = {},
): RecordedCall {
  const [method = '', target = ''] = call.split(' ');
  const located = locate(method, target);
  if (!located) throw new Error(`no operation: ${call}`);
  const request = { method, url: `https://api.klarna.com${target}`, target, headers, body };
  const response = { status, headers: answerHeaders, body: answer };
  return { ...located, exchange: { file: 'a.har', index: 1, request, response } };
}

/** Repeats exchanges one after the other; gives the calls after the merchant's reset, and what came of each exchange. */
async function repeat(t: Test, story: readonly RecordedCall[], refuse: (call: Call) => boolean = () => false) {
  const { calls, heads, target } = await startStub(t, refuse);
  const state = new State(target, story);
  const results: unknown[] = [];
  for (const one of story) {
    try {
      const { answer, guessed } = await repeatExchange(target, one, state);
      results.push(`${answer.status}${guessed ? ', guessed' : ''}`);
    } catch (error) {
      results.push(reasonIn(error).replaceAll(target.url, ''));
    }
  }
  t.strictSame(calls[0], ['resetMerchant']);
  const [, ...later] = JSON.parse(JSON.stringify(calls).replaceAll(target.url, '<sandbox>')) as Call[];
  return { calls: later, heads: heads.slice(1), results };
}

const ID = '3c1b4b2e-5d6f-4a70-8b91-a2b3c4d5e6f7';
const SUB = '9e8d7c6b-5a49-4382-a716-05f4e3d2c1b0';
const OM = `/ordermanagement/v1/orders/${ID}`;
const CT = `/customer-token/v1/tokens/${ID}`;
const KP = `/payments/v1/authorizations/${ID}`;
const SESSION = `/payments/v1/sessions/${ID}`;

const refusal = (error_code: unknown, ...error_messages: unknown[]) => ({ error_code, error_messages });

/** The calls that place the first order. */
const placed = (purchase: object, shopper: object = {}, order = purchase): Call[] => [
  ['createSession', purchase],
  ['authorizeSession', 'session-1', shopper],
  ['createOrder', 'authorization-1', order],
];

const usually = (amount?: number, shopper?: object, country?: string) =>
  placed(usualPurchase(country, amount), shopper);

/** The same for an order of 900 with a status, which goes along. */
const withStatus = (status: string) => placed({ ...usualPurchase('SE', 900), status });

const captured = (amount: number): Call => ['captureOrder', 'order-1', { captured_amount: amount }];
const refunded = (amount: number): Call => ['refundOrder', 'order-1', { refunded_amount: amount }];

t.test('an order gets the past that its first exchange needs', async (t) => {
  const tooHigh = 'Captured amount is higher than the remaining authorized amount. Capture not possible.';
  const capture = (amount: unknown, status = 201, answer?: unknown) =>
    told(`POST ${OM}/captures`, status, answer, { captured_amount: amount });
  const refund = (amount: unknown, status = 201, answer?: unknown) =>
    told(`POST ${OM}/refunds`, status, answer, { refunded_amount: amount });
  const act = (action: string, status = 204, answer?: unknown) => told(`POST ${OM}/${action}`, status, answer);
  const read = (seen: object, status = 200) => told(`GET ${OM}`, status, seen);
  const method = (type: string) => ({ initial_payment_method: { type } });
  const cases: [string, RecordedCall[], Call[]][] = [
    ['nothing known', [act('acknowledge')], usually(10_000)],
    ['one capture', [capture(500)], usually(500)],
    ['captures add up', [capture(500), act('acknowledge'), capture(70)], usually(570)],
    ['refused ones do not', [capture(500), capture(70, 403, refusal('CONFLICT'))], usually(500)],
    ['nor do amounts that are none', [capture(500), capture('70'), capture(-70)], usually(500)],
    ['more refunded than captured', [capture(500), refund(300), refund(400)], usually(700)],
    ['less refunded than captured', [capture(500), refund(300)], usually(500)],
    ['the order is read', [capture(500), read({ order_amount: 900 })], usually(900)],
    ['it was larger', [capture(5), read({ original_order_amount: 950, order_amount: 900 })], usually(950)],
    ['it was not found', [capture(500), read({ order_amount: 900 }, 404)], usually(500)],
    ['a refund needs a capture', [refund(300)], [...usually(300), captured(300)]],
    ['captures that follow leave room', [refund(300), capture(40), refund(30)], [...usually(330), captured(290)]],
    ['but one there is', [refund(300), capture(300)], [...usually(300), captured(1)]],
    [
      'a refund that is read',
      [told(`GET ${OM}/refunds/${SUB}`, 200, {})],
      [...usually(10_000), captured(10_000), refunded(1)],
    ],
    [
      'released is a rest',
      [act('release-remaining-authorization'), read({ order_amount: 99 })],
      [...usually(99), captured(50)],
    ],
    [
      'read first',
      [read({ order_amount: 900, captured_amount: 700, refunded_amount: 200, status: 'CAPTURED' })],
      [...withStatus('CAPTURED'), captured(700), refunded(200)],
    ],
    [
      'read first, cancelled',
      [read({ order_amount: 900, status: 'CANCELLED' })],
      [...withStatus('CANCELLED'), ['cancelOrder', 'order-1']],
    ],
    [
      'read later, its state is a later one',
      [act('acknowledge'), read({ order_amount: 900, captured_amount: 700, status: 'CANCELLED' })],
      withStatus('CANCELLED'),
    ],
    [
      'paid by',
      [read({ order_amount: 900, ...method('PAY_BY_CARD') })],
      usually(900, { payment_option: 'pay_now', funding_source: { type: 'card' } }),
    ],
    [
      'what is extended is an invoice',
      [act('extend-authorization-time'), read({ order_amount: 900, ...method('direct_debit') })],
      usually(900, { payment_option: 'pay_later', funding_source: { type: 'none' } }),
    ],
    ['too high', [capture(500, 403, refusal('CAPTURE_NOT_ALLOWED', tooHigh)), capture(400)], usually(499)],
    ['too high by all', [capture(1, 403, refusal('CAPTURE_NOT_ALLOWED', tooHigh))], usually(1)],
    [
      'not allowed',
      [capture(500, 403, refusal('CAPTURE_NOT_ALLOWED', 'Capture not allowed'))],
      [...usually(10_000), ['cancelOrder', 'order-1']],
    ],
    [
      'not to be cancelled',
      [act('cancel', 403, refusal('CANCEL_NOT_ALLOWED', 'no'))],
      [...usually(10_000), captured(10_000)],
    ],
    ['no captures', [refund(5, 403, refusal('REFUND_NOT_ALLOWED', 'Order has No Captures.'))], usually(10_000)],
    [
      'too much refunded',
      [refund(500, 403, refusal('REFUND_NOT_ALLOWED', 'Over refund'))],
      [...usually(499), captured(499)],
    ],
    ['too much by all', [refund(1, 403, refusal('REFUND_NOT_ALLOWED', 'Over refund'))], [...usually(1), captured(1)]],
    [
      'captured before',
      [act('release-remaining-authorization', 403, refusal('NOT_ALLOWED', 'Is Captured'))],
      [...usually(10_000), captured(10_000)],
    ],
    [
      'cancelled before',
      [act('acknowledge', 403, refusal('NOT_ALLOWED', 'Update not allowed.'))],
      [...usually(10_000), ['cancelOrder', 'order-1']],
    ],
    ['refused for what is sent', [capture(-1, 422, refusal('UNPROCESSABLE_ENTITY')), capture(30)], usually(30)],
  ];
  for (const [title, story, expected] of cases) {
    const { calls } = await repeat(t, story);
    const { length } = expected;
    t.strictSame(calls.slice(0, length), expected, title);
    const [first] = story as [RecordedCall];
    t.strictSame(calls[length]?.slice(0, 2), [first.operation.name, 'order-1'], `${title}: then it is repeated`);
    t.equal(calls.filter(([name]) => name === 'createSession').length, 1, `${title}: one order for all`);
  }
});

t.test('what fails for another reason than a refusal is not tried again', async (t) => {
  const ours = new TypeError('ours');
  const one = told(`GET ${SESSION}`, 200, {});
  for (const [api, parameter] of [
    ['order-management', 'order_id'],
    ['payments', 'session_id'],
  ] as const) {
    let tries = 0;
    const target = {
      username: 'verify',
      password: 'verify',
      get url(): string {
        tries++;
        throw ours;
      },
    };
    const bring = bringFor(api, parameter);
    await t.rejects(bring?.({ target, call: one, story: [one], known: {}, open: [] }) as Promise<string>, ours);
    t.equal(tries, 1, parameter);
  }
});

t.test('the market of a purchase is its country, or else the first with its currency', (t) => {
  for (const [shown, country] of [
    [{ purchase_country: 'no' }, 'NO'],
    [{ purchase_country: 'NO', purchase_currency: 'SEK' }, 'NO'],
    [{ purchase_currency: 'NOK' }, 'NO'],
    [{ purchase_country: 'XX', purchase_currency: 'GBP' }, 'GB'],
    [{ purchase_country: 47, purchase_currency: 'EUR' }, 'AT'],
    [{ purchase_country: 'XX', purchase_currency: 'XXX' }, undefined],
    [{}, undefined],
  ] as const) {
    t.equal(countryOf(shown), country, JSON.stringify(shown));
  }
  t.end();
});

t.test('a purchase is made as it is shown, and as usual where it is not', (t) => {
  const usual = usualPurchase('NO', 700);
  const { order_lines: _, ...bare } = usual;
  const inNorway = { purchase_country: 'NO' };
  t.strictSame(shownPurchase({}), usualPurchase());
  t.strictSame(shownPurchase(inNorway, 700), usual);
  t.strictSame(shownPurchase({ ...inNorway, intent: 'buy', captured_amount: 5 }, 700), { ...usual, intent: 'buy' });
  for (const order_lines of [[], ['a', null, [{ name: 'Boots' }]], 'a']) {
    t.strictSame(shownPurchase({ ...inNorway, order_lines }, 700), usual, 'lines that are none are as usual');
  }
  const boots = { name: 'Boots', reference: '', image_url: '', quantity: 0, total_tax_amount: 30, total_amount: 500 };
  const lines = [
    boots,
    { type: 'sales_tax', total_amount: 70, total_tax_amount: 1000 },
    { type: 'sales_tax', total_tax_amount: 1000 },
    { type: 'discount', total_amount: -7, total_tax_amount: -9 },
    { total_tax_amount: '11' },
  ];
  const { reference: _r, image_url: _i, ...told } = boots;
  const own = { ...inNorway, order_lines: [null, ...lines] };
  const order_lines = [told, ...lines.slice(1)];
  t.strictSame(shownPurchase(own, 700), { ...bare, order_tax_amount: 100, order_lines });
  t.strictSame(shownPurchase({ ...own, order_tax_amount: 5 }, 700), { ...bare, order_tax_amount: 5, order_lines });
  t.end();
});

t.test('an order is placed for what the recording shows, and as usual where that is refused', async (t) => {
  const line = { name: 'Ski', quantity: 1, unit_price: 900, total_amount: 900, total_tax_amount: 60 };
  const seen = {
    order_id: ID,
    status: 'AUTHORIZED',
    purchase_country: 'NO',
    purchase_currency: 'NOK',
    merchant_data: 'm',
    order_amount: 900,
    original_order_amount: 950,
    order_lines: [{ ...line, image_url: '' }],
    initial_payment_method: { type: 'invoice' },
  };
  const story = [told(`GET ${OM}`, 200, seen)];
  const { order_id: _, original_order_amount: _a, initial_payment_method: _m, ...shared } = seen;
  const shown = {
    ...usualPurchase('NO'),
    ...shared,
    order_amount: 950,
    order_tax_amount: 60,
    order_lines: [line],
  };
  const shopper = { payment_option: 'pay_later', funding_source: { type: 'none' } };
  t.strictSame(await repeat(t, story).then(({ calls }) => calls), [
    ...placed(shown, shopper),
    ['readOrder', 'order-1'],
  ]);
  const refused = await repeat(t, story, ([name, body]) => name === 'createSession' && (body as any).merchant_data);
  t.strictSame(refused.calls, [
    ['createSession', shown],
    ...placed(usualPurchase('NO', 950), shopper),
    ['readOrder', 'order-1'],
  ]);
  t.strictSame(refused.results, ['200, guessed']);
  const never = await repeat(t, story, ([name]) => name === 'createSession');
  t.strictSame(never.calls, [
    ['createSession', shown],
    ['createSession', usualPurchase('NO', 950)],
  ]);
  const why = 'the sandbox cannot be brought into its state: createSession was refused with 400: no';
  t.strictSame(never.results, [why]);
});

const chosen = (on: string, outcome: object): Call => [
  'chooseScenario',
  { inline: { title: 'As it was recorded', evidence: 'inferred', outcomes: [{ on, ...outcome }] } },
];

const usual = usualPurchase();
const buying = { ...usual, intent: 'buy' };
const tokenizing = { ...usual, intent: 'buy_and_default_tokenize' };
const authorized = (session: unknown, shopper: object = {}): Call[] => [
  ['createSession', session],
  ['authorizeSession', 'session-1', shopper],
];
const token = { description: 'Boot care, once a month', intended_use: 'SUBSCRIPTION' };
const tokenized = (country = 'SE', shopper: object = {}): Call[] => [
  ...authorized({ intent: 'buy_and_tokenize', ...usualPurchase(country) }, shopper),
  ['createCustomerToken', 'authorization-1', token],
];

t.test('sessions, captures, refunds and pages are brought about as their first exchange shows them', async (t) => {
  const order = usually(10_000);
  const note = (at: string, answer?: unknown) => told(`POST ${OM}/captures/${SUB}/${at}`, 204, answer);
  const cases: [string, RecordedCall[], Call[]][] = [
    [
      'a session that is read',
      [told(`GET ${SESSION}`, 200, { merchant_data: 'm', status: 'incomplete' })],
      [
        ['createSession', { ...usual, merchant_data: 'm', status: 'incomplete' }],
        ['readSession', 'session-1'],
      ],
    ],
    [
      'what is asked counts more than what is answered',
      [told(`POST ${SESSION}`, 200, { merchant_data: 'a', intent: 'buy' }, { merchant_data: 'q' })],
      [
        ['createSession', { ...usual, intent: 'buy', merchant_data: 'q' }],
        ['updateSession', 'session-1', { merchant_data: 'q' }],
      ],
    ],
    [
      'a page',
      [told(`DELETE /hpp/v1/sessions/${ID}`, 204)],
      [
        ['createSession', usual],
        ['createHostedSession', { payment_session_url: '<sandbox>/payments/v1/sessions/session-1' }],
        ['disableHostedSession', 'page-1'],
      ],
    ],
    [
      'a capture of all that remains',
      [note('trigger-send-out')],
      [...order, ['readOrder', 'order-1'], captured(77), ['triggerSendOut', 'order-1', 'capture-1']],
    ],
    [
      'a capture of what it was',
      [note('trigger-send-out'), told(`GET ${OM}/captures/${SUB}`, 200, { captured_amount: 40 })],
      [
        ...order,
        ['readOrder', 'order-1'],
        captured(40),
        ['triggerSendOut', 'order-1', 'capture-1'],
        ['readCapture', 'order-1', 'capture-1'],
      ],
    ],
    [
      'a capture that is never found',
      [note('trigger-send-out'), told(`GET ${OM}/captures/${SUB}`, 404, { captured_amount: 40 })],
      [
        ...order,
        ['readOrder', 'order-1'],
        captured(77),
        ['triggerSendOut', 'order-1', 'capture-1'],
        ['readCapture', 'order-1', 'capture-1'],
      ],
    ],
    [
      'a refund of what it was',
      [told(`GET ${OM}/refunds/${SUB}`, 200, { refunded_amount: 30 })],
      [...order, captured(10_000), refunded(30), ['readRefund', 'order-1', 'refund-1']],
    ],
  ];
  for (const [title, story, expected] of cases) {
    const { calls, results } = await repeat(t, story);
    t.strictSame(calls, expected, title);
    t.ok(
      results.every((result) => result === '200, guessed'),
      `${title}: ${results}`,
    );
  }
});

t.test('authorizations are brought about for what is done with them', async (t) => {
  const place = (body: unknown, status = 200, answer: unknown = {}) => told(`POST ${KP}/order`, status, answer, body);
  const make = (body: unknown, status = 200, answer: unknown = {}) =>
    told(`POST ${KP}/customer-token`, status, answer, body);
  const other = refusal('BAD_VALUE', 'The order has been already completed with different request body');
  const cases: [string, RecordedCall, Call[]][] = [
    ['an order', place({ merchant_data: 'm' }), authorized({ ...usual, merchant_data: 'm' })],
    [
      'an order, without its person',
      place({ customer: {}, locale: 'en-SE' }),
      authorized({ ...usual, locale: 'en-SE' }),
    ],
    [
      'paid by',
      place({}, 200, { authorized_payment_method: { type: 'invoice' } }),
      authorized(usual, { payment_option: 'pay_later', funding_source: { type: 'none' } }),
    ],
    ['a token', make(token), authorized(tokenizing)],
    ['a token that is refused for the intent', make(token, 403, refusal('INVALID_OPERATION')), authorized(buying)],
    ['a release', told(`DELETE ${KP}`, 204), authorized(usual)],
    [
      'an order that was placed otherwise',
      place({ merchant_data: 'm', intent: 'buy', merchant_reference1: 'second' }, 409, other),
      [
        ...authorized({ ...usual, merchant_data: 'm', intent: 'buy', merchant_reference1: 'second' }),
        ['createOrder', 'authorization-1', { merchant_data: 'm', merchant_reference1: 'first' }],
      ],
    ],
  ];
  for (const [title, one, expected] of cases) {
    const { calls, results } = await repeat(t, [one]);
    const { body } = one.exchange.request;
    const repeated = [one.operation.name, 'authorization-1', ...(body === undefined ? [] : [body])];
    t.strictSame(calls, [...expected, repeated], title);
    t.strictSame(results, ['200, guessed'], title);
  }
  const shown = { ...usualPurchase('NO'), merchant_data: 'm', intent: 'tokenize' };
  const refuse = ([name, body]: Call) => name === 'createSession' && (body as any).merchant_data === 'm';
  const refused = async (one: RecordedCall) => (await repeat(t, [one], refuse)).calls.slice(0, 3);
  t.strictSame(
    await refused(place(shown)),
    [['createSession', shown], ...authorized(usualPurchase('NO'))],
    'a purchase that is refused is made as usual',
  );
  t.strictSame(
    await refused(make(shown)),
    [
      ['createSession', { ...shown, intent: 'buy_and_default_tokenize' }],
      ...authorized({ ...usualPurchase('NO'), intent: 'buy_and_default_tokenize' }),
    ],
    'for a token it still tokenizes',
  );
});

t.test('a session of the recording is authorized once, the oldest first', async (t) => {
  const session = (id: string) => told('POST /payments/v1/sessions', 200, { session_id: id }, { locale: id });
  const path = (id: string) => `/payments/v1/authorizations/token-of-${id}`;
  const address = { given_name: 'Ada' };
  const goods = { given_name: 'Bo' };
  const body = { billing_address: address, shipping_address: goods, merchant_data: 'm', session_id: 'session-b' };
  const story = [
    session('session-a'),
    session('session-b'),
    // An id in an answer is no session that is new.
    told('GET /payments/v1/sessions/session-b', 200, { session_id: 'session-b' }),
    told(`POST ${path('one')}/order`, 200, { order_id: ID, authorized_payment_method: { type: 'invoice' } }, body),
    told(`GET ${OM}`, 200, {}),
    told(`POST ${path('two')}/customer-token`, 403, refusal('INVALID_OPERATION'), token),
    told(`POST ${path('three')}/customer-token`, 200, { token_id: SUB }, token),
    told(`DELETE ${path('four')}`, 204),
    told(`GET /customer-token/v1/tokens/${SUB}`, 200, {}),
  ];
  const { calls, results } = await repeat(t, story);
  t.strictSame(calls, [
    ['createSession', { locale: 'session-a' }],
    ['createSession', { locale: 'session-b' }],
    ['readSession', 'session-2'],
    [
      'authorizeSession',
      'session-1',
      {
        payment_option: 'pay_later',
        funding_source: { type: 'none' },
        data: { billing_address: address, shipping_address: goods },
      },
    ],
    ['createOrder', 'authorization-1', { ...body, session_id: 'session-2' }],
    ['readOrder', 'order-1'],
    // Of an authorization whose token was refused the session is none of the recording's.
    ['createSession', buying],
    ['authorizeSession', 'session-3', {}],
    ['createCustomerToken', 'authorization-2', token],
    ['authorizeSession', 'session-2', { data: {} }],
    ['createCustomerToken', 'authorization-3', token],
    ['createSession', usual],
    ['authorizeSession', 'session-4', {}],
    ['cancelAuthorization', 'authorization-4'],
    ['readCustomerToken', 'token-2'],
  ]);
  const [own, guessed] = ['200', '200, guessed'];
  t.strictSame(results, [own, own, own, own, own, guessed, own, guessed, own]);
});

t.test('a session that the recording shows authorized is not authorized again', async (t) => {
  const story = [
    told('POST /payments/v1/sessions', 200, { session_id: 'session-a' }, {}),
    told('POST /payments/v1/sessions', 200, { session_id: 'session-b' }, {}),
    told('POST /sandbox/v1/sessions/session-a/authorize', 200, { authorization_token: 'authorization-a' }, {}),
    told('POST /payments/v1/authorizations/authorization-a/order', 200, {}, {}),
    told(`POST ${KP}/order`, 200, {}, {}),
  ];
  const { calls, results } = await repeat(t, story);
  t.strictSame(calls, [
    ['createSession', {}],
    ['createSession', {}],
    ['authorizeSession', 'session-1', {}],
    ['createOrder', 'authorization-1', {}],
    ['authorizeSession', 'session-2', { data: {} }],
    ['createOrder', 'authorization-2', {}],
  ]);
  t.strictSame(results, ['200', '200', '200', '200', '200']);
});

t.test(
  'a customer token is made for what is later charged and read, and ended as its first exchange shows',
  async (t) => {
    const read = (answer: object, status = 200) => told(`GET ${CT}`, status, answer);
    const charge = (status = 200, answer: object = {}) =>
      told(`POST ${CT}/order`, status, answer, { purchase_currency: 'NOK' });
    const card = { payment_option: 'pay_now', funding_source: { type: 'card' } };
    const byCard = { payment_method_type: 'PAY_BY_CARD' };
    const suspended: Call = ['suspendCustomerToken', 'token-1'];
    const cancelled: Call = ['cancelCustomerToken', 'token-1'];
    const cases: [string, RecordedCall[], Call[]][] = [
      ['as usual', [read({ status: 'ACTIVE' })], tokenized()],
      ['for a charge', [charge()], tokenized('NO')],
      ['for a charge that follows', [read({ ...byCard, status: 'ACTIVE' }), charge()], tokenized('NO', card)],
      ['paid as is read later', [charge(), read({ ...byCard, status: 'CANCELLED' })], tokenized('NO', card)],
      ['not as is never found', [charge(), read(byCard, 404)], tokenized('NO')],
      ['suspended', [read({ status: 'SUSPENDED' })], [...tokenized(), suspended]],
      ['cancelled', [read({ status: 'CANCELLED' })], [...tokenized(), cancelled]],
      ['suspended for a charge', [charge(403, refusal('TOKEN_SUSPENDED'))], [...tokenized('NO'), suspended]],
      ['cancelled for a charge', [charge(403, refusal('TOKEN_CANCELLED'))], [...tokenized('NO'), cancelled]],
      ['neither', [charge(403, refusal('NO_TOKEN_SUSPENDED'))], tokenized('NO')],
      ['neither', [charge(403, refusal('TOKEN_SUSPENDED_TOO'))], tokenized('NO')],
      [
        'by its own words',
        [told(`PATCH ${CT}/status`, 202, undefined, { status: 'CANCELLED', purchase_country: 'NO' })],
        tokenized('NO'),
      ],
    ];
    for (const [title, story, expected] of cases) {
      const { calls } = await repeat(t, story);
      const [one] = story as [RecordedCall];
      // A refusal that nothing explains is an outcome, or is not repeated at all.
      const { body } = one.exchange.request;
      const repeated = [one.operation.name, 'token-1', ...(body === undefined ? [] : [body])];
      t.strictSame(calls.slice(0, expected.length), expected, title);
      if (title !== 'neither') t.strictSame(calls[expected.length], repeated, title);
      else t.equal(calls.length, expected.length);
    }
  },
);

t.test('what the state does not lead to is an outcome that the sandbox is told to give', async (t) => {
  const place = (status: number, answer: unknown) => told(`POST ${KP}/order`, status, answer, {});
  const charge = (status: number, answer: unknown) => told(`POST ${CT}/order`, status, answer, {});
  const act = (action: string, status: number, answer: unknown) => told(`POST ${OM}/${action}`, status, answer, {});
  const cases: [string, RecordedCall, object | string | undefined][] = [
    ['too many requests', place(429, undefined), { fault: { status: 429 } }],
    ['too many requests, with a code', act('cancel', 429, refusal('CONFLICT')), { fault: { status: 429 } }],
    ['pending', place(200, { fraud_status: 'PENDING' }), { fraud: { status: 'PENDING' } }],
    ['rejected', charge(200, { fraud_status: 'REJECTED' }), { fraud: { status: 'REJECTED' } }],
    ['accepted', place(200, { fraud_status: 'ACCEPTED' }), undefined],
    ['an order that is read', told(`GET ${OM}`, 200, { fraud_status: 'PENDING' }), undefined],
    ['refused with a status', place(400, { ...refusal('BAD_VALUE'), fraud_status: 'PENDING' }), undefined],
    // Klarna's own reasons, with or without a guessed past.
    ['rejected for good', place(403, refusal('REJECTED', 'Rejected')), { error: 'REJECTED' }],
    [
      'inactive',
      told('POST /payments/v1/sessions', 403, refusal('MERCHANT_INACTIVE'), {}),
      { error: 'MERCHANT_INACTIVE' },
    ],
    ['denied', act('cancel', 403, refusal('PERMISSION_DENIED')), { error: 'PERMISSION_DENIED' }],
    ['failed', charge(403, refusal('PAYMENT_METHOD_FAILED')), { error: 'PAYMENT_METHOD_FAILED' }],
    ['forbidden', charge(403, refusal('TOKEN_FORBIDDEN')), { error: 'TOKEN_FORBIDDEN' }],
    ['at the same time', act('cancel', 409, refusal('CONFLICT')), { error: 'CONFLICT' }],
    // What no recipe knows the way to, where the past is guessed.
    [
      'no such currency',
      charge(403, refusal('PAYMENT_METHOD_CURRENCY_MISMATCH')),
      { error: 'PAYMENT_METHOD_CURRENCY_MISMATCH' },
    ],
    [
      'nobody knows why',
      act('cancel', 403, refusal('NEVER_HEARD_OF')),
      'what led to the refusal is not in the recording',
    ],
    ['without a code', act('cancel', 403, undefined), 'what led to the refusal is not in the recording'],
    [
      'with other fields',
      place(409, refusal('BAD_VALUE', 'Not matching fields: [locale]')),
      'what led to the refusal is not in the recording',
    ],
    ['of the same words', place(409, refusal('BAD_VALUE', 'Fields: Not matching')), { error: 'NOT_MATCHING' }],
    ['no state, a new session', told('POST /payments/v1/sessions', 403, refusal('NEVER_HEARD_OF'), {}), undefined],
    // What is refused for what it says, or found in a state that a recipe leads to.
    ['a bad request', charge(400, refusal('NEVER_HEARD_OF')), undefined],
    ['unprocessable', act('cancel', 422, refusal('NEVER_HEARD_OF')), undefined],
    ['a thing that is not there', told(`GET ${OM}/captures/${SUB}`, 404, refusal('NEVER_HEARD_OF')), undefined],
    ['placed otherwise', place(409, refusal('BAD_VALUE', 'Completed with different request body')), undefined],
    ...[
      'TOKEN_SUSPENDED',
      'TOKEN_CANCELLED',
      'CAPTURE_NOT_ALLOWED',
      'CANCEL_NOT_ALLOWED',
      'REFUND_NOT_ALLOWED',
      'NOT_ALLOWED',
      'INVALID_OPERATION',
    ].map((code): [string, RecordedCall, undefined] => [code, act('cancel', 403, refusal(code)), undefined]),
    ...['TOKEN_NOT_ALLOWED', 'NOT_ALLOWED_HERE', 'CAPTURE_SUSPENDED'].map((code): [string, RecordedCall, string] => [
      code,
      act('cancel', 403, refusal(code)),
      'what led to the refusal is not in the recording',
    ]),
  ];
  for (const [title, one, expected] of cases) {
    const { calls, results } = await repeat(t, [one]);
    const { name } = one.operation;
    const last = calls.slice(-3).map(([operation]) => operation);
    if (typeof expected === 'string') {
      t.strictSame(results, [expected], title);
      t.notOk(last.includes(name), `${title}: it is not repeated`);
    } else if (expected === undefined) {
      t.equal(last.at(-1), name, `${title}: it is repeated last`);
      t.notOk(
        calls.some(([operation]) => operation === 'chooseScenario'),
        `${title}: by itself`,
      );
    } else {
      t.strictSame(calls.at(-3), chosen(name, expected), title);
      t.strictSame(last, ['chooseScenario', name, 'endScenario'], title);
    }
  }
  const refused = await repeat(t, [place(429, undefined)], ([name]) => name === 'createOrder');
  t.equal(refused.calls.at(-1)?.[0], 'endScenario');
  t.strictSame(refused.results, ['400']);
});

t.test('what Klarna did not know is not brought about', async (t) => {
  const capture = `${OM}/captures/${SUB}`;
  const cancel = (id: string) => told(`POST /ordermanagement/v1/orders/${id}/cancel`, 403, refusal('NOT_ALLOWED'));
  const notThere = refusal('NOT_FOUND', 'gone');
  const cases: [string, RecordedCall, brought: boolean][] = [
    ['a wrong password', told(`GET ${OM}`, 401), false],
    ['too many requests', told(`GET ${OM}`, 429), false],
    ['an order that was not there', told(`GET ${OM}`, 404, notThere), false],
    ['a capture that was not there', told(`GET ${capture}`, 404, notThere), true],
    ['a capture of an order that was not there', told(`GET ${capture}`, 404, refusal('NO_SUCH_ORDER')), false],
    ['a text that is too short for an id', cancel('boots12'), false],
    ['a text with signs', cancel('boots%20and%20more'), false],
    ['a text that begins as an id', cancel('boots-and-more.'), false],
    ['a text that may be an id', cancel('boots_12'), true],
    ['any text that was found', told('GET /ordermanagement/v1/orders/boots%20', 200), true],
  ];
  for (const [title, one, brought] of cases) {
    const { calls, results } = await repeat(t, [one]);
    const names = calls.map(([name]) => name);
    t.strictSame([names.includes('createOrder'), names.includes('captureOrder')], [brought, false], title);
    const { order_id = '', ...others } = one.params;
    const repeated = [one.operation.name, brought ? 'order-1' : order_id, ...Object.values(others)];
    t.strictSame(
      calls.find(([name]) => name === one.operation.name),
      repeated,
      title,
    );
    t.strictSame(results, [brought ? '200, guessed' : '200'], title);
  }
  const nothing = told(`POST /sandbox/v1/sessions/${ID}/authorize`, 200);
  const { calls, results } = await repeat(t, [nothing]);
  t.strictSame(calls, []);
  t.strictSame(results, ['nothing here brings its session_id about']);
});

t.test('what a request says is said again: its ids, its query, its headers, a wrong password', async (t) => {
  const headers = {
    'Content-Type': 'text/plain',
    'KLARNA-idempotency-key': 'k',
    Accept: 'a/b',
    'X-Other': 'x',
    authorization: 'Basic AAAA',
  };
  const story = [
    told('POST /payments/v1/sessions', 401, undefined, {}),
    told('POST /payments/v1/sessions', 200, { session_id: 'theirs-1' }, { merchant_data: ID }, headers),
    told('GET /payments/v1/sessions/theirs-1?a=b&c=d', 200),
    told('POST /payments/v1/sessions/theirs-1', 400, refusal('BAD_VALUE'), '{"cut'),
    told(`POST ${OM}/captures`, 201, undefined, { captured_amount: 5 }, {}, { 'Capture-ID': SUB }),
    told(`GET ${OM}/captures/${SUB}`, 200),
    told(`POST ${OM}/refunds`, 201, undefined, { description: `of ${SUB}, ${ID}` }, {}, { 'refund-id': 'refund' }),
    told(`GET ${OM}/refunds/refund`, 200),
  ];
  const { calls, heads, results } = await repeat(t, story);
  t.strictSame(calls, [
    ['createSession', {}],
    ['createSession', { merchant_data: ID }],
    ['readSession', 'session-2', { a: 'b', c: 'd' }],
    ['updateSession', 'session-2', '{"cut'],
    ...placed(usualPurchase('SE', 5)).map(([name, ...parts]) => [
      name,
      ...parts.map((part) => (part === 'session-1' ? 'session-3' : part)),
    ]),
    captured(5),
    ['readCapture', 'order-1', 'capture-1'],
    ['refundOrder', 'order-1', { description: 'of capture-1, order-1' }],
    ['readRefund', 'order-1', 'refund-1'],
  ]);
  t.strictSame(results, ['200', '200', '200', '200', '201, guessed', '200, guessed', '201, guessed', '200, guessed']);
  const kept = heads.map((head) => [
    head.authorization === basic('verify', 'verify'),
    head['content-type'],
    head['klarna-idempotency-key'],
    head.accept,
    head['x-other'],
  ]);
  const usually = [true, 'application/json', undefined, undefined, undefined];
  t.strictSame(kept.slice(0, 3), [
    [false, ...usually.slice(1)],
    [true, 'text/plain', 'k', 'a/b', undefined],
    [true, undefined, undefined, undefined, undefined],
  ]);
  t.equal(heads[0]?.authorization, basic('verify', 'invalid'));
});

t.test('what the links of a body lead to is brought about, and known by its id of here', async (t) => {
  const link = (id: string) => `https://api.klarna.com/payments/v1/sessions/${id}`;
  const page = (body: unknown) => told('POST /hpp/v1/sessions', 201, { session_id: SUB }, body);
  const repeated = async (body: unknown) => {
    const { calls, results } = await repeat(t, [page(body)]);
    return [calls.map(([name, ...parts]) => (name === 'createSession' ? name : parts)), results[0]];
  };
  const made = ['createSession'];
  for (const [body, expected] of [
    [{ payment_session_url: link(ID) }, [...made, [{ payment_session_url: link('session-1') }]]],
    [
      { urls: [null, 1, { back: link(ID).replace('https', 'HTTP') }] },
      [...made, [{ urls: [null, 1, { back: link('session-1').replace('https', 'HTTP') }] }]],
    ],
    [
      { payment_session_url: link(ID), twice: link(ID) },
      [...made, [{ payment_session_url: link('session-1'), twice: link('session-1') }]],
    ],
  ] as const) {
    t.strictSame(await repeated(body), [expected, '200, guessed'], JSON.stringify(body));
  }
  for (const other of [
    `ftp://api.klarna.com/payments/v1/sessions/${ID}`,
    `see ${link(ID)}`,
    `/payments/v1/sessions/${ID}`,
    'https://',
    'https://shop.example/thanks',
  ]) {
    t.strictSame(await repeated({ a: other }), [[[{ a: other }]], '200'], other);
  }
  const order = `https://api.klarna.com${OM}`;
  const known = await repeat(t, [
    told('POST /payments/v1/authorizations/a-token/order', 200, { order_id: ID }, {}),
    told('POST /payments/v1/sessions', 200, {}, { a: order }),
    told('POST /payments/v1/sessions', 200, {}, { b: order.replace(ID, SUB) }),
    told('POST /payments/v1/sessions', 200, {}, { c: order.replace(ID, SUB) }),
  ]);
  t.strictSame(
    known.calls.filter(([name, body]) => name === 'createOrder' || /[abc]":/.test(`${Object.keys(body as object)}":`)),
    [
      ['createOrder', 'authorization-1', {}],
      ['createSession', { a: order.replace(ID, 'order-1') }],
      ['createOrder', 'authorization-2', usual],
      ['createSession', { b: order.replace(ID, 'order-2') }],
      ['createSession', { c: order.replace(ID, 'order-2') }],
    ],
  );
  t.strictSame(known.results, ['200, guessed', '200', '200, guessed', '200, guessed']);
});

t.test('why something cannot be compared is told; any other error is thrown on', (t) => {
  t.equal(reasonIn(new NotComparable('so')), 'so');
  t.equal(reasonIn(new ControlError('no')), 'no');
  const other = new TypeError('oh');
  t.throws(() => reasonIn(other), other);
  t.end();
});

t.test('an answer is read: its code, its words, its amounts', (t) => {
  const answer = (body: unknown, status = 403) => told(`POST ${OM}/cancel`, status, body);
  t.strictSame(
    [null, 'a', [1], { error_code: 5 }, { error_code: 'A' }].map((body) => codeOf(answer(body))),
    [undefined, undefined, undefined, undefined, 'A'],
  );
  t.strictSame(
    ['a', 'a b', ''].map((words) => refusalOf(answer({ error_messages: words })).messages),
    ['', '', ''],
  );
  t.strictSame(refusalOf(answer(refusal('A', 'b', 5, 'c'))), { status: 403, code: 'A', messages: 'b 5 c' });
  t.strictSame(
    [199, 200, 299, 300].map((status) => succeeded(answer({}, status))),
    [false, true, true, false],
  );
  t.strictSame([1, 0, -1, '1', null, undefined].map(amountOf), [1, 0, 0, 0, 0, 0]);
  t.end();
});

t.test('what a recording leaves out of an answer or a request is told, where something is missing', (t) => {
  const spoilt = (side: 'request' | 'response'): RecordedCall => {
    const one = told(`GET ${SESSION}`, 200, {});
    return { ...one, exchange: { ...one.exchange, [side]: { ...one.exchange[side], unreadable: 'it is odd' } } };
  };
  const json = { 'CONTENT-type': 'application/JSON' };
  const answer = (status: number, body: unknown, headers = {}) =>
    whyNoAnswer(told(`GET ${SESSION}`, status, body, undefined, {}, headers));
  const cut = 'the body of the answer is no JSON, or cut off';
  t.strictSame(
    [
      whyNoAnswer(spoilt('response')),
      whyNoAnswer(spoilt('request')),
      answer(200, 'cut', json),
      answer(404, 'cut', json),
      answer(200, 'page', { 'content-type': 'text/html' }),
      answer(200, 'page'),
      answer(200, {}, json),
      answer(200, undefined, json),
      answer(404, undefined),
      answer(418, undefined),
      whyNoAnswer(told(`POST ${SESSION}`, 204)),
    ],
    [
      'of the answer, it is odd',
      undefined,
      cut,
      cut,
      undefined,
      undefined,
      undefined,
      'the body of the answer is not there, and 200 has one',
      'the body of the answer is not there, and 404 has one',
      undefined,
      undefined,
    ],
  );
  const asked = (call: string, status: number, body: unknown) => whyNoRequest(told(call, status, {}, body));
  const create = 'POST /payments/v1/sessions';
  t.strictSame(
    [
      whyNoRequest(spoilt('request')),
      whyNoRequest(spoilt('response')),
      asked(create, 299, 'cut'),
      asked(create, 300, 'cut'),
      asked(`POST ${OM}/cancel`, 204, 'cut'),
      asked(create, 200, undefined),
      asked(create, 400, undefined),
      asked(create, 200, {}),
      asked(`POST ${SESSION}`, 204, undefined),
    ],
    [
      'of the request, it is odd',
      undefined,
      'the body of the request is no JSON, or cut off, and Klarna took it',
      undefined,
      undefined,
      'the body of the request is not there, and Klarna takes none without',
      undefined,
      undefined,
      undefined,
    ],
  );
  t.end();
});
