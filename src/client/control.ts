import { operationNamed } from '../contract/operations.js';
import { escapeDollar } from '../scenario/matchers.js';
import { buildRequest, NOTHING_KEPT } from './request.js';
import { send } from './send.js';
import type { Answer, Target } from './target.js';

/** A call of the control API that a replay needs and the target did not do; the message says what and why. */
export class ControlRefusal extends Error {
  override name = 'ControlRefusal';

  /** @param status of the answer, where there was one */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** What a request says; nothing in it is a variable. */
export interface Parts {
  path?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  /** Beside those of every request; names in lower case take their place. */
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** In the place of `body`: what is no JSON. */
  text?: string;
}

/**
 * Calls an operation as the target's merchant, whatever it answers.
 * @throws ControlRefusal when there is no answer
 */
export async function ask(target: Target, name: string, parts: Parts = {}): Promise<Answer> {
  const { path = {}, query = {}, headers = {}, body, text } = parts;
  const operation = operationNamed(name);
  const escaped = Object.entries(path).map(([parameter, value]) => [parameter, escapeDollar(value)]);
  const template = { path: Object.fromEntries(escaped), query: {}, headers: {}, body: undefined };
  const request = buildRequest({ operation, request: template }, target, NOTHING_KEPT);
  const search = new URLSearchParams(query);
  if (search.size > 0) request.url += `?${search}`;
  request.body = text ?? (body === undefined ? undefined : JSON.stringify(body));
  if (request.body !== undefined) request.headers['content-type'] = 'application/json';
  Object.assign(request.headers, headers);
  const { answer, trouble } = await send(request);
  if (!answer) throw new ControlRefusal(`${name} got no answer: ${trouble}`);
  return answer;
}

/**
 * Calls an operation beside the steps, as the target's merchant.
 * @returns the answer's body
 * @throws ControlRefusal unless it succeeds
 */
export async function control(target: Target, name: string, parts: Parts = {}): Promise<unknown> {
  return (await insist(target, name, parts)).body;
}

/**
 * The same for whoever needs all of the answer.
 * @throws ControlRefusal unless it succeeds
 */
export async function insist(target: Target, name: string, parts: Parts = {}): Promise<Answer> {
  const answer = await ask(target, name, parts);
  if (answer.status < 300) return answer;
  throw new ControlRefusal(`${name} was refused with ${answer.status}${why(answer)}`, answer.status);
}

function why({ headers, body }: Answer): string {
  const told = headers['mock-klarna-explain'] ?? (body && JSON.stringify(body));
  return told ? `: ${told}` : '';
}
