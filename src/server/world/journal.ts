import type { Exchange } from '../../exchange/exchange.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { rules } from '../../klarna/catalogue/rules.js';
import { type Instant, toIso } from '../../klarna/time.js';
import { writeOutcome } from '../../scenario/outcomes.js';
import type { Outcome, ShopperScript } from '../../scenario/scenario.js';
import { readBasic } from './merchants.js';

/** An exchange as it was on the wire, which the journal shows as an `Exchange`: headers as they came, bodies as text. */
export interface RawExchange {
  /** When the request arrived, on the merchant's clock. */
  at: Instant;
  method: string;
  /** Target as sent, with the query. */
  path: string;
  operation?: string;
  status: number;
  /** Wall time until the answer, in milliseconds. */
  ms: number;
  correlationId?: string;
  requestHeaders: Headers;
  requestBody?: string;
  responseHeaders: Headers;
  responseBody?: string;
  /** Why the answer is what it is. */
  because?: Reason;
  /** The outcome of a scenario that took the call; it may have made no difference. */
  outcome?: Outcome;
  /** What the shopper did, where a scenario had a say in it. */
  shopper?: ShopperScript;
}

/** Headers by name, as Node and Fastify hold them. */
type Headers = Readonly<Record<string, number | string | readonly string[] | undefined>>;

export interface JournalFilter {
  operation?: string;
  status?: number;
  limit?: number;
}

interface Entry {
  exchange: RawExchange;
  size: number;
  cutRequest?: true;
  cutResponse?: true;
}

/** What an entry takes beside its texts; about right, and counted so that empty exchanges count. */
const OVERHEAD = 512;

/** The record of a merchant's exchanges: a ring, bounded by count and by characters of text. */
export class Journal {
  readonly #limit: number;
  readonly #room: number;
  #entries: (Entry | undefined)[] = [];
  #first = 0;
  #size = 0;
  #dropped = 0;

  /**
   * @param limit exchanges
   * @param room characters of all texts together
   */
  constructor(limit = 1_000, room = 16 * 1024 * 1024) {
    this.#limit = limit;
    this.#room = room;
  }

  /** Adds the newest exchange; the oldest leave for it. Its parts are kept as they are and read when shown. */
  add(exchange: RawExchange): void {
    const entry = this.#measure(exchange);
    this.#entries.push(entry);
    this.#size += entry.size;
    while (this.length > this.#limit || this.#size > this.#room) this.#drop();
  }

  get length(): number {
    return this.#entries.length - this.#first;
  }

  /** How many characters all exchanges take. */
  get size(): number {
    return this.#size;
  }

  /** Newest first. `dropped` counts what left since the journal was last cleared. */
  list({ operation, status, limit = Number.POSITIVE_INFINITY }: JournalFilter = {}): {
    items: Exchange[];
    dropped: number;
  } {
    const items: Exchange[] = [];
    for (let at = this.#entries.length - 1; at >= this.#first && items.length < limit; at--) {
      const entry = this.#entries[at] as Entry;
      if (operation !== undefined && entry.exchange.operation !== operation) continue;
      if (status !== undefined && entry.exchange.status !== status) continue;
      items.push(show(entry));
    }
    return { items, dropped: this.#dropped };
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#size = 0;
    this.#dropped = 0;
  }

  #drop(): void {
    this.#size -= (this.#entries[this.#first] as Entry).size;
    this.#entries[this.#first++] = undefined;
    this.#dropped++;
    // Closing the gap now and then is cheaper than shifting every time.
    if (this.#first > this.#limit) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  /** One exchange takes at most a quarter of the room: of longer bodies the beginning is kept. */
  #measure(exchange: RawExchange): Entry {
    const { path, requestHeaders, requestBody = '', responseHeaders, responseBody = '' } = exchange;
    const rest = OVERHEAD + path.length + sizeOf(requestHeaders) + sizeOf(responseHeaders);
    const size = rest + requestBody.length + responseBody.length;
    if (size <= this.#room / 4) return { exchange, size };
    const share = Math.max(0, Math.floor((this.#room / 4 - rest) / 2));
    const kept = { requestBody: requestBody.slice(0, share), responseBody: responseBody.slice(0, share) };
    return {
      exchange: { ...exchange, ...kept },
      size: rest + kept.requestBody.length + kept.responseBody.length,
      cutRequest: requestBody.length > share || undefined,
      cutResponse: responseBody.length > share || undefined,
    };
  }
}

function sizeOf(headers: Headers): number {
  let size = 0;
  for (const name in headers) {
    const value = headers[name];
    size += name.length + (typeof value === 'string' ? value : String(value)).length;
  }
  return size;
}

/** Headers that carry credentials. */
const secret = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

function show({ exchange, cutRequest, cutResponse }: Entry): Exchange {
  const { because } = exchange;
  return {
    at: toIso(exchange.at),
    method: exchange.method,
    path: exchange.path,
    operation: exchange.operation,
    status: exchange.status,
    duration_ms: Math.round(exchange.ms * 1_000) / 1_000,
    correlation_id: exchange.correlationId,
    request: message(exchange.requestHeaders, exchange.requestBody, cutRequest),
    response: message(exchange.responseHeaders, exchange.responseBody, cutResponse),
    explanation: because && { rule: because.rule, evidence: rules[because.rule].evidence, text: because.text },
    scripted: scripted(exchange),
    live_key: hasLiveKey(exchange.requestHeaders),
  };
}

/** Whether a request came with an API key of Klarna's live environment; what it is stays hidden. */
function hasLiveKey(headers: Headers): true | undefined {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === 'authorization');
  return name === undefined ? undefined : readBasic(String(headers[name]))?.live;
}

/** What a scenario had happen, if anything: an outcome counts where it made the answer. */
function scripted({ because, outcome, shopper }: RawExchange): Exchange['scripted'] {
  if (outcome && because && rules[because.rule].cause === 'script')
    return writeOutcome(outcome) as Exchange['scripted'];
  return shopper && { shopper };
}

function message(headers: Headers, body: string | undefined, cut: true | undefined): Exchange['request'] {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) shown[name] = secret.has(name.toLowerCase()) ? '[redacted]' : String(value);
  }
  return { headers: shown, body: cut ? body : parsed(body), cut };
}

function parsed(body: string | undefined): unknown {
  if (body === undefined || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
