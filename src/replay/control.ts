import { operationNamed } from '../contract/operations.js';
import { exchange } from './exchange.js';
import { buildRequest, NOTHING_KEPT } from './request.js';
import type { Answer, Target } from './result.js';

/** A call of the control API that a replay needs and the target did not do; the message says what and why. */
export class ControlRefusal extends Error {
  override name = 'ControlRefusal';
}

/**
 * Calls an operation of the control API beside the steps, as the target's merchant.
 * @throws ControlRefusal unless it succeeds
 */
export async function control(
  target: Target,
  name: string,
  { query = {}, body }: { query?: Record<string, unknown>; body?: unknown } = {},
): Promise<unknown> {
  const operation = operationNamed(name);
  const template = { path: {}, query, headers: {}, body: undefined };
  const request = buildRequest({ operation, request: template }, target, NOTHING_KEPT);
  // Nothing in the body is a variable.
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers['content-type'] = 'application/json';
  }
  const { answer, trouble } = await exchange(request, () => []);
  if (!answer) throw new ControlRefusal(`${name} got no answer: ${trouble}`);
  if (answer.status >= 300) throw new ControlRefusal(`${name} was refused with ${answer.status}${why(answer)}`);
  return answer.body;
}

function why({ headers, body }: Answer): string {
  const told = headers['mock-klarna-explain'] ?? (body && JSON.stringify(body));
  return told ? `: ${told}` : '';
}
