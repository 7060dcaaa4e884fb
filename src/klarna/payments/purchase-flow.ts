import { lifetimes } from '../catalogue/lifetimes.js';
import { samplePerson } from '../catalogue/people.js';
import type { Reason } from '../catalogue/rules.js';
import { refusedSample } from '../catalogue/sample-sources.js';
import { readTriggers } from '../catalogue/triggers.js';
import { answer, badValue, type Callback, type Decision, refuse, type Violation } from '../decision.js';
import { fillPlaceholders } from '../links.js';
import { checkPeople } from '../personal-data.js';
import type {
  Authorization,
  Binding,
  Choice,
  FundingSource,
  PaymentOption,
  Purchase,
  Session,
  SessionData,
  Shopper,
} from '../records.js';
import type { Instant } from '../time.js';
import { withFields } from '../with-fields.js';
import { chooseMethod } from './payment-methods.js';
import { checkPurchase, countryOf, findSession, type OnSession, sessionCompleted } from './sessions.js';

/** The result of the purchase flow. */
export type ShopperResult = 'approved' | 'denied' | 'abandoned' | 'fix_required' | 'finalize_required';

export interface ShopperRequest {
  result?: ShopperResult;
  payment_option?: PaymentOption;
  funding_source?: FundingSource;
  /** The data that the page gives to `authorize()`; it is merged into the session. */
  data?: SessionData;
  /** Paths of the fields that `fix_required` reports. */
  invalid_fields?: string[];
}

/** The argument of the callback of the SDK's `authorize()`. */
export interface ShopperAnswer {
  approved: boolean;
  show_form: boolean;
  authorization_token?: string;
  finalize_required?: boolean;
  error?: { invalid_fields: string[] };
}

/** Returns the shopper's account: the merchant's data, completed from the sample person of the market. */
export function accountOf(data: Purchase): Shopper {
  const person = samplePerson(countryOf(data));
  return {
    billing_address: data.billing_address ?? person.billing_address,
    ...(data.shipping_address && { shipping_address: data.shipping_address }),
    customer: { ...person.customer, ...data.customer },
  };
}

/** Checks that the fields are present without which nothing can be authorized. */
function checkComplete(data: SessionData): Violation[] {
  return (['order_amount', 'order_lines'] as const)
    .filter((field) => data[field] === undefined)
    .map((field) => ({ rule: 'purchase-complete', field, text: `${field}: given nothing, expected before authorize` }));
}

const decided = (result: ShopperResult, why: string) =>
  ({ rule: 'shopper-decision', text: `the shopper chose ${result}: ${why}` }) as const;

/** Returns the callback that brings the merchant the authorization token; empty without its URL. */
function authorizationCallback(session: Session, token: string, now: Instant): Callback[] {
  const url = session.data.merchant_urls?.authorization;
  if (!url) return [];
  const body = { authorization_token: token, session_id: session.id };
  return [{ on: 'authorization', url: fillPlaceholders(url, { session: session.id }), body, at: now }];
}

/** Approves a purchase: the new authorization replaces an earlier one. */
function approve(session: Session, choice: Choice, id: string, now: Instant): Decision<ShopperAnswer> {
  const { data, merchant } = session;
  const shopper = accountOf(data);
  const { pending } = readTriggers(data.billing_address, countryOf(data));
  const authorization: Authorization = {
    kind: 'authorization',
    id,
    merchant,
    created_at: now,
    expires_at: now + lifetimes.authorization.lasts,
    session: session.id,
    choice,
    data,
    shopper,
    ...(pending && { pending }),
    ...(session.bound && { bound: session.bound }),
  };
  const { unfinished, ...rest } = session;
  return answer(
    200,
    { approved: true, show_form: true, authorization_token: id },
    {
      changes: [{ put: authorization }, { put: withFields(rest, { authorization: id, shopper }) }],
      effects: authorizationCallback(session, id, now),
    },
  );
}

/** Answers that the purchase flow gives no authorization. */
function decline(session: Session, body: ShopperAnswer, because: Reason) {
  return answer(200, body, { changes: [{ put: session }], because });
}

export interface AuthorizeSession extends OnSession {
  body: ShopperRequest;
  /** False when an approved purchase waits for `finalize()`. */
  autoFinalize?: boolean;
  /** Id of the new authorization: its token. */
  authorizationId: string;
  /** The scenario that the shopper's e-mail address chooses. */
  bound?: Binding;
}

/**
 * Does what the SDK's `authorize()` does in a browser: merges the page's data into the session, lets the shopper choose
 * and decide, and gives an authorization token for an approved purchase. Without a `result` Klarna's own test triggers
 * decide, and then the sample card that is refused. Errors: 400 for data that a session may not have, or for a payment option without that funding source; 404.
 */
export function authorizeSession(request: AuthorizeSession): Decision<ShopperAnswer> {
  const { id, merchant, now, body } = request;
  const found = findSession(request.session, id, merchant, now);
  if ('refusal' in found) return found;
  if (found.order) return sessionCompleted(found);
  const choice = chooseMethod(body.payment_option, body.funding_source);
  if ('rule' in choice) return badValue([choice]);
  // A new authorize() gives up a purchase that waited for finalize().
  const { unfinished, ...started } = found;
  const bound = request.bound ?? found.bound;
  const merged = withData(started, body.data);
  const session = bound ? withFields(merged, { bound }) : merged;
  return judge(session, request.currencies) ?? decide(session, choice, request);
}

/** Checks a purchase: refuses data that a session may not have, and answers with the fields for the shopper to fix. */
function judge(session: Session, currencies: OnSession['currencies']): Decision<ShopperAnswer> | undefined {
  const wrong = checkPurchase(session.data, currencies);
  if (wrong.length > 0) return badValue(wrong);
  const invalid = [...checkComplete(session.data), ...checkPeople(session.data)];
  const [first] = invalid;
  if (!first) return undefined;
  const fields = invalid.map(({ field }) => field);
  return fixRequired(session, fields, { rule: first.rule, text: invalid.map(({ text }) => text).join('; ') });
}

/** Returns the session with the page's data merged into it. */
export function withData(session: Session, data: SessionData | undefined): Session {
  const { intent } = session.data;
  return { ...session, data: Object.assign({}, session.data, data, { intent: data?.intent ?? intent }) };
}

function fixRequired(session: Session, fields: string[], because: Reason) {
  return decline(session, { approved: false, show_form: true, error: { invalid_fields: fields } }, because);
}

/** Returns the reason why nothing but a denial can come of a purchase: a test trigger, or the sample card that is refused. */
export function whyDenied(data: Purchase, { source }: Choice): Reason | undefined {
  const trigger = readTriggers(data.billing_address, countryOf(data));
  if (trigger.result === 'denied') return { rule: 'test-trigger', text: String(trigger.source) };
  if (!refusedSample(source)) return undefined;
  const text = `funding_source: ${source.type} ${source.masked_number} is the sample that is refused`;
  return { rule: 'sample-source', text };
}

function decide(session: Session, choice: Choice, request: AuthorizeSession) {
  const { body, authorizationId, now, autoFinalize = true } = request;
  const triggered = body.result ? undefined : whyDenied(session.data, choice);
  switch (triggered ? 'denied' : (body.result ?? 'approved')) {
    case 'approved':
      return autoFinalize ? approve(session, choice, authorizationId, now) : wait(session, choice);
    case 'denied': {
      const because = triggered ?? decided('denied', 'Klarna does not offer the purchase');
      return decline(session, { approved: false, show_form: false }, because);
    }
    case 'abandoned':
      return decline(
        session,
        { approved: false, show_form: true },
        decided('abandoned', 'they closed the purchase flow'),
      );
    case 'fix_required': {
      const fields = body.invalid_fields ?? ['billing_address.email'];
      return fixRequired(session, fields, decided('fix_required', `to correct: ${fields.join(', ')}`));
    }
    case 'finalize_required':
      return wait(session, choice);
  }
}

/** Approves a purchase that waits for `finalize()`. */
function wait(session: Session, choice: Choice): Decision<ShopperAnswer> {
  return answer(
    200,
    { approved: true, show_form: true, finalize_required: true },
    { changes: [{ put: withFields(session, { unfinished: choice }) }] },
  );
}

export interface FinalizeSession extends OnSession {
  body: { result?: 'approved' | 'denied'; data?: SessionData };
  /** Id of the new authorization: its token. */
  authorizationId: string;
}

/**
 * Does what the SDK's `finalize()` does: ends a purchase that waits for it.
 * Errors: 400 for data that a session may not have; 403 when no purchase waits; 404.
 */
export function finalizeSession(request: FinalizeSession): Decision<ShopperAnswer> {
  const { id, merchant, now, body, authorizationId } = request;
  const found = findSession(request.session, id, merchant, now);
  if ('refusal' in found) return found;
  if (found.order) return sessionCompleted(found);
  if (!found.unfinished) {
    const text = `session ${id} waits for no finalize; authorize it with result finalize_required first`;
    return refuse('INVALID_OPERATION', { rule: 'finalize-waits', text });
  }
  const session = withData(found, body.data);
  const stopped = judge(session, request.currencies);
  if (stopped) return stopped;
  if (body.result !== 'denied') return approve(session, found.unfinished, authorizationId, now);
  const { unfinished, ...rest } = session;
  return decline(rest, { approved: false, show_form: false }, decided('denied', 'Klarna does not offer the purchase'));
}
