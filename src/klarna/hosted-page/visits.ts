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

/** What the shopper comes to on the page. */
export interface HostedAnswer extends Partial<ShopperAnswer> {
  session_id: string;
  status: HostedStatus;
  /** Where their browser goes, its placeholders filled in; absent: it stays on a page of Klarna's. */
  redirect_url?: string;
  order_id?: string;
  klarna_reference?: string;
  fraud_status?: Order['fraud_status'];
}

/** What an act takes that the merchant hears of. */
interface Telling {
  now: Instant;
  /** A new id for an event. */
  eventId: () => string;
}

export type OnHostedPage = OnHostedSession & Telling;

/** The hosted session if its page is open, or the refusal. Errors: 403 once it came to its end; 404. */
export function openHostedSession(on: OnHostedSession): HostedSession | Refused {
  const found = findLiveHostedSession(on);
  if ('refusal' in found) return found;
  return isFinal(found.status) ? closed(found, 'INVALID_OPERATION') : found.hosted;
}

/** Where the shopper's browser goes: the first of these that is set. Source: creating a session, distributing it (docs). */
const redirects: Record<HostedStatus, readonly (keyof HostedSession['merchant_urls'])[]> = {
  WAITING: [],
  IN_PROGRESS: [],
  COMPLETED: ['success'],
  FAILED: ['failure'],
  CANCELLED: ['cancel'],
  // In a web shop a URL to cancel is one to go back.
  BACK: ['back', 'cancel'],
  ERROR: ['error', 'failure'],
  DISABLED: [],
};

interface Moved {
  hosted: HostedSession;
  effects: Callback[];
}

/** Leads a hosted session to a status by way of IN_PROGRESS; the merchant hears of each. */
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

/** What the shopper comes to when they leave the page, or stay on it. */
function arrive({ id, status, merchant_urls, result }: HostedSession, shopper?: ShopperAnswer): HostedAnswer {
  const url = redirects[status].map((name) => merchant_urls[name]).find((given) => given);
  // Token and order stand in the URL for a success alone (docs).
  const got = status === 'COMPLETED' ? { ...shopper, ...result } : {};
  return {
    session_id: id,
    status,
    ...(url && { redirect_url: fillHostedPlaceholders(url, { session_id: id, ...got }) }),
    ...shopper,
    ...result,
  };
}

/** The shopper opens the page. Errors: 403 once it came to its end; 404. */
export function enterHostedSession(on: OnHostedPage): Decision<HostedAnswer> {
  const open = openHostedSession(on);
  if ('refusal' in open) return open;
  const { hosted, effects } = move(open, 'IN_PROGRESS', on);
  return answer(200, arrive(hosted), { changes: hosted === open ? [] : [{ put: hosted }], effects });
}

const told = (text: string): Reason => ({ rule: 'shopper-decision', text });

/** How the shopper leaves without having paid, and what comes of it. */
const departures = {
  fail: { status: 'FAILED', because: told('Klarna refuses the shopper, who may try again') },
  cancel: { status: 'CANCELLED', because: told('the shopper cancels for good') },
  back: { status: 'BACK', because: told('the shopper goes back, and may come again') },
} as const;

export type Departure = keyof typeof departures;

/** The shopper leaves the page without having paid. Errors: 403 once it came to its end; 404. */
export function leaveHostedSession(on: OnHostedPage & { by: Departure }): Decision<HostedAnswer> {
  const open = openHostedSession(on);
  if ('refusal' in open) return open;
  const { status, because } = departures[on.by];
  const { hosted, effects } = move(open, status, on);
  return answer(200, arrive(hosted), { changes: [{ put: hosted }], effects, because });
}

/** The record of a kind that a decision leaves behind. */
function left<K extends Kind>({ changes }: Pick<Accepted<unknown>, 'changes'>, kind: K): OfKind<K> | undefined {
  const leaves = (change: Change): change is { put: OfKind<K> } => 'put' in change && change.put.kind === kind;
  return changes.find(leaves)?.put;
}

/** What an order takes over from the purchase as it is. */
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

/** The order that the page itself places after a purchase, if it does: what the shopper agreed to. */
export function orderOfPage(hosted: HostedSession, purchase: Decision<ShopperAnswer>): OrderRequest | undefined {
  const { place_order_mode = 'NONE' } = hosted.options;
  const data = left(purchase, 'authorization')?.data;
  if (place_order_mode === 'NONE' || !data) return undefined;
  const given = ordered.filter((name) => data[name] !== undefined).map((name) => [name, data[name]]);
  return { ...Object.fromEntries(given), auto_capture: place_order_mode === 'CAPTURE_ORDER' } as OrderRequest;
}

export interface CompleteHostedSession extends Telling {
  /** One whose page is open. */
  hosted: HostedSession;
  merchant: string;
  /** What came of the purchase flow on the page. */
  purchase: Decision<ShopperAnswer>;
  /** What `orderOfPage` gave, and what placing it takes. */
  placing?: Pick<
    CreateOrder,
    'body' | 'token' | 'scripted' | 'orderId' | 'captureId' | 'reference' | 'base' | 'currencies'
  >;
}

/**
 * The shopper goes through the purchase flow on the page: an approved purchase completes it, with an order where the
 * page places one. An order that Klarna rejects is a failure, one refused for another reason an error.
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
  const bound = left(purchase, 'session')?.bound;
  const order = placing && placeOrder(request, placing);
  const { status, result, because } = outcomeOf(shopper, order);
  const { hosted, effects } = move({ ...open, ...(bound && { bound }) }, status, request, result);
  const reason = because ?? purchase.because ?? placing?.scripted?.because;
  const fraud_status = left(order ?? { changes: [] }, 'order')?.fraud_status;
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

/** Places the order of the page on the authorization that the purchase has just given. */
function placeOrder(request: CompleteHostedSession, placing: NonNullable<CompleteHostedSession['placing']>): Decision {
  const authorization = left(request.purchase, 'authorization');
  const { merchant, now } = request;
  const id = String(authorization?.id);
  return createOrder({ ...placing, authorization, session: left(request.purchase, 'session'), id, merchant, now });
}

function outcomeOf(
  { show_form, authorization_token }: ShopperAnswer,
  order: Decision | undefined,
): { status: HostedStatus; result?: HostedSession['result']; because?: Reason } {
  // The shopper may correct something, or has only closed the purchase flow.
  if (authorization_token === undefined) return { status: show_form ? 'IN_PROGRESS' : 'FAILED' };
  if (!order) return { status: 'COMPLETED', result: { authorization_token } };
  if ('refusal' in order) {
    return { status: order.refusal.error === 'REJECTED' ? 'FAILED' : 'ERROR', because: order.because };
  }
  const placed = left(order, 'order');
  return { status: 'COMPLETED', result: { order_id: placed?.id, klarna_reference: placed?.klarna_reference } };
}
