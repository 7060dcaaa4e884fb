import { bodyFields, type Operation, operationNamed, operations } from '../contract/operations.js';
import { type MarketCountry, markets } from '../klarna/catalogue/markets.js';
import { samplePerson } from '../klarna/catalogue/people.js';
import { entry, type Located } from './located-value.js';
import { isMatcherMap, unescapeDollar } from './matchers.js';
import { extend, parsePath } from './paths.js';
import type { Position } from './problem.js';
import type { Expectation, RequestTemplate, ShopperScript, Step } from './scenario.js';

/** An act of the shopper in a step. */
export interface ShopperAct {
  /** Operation of the control API that does it. */
  operation: string;
  /** Content of `with`: the purchase as authorize takes it, the result, or nothing. */
  takes: 'purchase' | 'result' | 'nothing';
  /** The act in words. */
  action: string;
}

/** The acts of the shopper, by the word in `shopper:`. The last four are done on Klarna's hosted page. */
export const shopperActs: ReadonlyMap<string, ShopperAct> = new Map([
  ['authorize', { operation: 'authorizeSession', takes: 'purchase', action: 'authorizes' }],
  ['finalize', { operation: 'finalizeSession', takes: 'result', action: 'finalizes' }],
  ['complete', { operation: 'completeHostedSession', takes: 'purchase', action: 'pays on the hosted page' }],
  ['fail', { operation: 'failHostedSession', takes: 'nothing', action: 'is refused on the hosted page' }],
  ['cancel', { operation: 'cancelHostedSession', takes: 'nothing', action: 'cancels on the hosted page' }],
  ['back', { operation: 'backHostedSession', takes: 'nothing', action: 'goes back from the hosted page' }],
]);

/** Returns the act that an operation of the control API does. */
export function actBy(operation: string): ShopperAct | undefined {
  return [...shopperActs.values()].find((act) => act.operation === operation);
}

/** Returns the variables of a market: `${person.billing_address}`, `${person.customer}`. */
export function marketVariables(country: MarketCountry | undefined): Record<string, unknown> {
  return country ? { person: samplePerson(country) } : {};
}

/** Adds country, currency and locale of the market to a body that lacks them, if its operation has these fields. */
export function fillMarket(country: MarketCountry | undefined, operation: Operation, body: unknown): unknown {
  if (!country || !isMapping(body)) return body;
  return { ...usualFields(country, operation), ...body };
}

/** Returns the market's values for the country, currency and locale fields that an operation has. */
export function usualFields(country: MarketCountry, operation: Operation): Record<string, string> {
  const { currency, locales } = markets[country];
  const usual = { purchase_country: country, purchase_currency: currency, locale: locales[0] };
  const fields = bodyFields(operation);
  return Object.fromEntries(Object.entries(usual).filter(([name]) => fields.includes(name)));
}

/** Adds the market's sample person to the body of a shopper's act; the step's own data win. */
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

/** Makes a step of a checked file; `shopper` is the scenario's, whose fields the step can override. */
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
    lines: linesOf(node),
  };
}

function linesOf(step: Located): Step['lines'] {
  const lines: Step['lines'] = {};
  const expect = step.entries?.get('expect');
  if (expect) enter(lines, '$', expect, step.at.line);
  for (const [name, { key }] of entry(step, 'keep')?.entries ?? []) {
    if (key.line !== step.at.line) lines[`keep.${name}`] = key.line;
  }
  return lines;
}

function enter(
  lines: Step['lines'],
  path: string,
  { key: { line }, node }: { key: Position; node: Located },
  around: number,
): void {
  if (line !== around) lines[path] = line;
  for (const [index, item] of (node.items ?? []).entries()) {
    enter(lines, extend(path, index), { key: item.at, node: item }, line);
  }
  if (!node.entries || isMatcherMap(node.value as object)) return;
  for (const [name, inner] of node.entries) {
    // The names of headers are compared in lower case.
    const field = path === '$.headers' ? name.toLowerCase() : unescapeDollar(name);
    enter(lines, extend(path, field), inner, line);
  }
}

/** Returns the line of the part of a step's expectation that is about a path in the answer. */
export function lineOf({ at, lines }: Pick<Step, 'at' | 'lines'>, path: string): number {
  let line = lines.$ ?? at.line;
  let part = '$';
  for (const segment of parsePath(path) ?? []) {
    part = extend(part, segment);
    line = lines[part] ?? line;
  }
  return line;
}

/** Makes the step that sets the clock to the scenario's start. */
export function clockStep(now: string, at: Position): Step {
  const call = sandboxCall('clock', 'setClock', {}, { now });
  return { ...call, title: undefined, at, as: undefined, times: 1, expect: undefined, keep: {}, lines: {} };
}

type Call = Pick<Step, 'kind' | 'operation' | 'request'>;

function buildCall(given: Fields, market: MarketCountry | undefined, shopper?: ShopperScript): Call {
  if (given.advance !== undefined) return sandboxCall('clock', 'advanceClock', {}, { by: given.advance });
  const act = shopperActs.get(given.shopper as string);
  if (act) {
    const path = { session_id: given.session };
    if (act.takes === 'nothing') return sandboxCall('shopper', act.operation, path);
    const own = (given.with ?? {}) as Fields;
    const body = act.takes === 'purchase' ? fillShopper(market, { ...shopper, ...own }) : own;
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
    // Header values are texts on the wire.
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  ]);
  return { ...rest, headers: Object.fromEntries(named) };
}
