import { counted, distance, money } from './format.js';
import { choiceInWords, idsOf, methodInWords, type Purchase } from './purchases.js';
import { textOf } from './search.js';
import type { CallbackAttempt, DueCallback, Exchange, OrderParts } from './types.js';

/** A moment of a time line. */
export interface Moment {
  at: string;
  kind: 'call' | 'record' | 'callback' | 'due';
  title: string;
  detail?: string;
  /** Number of the exchange, to open it. */
  exchange?: number;
  /** True for what went wrong. */
  bad?: boolean;
  /** The callback's id, to send it again. */
  callback?: string;
}

/** The parts of a time line beside the records of the purchase. */
export interface Happenings {
  exchanges: readonly Exchange[];
  attempts: readonly CallbackAttempt[];
  due: readonly DueCallback[];
  /** Captures and refunds, as far as they were read. */
  parts: readonly OrderParts[];
}

/** Returns the result of an attempt in a few words. */
export function resultInWords({ result }: Pick<CallbackAttempt, 'result'>): string {
  if (result.status !== undefined) return `answered ${result.status}`;
  if (result.error !== undefined) return result.error;
  return result.refused ?? 'lost on the way by the scenario';
}

/** Tells whether an attempt ended otherwise than a shop's receiver should end it. */
export const isBad = ({ result, unexpected }: CallbackAttempt): boolean =>
  unexpected === true || result.status === undefined || result.status >= 300;

const mentions = (text: string, ids: readonly string[]): boolean => ids.some((id) => text.includes(id));

function moments(purchase: Purchase, parts: readonly OrderParts[]): Moment[] {
  const { session, authorizations, tokens, orders, hosted } = purchase;
  const currency = session?.purchase_currency ?? orders[0]?.purchase_currency ?? '';
  const record = (at: string, title: string, detail?: string): Moment => ({
    at,
    kind: 'record',
    title,
    ...(detail !== undefined && { detail }),
  });
  return [
    ...(session
      ? [record(session.created_at, 'Session opened', `${session.intent}, ${money(session.order_amount, currency)}`)]
      : []),
    ...hosted.map((page) => record(page.created_at, 'Hosted page made', page.status)),
    ...authorizations.map((made) =>
      record(made.created_at, 'Shopper approved', `${choiceInWords(made)}, ${made.status}`),
    ),
    ...tokens.map((token) => record(token.created_at, 'Customer token made', methodInWords(token.payment_method))),
    ...orders.map((order) =>
      record(
        order.created_at,
        order.customer_token === undefined ? 'Order placed' : 'Customer token charged',
        `${money(order.order_amount, order.purchase_currency)}, ${methodInWords(order.payment_method)}, ${order.status}`,
      ),
    ),
    ...parts.flatMap(({ items }) =>
      items.map(({ kind, amount, at, description }) =>
        record(
          at,
          kind === 'capture' ? 'Captured' : 'Refunded',
          [money(amount, currency), description].filter(Boolean).join(', '),
        ),
      ),
    ),
  ];
}

/** Returns everything that happened in a purchase and will happen, in order of time. */
export function timeLineOf(purchase: Purchase, { exchanges, attempts, due, parts }: Happenings): Moment[] {
  const ids = idsOf(purchase);
  const calls = exchanges
    .filter((exchange) => mentions(textOf(exchange), ids))
    .map(
      ({ at, number, method, path, operation, status, explanation }): Moment => ({
        at,
        kind: 'call',
        title: `${operation ?? `${method} ${path}`} ${status || 'no answer'}`,
        exchange: number,
        ...(explanation && { detail: explanation.text }),
        ...((status === 0 || status >= 400) && { bad: true }),
      }),
    );
  const sent = attempts
    .filter(({ url, body }) => mentions(`${decoded(url)} ${JSON.stringify(body ?? '')}`, ids))
    .map(
      (attempt): Moment => ({
        at: attempt.at,
        kind: 'callback',
        title: `Callback ${attempt.on}, attempt ${attempt.attempt}`,
        detail: `${resultInWords(attempt)}: ${attempt.url}`,
        callback: attempt.callback_id,
        ...(isBad(attempt) && { bad: true }),
      }),
    );
  const waiting = due
    .filter(
      ({ url, callback_id }) => mentions(decoded(url), ids) || sent.some(({ callback }) => callback === callback_id),
    )
    .map((next): Moment => ({ at: next.at, kind: 'due', title: `Callback ${next.on} is due`, detail: next.url }));
  return [...calls, ...moments(purchase, partsOf(purchase, parts)), ...sent, ...waiting].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
}

const partsOf = ({ orders }: Purchase, parts: readonly OrderParts[]): OrderParts[] =>
  parts.filter(({ order_id }) => orders.some((order) => order.order_id === order_id));

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** Something that happens when the clock gets there. */
export interface Due {
  at: string;
  what: string;
  detail: string;
}

/** Returns what falls due on a merchant's clock, the next first: callbacks, and what expires. */
export function dueOf(purchases: readonly Purchase[], due: readonly DueCallback[], now: string): Due[] {
  const list: Due[] = due.map(({ at, on, attempt, url }) => ({
    at,
    what: `Callback ${on}, attempt ${attempt}`,
    detail: url,
  }));
  for (const { session, authorizations, hosted } of purchases) {
    if (session?.status === 'incomplete')
      list.push({ at: session.expires_at, what: 'Session expires', detail: session.session_id });
    for (const { status, expires_at, authorization_token } of authorizations) {
      if (status === 'valid') list.push({ at: expires_at, what: 'Authorization expires', detail: authorization_token });
    }
    for (const { status, expires_at, session_id } of hosted) {
      if (status === 'WAITING' || status === 'IN_PROGRESS') {
        list.push({ at: expires_at, what: 'Hosted page times out', detail: session_id });
      }
    }
  }
  return list.filter(({ at }) => at >= now).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Returns a summary of a purchase in one line: `order CAPTURED, 2 charges`. */
export function standingOf({ session, authorizations, tokens, orders }: Purchase): string {
  const own = orders.find(({ customer_token }) => customer_token === undefined);
  const charges = orders.filter(({ customer_token }) => customer_token !== undefined).length;
  const parts = [
    own && `order ${own.status.toLowerCase().replace('_', ' ')}`,
    !own && authorizations[0] && `authorization ${authorizations[0].status}`,
    !own && !authorizations[0] && session && `session ${session.status}`,
    tokens[0] && `token ${tokens[0].status.toLowerCase()}`,
    charges > 0 && counted(charges, 'charge'),
  ];
  return parts.filter(Boolean).join(', ');
}

/** Returns how far a moment is from the clock: `in 2 hours`. */
export const fromNow = (at: string, now: number): string => distance(Date.parse(at), now);
