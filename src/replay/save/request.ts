import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../../exchange/call.js';
import type { Exchange } from '../../exchange/exchange.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { headerOf } from '../../exchange/message.js';
import { VARIABLE_PART } from '../../exchange/uuids.js';
import type { MarketCountry } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import { literal } from '../../scenario/match.js';
import { escapeDollar, wordMatchers } from '../../scenario/matchers.js';
import { usualFields } from '../../scenario/steps.js';
import type { Ids } from './ids.js';

/** Fields of an answer that are not judged: people, and values of one run. */
const unlooked = new Set(['billing_address', 'shipping_address', 'customer', 'attachment', 'correlation_id']);

/** Fields whose text differs in each run. */
const changing = new Set(['client_token', 'klarna_reference']);

/** Matchers for values that differ in each run. */
const kinds = ['$uuid', '$instant', '$url'];

/**
 * Returns the expectation of an answer: its status, and the part of its body that is the same in each run.
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
  // A body that is no JSON is a page, or the beginning of an answer.
  if (field === '' || changing.has(field)) return '$string';
  const kind = kinds.find((matcher) => wordMatchers.get(matcher)?.(text));
  if (kind !== undefined) return kind;
  return VARIABLE_PART.test(text) ? '$string' : literal(text);
}

/** The body that is sent in the place of any that is no JSON. */
const MALFORMED = '{"order_amount": ';

/** The shopper's acts by their operations. */
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
  /** The number of requests with each idempotency key. */
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
    // A refused request is no choice that a shopper has: it is written as a plain call.
    if (shopper !== undefined && exchange.status === 200 && (body === undefined || isFields(body))) {
      const choices = { ...body, ...exchange.scripted?.shopper };
      const given = shopper === 'finalize' ? choices : this.#withoutPerson(choices);
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

  /** Returns a key that is new in each replay, and the same where the journal has the same. */
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
    // A text is sent as it is: a JSON string needs its quotes.
    if (typeof body === 'string') return this.#ids.write(JSON.stringify(body));
    const market = this.#market;
    return this.#template(market && isFields(body) ? leaveOut(body, usualFields(market, operation)) : body);
  }

  /** Returns the data of an authorize without the sample person, who is filled in where there is nobody. */
  #withoutPerson(choices: Fields): Fields {
    const { data = {}, ...rest } = choices;
    if (!this.#market || !isFields(data)) return choices;
    const { billing_address, customer } = this.#person;
    const left = leaveOut(data, { billing_address, customer });
    return Object.keys(left).length > 0 ? { ...rest, data: left } : rest;
  }

  /** Returns a value with variables for known ids and the sample person, and everything else escaped. */
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

/** Marks a field that must stay out. */
const ABSENT = Symbol('absent');

/** Returns a body without the fields that are filled in anyway; those that it does not have are marked as absent. */
function leaveOut(body: Fields, usual: Fields): Fields {
  const rest = Object.entries(body).filter(([name, value]) => !isDeepStrictEqual(value, usual[name]));
  const missing = Object.keys(usual).filter((name) => !Object.hasOwn(body, name));
  return { ...Object.fromEntries(missing.map((name) => [name, ABSENT])), ...Object.fromEntries(rest) };
}
