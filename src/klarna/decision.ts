import type { CallbackName } from './catalogue/callbacks.js';
import { type ErrorName, errors } from './catalogue/errors.js';
import type { Reason } from './catalogue/rules.js';
import type { FraudVerdict, Kind, Stored } from './records.js';
import type { Instant } from './time.js';

/** A refusal as an entry of the error catalogue. The correlation id is added when the answer is sent. */
export interface Refusal {
  error: ErrorName;
  messages: readonly string[];
  /** Further fields of the body, beside code, messages and correlation id. */
  extra?: Record<string, unknown>;
}

/** Returns the body of a refusal, in the form that every Klarna API uses. */
export const errorBody = ({ error, messages, extra }: Refusal, correlation_id: string) => ({
  error_code: errors[error].code,
  error_messages: messages,
  correlation_id,
  ...extra,
});

/** A change to one record. All changes of a decision are committed together or not at all. */
export type Change = { put: Stored } | { remove: { kind: Kind; id: string } };

/** A condition on records. It is checked when a callback falls due; the callback is sent only if it is met. */
export type Precondition =
  /** The order of that id is not yet acknowledged by the merchant. */
  | { is: 'unacknowledged'; order: string }
  /** The order still has this verdict at this moment. An earlier or another verdict replaces it. */
  | { is: 'verdict'; order: string; verdict: FraudVerdict; at: Instant }
  /** The hosted session has timed out at that moment. `session` is the id of its payment session. */
  | { is: 'timeout'; hosted_session: string; session: string; at: Instant };

/** A request that Klarna sends to one of the merchant's URLs. */
export interface Callback {
  on: CallbackName;
  url: string;
  /** Body as JSON. Absent: the request has no body. */
  body?: Record<string, unknown>;
  /** The moment of the event that the callback reports. The policy of its kind sets the delay of the first attempt. */
  at: Instant;
  /** Condition that is checked before each attempt: if it is not met, nothing is sent. */
  onlyIf?: Precondition;
  /** Name of a queue: the first attempts of callbacks with the same lane are made one after the other. */
  lane?: string;
}

interface Outcome {
  changes: Change[];
  effects: Callback[];
}

export interface Accepted<Body> extends Outcome {
  /** Header names in lower case. */
  answer: { status: number; body?: Body; headers?: Record<string, string> };
  because?: Reason;
  /** True when the request repeats an earlier one and gets its result. */
  again?: true;
}

export interface Refused extends Outcome {
  refusal: Refusal;
  because: Reason;
}

/** The result of a rule function: the answer, the records that change and the callbacks to send. */
export type Decision<Body = unknown> = Accepted<Body> | Refused;

/** Makes an accepted decision. */
export function answer<Body>(
  status: number,
  body?: Body,
  outcome: Partial<Outcome> & Pick<Accepted<Body>, 'because' | 'again'> & { headers?: Record<string, string> } = {},
): Accepted<Body> {
  const { headers, changes = [], effects = [], because, again } = outcome;
  return {
    answer: { status, body, ...(headers && { headers }) },
    changes,
    effects,
    ...(because && { because }),
    ...(again && { again }),
  };
}

/** Makes a refusal from an entry of the catalogue; `messages` replace those of the catalogue. */
export function refuse(
  error: ErrorName,
  because: Reason,
  outcome: Partial<Outcome> & { messages?: readonly string[]; extra?: Record<string, unknown> } = {},
): Refused {
  const { extra, messages = errors[error].messages, changes = [], effects = [] } = outcome;
  return { refusal: { error, messages, ...(extra && { extra }) }, because, changes, effects };
}

/** A field that breaks a rule; the text names the field, the given value and the expected value. */
export interface Violation extends Reason {
  field: string;
  /** The message in the form of Order Management. */
  message?: string;
}

/** Makes the refusal 400 `Bad value: a, b`: all fields of the failing stage in one message. */
export function badValue(violations: readonly Violation[]): Refused {
  const fields = [...new Set(violations.map(({ field }) => field))];
  return refuse(
    'BAD_VALUE',
    { rule: violations[0]?.rule ?? 'shape', text: violations.map(({ text }) => text).join('; ') },
    { messages: [`Bad value: ${fields.join(', ')}`] },
  );
}

/** Makes the refusal 422 `UNPROCESSABLE_ENTITY` of Order Management for a wrong shape: one message for each field. */
export function unprocessable(violations: readonly Violation[]): Refused {
  // A field with several violations gets the message of the first.
  const first = new Map([...violations].reverse().map(({ field, message, text }) => [field, message ?? text]));
  return refuse(
    'UNPROCESSABLE_ENTITY',
    { rule: 'shape', text: violations.map(({ text }) => text).join('; ') },
    { messages: [...first.values()].reverse() },
  );
}
