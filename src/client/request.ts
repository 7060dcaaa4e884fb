import { HARNESS_HEADER } from '../contract/headers.js';
import { fillPath } from '../contract/path-template.js';
import type { Step } from '../scenario/scenario.js';
import { fillRequest, type Scope } from '../scenario/template.js';
import type { SentRequest, Target } from './target.js';

/** The scope of a request with nothing to fill in: no variables, no new ids. */
export const NOTHING_KEPT: Scope = { variables: {}, newUuid: String };

/**
 * Builds the request of a step with all variables filled in. Headers of the step replace those sent with every request;
 * `$absent` removes one.
 * @throws NothingThere
 */
export function buildRequest(step: Pick<Step, 'operation' | 'request'>, target: Target, scope: Scope): SentRequest {
  const { operation, request } = step;
  const parameters = fillRequest(request.path, scope) as Record<string, unknown>;
  const path = fillPath(operation.path, (name) => encodeURIComponent(written(parameters[name] ?? '')));
  const query = new URLSearchParams(
    Object.entries(fillRequest(request.query, scope) as object).map(([name, value]): [string, string] => [
      name,
      written(value),
    ]),
  );
  const body = bodyText(fillRequest(request.body, scope));
  return {
    method: operation.method,
    url: `${target.url}${path}${query.size > 0 ? `?${query}` : ''}`,
    headers: buildHeaders(step, target, body !== undefined, scope),
    body,
  };
}

function buildHeaders(
  step: Pick<Step, 'operation' | 'request'>,
  target: Target,
  hasBody: boolean,
  scope: Scope,
): Record<string, string> {
  const usual: Record<string, string> = {
    ...(step.operation.guarded && {
      authorization: `Basic ${Buffer.from(`${target.username}:${target.password}`).toString('base64')}`,
    }),
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(target.host !== undefined && { host: target.host }),
    ...(target.harness !== undefined && { [HARNESS_HEADER]: target.harness }),
  };
  for (const [name, template] of Object.entries(step.request.headers)) {
    const value = fillRequest(template, scope);
    if (value === undefined) delete usual[name.toLowerCase()];
    else usual[name.toLowerCase()] = written(value);
  }
  return usual;
}

function bodyText(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
