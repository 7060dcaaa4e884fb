import { answer, refuse } from '../../klarna/decision.js';
import { decideFraud } from '../../klarna/orders/fraud.js';
import { orderStateAt } from '../../klarna/orders/life-cycle.js';
import type { FraudVerdict, Order } from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';
import type { Handlers } from '../call.js';
import { orderOf } from '../klarna/order-management.js';
import { list, type Schemas, shownMethod } from './list.js';

/** Returns an order in the form of the list. */
function listedOrder(order: Order, now: Instant): Schemas['listed_order'] {
  const { data, choice } = order;
  const { status, fraud_status, captured, refunded, remaining } = orderStateAt(order, now);
  return {
    order_id: order.id,
    klarna_reference: order.klarna_reference,
    session_id: order.session,
    customer_token: order.customer_token,
    status,
    fraud_status,
    purchase_country: data.purchase_country,
    purchase_currency: data.purchase_currency,
    order_amount: data.order_amount,
    order_tax_amount: data.order_tax_amount,
    captured_amount: captured,
    refunded_amount: refunded,
    remaining_authorized_amount: remaining,
    merchant_reference1: data.merchant_reference1,
    payment_option: choice?.option,
    funding_source: choice?.source,
    payment_method: shownMethod(order.method),
    created_at: toIso(order.created_at),
  };
}

/** Returns the captures and refunds of an order, oldest first. */
function partsOf({ id, authorized_until, captures, refunds }: Order): Schemas['order_parts'] {
  const parts = [
    ...captures.map((capture) => ({ kind: 'capture' as const, ...capture })),
    ...refunds.map((refund) => ({ kind: 'refund' as const, ...refund })),
  ].sort((a, b) => a.at - b.at);
  return {
    order_id: id,
    expires_at: toIso(authorized_until),
    items: parts.map(({ kind, id, amount, at, description }) => ({
      kind,
      id,
      amount,
      at: toIso(at),
      ...(description !== undefined && { description }),
    })),
  };
}

/** Handlers of the control API for orders. */
export const orders: Handlers<'listOrders' | 'listOrderParts' | 'decideFraud'> = {
  listOrders: list('order', (order, { now }) => listedOrder(order, now)),

  *listOrderParts(call) {
    const { order, id } = yield* orderOf(call);
    if (order?.merchant === call.merchant) return answer(200, partsOf(order));
    const text = `order_id: given ${id}, which is no order of ${call.merchant}`;
    return refuse('NOT_FOUND', { rule: 'order-known', text }, { messages: ['Invalid order id'] });
  },

  *decideFraud(call) {
    const { decision } = call.body;
    const verdict = decision.toUpperCase() as FraudVerdict;
    const decided = decideFraud({ verdict, ...(yield* orderOf(call)) });
    if ('refusal' in decided) return decided;
    return { ...decided, answer: { status: 200, body: listedOrder(decided.answer.body as Order, call.now) } };
  },
};
