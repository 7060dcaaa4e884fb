import { answer, type Decision, type Refused, refuse } from '../decision.js';
import type { Capture, OnceOnly, Order } from '../records.js';
import type { Instant } from '../time.js';
import { withFields } from '../with-fields.js';

/** An operation of Order Management on one order. */
export interface OnOrder {
  /** The order of that id, of any merchant. */
  order: Order | undefined;
  id: string;
  merchant: string;
  now: Instant;
  /** The transaction id of this request, used if it changes something. */
  transactionId: string;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Returns the merchant's order, or the refusal.
 * @param consequence the end of the refusal's message: what is not possible, such as `Acknowledgement not possible.`
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

/** Makes the refusal 404 `NO_SUCH_ORDER`, which is the same for an order of another merchant. */
export function noSuchOrder(id: string, merchant: string, message: string): Refused {
  const text = `order: given ${id}, which ${merchant} never placed`;
  return refuse('NO_SUCH_ORDER', { rule: 'order-known', text }, { messages: [message] });
}

/**
 * Returns a capture of an order, or the refusal.
 * @param consequence the end of the refusal's message: what is not possible, in Klarna's words
 */
export function knownCapture(order: Order, id: string, consequence?: string): Capture | Refused {
  const capture = order.captures.find((known) => known.id === id);
  if (capture) return capture;
  const text = `capture: given ${id}, which order ${order.id} does not have; it has ${order.captures.length}`;
  const messages = [`Capture could not be found${consequence ? `. ${consequence}` : ''}`];
  return refuse('NO_SUCH_CAPTURE', { rule: 'capture-known', text }, { messages });
}

/** Returns a capture that is to be changed, or the refusal. An order without captures is refused first (spec). */
export function captureToChange(order: Order, id: string, consequence: string): Capture | Refused {
  if (order.captures.length > 0) return knownCapture(order, id, consequence);
  const because = { rule: 'capture-known', text: `order ${order.id} has no captures yet; capture it first` } as const;
  return refuse('NOT_ALLOWED', because, { messages: ['Order has no captures.'] });
}

/** Answers that an order was changed, and stores it. */
export function changed(order: Order, transactionId: string): Decision {
  return answer(204, undefined, { headers: { 'transaction-id': transactionId }, changes: [{ put: order }] });
}

/** Performs an operation once: a repetition changes nothing and gets the first transaction id (recorded). */
export function changedOnce(order: Order, what: OnceOnly, transactionId: string): Decision {
  const before = order.done[what];
  if (before !== undefined) return doneBefore(before);
  return changed({ ...order, done: withFields(order.done, { [what]: transactionId }) }, transactionId);
}

/** Answers that nothing changes, with the id of the transaction that did the same before (recorded). */
export function doneBefore(transactionId: string): Decision {
  return answer(204, undefined, { headers: { 'transaction-id': transactionId }, again: true });
}

/** Makes the refusal 403 `NOT_ALLOWED` with a message of its own. */
export function notAllowed(message: string, rule: 'order-state' | 'extension' | 'due-date', text: string): Refused {
  return refuse('NOT_ALLOWED', { rule, text }, { messages: [message] });
}
