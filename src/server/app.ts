import { createHmac, randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Operation, operations } from '../contract/operations.js';
import { answer } from '../klarna/decision.js';
import type { ClientTokenClaims } from '../klarna/sessions.js';
import type { Instant } from '../klarna/time.js';
import { MemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import { version } from '../version.js';
import { render, send } from './answers.js';
import type { Handlers } from './call.js';
import { type WallClock, wallClock } from './clock.js';
import { type Merchant, openGate, strictGate } from './credentials.js';
import { customerToken } from './customer-token.js';
import { serveDocumentation } from './documentation.js';
import type { ConsoleEntry } from './explanation.js';
import { BODY_LIMIT, handleFailures, unreadableTarget } from './failures.js';
import { makeGateway } from './gateway.js';
import { randomIds } from './ids.js';
import { readJson } from './json-body.js';
import { followRedirect, type OpenHandler } from './pages.js';
import { payments } from './payments.js';
import { makePipeline } from './pipeline.js';
import { type RateLimitMode, rateLimits } from './rate-limits.js';
import { type Observed, recordExchanges } from './recording.js';
import { sandbox } from './sandbox.js';
import { clientErrorHandler, httpOptions } from './wire.js';
import { Worlds } from './worlds.js';
import './exchange.js';

export interface AppOptions {
  /** With a seed every merchant's clock stands still until it is moved, and ids repeat. */
  seed?: string;
  /** Where every merchant's clock starts. */
  clock?: Instant;
  /** The merchants that may call; absent: any user name, and the password `invalid` is wrong. */
  merchants?: readonly Merchant[];
  rateLimits?: RateLimitMode;
  /** `false` leaves the header `Mock-Klarna-Explain` out. */
  explain?: boolean;
  /** Takes one entry an exchange, for the console. */
  tell?: (entry: ConsoleEntry) => void;
  /** Told of what failed in the background or by our own mistake. */
  failed?: (error: unknown) => void;
  /** Sees every answer of an operation; for tests. */
  observe?: (exchange: Observed) => void;
  /** Where state lives; memory unless given. */
  store?: Store;
  /** Real time; another for tests. */
  wall?: WallClock;
}

export interface SandboxApp {
  fastify: FastifyInstance;
  worlds: Worlds;
  close(): Promise<void>;
}

/** Signs client tokens: a JWT that a browser can read, by a key that nobody else has. */
function signer(seed: string | undefined): (claims: ClientTokenClaims) => string {
  const key = seed === undefined ? randomBytes(32) : seed;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  return (claims) => {
    const content = `${header}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
  };
}

/** Builds the application: every operation of every contract, each bound to its handler. It does not listen yet. */
export function makeApp(options: AppOptions = {}): SandboxApp {
  const { seed, explain = true, wall = wallClock, store = new MemoryStore(), failed = () => {} } = options;
  const limits = Object.fromEntries(
    [...operations.values()].flatMap(({ name, rateLimit }) => (rateLimit ? [[name, rateLimit]] : [])),
  );
  const counter = rateLimits(options.rateLimits ?? 'off', limits, wall);
  const worlds = new Worlds({ store, wall, seed, start: options.clock, counter, failed });
  const gateway = makeGateway({ gate: options.merchants ? strictGate(options.merchants) : openGate, worlds });
  const pipeline = makePipeline({ store, sign: signer(seed) });

  const fastify = Fastify({
    http: httpOptions,
    bodyLimit: BODY_LIMIT,
    trustProxy: true,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    // A path is as long as the headers allow; ids in it are simply unknown.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 32_768 },
    frameworkErrors: (_error, request, reply) => {
      request.progress = { started: wall.monotonic() };
      send(request, reply as never, unreadableTarget(request as never), explain);
    },
    clientErrorHandler: clientErrorHandler({ wall, explain, correlationId: randomIds.uuid }),
  }) as unknown as FastifyInstance;

  fastify.decorateRequest('progress');
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.progress = { started: wall.monotonic(), operation: request.routeOptions.config?.operation };
    done();
  });
  recordExchanges(fastify, { wall, tell: options.tell, observe: options.observe });
  readJsonBodies(fastify);
  handleFailures(fastify, { explain, gateway, failed });

  const handlers: Handlers = { ...payments, ...customerToken, ...sandbox(worlds) };
  const open: Record<string, OpenHandler> = {
    readHealth: () => render(answer(200, { status: 'ok', version }), randomIds.uuid()),
    followRedirect: followRedirect(store),
  };
  for (const operation of operations.values()) {
    const handler = handlers[operation.name];
    const openHandler = open[operation.name];
    if (handler) {
      fastify.route({
        ...routeOf(operation),
        onRequest: (request, reply, done) => {
          const stopped = gateway(request);
          if (stopped) send(request, reply, stopped, explain);
          else done();
        },
        handler: async (request, reply) => send(request, reply, await pipeline(request, operation, handler), explain),
      });
    } else if (openHandler) {
      fastify.route({
        ...routeOf(operation),
        handler: async (request, reply) => send(request, reply, await openHandler(request, reply), explain),
      });
    } else throw new Error(`Operation ${operation.name} has a contract but no handler.`);
  }
  serveDocumentation(fastify);

  return {
    fastify,
    worlds,
    async close() {
      worlds.close();
      await fastify.close();
    },
  };
}

function routeOf(operation: Operation) {
  const url = operation.path.replace(/\{(\w+)\}/g, ':$1');
  return { method: operation.method, url, config: { operation } };
}

/** JSON bodies of any JSON media type, empty ones included; anything else is 415. */
function readJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json/i, { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length > 0) request.progress.requestBody = bytes.toString();
    try {
      done(null, readJson(bytes));
    } catch (error) {
      done(error as Error);
    }
  });
}
