import fc from 'fast-check';
import { type ErrorEntry, errors } from '../../../src/klarna/catalogue/errors.js';
import type { Accepted, Callback, Decision } from '../../../src/klarna/decision.js';
import {
  createHostedSession,
  disableHostedSession,
  distributeHostedSession,
  paymentSessionOf,
  readHostedSession,
} from '../../../src/klarna/hosted-page/sessions.js';
import {
  completeHostedSession,
  type Departure,
  enterHostedSession,
  type HostedAnswer,
  leaveHostedSession,
  openHostedSession,
  orderOfPage,
} from '../../../src/klarna/hosted-page/visits.js';
import { fillHostedPlaceholders } from '../../../src/klarna/links.js';
import { orderStateAt } from '../../../src/klarna/orders/life-cycle.js';
import { authorizeSession, type ShopperRequest } from '../../../src/klarna/payments/purchase-flow.js';
import { isMet, recordsOf } from '../../../src/klarna/preconditions.js';
import type {
  DistributionRequest,
  HostedSession,
  HostedSessionAnswer,
  HostedSessionRequest,
  SessionData,
} from '../../../src/klarna/records.js';
import type { Scripted } from '../../../src/klarna/scripted.js';
import { DAY, HOUR, MINUTE, toIso } from '../../../src/klarna/time.js';
import { holds } from '../../property.js';
import t from '../../tap.js';
import {
  accepted,
  BASE,
  badValue,
  bodyOf,
  charge,
  type Expected,
  MERCHANT,
  orderOf,
  purchase,
  refuses,
  START,
  World,
} from '../world.js';

const END = START + 2 * DAY - HOUR;
const SHOP = 'https://shop.test';
const urls = {
  success: `${SHOP}/thanks?page={{session_id}}&token={{authorization_token}}&order={{order_id}}`,
  failure: `${SHOP}/failure?page={{session_id}}&token={{authorization_token}}`,
  cancel: `${SHOP}/cancel?page={{session_id}}`,
  back: `${SHOP}/back`,
  error: `${SHOP}/error`,
};
const status_update = `${SHOP}/status?page={{session_id}}`;

type Completion = { shopper?: ShopperRequest; scripted?: Scripted };

/** Klarna in memory, its hosted page included. */
class HostedWorld extends World {
  #events = 0;
  readonly #eventId = () => `event-${++this.#events}`;

  create(body: Partial<HostedSessionRequest> = {}, payment = 'session-1', merchant = MERCHANT): Decision {
    const request = { payment_session_url: `https://klarna.test/payments/v1/sessions/${payment}`, ...body };
    const session = this.find('session', paymentSessionOf(request.payment_session_url));
    const ids = { id: this.nextId('hosted_session'), moduleToken: 'module', eventId: this.#eventId() };
    return this.#keep(
      'createHostedSession',
      createHostedSession({ merchant, body: request, session, now: this.now, base: BASE, browserBase: BASE, ...ids }),
    );
  }

  read(id = 'hosted_session-1', merchant = MERCHANT): Decision {
    return this.#keep('readHostedSession', readHostedSession(this.#on(id, merchant)));
  }

  disable(id = 'hosted_session-1', merchant = MERCHANT): Decision {
    return this.#keep('disableHostedSession', disableHostedSession(this.#on(id, merchant)));
  }

  distribute(body: DistributionRequest, id = 'hosted_session-1', merchant = MERCHANT): Decision {
    const request = { ...this.#on(id, merchant), body, base: BASE, browserBase: BASE };
    return this.#keep('distributeHostedSession', distributeHostedSession(request));
  }

  enter(id = 'hosted_session-1'): Decision<HostedAnswer> {
    return this.#keep('', enterHostedSession(this.#on(id)));
  }

  leave(by: Departure, id = 'hosted_session-1'): Decision<HostedAnswer> {
    return this.#keep('', leaveHostedSession({ ...this.#on(id), by }));
  }

  complete({ shopper = {}, scripted }: Completion = {}, id = 'hosted_session-1'): Decision<HostedAnswer> {
    const on = this.#on(id);
    const hosted = openHostedSession(on);
    if ('refusal' in hosted) return hosted;
    const { session, merchant, now } = on;
    const authorizationId = this.nextId('authorization');
    const gone = authorizeSession({ session, id: hosted.session, merchant, now, body: shopper, authorizationId });
    const body = orderOfPage(hosted, gone);
    const orderId = this.nextId('order');
    const token = this.find('customer_token', session?.recovers?.token);
    const captureId = `capture of ${orderId}`;
    const placing = body && { body, token, scripted, orderId, captureId, reference: `REF of ${orderId}`, base: BASE };
    return this.#keep('', completeHostedSession({ ...on, hosted, purchase: gone, placing }));
  }

  /** A payment session and a hosted session on it. */
  open(body: Partial<HostedSessionRequest> = {}, data: SessionData = {}): this {
    this.session(purchase(data));
    accepted(this.create(body));
    return this;
  }

  #on(id: string, merchant = MERCHANT) {
    const hosted = this.find('hosted_session', id);
    const session = this.find('session', hosted?.session);
    const order = this.find('order', session?.order);
    return { hosted, session, order, id, merchant, now: this.now, eventId: this.#eventId };
  }

  #keep<D extends Decision<never> | Decision>(operation: string, decision: D): D {
    if ('refusal' in decision && operation) {
      const { operations }: ErrorEntry = errors[decision.refusal.error];
      if (operations && !operations.includes(operation)) throw new Error(`${operation}: ${decision.refusal.error}`);
    }
    for (const change of decision.changes) if ('put' in change) this.put(change.put);
    return decision;
  }
}

const open = (body?: Partial<HostedSessionRequest>, data?: SessionData) => new HostedWorld().open(body, data);

const standing = (decision: Decision) => bodyOf(decision) as unknown as HostedSessionAnswer;

/** The statuses that callbacks told, in their order. */
const told = ({ effects }: Pick<Accepted<unknown>, 'effects'>) =>
  effects
    .filter(({ on }) => on === 'status_update')
    .map(({ body }) => (body as { session: HostedSessionAnswer }).session.status);

const notFound = (text: string, rule = 'hosted-known'): Expected => [
  404,
  'NOT_FOUND',
  ['HPP session has expired or could not be found by provided id.'],
  rule,
  text,
];
const lifetime = (now: number) =>
  `hosted session hosted_session-1 ended ${toIso(END)}, an hour before its payment session; it is now ${toIso(now)}`;
const unknownHosted = (id: string, merchant = MERCHANT) =>
  `session_id: given ${id}, expected a hosted session of ${merchant}, whose id is not that of the payment session`;

/** Why nothing more happens to a hosted session that came to its end. */
const final = (status: string) => `hosted session hosted_session-1 is ${status} for good; create another one`;

t.test(
  'a new hosted session gives its addresses on the host that was called, and waits until an hour before the end',
  async (t) => {
    const world = new HostedWorld();
    world.session();
    world.now += MINUTE;
    const decision = world.create();
    t.equal(accepted(decision).answer.status, 201);
    t.strictSame(decision.changes, [
      {
        put: {
          kind: 'hosted_session',
          id: 'hosted_session-1',
          merchant: MERCHANT,
          created_at: START + MINUTE,
          session: 'session-1',
          expires_at: END,
          status: 'WAITING',
          updated_at: START + MINUTE,
          merchant_urls: {},
          options: {},
        },
      },
    ]);
    const api = `${BASE}/hpp/v1/sessions/hosted_session-1`;
    t.strictSame(bodyOf(decision), {
      session_id: 'hosted_session-1',
      session_url: api,
      redirect_url: `${BASE}/hpp/payments/hosted_session-1`,
      qr_code_url: `${BASE}/hpp/payments/hosted_session-1/qr`,
      distribution_url: `${api}/distribution`,
      manual_identification_check_url: `${api}/manual-id-check`,
      expires_at: '2026-03-04T08:00:00.000Z',
      distribution_module: {
        token: 'module',
        standalone_url: `${BASE}/hpp/distributions/hosted_session-1`,
        generation_url: `${api}/distribution-module/token`,
      },
    });
    t.strictSame(accepted(decision).effects, [], 'nobody asked to hear of it');
    t.strictSame(bodyOf(world.read()), {
      session_id: 'hosted_session-1',
      status: 'WAITING',
      updated_at: '2026-03-02T09:01:00.000Z',
      expires_at: '2026-03-04T08:00:00.000Z',
    });
    accepted(world.create());
    t.equal(standing(world.read('hosted_session-2')).status, 'WAITING', 'a payment session may have several');
  },
);

t.test('an order of one page completes every page of its payment session, and no other', async (t) => {
  const options = { place_order_mode: 'PLACE_ORDER' } as const;
  const world = open({ options });
  accepted(world.create({ options, merchant_urls: urls }));
  const { id } = world.session();
  accepted(world.create({ options }, id));
  world.leave('fail', 'hosted_session-2');
  world.now += MINUTE;
  accepted(world.complete({}, 'hosted_session-1'));
  world.now += MINUTE;
  const ends = { updated_at: toIso(START + MINUTE), expires_at: toIso(END) };
  const order = { status: 'COMPLETED', order_id: 'order-1', klarna_reference: 'REF of order-1', ...ends };
  t.strictSame(bodyOf(world.read('hosted_session-1')), { session_id: 'hosted_session-1', ...order });
  t.strictSame(bodyOf(world.read('hosted_session-2')), { session_id: 'hosted_session-2', ...order });
  t.equal(standing(world.read('hosted_session-3')).status, 'WAITING');
  t.match(world.complete({}, 'hosted_session-2'), { because: { rule: 'hosted-final' } });
  t.match(bodyOf(world.complete({}, 'hosted_session-3')), { order_id: 'order-2' });
});

t.test('the payment session is found by its path, whatever the host', async (t) => {
  for (const url of [
    'https://api.playground.klarna.com/payments/v1/sessions/abc',
    'http://127.0.0.1:5527//payments/v1/sessions/abc/',
    'HTTPS://API.KLARNA.COM/Payments/V1/Sessions/abc',
  ]) {
    t.equal(paymentSessionOf(url), 'abc', url);
  }
  for (const url of [
    'abc',
    '/payments/v1/sessions/abc',
    'https://api.klarna.com/payments/v1/sessions/',
    'https://api.klarna.com/payments/v1/sessions/abc/redirect',
    'https://api.klarna.com/checkout/v3/orders/abc',
    'ftp://api.klarna.com/payments/v1/sessions/abc',
    'https://api.klarna.com/payments/v1/sessions/a b',
    'https://api.klarna.com/payments/v1/sessions/abc?page=1',
    'https://api.klarna.com/payments/v1/sessions/abc#page',
    'https://api.klarna.com/eu/payments/v1/sessions/abc',
    'at https://api.klarna.com/payments/v1/sessions/abc',
  ]) {
    t.equal(paymentSessionOf(url), undefined, url);
  }
  holds(
    t,
    fc.property(fc.webUrl(), fc.uuid(), (host, id) => {
      const origin = new URL(host).origin;
      return paymentSessionOf(`${origin}/payments/v1/sessions/${id}`) === id;
    }),
  );
});

t.test('what no hosted session is made for', async (t) => {
  const world = new HostedWorld();
  world.session();
  const url = 'https://klarna.test/checkout/v3/orders/session-1';
  refuses(
    t,
    world.create({ payment_session_url: url }),
    badValue(
      'payment_session_url',
      'hosted-payment-session',
      `payment_session_url: given ${url}, expected a URL that ends in /payments/v1/sessions/ and the id of a session`,
    ),
  );
  const options = { payment_method_category: 'PAY_LATER', payment_method_categories: ['PAY_NOW'] } as const;
  refuses(
    t,
    world.create({ options: { ...options, payment_method_categories: ['PAY_NOW'] } }),
    badValue(
      'options.payment_method_categories',
      'hosted-categories',
      'options.payment_method_categories: given beside payment_method_category PAY_LATER, expected one of the two fields',
    ),
  );
  accepted(world.create({ options: { payment_method_category: 'PAY_LATER' } }));
  accepted(world.create({ options: { payment_method_categories: ['PAY_NOW', 'PAY_LATER'] } }));

  const expired = (rule: string, text: string): Expected => [
    404,
    'NOT_FOUND',
    ['Payment session has expired.'],
    rule,
    text,
  ];
  refuses(t, world.create({}, 'x'), expired('session-known', 'session_id: given x, which boots never created'));
  refuses(
    t,
    world.create({}, 'session-1', 'shoes'),
    expired('session-known', 'session_id: given session-1, which shoes never created'),
  );
  world.now = END - 1;
  accepted(world.create());
  world.now = END;
  refuses(
    t,
    world.create(),
    expired(
      'hosted-lifetime',
      `payment_session_url: a page for session session-1 would have ended ${toIso(END)}, an hour before it; it is now ${toIso(END)}`,
    ),
  );
  world.now = START + 2 * DAY;
  refuses(
    t,
    world.create(),
    expired(
      'session-lifetime',
      `session_id: given session-1, which ended ${toIso(world.now)}; it is now ${toIso(world.now)}`,
    ),
  );
  const complete = new HostedWorld();
  const { id } = complete.authorization();
  complete.createOrder(id);
  refuses(t, complete.create(), expired('session-completed', 'session session-1 was completed by order order-1'));
});

t.test(
  'approved with place_order_mode NONE, the read gives the token that order and customer token are made from',
  async (t) => {
    const world = open({ merchant_urls: urls }, { intent: 'buy_and_default_tokenize' });
    world.now += MINUTE;
    const shopper: ShopperRequest = { payment_option: 'pay_in_4', funding_source: { type: 'card' } };
    t.strictSame(bodyOf(world.complete({ shopper })), {
      session_id: 'hosted_session-1',
      status: 'COMPLETED',
      redirect_url: `${SHOP}/thanks?page=hosted_session-1&token=authorization-1&order={{order_id}}`,
      approved: true,
      show_form: true,
      authorization_token: 'authorization-1',
    });
    const read = {
      session_id: 'hosted_session-1',
      status: 'COMPLETED',
      authorization_token: 'authorization-1',
      updated_at: '2026-03-02T09:01:00.000Z',
      expires_at: '2026-03-04T08:00:00.000Z',
    };
    t.strictSame(bodyOf(world.read()), read);
    t.equal(bodyOf(world.createCustomerToken('authorization-1')).token_id, 'customer_token-1');
    const order = world.orderOf(world.createOrder('authorization-1'));
    t.match(order.method, { type: 'slice_it_by_card', number_of_installments: 4 });
    t.equal(world.orderOf(world.charge('customer_token-1', charge())).method.type, 'pay_by_card');
    t.strictSame(bodyOf(world.read()), read, 'the order that the shop placed changes nothing');
    world.now = START + 3 * DAY;
    t.strictSame(bodyOf(world.read()), read, 'nor does time');
  },
);

t.test('the page places the order that the shopper agreed to, and captures it when asked to', async (t) => {
  const data: SessionData = {
    intent: 'buy_and_default_tokenize',
    merchant_reference1: 'R-1',
    merchant_reference2: 'R-2',
    merchant_data: 'data',
    custom_payment_method_ids: ['voucher'],
    acquiring_channel: 'IN_STORE',
    options: { color_text: '#000000' },
    merchant_urls: { push: `${SHOP}/push?{order.id}`, authorization: `${SHOP}/authorization` },
  };
  const email = 'elsa@shop.test';
  const shopper: ShopperRequest = { data: { billing_address: { email }, shipping_address: { city: 'Umea' } } };
  for (const [place_order_mode, status] of [
    ['PLACE_ORDER', 'AUTHORIZED'],
    ['CAPTURE_ORDER', 'CAPTURED'],
  ] as const) {
    const world = open({ merchant_urls: urls, options: { place_order_mode } }, data);
    const decision = accepted(world.complete({ shopper }));
    t.strictSame(bodyOf(decision), {
      session_id: 'hosted_session-1',
      status: 'COMPLETED',
      redirect_url: `${SHOP}/thanks?page=hosted_session-1&token=authorization-1&order=order-1`,
      approved: true,
      show_form: true,
      authorization_token: 'authorization-1',
      order_id: 'order-1',
      klarna_reference: 'REF of order-1',
      fraud_status: 'ACCEPTED',
    });
    t.strictSame(
      decision.effects.map(({ on, url }) => [on, url]),
      [
        ['authorization', `${SHOP}/authorization`],
        ['push', `${SHOP}/push?order-1`],
      ],
      'the merchant hears what it would hear without a page',
    );
    t.strictSame(bodyOf(world.read()), {
      session_id: 'hosted_session-1',
      status: 'COMPLETED',
      order_id: 'order-1',
      klarna_reference: 'REF of order-1',
      updated_at: toIso(START),
      expires_at: toIso(END),
    });
    const order = world.get('order', 'order-1');
    t.equal(orderStateAt(order, START).status, status);
    t.match(order, { session: 'session-1', fraud_status: 'ACCEPTED' });
    const { locale, ...ordered } = purchase();
    t.strictSame(order.data, {
      ...ordered,
      locale,
      ...world.get('authorization', 'authorization-1').shopper,
      billing_address: { email },
      shipping_address: { city: 'Umea' },
      merchant_reference1: 'R-1',
      merchant_reference2: 'R-2',
      merchant_data: 'data',
      custom_payment_method_ids: ['voucher'],
      merchant_urls: data.merchant_urls,
      auto_capture: status === 'CAPTURED',
    });
    t.equal(world.get('session', 'session-1').order, 'order-1');
    t.equal(
      bodyOf(world.createCustomerToken('authorization-1')).token_id,
      'customer_token-1',
      'the mixed intent holds',
    );
  }
});

t.test('a page recovers a refused charge', async (t) => {
  const world = new HostedWorld();
  const { id } = world.token();
  world.changeCustomerToken(id, { declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 1 } });
  world.charge(id, charge({ step_up: 'SUPPORTED' }));
  const data = { intent: 'buy_and_tokenize', step_up_id: 'step-up-1', customer: { customer_token: id } } as const;
  const { id: session } = world.session(purchase(data));
  accepted(world.create({ options: { place_order_mode: 'PLACE_ORDER' } }, session));
  const shopper: ShopperRequest = { payment_option: 'pay_now', funding_source: { type: 'direct_debit' } };
  t.match(bodyOf(world.complete({ shopper })), { status: 'COMPLETED', order_id: /^order-/ });
  t.matchLists(world.get('customer_token', id), { method: { type: 'direct_debit' }, step_ups: [] });
});

t.test('a shopper who is not approved fails, or stays on the page', async (t) => {
  const shopperSaid = (result: string, why: string) => ({
    rule: 'shopper-decision',
    text: `the shopper chose ${result}: ${why}`,
  });
  for (const [shopper, body, because] of [
    [
      { result: 'denied' },
      {
        status: 'FAILED',
        approved: false,
        show_form: false,
        redirect_url: `${SHOP}/failure?page=hosted_session-1&token={{authorization_token}}`,
      },
      shopperSaid('denied', 'Klarna does not offer the purchase'),
    ],
    [
      { result: 'abandoned' },
      { status: 'IN_PROGRESS', approved: false, show_form: true },
      shopperSaid('abandoned', 'they closed the purchase flow'),
    ],
    [
      { result: 'fix_required', invalid_fields: ['billing_address.phone'] },
      { status: 'IN_PROGRESS', approved: false, show_form: true, error: { invalid_fields: ['billing_address.phone'] } },
      shopperSaid('fix_required', 'to correct: billing_address.phone'),
    ],
    [
      { data: { billing_address: { email: 'customer+denied@email.se' } } },
      {
        status: 'FAILED',
        approved: false,
        show_form: false,
        redirect_url: `${SHOP}/failure?page=hosted_session-1&token={{authorization_token}}`,
      },
      { rule: 'test-trigger', text: 'billing_address.email has the test suffix +denied' },
    ],
  ] as const) {
    const world = open({ merchant_urls: urls, options: { place_order_mode: 'PLACE_ORDER' } });
    const decision = accepted(world.complete({ shopper: shopper as ShopperRequest }));
    t.strictSame(bodyOf(decision), { session_id: 'hosted_session-1', ...body });
    t.strictSame(decision.because, because);
    t.equal(standing(world.read()).status, body.status);
    t.strictSame(world.all('order'), []);
    t.match(
      bodyOf(world.complete({ shopper: { data: { billing_address: {} } } })),
      { status: 'COMPLETED' },
      'they may try again',
    );
  }
  const world = open();
  refuses(
    t,
    world.complete({ shopper: { result: 'finalize_required' } }),
    badValue(
      'result',
      'finalize-waits',
      'result: given finalize_required, for which no page waits; expected approved, denied, abandoned or fix_required',
    ),
  );
  refuses(
    t,
    world.complete({ shopper: { payment_option: 'pay_in_3', funding_source: { type: 'none' } } }),
    badValue(
      'funding_source',
      'option-and-source',
      'funding_source: given none for pay_in_3, expected card or direct_debit',
    ),
  );
  t.equal(standing(world.read()).status, 'WAITING', 'what is refused changes nothing');
});

t.test('an order that the page cannot place is an error, one that Klarna rejects a failure', async (t) => {
  const because = { rule: 'scenario-outcome', text: 'told so' } as const;
  const options = { place_order_mode: 'PLACE_ORDER' } as const;
  for (const [error, merchant_urls, status, redirect_url] of [
    ['INTERNAL_SERVER_ERROR', urls, 'ERROR', `${SHOP}/error`],
    [
      'NOT_MATCHING',
      { failure: urls.failure, error: '' },
      'ERROR',
      `${SHOP}/failure?page=hosted_session-1&token={{authorization_token}}`,
    ],
    ['REJECTED', urls, 'FAILED', `${SHOP}/failure?page=hosted_session-1&token={{authorization_token}}`],
    ['REJECTED', {}, 'FAILED', undefined],
  ] as const) {
    const world = open({ merchant_urls, options });
    const decision = accepted(world.complete({ scripted: { error, because } }));
    t.match(bodyOf(decision), { status, approved: true, authorization_token: 'authorization-1' });
    t.equal(bodyOf(decision).redirect_url, redirect_url);
    t.strictSame(decision.because, because);
    t.strictSame(bodyOf(world.read()), {
      session_id: 'hosted_session-1',
      status,
      updated_at: toIso(START),
      expires_at: toIso(END),
    });
    t.match(bodyOf(world.complete()), { status: 'COMPLETED', order_id: 'order-1' }, 'the shopper may try again');
  }
  const tokenize = open({ options }, { intent: 'tokenize' });
  t.match(accepted(tokenize.complete()), { answer: { body: { status: 'ERROR' } }, because: { rule: 'intent-order' } });

  const pending = open({ options });
  const scripted: Scripted = { fraud: { status: 'PENDING' }, because };
  const decision = accepted(pending.complete({ scripted }));
  t.match(decision, { answer: { body: { status: 'COMPLETED', fraud_status: 'PENDING' } }, because });
});

t.test('the shopper leaves, and comes back if they may', async (t) => {
  const world = open({ merchant_urls: urls });
  t.strictSame(bodyOf(world.enter()), { session_id: 'hosted_session-1', status: 'IN_PROGRESS' });
  t.strictSame(accepted(world.enter()).changes, [], 'opening it again changes nothing');
  t.strictSame(bodyOf(world.leave('back')), {
    session_id: 'hosted_session-1',
    status: 'BACK',
    redirect_url: `${SHOP}/back`,
  });
  t.match(bodyOf(world.leave('fail')), {
    status: 'FAILED',
    redirect_url: `${SHOP}/failure?page=hosted_session-1&token={{authorization_token}}`,
  });
  t.match(bodyOf(world.enter()), { status: 'IN_PROGRESS' });
  t.strictSame(bodyOf(world.leave('cancel')), {
    session_id: 'hosted_session-1',
    status: 'CANCELLED',
    redirect_url: `${SHOP}/cancel?page=hosted_session-1`,
  });
  const final = (status: string): Expected => [
    403,
    'INVALID_OPERATION',
    [],
    'hosted-final',
    `hosted session hosted_session-1 is ${status} for good; create another one`,
  ];
  for (const act of [world.enter(), world.leave('back'), world.complete()]) refuses(t, act, final('CANCELLED'));
  const shop = open({ merchant_urls: { cancel: urls.cancel } });
  t.equal(
    bodyOf(shop.leave('back')).redirect_url,
    `${SHOP}/cancel?page=hosted_session-1`,
    'a web shop may name one of both',
  );
  const nowhere = open();
  for (const [by, status, text] of [
    ['back', 'BACK', 'the shopper goes back, and may come again'],
    ['fail', 'FAILED', 'Klarna refuses the shopper, who may try again'],
    ['cancel', 'CANCELLED', 'the shopper cancels for good'],
  ] as const) {
    const { answer, because } = accepted(nowhere.leave(by));
    t.strictSame(answer.body, { session_id: 'hosted_session-1', status });
    t.strictSame(because, { rule: 'shopper-decision', text });
  }
  refuses(t, nowhere.enter('x'), notFound(unknownHosted('x')));
});

t.test('the shop disables what was not completed', async (t) => {
  const world = open();
  world.now += MINUTE;
  t.strictSame(accepted(world.disable()).answer, { status: 204, body: undefined });
  t.match(standing(world.read()), { status: 'DISABLED', updated_at: toIso(START + MINUTE) });
  world.now += MINUTE;
  t.strictSame(accepted(world.disable()).changes, [], 'twice does no harm');
  refuses(t, world.complete(), [403, 'INVALID_OPERATION', [], 'hosted-final', final('DISABLED')]);
  const cancelled = open();
  cancelled.leave('cancel');
  accepted(cancelled.disable());
  t.equal(standing(cancelled.read()).status, 'CANCELLED', 'cancelled stays cancelled');
  const done = open();
  done.complete();
  refuses(t, done.disable(), [
    400,
    'BAD_REQUEST',
    ['HPP session has already been successfully completed.'],
    'hosted-final',
    final('COMPLETED'),
  ]);
  refuses(t, done.disable('hosted_session-1', 'shoes'), notFound(unknownHosted('hosted_session-1', 'shoes')));
  refuses(t, done.read('session-1'), notFound(unknownHosted('session-1')), 'the id of the payment session');
});

t.test('time ends what is open: TIMEOUT for an hour, then it is gone with the payment session', async (t) => {
  const world = open({ merchant_urls: urls });
  world.now = END - 1;
  t.equal(standing(world.read()).status, 'WAITING');
  world.now = END;
  t.strictSame(bodyOf(world.read()), {
    session_id: 'hosted_session-1',
    status: 'TIMEOUT',
    updated_at: toIso(END),
    expires_at: toIso(END),
  });
  const over = notFound(lifetime(END), 'hosted-lifetime');
  refuses(t, world.disable(), over);
  refuses(t, world.enter(), over);
  refuses(t, world.leave('back'), over);
  refuses(t, world.complete(), over);
  const email = { method: 'email', contact_information: { email: 'elsa@shop.test' } } as const;
  refuses(t, world.distribute(email), [
    404,
    'NOT_FOUND',
    ['HPP session not found or access token not found'],
    'hosted-lifetime',
    lifetime(END),
  ]);
  world.now = END + HOUR - 1;
  t.equal(standing(world.read()).status, 'TIMEOUT');
  world.now = END + HOUR;
  refuses(t, world.read(), notFound(lifetime(END + HOUR), 'hosted-lifetime'));
});

t.test('an order that was placed otherwise completes the hosted session too', async (t) => {
  const world = open({ merchant_urls: urls });
  world.leave('fail');
  world.now += MINUTE;
  world.authorize('session-1');
  world.createOrder('authorization-1', orderOf());
  world.now += MINUTE;
  t.strictSame(bodyOf(world.read()), {
    session_id: 'hosted_session-1',
    status: 'COMPLETED',
    order_id: 'order-1',
    klarna_reference: 'REF of order-1',
    updated_at: toIso(START + MINUTE),
    expires_at: toIso(END),
  });
  refuses(t, world.complete(), [403, 'INVALID_OPERATION', [], 'hosted-final', final('COMPLETED')]);
  const completed = ['HPP session has already been successfully completed.'];
  refuses(t, world.disable(), [400, 'BAD_REQUEST', completed, 'hosted-final', final('COMPLETED')]);
});

t.test('handing out the link sends nothing, and says so', async (t) => {
  const world = open();
  const contacts: DistributionRequest[] = [
    { method: 'sms', contact_information: { phone: '0701740615', phone_country: 'se', email: 'x' } },
    { method: 'email', contact_information: { email: 'elsa@shop.test', phone: 'x' }, template: 'INSTORE_PURCHASE' },
    { method: 'token', contact_information: { access_id: '278352', email: 'x' } },
  ];
  for (const body of contacts) {
    const { answer, because } = accepted(world.distribute(body));
    t.strictSame(answer, { status: 204, body: undefined });
    const link = `${BASE}/hpp/payments/hosted_session-1`;
    t.strictSame(because, { rule: 'hosted-not-sent', text: `nothing was sent by ${body.method}; its link is ${link}` });
  }
  const missing = (field: string, method: string) =>
    `contact_information.${field}: given nothing, expected for method ${method}`;
  refuses(
    t,
    world.distribute({ method: 'sms', contact_information: {} }),
    badValue(
      'contact_information.phone, contact_information.phone_country',
      'hosted-contact',
      `${missing('phone', 'sms')}; ${missing('phone_country', 'sms')}`,
    ),
  );
  for (const [method, field] of [
    ['email', 'email'],
    ['token', 'access_id'],
  ] as const) {
    refuses(
      t,
      world.distribute({ method, contact_information: { phone: '0701740615', phone_country: 'SE' } }),
      badValue(`contact_information.${field}`, 'hosted-contact', missing(field, method)),
    );
  }
  refuses(
    t,
    world.distribute({ method: 'email', contact_information: { email: 'elsa' } }),
    badValue(
      'contact_information.email',
      'person-email',
      'contact_information.email: given "elsa", expected one @ and a domain with a dot',
    ),
  );
  refuses(
    t,
    world.distribute({ method: 'sms', contact_information: { phone: '12', phone_country: 'SE' } }),
    badValue(
      'contact_information.phone',
      'person-phone',
      'contact_information.phone: given "12", expected a phone number that is possible in SE',
    ),
  );
  const [email] = contacts.slice(1) as [DistributionRequest];
  refuses(t, world.distribute(email, 'x'), [
    404,
    'NOT_FOUND',
    ['HPP session not found or access token not found'],
    'hosted-known',
    'session_id: given x, expected a hosted session of boots, whose id is not that of the payment session',
  ]);
  world.disable();
  const disabled = ['Session is disabled by merchant.'];
  refuses(t, world.distribute(email), [400, 'BAD_REQUEST', disabled, 'hosted-final', final('DISABLED')]);
  const cancelled = open();
  cancelled.leave('cancel');
  refuses(t, cancelled.distribute(email), [400, 'BAD_REQUEST', disabled, 'hosted-final', final('CANCELLED')]);
  const done = open();
  done.complete();
  const completed = ['HPP session has already been successfully completed.'];
  refuses(t, done.distribute(email), [400, 'BAD_REQUEST', completed, 'hosted-final', final('COMPLETED')]);
});

t.test('the shop hears of each status that the shopper comes to, as a read would give it', async (t) => {
  const world = open({ merchant_urls: { ...urls, status_update }, options: { place_order_mode: 'PLACE_ORDER' } });
  t.strictSame(accepted(world.enter()).effects, [
    {
      on: 'status_update',
      url: `${SHOP}/status?page=hosted_session-1`,
      body: { event_id: 'event-2', session: bodyOf(world.read()) },
      at: START,
      lane: 'hosted_session-1',
    },
  ]);
  t.strictSame(told(accepted(world.enter())), []);
  t.strictSame(told(accepted(world.leave('back'))), ['BACK'], 'they were on the page');
  t.strictSame(told(accepted(world.leave('back'))), ['IN_PROGRESS', 'BACK']);
  t.strictSame(told(accepted(world.complete({ shopper: { result: 'denied' } }))), ['IN_PROGRESS', 'FAILED']);
  t.strictSame(told(accepted(world.complete({ shopper: { result: 'abandoned' } }))), ['IN_PROGRESS']);
  world.now += MINUTE;
  const { effects } = accepted(world.complete());
  t.strictSame(told({ effects }), ['COMPLETED']);
  const last = effects.at(-1) as Callback;
  t.strictSame(last.body?.session, bodyOf(world.read()));
  t.match(last, { at: START + MINUTE });
  const first = open(
    { merchant_urls: { status_update }, options: { place_order_mode: 'PLACE_ORDER' } },
    { merchant_urls: { push: `${SHOP}/push`, authorization: `${SHOP}/authorization` } },
  );
  first.now += MINUTE;
  const all = accepted(first.complete()).effects;
  t.strictSame(
    all.map(({ on }) => on),
    ['authorization', 'push', 'status_update', 'status_update'],
  );
  const { order_id, klarna_reference, ...before } = bodyOf(first.read());
  t.strictSame(
    all.slice(2).map(({ body }) => body),
    [
      { event_id: 'event-2', session: { ...before, status: 'IN_PROGRESS' } },
      { event_id: 'event-3', session: { ...before, order_id, klarna_reference } },
    ],
    'on the way nothing is told of the order, and each event has its own id',
  );
  const silent = open({ merchant_urls: { status_update } });
  t.strictSame(accepted(silent.disable()).effects, [], 'what the shop does itself it is not told');
});

t.test('the end by time is told unless there was another', async (t) => {
  const timeoutOf = (world: HostedWorld): Callback => {
    world.session();
    const [callback] = accepted(world.create({ merchant_urls: { status_update } })).effects;
    if (!callback) throw new Error('nothing is to be told');
    return callback;
  };
  const due = (world: HostedWorld, { onlyIf }: Callback) =>
    onlyIf &&
    isMet(
      onlyIf,
      recordsOf(onlyIf).map(({ kind, id }) => world.find(kind, id)),
    );
  const world = new HostedWorld();
  const callback = timeoutOf(world);
  t.match(callback, {
    on: 'status_update',
    at: END,
    lane: 'hosted_session-1',
    body: { event_id: 'event-1', session: { status: 'TIMEOUT', updated_at: toIso(END), expires_at: toIso(END) } },
  });
  t.equal(due(world, callback), true);
  world.leave('fail');
  t.equal(due(world, callback), true, 'they may try again until then');
  world.authorize('session-1');
  world.createOrder('authorization-1');
  t.equal(due(world, callback), false, 'an order was placed otherwise');
  for (const end of ['complete', 'disable'] as const) {
    const ended = new HostedWorld();
    const waiting = timeoutOf(ended);
    ended[end]();
    t.equal(due(ended, waiting), false, end);
  }
  t.equal(due(new HostedWorld(), callback), false, 'the merchant started afresh');
});

t.test('a scenario bound in the purchase stays with the hosted session', async (t) => {
  const bound = { scenario: 'x', session: 'session-1' };
  const before = new HostedWorld();
  before.put({ ...before.session(), bound });
  before.create();
  t.strictSame(before.get('hosted_session', 'hosted_session-1').bound, bound, 'from the payment session');
  const within = open();
  within.put({ ...within.get('session', 'session-1'), bound });
  within.complete({ shopper: { result: 'denied' } });
  t.strictSame(within.get('hosted_session', 'hosted_session-1').bound, bound, 'from the purchase on the page');
});

t.test('placeholders', async (t) => {
  const ids = { session_id: 'S', authorization_token: 'A', order_id: 'O' };
  const url = 'https://shop.test/{{session_id}}/{{authorization_token}}/{{order_id}}';
  t.equal(fillHostedPlaceholders(url, ids), 'https://shop.test/S/A/O');
  t.equal(fillHostedPlaceholders(url, { session_id: 'S' }), 'https://shop.test/S/{{authorization_token}}/{{order_id}}');
  t.equal(
    fillHostedPlaceholders('{session.id}{{toString}}{{session_id}', ids),
    '{session.id}{{toString}}{{session_id}',
  );
});

t.test('whatever is done to a hosted session, what came to its end stays so and orders are placed once', async (t) => {
  const acts = fc.constantFrom(
    'enter',
    'fail',
    'cancel',
    'back',
    'deny',
    'complete',
    'disable',
    'order',
    'wait',
    'wait',
  );
  const modes = fc.constantFrom('NONE', 'PLACE_ORDER', 'CAPTURE_ORDER');
  const FINAL = ['COMPLETED', 'CANCELLED', 'DISABLED'];
  const reached = new Map<string, number>();
  holds(
    t,
    fc.property(modes, fc.array(acts, { maxLength: 12 }), (place_order_mode, path) => {
      const world = open({ merchant_urls: { ...urls, status_update }, options: { place_order_mode } });
      let before = standing(world.read());
      const heard: string[] = [];
      const hear = (decision: Decision<HostedAnswer>) => heard.push(...told(decision));
      for (const act of path) {
        if (act === 'enter') hear(world.enter());
        else if (act === 'complete') hear(world.complete());
        else if (act === 'deny') hear(world.complete({ shopper: { result: 'denied' } }));
        else if (act === 'disable') world.disable();
        else if (act === 'wait') world.now += 23.5 * HOUR;
        else if (act === 'order') {
          const { authorization } = world.get('session', 'session-1');
          if (authorization) world.createOrder(authorization);
        } else hear(world.leave(act));
        const decision = world.read();
        if ('refusal' in decision) return world.now >= END + HOUR && !FINAL.includes(before.status);
        const now = standing(decision);
        reached.set(now.status, (reached.get(now.status) ?? 0) + 1);
        const ended = FINAL.includes(before.status);
        if (ended && JSON.stringify(now) !== JSON.stringify(before)) return false;
        const over = FINAL.includes(now.status);
        if (!over && (now.status === 'TIMEOUT') !== world.now >= END) return false;
        if (now.order_id !== undefined && now.authorization_token !== undefined) return false;
        before = now;
      }
      const hosted: HostedSession = world.get('hosted_session', 'hosted_session-1');
      const placed = hosted.result?.order_id;
      return (
        world.all('order').length <= 1 &&
        (placed === undefined || world.get('session', 'session-1').order === placed) &&
        // Nothing is told of before the page was opened, and nothing after the end.
        (heard.length === 0 || heard[0] === 'IN_PROGRESS') &&
        heard.slice(0, -1).every((status) => !FINAL.includes(status))
      );
    }),
    { numRuns: 500 },
  );
  for (const status of ['WAITING', 'IN_PROGRESS', 'BACK', 'FAILED', 'TIMEOUT', ...FINAL]) {
    t.ok((reached.get(status) ?? 0) > 5, `${status} was come to ${reached.get(status)} times`);
  }
});
