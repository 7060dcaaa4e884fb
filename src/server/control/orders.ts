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

/** Handlers of the control API for orders. */
export const orders: Handlers<'listOrders' | 'decideFraud'> = {
  listOrders: list('order', (order, { now }) => listedOrder(order, now)),

  async decideFraud(call) {
    const { decision } = call.body;
    const verdict = decision.toUpperCase() as FraudVerdict;
    const decided = decideFraud({ ...(await orderOf(call)), verdict });
    if ('refusal' in decided) return decided;
    return { ...decided, answer: { status: 200, body: listedOrder(decided.answer.body as Order, call.now) } };
  },
};
