import type { ErrorName } from '../../../src/klarna/catalogue/errors.js';
import { samplePerson } from '../../../src/klarna/catalogue/people.js';
import type { Refused } from '../../../src/klarna/decision.js';
import type { Address, CustomerTokenRecord, TokenOrderRequest } from '../../../src/klarna/records.js';
import type { Scripted } from '../../../src/klarna/scripted.js';
import { HOUR, MINUTE } from '../../../src/klarna/time.js';
import { createCustomerTokenOrder } from '../../../src/klarna/tokens/charges.js';
import t from '../../tap.js';
import {
  accepted,
  BASE,
  badValue,
  bodyOf,
  charge,
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

const elsa: Address = { given_name: 'Elsa', family_name: 'Lind', city: 'Göteborg', country: 'SE' };
const mixed = purchase({ intent: 'buy_and_default_tokenize' });
const visa = { brand: 'VISA', masked_number: '************1111', expiry_date: '12/2028' };

const notFound = (id: string): Expected => [
  404,
  'TOKEN_NOT_FOUND',
  ['Customer token not found'],
  'token-known',
  `customer token: given ${id}, which does not exist`,
];
const forbidden = (text: string): Expected => [403, 'TOKEN_FORBIDDEN', [], 'token-owner', text];
const notActive = (status: 'SUSPENDED' | 'CANCELLED'): Expected => [
  403,
  `TOKEN_${status}`,
  [],
  'token-active',
  `customer token customer_token-1 is ${status}, expected ACTIVE`,
];

t.test('createCustomerToken', async (t) => {
  t.test('makes a token of what the shopper chose', async (t) => {
    const world = new World();
    const authorization = world.authorization({ ...mixed, purchase_country: 'se', purchase_currency: 'sek' });
    world.now += MINUTE;
    const made = world.createCustomerToken(authorization.id, tokenRequest({ description: 'Monthly care' }));
    const { billing_address, customer } = samplePerson('SE');
    t.strictSame(accepted(made).answer, {
      status: 200,
      body: {
        token_id: 'customer_token-1',
        billing_address,
        customer: { date_of_birth: customer.date_of_birth },
      },
    });
    t.strictSame(made.effects, []);
    t.strictSame(made.changes, [
      {
        put: {
          kind: 'customer_token',
          id: 'customer_token-1',
          merchant: MERCHANT,
          created_at: START + MINUTE,
          status: 'ACTIVE',
          method: { type: 'pay_by_card', card: visa },
          intent: 'buy_and_default_tokenize',
          description: 'Monthly care',
          purchase_country: 'SE',
          purchase_currency: 'SEK',
          shopper: authorization.shopper,
          shared_with: [],
          step_ups: [],
        },
      },
      { put: { ...authorization, token: 'customer_token-1' } },
    ]);
  });

  t.test('answers the person that the account knows, not the one of the request', async (t) => {
    const world = new World();
    const person = { billing_address: elsa, customer: { date_of_birth: '1987-05-14', gender: 'female' } };
    const { id } = world.authorization({ ...mixed, ...person });
    const request = tokenRequest({ billing_address: { ...elsa, given_name: 'Johan' }, customer: { gender: 'male' } });
    t.match(bodyOf(world.createCustomerToken(id, request)), person);

    const { shopper } = world.get('authorization', id);
    world.put({ ...world.get('authorization', id), token: undefined, shopper: { ...shopper, customer: {} } });
    t.strictSame(bodyOf(world.createCustomerToken(id)).customer, {}, 'what it does not know is left out');
  });

  t.test('sends the shopper on only where there is a confirmation page', async (t) => {
    const world = new World();
    const { id } = world.authorization({ ...mixed, merchant_urls: { confirmation: 'https://shop.test/thanks' } });
    t.equal(bodyOf(world.createCustomerToken(id)).redirect_url, `${BASE}/kp/v1/sessions/session-1/redirect`);
    const other = world.authorization({ ...mixed, merchant_urls: { push: 'https://shop.test/push' } });
    t.notOk('redirect_url' in bodyOf(world.createCustomerToken(other.id)));
  });

  t.test('takes the URLs that the request names beside those of the session', async (t) => {
    const world = new World();
    const push = 'https://shop.test/push';
    const { id, session } = world.authorization({
      ...mixed,
      merchant_urls: { push, confirmation: 'https://old.test' },
    });
    const before = world.get('session', session);
    const named = tokenRequest({ merchant_urls: { confirmation: 'https://shop.test/thanks' } });
    const renamed = {
      ...before,
      data: { ...before.data, merchant_urls: { push, confirmation: 'https://shop.test/thanks' } },
    };
    const made = world.createCustomerToken(id, named);
    t.strictSame(made.changes.slice(2), [{ put: renamed }]);

    const again = world.createCustomerToken(id, tokenRequest({ merchant_urls: { push: 'https://shop.test/other' } }));
    t.strictSame(again.changes, [
      {
        put: {
          ...renamed,
          data: {
            ...renamed.data,
            merchant_urls: { push: 'https://shop.test/other', confirmation: 'https://shop.test/thanks' },
          },
        },
      },
    ]);
    t.strictSame(world.createCustomerToken(id).changes, [], 'a request that names none changes none');

    const bare = world.authorization(mixed);
    const sent = world.createCustomerToken(bare.id, named);
    t.equal(bodyOf(sent).redirect_url, `${BASE}/kp/v1/sessions/session-2/redirect`, 'which the session had not');
    t.equal(sent.changes.length, 3);
  });

  t.test('asked again, the same authorization gives the same token', async (t) => {
    const world = new World();
    const { id } = world.authorization(mixed);
    const first = world.createCustomerToken(id);
    const again = world.createCustomerToken(id, tokenRequest({ description: 'Something else' }));
    t.strictSame(accepted(again).answer, accepted(first).answer);
    t.strictSame([again.changes, again.effects, accepted(again).again], [[], [], true]);
    t.notOk('again' in first);
    world.updateCustomerTokenStatus('customer_token-1');
    t.strictSame(accepted(world.createCustomerToken(id)).answer, accepted(first).answer, 'a cancelled one too');
    t.equal(world.all('customer_token').length, 1);
  });

  t.test('goes before the order as well as after it', async (t) => {
    const before = new World();
    const { id } = before.authorization(mixed);
    const token = bodyOf(before.createCustomerToken(id)).token_id;
    t.equal(bodyOf(before.createOrder(id)).order_id, 'order-1');
    t.equal(bodyOf(before.createCustomerToken(id)).token_id, token, 'and is the same after it');

    const after = new World();
    after.authorization(mixed);
    after.createOrder(id);
    t.equal(bodyOf(after.createCustomerToken(id)).token_id, 'customer_token-1');
  });

  t.test('another authorization gives another token', async (t) => {
    const world = new World();
    const { id, session } = world.authorization(mixed);
    world.createCustomerToken(id);
    world.authorize(session);
    t.equal(bodyOf(world.createCustomerToken('authorization-2')).token_id, 'customer_token-2');
  });

  t.test('is in the country and currency of the session, as it was authorized', async (t) => {
    const world = new World();
    const { id, session } = world.authorization(mixed);
    const country = (given: string) =>
      `purchase_country: given ${given}, expected SE, the country of session session-1`;
    const currency = 'purchase_currency: given EUR, expected SEK, the currency of session session-1';
    const because = {
      country: ['purchase_country', 'token-country'],
      currency: ['purchase_currency', 'token-currency'],
    };
    const refusedFor = ([field, rule]: string[], text: string) => badValue(field ?? '', rule ?? '', text);
    world.updateSession(session, { purchase_country: 'DE', purchase_currency: 'EUR' });

    refuses(
      t,
      world.createCustomerToken(id, tokenRequest({ purchase_country: 'DE' })),
      refusedFor(because.country, country('DE')),
      'another country',
    );
    refuses(
      t,
      world.createCustomerToken(id, tokenRequest({ billing_address: { country: 'NO' }, purchase_country: 'SE' })),
      refusedFor(because.country, country('NO')),
      'a billing address elsewhere, whatever the purchase country',
    );
    refuses(
      t,
      world.createCustomerToken(id, tokenRequest({ purchase_currency: 'EUR' })),
      refusedFor(because.currency, currency),
      'another currency',
    );
    refuses(
      t,
      world.createCustomerToken(id, tokenRequest({ purchase_country: 'DE', purchase_currency: 'EUR' })),
      badValue('purchase_country, purchase_currency', 'token-country', `${country('DE')}; ${currency}`),
      'both',
    );
    const same = tokenRequest({ purchase_country: 'se', purchase_currency: 'sek', billing_address: { city: 'Malmö' } });
    t.equal(bodyOf(world.createCustomerToken(id, same)).token_id, 'customer_token-1', 'in any case');
  });

  t.test('is in the country of the billing address', async (t) => {
    const world = new World();
    const norwegian = { ...mixed, billing_address: { country: 'no' }, purchase_currency: 'NOK' };
    const { id } = world.authorization(norwegian);
    const text = 'purchase_country: given SE, expected NO, the country of session session-1';
    const refused = world.createCustomerToken(id, tokenRequest({ purchase_country: 'SE' }));
    refuses(t, refused, badValue('purchase_country', 'token-country', text));
    world.createCustomerToken(id);
    t.match(world.get('customer_token', 'customer_token-1'), { purchase_country: 'NO', purchase_currency: 'NOK' });
  });

  t.test('gives none for an order whose authorization is over', async (t) => {
    const world = new World();
    const { id } = world.authorization(mixed);
    world.createCustomerToken(id);
    world.now += HOUR;
    t.match(world.createCustomerToken(id), { because: { rule: 'authorization-lifetime' } }, 'not even the same again');
  });
});

t.test('a recovery session', async (t) => {
  const setUp = () => {
    const world = new World();
    const token = world.token({ intent: 'buy_and_tokenize' });
    world.put({ ...token, step_ups: ['step-up-1'] });
    const body = purchase({
      intent: 'buy_and_tokenize',
      step_up_id: 'step-up-1',
      customer: { customer_token: token.id },
    });
    return { world, token, authorization: world.authorization(body, { payment_option: 'pay_in_3' }) };
  };

  t.test('keeps the id of the token, and everything but how it pays', async (t) => {
    const { world, token, authorization } = setUp();
    const made = world.createCustomerToken(authorization.id, tokenRequest({ description: 'Other words' }));
    t.equal(bodyOf(made).token_id, token.id);
    t.strictSame(made.changes, [
      {
        put: {
          ...token,
          step_ups: ['step-up-1'],
          method: { type: 'slice_it_by_card', number_of_installments: 3 },
        },
      },
      { put: { ...authorization, token: token.id } },
    ]);
    const again = world.createCustomerToken(authorization.id);
    t.strictSame(accepted(again).answer, accepted(made).answer);
    t.strictSame(again.changes, []);
  });

  t.test('makes a new token where the old one is cancelled', async (t) => {
    const { world, token, authorization } = setUp();
    world.updateCustomerTokenStatus(token.id);
    t.equal(bodyOf(world.createCustomerToken(authorization.id)).token_id, 'customer_token-2');
    t.equal(world.get('customer_token', token.id).status, 'CANCELLED');
    t.matchLists(world.get('customer_token', 'customer_token-2'), {
      status: 'ACTIVE',
      step_ups: [],
      method: { type: 'slice_it_by_card' },
    });
  });

  t.test('leaves a suspended token suspended', async (t) => {
    const { world, token, authorization } = setUp();
    world.changeCustomerToken(token.id, { status: 'SUSPENDED' });
    world.createCustomerToken(authorization.id);
    t.match(world.get('customer_token', token.id), { status: 'SUSPENDED', method: { type: 'slice_it_by_card' } });
  });
});

t.test('a customer token is known to all merchants and used by its own and those it is shared with', async (t) => {
  const uses: [string, (world: World, id: string, merchant?: string) => ReturnType<World['charge']>][] = [
    ['readCustomerToken', (world, id, merchant) => world.readCustomerToken(id, merchant)],
    ['updateCustomerTokenStatus', (world, id, merchant) => world.updateCustomerTokenStatus(id, merchant)],
    ['createCustomerTokenOrder', (world, id, merchant) => world.charge(id, charge(), merchant)],
    ['changeCustomerToken', (world, id, merchant) => world.changeCustomerToken(id, { status: 'SUSPENDED' }, merchant)],
  ];
  for (const [operation, use] of uses) {
    const world = new World();
    const token = world.token();
    refuses(t, use(world, 'nobody'), notFound('nobody'), `${operation} of an unknown token`);
    const text = 'customer token customer_token-1 belongs to another merchant and is not shared with shoes';
    refuses(t, use(world, token.id, 'shoes'), forbidden(text), `${operation} by another merchant`);

    world.put({ ...token, shared_with: ['hats', 'shoes'] });
    if (operation === 'updateCustomerTokenStatus' || operation === 'changeCustomerToken') {
      const shared = 'customer token customer_token-1 is shared with shoes, but only its own merchant may change it';
      refuses(t, use(world, token.id, 'shoes'), forbidden(shared), `${operation} of a shared token`);
    } else {
      t.ok(accepted(use(world, token.id, 'shoes')), `${operation} of a shared token`);
    }
    t.ok(accepted(use(world, token.id)), `${operation} by its own merchant`);
  }
});

t.test('the life of a customer token', async (t) => {
  t.test('is read as it is', async (t) => {
    const world = new World();
    const { id } = world.token();
    const read = world.readCustomerToken(id);
    t.strictSame(accepted(read).answer, {
      status: 200,
      body: { payment_method_type: 'PAY_BY_CARD', status: 'ACTIVE', card: visa },
    });
    t.strictSame([read.changes, read.effects], [[], []]);
  });

  t.test('is suspended and taken up again', async (t) => {
    const world = new World();
    const token = world.token();
    const suspended = world.changeCustomerToken(token.id, { status: 'SUSPENDED' });
    t.strictSame(accepted(suspended).answer, { status: 200, body: { ...token, status: 'SUSPENDED' } });
    t.strictSame(suspended.changes, [{ put: { ...token, status: 'SUSPENDED' } }]);
    t.equal(bodyOf(world.readCustomerToken(token.id)).status, 'SUSPENDED');
    refuses(t, world.charge(token.id), notActive('SUSPENDED'));
    t.equal(bodyOf(world.changeCustomerToken(token.id, { status: 'ACTIVE' })).status, 'ACTIVE');
    t.equal(bodyOf(world.charge(token.id)).order_id, 'order-1');
  });

  t.test('is cancelled for good', async (t) => {
    const world = new World();
    const token = world.token();
    const cancelled = world.updateCustomerTokenStatus(token.id);
    t.strictSame(accepted(cancelled).answer, { status: 202, body: undefined });
    t.strictSame(cancelled.changes, [{ put: { ...token, status: 'CANCELLED' } }]);
    t.strictSame(cancelled.effects, []);
    t.equal(accepted(world.updateCustomerTokenStatus(token.id)).answer.status, 202, 'again');
    t.equal(bodyOf(world.readCustomerToken(token.id)).status, 'CANCELLED');
    refuses(t, world.charge(token.id), notActive('CANCELLED'));

    const text = 'customer token customer_token-1 is cancelled; create a new one';
    const final: Expected = [403, 'INVALID_OPERATION', [], 'token-final', text];
    refuses(t, world.changeCustomerToken(token.id, { status: 'ACTIVE' }), final, 'reactivating it');
    refuses(t, world.changeCustomerToken(token.id, { status: 'SUSPENDED' }), final, 'suspending it');
    t.equal(bodyOf(world.changeCustomerToken(token.id, { status: 'CANCELLED' })).status, 'CANCELLED');
    t.strictSame(bodyOf(world.changeCustomerToken(token.id, { shared_with: ['shoes'] })).shared_with, ['shoes']);
  });

  t.test('ends from any state', async (t) => {
    const world = new World();
    const { id } = world.token();
    world.changeCustomerToken(id, { status: 'SUSPENDED' });
    t.equal(accepted(world.updateCustomerTokenStatus(id)).answer.status, 202);
    t.equal(world.get('customer_token', id).status, 'CANCELLED');
  });

  t.test('outlasts session and authorization', async (t) => {
    const world = new World();
    const { id } = world.token();
    world.now += 1000 * 24 * HOUR;
    t.equal(bodyOf(world.charge(id)).order_id, 'order-1');
  });
});

t.test('createCustomerTokenOrder', async (t) => {
  t.test('places a new order each time', async (t) => {
    const world = new World();
    const token = world.token({ billing_address: elsa });
    world.now += MINUTE;
    const body = charge({ merchant_reference1: 'CARE-1', step_up: 'NOT_SUPPORTED', purchase_country: 'DE' });
    const placed = world.charge(token.id, { ...body, usage: 'anything' });
    t.strictSame(accepted(placed).answer, {
      status: 200,
      body: { authorized_payment_method: { type: 'pay_by_card' }, fraud_status: 'ACCEPTED', order_id: 'order-1' },
    });
    t.strictSame(placed.effects, []);
    const { step_up, ...data } = body;
    t.strictSame(placed.changes, [
      {
        put: {
          kind: 'order',
          id: 'order-1',
          merchant: MERCHANT,
          created_at: START + MINUTE,
          klarna_reference: 'REF of order-1',
          customer_token: token.id,
          fraud_status: 'ACCEPTED',
          data: { ...data, purchase_country: 'SE', billing_address: elsa, customer: token.shopper.customer },
          method: token.method,
          original_amount: 2500,
          authorized_until: Date.UTC(2026, 2, 30),
          captures: [],
          refunds: [],
          shipping_info: [],
          done: {},
        },
      },
    ]);
    t.equal(bodyOf(world.charge(token.id, body)).order_id, 'order-2');
  });

  t.test('tells the shop of the order where the charge asks for it', async (t) => {
    const world = new World();
    const { id } = world.token();
    const merchant_urls = { confirmation: 'https://shop.test/', push: 'https://shop.test/push?order={order.id}' };
    const placed = world.charge(id, charge({ merchant_urls }));
    const onlyIf = { is: 'unacknowledged', order: 'order-1' };
    t.strictSame(placed.effects, [{ on: 'push', url: 'https://shop.test/push?order=order-1', at: world.now, onlyIf }]);
  });

  t.test('captures at once when it is told to', async (t) => {
    const world = new World();
    const { id } = world.token();
    t.equal(world.state(world.charge(id, charge({ auto_capture: true }))).status, 'CAPTURED');
    t.equal(world.state(world.charge(id, charge({ auto_capture: false }))).status, 'AUTHORIZED');
  });

  t.test('sends the shopper on only where there is a confirmation page', async (t) => {
    const world = new World();
    const { id } = world.token();
    const confirmation = 'https://shop.test/thanks';
    const placed = world.charge(id, charge({ merchant_urls: { confirmation } }));
    t.equal(bodyOf(placed).redirect_url, `${BASE}/kp/v1/sessions/order-1/redirect`);
    t.notOk('redirect_url' in bodyOf(world.charge(id, charge({ merchant_urls: {} }))));
  });

  t.test('belongs to the merchant that asks', async (t) => {
    const world = new World();
    const token = world.token();
    world.put({ ...token, shared_with: ['shoes'] });
    t.equal(world.orderOf(world.charge(token.id, charge(), 'shoes')).merchant, 'shoes');
  });

  t.test('is in the currency of the token', async (t) => {
    const world = new World();
    const { id } = world.token();
    const text = 'purchase_currency: given EUR, expected SEK, the currency of the customer token';
    const expected: Expected = [403, 'PAYMENT_METHOD_CURRENCY_MISMATCH', [], 'charge-currency', text];
    refuses(t, world.charge(id, charge({ purchase_currency: 'EUR' })), expected);
    t.equal(bodyOf(world.charge(id, charge({ purchase_currency: 'sek' }))).order_id, 'order-1', 'in any case');
  });

  t.test('checks body, token, owner, state, currency and declines in this order', async (t) => {
    const world = new World();
    const token = world.token();
    world.put({
      ...token,
      merchant: 'shoes',
      status: 'SUSPENDED',
      declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 1 },
    });
    const wrong = charge({ order_amount: 1, purchase_currency: 'EUR' });
    const right: TokenOrderRequest = { ...wrong, order_amount: 2500 };
    const attachment = { content_type: 'application/vnd.klarna.internal.emd-v2+json', body: '[]' };
    const rules: string[] = [];
    const attempt = (id: string, body: TokenOrderRequest) => rules.push(wordsOf(world.charge(id, body))[3]);
    attempt('nobody', { ...wrong, attachment });
    attempt('nobody', { ...right, attachment });
    attempt('nobody', right);
    attempt(token.id, right);
    world.put({ ...world.get('customer_token', token.id), merchant: MERCHANT });
    attempt(token.id, right);
    world.put({ ...world.get('customer_token', token.id), status: 'ACTIVE' });
    attempt(token.id, right);
    t.match(world.get('customer_token', token.id).declines, { times: 1 }, 'no decline is spent on those');
    attempt(token.id, { ...right, purchase_currency: 'SEK' });
    t.strictSame(rules, [
      'order-total',
      'attachment',
      'token-known',
      'token-owner',
      'token-active',
      'charge-currency',
      'charge-declined',
    ]);
  });
});

t.test('a charge goes as a scenario says', async (t) => {
  const because = { rule: 'scenario-outcome', text: 'as a scenario says' } as const;
  const scripted = (token: CustomerTokenRecord, what: Omit<Scripted, 'because'>, body = charge()) =>
    createCustomerTokenOrder({
      token,
      id: token.id,
      merchant: MERCHANT,
      now: START,
      body,
      orderId: 'order-1',
      captureId: 'capture-1',
      reference: 'REF',
      stepUpId: 'step-up-1',
      base: BASE,
      scripted: { ...what, because },
    });

  t.test('is refused by it before a refusal that waits, which goes on waiting', async (t) => {
    const token = { ...new World().token(), declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 2 } as const };
    const error = 'UNAVAILABLE_PAYMENT_METHOD';
    const refused = scripted(token, { error }, charge({ step_up: 'SUPPORTED' }));
    t.strictSame(wordsOf(refused), [403, error, ['Purchase for payment method failed'], because.rule, because.text]);
    t.strictSame(refused.changes, [{ put: { ...token, step_ups: ['step-up-1'] } }]);
    const suspended = scripted({ ...token, status: 'SUSPENDED' }, { error });
    refuses(t, suspended, notActive('SUSPENDED'), 'what is wrong by itself goes before');
  });

  t.test('waits for the fraud check that it scripts, and is not captured before', async (t) => {
    const later = { verdict: 'REJECTED', at: START + HOUR } as const;
    const body = charge({ auto_capture: true });
    const placed = scripted(new World().token(), { fraud: { status: 'PENDING', later } }, body);
    t.equal(bodyOf(placed).fraud_status, 'PENDING');
    t.matchLists(placed.changes, [{ put: { fraud_status: 'PENDING', fraud_later: later, captures: [] } }]);
  });
});

t.test('a charge that is told to be refused', async (t) => {
  const failed = ['Purchase for payment method failed'];
  const declining = (error_code: ErrorName, times: number, more: Partial<CustomerTokenRecord> = {}) => {
    const world = new World();
    const token = world.token({ intent: 'buy_and_default_tokenize' });
    world.put({ ...token, ...more });
    world.changeCustomerToken(token.id, { declines: { error_code, times } });
    return { world, token: world.get('customer_token', token.id) };
  };
  const text = (error: string, more: number) =>
    `the charge of customer token customer_token-1 was told to be refused with ${error}, ${more} more after it`;
  const extraOf = (decision: unknown) => (decision as Refused).refusal.extra;

  for (const error of ['PAYMENT_METHOD_FAILED', 'UNAVAILABLE_PAYMENT_METHOD'] as const) {
    t.test(`${error} says how it would have paid`, async (t) => {
      const { world, token } = declining(error, 2);
      const { declines, ...free } = token;
      t.strictSame(declines, { error_code: error, times: 2 });
      const extra = {
        fraud_status: 'REJECTED',
        reason: 'Purchase for payment method failed',
        authorized_payment_method: { type: 'card' },
      };

      const first = world.charge(token.id);
      t.strictSame(wordsOf(first), [403, error, failed, 'charge-declined', text(error, 1)]);
      t.strictSame(extraOf(first), extra);
      t.strictSame(first.changes, [{ put: { ...free, declines: { error_code: error, times: 1 } } }]);
      t.strictSame(first.effects, []);

      const second = world.charge(token.id);
      t.strictSame(wordsOf(second), [403, error, failed, 'charge-declined', text(error, 0)]);
      t.strictSame(second.changes, [{ put: free }]);
      t.equal(bodyOf(world.charge(token.id)).order_id, 'order-1', 'the third goes through');
    });

    t.test(`${error} hands out a step-up where the shop supports it`, async (t) => {
      const { world, token } = declining(error, 3, { step_ups: ['earlier'] });
      const refused = world.charge(token.id, charge({ step_up: 'SUPPORTED' }));
      t.match(extraOf(refused), { step_up_id: 'step-up-1', authorized_payment_method: { type: 'card' } });
      t.strictSame(world.get('customer_token', token.id).step_ups, ['earlier', 'step-up-1']);
      for (const step_up of ['NOT_SUPPORTED', undefined] as const) {
        t.notOk('step_up_id' in (extraOf(world.charge(token.id, charge({ step_up }))) ?? {}), String(step_up));
      }
      t.strictSame(world.get('customer_token', token.id).step_ups, ['earlier', 'step-up-1']);
      t.equal(bodyOf(world.charge(token.id, charge({ step_up: 'SUPPORTED' }))).order_id, 'order-1');
    });
  }

  t.test('names the method of a token that no card backs', async (t) => {
    const world = new World();
    const { id } = world.token({}, { payment_option: 'pay_later' });
    world.changeCustomerToken(id, { declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 1 } });
    t.match(extraOf(world.charge(id)), { authorized_payment_method: { type: 'invoice' } });
  });

  t.test('offers no step-up where the token was made with a subscription object', async (t) => {
    const world = new World();
    const subscription = { name: 'Boot care', interval: 'MONTH', interval_count: 1 } as const;
    const token = world.token({ order_lines: [line({ subscription })] });
    t.equal(token.subscription, true);
    t.notOk('subscription' in world.token(), 'made without');
    world.changeCustomerToken(token.id, { declines: { error_code: 'PAYMENT_METHOD_FAILED', times: 2 } });
    const refused = world.charge(token.id, charge({ step_up: 'SUPPORTED' }));
    t.notOk('step_up_id' in (extraOf(refused) ?? {}));
    t.strictSame(world.get('customer_token', token.id).step_ups, []);
    t.match(
      (refused as Refused).because.text,
      /1 more after it; no step_up_id, since the token was made with a subscription object$/,
    );
    t.match((world.charge(token.id) as Refused).because.text, /0 more after it$/, 'nobody asked');
  });

  t.test('remembers 100 step-ups, the newest', async (t) => {
    const { world, token } = declining('PAYMENT_METHOD_FAILED', 1000);
    const supported = charge({ step_up: 'SUPPORTED' });
    for (let count = 1; count <= 100; count += 1) world.charge(token.id, supported);
    const full = Array.from({ length: 100 }, (_, index) => `step-up-${index + 1}`);
    t.strictSame(world.get('customer_token', token.id).step_ups, full);
    world.charge(token.id, supported);
    t.strictSame(world.get('customer_token', token.id).step_ups, [...full.slice(1), 'step-up-101']);
    t.strictSame(world.all('order'), []);
  });

  for (const [error, status, messages] of [
    ['INTERNAL_SERVER_ERROR', 500, ['Internal error']],
    ['SERVICE_UNAVAILABLE', 503, []],
    ['PAYMENT_METHOD_CURRENCY_MISMATCH', 403, []],
  ] as const) {
    t.test(`${error} says nothing more, and offers no step-up`, async (t) => {
      const { world, token } = declining(error, 2);
      const { declines: _, ...free } = token;
      const refused = world.charge(token.id, charge({ step_up: 'SUPPORTED' }));
      t.strictSame(wordsOf(refused), [status, error, [...messages], 'charge-declined', text(error, 1)]);
      t.notOk('extra' in (refused as Refused).refusal);
      t.strictSame(refused.changes, [{ put: { ...free, declines: { error_code: error, times: 1 } } }]);
      t.strictSame(world.charge(token.id).changes, [{ put: free }]);
      t.equal(bodyOf(world.charge(token.id)).order_id, 'order-1', 'the third goes through');
    });
  }

  t.test('is made good by a session with its step-up', async (t) => {
    const { world, token } = declining('UNAVAILABLE_PAYMENT_METHOD', 1);
    const { step_up_id } = extraOf(world.charge(token.id, charge({ step_up: 'SUPPORTED' }))) as { step_up_id: string };
    const funding_source = { type: 'card', brand: 'MASTERCARD', masked_number: '************4242' } as const;
    const { id } = world.authorization(
      { ...mixed, step_up_id, customer: { customer_token: token.id } },
      { funding_source },
    );
    t.equal(bodyOf(world.createOrder(id, orderOf())).order_id, 'order-1');
    t.match(bodyOf(world.readCustomerToken(token.id)), {
      status: 'ACTIVE',
      card: { brand: 'MASTERCARD', masked_number: '************4242' },
    });
    const again = purchase({ step_up_id, customer: { customer_token: token.id } });
    t.match(world.createSession(again), { because: { rule: 'step-up-known' } }, 'which is used up by that');
  });
});
