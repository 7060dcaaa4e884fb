import { checkAmounts } from './amounts.js';
import { findCustomerToken, type OnCustomerToken, whyNotChargeable } from './customer-tokens.js';
import { answer, badValue, type Change, type Decision, type Refused, refuse } from './decision.js';
import { type ErrorName, errors } from './errors.js';
import { redirectUrl } from './links.js';
import { authorizedPaymentMethod, refusedPaymentMethod } from './payment-methods.js';
import type { CustomerTokenRecord, Order, TokenOrderRequest } from './records.js';

export interface CreateCustomerTokenOrder extends OnCustomerToken {
  body: TokenOrderRequest;
  orderId: string;
  reference: string;
  /** The step-up id to hand out if the charge is refused. */
  stepUpId: string;
  base: string;
}

/** At most this many open step-ups are kept for a token; the oldest go. */
const OPEN_STEP_UPS = 100;

/**
 * Charges a customer token: a new order each time, for the merchant that asks.
 * Errors: 400 BAD_VALUE; 403 TOKEN_FORBIDDEN, TOKEN_SUSPENDED, TOKEN_CANCELLED, PAYMENT_METHOD_CURRENCY_MISMATCH,
 * and what the payment method refuses; 404 TOKEN_NOT_FOUND.
 */
export function createCustomerTokenOrder(request: CreateCustomerTokenOrder): Decision {
  const { body } = request;
  const violations = checkAmounts(body);
  if (violations.length > 0) return badValue(violations);
  const token = findCustomerToken(request);
  if ('refusal' in token) return token;
  const refused = whyNotChargeable(token) ?? wrongCurrency(token, body);
  if (refused) return refused;
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

/** The next charge meets the refusal that waits for it; the payment method's own refusals say more, and offer a step-up. */
function declined(
  token: CustomerTokenRecord,
  { error_code, times }: { error_code: ErrorName; times: number },
  { body, stepUpId }: CreateCustomerTokenOrder,
): Decision {
  const { declines, ...rest } = token;
  const left = times > 1 ? { declines: { error_code, times: times - 1 } } : {};
  const text = `the charge of customer token ${token.id} was told to be refused with ${error_code}, ${times - 1} more after it`;
  const because = { rule: 'charge-declined', text } as const;
  if (error_code !== 'PAYMENT_METHOD_FAILED' && error_code !== 'UNAVAILABLE_PAYMENT_METHOD') {
    return refuse(error_code, because, { changes: [{ put: { ...rest, ...left } }] });
  }
  const stepUp = body.step_up === 'SUPPORTED';
  const step_ups = stepUp ? [...token.step_ups, stepUpId].slice(-OPEN_STEP_UPS) : token.step_ups;
  const changes: Change[] = [{ put: { ...rest, ...left, step_ups } }];
  const extra = {
    fraud_status: 'REJECTED',
    reason: errors[error_code].messages[0],
    authorized_payment_method: refusedPaymentMethod(token.method),
    ...(stepUp && { step_up_id: stepUpId }),
  };
  return refuse(error_code, because, { changes, extra });
}

function place(token: CustomerTokenRecord, request: CreateCustomerTokenOrder): Decision {
  const { body, merchant, now, orderId, reference, base } = request;
  const { step_up, usage, ...data } = body;
  const order: Order = {
    kind: 'order',
    id: orderId,
    merchant,
    created_at: now,
    klarna_reference: reference,
    customer_token: token.id,
    status: body.auto_capture ? 'CAPTURED' : 'AUTHORIZED',
    fraud_status: 'ACCEPTED',
    data: {
      ...data,
      purchase_country: token.purchase_country,
      billing_address: token.shopper.billing_address,
    },
    method: token.method,
  };
  return answer(
    200,
    {
      authorized_payment_method: authorizedPaymentMethod(token.method),
      fraud_status: order.fraud_status,
      order_id: orderId,
      // Only where there is somewhere to go on to (recorded: none without merchant_urls).
      ...(body.merchant_urls?.confirmation && { redirect_url: redirectUrl(base, orderId) }),
    },
    { changes: [{ put: order }] },
  );
}
