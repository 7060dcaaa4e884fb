import type { CallbackName } from './catalogue/callbacks.js';
import { type ErrorName, errors } from './catalogue/errors.js';
import type { Reason } from './catalogue/rules.js';
import type { FraudVerdict, Kind, Stored } from './records.js';
import type { Instant } from './time.js';

/** A refusal in Klarna's terms: an entry of the catalogue. The correlation id joins it on the way out. */
export interface Refusal {
  error: ErrorName;
  messages: readonly string[];
  /** Fields that some errors carry beside code and messages. */
  extra?: Record<string, unknown>;
}

/** The body of a refusal, as every API of Klarna writes it. */
export const errorBody = ({ error, messages, extra }: Refusal, correlation_id: string) => ({
  error_code: errors[error].code,
  error_messages: messages,
  correlation_id,
  ...extra,
});

/** A change to commit with all others of its decision, or not at all. */
export type Change = { put: Stored } | { remove: { kind: Kind; id: string } };

/** A condition on records that is looked at when a callback falls due; the callback is sent only if it holds. */
export type Precondition =
  /** An order of that id waits for the merchant to acknowledge it. */
  | { is: 'unacknowledged'; order: string }
  /** Of the order it is this verdict that falls at that moment. Another may fall before or take its place. */
  | { is: 'verdict'; order: string; verdict: FraudVerdict; at: Instant }
  /** A hosted session, whose payment session is named too, has come to its end by time at that moment. */
  | { is: 'timeout'; hosted_session: string; session: string; at: Instant };

/** A request that Klarna sends to one of the merchant's URLs. */
export interface Callback {
  on: CallbackName;
  url: string;
  /** Absent: it is sent without one. */
  body?: Record<string, unknown>;
  /** When that happens which it tells of, on the merchant's clock. Its kind says how much later it is first sent. */
  at: Instant;
  /** Looked at before each attempt: if it is not met, nothing is sent. */
  onlyIf?: Precondition;
  /** Callbacks of one lane are first tried one after the other. */
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
  /** What was asked for is there already, from the same request before. */
  again?: true;
}

export interface Refused extends Outcome {
  refusal: Refusal;
  because: Reason;
}

/** What a rule function gives back: the answer, the records that change and the callbacks to send. */
export type Decision<Body = unknown> = Accepted<Body> | Refused;

/** The ordinary answer. */
export function answer<Body>(
  status: number,
  body?: Body,
  outcome: Partial<Outcome> & Pick<Accepted<Body>, 'because' | 'again'> & { headers?: Record<string, string> } = {},
): Accepted<Body> {
  const { headers, ...rest } = outcome;
  return { answer: { status, body, ...(headers && { headers }) }, changes: [], effects: [], ...rest };
}

/** A refusal by an entry of the catalogue, with the rule that made it; `messages` where the catalogue's words are not enough. */
export function refuse(
  error: ErrorName,
  because: Reason,
  outcome: Partial<Outcome> & { messages?: readonly string[]; extra?: Record<string, unknown> } = {},
): Refused {
  const { extra, messages = errors[error].messages, changes = [], effects = [] } = outcome;
  return { refusal: { error, messages, ...(extra && { extra }) }, because, changes, effects };
}

/** One field that breaks a rule; the text names the field, what was given and what was expected. */
export interface Violation extends Reason {
  field: string;
  /** How Order Management says it. */
  words?: string;
}

/** 400 `Bad value: a, b`: all fields of the failing stage in one message. */
export function badValue(violations: readonly Violation[]): Refused {
  const fields = [...new Set(violations.map(({ field }) => field))];
  return refuse(
    'BAD_VALUE',
    { rule: violations[0]?.rule ?? 'shape', text: violations.map(({ text }) => text).join('; ') },
    { messages: [`Bad value: ${fields.join(', ')}`] },
  );
}

/** 422 `UNPROCESSABLE_ENTITY`, as Order Management refuses a shape: a message for each field. */
export function unprocessable(violations: readonly Violation[]): Refused {
  // Of a field that is wrong in several ways, the first is told.
  const first = new Map([...violations].reverse().map(({ field, words, text }) => [field, words ?? text]));
  return refuse(
    'UNPROCESSABLE_ENTITY',
    { rule: 'shape', text: violations.map(({ text }) => text).join('; ') },
    { messages: [...first.values()].reverse() },
  );
}
