import { HARNESS_HEADER, OFF_HEADER } from '../contract/headers.js';
import { locate } from '../contract/locate.js';
import { type Operation, operations } from '../contract/operations.js';
import { plainPath } from '../contract/path-template.js';
import { bodyReader } from '../contract/shapes.js';
import type { RuleId } from '../klarna/catalogue/rules.js';
import type { Instant } from '../klarna/time.js';
import type { Exchange } from './exchange.js';
import { type Fields, fieldsOf, textOf } from './fields.js';
import { headerOf } from './message.js';

/** An exchange of a known operation, read once for all checks. */
export interface Call {
  /** Its number in the journal, from 1. */
  number: number;
  /** Arrival on the merchant's clock. */
  at: Instant;
  operation: Operation;
  /** Parameters of the path, decoded; and `session_id` where a client token says of which session the call is. */
  params: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string>>;
  /** The body as Klarna reads it: unknown fields dropped, words in the contract's case. Empty where it is none. */
  body: Fields;
  /** 0 where no whole answer left. */
  status: number;
  /** Body of the answer; empty where it has none that can be read. */
  answer: Fields;
  /** `error_code` of the answer. */
  code?: string;
  /** `Klarna-Idempotency-Key`. */
  key?: string;
  /** The rule that explains the answer, and its sentence. */
  rule?: RuleId;
  text?: string;
  /**
   * The result for the shop: `done`; `refused`, which the shop must deal with; `failed`, of which the effect is unknown or
   * which only time helps: no answer, one that cannot be read, 429, 5xx.
   */
  result: 'done' | 'refused' | 'failed';
  /** Operation, path and body in one string, put together when it is first asked for. */
  readonly intent: string;
  exchange: Exchange;
}

/** Returns the command of the harness that sent an exchange; undefined for a shop's. */
export const senderOf = ({ request }: Exchange): string | undefined =>
  textOf(headerOf(request.headers, HARNESS_HEADER));

/** Returns the checks that are off for an exchange, as its own header names them. */
export const offOf = ({ request }: Exchange): string => headerOf(request.headers, OFF_HEADER) ?? '';

/** Returns an exchange as checks read it; undefined where its path is no operation's. */
export function readCall(exchange: Exchange, number: number): Call | undefined {
  const located = locate(exchange.method, exchange.path);
  const named = exchange.operation === undefined ? undefined : operations.get(exchange.operation);
  const operation = named ?? located?.operation;
  if (!operation) return undefined;
  const body = bodyOf(operation, exchange);
  const answer = exchange.status === 0 ? {} : fieldsOf(exchange.response.body);
  let intent: string | undefined;
  return {
    number,
    at: Date.parse(exchange.at),
    operation,
    params: { ...located?.params, ...(exchange.session_id !== undefined && { session_id: exchange.session_id }) },
    query: located?.query ?? {},
    body,
    status: exchange.status,
    answer,
    code: textOf(answer.error_code),
    key: textOf(headerOf(exchange.request.headers, 'klarna-idempotency-key')),
    rule: exchange.explanation?.rule,
    text: exchange.explanation?.text,
    result: resultOf(operation, exchange),
    get intent() {
      intent ??= intentOf(operation, body, exchange, number);
      return intent;
    },
    exchange,
  };
}

function intentOf({ name }: Operation, body: Fields, { path, request }: Exchange, number: number): string {
  const target = plainPath(path.replace(/[?#].*$/s, ''));
  // Two bodies that are cut may differ.
  return `${name} ${target} ${request.cut ? number : JSON.stringify(body)}`;
}

const bodyOf = (operation: Operation, exchange: Exchange): Fields =>
  fieldsOf(bodyReader(operation)(exchange.request.body));

function resultOf(operation: Operation, { status, response }: Exchange): Call['result'] {
  if (status === 0 || status === 429 || status >= 500) return 'failed';
  if (status >= 400) return 'refused';
  // A success without the body that it must have tells the shop nothing.
  const tells = operation.answers.get(status)?.schema === undefined || typeof response.body === 'object';
  return tells || response.cut ? 'done' : 'failed';
}
