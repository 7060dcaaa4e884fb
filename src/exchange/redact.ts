import type { Exchange } from './exchange.js';
import { isFields } from './fields.js';
import { makeRedactor } from './stand-ins.js';
import { UUIDS } from './uuids.js';

/** Fields, and parameters of paths, whose ids open something: with them purchases are made and tokens charged. */
const OPENING = new Set(['authorization_token', 'token_id', 'customer_token', 'authorizationToken', 'customerToken']);

/** The replacement of a token for the browser. */
const HIDDEN = 'redacted';

/** Puts ids of no use in the place of authorization tokens and customer tokens: the same for the same, wherever it stands. */
export class TokenHider {
  readonly #others = new Map<string, string>();

  /** Notes the tokens of a value. */
  learn(value: unknown, field = ''): void {
    if (Array.isArray(value)) for (const element of value) this.learn(element, field);
    else if (isFields(value)) for (const [name, inner] of Object.entries(value)) this.learn(inner, name);
    else if (typeof value === 'string' && OPENING.has(field)) {
      for (const [id] of value.matchAll(UUIDS)) this.#otherOf(id.toLowerCase());
    }
  }

  #otherOf(id: string): string {
    const known = this.#others.get(id);
    if (known !== undefined) return known;
    const other = `00000000-0000-4000-8000-${String(this.#others.size + 1).padStart(12, '0')}`;
    this.#others.set(id, other);
    return other;
  }

  /** Returns a value without the tokens that were noted. */
  hide<T>(value: T, field = ''): T {
    return this.#hide(value, field) as T;
  }

  #hide(value: unknown, field: string): unknown {
    if (Array.isArray(value)) return value.map((element) => this.#hide(element, field));
    if (isFields(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.#hide(inner, name)]));
    }
    if (typeof value !== 'string') return value;
    if (field === 'client_token') return HIDDEN;
    return value.replace(UUIDS, (id) => this.#others.get(id.toLowerCase()) ?? id);
  }
}

/** Exchanges of one merchant. */
export interface OneMerchant {
  username: string;
  exchanges: readonly Exchange[];
}

/** Headers that may open something. */
const SECRET_HEADER = /^(proxy-)?authorization$|cookie|token|secret|api-?key|signature/i;

/**
 * Takes credentials, tokens and personal data out of exchanges. Equal values stay equal, and to Klarna's rules each is
 * what it was.
 * @returns the new exchange for each that was given
 */
export function redactExchanges(merchants: readonly OneMerchant[]): Map<Exchange, Exchange> {
  const tokens = new TokenHider();
  for (const { request, response } of merchants.flatMap(({ exchanges }) => exchanges)) {
    tokens.learn(request.body);
    tokens.learn(response.body);
  }
  return new Map(merchants.flatMap((merchant) => redactMerchant(merchant, tokens)));
}

function redactMerchant({ username, exchanges }: OneMerchant, tokens: TokenHider): [Exchange, Exchange][] {
  const country = countryIn(exchanges);
  const values = exchanges.flatMap(({ request, response }) => [request.body, response.body]);
  const redactor = makeRedactor(
    values.map((value) => [value, country] as const),
    username,
  );
  const clean = <T>(value: T): T => redactor(tokens.hide(value), country) as T;
  return exchanges.map((exchange) => {
    const { request, response, path, explanation, ...rest } = exchange;
    const redacted: Exchange = {
      ...rest,
      path: clean(path),
      request: { ...request, headers: clean(withoutSecrets(request.headers)), body: clean(readable(request.body)) },
      response: { ...response, headers: clean(withoutSecrets(response.headers)), body: clean(response.body) },
      ...(explanation && { explanation: { ...explanation, text: clean(explanation.text) } }),
    };
    return [exchange, redacted];
  });
}

/** Returns headers without the values of those that may open something. */
export function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? '[redacted]' : value]),
  );
}

/** Returns a body in which personal data can be found; a placeholder for text that is no JSON. */
const readable = (body: unknown): unknown => (typeof body === 'string' && body !== '' ? '[redacted: no JSON]' : body);

function countryIn(exchanges: readonly Exchange[]): string | undefined {
  const countries = exchanges.map(({ request: { body } }) => (isFields(body) ? body.purchase_country : undefined));
  return countries.find((country): country is string => typeof country === 'string');
}
