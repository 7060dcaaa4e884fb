import type { ErrorName } from '../catalogue/errors.js';
import type { Reason } from '../catalogue/rules.js';
import { answer, badValue, type Decision, type Refused, refuse, type Violation } from '../decision.js';
import { redirectUrl } from '../links.js';
import { knownAuthorization, type OnAuthorization, whyUnusable } from '../payments/authorizations.js';
import { tokenizedMethodOf, whyFallenBack } from '../payments/payment-methods.js';
import { countryOf, mayUse } from '../payments/sessions.js';
import type { Authorization, CustomerTokenRecord, Session, TokenRequest, TokenStatus } from '../records.js';
import type { Instant } from '../time.js';
import { withFields } from '../with-fields.js';

export interface CreateCustomerToken extends OnAuthorization {
  body: TokenRequest;
  /** The customer token that the authorization already has, or that a recovery session is for. */
  token?: CustomerTokenRecord;
  tokenId: string;
  base: string;
}

/** Checks that a request names no other country or currency than its session had when it was authorized. */
function checkCountry(body: TokenRequest, { data, session }: Authorization): Violation[] {
  const country = countryOf(data);
  const currency = data.purchase_currency.toUpperCase();
  const given = body.billing_address?.country ?? body.purchase_country;
  const violations: Violation[] = [];
  if (given !== undefined && given.toUpperCase() !== country) {
    const text = `purchase_country: given ${given}, expected ${country}, the country of session ${session}`;
    violations.push({ rule: 'token-country', field: 'purchase_country', text });
  }
  if (body.purchase_currency !== undefined && body.purchase_currency.toUpperCase() !== currency) {
    const text = `purchase_currency: given ${body.purchase_currency}, expected ${currency}, the currency of session ${session}`;
    violations.push({ rule: 'token-currency', field: 'purchase_currency', text });
  }
  return violations;
}

function checkIntent({ data: { intent } }: Authorization): Refused | undefined {
  const because = {
    rule: 'intent-token',
    text: `intent of the session is ${intent}, expected one that tokenizes`,
  } as const;
  if (intent === 'buy') return refuse('TOKEN_FOR_INTENT_BUY', because);
  return intent === 'buy_and_link' ? refuse('INVALID_OPERATION', because) : undefined;
}

/** Returns the answer, with the person of Klarna's account and not that of the request (recorded). */
function tokenAnswer(token: CustomerTokenRecord, session: Session, base: string) {
  const { date_of_birth, gender } = token.shopper.customer;
  return {
    token_id: token.id,
    ...(session.data.merchant_urls?.confirmation && { redirect_url: redirectUrl(base, session.id) }),
    billing_address: token.shopper.billing_address,
    customer: { ...(date_of_birth && { date_of_birth }), ...(gender && { gender }) },
  };
}

/** Returns the session with the merchant URLs of the request, if it has any (docs: the guide's request). */
function withUrls(session: Session, { merchant_urls }: TokenRequest): Session {
  if (!merchant_urls) return session;
  return { ...session, data: { ...session.data, merchant_urls: { ...session.data.merchant_urls, ...merchant_urls } } };
}

/**
 * Creates a customer token from an authorization and does not use it up: an order may follow, or have come before.
 * A repetition gets the same token (recorded).
 * Errors: 400 BAD_VALUE; 403 INVALID_OPERATION; 404 NOT_FOUND, SESSION_COMPLETED.
 */
export function createCustomerToken(request: CreateCustomerToken): Decision {
  const { body, base, now, token, tokenId } = request;
  const known = knownAuthorization(request);
  if ('refusal' in known) return known;
  const { authorization } = known;
  const session = withUrls(known.session, body);
  const refused = whyUnusable(authorization, session, now) ?? checkIntent(authorization);
  if (refused) return refused;
  const violations = checkCountry(body, authorization);
  if (violations.length > 0) return badValue(violations);
  const renamed = session === known.session ? [] : [{ put: session }];
  if (token && authorization.token === token.id) {
    return answer(200, tokenAnswer(token, session, base), { changes: renamed, again: true });
  }

  const { choice, data, shopper } = authorization;
  const method = tokenizedMethodOf(choice, data.intent);
  const created: CustomerTokenRecord =
    token && token.status !== 'CANCELLED'
      ? { ...token, method }
      : {
          kind: 'customer_token',
          id: tokenId,
          merchant: request.merchant,
          created_at: now,
          status: 'ACTIVE',
          method,
          intent: data.intent,
          description: body.description,
          purchase_country: countryOf(data),
          purchase_currency: data.purchase_currency.toUpperCase(),
          shopper,
          shared_with: [],
          step_ups: [],
          ...(data.order_lines?.some(({ subscription }) => subscription) && { subscription: true }),
          ...(authorization.bound && { bound: authorization.bound }),
        };
  const because = whyFallenBack(choice);
  return answer(200, tokenAnswer(created, session, base), {
    changes: [{ put: created }, { put: withFields(authorization, { token: created.id }) }, ...renamed],
    ...(because && { because }),
  });
}

/** The customer token of a request, as it is in the store. */
export interface OnCustomerToken {
  token: CustomerTokenRecord | undefined;
  id: string;
  merchant: string;
  now: Instant;
}

/** Returns the customer token that a merchant names, or the refusal: it is unknown, or another's and not shared. */
export function findCustomerToken({ token, id, merchant }: OnCustomerToken): CustomerTokenRecord | Refused {
  if (!token) {
    return refuse('TOKEN_NOT_FOUND', {
      rule: 'token-known',
      text: `customer token: given ${id}, which does not exist`,
    });
  }
  if (mayUse(token, merchant)) return token;
  const text = `customer token ${id} belongs to another merchant and is not shared with ${merchant}`;
  return refuse('TOKEN_FORBIDDEN', { rule: 'token-owner', text });
}

/** As `findCustomerToken`, for operations that only the merchant that created the token may do. */
function ownCustomerToken(request: OnCustomerToken): CustomerTokenRecord | Refused {
  const token = findCustomerToken(request);
  if ('refusal' in token || token.merchant === request.merchant) return token;
  const text = `customer token ${token.id} is shared with ${request.merchant}, but only its own merchant may change it`;
  return refuse('TOKEN_FORBIDDEN', { rule: 'token-owner', text });
}

/** Reads a customer token. A card or account shows only if Pay Now was tokenized (spec, recorded). Errors: 403, 404. */
export function readCustomerToken(request: OnCustomerToken): Decision {
  const token = findCustomerToken(request);
  if ('refusal' in token) return token;
  const { type, card, direct_debit } = token.method;
  return answer(200, {
    payment_method_type: type.toUpperCase(),
    status: token.status,
    ...(card && { card }),
    ...(direct_debit && { direct_debit }),
  });
}

/** Cancels a customer token for good; repetitions succeed (recorded). Errors: 403, 404. */
export function updateCustomerTokenStatus(request: OnCustomerToken): Decision {
  const token = ownCustomerToken(request);
  if ('refusal' in token) return token;
  return answer(202, undefined, { changes: [{ put: { ...token, status: 'CANCELLED' } }] });
}

/**
 * Changes a customer token as Klarna or the shopper would, outside the merchant's API. Answers the changed token.
 * Errors: 403 when the token is cancelled, or another merchant's; 404.
 */
export function changeCustomerToken(
  request: OnCustomerToken,
  change: Partial<Pick<CustomerTokenRecord, 'status' | 'declines' | 'shared_with'>>,
): Decision<CustomerTokenRecord> {
  const token = ownCustomerToken(request);
  if ('refusal' in token) return token;
  if (token.status === 'CANCELLED' && change.status !== undefined && change.status !== 'CANCELLED') {
    const because: Reason = { rule: 'token-final', text: `customer token ${token.id} is cancelled; create a new one` };
    return refuse('INVALID_OPERATION', because);
  }
  const changed = { ...token, ...change };
  return answer(200, changed, { changes: [{ put: changed }] });
}

/** The changes of status, as [from, to], that a successful operation can cause. */
export const tokenMoves: Readonly<Record<string, readonly (readonly [TokenStatus, TokenStatus])[]>> = {
  updateCustomerTokenStatus: [['ACTIVE', 'CANCELLED']],
};

const refusals: Record<Exclude<TokenStatus, 'ACTIVE'>, ErrorName> = {
  SUSPENDED: 'TOKEN_SUSPENDED',
  CANCELLED: 'TOKEN_CANCELLED',
};

/** Returns the refusal of any charge of a customer token that is not active. */
export function whyNotChargeable({ id, status }: CustomerTokenRecord): Refused | undefined {
  if (status === 'ACTIVE') return undefined;
  return refuse(refusals[status], { rule: 'token-active', text: `customer token ${id} is ${status}, expected ACTIVE` });
}
