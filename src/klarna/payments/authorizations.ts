import type { Reason } from '../catalogue/rules.js';
import { answer, type Decision, type Refused, refuse } from '../decision.js';
import type { Authorization, Session } from '../records.js';
import { type Instant, toIso } from '../time.js';
import { withFields } from '../with-fields.js';
import { sessionCompleted } from './sessions.js';

/** The authorization of a request, with its session, as they are in the store. */
export interface OnAuthorization {
  authorization: Authorization | undefined;
  session: Session | undefined;
  id: string;
  merchant: string;
  now: Instant;
}

const invalid = (rule: Reason['rule'], text: string) => refuse('INVALID_AUTHORIZATION', { rule, text });

/** Returns the authorization that a merchant names, with its session, or the refusal when it is not the merchant's. */
export function knownAuthorization({
  authorization,
  session,
  id,
  merchant,
}: OnAuthorization): { authorization: Authorization; session: Session } | Refused {
  if (authorization && session && authorization.merchant === merchant) return { authorization, session };
  return invalid('authorization-known', `authorization token: given ${id}, which no session of ${merchant} ever got`);
}

/** The status of an authorization: used by an order, released by the merchant, replaced by a newer one, or expired. */
export type AuthorizationStatus = 'valid' | 'used' | 'released' | 'replaced' | 'expired';

/** Returns the status of an authorization at a moment; `session` is its session if it is still in the store. */
export function authorizationStatusAt(
  authorization: Authorization,
  session: Session | undefined,
  now: Instant,
): AuthorizationStatus {
  return authorization.placed ? 'used' : endOf(authorization, session, now);
}

function endOf({ id, released, expires_at }: Authorization, session: Session | undefined, now: Instant) {
  if (released) return 'released';
  if (session && session.authorization !== id) return 'replaced';
  return now >= expires_at ? 'expired' : 'valid';
}

/**
 * Returns the refusal of an authorization that can no longer be used: its session was completed by another, it was
 * cancelled, a newer one replaced it, or its 60 minutes are over.
 */
export function whyUnusable(authorization: Authorization, session: Session, now: Instant): Refused | undefined {
  const { id, expires_at } = authorization;
  if (session.order && !authorization.placed) return sessionCompleted(session);
  switch (endOf(authorization, session, now)) {
    case 'released':
      return invalid('authorization-released', `authorization ${id} was cancelled`);
    case 'replaced':
      return invalid('authorization-newest', `authorization ${id} was replaced by ${session.authorization}`);
    case 'expired': {
      const text = `authorization ${id} ended ${toIso(expires_at)}; it is now ${toIso(now)}`;
      return invalid('authorization-lifetime', text);
    }
    case 'valid':
      return undefined;
  }
}

/** Cancels an authorization that has not become an order. Its session shows it no more (inferred). Errors: 404. */
export function cancelAuthorization(request: OnAuthorization): Decision {
  const known = knownAuthorization(request);
  if ('refusal' in known) return known;
  const { authorization, session } = known;
  if (authorization.placed) {
    const text = `authorization ${authorization.id} became order ${authorization.placed.order}`;
    return refuse('AUTHORIZATION_NOT_DELETABLE', { rule: 'authorization-used', text });
  }
  const unusable = whyUnusable(authorization, session, request.now);
  if (unusable) return unusable;
  const { authorization: _, ...released } = session;
  return answer(204, undefined, {
    changes: [{ put: withFields(authorization, { released: true }) }, { put: released }],
  });
}
