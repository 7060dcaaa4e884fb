import { answer, type Decision, type Refused, refuse } from '../decision.js';
import type { Capture, Order, Refund, RefundRequest } from '../records.js';
import { PARTS_PER_ORDER } from './captures.js';
import { orderStateAt } from './life-cycle.js';
import { knownOrder, type OnOrder } from './order.js';

export interface RefundOrder extends OnOrder {
  body: RefundRequest;
  refundId: string;
  /** Scheme and host that the client called. */
  base: string;
}

/**
 * Refunds captured money, from the oldest captures first (inferred).
 * Errors: 403 REFUND_NOT_ALLOWED; 404 NO_SUCH_ORDER.
 */
export function refundOrder(request: RefundOrder): Decision {
  const { body, refundId, now, transactionId, base } = request;
  const order = knownOrder(request, 'Refund not possible.');
  if ('refusal' in order) return order;
  const { refunded_amount: amount, description, reference, order_lines = [] } = body;
  const refused = whyNotRefundable(order, amount, request);
  if (refused) return refused;
  const refund: Refund = {
    id: refundId,
    amount,
    at: now,
    ...(description !== undefined && { description }),
    ...(reference !== undefined && { reference }),
    order_lines,
  };
  return answer(201, undefined, {
    headers: {
      'refund-id': refundId,
      location: `${base}/ordermanagement/v1/orders/${order.id}/refunds/${refundId}`,
      'transaction-id': transactionId,
    },
    changes: [{ put: { ...order, captures: takenFrom(order.captures, amount), refunds: [...order.refunds, refund] } }],
  });
}

/** Returns the captures with a refund of an amount taken from the oldest first. */
function takenFrom(captures: readonly Capture[], amount: number): Capture[] {
  let left = amount;
  return captures.map((capture) => {
    const part = Math.min(left, capture.amount - capture.refunded);
    left -= part;
    return part > 0 ? { ...capture, refunded: capture.refunded + part } : capture;
  });
}

function whyNotRefundable(order: Order, amount: number, { now }: OnOrder): Refused | undefined {
  if (order.captures.length === 0) {
    return refuse('REFUND_WITHOUT_CAPTURE', { rule: 'refund-state', text: `order ${order.id} has no captures yet` });
  }
  const { captured, refunded } = orderStateAt(order, now);
  if (amount > captured - refunded) {
    const text = `refunded_amount: given ${amount}, expected at most ${captured - refunded} = ${captured} captured - ${refunded} refunded`;
    return refuse('REFUND_NOT_ALLOWED', { rule: 'refund-amount', text });
  }
  if (order.refunds.length < PARTS_PER_ORDER) return undefined;
  const text = `order ${order.id} has ${PARTS_PER_ORDER} refunds, the most that are taken`;
  return refuse('REFUND_NOT_ALLOWED', { rule: 'parts-limit', text }, { messages: ['Refund not possible.'] });
}
