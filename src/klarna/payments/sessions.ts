import { checkAmounts } from '../amounts.js';
import { checkAttachment } from '../attachments.js';
import { lifetimes } from '../catalogue/lifetimes.js';
import { checkMarket, type MarketCountry, type MarketFacts } from '../catalogue/markets.js';
import { categoriesIn, usualCategories } from '../catalogue/payment-method-categories.js';
import { answer, badValue, type Decision, type Refused, refuse, type Violation } from '../decision.js';
import type { CategoryName, CustomerTokenRecord, Purchase, Session, SessionData, SessionRequest } from '../records.js';
import { type Instant, toIso } from '../time.js';
import { withFields } from '../with-fields.js';
import { type ClientTokenOf, clientOf } from './client-token.js';

/** Checks a session's data: market, lines, totals, attachment. Returns the violations of the first stage that fails. */
export function checkPurchase(data: Purchase, currencies: MarketFacts['currencies'], checkLocale = false): Violation[] {
  const market = checkMarket({
    purchase_country: data.purchase_country,
    purchase_currency: data.purchase_currency,
    billing_country: data.billing_address?.country,
    locale: data.locale,
    currencies,
    checkLocale,
  });
  if (market.length > 0) return market;
  const amounts = checkAmounts(data, data.intent);
  return amounts.length > 0 ? amounts : checkAttachment(data.attachment);
}

function checkStepUp(data: SessionData, merchant: string, token: CustomerTokenRecord | undefined): Violation[] {
  if (data.step_up_id === undefined) return [];
  const named = data.customer?.customer_token;
  if (!token || !mayUse(token, merchant)) {
    const text = `customer.customer_token: given ${named ?? 'nothing'}, expected the customer token whose charge was refused`;
    return [{ rule: 'step-up-known', field: 'customer.customer_token', text }];
  }
  if (token.step_ups.includes(data.step_up_id)) return [];
  const text = `step_up_id: given ${data.step_up_id}, expected one that a refused charge of ${token.id} handed out`;
  return [{ rule: 'step-up-known', field: 'step_up_id', text }];
}

/** Tells whether a merchant may use a customer token: its own, or one shared with it. */
export function mayUse(token: CustomerTokenRecord, merchant: string): boolean {
  return token.merchant === merchant || token.shared_with.includes(merchant);
}

export interface CreateSession extends Pick<MarketFacts, 'currencies'> {
  merchant: string;
  body: SessionRequest;
  /** The customer token that a recovery session names. */
  token?: CustomerTokenRecord;
  now: Instant;
  /** The id of the new session. */
  id: string;
  /** Scheme and host by which the shopper's browser reaches the sandbox, as the client token names them. */
  sdkBase: string;
  clientTokenOf: ClientTokenOf;
  /** The payment method categories that somebody chose for it; those of the market unless given. */
  categories?: readonly CategoryName[];
}

const namesIntent = (body: SessionRequest): body is SessionRequest & Pick<Purchase, 'intent'> =>
  body.intent !== undefined;

/** Creates a payment session. Errors: 400 BAD_VALUE. */
export function createSession(request: CreateSession): Decision {
  const { merchant, body, token, now, id, sdkBase, clientTokenOf, currencies } = request;
  const data = namesIntent(body) ? body : withFields(body, { intent: 'buy' } as const);
  const violations = checkPurchase(data, currencies, true);
  if (violations.length > 0) return badValue(violations);
  const stepUp = checkStepUp(data, merchant, token);
  if (stepUp.length > 0) return badValue(stepUp);
  const session: Session = {
    kind: 'session',
    id,
    merchant,
    created_at: now,
    expires_at: now + lifetimes.session.lasts,
    data,
    client: clientOf(data, sdkBase),
    categories: categoriesIn(countryOf(data), request.categories ?? usualCategories),
    ...(token && data.step_up_id && { recovers: { token: token.id, step_up_id: data.step_up_id } }),
  };
  return answer(
    200,
    { session_id: id, client_token: clientTokenOf(session), payment_method_categories: session.categories },
    { changes: [{ put: session }] },
  );
}

/** The status of a session: an order completes it; without one it expires. */
export type SessionStatus = 'incomplete' | 'complete' | 'expired';

/** Returns the status of a session at a moment. */
export function sessionStatusAt({ order, expires_at }: Session, now: Instant): SessionStatus {
  if (order !== undefined) return 'complete';
  return now >= expires_at ? 'expired' : 'incomplete';
}

/** Returns the session that a merchant names, or the refusal: it is unknown, another's, or past its 48 hours. */
export function findSession(found: Session | undefined, id: string, merchant: string, now: Instant): Session | Refused {
  if (!found || found.merchant !== merchant) {
    return refuse('INVALID_SESSION', {
      rule: 'session-known',
      text: `session_id: given ${id}, which ${merchant} never created`,
    });
  }
  if (now >= found.expires_at) {
    const text = `session_id: given ${id}, which ended ${toIso(found.expires_at)}; it is now ${toIso(now)}`;
    return refuse('INVALID_SESSION', { rule: 'session-lifetime', text });
  }
  return found;
}

/** Makes the refusal of a session that became an order. */
export function sessionCompleted(session: Session): Refused {
  const text = `session ${session.id} was completed by order ${session.order}`;
  return refuse('SESSION_COMPLETED', { rule: 'session-completed', text });
}

/** The session of a request, as it is in the store. */
export interface OnSession extends Pick<MarketFacts, 'currencies'> {
  session: Session | undefined;
  id: string;
  merchant: string;
  now: Instant;
}

/** Updates any part of a session; the result is checked like a new session. Errors: 400, 404. */
export function updateSession(request: OnSession & { body: SessionData }): Decision {
  const { session, id, merchant, now, body, currencies } = request;
  const found = findSession(session, id, merchant, now);
  if ('refusal' in found) return found;
  if (found.order) return sessionCompleted(found);
  const data = withFields(withFields(found.data, body), { intent: body.intent ?? found.data.intent });
  const violations = checkPurchase(data, currencies);
  if (violations.length > 0) return badValue(violations);
  return answer(204, undefined, { changes: [{ put: { ...found, data } }] });
}

/** Reads a session. It shows the shopper only after an authorization (docs). Errors: 404. */
export function readSession({
  session,
  id,
  merchant,
  now,
  clientTokenOf,
}: OnSession & { clientTokenOf: ClientTokenOf }): Decision {
  const found = findSession(session, id, merchant, now);
  if ('refusal' in found) return found;
  const { billing_address, shipping_address, customer, step_up_id, ...purchase } = found.data;
  const person = found.shopper && {
    billing_address: found.shopper.billing_address,
    ...(found.shopper.shipping_address && { shipping_address: found.shopper.shipping_address }),
    customer: readableCustomer(found.shopper.customer),
  };
  const shown = {
    client_token: clientTokenOf(found),
    payment_method_categories: found.categories,
    expires_at: toIso(found.expires_at),
    status: sessionStatusAt(found, now),
    ...(found.authorization && { authorization_token: found.authorization }),
  };
  return answer(200, Object.assign({}, purchase, person, shown));
}

/** Returns a customer as Klarna shows it: without the numbers that identify a person. */
function readableCustomer(customer: NonNullable<SessionData['customer']>) {
  const { national_identification_number, last_four_ssn, customer_token, ...readable } = customer;
  return readable;
}

/** Returns the market of a checked purchase: that of the billing address, or else of the purchase country. */
export function countryOf(data: Purchase): MarketCountry {
  return (data.billing_address?.country ?? data.purchase_country).toUpperCase() as MarketCountry;
}
