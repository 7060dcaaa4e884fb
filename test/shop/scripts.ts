import { basic, boots, care, charge, purchase, tokenRequest } from '../contract/sandbox.js';
import {
  account,
  charged,
  emd,
  monthly,
  onDemand,
  pending,
  person,
  plan,
  planned,
  signUp,
  type Twins,
  twoLines,
} from './carts.js';
import { twins as ofRequests } from './request-scripts.js';

/** The twins of every practice, by its id. */
export const twins: Record<string, Twins> = {
  'practice/live-key': {
    careless: (shop, { merchant }) =>
      shop.call('createSession', {
        headers: { authorization: basic(merchant, 'klarna_live_api_Ym9vdHM') },
        body: purchase,
      }),
    careful: (shop, { merchant }) =>
      shop.call('createSession', {
        headers: { authorization: basic(merchant, 'klarna_test_api_Ym9vdHM') },
        body: purchase,
      }),
  },
  'practice/personal-data-at-session': {
    careless: (shop) => shop.order({ billing_address: person }),
    careful: async (shop) => {
      const path = await shop.authorize(
        { billing_address: { country: 'SE', given_name: '' } },
        {
          data: { billing_address: person },
        },
      );
      await shop.call('createOrder', { path, body: purchase });
    },
    also: [(shop) => shop.order({ customer: { date_of_birth: '1987-05-14' } })],
  },
  'practice/session-not-updated': {
    careless: async (shop) => {
      await shop.call('createSession', { body: { ...purchase, merchant_reference1: 'CART-7' } });
      await shop.order({ merchant_reference1: 'CART-7' });
    },
    careful: async (shop) => {
      const cart = { ...purchase, merchant_reference1: 'CART-7' };
      const { body: path } = await shop.call('createSession', { body: cart });
      await shop.call('updateSession', { path, body: { order_lines: [{ ...boots, name: 'Boots' }] } });
      await shop.call('createSession', { body: { ...purchase, merchant_reference1: 'CART-8' } });
      await shop.later('P2D');
      await shop.order({ merchant_reference1: 'CART-7' });
    },
  },
  'practice/mixed-lines': {
    careless: (shop) => shop.token(twoLines),
    careful: (shop) => charged(shop, {}, planned),
    also: [
      async (shop) => {
        const { body } = await shop.call('createSession', {
          body: { ...purchase, intent: 'buy_and_default_tokenize' },
        });
        const path = { session_id: body.session_id };
        await shop.call('updateSession', { path, body: twoLines });
      },
      async (shop) => {
        const { body } = await shop.call('createSession', {
          body: { ...purchase, intent: 'buy_and_default_tokenize' },
        });
        await shop.call('authorizeSession', { path: body, body: { data: twoLines } });
      },
    ],
  },
  'practice/authorization-left-open': {
    careless: (shop) => shop.authorize(),
    careful: async (shop) => {
      const path = await shop.authorize();
      await shop.call('cancelAuthorization', { path });
      const again = await shop.authorize({ merchant_reference1: 'CART-8' });
      await shop.call('authorizeSession', { path: again });
      const { body } = await shop.call('listAuthorizations');
      await shop.call('cancelAuthorization', { path: { authorizationToken: body.items[0].authorization_token } });
      await shop.token(signUp);
    },
    also: [
      async (shop) => {
        const path = await shop.authorize({ intent: 'buy_and_tokenize' });
        await shop.call('createCustomerToken', { path, body: tokenRequest });
      },
      (shop) => shop.authorize(signUp),
    ],
  },
  'practice/attachment': {
    careless: (shop) => shop.order(emd({ Subscription: [] })),
    careful: async (shop) => {
      const path = await shop.authorize(emd(account), { data: emd(account) });
      await shop.call('createOrder', { path, body: purchase });
      await charged(shop, {}, { ...planned, ...emd(account) });
    },
    also: [
      async (shop) => {
        const path = await shop.authorize({}, { data: emd({ purchase_history_full: [] }) });
        await shop.call('createOrder', { path, body: purchase });
      },
      (shop) => charged(shop, {}, { ...planned, ...emd({ loyalty: 7 }) }),
    ],
  },
  'practice/step-up-of-subscription': {
    careless: (shop) => charged(shop, signUp, { ...planned, step_up: 'SUPPORTED' }),
    careful: async (shop) => {
      await charged(shop, signUp, { ...planned, step_up: 'NOT_SUPPORTED' });
      await charged(shop, onDemand, { ...charge, step_up: 'SUPPORTED' });
    },
  },
  'practice/order-on-other-cart': {
    careless: async (shop) => {
      const path = await shop.authorize();
      const more = { order_lines: [boots, care], order_amount: 10900, order_tax_amount: 2180 };
      await shop.call('createOrder', { path, body: { ...purchase, ...more } });
    },
    careful: async (shop) => {
      const path = await shop.authorize();
      await shop.call('createOrder', { path, body: purchase });
      await shop.call('createOrder', { path, body: purchase });
    },
  },
  'practice/order-not-acknowledged': {
    careless: async (shop, { taken }) => {
      const path = await shop.authorize();
      await shop.call('createOrder', { path, body: { ...purchase, merchant_urls: { push: taken } } });
    },
    careful: async (shop, { taken }) => {
      const asked = { merchant_urls: { push: taken } };
      await shop.order({}, asked);
      const { body } = await shop.place(asked, 'CART-8');
      await shop.call('cancelOrder', { path: body });
      const { body: captured } = await shop.place(asked, 'CART-9');
      await shop.capture(captured);
      await shop.place({ ...asked, auto_capture: true }, 'CART-10');
      await shop.place({}, 'CART-11');
      await charged(shop, onDemand, charge);
    },
    also: [
      async (shop, { taken }) => {
        const path = await shop.authorize({ merchant_urls: { push: taken } });
        await shop.call('createOrder', { path, body: purchase });
      },
      (shop, { taken }) => charged(shop, onDemand, { ...charge, merchant_urls: { push: taken } }),
    ],
  },
  'practice/order-repeated': {
    careless: async (shop) => {
      const path = await shop.authorize();
      await shop.call('createOrder', { path, body: purchase });
      await shop.call('createOrder', { path, body: purchase });
    },
    careful: async (shop) => {
      await shop.script({ on: 'createOrder', calls: 1, fault: { close: true, commit: true } });
      const path = await shop.authorize();
      await shop.attempt('createOrder', { path, body: purchase });
      await shop.call('createOrder', { path, body: purchase });
    },
    also: [
      async (shop) => {
        const path = await shop.authorize(onDemand);
        await shop.call('createCustomerToken', { path, body: tokenRequest });
        await shop.call('createCustomerToken', { path, body: tokenRequest });
      },
    ],
  },
  'practice/captured-after-cancel': {
    careless: async (shop) => {
      const path = await shop.order();
      await shop.call('cancelOrder', { path });
      await shop.capture(path);
    },
    careful: async (shop) => {
      const path = await shop.order();
      const { body } = await shop.call('readOrder', { path });
      if (body.status === 'AUTHORIZED') await shop.capture(path);
    },
  },
  'practice/refunded-over': {
    careless: async (shop) => {
      const path = await shop.order();
      await shop.capture(path);
      await shop.refund(path);
      await shop.refund(path, { refunded_amount: 10000, description: 'and again' });
    },
    careful: async (shop) => {
      const path = await shop.order();
      await shop.capture(path);
      await shop.refund(path, { refunded_amount: 4000 });
      await shop.refund(path, { refunded_amount: 6000 });
    },
  },
  'practice/pending-order-shipped': {
    careless: async (shop) => {
      await shop.script(pending);
      await shop.capture(await shop.order());
    },
    careful: async (shop) => {
      await shop.script(pending);
      const path = await shop.order();
      await shop.call('decideFraud', { path, body: { decision: 'accepted' } });
      await shop.call('readOrder', { path });
      await shop.capture(path);
    },
    also: [
      async (shop) => {
        await shop.script({ on: 'createOrder', fraud: { status: 'PENDING', then: 'ACCEPTED', after: 'PT1H' } });
        const path = await shop.order();
        await shop.later('PT2H');
        await shop.capture(path);
      },
    ],
  },
  'practice/recurring-without-subscription': {
    careless: (shop) => charged(shop, signUp, charge),
    careful: (shop) => charged(shop, signUp, planned, { ...planned, merchant_reference1: 'MAY' }),
    also: [
      async (shop) => {
        const path = await shop.token();
        for (const month of ['APRIL', 'MAY', 'JUNE']) {
          await shop.charge(path, { ...charge, merchant_reference1: month });
          await shop.later('P1M');
        }
      },
      (shop) => charged(shop, {}, planned, charge),
    ],
  },
  'practice/subscription-differs': {
    careless: (shop) =>
      charged(shop, signUp, { ...charge, order_lines: [{ ...plan, subscription: { ...monthly, interval: 'WEEK' } }] }),
    careful: (shop) => charged(shop, signUp, { ...charge, order_lines: [{ ...plan, reference: 'CARE-MAY' }] }),
    also: [
      (shop) =>
        charged(shop, signUp, {
          ...charge,
          order_lines: [{ ...plan, reference: 'CARE-2', subscription: { ...monthly, name: 'Other care' } }],
        }),
    ],
  },
  'practice/token-outside-its-pattern': {
    careless: (shop) => charged(shop, onDemand, planned),
    careful: async (shop) => {
      await charged(shop, onDemand, charge);
      await charged(shop, {}, charge);
      await charged(shop, {}, planned);
    },
    also: [(shop) => charged(shop, signUp, { ...charge, order_lines: [{ ...care, reference: 'RESOLE' }] })],
  },
  'practice/token-not-cancelled': {
    careless: async (shop) => {
      await charged(shop, signUp, planned);
      await shop.later('P4M');
    },
    careful: async (shop) => {
      const path = await charged(shop, signUp, planned);
      await shop.call('updateCustomerTokenStatus', { path, body: { status: 'CANCELLED' } });
      await shop.later('P4M');
      const other = await charged(shop, signUp, planned);
      await shop.call('cancelCustomerToken', { path: other });
      await charged(shop, onDemand, charge);
      await shop.later('P4M');
    },
  },
  'practice/mixed-token-unread': {
    careless: (shop) => charged(shop, {}, charge),
    careful: async (shop) => {
      const path = await shop.token();
      await shop.call('readCustomerToken', { path });
      await shop.charge(path, charge);
      await charged(shop, onDemand, charge);
    },
    also: [
      async (shop) => {
        const path = await charged(shop, {}, charge);
        await shop.call('readCustomerToken', { path });
        await shop.charge(path, { ...charge, merchant_reference1: 'MAY' });
      },
      async (shop) => {
        const path = await shop.token();
        await shop.script({ on: 'readCustomerToken', fault: { close: true } });
        await shop.attempt('readCustomerToken', { path });
        await shop.charge(path, charge);
      },
    ],
  },

  ...ofRequests,
};
