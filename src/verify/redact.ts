import { makeRedactor } from '../replay/save/redact.js';
import { isFields } from '../replay/words.js';
import type { Exchange } from '../shop/exchange.js';
import { TokenHider } from './tokens.js';

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

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? '[redacted]' : value]),
  );
}

/** A body in which personal data can be found; in text that is no JSON nobody can. */
const readable = (body: unknown): unknown => (typeof body === 'string' && body !== '' ? '[redacted: no JSON]' : body);

function countryIn(exchanges: readonly Exchange[]): string | undefined {
  const countries = exchanges.map(({ request: { body } }) => (isFields(body) ? body.purchase_country : undefined));
  return countries.find((country): country is string => typeof country === 'string');
}
