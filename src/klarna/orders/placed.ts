import type { Callback } from '../decision.js';
import { fillPlaceholders } from '../links.js';
import type { Order } from '../records.js';
import { captureOf } from './captures.js';
import { authorizedUntil } from './life-cycle.js';

/** What is known of an order when it is placed; the rest follows. */
export type Placed = Omit<
  Order,
  'kind' | 'original_amount' | 'authorized_until' | 'captures' | 'refunds' | 'shipping_info' | 'last_shipment' | 'done'
>;

/**
 * An order as it is placed. With `auto_capture` all of it is captured at once; an order whose fraud check is not over is
 * left to the merchant (inferred).
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
 * Tells the merchant that an order was placed, and nothing else: the URL names it. It comes until the order is
 * acknowledged. Source: the OpenAPI document for the URL, Klarna Checkout's page on confirming a purchase for the rest.
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
