import { isDeepStrictEqual } from 'node:util';
import type { MarketCountry } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import { escapeDollar } from '../../scenario/matchers.js';
import { usualFields } from '../../scenario/steps.js';
import { type Fields, isFields } from '../words.js';
import { type Call, headerOf } from './calls.js';
import type { Ids } from './ids.js';

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
      const key = headerOf(exchange, 'klarna-idempotency-key');
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
      const step = { shopper, session: this.#ids.write(call.path.session_id as string) };
      return Object.keys(written).length > 0 ? { ...step, with: written } : step;
    }
    const headers = this.#headers(call);
    const parts = {
      ...(Object.keys(call.path).length > 0 && { path: this.#template(call.path) }),
      ...(Object.keys(call.query).length > 0 && { query: this.#template(call.query) }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(body !== undefined && { body: this.#body(call, body) }),
    };
    return { [operation.name]: Object.keys(parts).length > 0 ? parts : null };
  }

  #headers(call: Call): Fields {
    const { exchange } = call;
    const key = headerOf(exchange, 'klarna-idempotency-key');
    const type = headerOf(exchange, 'content-type');
    return {
      ...(exchange.explanation?.rule === 'credentials' && { Authorization: '$absent' }),
      ...(type !== undefined && !/^application\/json\b/i.test(type) && { 'Content-Type': escapeDollar(type) }),
      ...(key !== undefined && { 'Klarna-Idempotency-Key': this.#key(key, call) }),
    };
  }

  /** A key of its own in each replay, and the same where the journal has the same. */
  #key(key: string, { path }: Call): string {
    if (key === '' || this.#uses.get(key) === 1) return key && '$newUuid';
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const id = Object.values(path).find((value) => this.#ids.has(value));
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
