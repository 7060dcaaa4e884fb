import type { components } from '../../contract/generated/sandbox.js';
import { control } from '../control.js';
import type { Target } from '../target.js';
import { type Listed, lister } from './lists.js';

type Schemas = components['schemas'];

/** An order as lists show it. */
export type Order = Schemas['listed_order'];

/** The orders of a merchant. */
export interface Orders extends Listed<Order> {
  /** Returns the captures and refunds of an order, the oldest first, and when it expires. */
  parts(order_id: string): Promise<Schemas['order_parts']>;
  /** Ends a pending fraud check, or stops an order that was accepted; the shop is told at once. Returns the order as it is then. */
  decideFraud(order_id: string, decision: Schemas['fraud_decision']['decision']): Promise<Order>;
}

/** Returns the methods for the orders of the target's merchant. */
export function ordersOf(target: Target): Orders {
  return {
    list: lister(target, 'listOrders', 'orders.list()'),
    parts: (order_id) => control(target, 'listOrderParts', { path: { order_id } }),
    decideFraud: (order_id, decision) => control(target, 'decideFraud', { path: { order_id }, body: { decision } }),
  };
}
