import { captureOf } from './captures.js';
import { authorizedUntil } from './order-state.js';
import type { Order } from './records.js';

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
