import { type ErrorName, errors } from './catalogue/errors.js';
import type { Reason } from './catalogue/rules.js';
import { type Decision, refuse } from './decision.js';
import type { Authorization, FraudCheck, Order } from './records.js';

/** What somebody scripted in the place of the ordinary outcome. */
export interface Scripted {
  /** The error that a call gets which would have succeeded. */
  error?: ErrorName;
  /** How the fraud check of an order ends. */
  fraud?: { status: FraudCheck; later?: Order['fraud_later'] };
  because: Reason;
}

/** Refusals of an order that stick to its authorization (reported: asked again, Klarna answers the same). */
const sticking = new Set<ErrorName>(['REJECTED', 'NOT_MATCHING']);

/** The words of a scripted error: the catalogue's, or those that fit where the catalogue's depend on the request. */
function wordsOf(error: ErrorName): readonly string[] {
  if (error === 'NOT_MATCHING') return ['Not matching fields: [billing_address.postal_code]'];
  return error === 'BAD_VALUE' ? ['Bad value: order_lines'] : errors[error].messages;
}

/** The refusal that a scripted error makes of a call that would have succeeded. */
export function refuseScripted(error: ErrorName, because: Reason, authorization?: Authorization): Decision {
  const messages = wordsOf(error);
  if (!authorization || !sticking.has(error)) return refuse(error, because, { messages });
  const refused = { error, messages, because };
  return refuse(error, because, { messages, changes: [{ put: { ...authorization, refused } }] });
}
