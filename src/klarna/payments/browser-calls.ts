import { readTriggers } from '../catalogue/triggers.js';
import { answer, badValue, type Decision, type Refused, refuse } from '../decision.js';
import { checkPeople } from '../personal-data.js';
import type { Authorization, Choice, Session, SessionData } from '../records.js';
import { whyUnusable } from './authorizations.js';
import { type FinalizeSession, finalizeSession, type ShopperAnswer, withData } from './purchase-flow.js';
import { checkPurchase, countryOf, findSession, type OnSession, sessionCompleted } from './sessions.js';

/** The data that a page gives to the SDK's `load()`. */
export interface LoadRequest {
  payment_method_category?: string;
  payment_method_categories?: string[];
  data?: SessionData;
}

/** The argument of the callback of the SDK's `load()`. */
export interface LoadAnswer {
  show_form: boolean;
  error?: { invalid_fields: string[] };
}

/** Returns the session of a call from a page, or the refusal: it is unknown, over or complete. */
function openSessionOf({ session, id, merchant, now }: OnSession): Session | Refused {
  const found = findSession(session, id, merchant, now);
  return 'refusal' in found || !found.order ? found : sessionCompleted(found);
}

/**
 * Does what the SDK's `load()` does: merges the page's data into the session and tells whether there is anything to
 * show. There is nothing for a category that the session does not have, and for Klarna's test address that is not even
 * asked. Errors: 400 for data that a session may not have; 404.
 */
export function loadSession(request: OnSession & { body: LoadRequest }): Decision<LoadAnswer> {
  const { body, currencies } = request;
  const found = openSessionOf(request);
  if ('refusal' in found) return found;
  const session = withData(found, body.data);
  const { data } = session;
  const wrong = checkPurchase(data, currencies);
  if (wrong.length > 0) return badValue(wrong);
  const changes = body.data ? [{ put: session }] : [];
  const stray = strayCategory(session, body);
  if (stray !== undefined) {
    const offered = session.categories.map(({ identifier }) => identifier).join(', ');
    const text = `payment_method_category: given ${stray}, expected one of the session: ${offered}`;
    return answer(200, { show_form: false }, { changes, because: { rule: 'category-offered', text } });
  }
  const { show_form, source = '' } = readTriggers(data.billing_address, countryOf(data));
  if (show_form === false) {
    return answer(200, { show_form }, { changes, because: { rule: 'test-trigger', text: source } });
  }
  const invalid = checkPeople(data);
  const [first] = invalid;
  if (!first) return answer(200, { show_form: true }, { changes });
  const because = { rule: first.rule, text: invalid.map(({ text }) => text).join('; ') };
  const error = { invalid_fields: invalid.map(({ field }) => field) };
  return answer(200, { show_form: true, error }, { changes, because });
}

/** Returns the category that a page asks for and the session does not have; an empty text asks for all. */
function strayCategory({ categories }: Session, { payment_method_category, payment_method_categories }: LoadRequest) {
  const asked = payment_method_categories ?? (payment_method_category ? [payment_method_category] : []);
  return asked.find((name) => !categories.some(({ identifier }) => identifier === name));
}

/**
 * Returns the choice by which the SDK's `reauthorize()` authorizes a session again, or the refusal when there was none.
 * Errors: 403 when it was never authorized; 404.
 */
export function choiceBefore(request: OnSession & { authorization: Authorization | undefined }): Choice | Refused {
  const session = openSessionOf(request);
  if ('refusal' in session) return session;
  const choice = session.unfinished ?? request.authorization?.choice;
  if (choice) return choice;
  const text = `session ${session.id} has no authorization whose choice could hold again; authorize it first`;
  return refuse('INVALID_OPERATION', { rule: 'reauthorize-after', text });
}

/**
 * Does what the SDK's `finalize()` does: ends a purchase that waits for it. Where none waits but there is an
 * authorization, it gives the token of that: a page may call it after any `authorize()` (docs).
 * Errors: those of `finalizeSession`; 404 when the authorization is over.
 */
export function finalizePurchase(
  request: FinalizeSession & { authorization: Authorization | undefined },
): Decision<ShopperAnswer> {
  const { authorization, now } = request;
  const found = openSessionOf(request);
  if ('refusal' in found) return found;
  if (found.unfinished || !authorization) return finalizeSession(request);
  const unusable = whyUnusable(authorization, found, now);
  if (unusable) return unusable;
  return answer(200, { approved: true, show_form: true, authorization_token: authorization.id }, { again: true });
}
