import { answer, type Callback, type Decision, refuse } from '../decision.js';
import { fillPlaceholders } from '../links.js';
import type { FraudStatus, FraudVerdict, Order } from '../records.js';
import type { Instant } from '../time.js';
import { withFields } from '../with-fields.js';
import { knownOrder, type OnOrder } from './order.js';

/**
 * Returns the fraud status of an order at a moment: from its time on, a later verdict replaces the first status. A stop
 * changes nothing else of the order; captures stay. Source: an order that is stopped reads STOPPED (reported, of
 * krokedil's plugin for WooCommerce).
 */
export function fraudStatusAt({ fraud_status, fraud_later }: Order, now: Instant): FraudStatus {
  if (!fraud_later || now < fraud_later.at) return fraud_status;
  return fraud_later.verdict;
}

/** Tells whether a fraud status has ended an order. */
export const isTurnedDown = (status: string | undefined): status is 'REJECTED' | 'STOPPED' =>
  status === 'REJECTED' || status === 'STOPPED';

/** Returns the `event_type` of the notification of a verdict. */
export const fraudEvent = (verdict: FraudVerdict) => `FRAUD_RISK_${verdict}` as const;

/** Returns the moment at which an order was or will be rejected; `undefined` for one that is not. */
export function rejectedAt({ fraud_status, fraud_later, created_at }: Order): Instant | undefined {
  if (fraud_later?.verdict === 'REJECTED') return fraud_later.at;
  return fraud_status === 'REJECTED' ? created_at : undefined;
}

/** Returns the notification of a later verdict on an order; empty without such a verdict or a notification URL. */
export function notificationOf(order: Order): Callback[] {
  const url = order.data.merchant_urls?.notification;
  if (!url || !order.fraud_later) return [];
  const { verdict, at } = order.fraud_later;
  return [
    {
      on: 'notification',
      url: fillPlaceholders(url, { session: order.session, order: order.id }),
      body: { order_id: order.id, event_type: fraudEvent(verdict) },
      at,
      onlyIf: { is: 'verdict', order: order.id, verdict, at },
    },
  ];
}

/**
 * Decides the fraud check of an order: ends a pending check, or stops an order that was accepted.
 * Errors: 403 INVALID_OPERATION; 404 NO_SUCH_ORDER.
 * @returns the changed order
 */
export function decideFraud(request: OnOrder & { verdict: FraudVerdict }): Decision<Order> {
  const { verdict, now } = request;
  const order = knownOrder(request);
  if ('refusal' in order) return order;
  const status = fraudStatusAt(order, now);
  if (isTurnedDown(status) || (status === 'ACCEPTED' && verdict !== 'STOPPED')) {
    const text = `decision: given ${verdict.toLowerCase()} for an order that is ${status}, expected ${status === 'ACCEPTED' ? 'stopped' : 'none: the verdict has fallen'}`;
    return refuse('INVALID_OPERATION', { rule: 'fraud-decision', text }, { messages: [text] });
  }
  const decided: Order = withFields(order, { fraud_status: status, fraud_later: { verdict, at: now } });
  return answer(200, decided, { changes: [{ put: decided }], effects: notificationOf(decided) });
}
