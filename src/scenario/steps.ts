import { type Operation, operationNamed, operations } from '../contract/operations.js';
import type { MarketCountry } from '../klarna/markets.js';
import type { Located } from './located.js';
import { fillMarket, fillShopper } from './market.js';
import type { Position } from './problem.js';
import type { Expectation, RequestTemplate, Step } from './scenario.js';
import type { ShopperScript } from './script.js';
import { shopperActs } from './shopper-acts.js';

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
