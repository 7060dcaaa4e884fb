import type { FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { accessFault } from '../access-rule.js';
import type { Outgoing } from '../answers.js';
import type { OwnPage, OwnPages } from '../own-pages.js';
import { randomIds } from '../world/ids.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The page of this sandbox that the request comes from; undefined for other clients. */
    ownPage: OwnPage | undefined;
  }
}

export interface AccessOptions {
  ownPages: OwnPages;
  /** Further host names by which this sandbox is called. */
  hosts: readonly string[];
}

/** First parts of the paths that are the sandbox's own: the control API, and pages that use it. */
const OWN = new Set(['sandbox', 'live', 'docs', '']);

/** Tells whether a request is for the sandbox's own API or pages. Klarna's APIs, and what a shop's pages use, are not. */
function isOwn(request: FastifyRequest): boolean {
  const { operation } = request;
  if (operation && operation.api !== 'sandbox') return false;
  const { url } = request.routeOptions;
  return url !== undefined && OWN.has(/^\/?([^/]*)/.exec(url)?.[1] as string);
}

/** Makes the answer to a request that may not come in: in the form of Klarna's errors for the API, a sentence for pages. */
export function turnAway({ operation }: FastifyRequest, status: number, code: string, text: string): Outgoing {
  const because = { rule: 'own-pages', text } as const;
  const correlation_id = randomIds.uuid();
  const headers = { 'klarna-correlation-id': correlation_id };
  if (!operation) {
    const plain = { 'content-type': 'text/plain;charset=utf-8', 'x-content-type-options': 'nosniff' };
    return { status, body: `${text}\n`, headers: { ...headers, ...plain }, because };
  }
  const body = JSON.stringify({ error_code: code, error_messages: [text], correlation_id });
  return { status, body, headers: { ...headers, 'content-type': 'application/json' }, because };
}

/**
 * Keeps foreign pages away from the control API and the sandbox's pages: answers 421 to a Host that is no name of this
 * sandbox, and 403 to an Origin that is not its own, or that comes without the cookie of its pages.
 */
export const access = fastifyPlugin<AccessOptions>(
  (fastify, { ownPages, hosts }, done) => {
    fastify.decorateRequest('ownPage', undefined);
    fastify.addHook('onRequest', (request, reply, next) => {
      if (!isOwn(request)) return next();
      const { host, origin, cookie } = request.headers;
      const fault = accessFault({ host, origin, forwarded: request.host }, hosts, 'sandbox');
      if (fault) return reply.leave(turnAway(request, fault.status, fault.code, fault.text));
      request.ownPage = ownPages.of(host, cookie);
      if (origin !== undefined && request.ownPage === undefined) {
        const text = 'Cookie: given none of this start of the sandbox; load the page again';
        return reply.leave(turnAway(request, 403, 'PAGE_UNKNOWN', text));
      }
      next();
    });
    done();
  },
  { name: 'access', dependencies: ['answers'] },
);
