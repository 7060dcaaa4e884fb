import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../../src/exchange/exchange.js';
import type { Finding, HarnessReport } from '../../src/report/finding.js';
import { follow, parsePath } from '../../src/scenario/paths.js';
import type { ShopVerdict } from '../../src/shop/judge.js';
import { type Answered, type Asked, type Caller, purchase, tokenRequest } from '../contract/sandbox.js';
import type { Test } from '../tap.js';

/** The parts of a shop that a careful script and its careless twin are put together from. */
export interface Shop {
  call: Caller;
  /** As `call`, for what no answer may come of. */
  attempt(operation: string, asked?: Asked): Promise<Answered | undefined>;
  /** A session and its authorization; `data` is what the page gives to authorize(). */
  authorize(session?: object, shopper?: object): Promise<{ session_id: string; authorizationToken: string }>;
  /** Goes on to an order of the boots, acknowledged. */
  order(session?: object, body?: object): Promise<{ order_id: string }>;
  /** Goes on to an order of a cart, and leaves it at that. */
  place(body: object, cart: string): Promise<Answered>;
  /** Goes on to a customer token, and to the order where the intent has one. */
  token(session?: object): Promise<{ customerToken: string }>;
  charge(path: { customerToken: string }, body: object, key?: string): Promise<Answered>;
  capture(path: { order_id: string }, body?: object, key?: string): Promise<Answered>;
  refund(path: { order_id: string }, body?: object, key?: string): Promise<Answered>;
  /** What goes otherwise from now on. */
  script(...outcomes: object[]): Promise<Answered>;
  later(by: string): Promise<Answered>;
}

export const keyed = (key: string = randomUUID()) => ({ 'Klarna-Idempotency-Key': key });

export function shopOf(call: Caller): Shop {
  const shop: Shop = {
    call,
    attempt: (operation, asked) => call(operation, asked).catch(() => undefined),
    async authorize(session = {}, shopper = {}) {
      const { body } = await call('createSession', { body: { ...purchase, ...session } });
      const answer = await call('authorizeSession', { path: body, body: shopper });
      return { session_id: body.session_id, authorizationToken: answer.body.authorization_token };
    },
    async order(session = {}, body = {}) {
      const path = await shop.authorize(session);
      const { order_id } = (await call('createOrder', { path, body: { ...purchase, ...body } })).body;
      await call('acknowledgeOrder', { path: { order_id } });
      return { order_id };
    },
    async place(body, merchant_reference1) {
      const path = await shop.authorize({ merchant_reference1 });
      return call('createOrder', { path, body: { ...purchase, ...body } });
    },
    async token(session = {}) {
      const asked = { intent: 'buy_and_default_tokenize', ...session };
      const path = await shop.authorize(asked);
      const { body } = await call('createCustomerToken', { path, body: tokenRequest });
      if (asked.intent !== 'tokenize') await call('createOrder', { path, body: { ...purchase, ...session } });
      return { customerToken: body.token_id };
    },
    charge: (path, body, key) => call('createCustomerTokenOrder', { path, headers: keyed(key), body }),
    capture: (path, body = { captured_amount: 10000 }, key) =>
      call('captureOrder', { path, headers: keyed(key), body }),
    refund: (path, body = { refunded_amount: 10000 }, key) => call('refundOrder', { path, headers: keyed(key), body }),
    script: (...outcomes) =>
      call('chooseScenario', { body: { inline: { title: 'A script', evidence: 'inferred', outcomes } } }),
    later: (by) => call('advanceClock', { body: { by } }),
  };
  return shop;
}

/** What the sandbox says of a shop. */
export async function reportOf(call: Caller, query: Record<string, string> = {}): Promise<ShopVerdict & HarnessReport> {
  return (await call('readReport', { query })).body;
}

/** The findings that a clean report has none of. */
export const blemishes = ({ findings }: Pick<HarnessReport, 'findings'>): string[] =>
  findings.filter(({ severity }) => severity !== 'note').map(({ check, message }) => `${check}: ${message}`);

export const idsOf = (findings: readonly Finding[]): string[] => [...new Set(findings.map(({ check }) => check))];

/** Checks whose findings may be about a field that is not there. */
const ofMissing = new Set([
  'contract/refused',
  'practice/charge-without-key',
  'practice/capture-without-key',
  'practice/refund-without-key',
  'practice/retried-without-key',
  'practice/recurring-without-subscription',
]);

/**
 * The paths of findings that lead nowhere in their exchanges: not to a value nor, where one may be missing, to the object
 * that it is missing from.
 */
export async function lostPaths(call: Caller, findings: readonly Finding[]): Promise<string[]> {
  const exchanges: Exchange[] = (await call('readJournal')).body.items.reverse();
  return findings.flatMap(({ check, path, where }) => {
    if (path === undefined || where.exchange === undefined) return [];
    const { request } = exchanges[where.exchange - 1] as Exchange;
    const segments = parsePath(path) ?? [];
    const way = ofMissing.has(check) ? segments.slice(0, -1) : segments;
    return way.length > 0 && follow(request, way) !== undefined ? [] : [`${check}: ${path}`];
  });
}

/** The shop's end of a callback, which answers with the status given. */
export async function receiver(t: Test, status: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/klarna`;
}

/** An exchange as somebody may have recorded it: without the name of its operation, and without an explanation. */
export function recorded(
  method: string,
  path: string,
  status: number,
  more: Partial<Exchange> & { sent?: unknown; got?: unknown } = {},
): Exchange {
  const { sent, got, ...rest } = more;
  return {
    at: '2026-03-02T09:00:00.000Z',
    method,
    path,
    status,
    duration_ms: 1,
    request: { headers: { 'Klarna-Idempotency-Key': 'one' }, body: sent },
    response: { headers: {}, body: got },
    ...rest,
  };
}
