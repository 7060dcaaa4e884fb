import { lifetimes } from '../catalogue/lifetimes.js';
import type { FraudStatus, Order } from '../records.js';
import { DAY, type Instant } from '../time.js';
import { fraudStatusAt, rejectedAt } from './fraud.js';

/** The statuses of an order. */
export type OrderStatus = 'AUTHORIZED' | 'PART_CAPTURED' | 'CAPTURED' | 'CANCELLED' | 'EXPIRED';

/** A status of Klarna's OpenAPI document that no order here takes: no published source says what closes an order. */
export const NEVER_TAKEN = 'CLOSED';

/** The statuses in which a part of the order is still authorized. */
export const openStatuses: readonly OrderStatus[] = ['AUTHORIZED', 'PART_CAPTURED'];

/** The changes of status, as [from, to], that a successful operation can cause. */
export const orderMoves: Readonly<Record<string, readonly (readonly [OrderStatus, OrderStatus])[]>> = {
  captureOrder: [
    ['AUTHORIZED', 'PART_CAPTURED'],
    ['AUTHORIZED', 'CAPTURED'],
    ['PART_CAPTURED', 'PART_CAPTURED'],
    ['PART_CAPTURED', 'CAPTURED'],
  ],
  cancelOrder: [['AUTHORIZED', 'CANCELLED']],
  releaseRemainingAuthorization: [['PART_CAPTURED', 'CAPTURED']],
};

/** Returns the status of an order with captures while its authorization holds. */
export const capturedStatus = (captured: number, authorized: number): 'PART_CAPTURED' | 'CAPTURED' =>
  captured < authorized ? 'PART_CAPTURED' : 'CAPTURED';

/** Status and totals of an order at a moment. Amounts in minor units. */
export interface OrderState {
  status: OrderStatus;
  fraud_status: FraudStatus;
  captured: number;
  refunded: number;
  /** Amount that can still be captured. */
  remaining: number;
}

/** Returns the end of an authorization given now: the midnight UTC before it plus 28 days (recorded). */
export function authorizedUntil(now: Instant): Instant {
  return Math.floor(now / DAY) * DAY + lifetimes.order.lasts;
}

const sum = (parts: readonly { amount: number }[]) => parts.reduce((total, { amount }) => total + amount, 0);

/** Returns the state of an order at a moment. Expiry, and the cancellation of a rejected order, come with time. */
export function orderStateAt(order: Order, now: Instant): OrderState {
  const captured = sum(order.captures);
  const status = statusAt(order, captured, now);
  return {
    status,
    fraud_status: fraudStatusAt(order, now),
    captured,
    refunded: sum(order.refunds),
    remaining: openStatuses.includes(status) ? order.data.order_amount - captured : 0,
  };
}

function statusAt(order: Order, captured: number, now: Instant): OrderStatus {
  if (order.done.cancel !== undefined) return 'CANCELLED';
  const ended = now >= order.authorized_until;
  if (order.captures.length > 0) {
    // A released or expired remainder is no longer authorized; the order is then CAPTURED (recorded for the release).
    const over = ended || order.done.release !== undefined;
    return over ? 'CAPTURED' : capturedStatus(captured, order.data.order_amount);
  }
  // The earlier of the two decides the status.
  const cancelled = (rejectedAt(order) ?? Number.POSITIVE_INFINITY) + lifetimes.rejectedOrder.lasts;
  if (now >= cancelled && cancelled < order.authorized_until) return 'CANCELLED';
  return ended ? 'EXPIRED' : 'AUTHORIZED';
}
