import { type ErrorName, errorOf } from './catalogue/errors.js';
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

/** The refusal that a scripted error makes of a call that would have succeeded. */
export function refuseScripted(error: ErrorName, because: Reason, authorization?: Authorization): Decision {
  const { messages: usual, example: messages = usual, sticks } = errorOf(error);
  if (!authorization || !sticks) return refuse(error, because, { messages });
  const refused = { error, messages, because };
  return refuse(error, because, { messages, changes: [{ put: { ...authorization, refused } }] });
}
