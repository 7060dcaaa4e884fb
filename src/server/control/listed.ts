import type { components } from '../../contract/generated/sandbox.js';
import { hostedSessionAnswer, hostedStatusAt } from '../../klarna/hosted-page/status.js';
import { orderStateAt } from '../../klarna/orders/life-cycle.js';
import { authorizationStatusAt } from '../../klarna/payments/authorizations.js';
import { sessionStatusAt } from '../../klarna/payments/sessions.js';
import type {
  Authorization,
  CustomerTokenRecord,
  HostedSession,
  Order,
  PaymentMethod,
  Session,
} from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';

type Listed = components['schemas'];

/** Records as the lists of the control API show them. */

export function listedSession(session: Session, now: Instant): Listed['listed_session'] {
  const { data } = session;
  return {
    session_id: session.id,
    status: sessionStatusAt(session, now),
    intent: data.intent,
    purchase_country: data.purchase_country,
    purchase_currency: data.purchase_currency,
    order_amount: data.order_amount,
    merchant_reference1: data.merchant_reference1,
    authorization_token: session.authorization,
    finalize_required: session.unfinished && true,
    order_id: session.order,
    created_at: toIso(session.created_at),
    expires_at: toIso(session.expires_at),
  };
}

export function listedAuthorization(
  authorization: Authorization,
  now: Instant,
  session: Session | undefined,
): Listed['listed_authorization'] {
  const { data, choice } = authorization;
  return {
    authorization_token: authorization.id,
    session_id: authorization.session,
    status: authorizationStatusAt(authorization, session, now),
    intent: data.intent,
    purchase_country: data.purchase_country,
    purchase_currency: data.purchase_currency,
    order_amount: data.order_amount,
    payment_option: choice.option,
    funding_source: choice.source,
    customer_token: authorization.token,
    order_id: authorization.placed?.order,
    created_at: toIso(authorization.created_at),
    expires_at: toIso(authorization.expires_at),
  };
}

const shownMethod = (method: PaymentMethod): Listed['payment_method'] => ({ ...method });

export function listedCustomerToken(token: CustomerTokenRecord): Listed['listed_customer_token'] {
  return {
    token_id: token.id,
    status: token.status,
    intent: token.intent,
    description: token.description,
    purchase_country: token.purchase_country,
    purchase_currency: token.purchase_currency,
    payment_method: shownMethod(token.method),
    shared_with: token.shared_with,
    declines: token.declines as Listed['listed_customer_token']['declines'],
    created_at: toIso(token.created_at),
  };
}

export function listedOrder(order: Order, now: Instant): Listed['listed_order'] {
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

export function listedHostedSession(
  hosted: HostedSession,
  now: Instant,
  session: Session | undefined,
  order: Order | undefined,
): Listed['listed_hosted_session'] {
  const status = hostedStatusAt(hosted, session, now);
  const { session_id, ...standing } = hostedSessionAnswer({ hosted, status }, order);
  return {
    session_id,
    payment_session_id: hosted.session,
    ...standing,
    place_order_mode: hosted.options.place_order_mode ?? 'NONE',
    created_at: toIso(hosted.created_at),
  };
}
