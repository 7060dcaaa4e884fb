import type { Precondition } from './decision.js';
import { hostedStatusAt } from './hosted-page/status.js';
import type { HostedSession, Kind, Order, Session, Stored } from './records.js';

/** Returns the kinds and ids of the records of a precondition, in the order in which `isMet` takes them. */
export function recordsOf(precondition: Precondition): readonly { kind: Kind; id: string }[] {
  if (precondition.is !== 'timeout') return [{ kind: 'order', id: precondition.order }];
  const { hosted_session, session } = precondition;
  return [
    { kind: 'hosted_session', id: hosted_session },
    { kind: 'session', id: session },
  ];
}

/**
 * Tells whether a precondition is met.
 * @param found the current records; undefined for one that does not exist
 */
export function isMet(precondition: Precondition, [found, other]: readonly (Stored | undefined)[]): boolean {
  if (!found) return false;
  switch (precondition.is) {
    case 'unacknowledged':
      return isUnacknowledged(found as Order);
    case 'verdict': {
      const { fraud_later } = found as Order;
      return fraud_later?.verdict === precondition.verdict && fraud_later.at === precondition.at;
    }
    case 'timeout':
      return hostedStatusAt(found as HostedSession, other as Session | undefined, precondition.at) === 'TIMEOUT';
  }
}

/** Tells whether an order waits to be acknowledged. A capture acknowledges it too (docs); a cancel ends the wait. */
const isUnacknowledged = ({ done, captures }: Order): boolean =>
  done.acknowledge === undefined && done.cancel === undefined && captures.length === 0;
