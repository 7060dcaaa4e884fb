import type { ErrorName } from '../catalogue/errors.js';
import { lifetimes } from '../catalogue/lifetimes.js';
import { type Callback, type Refused, refuse } from '../decision.js';
import { fillHostedPlaceholders } from '../links.js';
import type { HostedSession, HostedSessionAnswer, Order, Session } from '../records.js';
import { type Instant, toIso } from '../time.js';

/** The status of a hosted session at a moment; Klarna's MANUAL_ID_CHECK is never reached. */
export type HostedStanding = HostedSession['status'] | 'TIMEOUT';

/** Statuses that the shopper or the merchant made final. Source: tracking session status (docs). */
const FINAL = new Set<HostedStanding>(['COMPLETED', 'CANCELLED', 'DISABLED']);

/** Tells whether a status is final; TIMEOUT, which time alone brings, is not among them. */
export const isFinal = (status: HostedStanding): boolean => FINAL.has(status);

/** The hosted session of a request, with its payment session and the order of that, as they are in the store. */
export interface OnHostedSession {
  hosted: HostedSession | undefined;
  session: Session | undefined;
  order: Order | undefined;
  id: string;
  merchant: string;
  now: Instant;
}

/** A hosted session of the merchant, with its status at the moment. */
export interface FoundHostedSession {
  hosted: HostedSession;
  status: HostedStanding;
}

/**
 * Returns the status of a hosted session at a moment: an order that was placed by other means completes it too (docs),
 * and an open one times out. Sources: creating a session, status callbacks (docs).
 */
export function hostedStatusAt(hosted: HostedSession, session: Session | undefined, now: Instant): HostedStanding {
  if (isFinal(hosted.status)) return hosted.status;
  if (session?.order) return 'COMPLETED';
  return now >= hosted.expires_at ? 'TIMEOUT' : hosted.status;
}

/**
 * Returns the hosted session that a merchant names, or the refusal: it is unknown, another merchant's, or past the end
 * of its payment session.
 */
export function findHostedSession(
  { hosted, session, id, merchant, now }: OnHostedSession,
  error: ErrorName = 'HOSTED_SESSION_NOT_FOUND',
): FoundHostedSession | Refused {
  if (!hosted || hosted.merchant !== merchant) {
    const text = `session_id: given ${id}, expected a hosted session of ${merchant}, whose id is not that of the payment session`;
    return refuse(error, { rule: 'hosted-known', text });
  }
  const status = hostedStatusAt(hosted, session, now);
  const over = status === 'TIMEOUT' && now >= hosted.expires_at + lifetimes.pastHostedSession.lasts;
  return over ? timedOut(hosted, now, error) : { hosted, status };
}

/** As `findHostedSession`, but a session that has timed out is refused too. */
export function findLiveHostedSession(
  on: OnHostedSession,
  error: ErrorName = 'HOSTED_SESSION_NOT_FOUND',
): FoundHostedSession | Refused {
  const found = findHostedSession(on, error);
  return 'status' in found && found.status === 'TIMEOUT' ? timedOut(found.hosted, on.now, error) : found;
}

function timedOut({ id, expires_at }: HostedSession, now: Instant, error: ErrorName): Refused {
  const text = `hosted session ${id} ended ${toIso(expires_at)}, an hour before its payment session; it is now ${toIso(now)}`;
  return refuse(error, { rule: 'hosted-lifetime', text });
}

/** Makes the refusal of a hosted session whose payment session is no longer kept, as where memory was full. */
export function withoutPaymentSession({ id }: HostedSession): Refused {
  const text = `the payment session of hosted session ${id} is no longer kept; create both anew`;
  return refuse('HOSTED_SESSION_NOT_FOUND', { rule: 'hosted-known', text });
}

/** Makes the refusal of a hosted session that is final. */
export function closed({ hosted, status }: FoundHostedSession, error: ErrorName): Refused {
  const text = `hosted session ${hosted.id} is ${status} for good; create another one`;
  return refuse(error, { rule: 'hosted-final', text });
}

/** Returns a hosted session as reads and callbacks show it; `order` is the one that completed its payment session. */
export function hostedSessionAnswer({ hosted, status }: FoundHostedSession, order?: Order): HostedSessionAnswer {
  const otherwise = status !== hosted.status && order;
  const updated_at = otherwise ? order.created_at : status === 'TIMEOUT' ? hosted.expires_at : hosted.updated_at;
  return {
    session_id: hosted.id,
    status,
    ...(otherwise ? { order_id: order.id, klarna_reference: order.klarna_reference } : hosted.result),
    updated_at: toIso(updated_at),
    expires_at: toIso(hosted.expires_at),
  };
}

/** Returns the callback that reports a status, if the merchant gave a URL for it. Source: status callbacks (docs). */
export function statusUpdate(found: FoundHostedSession, eventId: string, at: Instant): Callback[] {
  const { id, merchant_urls } = found.hosted;
  if (!merchant_urls.status_update) return [];
  const url = fillHostedPlaceholders(merchant_urls.status_update, { session_id: id });
  const body = { event_id: eventId, session: hostedSessionAnswer(found) };
  return [{ on: 'status_update', url, body, at, lane: id }];
}
