import { HARNESS_HEADER, OFF_HEADER } from '../contract/headers.js';
import { locate } from '../contract/locate.js';
import { type Operation, operations } from '../contract/operations.js';
import { plainPath } from '../contract/path-template.js';
import { bodyReader } from '../contract/shapes.js';
import type { RuleId } from '../klarna/catalogue/rules.js';
import type { Instant } from '../klarna/time.js';
import type { Exchange } from './exchange.js';
import { type Fields, fieldsOf, textOf, upsert } from './fields.js';
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
  /** The command of the harness that sent it; undefined for a shop's. */
  sender?: string;
  /** True where the journal has the beginning of its body only. */
  cut?: true;
  /** The checks that are off for it, as its own header names them. */
  off: string;
  exchange: Exchange;
}

/** Returns the command of the harness that sent an exchange; undefined for a shop's. */
export const senderOf = ({ request }: Pick<Exchange, 'request'>): string | undefined =>
  textOf(headerOf(request.headers, HARNESS_HEADER));

/** Returns the checks that are off for an exchange, as its own header names them. */
export const offOf = ({ request }: Pick<Exchange, 'request'>): string => headerOf(request.headers, OFF_HEADER) ?? '';

/**
 * Returns an exchange as checks read it; undefined where its path is no operation's.
 * @param request that of the exchange, where somebody has it at hand
 */
export function readCall(exchange: Exchange, number: number, request = exchange.request): Call | undefined {
  const located = locate(exchange.method, exchange.path);
  const named = exchange.operation === undefined ? undefined : operations.get(exchange.operation);
  const operation = named ?? located?.operation;
  if (!operation) return undefined;
  const { status, response, explanation, session_id } = exchange;
  const answer = status === 0 ? {} : fieldsOf(response.body);
  return {
    number,
    at: Date.parse(exchange.at),
    operation,
    params: session_id === undefined ? (located?.params ?? {}) : { ...located?.params, session_id },
    query: located?.query ?? {},
    body: fieldsOf(bodyReader(operation)(request.body)),
    status,
    answer,
    code: textOf(answer.error_code),
    key: textOf(headerOf(request.headers, 'klarna-idempotency-key')),
    rule: explanation?.rule,
    text: explanation?.text,
    result: resultOf(operation, status, response),
    sender: senderOf({ request }),
    off: offOf({ request }),
    cut: request.cut,
    exchange,
  };
}

const intents = new WeakMap<Call, string>();

/** Returns operation, path and body of a call in one string, put together when it is first asked for. */
export const intentOf = (call: Call): string =>
  upsert(intents, call, () => {
    const { operation, body, cut, exchange, number } = call;
    const target = plainPath(exchange.path.replace(/[?#].*$/s, ''));
    // Two bodies that are cut may differ.
    return `${operation.name} ${target} ${cut ? number : JSON.stringify(body)}`;
  });

function resultOf(operation: Operation, status: number, response: Exchange['response']): Call['result'] {
  if (status === 0 || status === 429 || status >= 500) return 'failed';
  if (status >= 400) return 'refused';
  // A success without the body that it must have tells the shop nothing.
  const tells = operation.answers.get(status)?.schema === undefined || typeof response.body === 'object';
  return tells || response.cut ? 'done' : 'failed';
}
