import type { FastifyRequest } from 'fastify';
import { refuse } from '../../klarna/decision.js';
import { type Outgoing, render, unauthorized } from '../answers.js';
import { type Gate, type Given, readBasic, WRONG_PASSWORD } from '../world/merchants.js';
import type { Worlds } from '../world/worlds.js';
import { brokenPath } from './failures.js';

export interface GatewayOptions {
  gate: Gate;
  worlds: Worlds;
}

/**
 * What stands before every operation: finds the merchant, gives the request its correlation id and counts it.
 * @returns the answer, when the request gets no further: 401, 403, 429, or 400 for a path that no server takes
 */
export function makeGateway({ gate, worlds }: GatewayOptions): (request: FastifyRequest) => Outgoing | undefined {
  return (request) => {
    const { progress } = request;
    const credentials = readBasic(request.headers.authorization);
    if (!credentials) {
      const given = request.headers.authorization === undefined ? 'nothing' : 'something else';
      const text = `Authorization: given ${given}, expected Basic with user name and password, or with an API key`;
      return unauthorized({ rule: 'credentials', text });
    }
    const { standing, merchant } = gate(credentials);
    const world = worlds.of(merchant);
    progress.world = world;
    progress.at = world.clock.now();
    if (credentials.live) progress.live = true;
    if (standing === 'unknown') return unauthorized({ rule: 'credentials', text: whyUnknown(credentials) });
    const correlationId = world.ids.uuid();
    progress.correlationId = correlationId;
    const { operation } = progress;
    const verdict = operation && world.rate(operation.name);
    progress.headers = verdict?.headers;
    if (verdict && !verdict.allowed) {
      const text = `${operation.name}: more calls within a second than X-Ratelimit-Limit allows (${verdict.headers['x-ratelimit-limit']})`;
      return render(refuse('TOO_MANY_REQUESTS', { rule: 'rate-limit', text }), correlationId, operation?.api);
    }
    if (standing === 'active') {
      const params = request.params as Record<string, string>;
      return operation?.api === 'order-management' ? brokenPath(params, correlationId) : undefined;
    }
    const text = `merchant ${merchant} is marked inactive in the merchants file`;
    return render(refuse('MERCHANT_INACTIVE', { rule: 'merchant-active', text }), correlationId);
  };
}

/** What is wrong with credentials, in one sentence that gives no secret away. */
function whyUnknown({ username, password, keyAlone }: Given): string {
  if (keyAlone) return `Authorization: the API key shown as ${username}, which the merchants file does not have`;
  const why = password === WRONG_PASSWORD ? 'the password `invalid`' : 'credentials nobody has';
  return `Authorization: user name ${username} with ${why}`;
}
