import { answer, type Decision, type Refused, refuse } from '../decision.js';
import type { Capture, CaptureRequest, Order } from '../records.js';
import { toIso } from '../time.js';
import { openStatuses, orderStateAt } from './life-cycle.js';
import { knownOrder, type OnOrder } from './order.js';

/** Highest number of captures, and of refunds, of an order. Inferred: Klarna has a limit, whose value is not known. */
export const PARTS_PER_ORDER = 1000;

export interface CaptureOrder extends OnOrder {
  body: CaptureRequest;
  captureId: string;
  /** Scheme and host that the client called. */
  base: string;
}

/** Makes a capture from the given fields, with the defaults for the others and the order's own shipping address. */
export function captureOf(order: Order, part: Pick<Capture, 'id' | 'amount' | 'at'> & Partial<Capture>): Capture {
  return {
    klarna_reference: `${order.klarna_reference}-${order.captures.length + 1}`,
    refunded: 0,
    order_lines: [],
    shipping_info: [],
    ...(order.data.shipping_address && { shipping_address: order.data.shipping_address }),
    ...part,
  };
}

/**
 * Captures an order or a part of it. The lines of the capture are for the shopper to see; they are not calculated with.
 * Errors: 403 CAPTURE_NOT_ALLOWED; 404 NO_SUCH_ORDER.
 */
export function captureOrder(request: CaptureOrder): Decision {
  const { body, captureId, now, transactionId, base } = request;
  const order = knownOrder(request, 'Capture not possible.');
  if ('refusal' in order) return order;
  const refused = whyNotCapturable(order, body.captured_amount, request);
  if (refused) return refused;
  const { captured_amount: amount, description, reference, order_lines = [], shipping_info = [] } = body;
  const capture = captureOf(order, {
    id: captureId,
    amount,
    at: now,
    ...(description !== undefined && { description }),
    ...(reference !== undefined && { reference }),
    order_lines,
    shipping_info,
  });
  return answer(201, undefined, {
    headers: {
      'capture-id': captureId,
      location: `${base}/ordermanagement/v1/orders/${order.id}/captures/${captureId}`,
      'transaction-id': transactionId,
    },
    changes: [{ put: { ...order, captures: [...order.captures, capture] } }],
  });
}

function whyNotCapturable(order: Order, amount: number, { now }: OnOrder): Refused | undefined {
  const { status, fraud_status, remaining } = orderStateAt(order, now);
  const not = (rule: 'capture-state' | 'capture-fraud' | 'parts-limit', text: string) =>
    refuse('CAPTURE_NOT_ALLOWED', { rule, text });
  if (!openStatuses.includes(status)) {
    const until = status === 'EXPIRED' ? ` since ${toIso(order.authorized_until)}` : '';
    return not('capture-state', `order ${order.id} is ${status}${until}; nothing of it is left to capture`);
  }
  if (fraud_status === 'PENDING') {
    return not('capture-fraud', `the fraud check of order ${order.id} is pending; wait for the notification`);
  }
  if (fraud_status === 'STOPPED') return not('capture-fraud', `order ${order.id} was stopped by Klarna`);
  if (amount > remaining) {
    const text = `captured_amount: given ${amount}, expected at most ${remaining}, which is left of order ${order.id}`;
    return refuse('CAPTURE_TOO_HIGH', { rule: 'capture-amount', text });
  }
  if (order.captures.length < PARTS_PER_ORDER) return undefined;
  return not('parts-limit', `order ${order.id} has ${PARTS_PER_ORDER} captures, the most that are taken`);
}
