import type { Callback } from '../decision.js';
import { fillPlaceholders } from '../links.js';
import type { Order } from '../records.js';
import { captureOf } from './captures.js';
import { authorizedUntil } from './life-cycle.js';

/** The fields that an order is placed with; `newOrder` adds the others. */
export type Placed = Omit<
  Order,
  'kind' | 'original_amount' | 'authorized_until' | 'captures' | 'refunds' | 'shipping_info' | 'last_shipment' | 'done'
>;

/**
 * Makes a new order. With `auto_capture` the whole amount is captured at once, except while the fraud check is not
 * accepted: the capture is then left to the merchant (inferred).
 */
export function newOrder(placed: Placed, captureId: string): Order {
  const { data, created_at: at, fraud_status } = placed;
  const order: Order = {
    kind: 'order',
    ...placed,
    original_amount: data.order_amount,
    authorized_until: authorizedUntil(at),
    captures: [],
    refunds: [],
    shipping_info: [],
    done: {},
  };
  if (!data.auto_capture || fraud_status !== 'ACCEPTED') return order;
  return { ...order, captures: [captureOf(order, { id: captureId, amount: data.order_amount, at })] };
}

/**
 * Returns the push of a new order: a callback without a body, whose URL names the order; empty without a push URL. It
 * is sent until the order is acknowledged. Source: the OpenAPI document for the URL, Klarna Checkout's page on
 * confirming a purchase for the rest.
 */
export function pushOf(order: Order): Callback[] {
  const url = order.data.merchant_urls?.push;
  if (!url) return [];
  return [
    {
      on: 'push',
      url: fillPlaceholders(url, { session: order.session, order: order.id }),
      at: order.created_at,
      onlyIf: { is: 'unacknowledged', order: order.id },
    },
  ];
}
