import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lifetimes } from '../../../src/klarna/catalogue/lifetimes.js';
import { categoriesIn } from '../../../src/klarna/catalogue/payment-method-categories.js';
import { samplePerson } from '../../../src/klarna/catalogue/people.js';
import { type Decision, badValue as refuseFields } from '../../../src/klarna/decision.js';
import { fillPlaceholders, redirectUrl } from '../../../src/klarna/links.js';
import { fraudStatusAt } from '../../../src/klarna/orders/fraud.js';
import { knownAuthorization } from '../../../src/klarna/payments/authorizations.js';
import { createOrder } from '../../../src/klarna/payments/create-order.js';
import { authorizeSession, finalizeSession, type ShopperResult } from '../../../src/klarna/payments/purchase-flow.js';
import { createSession, updateSession } from '../../../src/klarna/payments/sessions.js';
import type { Address, SessionData } from '../../../src/klarna/records.js';
import { DAY, HOUR, MINUTE, toIso } from '../../../src/klarna/time.js';
import { holds } from '../../property.js';
import t from '../../tap.js';
import {
  accepted,
  BASE,
  badValue,
  bodyOf,
  type Expected,
  line,
  MERCHANT,
  orderOf,
  purchase,
  refuses,
  START,
  tokenRequest,
  World,
  wordsOf,
} from '../world.js';

const elsa: Address = {
  given_name: 'Elsa',
  family_name: 'Lind',
  email: 'elsa.lind@example.com',
  phone: '+46701740650',
  street_address: 'Skogsgatan 7',
  postal_code: '411 18',
  city: 'Göteborg',
  country: 'SE',
};
const parcelShop: Address = { ...elsa, street_address: 'Hamngatan 1' };
const badge = 'https://x.klarnacdn.net/payment-method/assets/badges/generic/klarna.svg';
const categories = [
  { identifier: 'klarna', name: 'Pay with Klarna', asset_urls: { descriptive: badge, standard: badge } },
];

const invalidSession = (rule: string, text: string): Expected => [404, 'NOT_FOUND', ['Invalid session id'], rule, text];
const invalidAuthorization = (rule: string, text: string): Expected => [
  404,
  'NOT_FOUND',
  ['Invalid authorization token'],
  rule,
  text,
];
const completed = (text: string): Expected => [
  404,
  'SESSION_COMPLETED',
  ['Session has already been completed'],
  'session-completed',
  text,
];

t.test('time', async (t) => {
  t.strictSame([MINUTE, HOUR, DAY], [60_000, 3_600_000, 86_400_000]);
  t.strictSame(Object.fromEntries(Object.entries(lifetimes).map(([what, { lasts }]) => [what, lasts / HOUR])), {
    session: 48,
    pastHostedSession: 1,
    authorization: 1,
    order: 28 * 24,
    longestOrder: 180 * 24,
    rejectedOrder: 4,
    idempotencyKey: 24,
  });
  t.equal(toIso(START), '2026-03-02T09:00:00.000Z');
});

t.test('links', async (t) => {
  t.equal(redirectUrl('https://shop.test', 'session-1'), 'https://shop.test/kp/v1/sessions/session-1/redirect');
  const url = 'https://shop.test/{session.id}/{order.id}?again={order.id}&other={order}{customer.id}';
  t.equal(
    fillPlaceholders(url, { session: 's', order: 'o' }),
    'https://shop.test/s/o?again=o&other={order}{customer.id}',
  );
  t.equal(fillPlaceholders(url, {}), url, 'what is not known stays');
  t.equal(fillPlaceholders('{session.id}', { session: '$&' }), '$&');
});

t.test('a refusal of fields that names none is one of shape', async (t) => {
  t.strictSame(refuseFields([]).because, { rule: 'shape', text: '' });
});

t.test('what comes of a purchase stays with its scenario', async (t) => {
  const world = new World();
  const before = { scenario: 'x', session: 's' };
  const bound = { scenario: 'y', session: 's' };
  const session = { ...world.session(purchase({ intent: 'buy_and_tokenize' })), bound: before };
  const on = { session, id: session.id, merchant: MERCHANT, now: START, authorizationId: 'a' };
  const boundBy = ({ changes }: Pick<Decision, 'changes'>) =>
    changes.map((change) => 'put' in change && change.put.bound);
  t.strictSame(boundBy(authorizeSession({ ...on, body: {} })), [before, before]);
  t.strictSame(boundBy(authorizeSession({ ...on, body: {}, bound })), [bound, bound], 'the newest choice counts');
  t.strictSame(boundBy(authorizeSession({ ...on, body: { result: 'denied' }, bound })), [bound]);

  world.put({ ...session, bound });
  world.authorize(session.id);
  bodyOf(world.createCustomerToken('authorization-1'));
  bodyOf(world.createOrder('authorization-1'));
  bodyOf(world.charge('customer_token-1'));
  for (const kind of ['authorization', 'customer_token', 'order'] as const) {
    const found = world.all(kind).map((record) => record.bound);
    t.strictSame(found, kind === 'order' ? [bound, bound] : [bound], kind);
  }
});

t.test('currencies that a merchant is granted hold at every step', async (t) => {
  const world = new World();
  const euros = purchase({ purchase_currency: 'EUR' });
  const authorization = { ...world.authorization(), data: { ...euros, intent: 'buy' as const } };
  const session = { ...world.get('session', authorization.session), data: authorization.data };
  const steps = (currencies?: string[]) => {
    const on = { session, id: session.id, merchant: MERCHANT, now: START, currencies };
    const placing = { orderId: 'o', captureId: 'c', reference: 'R', base: BASE };
    const body = orderOf({ purchase_currency: 'EUR' });
    return [
      createSession({ ...on, body: euros, id: 's', sdkBase: BASE, clientTokenOf: () => 'token' }),
      updateSession({ ...on, body: {} }),
      authorizeSession({ ...on, body: {}, authorizationId: 'a' }),
      finalizeSession({
        ...on,
        session: { ...session, unfinished: authorization.choice },
        body: {},
        authorizationId: 'a',
      }),
      createOrder({ ...on, ...placing, authorization, id: authorization.id, body }),
    ].map((decision) => 'refusal' in decision && decision.because.text);
  };
  t.strictSame(steps(['USD', 'EUR']), [false, false, false, false, false]);
  const text = 'purchase_currency: given EUR, expected SEK, the currency of SE';
  t.strictSame(steps(), [text, text, text, text, text]);
});

t.test('an attachment is judged after market and amounts, wherever a session is', async (t) => {
  const world = new World();
  const { id } = world.session();
  const attachment = { content_type: 'application/vnd.klarna.internal.emd-v2+json', body: '[]' };
  const text = 'attachment.body: given a list as JSON text, expected an object of extra merchant data';
  const expected = badValue('attachment.attachment', 'attachment', text);
  refuses(t, world.createSession(purchase({ attachment })), expected, 'createSession');
  refuses(t, world.updateSession(id, { attachment }), expected, 'updateSession');
  refuses(t, world.authorize(id, { data: { attachment } }), expected, 'authorizeSession');
  world.authorize(id, { result: 'finalize_required' });
  refuses(t, world.finalize(id, { data: { attachment } }), expected, 'finalizeSession');
  t.match(world.updateSession(id, { attachment, order_amount: 1 }), { because: { rule: 'order-total' } });
  t.match(world.updateSession(id, { attachment, purchase_country: 'NO' }), { because: { rule: 'market-currency' } });
  accepted(world.updateSession(id, { attachment: { ...attachment, body: '{}' } }));
});

t.test('createSession', async (t) => {
  t.test('opens a session for 48 hours', async (t) => {
    const world = new World();
    const created = world.createSession(purchase({ intent: 'buy_and_tokenize' }));
    t.strictSame(accepted(created).answer, {
      status: 200,
      body: {
        session_id: 'session-1',
        client_token: 'client token of session-1',
        payment_method_categories: categories,
      },
    });
    t.strictSame(created.effects, []);
    t.strictSame(created.changes, [
      {
        put: {
          kind: 'session',
          id: 'session-1',
          merchant: MERCHANT,
          created_at: START,
          expires_at: START + 48 * HOUR,
          data: purchase({ intent: 'buy_and_tokenize' }),
          client: { base: BASE, language: 'sv', country: 'SE', amount: 10000 },
          categories,
        },
      },
    ]);
  });

  t.test('is to buy unless it says otherwise', async (t) => {
    t.equal(new World().session().data.intent, 'buy');
    t.equal(new World().session(purchase({ intent: 'tokenize' })).data.intent, 'tokenize');
  });

  t.test('keeps the body itself where that names the intent, and copies nothing', async (t) => {
    const named = purchase({ intent: 'tokenize' });
    t.equal(new World().session(named).data, named);
    const unnamed = purchase();
    t.not(new World().session(unnamed).data, unnamed);
    t.notOk('intent' in unnamed, 'what the merchant sent stays as it was');
  });

  t.test('shares one list of categories among the sessions of a market', async (t) => {
    const world = new World();
    t.equal(world.session().categories, world.session().categories);
    const [chosen, others] = [['pay_later'], ['pay_later', 'pay_now']] as const;
    const names = (...given: Parameters<typeof categoriesIn>) => categoriesIn(...given).map(({ name }) => name);
    t.equal(categoriesIn('SE', chosen), categoriesIn('SE', chosen));
    t.strictSame(names('SE', chosen), ['Buy now, pay later']);
    t.strictSame(names('US', chosen), ['Pay later in 30 days'], 'another market has its own');
    t.strictSame(names('SE', others), ['Buy now, pay later', 'Pay now'], 'and so have other categories');
  });

  t.test('signs what the browser needs to know', async (t) => {
    const world = new World();
    const claims = {
      session_id: 'session-1',
      base_url: 'http://127.0.0.1:5527/kp',
      design: 'klarna',
      language: 'sv',
      purchase_country: 'SE',
      environment: 'playground',
      merchant_name: MERCHANT,
      session_type: 'PAYMENTS',
      client_event_base_url: 'http://127.0.0.1:5527',
      scheme: true,
      experiments: [],
      region: 'eu',
      order_amount: 10000,
      offering_opts: 0,
      oo: '0',
    };
    world.session();
    t.strictSame(world.claims, claims);

    const { order_amount, ...rest } = claims;
    world.session({ purchase_country: 'se', purchase_currency: 'sek', locale: 'SV' }, 'shoes');
    t.strictSame(world.claims, { ...rest, session_id: 'session-2', merchant_name: 'shoes' }, 'no amount yet');
    world.session(purchase({ locale: undefined }));
    t.equal(world.claims?.language, 'en');
    world.session({ purchase_country: 'SE', purchase_currency: 'SEK', order_amount: 0, intent: 'tokenize' });
    t.equal(world.claims?.order_amount, 0);
  });

  t.test('serves each country from its region', async (t) => {
    const regions: [string, string, string][] = [
      ['US', 'USD', 'us'],
      ['CA', 'CAD', 'us'],
      ['MX', 'MXN', 'us'],
      ['AU', 'AUD', 'oc'],
      ['NZ', 'NZD', 'oc'],
      ['GB', 'GBP', 'eu'],
      ['DE', 'EUR', 'eu'],
      ['CH', 'CHF', 'eu'],
    ];
    for (const [purchase_country, purchase_currency, region] of regions) {
      const world = new World();
      world.session({ purchase_country: purchase_country.toLowerCase(), purchase_currency });
      t.match(world.claims, { region, purchase_country }, purchase_country);
    }
  });

  t.test('judges the market before lines and totals', async (t) => {
    const wrong = purchase({ purchase_currency: 'EUR', order_amount: 1, order_lines: [line({ total_amount: 1 })] });
    const text = 'purchase_currency: given EUR, expected SEK, the currency of SE';
    refuses(t, new World().createSession(wrong), badValue('purchase_currency', 'market-currency', text));
  });

  t.test('goes by the country of the billing address', async (t) => {
    const abroad = purchase({ billing_address: { country: 'NO' } });
    const text = 'purchase_currency: given SEK, expected NOK, the currency of NO';
    refuses(t, new World().createSession(abroad), badValue('purchase_currency', 'market-currency', text));
    t.ok(new World().session({ ...abroad, purchase_currency: 'NOK' }));
  });

  t.test('refuses a locale of another market', async (t) => {
    const text = 'locale: given de-DE, expected a locale of SE (sv-SE, en-SE), not of DE';
    refuses(t, new World().createSession(purchase({ locale: 'de-DE' })), badValue('locale', 'market-locale', text));
  });
});

t.test('a session that recovers a charge', async (t) => {
  const recovery = (customer_token: string | undefined, step_up_id: string) =>
    purchase({ intent: 'buy_and_tokenize', step_up_id, customer: { customer_token } });
  const refusedFor = (field: string, text: string) => badValue(field, 'step-up-known', text);
  const wanted = 'expected the customer token whose charge was refused';

  t.test('names the token and the step-up of its refused charge', async (t) => {
    const world = new World();
    const token = world.token();
    world.put({ ...token, step_ups: ['step-up-1', 'step-up-2'] });
    t.strictSame(world.session(recovery(token.id, 'step-up-2')).recovers, { token: token.id, step_up_id: 'step-up-2' });
    world.put({ ...world.token(), step_ups: ['step-up-3'] });
    const text = 'step_up_id: given step-up-3, expected one that a refused charge of customer_token-1 handed out';
    refuses(t, world.createSession(recovery(token.id, 'step-up-3')), refusedFor('step_up_id', text));
  });

  t.test('needs a token that the merchant may use', async (t) => {
    const world = new World();
    const token = world.token({}, {}, 'shoes');
    world.put({ ...token, step_ups: ['step-up-1'] });
    for (const id of [undefined, 'nobody', token.id]) {
      const text = `customer.customer_token: given ${id ?? 'nothing'}, ${wanted}`;
      refuses(t, world.createSession(recovery(id, 'step-up-1')), refusedFor('customer.customer_token', text), id);
    }
    const bare = purchase({ step_up_id: 'step-up-1' });
    const text = `customer.customer_token: given nothing, ${wanted}`;
    refuses(t, world.createSession(bare), refusedFor('customer.customer_token', text), 'no customer');

    world.put({ ...token, step_ups: ['step-up-1'], shared_with: [MERCHANT] });
    t.strictSame(world.session(recovery(token.id, 'step-up-1')).recovers?.token, token.id, 'shared');
  });

  t.test('is judged after market and amounts', async (t) => {
    const text = 'order_amount: given 1, expected 10000, the sum of all total_amount';
    const wrong = { ...recovery(undefined, 'step-up-1'), order_amount: 1 };
    refuses(t, new World().createSession(wrong), badValue('order_amount', 'order-total', text));
  });

  t.test('a token alone recovers nothing', async (t) => {
    const world = new World();
    const { id } = world.token();
    const session = world.session(purchase({ customer: { customer_token: id } }));
    t.notOk('recovers' in session);
  });
});

t.test('a session is known to its merchant, for 48 hours', async (t) => {
  const calls: [string, (world: World, id: string, merchant?: string) => ReturnType<World['readSession']>][] = [
    ['readSession', (world, id, merchant) => world.readSession(id, merchant)],
    ['updateSession', (world, id, merchant) => world.updateSession(id, {}, merchant)],
    ['authorizeSession', (world, id, merchant) => world.authorize(id, {}, merchant)],
    ['finalizeSession', (world, id, merchant) => world.finalize(id, {}, merchant)],
  ];
  for (const [operation, call] of calls) {
    t.test(operation, async (t) => {
      const world = new World();
      const { id } = world.session();
      const nobody = 'session_id: given nobody, which boots never created';
      refuses(t, call(world, 'nobody'), invalidSession('session-known', nobody));
      const others = 'session_id: given session-1, which shoes never created';
      refuses(t, call(world, id, 'shoes'), invalidSession('session-known', others));

      world.authorize(id, { result: 'finalize_required' });
      world.now = START + 48 * HOUR - 1;
      t.ok(accepted(call(world, id)), 'one millisecond before the end');
      world.now += 1;
      const late =
        'session_id: given session-1, which ended 2026-03-04T09:00:00.000Z; it is now 2026-03-04T09:00:00.000Z';
      refuses(t, call(world, id), invalidSession('session-lifetime', late));
    });
  }
});

t.test('updateSession', async (t) => {
  t.test('replaces what it names and keeps the rest', async (t) => {
    const world = new World();
    const before = world.session(purchase({ intent: 'buy_and_tokenize', billing_address: elsa }));
    const updated = world.updateSession(before.id, {
      merchant_reference1: 'SHOP-1',
      billing_address: { country: 'SE' },
    });
    t.strictSame(accepted(updated).answer, { status: 204, body: undefined });
    t.strictSame(updated.changes, [
      {
        put: {
          ...before,
          data: { ...before.data, merchant_reference1: 'SHOP-1', billing_address: { country: 'SE' } },
        },
      },
    ]);
    t.equal(world.get('session', before.id).data.intent, 'buy_and_tokenize');
    world.updateSession(before.id, { intent: 'tokenize', order_amount: 0, order_tax_amount: 0, order_lines: [] });
    t.match(world.get('session', before.id).data, {
      intent: 'tokenize',
      order_amount: 0,
      merchant_reference1: 'SHOP-1',
    });
    t.strictSame(accepted(world.updateSession(before.id, {})).answer.status, 204, 'nothing is required');
  });

  t.test('is judged as a new session would be', async (t) => {
    const world = new World();
    const { id } = world.session();
    const total = 'order_amount: given 9000, expected 10000, the sum of all total_amount';
    refuses(t, world.updateSession(id, { order_amount: 9000 }), badValue('order_amount', 'order-total', total));
    const currency = 'purchase_currency: given SEK, expected EUR, the currency of DE';
    const abroad = { billing_address: { country: 'DE' } };
    refuses(t, world.updateSession(id, abroad), badValue('purchase_currency', 'market-currency', currency));
    const none = {
      order_amount: 0,
      order_tax_amount: 0,
      order_lines: [line({ quantity: 0, total_amount: 0, total_tax_amount: 0 })],
    };
    const zero = 'order_amount: given 0 with intent buy, expected more than 0, or intent tokenize';
    refuses(t, world.updateSession(id, none), badValue('order_amount', 'zero-amount', zero));
    t.equal(accepted(world.updateSession(id, { ...none, intent: 'tokenize' })).answer.status, 204);
  });

  t.test('does not judge the locale', async (t) => {
    const world = new World();
    const { id } = world.session();
    t.equal(accepted(world.updateSession(id, { locale: 'de-DE' })).answer.status, 204);
  });
});

t.test('readSession', async (t) => {
  const customer = {
    date_of_birth: '1987-05-14',
    gender: 'female',
    national_identification_number: '19870514-0000',
    last_four_ssn: '0000',
  };
  const person = { billing_address: elsa, shipping_address: parcelShop, customer };

  t.test('keeps the shopper to itself until they authorized', async (t) => {
    const world = new World();
    const { id } = world.session(purchase({ ...person, merchant_reference1: 'SHOP-1' }));
    const shown = {
      ...purchase(),
      intent: 'buy',
      merchant_reference1: 'SHOP-1',
      client_token: 'client token of session-1',
      payment_method_categories: categories,
      expires_at: '2026-03-04T09:00:00.000Z',
      status: 'incomplete',
    };
    const read = world.readSession(id);
    t.strictSame(accepted(read).answer, { status: 200, body: shown });
    t.strictSame([read.changes, read.effects], [[], []]);

    world.authorize(id);
    t.strictSame(bodyOf(world.readSession(id)), {
      ...shown,
      billing_address: elsa,
      shipping_address: parcelShop,
      customer: { type: 'person', date_of_birth: '1987-05-14', gender: 'female' },
      authorization_token: 'authorization-1',
    });

    world.createOrder('authorization-1');
    t.match(bodyOf(world.readSession(id)), { status: 'complete', authorization_token: 'authorization-1' });
  });

  t.test('shows the sample person where the merchant said nothing', async (t) => {
    const world = new World();
    const { session } = world.authorization();
    const { billing_address, customer } = samplePerson('SE');
    const { national_identification_number, ...readable } = customer;
    const shown = bodyOf(world.readSession(session));
    t.strictSame(shown.billing_address, billing_address);
    t.strictSame(shown.customer, readable);
    t.notOk('shipping_address' in shown);
    t.ok(national_identification_number, 'who has a number that is not shown');
  });

  t.test('never shows a token or a step-up', async (t) => {
    const world = new World();
    const token = world.token();
    world.put({ ...token, step_ups: ['step-up-1'] });
    const { session } = world.authorization(
      purchase({ step_up_id: 'step-up-1', customer: { customer_token: token.id, vat_id: 'SE559900000101' } }),
    );
    const shown = bodyOf(world.readSession(session));
    t.notOk('step_up_id' in shown);
    t.strictSame(shown.customer, { type: 'person', date_of_birth: '1941-03-21', vat_id: 'SE559900000101' });
  });
});

t.test('authorizeSession', async (t) => {
  t.test('gives an authorization for 60 minutes', async (t) => {
    const world = new World();
    const before = world.session(purchase({ intent: 'buy_and_tokenize', shipping_address: parcelShop }));
    world.now += 5;
    const data: SessionData = { billing_address: elsa, customer: { date_of_birth: '1987-05-14' } };
    const decision = world.authorize(before.id, { payment_option: 'pay_later', data });
    const merged = { ...before.data, ...data };
    const shopper = {
      billing_address: elsa,
      shipping_address: parcelShop,
      customer: { ...samplePerson('SE').customer, date_of_birth: '1987-05-14' },
    };
    t.strictSame(accepted(decision).answer, {
      status: 200,
      body: { approved: true, show_form: true, authorization_token: 'authorization-1' },
    });
    t.strictSame(decision.effects, []);
    t.strictSame(decision.changes, [
      {
        put: {
          kind: 'authorization',
          id: 'authorization-1',
          merchant: MERCHANT,
          created_at: START + 5,
          expires_at: START + 5 + 60 * MINUTE,
          session: before.id,
          choice: { option: 'pay_later', source: { type: 'none' } },
          data: merged,
          shopper,
        },
      },
      { put: { ...before, data: merged, authorization: 'authorization-1', shopper } },
    ]);
  });

  t.test('goes by the intent that the page says, or else by the one of the session', async (t) => {
    const world = new World();
    const { id } = world.session(purchase({ intent: 'buy_and_tokenize' }));
    world.authorize(id, { data: { merchant_reference1: 'SHOP-1' } });
    t.match(world.get('authorization', 'authorization-1').data, {
      intent: 'buy_and_tokenize',
      merchant_reference1: 'SHOP-1',
    });
    world.authorize(id, { data: { intent: 'buy_and_default_tokenize' } });
    t.equal(world.get('authorization', 'authorization-2').data.intent, 'buy_and_default_tokenize');
    t.equal(world.get('session', id).data.intent, 'buy_and_default_tokenize');
  });

  t.test('calls the merchant with the token where it asked for that', async (t) => {
    const world = new World();
    const merchant_urls = { authorization: 'https://shop.test/authorized/{session.id}?order={order.id}' };
    const { id } = world.session(purchase({ merchant_urls }));
    t.strictSame(world.authorize(id).effects, [
      {
        on: 'authorization',
        url: 'https://shop.test/authorized/session-1?order={order.id}',
        body: { authorization_token: 'authorization-1', session_id: 'session-1' },
        at: START,
      },
    ]);
    t.strictSame(world.authorize(id, { result: 'denied' }).effects, []);
    t.strictSame(world.authorization(purchase({ merchant_urls: {} })).id, 'authorization-2');
  });

  t.test('asks for what is missing or wrong, and keeps what the page said', async (t) => {
    const world = new World();
    const before = world.session({ purchase_country: 'SE', purchase_currency: 'SEK' });
    const data = { billing_address: { ...elsa, given_name: 'E', postal_code: '411' } };
    const decision = world.authorize(before.id, { data });
    t.strictSame(accepted(decision).answer, {
      status: 200,
      body: {
        approved: false,
        show_form: true,
        error: {
          invalid_fields: ['order_amount', 'order_lines', 'billing_address.given_name', 'billing_address.postal_code'],
        },
      },
    });
    t.strictSame(accepted(decision).because, {
      rule: 'purchase-complete',
      text: [
        'order_amount: given nothing, expected before authorize',
        'order_lines: given nothing, expected before authorize',
        'billing_address.given_name: given "E", expected more than 1 character',
        'billing_address.postal_code: given "411", expected the form of SE, such as 111 48',
      ].join('; '),
    });
    t.strictSame(decision.changes, [{ put: { ...before, data: { ...before.data, ...data } } }]);
    t.strictSame(decision.effects, []);

    const named = world.authorize(world.session().id, { data });
    t.equal(accepted(named).because?.rule, 'person-name', 'the first rule that was broken');
  });

  t.test('refuses data that a session may not have', async (t) => {
    const world = new World();
    const { id } = world.session();
    const text = 'order_amount: given 1, expected 10000, the sum of all total_amount';
    const expected = badValue('order_amount', 'order-total', text);
    refuses(t, world.authorize(id, { data: { order_amount: 1 } }), expected);
    t.equal(accepted(world.authorize(id, { data: { locale: 'de-DE' } })).answer.status, 200, 'any locale passes');
  });

  t.test('refuses a pair of option and source before it looks at the data', async (t) => {
    const world = new World();
    const { id } = world.session();
    const text = 'funding_source: given none for pay_in_3, expected card or direct_debit';
    const wrong = { payment_option: 'pay_in_3', funding_source: { type: 'none' }, data: { order_amount: 1 } } as const;
    refuses(t, world.authorize(id, wrong), badValue('funding_source', 'option-and-source', text));
  });

  t.test('the shopper decides', async (t) => {
    const data = { merchant_reference2: 'SHIP-1' };
    const results: [ShopperResult, object, string][] = [
      ['denied', { approved: false, show_form: false }, 'Klarna does not offer the purchase'],
      ['abandoned', { approved: false, show_form: true }, 'they closed the purchase flow'],
      [
        'fix_required',
        { approved: false, show_form: true, error: { invalid_fields: ['billing_address.email'] } },
        'to correct: billing_address.email',
      ],
    ];
    for (const [result, body, why] of results) {
      const world = new World();
      const before = world.session();
      const decision = world.authorize(before.id, { result, data });
      t.strictSame(accepted(decision).answer, { status: 200, body }, result);
      t.strictSame(accepted(decision).because, {
        rule: 'shopper-decision',
        text: `the shopper chose ${result}: ${why}`,
      });
      t.strictSame(decision.changes, [{ put: { ...before, data: { ...before.data, ...data } } }]);
    }
    const world = new World();
    const invalid_fields = ['billing_address.city', 'customer.date_of_birth'];
    const decision = world.authorize(world.session().id, { result: 'fix_required', invalid_fields });
    t.strictSame(bodyOf(decision), { approved: false, show_form: true, error: { invalid_fields } });
    t.equal(
      accepted(decision).because?.text,
      'the shopper chose fix_required: to correct: billing_address.city, customer.date_of_birth',
    );
  });

  t.test('without a result Klarna’s test address decides', async (t) => {
    const world = new World();
    const { id } = world.session(purchase({ billing_address: { ...elsa, email: 'customer+se+denied@klarna.com' } }));
    const denied = world.authorize(id);
    t.strictSame(bodyOf(denied), { approved: false, show_form: false });
    t.strictSame(accepted(denied).because, {
      rule: 'test-trigger',
      text: 'billing_address.email has the test suffix +denied',
    });
    t.strictSame(accepted(world.authorize(id, { result: 'denied' })).because, {
      rule: 'shopper-decision',
      text: 'the shopper chose denied: Klarna does not offer the purchase',
    });
    t.equal(bodyOf(world.authorize(id, { result: 'approved' })).approved, true, 'a result outweighs it');
  });

  t.test('a newer authorization takes the place of the one before', async (t) => {
    const world = new World();
    const { id } = world.session();
    world.authorize(id);
    world.authorize(id);
    t.equal(world.get('session', id).authorization, 'authorization-2');
    const text = 'authorization authorization-1 was replaced by authorization-2';
    const expected = invalidAuthorization('authorization-newest', text);
    refuses(t, world.createOrder('authorization-1'), expected, 'createOrder');
    refuses(t, world.createCustomerToken('authorization-1'), expected, 'createCustomerToken');
    refuses(t, world.cancelAuthorization('authorization-1'), expected, 'cancelAuthorization');
    t.equal(bodyOf(world.createOrder('authorization-2')).order_id, 'order-1');
  });

  t.test('a purchase flow that fails leaves the authorization before as it was', async (t) => {
    const world = new World();
    const { id, session } = world.authorization();
    for (const result of ['denied', 'abandoned', 'fix_required', 'finalize_required'] as const) {
      world.authorize(session, { result });
    }
    t.equal(bodyOf(world.createOrder(id)).order_id, 'order-1');
  });
});

t.test('finalizeSession', async (t) => {
  const waits = (choice = {}) => {
    const world = new World();
    const { id } = world.session();
    const asked = world.authorize(id, { result: 'finalize_required', payment_option: 'pay_in_4', ...choice });
    return { world, id, asked };
  };
  const choice = {
    option: 'pay_in_4',
    source: { type: 'card', brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' },
  };

  t.test('ends a purchase that asked for it, with what the shopper chose then', async (t) => {
    const { world, id, asked } = waits({ data: { merchant_reference1: 'SHOP-1' } });
    t.strictSame(accepted(asked).answer, {
      status: 200,
      body: { approved: true, show_form: true, finalize_required: true },
    });
    const waiting = world.get('session', id);
    t.strictSame(waiting.unfinished, choice);
    t.equal(waiting.data.merchant_reference1, 'SHOP-1');
    t.strictSame(world.all('authorization'), []);

    const done = world.finalize(id, { data: { merchant_reference2: 'SHIP-1' } });
    t.strictSame(bodyOf(done), { approved: true, show_form: true, authorization_token: 'authorization-1' });
    t.match(world.get('authorization', 'authorization-1'), {
      choice,
      data: { merchant_reference1: 'SHOP-1', merchant_reference2: 'SHIP-1' },
    });
    const after = world.get('session', id);
    t.notOk('unfinished' in after);
    t.equal(after.authorization, 'authorization-1');
    t.match(bodyOf(world.createOrder('authorization-1')), {
      authorized_payment_method: { type: 'slice_it_by_card' },
    });
  });

  t.test('may be denied', async (t) => {
    const { world, id } = waits();
    const { unfinished, ...before } = world.get('session', id);
    const denied = world.finalize(id, { result: 'denied', data: { merchant_reference2: 'SHIP-1' } });
    t.strictSame(accepted(denied).answer, { status: 200, body: { approved: false, show_form: false } });
    t.strictSame(accepted(denied).because, {
      rule: 'shopper-decision',
      text: 'the shopper chose denied: Klarna does not offer the purchase',
    });
    t.strictSame(denied.changes, [{ put: { ...before, data: { ...before.data, merchant_reference2: 'SHIP-1' } } }]);
    t.strictSame(denied.effects, []);
    t.strictSame(unfinished, choice);
  });

  t.test('may be approved in so many words', async (t) => {
    const { world, id } = waits();
    t.equal(bodyOf(world.finalize(id, { result: 'approved' })).authorization_token, 'authorization-1');
  });

  t.test('is refused where nothing waits', async (t) => {
    const world = new World();
    const { id } = world.session();
    const text = 'session session-1 waits for no finalize; authorize it with result finalize_required first';
    const expected: Expected = [403, 'INVALID_OPERATION', [], 'finalize-waits', text];
    refuses(t, world.finalize(id), expected);
    world.authorize(id, { result: 'finalize_required' });
    world.finalize(id);
    refuses(t, world.finalize(id), expected, 'a second finalize');
    for (const anew of [
      {},
      { result: 'denied' },
      { result: 'abandoned' },
      { result: 'fix_required' },
      { data: { billing_address: { ...elsa, postal_code: '411' } } },
    ] as const) {
      world.authorize(id, { result: 'finalize_required' });
      t.ok(world.get('session', id).unfinished);
      world.authorize(id, anew);
      refuses(t, world.finalize(id), expected, `finalize after authorize with ${JSON.stringify(anew)}`);
    }
  });

  t.test('asks for what is wrong, and waits on', async (t) => {
    const { world, id } = waits();
    const asked = world.finalize(id, { data: { billing_address: { ...elsa, postal_code: '411' } } });
    t.strictSame(bodyOf(asked), {
      approved: false,
      show_form: true,
      error: { invalid_fields: ['billing_address.postal_code'] },
    });
    t.equal(accepted(asked).because?.rule, 'person-postal-code');
    const done = world.finalize(id, { data: { billing_address: elsa } });
    t.equal(bodyOf(done).authorization_token, 'authorization-1');
    t.strictSame(world.get('authorization', 'authorization-1').choice, choice);
  });

  t.test('refuses data that a session may not have', async (t) => {
    const { world, id } = waits();
    const text = 'order_amount: given 1, expected 10000, the sum of all total_amount';
    const wrong = { data: { order_amount: 1 } };
    refuses(t, world.finalize(id, wrong), badValue('order_amount', 'order-total', text));
  });
});

t.test('an authorization token', async (t) => {
  const uses: [string, (world: World, id: string, merchant?: string) => ReturnType<World['createOrder']>][] = [
    ['createOrder', (world, id, merchant) => world.createOrder(id, orderOf(), merchant)],
    ['createCustomerToken', (world, id, merchant) => world.createCustomerToken(id, tokenRequest(), merchant)],
    ['cancelAuthorization', (world, id, merchant) => world.cancelAuthorization(id, merchant)],
  ];
  const mixed = purchase({ intent: 'buy_and_default_tokenize' });

  for (const [operation, use] of uses) {
    t.test(`${operation} knows it for its merchant`, async (t) => {
      const world = new World();
      const { id } = world.authorization(mixed);
      const nobody = 'authorization token: given nobody, which no session of boots ever got';
      refuses(t, use(world, 'nobody'), invalidAuthorization('authorization-known', nobody));
      const others = `authorization token: given ${id}, which no session of shoes ever got`;
      refuses(t, use(world, id, 'shoes'), invalidAuthorization('authorization-known', others));
    });

    t.test(`${operation} takes it for 60 minutes`, async (t) => {
      const before = new World();
      const { id } = before.authorization(mixed);
      before.now = START + 60 * MINUTE - 1;
      t.ok(accepted(use(before, id)), 'one millisecond before the end');

      const after = new World();
      after.authorization(mixed);
      after.now = START + 60 * MINUTE;
      const text = `authorization ${id} ended 2026-03-02T10:00:00.000Z; it is now 2026-03-02T10:00:00.000Z`;
      refuses(t, use(after, id), invalidAuthorization('authorization-lifetime', text));
    });

    t.test(`${operation} refuses it once it is cancelled`, async (t) => {
      const world = new World();
      const { id } = world.authorization(mixed);
      world.cancelAuthorization(id);
      const text = `authorization ${id} was cancelled`;
      refuses(t, use(world, id), invalidAuthorization('authorization-released', text));
    });

    t.test(`${operation} refuses it when another completed the session`, async (t) => {
      const world = new World();
      const { id, session } = world.authorization(mixed);
      world.authorize(session);
      world.createOrder('authorization-2');
      refuses(t, use(world, id), completed('session session-1 was completed by order order-1'));
    });
  }

  t.test('is unknown without its session', async (t) => {
    const world = new World();
    const authorization = world.authorization();
    const on = { authorization, session: undefined, id: authorization.id, merchant: MERCHANT, now: START };
    const text = `authorization token: given ${authorization.id}, which no session of boots ever got`;
    const known = knownAuthorization(on);
    t.ok('refusal' in known);
    if ('refusal' in known) refuses(t, known, invalidAuthorization('authorization-known', text));
  });

  t.test('can be cancelled while it is not an order', async (t) => {
    const world = new World();
    const authorization = world.authorization();
    const { authorization: shown, ...session } = world.get('session', authorization.session);
    t.equal(shown, authorization.id);
    const cancelled = world.cancelAuthorization(authorization.id);
    t.strictSame(accepted(cancelled).answer, { status: 204, body: undefined });
    t.strictSame(cancelled.changes, [{ put: { ...authorization, released: true } }, { put: session }]);
    t.strictSame(cancelled.effects, []);
    t.equal(bodyOf(world.authorize(authorization.session)).approved, true, 'the session goes on');
  });

  t.test('cannot be cancelled once it is an order, not even when its time is over', async (t) => {
    const world = new World();
    const { id } = world.authorization();
    world.createOrder(id);
    const expected: Expected = [
      404,
      'NOT_FOUND',
      ['Authorization cannot be deleted'],
      'authorization-used',
      `authorization ${id} became order order-1`,
    ];
    refuses(t, world.cancelAuthorization(id), expected);
    world.now += 61 * MINUTE;
    refuses(t, world.cancelAuthorization(id), expected);
  });
});

t.test('createOrder', async (t) => {
  t.test('places the order and completes the session', async (t) => {
    const world = new World();
    const authorization = world.authorization();
    const session = world.get('session', authorization.session);
    world.now += MINUTE;
    const body = orderOf({ merchant_reference1: 'SHOP-1', shipping_address: parcelShop });
    const placed = world.createOrder(authorization.id, body);
    t.strictSame(accepted(placed).answer, {
      status: 200,
      body: { order_id: 'order-1', fraud_status: 'ACCEPTED', authorized_payment_method: { type: 'pay_by_card' } },
    });
    t.strictSame(placed.effects, []);
    t.strictSame(placed.changes, [
      {
        put: {
          kind: 'order',
          id: 'order-1',
          merchant: MERCHANT,
          created_at: START + MINUTE,
          klarna_reference: 'REF of order-1',
          session: session.id,
          fraud_status: 'ACCEPTED',
          data: { ...body, locale: 'sv-SE', ...authorization.shopper, shipping_address: parcelShop, merchant_urls: {} },
          choice: authorization.choice,
          method: {
            type: 'pay_by_card',
            card: { brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' },
          },
          original_amount: 10000,
          authorized_until: Date.UTC(2026, 2, 30),
          captures: [],
          refunds: [],
          shipping_info: [],
          done: {},
        },
      },
      { put: { ...authorization, placed: { order: 'order-1', body } } },
      { put: { ...session, order: 'order-1' } },
    ]);
  });

  t.test('completes the session for everything but reading', async (t) => {
    const world = new World();
    const { id, session } = world.authorization();
    world.createOrder(id);
    const expected = completed('session session-1 was completed by order order-1');
    refuses(t, world.updateSession(session, {}), expected, 'updateSession');
    refuses(t, world.authorize(session), expected, 'authorizeSession');
    refuses(t, world.finalize(session), expected, 'finalizeSession');
    t.equal(bodyOf(world.readSession(session)).status, 'complete');
  });

  t.test('the same body again gets the same order, any other body none', async (t) => {
    const world = new World();
    const { id } = world.authorization(purchase({ merchant_urls: { confirmation: 'https://shop.test/thanks' } }));
    const first = world.createOrder(id);
    for (const after of [1, 60 * MINUTE, 72 * HOUR]) {
      world.now = START + after;
      const again = world.createOrder(id);
      t.strictSame(accepted(again).answer, accepted(first).answer);
      t.strictSame([again.changes, again.effects, accepted(again).again], [[], [], true]);
    }
    t.notOk('again' in first);
    const expected: Expected = [
      409,
      'BAD_VALUE',
      ['The order has been already completed with different request body'],
      'order-same-body',
      `authorization ${id} became order order-1 with another body`,
    ];
    refuses(t, world.createOrder(id, orderOf({ merchant_reference1: 'B' })), expected);
    refuses(t, world.createOrder(id, orderOf({ order_lines: [line({ name: 'Wax' })] })), expected, 'other lines');
    t.strictSame(accepted(world.createOrder(id)).answer, accepted(first).answer, 'that does not stick');
    t.equal(world.all('order').length, 1);
  });

  t.test('never places an order again, even when the order is no longer kept', async (t) => {
    const world = new World();
    const authorization = world.authorization();
    world.put({ ...authorization, placed: { order: 'order-0', body: orderOf() } });
    world.put({ ...world.get('session', authorization.session), order: 'order-0' });
    const expected = completed('session session-1 was completed by order order-0');
    refuses(t, world.createOrder(authorization.id), expected);
  });

  t.test('a body that breaks a rule is refused before anything else, and that does not stick', async (t) => {
    const world = new World();
    const { id } = world.authorization();
    const total = 'order_amount: given 1, expected 10000, the sum of all total_amount';
    const wrong = orderOf({ order_amount: 1 });
    refuses(t, world.createOrder('nobody', wrong), badValue('order_amount', 'order-total', total));
    refuses(t, world.createOrder(id, wrong), badValue('order_amount', 'order-total', total));
    const currency = 'purchase_currency: given SEK, expected EUR, the currency of DE';
    const abroad = { ...wrong, billing_address: { country: 'DE' } };
    refuses(t, world.createOrder(id, abroad), badValue('purchase_currency', 'market-currency', currency));
    const country = orderOf({ purchase_country: 'NO' });
    const krone = 'purchase_currency: given SEK, expected NOK, the currency of NO';
    refuses(t, world.createOrder(id, country), badValue('purchase_currency', 'market-currency', krone));
    t.equal(bodyOf(world.createOrder(id, orderOf({ locale: 'de-DE' }))).order_id, 'order-1', 'any locale passes');
    refuses(t, world.createOrder(id, wrong), badValue('order_amount', 'order-total', total), 'even after the order');
  });

  t.test('is not for a session that only tokenizes', async (t) => {
    const world = new World();
    const { id } = world.authorization(purchase({ intent: 'tokenize' }));
    const text = 'session session-1 has intent tokenize; create a customer token instead';
    const expected: Expected = [403, 'INVALID_OPERATION', [], 'intent-order', text];
    refuses(t, world.createOrder(id), expected);
    refuses(t, world.createOrder(id, orderOf({ order_tax_amount: 1999 })), expected, 'before it looks for differences');
  });

  t.test('is for every other intent', async (t) => {
    for (const intent of ['buy', 'buy_and_tokenize', 'buy_and_default_tokenize', 'buy_and_link'] as const) {
      const world = new World();
      const { id } = world.authorization(purchase({ intent }));
      t.equal(bodyOf(world.createOrder(id)).order_id, 'order-1', intent);
    }
  });

  t.test('goes by what the session was when it was authorized', async (t) => {
    const world = new World();
    const { id, session } = world.authorization();
    world.updateSession(session, {
      order_amount: 5000,
      order_tax_amount: 1000,
      order_lines: [line({ quantity: 1, total_amount: 5000, total_tax_amount: 1000 })],
    });
    world.updateSession(session, { intent: 'tokenize' });
    t.equal(bodyOf(world.createOrder(id)).order_id, 'order-1');
  });

  t.test('a refusal that sticks is met again by every later attempt', async (t) => {
    const world = new World();
    const authorization = world.authorization();
    const because = { rule: 'shopper-decision', text: 'Klarna said no' } as const;
    world.put({ ...authorization, refused: { error: 'REJECTED', messages: ['Rejected'], because } });
    const text = `authorization ${authorization.id} was refused before: Klarna said no`;
    const expected: Expected = [403, 'REJECTED', ['Rejected'], 'refusal-sticks', text];
    refuses(t, world.createOrder(authorization.id), expected);
    refuses(t, world.createOrder(authorization.id, orderOf({ order_tax_amount: 1999 })), expected, 'another body');
    world.now += 60 * MINUTE;
    t.match(
      world.createOrder(authorization.id),
      { because: { rule: 'authorization-lifetime' } },
      'until its time is over',
    );
  });

  t.test('is refused as a scenario says, and some of that sticks', async (t) => {
    const because = { rule: 'scenario-outcome', text: 'as a scenario says' } as const;
    for (const [error, status, code, message, sticks] of [
      ['REJECTED', 403, 'REJECTED', 'Rejected', true],
      ['NOT_MATCHING', 409, 'BAD_VALUE', 'Not matching fields: [billing_address.postal_code]', true],
      ['INTERNAL_SERVER_ERROR', 500, 'INTERNAL_SERVER_ERROR', 'Internal error', false],
      ['BAD_VALUE', 400, 'BAD_VALUE', 'Bad value: order_lines', false],
    ] as const) {
      const world = new World();
      const authorization = world.authorization();
      const { id } = authorization;
      const other = world.createOrder(id, orderOf({ order_amount: 1 }), MERCHANT, { error, because });
      t.equal(wordsOf(other)[3], 'order-total', 'what is wrong by itself goes before');
      const refused = world.createOrder(id, orderOf(), MERCHANT, { error, because });
      t.strictSame(wordsOf(refused), [status, code, [message], because.rule, because.text], error);
      const kept = { ...authorization, refused: { error, messages: [message], because } };
      t.strictSame(refused.changes, sticks ? [{ put: kept }] : [], error);
      const next = world.createOrder(id);
      if (!sticks) t.equal(bodyOf(next).order_id, 'order-1', error);
      else {
        const text = `authorization ${id} was refused before: as a scenario says`;
        refuses(t, next, [status, code, [message], 'refusal-sticks', text], error);
      }
    }
  });

  t.test('captures at once when it is told to', async (t) => {
    for (const [auto_capture, status] of [
      [true, 'CAPTURED'],
      [false, 'AUTHORIZED'],
      [undefined, 'AUTHORIZED'],
    ] as const) {
      const world = new World();
      const { id } = world.authorization();
      world.now += MINUTE;
      const placed = world.createOrder(id, orderOf({ auto_capture, shipping_address: parcelShop }));
      t.equal(world.state(placed).status, status, String(auto_capture));
      const all = {
        id: 'capture of order-1',
        klarna_reference: 'REF of order-1-1',
        amount: 10000,
        refunded: 0,
        at: START + MINUTE,
        order_lines: [],
        shipping_address: parcelShop,
        shipping_info: [],
      };
      t.strictSame(world.orderOf(placed).captures, auto_capture ? [all] : []);
    }
  });

  t.test('sends the shopper on only where there is a confirmation page', async (t) => {
    const confirmation = 'https://shop.test/thanks';
    const redirect = `${BASE}/kp/v1/sessions/session-1/redirect`;
    const urls = (session: SessionData['merchant_urls'], order: SessionData['merchant_urls']) => {
      const world = new World();
      const { id } = world.authorization(purchase({ merchant_urls: session }));
      const placed = world.createOrder(id, orderOf({ merchant_urls: order }));
      t.strictSame(bodyOf(world.createOrder(id, orderOf({ merchant_urls: order }))), bodyOf(placed), 'again');
      return [bodyOf(placed).redirect_url, world.orderOf(placed).data.merchant_urls];
    };
    t.strictSame(urls({ confirmation }, undefined), [redirect, { confirmation }]);
    t.strictSame(urls(undefined, { confirmation }), [redirect, { confirmation }]);
    t.strictSame(urls(undefined, undefined), [undefined, {}]);
    const push = 'https://shop.test/push';
    t.strictSame(urls({ push }, undefined), [undefined, { push }]);
    t.strictSame(urls({ confirmation: 'https://old.test', push }, { confirmation }), [
      redirect,
      { confirmation, push },
    ]);
  });

  t.test('is told to the shop where it asked for it, once', async (t) => {
    const world = new World();
    const { id } = world.authorization(
      purchase({ merchant_urls: { push: 'https://shop.test/{session.id}/{order.id}' } }),
    );
    world.now += MINUTE;
    const placed = world.createOrder(id);
    const onlyIf = { is: 'unacknowledged', order: 'order-1' };
    const url = 'https://shop.test/session-1/order-1';
    t.strictSame(placed.effects, [{ on: 'push', url, at: START + MINUTE, onlyIf }]);
    t.strictSame(world.createOrder(id).effects, []);
  });

  t.test('keeps the billing address of the order, or else the shopper’s', async (t) => {
    const named = new World();
    const { id } = named.authorization();
    t.strictSame(named.orderOf(named.createOrder(id, orderOf({ billing_address: elsa }))).data.billing_address, elsa);
    const silent = new World();
    silent.authorization(purchase({ billing_address: elsa }));
    t.strictSame(silent.orderOf(silent.createOrder(id)).data.billing_address, elsa);
  });
});

t.test('an order says of the shopper what it is told, and for the rest what is known', async (t) => {
  const world = new World();
  const customer = { date_of_birth: '1987-05-14', gender: 'female' };
  const { id } = world.authorization(purchase({ shipping_address: parcelShop, customer }));
  const { data } = world.orderOf(world.createOrder(id, orderOf({ locale: 'en-SE', customer: { gender: 'male' } })));
  t.strictSame(data, {
    ...orderOf(),
    locale: 'en-SE',
    customer: { ...samplePerson('SE').customer, date_of_birth: '1987-05-14', gender: 'male' },
    billing_address: samplePerson('SE').billing_address,
    shipping_address: parcelShop,
    merchant_urls: {},
  });
});

t.test('a pending fraud check', async (t) => {
  const american = (suffix: string, more: SessionData = {}) =>
    purchase({
      purchase_country: 'US',
      purchase_currency: 'USD',
      locale: 'en-US',
      billing_address: { ...samplePerson('US').billing_address, email: `customer+us+${suffix}@klarna.com` },
      ...more,
    });
  const order = orderOf({ purchase_country: 'US', purchase_currency: 'USD' });
  const notification = 'https://shop.test/fraud?session={session.id}&order={order.id}';

  for (const [suffix, becomes, minutes] of [
    ['pend-accept-05', 'ACCEPTED', 5],
    ['pend-reject-10', 'REJECTED', 10],
  ] as const) {
    t.test(`${suffix} ends by itself and is told`, async (t) => {
      const world = new World();
      const { id, pending } = world.authorization(
        american(suffix, { merchant_urls: { notification, push: 'https://shop.test/push' } }),
      );
      t.strictSame(pending, { becomes, after: minutes * MINUTE });
      world.now += HOUR / 2;
      const end = world.now + minutes * MINUTE;
      const placed = world.createOrder(id, { ...order, auto_capture: true });
      t.equal(bodyOf(placed).fraud_status, 'PENDING');
      t.matchLists(placed.effects, [
        { on: 'push', at: world.now },
        {
          on: 'notification',
          url: 'https://shop.test/fraud?session=session-1&order=order-1',
          body: { order_id: 'order-1', event_type: `FRAUD_RISK_${becomes}` },
          at: end,
          onlyIf: { is: 'verdict', order: 'order-1', verdict: becomes, at: end },
        },
      ]);
      const record = world.orderOf(placed);
      t.strictSame(record.fraud_later, { verdict: becomes, at: end });
      t.equal(record.fraud_status, 'PENDING');
      t.equal(world.state(placed).status, 'AUTHORIZED', 'nothing is captured before it ended');
      t.equal(fraudStatusAt(record, end - 1), 'PENDING');
      t.equal(fraudStatusAt(record, end), becomes);

      world.now = end - 1;
      t.equal(bodyOf(world.createOrder(id, { ...order, auto_capture: true })).fraud_status, 'PENDING');
      world.now = end;
      const again = world.createOrder(id, { ...order, auto_capture: true });
      t.equal(bodyOf(again).fraud_status, becomes);
      t.strictSame(again.effects, [], 'and is told once');
    });
  }

  t.test('ends as a scenario says, whatever the address', async (t) => {
    const world = new World();
    const { id } = world.authorization(american('pend-accept-05', { merchant_urls: { notification } }));
    const because = { rule: 'scenario-outcome', text: 'as a scenario says' } as const;
    const placed = world.createOrder(id, order, MERCHANT, { fraud: { status: 'ACCEPTED' }, because });
    t.equal(bodyOf(placed).fraud_status, 'ACCEPTED');
    t.strictSame(placed.effects, []);
    t.notOk('fraud_later' in world.orderOf(placed));
  });

  t.test('is not told where nobody asked', async (t) => {
    const world = new World();
    const { id } = world.authorization(american('pend-accept-05'));
    const placed = world.createOrder(id, order);
    t.strictSame(placed.effects, []);
    t.equal(bodyOf(placed).fraud_status, 'PENDING');
  });

  t.test('an order that waits for none is not told about', async (t) => {
    const world = new World();
    const { id } = world.authorization(purchase({ merchant_urls: { notification } }));
    const placed = world.createOrder(id);
    t.strictSame(placed.effects, []);
    t.equal(fraudStatusAt(world.orderOf(placed), START + 72 * HOUR), 'ACCEPTED');
    t.notOk('fraud_later' in world.orderOf(placed));
  });

  t.test(
    'whatever Klarna says later is said once, at its time, and stopped reads so in Order Management alone',
    (t) => {
      holds(
        t,
        fc.property(
          fc.constantFrom(
            ...(['ACCEPTED', 'REJECTED', 'STOPPED'] as const).map(
              (verdict) => ({ status: 'PENDING', verdict }) as const,
            ),
            { status: 'ACCEPTED', verdict: 'STOPPED' } as const,
          ),
          fc.integer({ min: 1, max: 400 * DAY }),
          fc.boolean(),
          ({ status, verdict }, after, auto_capture) => {
            const world = new World();
            const { id } = world.authorization(purchase({ merchant_urls: { notification } }));
            const at = world.now + after;
            const because = { rule: 'scenario-outcome', text: 'as a scenario says' } as const;
            const body = orderOf({ auto_capture });
            const placed = world.createOrder(id, body, MERCHANT, {
              fraud: { status, later: { verdict, at } },
              because,
            });
            const said = placed.effects.map((callback) => [callback.on, callback.body?.event_type, callback.at]);
            assert.deepEqual(said, [['notification', `FRAUD_RISK_${verdict}`, at]]);
            const record = world.orderOf(placed);
            assert.equal(bodyOf(placed).fraud_status, status);
            assert.equal(world.state(placed).status, auto_capture && status === 'ACCEPTED' ? 'CAPTURED' : 'AUTHORIZED');
            assert.equal(fraudStatusAt(record, at - 1), status);
            assert.equal(fraudStatusAt(record, at), verdict);
            world.now = at;
            const again = world.createOrder(id, body);
            assert.equal(bodyOf(again).fraud_status, verdict === 'STOPPED' ? 'REJECTED' : verdict);
            assert.deepEqual([again.changes, again.effects], [[], []]);
          },
        ),
      );
      t.end();
    },
  );
});

t.test('an order that recovers a charge', async (t) => {
  const setUp = (shopper = {}) => {
    const world = new World();
    const token = world.token({ intent: 'buy_and_default_tokenize' });
    world.put({ ...token, step_ups: ['step-up-1', 'step-up-2', 'step-up-3'] });
    const body = purchase({
      intent: 'buy_and_default_tokenize',
      step_up_id: 'step-up-2',
      customer: { customer_token: token.id },
    });
    return { world, token, authorization: world.authorization(body, shopper) };
  };
  const debit = { type: 'direct_debit', masked_number: '**********7788' } as const;

  t.test('makes the token pay as the shopper chose now', async (t) => {
    const { world, token, authorization } = setUp({ payment_option: 'financing', funding_source: debit });
    const placed = world.createOrder(authorization.id);
    t.match(bodyOf(placed).authorized_payment_method, { type: 'fixed_sum_credit' });
    t.equal(placed.changes.length, 4);
    t.strictSame(world.get('customer_token', token.id), {
      ...token,
      method: { type: 'direct_debit', direct_debit: { masked_number: '**********7788' } },
      step_ups: ['step-up-1', 'step-up-3'],
    });
  });

  t.test('leaves a cancelled token as it is', async (t) => {
    const { world, token, authorization } = setUp({ funding_source: debit });
    world.updateCustomerTokenStatus(token.id);
    const cancelled = world.get('customer_token', token.id);
    t.equal(bodyOf(world.createOrder(authorization.id)).order_id, 'order-1');
    t.strictSame(world.get('customer_token', token.id), cancelled);
  });

  t.test('goes through without the token', async (t) => {
    const { world, authorization } = setUp();
    const session = world.get('session', authorization.session);
    world.put({ ...session, recovers: { token: 'gone', step_up_id: 'step-up-2' } });
    t.equal(world.createOrder(authorization.id).changes.length, 3);
  });

  t.test('any other order leaves the tokens alone', async (t) => {
    const world = new World();
    const token = world.token();
    t.equal(world.createOrder(world.authorization().id).changes.length, 3);
    t.strictSame(world.get('customer_token', token.id), token);
  });
});
