import type { FastifyRequest } from 'fastify';
import { refuse } from '../klarna/decision.js';
import { type Outgoing, render, unauthorized } from './answers.js';
import { type Gate, readBasic, WRONG_PASSWORD } from './credentials.js';
import { brokenPath } from './servlet.js';
import type { Worlds } from './worlds.js';

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
      return unauthorized({ rule: 'credentials', text: `Authorization: given ${given}, expected Basic credentials` });
    }
    const { username } = credentials;
    const standing = gate(credentials);
    const world = worlds.of(username);
    progress.world = world;
    progress.at = world.clock.now();
    if (standing === 'unknown') {
      const why = credentials.password === WRONG_PASSWORD ? 'the password `invalid`' : 'credentials nobody has';
      return unauthorized({ rule: 'credentials', text: `Authorization: user name ${username} with ${why}` });
    }
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
    const text = `merchant ${username} is marked inactive in the merchants file`;
    return render(refuse('MERCHANT_INACTIVE', { rule: 'merchant-active', text }), correlationId);
  };
}
