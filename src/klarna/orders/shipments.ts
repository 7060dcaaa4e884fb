import { answer, type Decision, type Refused, refuse } from '../decision.js';
import type { Capture, Order, ShippingInfo } from '../records.js';
import { dueDateOptions } from './due-dates.js';
import { captureToChange, changed, doneBefore, knownCapture, knownOrder, notAllowed, type OnOrder } from './order.js';

/** An operation on one capture of an order. */
export interface OnCapture extends OnOrder {
  captureId: string;
}

/** Highest number of shipments kept for an order, and for a capture. Inferred. */
const SHIPMENTS = 5000;

type Shipped = Pick<Capture, 'shipping_info' | 'last_shipment'>;

/** Returns the shipments with more of them added; or the answer where the same were sent before or are too many. */
function added(
  { shipping_info: known, last_shipment }: Shipped,
  { body: { shipping_info: more }, transactionId }: WithShippingInfo,
): { shipped: Shipped } | { answer: Decision } {
  const said = JSON.stringify(more);
  if (last_shipment?.shipping_info === said) return { answer: doneBefore(last_shipment.transaction) };
  if (known.length + more.length <= SHIPMENTS) {
    const last = { shipping_info: said, transaction: transactionId };
    return { shipped: { shipping_info: [...known, ...more], last_shipment: last } };
  }
  const text = `shipping_info: given ${more.length} beside ${known.length}, expected at most ${SHIPMENTS} in all`;
  return { answer: refuse('NOT_ALLOWED', { rule: 'parts-limit', text }, { messages: ['Update not allowed.'] }) };
}

type WithShippingInfo = OnOrder & { body: { shipping_info: ShippingInfo[] } };

/** Adds shipping info to an order. Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER. */
export function addOrderShippingInfo(request: WithShippingInfo): Decision {
  const order = knownOrder(request, `Shipping info cannot be added to order ${request.id}.`);
  if ('refusal' in order) return order;
  const more = added(order, request);
  return 'answer' in more ? more.answer : changed({ ...order, ...more.shipped }, request.transactionId);
}

/**
 * Returns the order and the capture that an operation changes, or the refusal.
 * @param consequence the end of the refusal's message: what is not possible, in Klarna's words
 */
function toChange(request: OnCapture, consequence: string): { order: Order; capture: Capture } | Refused {
  const order = knownOrder(request, `${consequence}.`);
  if ('refusal' in order) return order;
  const capture = captureToChange(order, request.captureId, consequence);
  return 'refusal' in capture ? capture : { order, capture };
}

function withCapture(order: Order, changedCapture: Capture): Order {
  return {
    ...order,
    captures: order.captures.map((known) => (known.id === changedCapture.id ? changedCapture : known)),
  };
}

/** Adds shipping info to a capture. Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER, NO_SUCH_CAPTURE. */
export function addCaptureShippingInfo(request: OnCapture & WithShippingInfo): Decision {
  const on = toChange(request, `Shipping info cannot be added to capture ${request.captureId}`);
  if ('refusal' in on) return on;
  const { order, capture } = on;
  const more = added(capture, request);
  if ('answer' in more) return more.answer;
  return changed(withCapture(order, { ...capture, ...more.shipped }), request.transactionId);
}

/**
 * Triggers another message to the shopper about a capture. Nothing is sent here.
 * Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER, NO_SUCH_CAPTURE.
 */
export function triggerSendOut(request: OnCapture): Decision {
  const on = toChange(request, 'Send-out cannot be triggered');
  return 'refusal' in on ? on : changed(on.order, request.transactionId);
}

/** Reads the extensions of the due date of a capture, with their fees. Errors: 404 NO_SUCH_ORDER, NO_SUCH_CAPTURE. */
export function readExtendDueDateOptions(request: OnCapture): Decision {
  const order = knownOrder(request);
  if ('refusal' in order) return order;
  const capture = knownCapture(order, request.captureId);
  if ('refusal' in capture) return capture;
  // Klarna's guide prints the currency in lower case.
  return answer(200, { currency: order.data.purchase_currency.toLowerCase(), options: dueDateOptions(order) });
}

/** Extends the due date of a capture by an option. Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER, NO_SUCH_CAPTURE. */
export function extendDueDate(request: OnCapture & { body: { number_of_days: number } }): Decision {
  const on = toChange(request, 'Due date cannot be extended');
  if ('refusal' in on) return on;
  const { order, capture } = on;
  const { number_of_days } = request.body;
  const expected = dueDateOptions(order).map((option) => option.number_of_days);
  if (!expected.includes(number_of_days)) {
    const text = `number_of_days: given ${number_of_days}, expected one of the options of capture ${capture.id}: ${expected.join(', ') || 'none'}`;
    return notAllowed('Due date cannot be extended.', 'due-date', text);
  }
  const extensions = [...new Set([...(capture.extensions ?? []), number_of_days])];
  return changed(withCapture(order, { ...capture, extensions }), request.transactionId);
}
