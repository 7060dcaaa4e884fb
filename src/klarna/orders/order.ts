import { answer, type Decision, type Refused, refuse } from '../decision.js';
import type { Capture, OnceOnly, Order } from '../records.js';
import type { Instant } from '../time.js';

/** An operation of Order Management on one order. */
export interface OnOrder {
  /** The order of that id, whoever's it is. */
  order: Order | undefined;
  id: string;
  merchant: string;
  now: Instant;
  /** The id of what this request does, should it do something. */
  transactionId: string;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The merchant's order, or why there is none.
 * @param consequence what cannot be done without it, in Klarna's words: `Acknowledgement not possible.`
 */
export function knownOrder({ order, id, merchant }: OnOrder, consequence?: string): Order | Refused {
  if (!UUID.test(id)) return invalidOrderId(id);
  if (order && order.merchant === merchant) return order;
  return noSuchOrder(id, merchant, `Order ${id} cannot be found${consequence ? `. ${consequence}` : ''}`);
}

function invalidOrderId(id: string): Refused {
  return refuse('INVALID_ORDER_ID', {
    rule: 'order-id',
    text: `order_id: given ${JSON.stringify(id)}, expected a UUID`,
  });
}

/** 404 `NO_SUCH_ORDER`; that the order is another merchant's is not told. */
export function noSuchOrder(id: string, merchant: string, message: string): Refused {
  const text = `order: given ${id}, which ${merchant} never placed`;
  return refuse('NO_SUCH_ORDER', { rule: 'order-known', text }, { messages: [message] });
}

/**
 * The capture of an order, or why there is none.
 * @param consequence what cannot be done without it, in Klarna's words
 */
export function knownCapture(order: Order, id: string, consequence?: string): Capture | Refused {
  const capture = order.captures.find((known) => known.id === id);
  if (capture) return capture;
  const text = `capture: given ${id}, which order ${order.id} does not have; it has ${order.captures.length}`;
  const messages = [`Capture could not be found${consequence ? `. ${consequence}` : ''}`];
  return refuse('NO_SUCH_CAPTURE', { rule: 'capture-known', text }, { messages });
}

/** A capture that is written to: an order without any is refused first (spec). */
export function captureToChange(order: Order, id: string, consequence: string): Capture | Refused {
  if (order.captures.length > 0) return knownCapture(order, id, consequence);
  const because = { rule: 'capture-known', text: `order ${order.id} has no captures yet; capture it first` } as const;
  return refuse('NOT_ALLOWED', because, { messages: ['Order has no captures.'] });
}

/** The order was changed. */
export function changed(order: Order, transactionId: string): Decision {
  return answer(204, undefined, { headers: { 'transaction-id': transactionId }, changes: [{ put: order }] });
}

/** A thing that is done once: asked again, nothing changes and its first transaction answers (recorded). */
export function changedOnce(order: Order, what: OnceOnly, transactionId: string): Decision {
  const before = order.done[what];
  if (before !== undefined) return doneBefore(before);
  return changed({ ...order, done: { ...order.done, [what]: transactionId } }, transactionId);
}

/** Nothing changes, and the transaction that did it before answers (recorded). */
export function doneBefore(transactionId: string): Decision {
  return answer(204, undefined, { headers: { 'transaction-id': transactionId }, again: true });
}

/** 403 `NOT_ALLOWED` in the words that fit. */
export function notAllowed(message: string, rule: 'order-state' | 'extension' | 'due-date', text: string): Refused {
  return refuse('NOT_ALLOWED', { rule, text }, { messages: [message] });
}
