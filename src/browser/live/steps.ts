import type { Exchange } from './types.js';
import { toYaml } from './yaml.js';

/** The name of a path's parameter, by the part of the path before it. */
const parameters: Readonly<Record<string, string>> = {
  sessions: 'session_id',
  'hosted-sessions': 'session_id',
  authorizations: 'authorizationToken',
  tokens: 'customerToken',
  'customer-tokens': 'customerToken',
  orders: 'order_id',
  captures: 'capture_id',
  refunds: 'refund_id',
  callbacks: 'callback_id',
};

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Parts of a path that are no ids although they stand where one could. */
const words = new Set(['order', 'orders', 'customer-token', 'captures', 'refunds', 'authorizations']);

/** Returns the parameters of a path, by their names in the contract. */
export function parametersOf(path: string): Record<string, string> {
  const parts = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  const found: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const name = parameters[part];
    const value = parts[at + 1];
    if (name !== undefined && value !== undefined && (ID.test(value) || !words.has(value))) found[name] = decode(value);
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Fields of an answer that differ in each run. */
const changing =
  /^(?:client_token|klarna_reference|correlation_id|authorization_token|token_id)$|_(?:url|id|token)$|(?:_at|^at|^now)$/;

/** Values that a step expects by a word, since they differ in each run. */
function matcherOf(value: unknown): string {
  if (typeof value !== 'string') return '$any';
  if (ID.test(value)) return '$uuid';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return '$instant';
  return /^https?:\/\//.test(value) ? '$url' : '$string';
}

/** Returns what a step expects of an answer: all of it that is the same in each run. */
export function expectationOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expectationOf);
  if (typeof value === 'string')
    return ID.test(value) || /^https?:\/\//.test(value) ? matcherOf(value) : literal(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'correlation_id')
      .map(([name, inner]) => [
        name,
        changing.test(name) && typeof inner === 'string' ? matcherOf(inner) : expectationOf(inner),
      ]),
  );
}

/** A dollar would begin a matcher or a variable; two of them are one. */
const literal = (text: string): string => text.replaceAll('$', () => '$$');

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, escaped(inner)]));
}

/** The shopper's acts of a scenario, by the operations that do the same. */
const acts: Readonly<Record<string, string>> = {
  authorizeSession: 'authorize',
  finalizeSession: 'finalize',
  completeHostedSession: 'complete',
};

/** Returns an exchange as a step of a scenario, as an object. */
export function stepOf(exchange: Exchange): Record<string, unknown> {
  const { operation = '', path, request, status, response } = exchange;
  const { by } = (request.body ?? {}) as { by?: unknown };
  if (operation === 'advanceClock' && status === 200 && typeof by === 'string') return { advance: by };
  const query = Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));
  const key = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'klarna-idempotency-key');
  const params = parametersOf(path);
  const parts = {
    ...(Object.keys(params).length > 0 && { path: params }),
    ...(Object.keys(query).length > 0 && { query }),
    ...(key && { headers: { 'Klarna-Idempotency-Key': '$newUuid' } }),
    ...(request.body !== undefined && { body: escaped(request.body) }),
  };
  const body = response.body === undefined ? '$absent' : response.cut ? undefined : expectationOf(response.body);
  const expect = status === 0 ? { status: '$absent' } : { status, ...(body !== undefined && { body }) };
  const act = Object.hasOwn(acts, operation) ? acts[operation] : undefined;
  if (act === undefined || status !== 200) return { [operation]: parts, expect };
  return { shopper: act, session: params.session_id, ...(parts.body !== undefined && { with: parts.body }), expect };
}

/** Returns an exchange as a step of a scenario file; undefined for a call of no operation. */
export function toStep(exchange: Exchange): string | undefined {
  return exchange.operation === undefined ? undefined : toYaml([stepOf(exchange)], '  ');
}

/** Returns an exchange as a contract case: a file that says what Klarna answers, for whoever knows why. */
export function toCase(exchange: Exchange): string | undefined {
  if (exchange.operation === undefined) return undefined;
  const { operation, status, explanation } = exchange;
  const title = `${operation} answers ${status}${explanation ? ` by ${explanation.rule}` : ''}`;
  const head = toYaml({ title, evidence: 'inferred', source: 'seen in a sandbox; say here why Klarna does so' });
  return `${head}steps:\n${toYaml([stepOf(exchange)], '  ')}`;
}
