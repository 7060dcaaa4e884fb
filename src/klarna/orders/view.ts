import { initialMethods } from '../catalogue/payment-options.js';
import { answer, type Decision, refuse } from '../decision.js';
import type { Capture, ManagedAddress, ManagedLine, Order, Refund } from '../records.js';
import { type Instant, toIso } from '../time.js';
import { orderStateAt } from './life-cycle.js';
import { knownCapture, knownOrder, type OnOrder } from './order.js';
import type { OnCapture } from './shipments.js';

/** Returns a line as it is read: with Klarna's values for absent fields (recorded), in Klarna's order of fields. */
function shownLine(line: ManagedLine) {
  const { reference = '', type = 'physical', quantity, quantity_unit = '', name, total_amount, unit_price } = line;
  const { total_discount_amount = 0, tax_rate = 0, total_tax_amount = 0 } = line;
  const { product_url, image_url, merchant_data, product_identifiers, subscription } = line;
  return {
    reference,
    type,
    quantity,
    quantity_unit,
    name,
    total_amount,
    unit_price,
    total_discount_amount,
    tax_rate,
    total_tax_amount,
    ...(product_url !== undefined && { product_url }),
    ...(image_url !== undefined && { image_url }),
    ...(merchant_data !== undefined && { merchant_data }),
    ...(product_identifiers && { product_identifiers }),
    ...(subscription && { subscription }),
  };
}

/** Fields that every address has when it is read; absent ones are empty text (recorded). In Klarna's order. */
const EMPTY = {
  given_name: '',
  family_name: '',
  title: '',
  street_address: '',
  street_address2: '',
  postal_code: '',
  city: '',
  region: '',
  country: '',
  email: '',
  phone: '',
};

/** Returns an address as it is read: with empty text for absent fields. */
function shownAddress({ organization_name, attention, ...address }: ManagedAddress) {
  return { ...EMPTY, ...address, organization_name, attention };
}

function shownCapture(capture: Capture, order: Order) {
  const { data } = order;
  return {
    capture_id: capture.id,
    klarna_reference: capture.klarna_reference,
    ...(capture.reference !== undefined && { reference: capture.reference }),
    captured_amount: capture.amount,
    captured_at: toIso(capture.at),
    description: capture.description ?? '',
    order_lines: capture.order_lines.map(shownLine),
    refunded_amount: capture.refunded,
    ...(data.billing_address && { billing_address: shownAddress(data.billing_address) }),
    ...(capture.shipping_address && { shipping_address: shownAddress(capture.shipping_address) }),
    shipping_info: capture.shipping_info,
  };
}

/** Returns a refund as it is read: without the merchant's own reference (recorded). */
function shownRefund({ id, amount, at, description = '', order_lines }: Refund) {
  return {
    refund_id: id,
    refunded_amount: amount,
    refunded_at: toIso(at),
    description,
    order_lines: order_lines.map(shownLine),
    credit_invoice: false,
  };
}

function shownOrder(order: Order, now: Instant) {
  const { data, method } = order;
  const { status, fraud_status, captured, refunded, remaining } = orderStateAt(order, now);
  const { date_of_birth, type = 'person', national_identification_number } = data.customer ?? {};
  return {
    order_id: order.id,
    status,
    fraud_status,
    order_amount: data.order_amount,
    original_order_amount: order.original_amount,
    captured_amount: captured,
    refunded_amount: refunded,
    remaining_authorized_amount: remaining,
    purchase_currency: data.purchase_currency.toUpperCase(),
    locale: data.locale ?? 'en-US',
    order_lines: data.order_lines.map(shownLine),
    merchant_reference1: data.merchant_reference1,
    merchant_reference2: data.merchant_reference2,
    merchant_data: data.merchant_data,
    klarna_reference: order.klarna_reference,
    ...(data.customer && { customer: { date_of_birth, type, national_identification_number } }),
    ...(data.billing_address && { billing_address: shownAddress(data.billing_address) }),
    ...(data.shipping_address && { shipping_address: shownAddress(data.shipping_address) }),
    created_at: toIso(order.created_at),
    purchase_country: data.purchase_country.toUpperCase(),
    expires_at: toIso(order.authorized_until),
    captures: order.captures.map((capture) => shownCapture(capture, order)),
    refunds: order.refunds.map(shownRefund),
    initial_payment_method: {
      ...initialMethods[method.type],
      ...(method.number_of_installments !== undefined && { number_of_installments: method.number_of_installments }),
    },
    shipping_info: order.shipping_info,
  };
}

/** Reads an order with all that Klarna shows of it. Errors: 404 NO_SUCH_ORDER. */
export function readOrder(request: OnOrder): Decision {
  const order = knownOrder(request);
  return 'refusal' in order ? order : answer(200, shownOrder(order, request.now));
}

/** Lists the captures of an order. Errors: 404 NO_SUCH_ORDER. */
export function listCaptures(request: OnOrder): Decision {
  const order = knownOrder(request);
  return 'refusal' in order
    ? order
    : answer(
        200,
        order.captures.map((capture) => shownCapture(capture, order)),
      );
}

/** Reads a capture of an order. Errors: 404 NO_SUCH_ORDER, NO_SUCH_CAPTURE. */
export function readCapture(request: OnCapture): Decision {
  const order = knownOrder(request);
  if ('refusal' in order) return order;
  const capture = knownCapture(order, request.captureId);
  return 'refusal' in capture ? capture : answer(200, shownCapture(capture, order));
}

/** Reads a refund of an order. Errors: 404 NO_SUCH_ORDER, NOT_FOUND. */
export function readRefund(request: OnOrder & { refundId: string }): Decision {
  const order = knownOrder(request);
  if ('refusal' in order) return order;
  const { refundId } = request;
  const refund = order.refunds.find(({ id }) => id === refundId);
  if (refund) return answer(200, shownRefund(refund));
  const messages = [`Refund ${refundId} cannot be found for order ${order.id}`];
  const text = `refund: given ${refundId}, which order ${order.id} does not have; it has ${order.refunds.length}`;
  return refuse('NO_SUCH_REFUND', { rule: 'refund-known', text }, { messages });
}
