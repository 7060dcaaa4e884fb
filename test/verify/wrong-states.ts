import { randomUUID } from 'node:crypto';
import type { Passed, Passing, Plant } from './proxy.js';

/** A stand-in whose answers have the right form, and are wrong about what happened. */
export interface WrongState {
  name: string;
  /** The operation that findings must name. */
  operation: string;
  /** Cases of which one at least notices. */
  cases: string[];
  /** Made anew for each run: some remember. */
  plant(): Plant;
}

/** Changes what an operation answers with success. */
const inSuccess =
  (operation: string, change: (passed: Passed) => Passing): (() => Plant) =>
  () =>
  (passed) =>
    passed.operation.name === operation && passed.status < 300 ? change(passed) : undefined;

/** Changes fields of what an operation answers with success. */
const fields = (operation: string, change: (body: any) => object): (() => Plant) =>
  inSuccess(operation, ({ status, headers, body }) => ({ status, headers, body: { ...body, ...change(body) } }));

/** An operation that gives the first answer to every further call of the same path, as if nothing had happened since. */
const stale = (operation: string) => (): Plant => {
  const first = new Map<string, Passing>();
  return (passed) => {
    if (passed.operation.name !== operation || passed.status >= 300) return undefined;
    const known = first.get(passed.path);
    if (!known) first.set(passed.path, passed);
    return known && { status: known.status, headers: passed.headers, body: known.body };
  };
};

/** An operation that takes the same request again for another: a new id each time. */
const fresh = (operation: string, header?: string) =>
  inSuccess(operation, ({ status, headers, body }) =>
    header === undefined
      ? { status, headers, body: { ...body, order_id: randomUUID() } }
      : { status, headers: { ...headers, [header]: randomUUID() }, body },
  );

/** An operation that accepts what it should refuse, with what it last answered to what it should accept. */
const accepting = (operation: string, status: number) => (): Plant => {
  let last: Passing | undefined;
  return (passed) => {
    if (passed.operation.name !== operation) return undefined;
    if (passed.status < 300) last = passed;
    return passed.status >= 400 ? { status, headers: passed.headers, body: last?.body } : undefined;
  };
};

const charges = 'customer-token/charges';
const management = 'order-management';

export const wrongStates: WrongState[] = [
  {
    name: 'a token that stays ACTIVE after it was cancelled',
    operation: 'readCustomerToken',
    cases: ['customer-token/tokens/cancel'],
    plant: fields('readCustomerToken', () => ({ status: 'ACTIVE' })),
  },
  {
    name: 'a token that forgets by what it is charged',
    operation: 'readCustomerToken',
    cases: ['customer-token/tokens/read-pay-now'],
    plant: fields('readCustomerToken', () => ({ payment_method_type: 'INVOICE' })),
  },
  {
    name: 'a cancelled token that can be charged',
    operation: 'createCustomerTokenOrder',
    cases: [`${charges}/refused-cancelled`],
    plant: accepting('createCustomerTokenOrder', 200),
  },
  {
    name: 'a second order for one charge with one idempotency key',
    operation: 'createCustomerTokenOrder',
    cases: [`${charges}/idempotency-key`],
    plant: fresh('createCustomerTokenOrder'),
  },
  {
    name: 'a second order for one authorization',
    operation: 'createOrder',
    cases: ['payments/orders/create'],
    plant: fresh('createOrder'),
  },
  {
    name: 'an authorization that orders something else',
    operation: 'createOrder',
    cases: ['payments/orders/not-matching-line'],
    plant: accepting('createOrder', 200),
  },
  {
    name: 'an authorization that can be used once it is released',
    operation: 'createOrder',
    cases: ['payments/authorizations/cancel'],
    plant: accepting('createOrder', 200),
  },
  {
    name: 'a token for a purchase that only buys',
    operation: 'createCustomerToken',
    cases: ['payments/customer-tokens/refused-intent-buy'],
    plant: accepting('createCustomerToken', 200),
  },
  {
    name: 'another token for the same authorization',
    operation: 'createCustomerToken',
    cases: ['payments/customer-tokens/create'],
    plant: inSuccess('createCustomerToken', ({ status, headers, body }) => ({
      status,
      headers,
      body: { ...body, token_id: randomUUID() },
    })),
  },
  {
    name: 'a session that is as it was',
    operation: 'readSession',
    cases: ['payments/sessions/read'],
    plant: stale('readSession'),
  },
  {
    name: 'a session that outlives its 48 hours',
    operation: 'readSession',
    cases: ['payments/sessions/expired'],
    plant: accepting('readSession', 200),
  },
  {
    name: 'a page that nobody was ever on',
    operation: 'readHostedSession',
    cases: ['hosted-payment-page/page/failed-and-back', 'hosted-payment-page/page/cancelled'],
    plant: stale('readHostedSession'),
  },
  {
    name: 'a captured amount that is not added',
    operation: 'readOrder',
    cases: [`${management}/captures/status-part`],
    plant: fields('readOrder', ({ order_amount }) => ({
      captured_amount: 0,
      remaining_authorized_amount: order_amount,
    })),
  },
  {
    name: 'captures that the order forgets',
    operation: 'readOrder',
    cases: [`${management}/captures/read`],
    plant: fields('readOrder', () => ({ captures: [] })),
  },
  {
    name: 'refunds that the order forgets',
    operation: 'readOrder',
    cases: [`${management}/refunds/after-release`],
    plant: fields('readOrder', () => ({ refunds: [] })),
  },
  {
    name: 'a refunded amount that is not added',
    operation: 'readOrder',
    cases: [`${management}/refunds/status`],
    plant: fields('readOrder', () => ({ refunded_amount: 0 })),
  },
  {
    name: 'a pending order that is accepted at once',
    operation: 'readOrder',
    cases: [`${management}/orders/pending`],
    plant: fields('readOrder', () => ({ fraud_status: 'ACCEPTED' })),
  },
  {
    name: 'an order that is as it was',
    operation: 'readOrder',
    cases: [`${management}/captures/status-part`],
    plant: stale('readOrder'),
  },
  {
    name: 'captures that are as they were',
    operation: 'listCaptures',
    cases: [`${management}/captures/list`],
    plant: stale('listCaptures'),
  },
  {
    name: 'a capture that is as it was',
    operation: 'readCapture',
    cases: [`${management}/captures/shipping-info-added`],
    plant: stale('readCapture'),
  },
  {
    name: 'a second capture that is the first',
    // Its own answer cannot be told from a right one.
    operation: 'listCaptures',
    cases: [`${management}/captures/list`],
    plant: () => {
      let first: unknown;
      return ({ operation, status, headers, body }) => {
        if (operation.name !== 'captureOrder' || status >= 300) return undefined;
        first ??= headers['capture-id'];
        return { status, headers: { ...headers, 'capture-id': first }, body };
      };
    },
  },
  {
    name: 'a capture above what remains',
    operation: 'captureOrder',
    cases: [`${management}/captures/refused-too-high`],
    plant: accepting('captureOrder', 201),
  },
  {
    name: 'another capture for one idempotency key',
    operation: 'captureOrder',
    cases: [`${management}/captures/idempotency-key`],
    plant: fresh('captureOrder', 'capture-id'),
  },
  {
    name: 'a refund above what is captured',
    operation: 'refundOrder',
    cases: [`${management}/refunds/refused-too-high`],
    plant: accepting('refundOrder', 201),
  },
  {
    name: 'another refund for one idempotency key',
    operation: 'refundOrder',
    cases: [`${management}/refunds/idempotency-key`],
    plant: fresh('refundOrder', 'refund-id'),
  },
];
