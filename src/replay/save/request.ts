import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../../exchange/call.js';
import type { Exchange } from '../../exchange/exchange.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf } from '../../exchange/message.js';
import type { MarketCountry } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import { literal } from '../../scenario/match.js';
import { escapeDollar, wordMatchers } from '../../scenario/matchers.js';
import { usualFields } from '../../scenario/steps.js';
import type { Ids } from './ids.js';

/** What is not looked at in an answer: people, and what is another in each run. */
const unlooked = new Set(['billing_address', 'shipping_address', 'customer', 'attachment', 'correlation_id']);

/** What is another text in each run. */
const changing = new Set(['client_token', 'klarna_reference']);

/** Matchers for what is another value of its kind in each run. */
const kinds = ['$uuid', '$instant', '$url'];

/** Something in a text that is another in each run. */
export const VARIABLE_PART = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d|https?:\/\//i;

/**
 * What an answer must be to be that of the journal: its status, and of its body all that stays the same.
 * @param body of the answer, redacted
 */
export function expectationOf({ status, response }: Exchange, body: unknown, ids: Ids): Fields {
  if (status === 0) return { status: '$absent' };
  if (response.cut) return { status };
  if (body === undefined) return { status, body: '$absent' };
  const expected = expectedOf(body, '', ids);
  return isFields(expected) && Object.keys(expected).length === 0 ? { status } : { status, body: expected };
}

function expectedOf(value: unknown, field: string, ids: Ids): unknown {
  if (typeof value === 'string') return expectedText(value, field, ids);
  if (Array.isArray(value)) return value.map((element) => expectedOf(element, field, ids));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !unlooked.has(name))
      .map(([name, inner]) => [literal(name), expectedOf(inner, name, ids)]),
  );
}

function expectedText(text: string, field: string, ids: Ids): unknown {
  if (ids.has(text)) return ids.write(text);
  // A body that is no JSON at all is a page, or what is left of an answer.
  if (field === '' || changing.has(field)) return '$string';
  const kind = kinds.find((word) => wordMatchers.get(word)?.(text));
  if (kind !== undefined) return kind;
  return VARIABLE_PART.test(text) ? '$string' : literal(text);
}

/** What is sent in the place of a body that is no JSON, whatever it was. */
const MALFORMED = '{"order_amount": ';

/** What the shopper says something at, by the operation that does it. */
const acts: ReadonlyMap<string, string> = new Map([
  ['authorizeSession', 'authorize'],
  ['finalizeSession', 'finalize'],
  ['completeHostedSession', 'complete'],
]);

/** Writes requests as steps of a scenario. */
export class RequestWriter {
  readonly #ids: Ids;
  readonly #market: MarketCountry | undefined;
  readonly #person: Fields;
  /** How often each idempotency key is sent, and what those that are sent again are written as. */
  readonly #uses = new Map<string, number>();
  readonly #keys = new Map<string, string>();

  /** @param calls all that are written, in their order */
  constructor(ids: Ids, market: MarketCountry | undefined, calls: readonly Call[]) {
    this.#ids = ids;
    this.#market = market;
    this.#person = market ? { ...samplePerson(market) } : {};
    for (const { exchange } of calls) {
      const key = headerOf(exchange.request.headers, 'klarna-idempotency-key');
      if (key !== undefined) this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    }
  }

  /** @param body of the request, redacted */
  write(call: Call, body: unknown): Fields {
    const { operation, exchange } = call;
    const shopper = acts.get(operation.name);
    // What the API refuses is no choice that a shopper has; it stands there as it was sent.
    if (shopper !== undefined && exchange.status === 200 && (body === undefined || isFields(body))) {
      const how = { ...body, ...exchange.scripted?.shopper };
      const given = shopper === 'finalize' ? how : this.#withoutPerson(how);
      const written = this.#template(given) as Fields;
      const step = { shopper, session: this.#ids.write(call.params.session_id as string) };
      return Object.keys(written).length > 0 ? { ...step, with: written } : step;
    }
    const headers = this.#headers(call);
    const parts = {
      ...(Object.keys(call.params).length > 0 && { path: this.#template(call.params) }),
      ...(Object.keys(call.query).length > 0 && { query: this.#template(call.query) }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(body !== undefined && { body: this.#body(call, body) }),
    };
    return { [operation.name]: Object.keys(parts).length > 0 ? parts : null };
  }

  #headers(call: Call): Fields {
    const { exchange } = call;
    const key = headerOf(exchange.request.headers, 'klarna-idempotency-key');
    const type = headerOf(exchange.request.headers, 'content-type');
    return {
      ...(exchange.explanation?.rule === 'credentials' && { Authorization: '$absent' }),
      ...(type !== undefined && !/^application\/json\b/i.test(type) && { 'Content-Type': escapeDollar(type) }),
      ...(key !== undefined && { 'Klarna-Idempotency-Key': this.#key(key, call) }),
    };
  }

  /** A key of its own in each replay, and the same where the journal has the same. */
  #key(key: string, { params }: Call): string {
    if (key === '' || this.#uses.get(key) === 1) return key && '$newUuid';
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const id = Object.values(params).find((value) => value !== undefined && this.#ids.has(value));
    const written = `${id === undefined ? 'key' : this.#ids.write(id)}-${this.#keys.size + 1}`;
    this.#keys.set(key, written);
    return written;
  }

  #body({ exchange, operation }: Call, body: unknown): unknown {
    if (exchange.explanation?.rule === 'readable-json') return MALFORMED;
    // A text is sent as it stands: one that was JSON needs its quotes.
    if (typeof body === 'string') return this.#ids.write(JSON.stringify(body));
    const market = this.#market;
    return this.#template(market && isFields(body) ? leaveOut(body, usualFields(market, operation)) : body);
  }

  /** The data of an authorize without the sample person, who is put in where there is nobody. */
  #withoutPerson(how: Fields): Fields {
    const { data = {}, ...rest } = how;
    if (!this.#market || !isFields(data)) return how;
    const { billing_address, customer } = this.#person;
    const left = leaveOut(data, { billing_address, customer });
    return Object.keys(left).length > 0 ? { ...rest, data: left } : rest;
  }

  /** A value in which nothing is a variable but ids that are known, and the sample person. */
  #template(value: unknown, field = ''): unknown {
    if (value === ABSENT) return '$absent';
    if (typeof value === 'string') return this.#ids.write(value);
    if (Array.isArray(value)) return value.map((element) => this.#template(element));
    if (!isFields(value)) return value;
    const part = field === 'shipping_address' ? 'billing_address' : field;
    if ((part === 'billing_address' || part === 'customer') && isDeepStrictEqual(value, this.#person[part])) {
      return `\${person.${part}}`;
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [escapeDollar(name), this.#template(inner, name)]),
    );
  }
}

/** Stands for a field that must stay out. */
const ABSENT = Symbol('absent');

/** A body without the fields that are put in anyway; those that are put in though it has none are kept out. */
function leaveOut(body: Fields, usual: Fields): Fields {
  const rest = Object.entries(body).filter(
    ([name, value]) => !isDeepStrictEqual(value, usual[name]) || !(name in usual),
  );
  const missing = Object.keys(usual).filter((name) => !Object.hasOwn(body, name));
  return { ...Object.fromEntries(missing.map((name) => [name, ABSENT])), ...Object.fromEntries(rest) };
}
