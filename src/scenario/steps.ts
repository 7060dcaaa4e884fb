import { bodyFields, type Operation, operationNamed, operations } from '../contract/operations.js';
import { type MarketCountry, markets } from '../klarna/catalogue/markets.js';
import { samplePerson } from '../klarna/catalogue/people.js';
import type { Located } from './located.js';
import type { Position } from './problem.js';
import type { Expectation, RequestTemplate, ShopperScript, Step } from './scenario.js';

/** Something that the shopper does in a step. */
export interface ShopperAct {
  /** The operation of the control API that does it. */
  operation: string;
  /** What stands in `with`: the purchase as authorize takes it, how it ends, or nothing. */
  takes: 'purchase' | 'result' | 'nothing';
  /** What the shopper does, in words. */
  deed: string;
}

/** What the shopper may do, by the word in `shopper:`. The last four are done on Klarna's hosted page. */
export const shopperActs: ReadonlyMap<string, ShopperAct> = new Map([
  ['authorize', { operation: 'authorizeSession', takes: 'purchase', deed: 'authorizes' }],
  ['finalize', { operation: 'finalizeSession', takes: 'result', deed: 'finalizes' }],
  ['complete', { operation: 'completeHostedSession', takes: 'purchase', deed: 'pays on the hosted page' }],
  ['fail', { operation: 'failHostedSession', takes: 'nothing', deed: 'is refused on the hosted page' }],
  ['cancel', { operation: 'cancelHostedSession', takes: 'nothing', deed: 'cancels on the hosted page' }],
  ['back', { operation: 'backHostedSession', takes: 'nothing', deed: 'goes back from the hosted page' }],
]);

/** The act that an operation of the control API does. */
export function actBy(operation: string): ShopperAct | undefined {
  return [...shopperActs.values()].find((act) => act.operation === operation);
}

/** The variables a market brings: `${person.billing_address}`, `${person.customer}`. */
export function marketVariables(country: MarketCountry | undefined): Record<string, unknown> {
  return country ? { person: samplePerson(country) } : {};
}

/** A body with country, currency and locale of the market where its operation has these fields and it leaves them out. */
export function fillMarket(country: MarketCountry | undefined, operation: Operation, body: unknown): unknown {
  if (!country || !isMapping(body)) return body;
  return { ...usualFields(country, operation), ...body };
}

/** What a body of an operation says of its market unless it says something else. */
export function usualFields(country: MarketCountry, operation: Operation): Record<string, string> {
  const { currency, locales } = markets[country];
  const usual = { purchase_country: country, purchase_currency: currency, locale: locales[0] };
  const fields = bodyFields(operation);
  return Object.fromEntries(Object.entries(usual).filter(([name]) => fields.includes(name)));
}

/** What the shopper does, with the sample person of the market where the step names nobody. */
export function fillShopper(
  country: MarketCountry | undefined,
  body: Record<string, unknown>,
): Record<string, unknown> {
  if (!country) return body;
  const { data } = body;
  if (data !== undefined && !isMapping(data)) return body;
  const { billing_address, customer } = samplePerson(country);
  return { ...body, data: { billing_address, customer, ...data } };
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Fields = Record<string, unknown>;

/** A step of a file whose structure has been checked; `shopper` is how the scenario's shopper goes, until the step says otherwise. */
export function buildStep(node: Located, market: MarketCountry | undefined, shopper?: ShopperScript): Step {
  const given = node.value as Fields;
  return {
    ...buildCall(given, market, shopper),
    title: given.title as string | undefined,
    at: node.at,
    as: given.as as string | undefined,
    times: (given.times as number | undefined) ?? 1,
    expect: 'expect' in given ? buildExpectation((given.expect ?? {}) as Fields) : undefined,
    keep: (given.keep ?? {}) as Record<string, string>,
  };
}

/** The step that moves the clock to where the scenario begins. */
export function clockStep(now: string, at: Position): Step {
  const call = sandboxCall('clock', 'setClock', {}, { now });
  return { ...call, title: undefined, at, as: undefined, times: 1, expect: undefined, keep: {} };
}

type Call = Pick<Step, 'kind' | 'operation' | 'request'>;

function buildCall(given: Fields, market: MarketCountry | undefined, shopper?: ShopperScript): Call {
  if (given.advance !== undefined) return sandboxCall('clock', 'advanceClock', {}, { by: given.advance });
  const act = shopperActs.get(given.shopper as string);
  if (act) {
    const path = { session_id: given.session };
    if (act.takes === 'nothing') return sandboxCall('shopper', act.operation, path);
    const said = (given.with ?? {}) as Fields;
    const body = act.takes === 'purchase' ? fillShopper(market, { ...shopper, ...said }) : said;
    return sandboxCall('shopper', act.operation, path, body);
  }
  const name = Object.keys(given).find((key) => operations.has(key)) as string;
  const operation = operationNamed(name);
  const { path = {}, query = {}, headers = {}, body } = (given[name] ?? {}) as Partial<RequestTemplate>;
  return { kind: 'operation', operation, request: { path, query, headers, body: fillMarket(market, operation, body) } };
}

function sandboxCall(kind: Step['kind'], name: string, path: Fields, body?: Fields): Call {
  const operation: Operation = operationNamed(name);
  return { kind, operation, request: { path, query: {}, headers: {}, body } };
}

function buildExpectation({ headers, ...rest }: Fields): Expectation {
  if (!headers) return rest;
  const named = Object.entries(headers as Fields).map(([name, value]) => [
    name.toLowerCase(),
    // On the wire a header is text.
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  ]);
  return { ...rest, headers: Object.fromEntries(named) };
}
