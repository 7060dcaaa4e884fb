import { charge, purchase } from '../contract/sandbox.js';
import { charged, planned, type Script, type Twins } from './carts.js';
import { keyed } from './shop.js';

/** One request after another that failed, with the keys given. */
const twice = (on: string, body: object, ...keys: (string | undefined)[]): Script => {
  return async (shop) => {
    const path = on === 'createCustomerTokenOrder' ? await shop.token() : await shop.order();
    if (on === 'refundOrder') await shop.capture(path as { order_id: string });
    await shop.script({ on, calls: 1, fault: { status: 503, commit: true } });
    for (const key of keys) await shop.call(on, { path, headers: key === undefined ? {} : keyed(key), body });
  };
};

/** The twins of the practices that are about requests as such: keys, retries, callbacks. */
export const twins: Record<string, Twins> = {
  'practice/charge-without-key': {
    careless: async (shop) => shop.call('createCustomerTokenOrder', { path: await shop.token(), body: charge }),
    careful: (shop) => charged(shop, {}, charge),
  },
  'practice/capture-without-key': {
    careless: async (shop) => shop.call('captureOrder', { path: await shop.order(), body: { captured_amount: 10000 } }),
    careful: async (shop) => shop.capture(await shop.order()),
  },
  'practice/refund-without-key': {
    careless: async (shop) => {
      const path = await shop.order();
      await shop.capture(path);
      await shop.call('refundOrder', { path, body: { refunded_amount: 10000 } });
    },
    careful: async (shop) => {
      const path = await shop.order();
      await shop.capture(path);
      await shop.refund(path);
    },
  },
  'practice/key-for-two-intents': {
    careless: async (shop) => {
      const path = await shop.token();
      await shop.charge(path, charge, 'one');
      await shop.charge(path, planned, 'one');
    },
    careful: async (shop) => {
      const path = await shop.token();
      await shop.charge(path, charge, 'one');
      await shop.charge(path, charge, 'one');
      await shop.later('P1D');
      await shop.charge(path, { ...charge, merchant_reference1: 'MAY' }, 'one');
    },
    also: [
      async (shop) => {
        const path = await shop.order();
        await shop.capture(path, { captured_amount: 10000 }, 'one');
        await shop.refund(path, { refunded_amount: 10000 }, 'one');
      },
    ],
  },
  'practice/failure-not-retried': {
    careless: async (shop) => {
      await shop.script({ on: 'createOrder', calls: 1, error: 'INTERNAL_SERVER_ERROR' });
      await shop.call('createOrder', { path: await shop.authorize(), body: purchase });
    },
    careful: async (shop) => {
      await shop.script(
        { on: 'createOrder', calls: '1..2', error: 'INTERNAL_SERVER_ERROR' },
        { on: 'captureOrder', calls: 1, fault: { close: true, commit: true } },
        { on: 'cancelAuthorization', calls: 1, fault: { close: true, commit: true } },
      );
      const path = await shop.authorize();
      for (let attempt = 0; attempt < 3; attempt++) await shop.call('createOrder', { path, body: purchase });
      const order = await shop.order({ merchant_reference1: 'CART-8' });
      await shop.attempt('captureOrder', { path: order, headers: keyed(), body: { captured_amount: 10000 } });
      await shop.call('readOrder', { path: order });
      const released = await shop.authorize({ merchant_reference1: 'CART-9' });
      await shop.attempt('cancelAuthorization', { path: released });
      await shop.call('cancelAuthorization', { path: released });
    },
    also: [
      async (shop) => {
        await shop.script({ on: 'captureOrder', calls: 1, fault: { close: true } });
        const path = await shop.order();
        await shop.attempt('captureOrder', { path, headers: keyed(), body: { captured_amount: 10000 } });
      },
      async (shop) => {
        await shop.script({ on: 'createSession', calls: 1, fault: { empty: true } });
        await shop.call('createSession', { body: purchase });
      },
    ],
  },
  'practice/retried-without-key': {
    careless: twice('captureOrder', { captured_amount: 4000 }, undefined, undefined),
    careful: twice('createCustomerTokenOrder', charge, 'one', 'one'),
    also: [
      twice('createCustomerTokenOrder', charge, 'one', 'two'),
      twice('refundOrder', { refunded_amount: 4000 }, 'one', undefined),
    ],
  },
  'practice/refusal-retried': {
    careless: async (shop) => {
      const path = await shop.order();
      await shop.capture(path, { captured_amount: 20000 });
      await shop.capture(path, { captured_amount: 20000 });
    },
    careful: async (shop) => {
      await shop.script({ on: 'captureOrder', calls: 1, error: 'CAPTURE_NOT_ALLOWED' });
      const path = await shop.order();
      await shop.capture(path);
      await shop.later('PT1H');
      await shop.capture(path);
      const token = await shop.token();
      await shop.call('declineCustomerToken', { path: token, body: { error_code: 'PAYMENT_METHOD_FAILED' } });
      await shop.charge(token, charge);
      await shop.charge(token, charge);
    },
  },
  'practice/callback-not-taken': {
    careless: async (shop, { refused }) => {
      await shop.order({ merchant_urls: { authorization: refused } });
      await shop.later('PT1M');
    },
    careful: async (shop, { taken }) => {
      await shop.order({ merchant_urls: { authorization: taken, push: 'https://192.0.2.1/push' } });
      await shop.later('PT1M');
    },
  },
};
