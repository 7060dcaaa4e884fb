import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { CLOCK_HEADER } from '../../contract/headers.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { badValue, errorBody, refuse } from '../../klarna/decision.js';
import type { ClientTokenOf } from '../../klarna/payments/client-token.js';
import { toIso } from '../../klarna/time.js';
import type { Store } from '../../store/store.js';
import { type Outgoing, render } from '../answers.js';
import { ShapeError } from '../schemas.js';
import { randomIds } from '../world/ids.js';
import type { Clients } from '../world/merchants.js';
import type { Worlds } from '../world/worlds.js';
import type { Identified } from './credentials.js';
import type { WireResponse } from './wire.js';

/**
 * Plugins for requests from the shopper's browser, which has no credentials of the merchant's: what the page has takes
 * their place. Each is for a Fastify context of its own, finds the merchant's world for journal and pipeline, and
 * answers itself where there is none. Such requests have no rate limits.
 */
type Visit = (request: FastifyRequest, reply: FastifyReply) => Promise<Outgoing | undefined>;

/** Makes a hook that goes on unless the visit is answered. */
const hook =
  (visit: Visit) =>
  (request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void => {
    visit(request, reply).then((answer) => (answer ? void reply.leave(answer) : next()), next);
  };

/** Lets a request into the world of a merchant. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  worlds: Worlds,
  merchant: string,
): Promise<Identified> {
  const world = await worlds.of(merchant);
  const at = world.clock.now();
  if (request.headers[CLOCK_HEADER] !== undefined) reply.header(CLOCK_HEADER, toIso(at));
  (reply.raw as WireResponse).admitted = true;
  return Object.assign(request, { world, at, correlationId: world.ids.uuid() });
}

/** Makes the answer to a visitor whom nothing opens: 401 in words of our own, since Klarna's are not known. */
function unknownVisitor(
  { correlationId = randomIds.uuid() }: FastifyRequest,
  message: string,
  because: Reason,
): Outgoing {
  const body = JSON.stringify(errorBody({ error: 'UNAUTHORIZED', messages: [message] }, correlationId));
  const headers = {
    'klarna-correlation-id': correlationId,
    'content-type': 'application/json',
    'www-authenticate': 'Bearer',
  };
  return { status: 401, body, headers, because };
}

const BEARER = /^Bearer +([\w-]+\.([\w-]+)\.[\w-]*) *$/i;

/** Returns the client token of a request, and the session that it says it is of; undefined where there is none. */
function readClientToken(header: string | undefined): { token: string; id: string } | undefined {
  const [, token, payload] = BEARER.exec(header ?? '') ?? [];
  if (token === undefined || payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const { session_id: id } = Object(claims) as { session_id?: unknown };
    return typeof id === 'string' ? { token, id } : undefined;
  } catch {
    return undefined;
  }
}

export interface SessionVisitors {
  store: Store;
  worlds: Worlds;
}

/** Finds the session of a request by its client token, and names it as a parameter of the path would. */
export const byClientToken = fastifyPlugin<SessionVisitors & { clientTokenOf: ClientTokenOf }>(
  (fastify, { store, worlds, clientTokenOf }, done) => {
    const visit: Visit = async (request, reply) => {
      const refused = (text: string) => unknownVisitor(request, 'Invalid client token', { rule: 'client-token', text });
      const { authorization } = request.headers;
      const given = readClientToken(authorization);
      if (!given) {
        const what = authorization === undefined ? 'nothing' : 'something else';
        return refused(`Authorization: given ${what}, expected Bearer and the client_token of a session`);
      }
      const session = (await store.read('session', given.id))?.record;
      if (!session) return refused(`client token: given one of session ${given.id}, which nobody created`);
      await admit(request, reply, worlds, session.merchant);
      request.params = { session_id: session.id };
      request.sessionId = session.id;
      if (clientTokenOf(session) === given.token) return undefined;
      return refused(`client token: given another one than session ${session.id} was created with`);
    };
    fastify.addHook('onRequest', hook(visit));
    done();
  },
  { name: 'client-token' },
);

/** Finds the merchant of a request by the hosted session in its path, whose id nobody can guess. */
export const byHostedSession = fastifyPlugin<SessionVisitors>(
  (fastify, { store, worlds }, done) => {
    const visit: Visit = async (request, reply) => {
      const { session_id: id } = request.params as { session_id: string };
      const hosted = (await store.read('hosted_session', id))?.record;
      if (hosted) {
        await admit(request, reply, worlds, hosted.merchant);
        return undefined;
      }
      const text = `session_id: given ${id}, which is the id of no hosted session`;
      return render(refuse('HOSTED_SESSION_NOT_FOUND', { rule: 'hosted-known', text }), randomIds.uuid());
    };
    fastify.addHook('onRequest', hook(visit));
    done();
  },
  { name: 'hosted-session' },
);

export interface ClientVisitors {
  clients: Clients;
  worlds: Worlds;
}

/** Finds the merchant of a request by the client id in its body. */
export const byClientId = fastifyPlugin<ClientVisitors>(
  (fastify, { clients, worlds }, done) => {
    const visit: Visit = async (request, reply) => {
      const { client_id: given } = Object(request.body) as { client_id?: unknown };
      const { validationError } = request;
      // Without a readable client id the body breaks its contract, and nobody's journal has it.
      if (typeof given !== 'string' && validationError instanceof ShapeError) {
        return render(badValue(validationError.violations), randomIds.uuid());
      }
      const client = clients(String(given));
      if (!client) {
        const text = `client_id: given ${given}, which is no merchant's user name and listed under no client_ids`;
        return unknownVisitor(request, 'Invalid client id', { rule: 'client-id', text });
      }
      const { correlationId } = await admit(request, reply, worlds, client.merchant);
      if (client.active) return undefined;
      const text = `merchant ${client.merchant} is marked inactive in the merchants file`;
      return render(refuse('MERCHANT_INACTIVE', { rule: 'merchant-active', text }), correlationId);
    };
    fastify.addHook('preHandler', hook(visit));
    done();
  },
  { name: 'client-id' },
);
