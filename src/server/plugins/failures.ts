import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { notServedAt, type Operation, operations } from '../../contract/operations.js';
import { patternOf } from '../../contract/path-template.js';
import type { ErrorName } from '../../klarna/catalogue/errors.js';
import type { Reason } from '../../klarna/catalogue/rules.js';
import { refuse } from '../../klarna/decision.js';
import { toIso } from '../../klarna/time.js';
import { type Outgoing, render, send } from '../answers.js';
import { randomIds } from '../world/ids.js';
import { BODY_LIMIT, UnreadableBody } from './json-bodies.js';

/** What the server behind Order Management answers by itself, before Klarna's own code has its say (recorded). */

const STYLE = [
  'body {font-family:Tahoma,Arial,sans-serif;}',
  'h1, h2, h3, b {color:white;background-color:#525D76;}',
  'h1 {font-size:22px;}',
  'h2 {font-size:16px;}',
  'h3 {font-size:14px;}',
  'p {font-size:12px;}',
  'a {color:black;}',
  '.line {height:1px;background-color:#525D76;border:none;}',
].join(' ');
const TITLE = 'HTTP Status 400 – Bad Request';
const BAD_REQUEST_PAGE = `<!doctype html><html lang="en"><head><title>${TITLE}</title><style type="text/css">${STYLE}</style></head><body><h1>${TITLE}</h1></body></html>`;

/** Signs that may stand in a part of a path as they are; of these, `;` begins what such a server takes for parameters. */
const SERVABLE = /^[\w.~!$&'()*+,=:@-]*$/;

/** The page for a path whose parts have signs that no server takes; `undefined` for any other path. */
export function brokenPath(params: Record<string, string>, correlationId: string): Outgoing | undefined {
  const broken = Object.entries(params).find(([, value]) => !SERVABLE.test(value));
  if (!broken) return undefined;
  const [name, given] = broken;
  const because: Reason = { rule: 'order-path', text: `${name}: given ${JSON.stringify(given)}, expected a UUID` };
  const headers = {
    'klarna-correlation-id': correlationId,
    'content-type': 'text/html;charset=utf-8',
    'content-language': 'en',
  };
  return { status: 400, body: BAD_REQUEST_PAGE, headers, because };
}

/** The 404 of a path of Order Management that no operation has. It shows what Klarna calls the path behind its gateway. */
export function noSuchPath({ url, progress }: FastifyRequest, because: Reason): Outgoing {
  const { world, at = 0, correlationId = '' } = progress;
  const [asked = ''] = url.split('?');
  const body = JSON.stringify({
    timestamp: toIso(at),
    status: 404,
    error: 'Not Found',
    message: 'No message available',
    path: asked.replace(/^\/+ordermanagement\/+v1/, `/merchants/${world?.merchant}`),
  });
  const headers = { 'klarna-correlation-id': correlationId, 'content-type': 'application/json' };
  return { status: 404, body, headers, because };
}

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
