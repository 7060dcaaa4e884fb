import type { OperationName, SuccessOf } from '../contract/operation-map.js';
import { operationNamed } from '../contract/operations.js';
import { escapeDollar } from '../scenario/matchers.js';
import { buildRequest, NOTHING_KEPT } from './request.js';
import { send } from './send.js';
import type { Answer, SentRequest, Target } from './target.js';

/** The error of a call that got no answer, or another than expected; the message names the call and the reason. */
export class ControlError extends Error {
  override name = 'ControlError';
  /** The operation that was called. */
  readonly operation: string | undefined;
  /** Status and body of the answer, if there was one. */
  readonly status: number | undefined;
  readonly body: unknown;

  constructor(
    message: string,
    { operation, status, body }: { operation?: string; status?: number; body?: unknown } = {},
  ) {
    super(message);
    this.operation = operation;
    this.status = status;
    this.body = body;
  }
}

/** The parts of a request, taken literally: a `$` in them begins no variable. */
export interface Parts {
  path?: Readonly<Record<string, string>>;
  /** Undefined values are left out. */
  query?: Readonly<Record<string, string | number | undefined>>;
  /** Headers beside those of every request; names in lower case replace those. */
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** A body that is not JSON, instead of `body`. */
  text?: string;
  /** Time in milliseconds to wait for the answer, where the usual one is not enough. */
  patience?: number;
}

/** Builds the request of an operation, as the target's merchant. */
export function requestOf(target: Target, name: string, parts: Parts = {}): SentRequest {
  const { path = {}, query = {}, headers = {}, body, text } = parts;
  const operation = operationNamed(name);
  const escaped = Object.entries(path).map(([parameter, value]) => [parameter, escapeDollar(value)]);
  const template = { path: Object.fromEntries(escaped), query: {}, headers: {}, body: undefined };
  const request = buildRequest({ operation, request: template }, target, NOTHING_KEPT);
  const search = new URLSearchParams();
  for (const [parameter, value] of Object.entries(query)) if (value !== undefined) search.set(parameter, String(value));
  if (search.size > 0) request.url += `?${search}`;
  request.body = text ?? JSON.stringify(body);
  if (request.body !== undefined) request.headers['content-type'] = 'application/json';
  Object.assign(request.headers, headers);
  return request;
}

/** Makes the error of a call without an answer: the reason is that the target was closed, where it was, or else the trouble. */
export function noAnswer({ closed }: Target, name: string, trouble?: string): ControlError {
  return new ControlError(`${name} got no answer: ${closed?.aborted ? closed.reason : trouble}`, { operation: name });
}

/**
 * Calls an operation as the target's merchant and returns its answer, whatever the status.
 * @throws ControlError when there is no answer
 */
export async function ask(target: Target, name: string, parts: Parts = {}): Promise<Answer> {
  const { closed } = target;
  if (closed?.aborted) throw noAnswer(target, name);
  const { answer, trouble } = await send(requestOf(target, name, parts), parts.patience);
  // A server that is being closed may still answer, with an error of its own.
  if (!answer || (closed?.aborted && answer.status >= 500)) throw noAnswer(target, name, trouble);
  return answer;
}

/**
 * Calls an operation as the target's merchant.
 * @returns the body of the answer, typed by the contract; `undefined` where the answer has none
 * @throws ControlError unless it succeeds
 */
export async function control<Name extends OperationName>(
  target: Target,
  name: Name,
  parts: Parts = {},
): Promise<SuccessOf<Name>> {
  return (await insist(target, name, parts)).body as SuccessOf<Name>;
}

/**
 * Calls an operation as the target's merchant and returns the whole answer.
 * @throws ControlError unless it succeeds
 */
export async function insist(target: Target, name: OperationName, parts: Parts = {}): Promise<Answer> {
  const answer = await ask(target, name, parts);
  if (answer.status < 300) return answer;
  throw refusalBy(name, answer);
}

/** Makes the error of an answer that is no success. */
export function refusalBy(name: string, { status, headers, body }: Answer): ControlError {
  const why = headers['mock-klarna-explain'] ?? (body && JSON.stringify(body));
  const message = `${name} was refused with ${status}${why ? `: ${why}` : ''}`;
  return new ControlError(message, { operation: name, status, body });
}
