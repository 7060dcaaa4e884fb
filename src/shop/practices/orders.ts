import type { Call } from '../../exchange/call.js';
import { fieldsOf, numberOf, textOf } from '../../exchange/fields.js';
import { ruleOf } from '../../klarna/catalogue/rules.js';
import { fraudEvent, isTurnedDown } from '../../klarna/orders/fraud.js';
import type { Authorization, History, Order } from '../history.js';
import type { Practice, Problem } from './practice.js';

const management = 'Klarna guides for Order Management';

/** The operations that send goods, or take the money for them. */
const shipping = new Set(['captureOrder', 'addOrderShippingInfo', 'addCaptureShippingInfo']);

const ordersOf = ({ orders }: History): Order[] => [...orders.values()];

/** Returns the captures and shipments while the fraud check was pending, by the answers before or Klarna's refusal. */
function pendingCalls(order: Order, accepted: ReadonlySet<string>): Call[] {
  let pending = false;
  return order.steps.flatMap(({ call }) => {
    const status = call.result === 'done' ? textOf(call.answer.fraud_status) : undefined;
    if (status !== undefined) pending = status === 'PENDING';
    if (!shipping.has(call.operation.name)) return [];
    const unheard = pending && !accepted.has(order.id);
    return unheard || call.rule === 'capture-fraud' ? [call] : [];
  });
}

/** Returns the ids of the orders that a delivered notification (status 200) reported as accepted. */
function acceptedByNotification({ callbacks }: History): Set<string> {
  const ids = callbacks.flatMap(({ on, body = {}, result }) =>
    on === 'notification' && body.event_type === fraudEvent('ACCEPTED') && result.status === 200
      ? [String(body.order_id)]
      : [],
  );
  return new Set(ids);
}

/** The operations that use an authorization, and give the same answer when repeated. */
const making = ['createOrder', 'createCustomerToken'];

/** Returns the repeated calls of an authorization whose answer the shop had already received. */
function repeatedSuccesses({ calls }: Authorization): Problem[] {
  return making.flatMap((name) => {
    const [first, ...again] = calls.filter(({ operation, result }) => operation.name === name && result === 'done');
    return again.map((call) => ({
      call,
      message: `${name} asks again for what exchange ${first?.number} answered; keep that answer, and let one part of the shop ask`,
    }));
  });
}

function overRefunds({ steps }: Order): Problem[] {
  return steps
    .filter(({ call }) => call.operation.name === 'refundOrder' && call.rule === 'refund-amount')
    .map(({ call }) => ({
      call,
      settles: true as const,
      path: '$.body.refunded_amount',
      got: call.body.refunded_amount,
      message: `refundOrder gives back ${numberOf(call.body.refunded_amount)}, more than is left of what was captured (${call.text}); refund what was captured, once`,
    }));
}

/** Tells whether an order has a push address: its own or, when it has none, that of its session. */
function asksForPush({ placed, from }: Order): boolean {
  const own = fieldsOf(placed?.body.merchant_urls).push;
  return textOf(own ?? fieldsOf((from?.session ?? from)?.data.merchant_urls).push) !== undefined;
}

/** Tells whether Klarna counts an order as acknowledged: by acknowledgeOrder, or by a capture. */
const isAcknowledged = ({ steps, captured }: Order): boolean =>
  captured > 0 || steps.some(({ call }) => call.operation.name === 'acknowledgeOrder' && call.result === 'done');

/** The practices for orders. */
export const orders: Practice[] = [
  {
    id: 'practice/order-on-other-cart',
    severity: 'violation',
    says: 'The order has the lines, addresses and amounts that the shopper authorized.',
    why: 'An order for another cart is refused, the refusal sticks to the authorization, and the shopper has to begin anew.',
    evidence: 'docs',
    source: 'Klarna: validations in Klarna Payments',
    check: ({ calls }) =>
      calls
        .filter(
          ({ operation, rule }) => operation.name === 'createOrder' && ruleOf(rule)?.judges === 'authorized-order',
        )
        .map((call) => ({
          call,
          settles: true as const,
          identity: call.rule,
          message: `createOrder places an order on another cart than was authorized (${call.text}); authorize again when the cart changes`,
        })),
  },
  {
    id: 'practice/order-not-acknowledged',
    severity: 'warning',
    says: 'A shop that asks to be told of its orders acknowledges them.',
    why: 'By merchant_urls.push Klarna tells that an order is complete; the shop says by acknowledging it that it has it. Capturing says so as well. An order without a push address needs neither, nor one that was cancelled, rejected or stopped.',
    evidence: 'docs',
    source: `${management}: acknowledge an order; confirm a purchase`,
    check: (history) =>
      ordersOf(history).flatMap((order) => {
        const { placed, status, fraud } = order;
        if (!placed || !asksForPush(order) || isAcknowledged(order)) return [];
        if (status === 'CANCELLED' || isTurnedDown(fraud)) return [];
        return [
          {
            call: placed,
            message: `the order of ${placed.operation.name} was never acknowledged, nor captured; call acknowledgeOrder once the shop has stored it`,
          },
        ];
      }),
  },
  {
    id: 'practice/order-repeated',
    severity: 'note',
    says: 'An order that was placed, or a customer token that was made, is not asked for again.',
    why: 'Klarna answers the same order, or the same customer token, once more. A shop that asks again has not kept the first answer, or two of its parts do the same work: a body that differs by a word is then refused.',
    evidence: 'docs',
    source: 'Klarna: error catalogue, order already completed',
    check: (history) => [...history.authorizations.values()].flatMap(repeatedSuccesses),
  },
  {
    id: 'practice/captured-after-cancel',
    severity: 'violation',
    says: 'An order that was cancelled is not captured.',
    why: 'Klarna refuses the capture: goods that leave then are not paid for.',
    evidence: 'docs',
    source: `${management}: capture and track orders`,
    check: (history) =>
      ordersOf(history).flatMap(({ steps }) =>
        steps
          .filter(({ call, before }) => call.operation.name === 'captureOrder' && before === 'CANCELLED')
          .map(({ call }) => ({
            call,
            settles: true as const,
            message:
              'captureOrder captures an order that was cancelled; look at the status before goods are sent, and place a new order',
          })),
      ),
  },
  {
    id: 'practice/refunded-over',
    severity: 'violation',
    says: 'No more is refunded than was captured.',
    why: 'Klarna refuses the refund; a shop that asks for it has lost count, most often because a refund was sent twice.',
    evidence: 'docs',
    source: `${management}: refunds`,
    check: (history) => ordersOf(history).flatMap(overRefunds),
  },
  {
    id: 'practice/pending-order-shipped',
    severity: 'violation',
    says: 'Nothing is captured or sent while the fraud check of an order is pending.',
    why: 'Klarna does not pay for an order that it ends up rejecting. The check takes an order for accepted when the shop read it so, or its notification address was told.',
    evidence: 'docs',
    source: 'Klarna: pending orders',
    check: (history) => {
      const accepted = acceptedByNotification(history);
      return ordersOf(history).flatMap((order) =>
        pendingCalls(order, accepted).map((call) => ({
          call,
          settles: true as const,
          message: `${call.operation.name} goes ahead with an order that Klarna has not let through; wait for FRAUD_RISK_ACCEPTED at merchant_urls.notification, or read the order until fraud_status is ACCEPTED`,
        })),
      );
    },
  },
];
