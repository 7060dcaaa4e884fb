import { type Decision, refuse } from './decision.js';
import { changed, changedOnce, knownOrder, notAllowed, type OnOrder } from './managed-orders.js';
import { authorizedUntil, LONGEST_AUTHORIZATION, orderStateAt } from './order-state.js';
import type { Order } from './records.js';
import { toIso } from './time.js';

/** Takes note of an order; any number of times (recorded). Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER. */
export function acknowledgeOrder(request: OnOrder): Decision {
  const order = knownOrder(request, 'Acknowledgement not possible.');
  if ('refusal' in order) return order;
  const { status } = orderStateAt(order, request.now);
  if (order.done.acknowledge === undefined && (status === 'CANCELLED' || status === 'EXPIRED')) {
    return notAllowed(
      'Update not allowed.',
      'order-state',
      `order ${order.id} is ${status}; there is nothing to take note of`,
    );
  }
  return changedOnce(order, 'acknowledge', request.transactionId);
}

/** Gives an order up of which nothing was captured; again and again (recorded). Errors: 403 CANCEL_NOT_ALLOWED; 404 NO_SUCH_ORDER. */
export function cancelOrder(request: OnOrder): Decision {
  const order = knownOrder(request, 'Cancel not possible.');
  if ('refusal' in order) return order;
  if (order.captures.length > 0) {
    const text = `order ${order.id} has ${order.captures.length} captures; refund them and release the rest`;
    return refuse('CANCEL_NOT_ALLOWED', { rule: 'order-state', text });
  }
  if (orderStateAt(order, request.now).status === 'EXPIRED') {
    const text = `order ${order.id} expired ${toIso(order.authorized_until)}`;
    const messages = ['Order is expired. Cancel not possible.'];
    return refuse('CANCEL_NOT_ALLOWED', { rule: 'order-state', text }, { messages });
  }
  return changedOnce(order, 'cancel', request.transactionId);
}

/** Gives up what is not captured of an order. Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER. */
export function releaseRemainingAuthorization(request: OnOrder): Decision {
  const order = knownOrder(request, 'Remaining authorization cannot be released.');
  if ('refusal' in order) return order;
  const { status, captured } = orderStateAt(order, request.now);
  if (order.captures.length === 0) {
    const text = `order ${order.id} is ${status} and has no captures; cancel it instead`;
    return notAllowed('Can not release when order is cancelled or has no captures.', 'order-state', text);
  }
  if (order.done.release === undefined && status === 'CAPTURED') {
    const message = `Order is ${captured === order.data.order_amount ? 'fully captured' : 'expired'}. Remaining authorization cannot be released.`;
    return notAllowed(message, 'order-state', `nothing is left of order ${order.id} to release`);
  }
  return changedOnce(order, 'release', request.transactionId);
}

/** Payment methods whose authorization cannot be prolonged. Source: extended authorization (docs). */
function isFixed({ method, data }: Order): boolean {
  return (
    method.type === 'pay_by_card' ||
    (method.type === 'fixed_sum_credit' && data.purchase_country.toUpperCase() === 'US')
  );
}

/**
 * Prolongs the time in which an order can be captured, to 28 days from today. On one day it does so once (recorded).
 * Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER.
 */
export function extendAuthorizationTime(request: OnOrder): Decision {
  const order = knownOrder(request, 'Authorization time cannot be extended.');
  if ('refusal' in order) return order;
  const not = (why: string, text: string) =>
    notAllowed(`${why}Authorization time cannot be extended.`, 'extension', `order ${order.id} ${text}`);
  const { status } = orderStateAt(order, request.now);
  if (status === 'EXPIRED') return not('Order is expired. ', `expired ${toIso(order.authorized_until)}`);
  if (status !== 'AUTHORIZED' && status !== 'PART_CAPTURED')
    return not('', `is ${status}; nothing of it is authorized`);
  if (isFixed(order)) return not('', `is paid by ${order.method.type}, which cannot be prolonged`);
  const until = authorizedUntil(request.now);
  const longest = order.created_at + LONGEST_AUTHORIZATION;
  if (until > longest)
    return not('', `would last until ${toIso(until)}, expected at most ${toIso(longest)}, 180 days in all`);
  if (until === order.authorized_until) return changedOnce(order, 'extend', request.transactionId);
  // On another day it is another extension.
  const done = { ...order.done, extend: request.transactionId };
  return changed({ ...order, authorized_until: until, done }, request.transactionId);
}
