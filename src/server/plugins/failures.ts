import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { notServedAt, type Operation, operations } from '../../contract/operations.js';
import { patternOf, plainPath } from '../../contract/path-template.js';
import { type ErrorName, failureOf } from '../../klarna/catalogue/errors.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { refuse } from '../../klarna/decision.js';
import { type Outgoing, render } from '../answers.js';
import { noSuchPath } from '../klarna/order-management-server.js';
import { nearestPath } from '../nearest-path.js';
import { randomIds } from '../world/ids.js';
import { NoRoom } from './arriving-bodies.js';
import { isApiPath } from './credentials.js';
import { explained } from './explanation.js';
import { BODY_LIMIT, UnreadableBody } from './json-bodies.js';

export interface FailuresOptions {
  /** Called with an internal error, of which the client gets no details. */
  failed: (error: unknown) => void;
}

/** Makes the refusal of a request that no handler saw. */
function refusal(request: FastifyRequest, error: ErrorName, because: Reason, messages?: string[]): Outgoing {
  return render(refuse(error, because, { messages }), request.correlationId ?? randomIds.uuid());
}

/** Returns the name of Klarna's error for a service that is overloaded: Order Management has its own. */
const unavailable = (operation: Operation | undefined): ErrorName =>
  (operation && failureOf(503, operation.name, operation.api)) ?? 'SERVICE_UNAVAILABLE';

/** Translates an error of Fastify into Klarna's terms. */
function translate(request: FastifyRequest, error: FastifyError, failed: (error: unknown) => void): Outgoing {
  if (error instanceof UnreadableBody) {
    return refusal(request, 'BAD_REQUEST', { rule: 'readable-json', text: error.message });
  }
  if (error instanceof NoRoom) {
    const because: Reason = { rule: 'body-size', text: error.message };
    return refusal(request, unavailable(request.operation), because);
  }
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const given = request.headers['content-type'] ?? 'nothing';
      const text = `Content-Type: given ${given}, expected application/json`;
      return refusal(request, 'UNSUPPORTED_MEDIA_TYPE', { rule: 'content-type', text });
    }
    case 'FST_ERR_CTP_BODY_TOO_LARGE': {
      const given = request.headers['content-length'] ?? 'more';
      const text = `body: given ${given} bytes, expected at most ${BODY_LIMIT}`;
      return refusal(request, 'REQUEST_TOO_LARGE', { rule: 'body-size', text });
    }
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return refusal(request, 'BAD_REQUEST', { rule: 'readable-request', text: error.message });
  }
  failed(error);
  const because = { rule: 'readable-request', text: 'mock-klarna itself failed; its console says more' } as const;
  return refusal(request, 'INTERNAL_SERVER_ERROR', because);
}

/** Answers requests that cannot be read, and those at which the stand-in itself fails. */
export const failures = fastifyPlugin<FailuresOptions>(
  (fastify, { failed }, done) => {
    fastify.setErrorHandler<FastifyError>((error, request, reply) => reply.leave(translate(request, error, failed)));
    done();
  },
  { name: 'failures', dependencies: ['credentials'] },
);

/** Answers requests that no operation takes: unknown paths, wrong methods. */
export const unknownTargets = fastifyPlugin(
  (fastify, _options, done) => {
    fastify.setNotFoundHandler((request, reply) => reply.leave(notFound(request, reply)));
    done();
  },
  { name: 'unknown-targets' },
);

/** Makes the answer to a request without a route. */
function notFound(request: FastifyRequest, reply: FastifyReply): Outgoing {
  const path = plainPath(request.url.replace(/\?.*$/s, ''));
  const methods = operationsAt(path).map(({ method }) => method);
  const nearest = methods.length === 0 ? nearestPath(request.method, path) : undefined;
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  if (methods.length === 0 && !isApiPath(path)) {
    const text = `${request.method} ${path} is no path of mock-klarna${hint}; see /docs`;
    return refusal(request, 'NOT_FOUND', { rule: 'known-path', text });
  }
  const known = notServedAt(request.method, path);
  const instead =
    known &&
    `Klarna is known to answer ${request.method} ${path} (${known.grade}), but mock-klarna does not serve it: ${known.says}`;
  if (methods.length === 0) {
    const text = instead ?? `${request.method} ${path} is no path of Klarna that mock-klarna has${hint}; see /docs`;
    const because: Reason = { rule: 'known-path', text };
    return path.startsWith('/ordermanagement/') ? noSuchPath(request, because) : refusal(request, 'NOT_FOUND', because);
  }
  const allow = methods.join(', ');
  reply.header('allow', allow);
  const text = instead ?? `given ${request.method} ${path}, expected ${allow}`;
  return refusal(request, 'METHOD_NOT_ALLOWED', { rule: 'known-method', text });
}

/** Makes the answer to a request whose target cannot be decoded (`%ZZ`), which no route sees. */
export function unreadableTarget(target: string | undefined, explain: boolean): Outgoing {
  const because: Reason = { rule: 'readable-request', text: `path: given ${target}, which cannot be decoded` };
  const answer = render(refuse('BAD_REQUEST', because), randomIds.uuid());
  return explain ? explained(answer, because) : answer;
}

interface Pattern {
  operation: Operation;
  pattern: RegExp;
}

let patterns: Pattern[] | undefined;

/** Returns the operations at a path, of any method. Slow, and used only when there is no route. */
function operationsAt(path: string): Operation[] {
  patterns ??= [...operations.values()].map((operation) => ({
    operation,
    pattern: patternOf(operation.path),
  }));
  return patterns.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation);
}
