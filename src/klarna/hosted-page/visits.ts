import type { Reason } from '../catalogue/rules.js';
import {
  type Accepted,
  answer,
  badValue,
  type Callback,
  type Change,
  type Decision,
  type Refused,
} from '../decision.js';
import { fillHostedPlaceholders } from '../links.js';
import { type CreateOrder, createOrder } from '../payments/create-order.js';
import type { ShopperAnswer } from '../payments/purchase-flow.js';
import type { HostedSession, HostedStatus, Kind, OfKind, Order, OrderRequest, Purchase } from '../records.js';
import type { Instant } from '../time.js';
import { closed, findLiveHostedSession, isFinal, type OnHostedSession, statusUpdate } from './status.js';

/** The result of a shopper's act on the page. */
export interface HostedAnswer extends Partial<ShopperAnswer> {
  session_id: string;
  status: HostedStatus;
  /** The URL that the browser goes to, with placeholders filled in; absent when it stays on Klarna's page. */
  redirect_url?: string;
  order_id?: string;
  klarna_reference?: string;
  fraud_status?: Order['fraud_status'];
}

/** The inputs of an act that sends the merchant status updates. */
interface Telling {
  now: Instant;
  /** Returns a new id for an event. */
  eventId: () => string;
}

export type OnHostedPage = OnHostedSession & Telling;

/** Returns the hosted session if its page is open, or the refusal. Errors: 403 when it is final; 404. */
export function openHostedSession(on: OnHostedSession): HostedSession | Refused {
  const found = findLiveHostedSession(on);
  if ('refusal' in found) return found;
  return isFinal(found.status) ? closed(found, 'INVALID_OPERATION') : found.hosted;
}

/** Redirect URLs by status; the first that is set is used. Source: creating a session, distributing it (docs). */
const redirects: Record<HostedStatus, readonly (keyof HostedSession['merchant_urls'])[]> = {
  WAITING: [],
  IN_PROGRESS: [],
  COMPLETED: ['success'],
  FAILED: ['failure'],
  CANCELLED: ['cancel'],
  // For web shops the cancel URL also serves as the back URL.
  BACK: ['back', 'cancel'],
  ERROR: ['error', 'failure'],
  DISABLED: [],
};

interface Moved {
  hosted: HostedSession;
  effects: Callback[];
}

/** Moves a hosted session to a status by way of IN_PROGRESS, with a status update for each step. */
function move(hosted: HostedSession, to: HostedStatus, on: Telling, result?: HostedSession['result']): Moved {
  const path: HostedStatus[] = hosted.status === 'IN_PROGRESS' ? [] : ['IN_PROGRESS'];
  if (to !== 'IN_PROGRESS') path.push(to);
  const moved: Moved = { hosted, effects: [] };
  for (const status of path) {
    moved.hosted = { ...moved.hosted, status, updated_at: on.now, ...(status === to && result && { result }) };
    moved.effects.push(...statusUpdate({ hosted: moved.hosted, status }, on.eventId(), on.now));
  }
  return moved;
}

/** Returns the shopper's result in a status, with the redirect URL of that status. */
export function arrive({ id, status, merchant_urls, result }: HostedSession, shopper?: ShopperAnswer): HostedAnswer {
  const url = redirects[status].map((name) => merchant_urls[name]).find((given) => given);
  // Token and order are filled in for a success alone (docs).
  const got = status === 'COMPLETED' ? { ...shopper, ...result } : {};
  return {
    session_id: id,
    status,
    ...(url && { redirect_url: fillHostedPlaceholders(url, { session_id: id, ...got }) }),
    ...shopper,
    ...result,
  };
}

/** Opens the page for the shopper. Errors: 403 when the session is final; 404. */
export function enterHostedSession(on: OnHostedPage): Decision<HostedAnswer> {
  const open = openHostedSession(on);
  if ('refusal' in open) return open;
  const { hosted, effects } = move(open, 'IN_PROGRESS', on);
  return answer(200, arrive(hosted), { changes: hosted === open ? [] : [{ put: hosted }], effects });
}

const decided = (text: string): Reason => ({ rule: 'shopper-decision', text });

/** Ways to leave the page without having paid: the new status and the reason. */
const departures = {
  fail: { status: 'FAILED', because: decided('Klarna refuses the shopper, who may try again') },
  cancel: { status: 'CANCELLED', because: decided('the shopper cancels for good') },
  back: { status: 'BACK', because: decided('the shopper goes back, and may come again') },
} as const;

export type Departure = keyof typeof departures;

/** Leaves the page without having paid. Errors: 403 when the session is final; 404. */
export function leaveHostedSession(on: OnHostedPage & { by: Departure }): Decision<HostedAnswer> {
  const open = openHostedSession(on);
  if ('refusal' in open) return open;
  const { status, because } = departures[on.by];
  const { hosted, effects } = move(open, status, on);
  return answer(200, arrive(hosted), { changes: [{ put: hosted }], effects, because });
}

/** Returns the record of a kind among the changes of a decision. */
function recordOf<K extends Kind>({ changes }: Pick<Accepted<unknown>, 'changes'>, kind: K): OfKind<K> | undefined {
  const leaves = (change: Change): change is { put: OfKind<K> } => 'put' in change && change.put.kind === kind;
  return changes.find(leaves)?.put;
}

/** Fields that an order takes over from the purchase unchanged. */
const ordered = [
  'purchase_country',
  'order_amount',
  'order_lines',
  'purchase_currency',
  'order_tax_amount',
  'locale',
  'billing_address',
  'shipping_address',
  'customer',
  'merchant_reference1',
  'merchant_reference2',
  'merchant_data',
  'merchant_urls',
  'custom_payment_method_ids',
] as const satisfies readonly (keyof Purchase & keyof OrderRequest)[];

/** Returns the order that the page places after an approved purchase, or undefined if it places none. */
export function orderOfPage(hosted: HostedSession, purchase: Decision<ShopperAnswer>): OrderRequest | undefined {
  const { place_order_mode = 'NONE' } = hosted.options;
  const data = recordOf(purchase, 'authorization')?.data;
  if (place_order_mode === 'NONE' || !data) return undefined;
  const given = ordered.filter((name) => data[name] !== undefined).map((name) => [name, data[name]]);
  return { ...Object.fromEntries(given), auto_capture: place_order_mode === 'CAPTURE_ORDER' } as OrderRequest;
}

export interface CompleteHostedSession extends Telling {
  /** The hosted session, which must be open. */
  hosted: HostedSession;
  merchant: string;
  /** The result of the purchase flow on the page. */
  purchase: Decision<ShopperAnswer>;
  /** The order of `orderOfPage` and the other inputs of placing it. */
  placing?: Pick<
    CreateOrder,
    'body' | 'token' | 'scripted' | 'orderId' | 'captureId' | 'reference' | 'base' | 'currencies'
  >;
}

/**
 * Ends the purchase flow on the page. An approved purchase completes the session, with an order where the page places
 * one. An order that Klarna rejects gives FAILED, one refused for another reason ERROR.
 * Errors: those of the purchase; 400 for a purchase that waits for finalize().
 */
export function completeHostedSession(request: CompleteHostedSession): Decision<HostedAnswer> {
  const { hosted: open, purchase, placing } = request;
  if ('refusal' in purchase) return purchase;
  const shopper = purchase.answer.body as ShopperAnswer;
  if (shopper.finalize_required) {
    const text =
      'result: given finalize_required, for which no page waits; expected approved, denied, abandoned or fix_required';
    return badValue([{ rule: 'finalize-waits', field: 'result', text }]);
  }
  const bound = recordOf(purchase, 'session')?.bound;
  const order = placing && placeOrder(request, placing);
  const { status, result, because } = outcomeOf(shopper, order);
  const { hosted, effects } = move({ ...open, ...(bound && { bound }) }, status, request, result);
  const reason = because ?? purchase.because ?? placing?.scripted?.because;
  const fraud_status = recordOf(order ?? { changes: [] }, 'order')?.fraud_status;
  return answer(
    200,
    { ...arrive(hosted, shopper), ...(fraud_status && { fraud_status }) },
    {
      changes: [...purchase.changes, ...(order?.changes ?? []), { put: hosted }],
      effects: [...purchase.effects, ...(order?.effects ?? []), ...effects],
      ...(reason && { because: reason }),
    },
  );
}

/** Places the order of the page on the authorization that the purchase has given. */
function placeOrder(request: CompleteHostedSession, placing: NonNullable<CompleteHostedSession['placing']>): Decision {
  const authorization = recordOf(request.purchase, 'authorization');
  const { merchant, now } = request;
  const id = String(authorization?.id);
  return createOrder({ authorization, session: recordOf(request.purchase, 'session'), id, merchant, now, ...placing });
}

function outcomeOf(
  { show_form, authorization_token }: ShopperAnswer,
  order: Decision | undefined,
): { status: HostedStatus; result?: HostedSession['result']; because?: Reason } {
  // The shopper can correct something, or has only closed the purchase flow.
  if (authorization_token === undefined) return { status: show_form ? 'IN_PROGRESS' : 'FAILED' };
  if (!order) return { status: 'COMPLETED', result: { authorization_token } };
  if ('refusal' in order) {
    return { status: order.refusal.error === 'REJECTED' ? 'FAILED' : 'ERROR', because: order.because };
  }
  const placed = recordOf(order, 'order');
  return { status: 'COMPLETED', result: { order_id: placed?.id, klarna_reference: placed?.klarna_reference } };
}
