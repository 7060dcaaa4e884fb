import type { Reason } from '../klarna/catalogue/rules.js';
import { rules } from '../klarna/catalogue/rules.js';
import { type Instant, toIso } from '../klarna/time.js';
import { readBasic } from './credentials.js';
import type { Exchange, NumberedExchange } from './exchange.js';
import { readBody } from './json.js';
import { isCalled } from './message.js';

/** Headers by name, as Node and Fastify hold them. */
export type RawHeaders = Readonly<Record<string, number | string | readonly string[] | undefined>>;

/** An exchange as it was on the wire: headers as they came, bodies as text. */
export interface RawExchange {
  /** Arrival of the request, on the merchant's clock. */
  at: Instant;
  method: string;
  /** Target as sent, with the query. */
  path: string;
  operation?: string;
  /** Id of the session that the client token of the request is of. */
  session?: string;
  status: number;
  /** Wall time until the answer, in milliseconds. */
  ms: number;
  correlationId?: string;
  requestHeaders: RawHeaders;
  requestBody?: string;
  responseHeaders: RawHeaders;
  responseBody?: string;
  /** The rule and the sentence that explain the answer. */
  because?: Reason;
  /** The outcome of a scenario, as its file has it. */
  scripted?: object;
}

/** An exchange of the journal. Of bodies that were too long the beginning is kept. */
export interface JournalEntry extends RawExchange {
  /** Its number in the journal, from 1. */
  number: number;
  cutRequest?: true;
  cutResponse?: true;
}

/** Headers that carry credentials. */
const secret = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

/** Returns an exchange as the contract of the control API has it: read, without its secrets. */
export function showExchange(entry: JournalEntry): NumberedExchange {
  const { because } = entry;
  return {
    number: entry.number,
    at: toIso(entry.at),
    method: entry.method,
    path: entry.path,
    operation: entry.operation,
    session_id: entry.session,
    status: entry.status,
    duration_ms: Math.round(entry.ms * 1_000) / 1_000,
    correlation_id: entry.correlationId,
    request: message(entry.requestHeaders, entry.requestBody, entry.cutRequest),
    response: message(entry.responseHeaders, entry.responseBody, entry.cutResponse),
    explanation: because && { rule: because.rule, evidence: rules[because.rule].evidence, text: because.text },
    scripted: entry.scripted as Exchange['scripted'],
    live_key: hasLiveKey(entry.requestHeaders),
  };
}

/** Tells if a request came with an API key of Klarna's live environment; the key itself stays hidden. */
function hasLiveKey(headers: RawHeaders): true | undefined {
  for (const name in headers) {
    if (isCalled(name, 'authorization')) return readBasic(String(headers[name]))?.live;
  }
  return undefined;
}

function message(headers: RawHeaders, body: string | undefined, cut: true | undefined): Exchange['request'] {
  const shown: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) shown[name] = secret.has(name.toLowerCase()) ? '[redacted]' : String(value);
  }
  return { headers: shown, body: cut || body === undefined ? body : readBody(body), cut };
}
