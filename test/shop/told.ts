import type { Finding } from '../../src/report/finding.js';

/** What a practice says of a careless script; ids and hosts are blotted out. */
export interface Told extends Partial<Pick<Finding, 'path' | 'expected' | 'got'>> {
  /** Absent for what is about a callback. */
  exchange?: number;
  message: string;
}

/** What is said of the careless scripts of each practice, by its id: a list for each script. */
export const told: Record<string, Told[][]> = {
  'practice/live-key': [
    [
      {
        exchange: 1,
        path: '$.headers.authorization',
        message:
          "createSession comes with an API key of Klarna's live environment; use one of the playground (klarna_test_...), and have this one replaced if it was stored anywhere",
      },
    ],
  ],
  'practice/personal-data-at-session': [
    [
      {
        exchange: 1,
        path: '$.body.billing_address.given_name',
        got: ['billing_address.given_name', 'billing_address.family_name', 'billing_address.email'],
        message:
          'createSession tells who the shopper is (billing_address.given_name, billing_address.family_name, billing_address.email); leave that to authorize()',
      },
    ],
    [
      {
        exchange: 1,
        path: '$.body.customer.date_of_birth',
        got: ['customer.date_of_birth'],
        message: 'createSession tells who the shopper is (customer.date_of_birth); leave that to authorize()',
      },
    ],
  ],
  'practice/session-not-updated': [
    [
      {
        exchange: 2,
        path: '$.body.merchant_reference1',
        message:
          'createSession opens another session for CART-7 while that of exchange 1 is open; keep the session id with the cart and call updateSession',
      },
    ],
  ],
  'practice/mixed-lines': [
    [
      {
        exchange: 1,
        path: '$.body.order_lines[1].subscription',
        message:
          'createSession mixes lines that recur (CARE-1) with lines that are bought once; leave them out and charge them to the customer token',
      },
    ],
    [
      {
        exchange: 2,
        path: '$.body.order_lines[1].subscription',
        message:
          'updateSession mixes lines that recur (CARE-1) with lines that are bought once; leave them out and charge them to the customer token',
      },
    ],
    [
      {
        exchange: 2,
        path: '$.body.data.order_lines[1].subscription',
        message:
          'authorizeSession mixes lines that recur (CARE-1) with lines that are bought once; leave them out and charge them to the customer token',
      },
    ],
  ],
  'practice/authorization-left-open': [
    [
      {
        exchange: 2,
        message:
          'the authorization was not used, and was not released; call createOrder, or cancelAuthorization when the purchase is given up',
      },
    ],
    [
      {
        exchange: 2,
        message:
          'the authorization gave a customer token, but no order, and was not released; call createOrder, or cancelAuthorization when the purchase is given up',
      },
    ],
    [
      {
        exchange: 2,
        message:
          'the authorization was not used, and was not released; call createCustomerToken, or cancelAuthorization when the purchase is given up',
      },
    ],
  ],
  'practice/attachment': [
    [
      {
        exchange: 1,
        path: '$.body.attachment.body',
        expected: 'subscription',
        got: 'Subscription',
        message:
          'createSession sends Subscription as extra merchant data, which Klarna does not publish as a package; did you mean "subscription"?',
      },
    ],
    [
      {
        exchange: 2,
        path: '$.body.data.attachment.body',
        expected: 'payment_history_full',
        got: 'purchase_history_full',
        message:
          'authorizeSession sends purchase_history_full as extra merchant data, which Klarna does not publish as a package; did you mean "payment_history_full"?',
      },
    ],
    [
      {
        exchange: 5,
        path: '$.body.attachment.body',
        got: 'loyalty',
        message:
          'createCustomerTokenOrder sends loyalty as extra merchant data, which Klarna does not publish as a package; see the packages that Klarna publishes',
      },
    ],
  ],
  'practice/order-on-other-cart': [
    [
      {
        exchange: 3,
        message:
          'createOrder places an order on another cart than was authorized (the order differs from authorization ID in order_amount, Incorrect number of items in the cart. Expected: 1, Actual: 2; authorize again); authorize again when the cart changes',
      },
    ],
  ],
  'practice/order-not-acknowledged': [
    [
      {
        exchange: 3,
        message:
          'the order of createOrder was never acknowledged, nor captured; call acknowledgeOrder once the shop has stored it',
      },
    ],
    [
      {
        exchange: 3,
        message:
          'the order of createOrder was never acknowledged, nor captured; call acknowledgeOrder once the shop has stored it',
      },
    ],
    [
      {
        exchange: 4,
        message:
          'the order of createCustomerTokenOrder was never acknowledged, nor captured; call acknowledgeOrder once the shop has stored it',
      },
    ],
  ],
  'practice/order-repeated': [
    [
      {
        exchange: 4,
        message:
          'createOrder asks again for what exchange 3 answered; keep that answer, and let one part of the shop ask',
      },
    ],
    [
      {
        exchange: 4,
        message:
          'createCustomerToken asks again for what exchange 3 answered; keep that answer, and let one part of the shop ask',
      },
    ],
  ],
  'practice/captured-after-cancel': [
    [
      {
        exchange: 6,
        message:
          'captureOrder captures an order that was cancelled; look at the status before goods are sent, and place a new order',
      },
    ],
  ],
  'practice/refunded-over': [
    [
      {
        exchange: 7,
        path: '$.body.refunded_amount',
        got: 10000,
        message:
          'refundOrder gives back 10000, more than is left of what was captured (refunded_amount: given 10000, expected at most 0 = 10000 captured - 10000 refunded); refund what was captured, once',
      },
    ],
  ],
  'practice/pending-order-shipped': [
    [
      {
        exchange: 5,
        message:
          'captureOrder goes ahead with an order that Klarna has not let through; wait for FRAUD_RISK_ACCEPTED at merchant_urls.notification, or read the order until fraud_status is ACCEPTED',
      },
    ],
    [
      {
        exchange: 6,
        message:
          'captureOrder goes ahead with an order that Klarna has not let through; wait for FRAUD_RISK_ACCEPTED at merchant_urls.notification, or read the order until fraud_status is ACCEPTED',
      },
    ],
  ],
  'practice/recurring-without-subscription': [
    [
      {
        exchange: 4,
        path: '$.body.order_lines[0].subscription',
        message:
          'createCustomerTokenOrder charges CARE-1, which recurs, without a subscription object; send name, interval and interval_count with every line that recurs',
      },
    ],
    [
      {
        exchange: 5,
        path: '$.body.order_lines[0].subscription',
        message:
          'createCustomerTokenOrder charges CARE-1, which recurs, without a subscription object; send name, interval and interval_count with every line that recurs',
      },
      {
        exchange: 7,
        path: '$.body.order_lines[0].subscription',
        message:
          'createCustomerTokenOrder charges CARE-1, which recurs, without a subscription object; send name, interval and interval_count with every line that recurs',
      },
      {
        exchange: 9,
        path: '$.body.order_lines[0].subscription',
        message:
          'createCustomerTokenOrder charges CARE-1, which recurs, without a subscription object; send name, interval and interval_count with every line that recurs',
      },
    ],
    [
      {
        exchange: 6,
        path: '$.body.order_lines[0].subscription',
        message:
          'createCustomerTokenOrder charges CARE-1, which recurs, without a subscription object; send name, interval and interval_count with every line that recurs',
      },
    ],
  ],
  'practice/subscription-differs': [
    [
      {
        exchange: 4,
        path: '$.body.order_lines[0].subscription',
        expected: { name: 'Boot care', interval: 'MONTH', interval_count: 1 },
        got: { name: 'Boot care', interval: 'WEEK', interval_count: 1 },
        message:
          'createCustomerTokenOrder charges the subscription "Boot care", every 1 WEEK, but the shopper signed up for "Boot care", every 1 MONTH; send the same, or have the shopper sign up anew',
      },
    ],
    [
      {
        exchange: 4,
        path: '$.body.order_lines[0].subscription',
        expected: { name: 'Boot care', interval: 'MONTH', interval_count: 1 },
        got: { name: 'Other care', interval: 'MONTH', interval_count: 1 },
        message:
          'createCustomerTokenOrder charges the subscription "Other care", every 1 MONTH, but the shopper signed up for "Boot care", every 1 MONTH; send the same, or have the shopper sign up anew',
      },
    ],
  ],
  'practice/token-outside-its-pattern': [
    [
      {
        exchange: 4,
        message:
          'createCustomerTokenOrder charges a subscription (CARE-1) to a customer token that was made without one, for charges on demand; have the shopper agree to a customer token for it',
      },
    ],
    [
      {
        exchange: 4,
        message:
          'createCustomerTokenOrder charges RESOLE on demand to a customer token that was made for the subscription "Boot care", every 1 MONTH; have the shopper agree to a customer token for it',
      },
    ],
  ],
  'practice/step-up-of-subscription': [
    [
      {
        exchange: 4,
        path: '$.body.step_up',
        got: 'SUPPORTED',
        message:
          'createCustomerTokenOrder asks for a step-up, which a customer token made with a subscription object ("Boot care", every 1 MONTH) never gets; when such a charge is refused, have the shopper sign up anew',
      },
    ],
  ],
  'practice/token-not-cancelled': [
    [
      {
        exchange: 4,
        message:
          'the customer token was not charged for 120 days, more than two periods of its subscription, and not cancelled; when a shopper unsubscribes, send updateCustomerTokenStatus CANCELLED',
      },
    ],
  ],
  'practice/mixed-token-unread': [
    [
      {
        exchange: 5,
        message:
          'createCustomerTokenOrder charges the customer token of a mixed purchase that was never read: Klarna aims to tokenize Pay Now, and it may be Pay Later in 30 days; call readCustomerToken before the first charge, and leave out what may not be on credit',
      },
    ],
    [
      {
        exchange: 5,
        message:
          'createCustomerTokenOrder charges the customer token of a mixed purchase that was never read: Klarna aims to tokenize Pay Now, and it may be Pay Later in 30 days; call readCustomerToken before the first charge, and leave out what may not be on credit',
      },
    ],
    [
      {
        exchange: 6,
        message:
          'createCustomerTokenOrder charges the customer token of a mixed purchase that was never read: Klarna aims to tokenize Pay Now, and it may be Pay Later in 30 days; call readCustomerToken before the first charge, and leave out what may not be on credit',
      },
    ],
  ],
  'practice/charge-without-key': [
    [
      {
        exchange: 5,
        path: '$.headers.klarna-idempotency-key',
        message:
          'createCustomerTokenOrder was sent without Klarna-Idempotency-Key; send a new UUID with every intent, and the same one when it is tried again',
      },
    ],
  ],
  'practice/capture-without-key': [
    [
      {
        exchange: 5,
        path: '$.headers.klarna-idempotency-key',
        message:
          'captureOrder was sent without Klarna-Idempotency-Key; send a new UUID with every intent, and the same one when it is tried again',
      },
    ],
  ],
  'practice/refund-without-key': [
    [
      {
        exchange: 6,
        path: '$.headers.klarna-idempotency-key',
        message:
          'refundOrder was sent without Klarna-Idempotency-Key; send a new UUID with every intent, and the same one when it is tried again',
      },
    ],
  ],
  'practice/key-for-two-intents': [
    [
      {
        exchange: 6,
        path: '$.headers.klarna-idempotency-key',
        message:
          'Klarna-Idempotency-Key of exchange 5 (createCustomerTokenOrder /customer-token/v1/tokens/ID/order) was sent again with another request; only the key counts, so make a new one for each intent',
      },
    ],
    [
      {
        exchange: 6,
        path: '$.headers.klarna-idempotency-key',
        message:
          'Klarna-Idempotency-Key of exchange 5 (captureOrder /ordermanagement/v1/orders/ID/captures) was sent again for refundOrder /ordermanagement/v1/orders/ID/refunds; only the key counts, so make a new one for each intent',
      },
    ],
  ],
  'practice/failure-not-retried': [
    [
      {
        exchange: 3,
        message:
          'createOrder failed with 500 and was not tried again; repeat it with the same body and key, or read what became of it',
      },
    ],
    [
      {
        exchange: 5,
        message:
          'captureOrder got no answer and was not tried again; repeat it with the same body and key, or read what became of it',
      },
    ],
    [
      {
        exchange: 1,
        message:
          'createSession got a 200 that cannot be read and was not tried again; repeat it with the same body and key, or read what became of it',
      },
    ],
  ],
  'practice/retried-without-key': [
    [
      {
        exchange: 6,
        path: '$.headers.klarna-idempotency-key',
        message:
          'captureOrder repeats exchange 5, which failed with 503, without a key: if that was carried out, this does it twice; send the same Klarna-Idempotency-Key',
      },
    ],
    [
      {
        exchange: 6,
        path: '$.headers.klarna-idempotency-key',
        message:
          'createCustomerTokenOrder repeats exchange 5, which failed with 503, with another key: if that was carried out, this does it twice; send the same Klarna-Idempotency-Key',
      },
    ],
    [
      {
        exchange: 7,
        path: '$.headers.klarna-idempotency-key',
        message:
          'refundOrder repeats exchange 6, which failed with 503, without a key: if that was carried out, this does it twice; send the same Klarna-Idempotency-Key',
      },
    ],
  ],
  'practice/refusal-retried': [
    [
      {
        exchange: 6,
        message:
          'captureOrder repeats exchange 5 as it was, which was refused with 403 CAPTURE_NOT_ALLOWED; change the request, or stop',
      },
    ],
  ],
  'practice/callback-not-taken': [
    [
      {
        path: '$.merchant_urls.authorization',
        expected: 'a 2xx status',
        got: 'status 500',
        message:
          'the authorization callback to http://HOST/klarna was not taken (status 500) in 3 of 3 attempts; answer 200 at once and do the work afterwards',
      },
    ],
  ],
};
