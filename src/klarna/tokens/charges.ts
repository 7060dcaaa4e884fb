import { checkAmounts } from '../amounts.js';
import { checkAttachment } from '../attachments.js';
import { type ErrorName, errorOf } from '../catalogue/errors.js';
import type { Reason } from '../catalogue/rules.js';
import { answer, badValue, type Decision, type Refused, refuse } from '../decision.js';
import { redirectUrl } from '../links.js';
import { newOrder, type Placed, pushOf } from '../orders/placed.js';
import { authorizedPaymentMethod, refusedPaymentMethod } from '../payments/payment-methods.js';
import type { CustomerTokenRecord, TokenOrderRequest } from '../records.js';
import type { Scripted } from '../scripted.js';
import { withFields } from '../with-fields.js';
import { findCustomerToken, type OnCustomerToken, whyNotChargeable } from './customer-tokens.js';

export interface CreateCustomerTokenOrder extends OnCustomerToken {
  body: TokenOrderRequest;
  orderId: string;
  /** The id of the capture that `auto_capture` makes. */
  captureId: string;
  reference: string;
  /** The outcome that a scenario scripts for this charge. */
  scripted?: Scripted;
  /** The step-up id to hand out if the charge is refused. */
  stepUpId: string;
  base: string;
}

/** Highest number of open step-ups of a token; the oldest are dropped. */
const OPEN_STEP_UPS = 100;

/**
 * Charges a customer token: makes a new order each time, for the merchant that sends the request.
 * Errors: 400 BAD_VALUE; 403 TOKEN_FORBIDDEN, TOKEN_SUSPENDED, TOKEN_CANCELLED, PAYMENT_METHOD_CURRENCY_MISMATCH,
 * and those of the payment method; 404 TOKEN_NOT_FOUND.
 */
export function createCustomerTokenOrder(request: CreateCustomerTokenOrder): Decision {
  const { body, scripted } = request;
  const amounts = checkAmounts(body);
  const violations = amounts.length > 0 ? amounts : checkAttachment(body.attachment);
  if (violations.length > 0) return badValue(violations);
  const token = findCustomerToken(request);
  if ('refusal' in token) return token;
  const refused = whyNotChargeable(token) ?? wrongCurrency(token, body);
  if (refused) return refused;
  if (scripted?.error) return refuseCharge(token, scripted.error, scripted.because, request);
  if (token.declines) return declined(token, token.declines, request);
  return place(token, request);
}

function wrongCurrency(
  token: CustomerTokenRecord,
  { purchase_currency: given }: TokenOrderRequest,
): Refused | undefined {
  if (given.toUpperCase() === token.purchase_currency) return undefined;
  const text = `purchase_currency: given ${given}, expected ${token.purchase_currency}, the currency of the customer token`;
  return refuse('PAYMENT_METHOD_CURRENCY_MISMATCH', { rule: 'charge-currency', text });
}

/** Refuses a charge by `declines` of its token, and counts it. */
function declined(
  token: CustomerTokenRecord,
  { error_code, times }: { error_code: ErrorName; times: number },
  request: CreateCustomerTokenOrder,
): Decision {
  const { declines, ...rest } = token;
  const left = times > 1 ? { declines: { error_code, times: times - 1 } } : {};
  const text = `the charge of customer token ${token.id} was told to be refused with ${error_code}, ${times - 1} more after it`;
  return refuseCharge({ ...rest, ...left }, error_code, { rule: 'charge-declined', text }, request);
}

/**
 * Makes the refusal of a charge. One by the payment method has further fields, and a step-up for a shop that supports
 * it, unless the token was made with a subscription object (docs).
 */
function refuseCharge(
  token: CustomerTokenRecord,
  error: ErrorName,
  because: Reason,
  { body, stepUpId }: CreateCustomerTokenOrder,
): Decision {
  const { recoverable, messages } = errorOf(error);
  if (!recoverable) {
    return refuse(error, because, { changes: [{ put: token }] });
  }
  const asked = body.step_up === 'SUPPORTED';
  const stepUp = asked && !token.subscription;
  const step_ups = stepUp ? [...token.step_ups, stepUpId].slice(-OPEN_STEP_UPS) : token.step_ups;
  const extra = {
    fraud_status: 'REJECTED',
    reason: messages[0],
    authorized_payment_method: refusedPaymentMethod(token.method),
    ...(stepUp && { step_up_id: stepUpId }),
  };
  const reason =
    asked && !stepUp
      ? { ...because, text: `${because.text}; no step_up_id, since the token was made with a subscription object` }
      : because;
  return refuse(error, reason, { changes: [{ put: { ...token, step_ups } }], extra });
}

function place(token: CustomerTokenRecord, request: CreateCustomerTokenOrder): Decision {
  const { body, merchant, now, orderId, reference, base, scripted } = request;
  const { step_up, usage, ...data } = body;
  const { status, later }: NonNullable<Scripted['fraud']> = scripted?.fraud ?? { status: 'ACCEPTED' };
  const placed: Placed = {
    id: orderId,
    merchant,
    created_at: now,
    klarna_reference: reference,
    customer_token: token.id,
    fraud_status: status,
    ...(later && { fraud_later: later }),
    data: withFields(data, {
      purchase_country: token.purchase_country,
      customer: token.shopper.customer,
      billing_address: token.shopper.billing_address,
    }),
    method: token.method,
    ...(token.bound && { bound: token.bound }),
  };
  const order = newOrder(placed, request.captureId);
  return answer(
    200,
    {
      authorized_payment_method: authorizedPaymentMethod(token.method),
      fraud_status: order.fraud_status,
      order_id: orderId,
      // Only with a confirmation URL (recorded: absent without merchant_urls).
      ...(body.merchant_urls?.confirmation && { redirect_url: redirectUrl(base, orderId) }),
    },
    { changes: [{ put: order }], effects: pushOf(order) },
  );
}
