import { checkAmounts } from '../amounts.js';
import { checkMarket, type MarketFacts } from '../catalogue/markets.js';
import { answer, badValue, type Decision, refuse, type Violation } from '../decision.js';
import { redirectUrl } from '../links.js';
import { fraudStatusAt, notificationOf } from '../orders/fraud.js';
import { newOrder, type Placed, pushOf } from '../orders/placed.js';
import { checkPeople } from '../personal-data.js';
import type { Authorization, CustomerTokenRecord, Order, OrderRequest, Purchase, Session } from '../records.js';
import { refuseScripted, type Scripted } from '../scripted.js';
import type { Instant } from '../time.js';
import { withFields } from '../with-fields.js';
import { knownAuthorization, type OnAuthorization, whyUnusable } from './authorizations.js';
import { differingFields, isNamed } from './matching.js';
import { authorizedPaymentMethod, methodOf, tokenizedMethodOf } from './payment-methods.js';
import { sessionCompleted } from './sessions.js';

export interface CreateOrder extends OnAuthorization, Pick<MarketFacts, 'currencies'> {
  body: OrderRequest;
  /** The customer token that a recovery session is for. */
  token?: CustomerTokenRecord;
  /** The outcome that a scenario scripts for this order. */
  scripted?: Scripted;
  orderId: string;
  /** The id of the capture that `auto_capture` makes. */
  captureId: string;
  reference: string;
  /** Scheme and host by which the browser reaches the sandbox. */
  base: string;
}

function orderAnswer(order: Order, session: Session, base: string, now: Instant) {
  const fraud_status = fraudStatusAt(order, now);
  return {
    order_id: order.id,
    ...(order.data.merchant_urls?.confirmation && { redirect_url: redirectUrl(base, session.id) }),
    // Klarna Payments has no status for an order that was stopped meanwhile (inferred).
    fraud_status: fraud_status === 'STOPPED' ? 'REJECTED' : fraud_status,
    authorized_payment_method: authorizedPaymentMethod(order.method),
  };
}

/** Answers a repetition: the same body gets the same order, any other body is refused. */
function replay(authorization: Authorization, placed: Order, session: Session, request: CreateOrder): Decision {
  const before = authorization.placed?.body;
  if (before && fingerprint(before) === fingerprint(request.body)) {
    return answer(200, orderAnswer(placed, session, request.base, request.now), { again: true });
  }
  const text = `authorization ${authorization.id} became order ${placed.id} with another body`;
  return refuse('ORDER_WITH_OTHER_BODY', { rule: 'order-same-body', text });
}

/** Returns a body as text. Bodies are read in the field order of the contract, so equal bodies give equal texts. */
const fingerprint = (body: OrderRequest) => JSON.stringify(body);

/**
 * Places an order on an authorization and completes the session. A refusal for fields that do not match, or with
 * `REJECTED`, sticks to the authorization (reported); a 400 does not (recorded).
 * Errors: 400 BAD_VALUE; 403 INVALID_OPERATION; 404 NOT_FOUND, SESSION_COMPLETED; 409 BAD_VALUE.
 * @param request `placed` is the order that the authorization became before
 */
export function createOrder(request: CreateOrder & { placed?: Order }): Decision {
  const { body, now, placed } = request;
  const violations = checkBody(request);
  if (violations.length > 0) return badValue(violations);
  const known = knownAuthorization(request);
  if ('refusal' in known) return known;
  const { authorization, session } = known;
  if (placed) return replay(authorization, placed, session, request);
  // The order is no longer in the store, but must not be placed again.
  if (authorization.placed) return sessionCompleted(session);
  const unusable = whyUnusable(authorization, session, now);
  if (unusable) return unusable;
  if (authorization.refused) {
    const { error, messages, because } = authorization.refused;
    const text = `authorization ${authorization.id} was refused before: ${because.text}`;
    return refuse(error, { rule: 'refusal-sticks', text }, { messages });
  }
  if (authorization.data.intent === 'tokenize') {
    const text = `session ${session.id} has intent tokenize; create a customer token instead`;
    return refuse('INVALID_OPERATION', { rule: 'intent-order', text });
  }
  const malformed = checkNewAddresses(authorization.data, body);
  if (malformed.length > 0) return badValue(malformed);
  const differing = differingFields(authorization.data, body);
  if (differing.length > 0) return notMatching(authorization, differing);
  const { scripted } = request;
  if (scripted?.error) return refuseScripted(scripted.error, scripted.because, authorization);
  return place(request, authorization, session);
}

function checkBody({ body, currencies }: CreateOrder) {
  const market = checkMarket({
    purchase_country: body.purchase_country,
    purchase_currency: body.purchase_currency,
    billing_country: body.billing_address?.country,
    currencies,
    checkLocale: false,
  });
  return market.length > 0 ? market : checkAmounts(body);
}

/**
 * Checks the addresses that the order is the first to name: nobody could correct them when the purchase was authorized.
 * A phone number is taken as it is (recorded: 12345678 in an American order).
 */
function checkNewAddresses(authorized: Purchase, { purchase_country, ...body }: OrderRequest): Violation[] {
  const billing_address = isNamed(authorized.billing_address) ? undefined : body.billing_address;
  const shipping_address = isNamed(authorized.shipping_address)
    ? undefined
    : (body.shipping_address ?? billing_address);
  const violations = checkPeople({ billing_address, shipping_address, purchase_country });
  return violations.filter(({ rule }) => rule !== 'person-phone');
}

function notMatching(authorization: Authorization, differing: string[]): Decision {
  const messages = [`Not matching fields: [${differing.join(', ')}]`];
  const because = {
    rule: 'order-matches',
    text: `the order differs from authorization ${authorization.id} in ${differing.join(', ')}; authorize again`,
  } as const;
  const refused = { error: 'NOT_MATCHING', messages, because } as const;
  return refuse('NOT_MATCHING', because, { messages, changes: [{ put: withFields(authorization, { refused }) }] });
}

/** Returns the result of the fraud check: as scripted, as the test address says, or else ACCEPTED. */
function fraudOf({ scripted, now }: CreateOrder, { pending }: Authorization): NonNullable<Scripted['fraud']> {
  if (scripted?.fraud) return scripted.fraud;
  if (!pending) return { status: 'ACCEPTED' };
  return { status: 'PENDING', later: { verdict: pending.becomes, at: now + pending.after } };
}

function place(request: CreateOrder, authorization: Authorization, session: Session): Decision {
  const { body, orderId, reference, token, now } = request;
  const { choice, shopper } = authorization;
  const { status, later } = fraudOf(request, authorization);
  const locale = body.locale ?? session.data.locale;
  const shipping_address = body.shipping_address ?? shopper.shipping_address;
  const placed: Placed = {
    id: orderId,
    merchant: request.merchant,
    created_at: now,
    klarna_reference: reference,
    session: session.id,
    fraud_status: status,
    ...(later && { fraud_later: later }),
    data: withFields(body, {
      customer: { ...shopper.customer, ...body.customer },
      ...(locale && { locale }),
      billing_address: body.billing_address ?? shopper.billing_address,
      ...(shipping_address && { shipping_address }),
      // The order's own URLs replace those of its session.
      merchant_urls: { ...session.data.merchant_urls, ...body.merchant_urls },
    }),
    choice,
    method: methodOf(choice),
    ...(authorization.bound && { bound: authorization.bound }),
  };
  const order = newOrder(placed, request.captureId);
  const changes = [
    { put: order },
    { put: withFields(authorization, { placed: { order: orderId, body } }) },
    { put: withFields(session, { order: orderId }) },
    ...(token && session.recovers ? [{ put: recover(token, authorization, session.recovers.step_up_id) }] : []),
  ];
  return answer(200, orderAnswer(order, session, request.base, now), {
    changes,
    effects: [...pushOf(order), ...notificationOf(order)],
  });
}

/** Returns a recovered customer token: the newly chosen method under the same id (docs: recover a failed charge). */
function recover(token: CustomerTokenRecord, { choice, data }: Authorization, stepUp: string): CustomerTokenRecord {
  if (token.status === 'CANCELLED') return token;
  return {
    ...token,
    method: tokenizedMethodOf(choice, data.intent),
    step_ups: token.step_ups.filter((id) => id !== stepUp),
  };
}
