import { type ErrorName, errorOf } from './catalogue/errors.js';
import type { Reason } from './catalogue/rules.js';
import { type Decision, refuse } from './decision.js';
import type { Authorization, FraudCheck, Order } from './records.js';
import { withFields } from './with-fields.js';

/** A scripted outcome that replaces the ordinary one. */
export interface Scripted {
  /** The error that replaces a success. */
  error?: ErrorName;
  /** The result of the fraud check of an order, and a later verdict. */
  fraud?: { status: FraudCheck; later?: Order['fraud_later'] };
  because: Reason;
}

/** Makes the refusal of a scripted error for a call that would succeed. Stores one that sticks on the authorization. */
export function refuseScripted(error: ErrorName, because: Reason, authorization?: Authorization): Decision {
  const { messages: usual, example: messages = usual, sticks } = errorOf(error);
  if (!authorization || !sticks) return refuse(error, because, { messages });
  const refused = { error, messages, because };
  return refuse(error, because, { messages, changes: [{ put: withFields(authorization, { refused }) }] });
}
