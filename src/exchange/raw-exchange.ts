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

/** One side of an exchange, as the journal shows it. */
type Message = Exchange['request'];

/** Headers that carry credentials. */
const secret = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

/** Returns an exchange as the contract of the control API has it: read, without its secrets. */
export function showExchange(entry: JournalEntry): NumberedExchange {
  return {
    number: entry.number,
    at: toIso(entry.at),
    method: entry.method,
    path: entry.path,
    operation: entry.operation,
    session_id: entry.session,
    status: entry.status,
    duration_ms: durationOf(entry),
    correlation_id: entry.correlationId,
    request: message(entry.requestHeaders, entry.requestBody, entry.cutRequest),
    response: message(entry.responseHeaders, entry.responseBody, entry.cutResponse),
    explanation: explanationOf(entry),
    scripted: entry.scripted as Exchange['scripted'],
    live_key: hasLiveKey(entry.requestHeaders),
  };
}

const durationOf = ({ ms }: RawExchange): number => Math.round(ms * 1_000) / 1_000;

const explanationOf = ({ because }: RawExchange): Exchange['explanation'] =>
  because && { rule: because.rule, evidence: rules[because.rule].evidence, text: because.text };

/** Tells if a request came with an API key of Klarna's live environment; the key itself stays hidden. */
function hasLiveKey(headers: RawHeaders): true | undefined {
  for (const name in headers) {
    if (isCalled(name, 'authorization')) return readBasic(String(headers[name]))?.live;
  }
  return undefined;
}

function message(headers: RawHeaders, body: string | undefined, cut: true | undefined): Message {
  return { headers: shownHeaders(headers), body: shownBody(body, cut), cut };
}

const shownBody = (body: string | undefined, cut: true | undefined): unknown =>
  cut || body === undefined ? body : readBody(body);

/** Returns headers as texts, without the secrets in them. */
function shownHeaders(headers: RawHeaders): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) shown[name] = secret.has(name.toLowerCase()) ? '[redacted]' : String(value);
  }
  return shown;
}

/** A message of which each part is read when it is first asked for. */
class LateMessage implements Message {
  readonly #headers: RawHeaders;
  readonly #text: string | undefined;
  readonly #cut: true | undefined;
  #shown: Record<string, string> | undefined;
  #body: unknown;

  constructor(headers: RawHeaders, text: string | undefined, cut: true | undefined) {
    this.#headers = headers;
    this.#text = text;
    this.#cut = cut;
  }

  get headers(): Record<string, string> {
    this.#shown ??= shownHeaders(this.#headers);
    return this.#shown;
  }

  get body(): unknown {
    this.#body ??= shownBody(this.#text, this.#cut);
    return this.#body;
  }

  get cut(): true | undefined {
    return this.#cut;
  }
}

/**
 * An exchange as `showExchange` gives it, for those who look at very many: its messages are read anew whenever they are asked
 * for, so that no more is held of it than the journal holds. Its parts are getters, which a spread does not copy.
 */
export class LateExchange implements Exchange {
  readonly #entry: JournalEntry;

  constructor(entry: JournalEntry) {
    this.#entry = entry;
  }

  get at(): string {
    return toIso(this.#entry.at);
  }

  get method(): string {
    return this.#entry.method;
  }

  get path(): string {
    return this.#entry.path;
  }

  get operation(): string | undefined {
    return this.#entry.operation;
  }

  get session_id(): string | undefined {
    return this.#entry.session;
  }

  get status(): number {
    return this.#entry.status;
  }

  get duration_ms(): number {
    return durationOf(this.#entry);
  }

  get request(): Message {
    const { requestHeaders, requestBody, cutRequest } = this.#entry;
    return new LateMessage(requestHeaders, requestBody, cutRequest);
  }

  get response(): Message {
    const { responseHeaders, responseBody, cutResponse } = this.#entry;
    return new LateMessage(responseHeaders, responseBody, cutResponse);
  }

  get explanation(): Exchange['explanation'] {
    return explanationOf(this.#entry);
  }

  get live_key(): true | undefined {
    return hasLiveKey(this.#entry.requestHeaders);
  }
}
