import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { notServedAt, type Operation, operations, patternOf } from '../contract/operations.js';
import { refuse } from '../klarna/decision.js';
import type { ErrorName } from '../klarna/errors.js';
import type { Reason } from '../klarna/rules.js';
import { type Outgoing, render, send } from './answers.js';
import { BODY_LIMIT } from './bodies.js';
import { randomIds } from './ids.js';
import { UnreadableBody } from './json-body.js';
import { noSuchPath } from './servlet.js';

export interface FailureOptions {
  explain: boolean;
  gateway: (request: FastifyRequest) => Outgoing | undefined;
  /** Told of a mistake of our own; the client is told nothing of it. */
  failed: (error: unknown) => void;
}

/** The refusal of a request that no handler saw. */
function refusal(request: FastifyRequest, error: ErrorName, because: Reason, messages?: string[]): Outgoing {
  return render(refuse(error, because, { messages }), request.progress.correlationId ?? randomIds.uuid());
}

/** What Fastify's own errors mean in Klarna's terms. */
function translate(request: FastifyRequest, error: FastifyError, failed: (error: unknown) => void): Outgoing {
  if (error instanceof UnreadableBody) {
    return refusal(request, 'BAD_REQUEST', { rule: 'readable-json', text: error.message });
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

/** Installs the answers to what no operation takes: unreadable bodies, unknown paths, wrong methods. */
export function handleFailures(app: FastifyInstance, { explain, gateway, failed }: FailureOptions): void {
  app.setErrorHandler<FastifyError>((error, request, reply) =>
    send(request, reply, translate(request, error, failed), explain),
  );
  app.setNotFoundHandler((request, reply) => {
    const path = request.url
      .replace(/\?.*$/s, '')
      .replace(/\/{2,}/g, '/')
      .replace(/(.)\/$/, '$1');
    if (!isApi(path)) {
      const because = {
        rule: 'known-path',
        text: `${request.method} ${path} is no path of mock-klarna; see /docs`,
      } as const;
      return send(request, reply, refusal(request, 'NOT_FOUND', because), explain);
    }
    const stopped = gateway(request);
    if (stopped) return send(request, reply, stopped, explain);
    const methods = operationsAt(path).map(({ method }) => method);
    const known = notServedAt(request.method, path);
    const instead =
      known &&
      `Klarna is known to answer ${request.method} ${path} (${known.grade}), but mock-klarna does not serve it: ${known.says}`;
    if (methods.length === 0) {
      const because = {
        rule: 'known-path',
        text: instead ?? `${request.method} ${path} is no path of Klarna that mock-klarna has; see /docs`,
      } as const;
      const missing = path.startsWith('/ordermanagement/')
        ? noSuchPath(request, because)
        : refusal(request, 'NOT_FOUND', because);
      return send(request, reply, missing, explain);
    }
    const allow = methods.join(', ');
    const text = instead ?? `given ${request.method} ${path}, expected ${allow}`;
    const because = { rule: 'known-method', text } as const;
    reply.header('allow', allow);
    return send(request, reply, refusal(request, 'METHOD_NOT_ALLOWED', because), explain);
  });
}

/** Answers a request whose target cannot be decoded (`%ZZ`), which no route sees. */
export function unreadableTarget(request: FastifyRequest): Outgoing {
  const text = `path: given ${request.raw.url}, which cannot be decoded`;
  return refusal(request, 'BAD_REQUEST', { rule: 'readable-request', text });
}

interface Pattern {
  operation: Operation;
  pattern: RegExp;
}

let patterns: Pattern[] | undefined;

/** The operations that live at a path, whatever their method. Slow, and used only when no route was found. */
function operationsAt(path: string): Operation[] {
  patterns ??= [...operations.values()].map((operation) => ({
    operation,
    pattern: patternOf(operation.path),
  }));
  return patterns.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation);
}

/** Whether a path begins like one of an API, and so stands behind the gateway. */
function isApi(path: string): boolean {
  const [, first] = path.split('/');
  return [...operations.values()].some(({ path: known, guarded }) => guarded && known.split('/')[1] === first);
}
