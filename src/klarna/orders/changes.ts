import { lifetimes } from '../catalogue/lifetimes.js';
import { marketOf } from '../catalogue/markets.js';
import { type Decision, type Refused, refuse } from '../decision.js';
import { checkPeople } from '../personal-data.js';
import type {
  AuthorizationUpdate,
  CustomerDetailsUpdate,
  ManagedAddress,
  MerchantReferencesUpdate,
  Order,
  PaymentMethod,
} from '../records.js';
import { toIso } from '../time.js';
import { authorizedUntil, type OrderStatus, openStatuses, orderStateAt } from './life-cycle.js';
import { changed, changedOnce, knownOrder, noSuchOrder, notAllowed, type OnOrder } from './order.js';

type Method = PaymentMethod['type'];

/**
 * Countries in which an authorization can be raised, by payment method: all `but` some, or `only` some.
 * Source: view and change orders (docs). Klarna's new risk assessment of the shopper is not played: it always succeeds.
 */
const raisable: Partial<Record<Method, { but?: readonly string[]; only?: readonly string[] }>> = {
  invoice: { but: ['CH'] },
  b2b_invoice: { but: ['CH'] },
  base_account: { but: ['CH'] },
  direct_debit: { but: ['CH'] },
  fixed_amount: { only: ['AT', 'DE', 'DK', 'FI', 'FR', 'NL', 'NO', 'SE'] },
};

function canBeRaised({ method, data }: Order): boolean {
  const where = raisable[method.type];
  const country = data.purchase_country.toUpperCase();
  return where !== undefined && !where.but?.includes(country) && (where.only?.includes(country) ?? true);
}

/** Returns the refusal of a change unless the order is in one of the `open` statuses. */
function whyClosed(order: Order, request: OnOrder, open: readonly OrderStatus[], message: string): Refused | undefined {
  const { status } = orderStateAt(order, request.now);
  if (open.includes(status)) return undefined;
  return notAllowed(message, 'order-state', `order ${order.id} is ${status}, expected ${open.join(' or ')}`);
}

/**
 * Sets the authorized amount of an order, and its lines: lines that are left out are deleted (docs).
 * Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER.
 */
export function updateAuthorization(request: OnOrder & { body: AuthorizationUpdate }): Decision {
  const order = knownOrder(request, 'Order authorization cannot be updated');
  if ('refusal' in order) return order;
  const closed = whyClosed(order, request, openStatuses, 'Update not allowed.');
  if (closed) return closed;
  const { order_amount, order_lines = [] } = request.body;
  const { captured } = orderStateAt(order, request.now);
  if (order_amount < captured) {
    const message = `Resulting authorization amount ${order_amount} cannot be less than the captured amount ${captured} for order. Order authorization cannot be updated`;
    const text = `order_amount: given ${order_amount}, expected at least ${captured}, which is captured`;
    return refuse('NOT_ALLOWED', { rule: 'authorization-amount', text }, { messages: [message] });
  }
  const current = order.data.order_amount;
  if (order_amount > current && !canBeRaised(order)) {
    const text = `order_amount: given ${order_amount}, expected at most ${current}; ${order.method.type} cannot be raised in ${order.data.purchase_country}`;
    return refuse('NOT_ALLOWED', { rule: 'authorization-raise', text }, { messages: ['Update not allowed.'] });
  }
  return changed({ ...order, data: { ...order.data, order_amount, order_lines } }, request.transactionId);
}

/** Sets the merchant references of an order; an empty text clears one. Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER. */
export function updateMerchantReferences(request: OnOrder & { body: MerchantReferencesUpdate }): Decision {
  const order = knownOrder(request);
  if ('refusal' in order) return order.refusal.error === 'NO_SUCH_ORDER' ? noReferences(request) : order;
  if (orderStateAt(order, request.now).status === 'CANCELLED') {
    return notAllowed('Can not update a cancelled order.', 'order-state', `order ${order.id} is CANCELLED`);
  }
  return changed({ ...order, data: patched(order.data, request.body) }, request.transactionId);
}

/** Makes the 404 of an unknown order for merchant references: the only one that does not name the order (docs). */
function noReferences({ id, merchant }: OnOrder): Refused {
  return noSuchOrder(id, merchant, 'Order cannot be found. Merchant references cannot be updated.');
}

/** Returns the fields with those given replaced; an empty text removes a field. */
function patched<Fields extends object>(before: Fields, given: Partial<Fields>): Fields {
  const after = { ...before, ...given };
  return Object.fromEntries(Object.entries(after).filter(([, value]) => value !== '')) as Fields;
}

/**
 * Changes the shipping address of an order, field by field. The billing address stays as the shopper authorized it.
 * Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER; 422 INVALID_ADDRESS.
 */
export function updateCustomerDetails(request: OnOrder & { body: CustomerDetailsUpdate }): Decision {
  const order = knownOrder(request, 'Customer details cannot be updated.');
  if ('refusal' in order) return order;
  const { billing_address, shipping_address } = request.body;
  if (billing_address) {
    const message = 'Billing address cannot be updated for user account order. Customer details cannot be updated.';
    const text = 'billing_address: given an address, expected none; only the shipping address can change';
    return refuse('NOT_ALLOWED', { rule: 'billing-address-stays', text }, { messages: [message] });
  }
  const closed = whyClosed(order, request, openStatuses, 'Update not allowed.');
  if (closed) return closed;
  if (!shipping_address) return changed(order, request.transactionId);
  const address = patched<ManagedAddress>(order.data.shipping_address ?? {}, shipping_address);
  const purchase_country = order.data.purchase_country;
  const violations = checkPeople({ shipping_address: address, purchase_country });
  if (address.country !== undefined && !marketOf(address.country)) {
    const text = `shipping_address.country: given ${address.country}, expected one of Klarna's 26 markets`;
    violations.push({ rule: 'market-country', field: 'shipping_address.country', text });
  }
  const [first] = violations;
  if (first) {
    const text = violations.map((violation) => violation.text).join('; ');
    return refuse('INVALID_ADDRESS', { rule: first.rule, text });
  }
  return changed({ ...order, data: { ...order.data, shipping_address: address } }, request.transactionId);
}

/** Acknowledges an order; repetitions succeed (recorded). Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER. */
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

/**
 * Cancels an order without captures; repetitions succeed (recorded).
 * Errors: 403 CANCEL_NOT_ALLOWED; 404 NO_SUCH_ORDER.
 */
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

/** Releases the part of an order that is not captured. Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER. */
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

/** Tells whether an order's payment method rules out an extension. Source: extended authorization (docs). */
function isFixed({ method, data }: Order): boolean {
  return (
    method.type === 'pay_by_card' ||
    (method.type === 'fixed_sum_credit' && data.purchase_country.toUpperCase() === 'US')
  );
}

/**
 * Extends the authorization of an order to 28 days from today. Repetitions on one day count once (recorded).
 * Errors: 403 NOT_ALLOWED; 404 NO_SUCH_ORDER.
 */
export function extendAuthorizationTime(request: OnOrder): Decision {
  const order = knownOrder(request, 'Authorization time cannot be extended.');
  if ('refusal' in order) return order;
  const not = (why: string, text: string) =>
    notAllowed(`${why}Authorization time cannot be extended.`, 'extension', `order ${order.id} ${text}`);
  const { status } = orderStateAt(order, request.now);
  if (status === 'EXPIRED') return not('Order is expired. ', `expired ${toIso(order.authorized_until)}`);
  if (!openStatuses.includes(status)) return not('', `is ${status}; nothing of it is authorized`);
  if (isFixed(order)) return not('', `is paid by ${order.method.type}, which cannot be prolonged`);
  const until = authorizedUntil(request.now);
  const longest = order.created_at + lifetimes.longestOrder.lasts;
  if (until > longest)
    return not('', `would last until ${toIso(until)}, expected at most ${toIso(longest)}, 180 days in all`);
  if (until === order.authorized_until) return changedOnce(order, 'extend', request.transactionId);
  // A request on a later day is another extension, with its own transaction id.
  const done = { ...order.done, extend: request.transactionId };
  return changed({ ...order, authorized_until: until, done }, request.transactionId);
}
