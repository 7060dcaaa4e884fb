import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { urlOf } from '../client/loopback.js';
import type { Target } from '../client/target.js';
import { neverBack, wallClock } from '../exchange/wall-clock.js';
import type { Reason } from '../klarna/catalogue/rules.js';
import { Library, shippedScenarios } from '../scenario/library.js';
import { ScenarioRun } from '../scenario/run.js';
import { Budget, usualMemory } from '../store/budget.js';
import { MemoryStore } from '../store/memory-store.js';
import { Connections, LOOK, PATIENCE } from './connections.js';
import type { Play } from './control/scenarios.js';
import { handOver } from './hand-over.js';
import { clientTokenSigner } from './klarna/client-token.js';
import { klarnaApis } from './klarna/klarna-apis.js';
import type { AppOptions } from './options.js';
import { OwnPages } from './own-pages.js';
import { makePipeline } from './pipeline.js';
import { access } from './plugins/access.js';
import { answers, send } from './plugins/answers.js';
import { arrivingBodies, Bodies } from './plugins/arriving-bodies.js';
import { activation, credentials } from './plugins/credentials.js';
import { explanation } from './plugins/explanation.js';
import { failures, unknownTargets, unreadableTarget } from './plugins/failures.js';
import { journal } from './plugins/journal.js';
import { BODY_LIMIT, jsonBodies } from './plugins/json-bodies.js';
import { rateLimits } from './plugins/rate-limits.js';
import { clientErrorHandler, connectHandler, httpOptions } from './plugins/wire.js';
import { readPublicUrl } from './public-url.js';
import { Scenarios } from './scenarios.js';
import { schemaController } from './schemas.js';
import { readTrustedProxies, USUAL_PROXIES } from './trusted-proxies.js';
import { readCallbackHosts } from './world/callback-hosts.js';
import { DropTeller } from './world/dropped.js';
import { Events } from './world/events.js';
import { randomIds } from './world/ids.js';
import { anyClient, controlGate, knownClients, openGate, strictGate } from './world/merchants.js';
import { isPasswordHash } from './world/password-hash.js';
import { Refusals } from './world/refusals.js';
import { Tries } from './world/tries.js';
import { Worlds } from './world/worlds.js';

export interface SandboxApp {
  fastify: FastifyInstance;
  worlds: Worlds;
  /** Returns a password by which this process calls as a merchant. */
  passwordOf(username: string): string;
  /** The connections of every server that the application answers on. */
  connections: Connections;
  /** Takes no more requests, sends the answers that are under way, waiting a few seconds for them, and closes. */
  stop(): Promise<void>;
  /** Ends all connections and everything under way at once. */
  close(): Promise<void>;
}

/** Reads an option that was given; throws a TypeError that names it. */
function readOption<Given, Read>(
  name: string,
  given: Given | undefined,
  read: (given: Given) => Read,
): Read | undefined {
  try {
    return given === undefined ? undefined : read(given);
  } catch (error) {
    throw new TypeError(`${name}: ${(error as Error).message}`);
  }
}

/** Makes the function that plays scenarios on the server itself; undefined where it has no player. */
function playerOf(
  { play, merchants, seed }: AppOptions,
  { server }: FastifyInstance,
  passwordOf: SandboxApp['passwordOf'],
): Play | undefined {
  return (
    play &&
    ((scenario, username) => {
      const url = urlOf(server.address() as AddressInfo);
      const target: Target = { url, username, password: passwordOf(username), harness: 'replay' };
      return play(scenario, target, { ...(seed !== undefined && { seed }), known: merchants !== undefined });
    })
  );
}

/** Returns the names by which the control API and the pages may be called, beside those that anybody may use. */
const namesOf = (allowed: readonly string[] = [], publicUrl: string | undefined): string[] =>
  publicUrl === undefined ? [...allowed] : [...allowed, new URL(publicUrl).hostname];

/** Makes the application with every operation of every contract bound to its handler. It does not listen yet. */
export function makeApp(options: AppOptions = {}): SandboxApp {
  const { seed, explain = true, failed = console.error } = options;
  // When the system's clock is set back, merchants' clocks go on.
  const wall = neverBack(options.wall ?? wallClock);
  const memory = options.memory ?? usualMemory();
  const drops = new DropTeller(memory, wall, options.warn ?? console.warn);
  const budget = new Budget({ limit: memory, dropped: (merchant, what) => drops.take(merchant, what) });
  const { store = new MemoryStore({ budget, journal: options.journal }) } = options;
  const { merchants, tell, observe } = options;
  const publicUrl = readOption('publicUrl', options.publicUrl, readPublicUrl);
  const listed = new Map(merchants?.map((merchant) => [merchant.username, merchant]));
  const events = new Events();
  const worlds = new Worlds({
    store,
    budget,
    events,
    wall,
    seed,
    start: options.clock,
    mayCall: readOption('allowCallbacks', options.allowCallbacks, readCallbackHosts),
    pushAfter: options.pushAfter,
    scenarioOf: (merchant) => {
      const scenario = options.scenarios?.get(merchant) ?? options.scenario;
      return scenario && new ScenarioRun(scenario);
    },
    currenciesOf: (merchant) => listed.get(merchant)?.currencies,
    categoriesOf: (merchant) => listed.get(merchant)?.payment_method_categories,
    ...(tell && { attempted: (merchant, { body: _, ...callback }) => tell({ merchant, callback }) }),
    failed,
  });
  const scenarios = new Scenarios(options.library ?? Library.open(shippedScenarios, undefined, wall), store);
  const clientTokenOf = clientTokenSigner(seed);
  const pipeline = makePipeline({
    store,
    clientTokenOf,
    scenarios,
    wall,
    publicUrl,
    save: (world) => worlds.save(world),
  });

  const unreadable = {
    wall,
    explain,
    correlationId: randomIds.uuid,
    refused: ({ status, because }: { status: number; because: Reason }) =>
      tell?.({ method: '-', path: '-', status, ms: 0, explanation: `${because.rule}: ${because.text}` }),
  };
  const trustProxy = readOption('trustProxy', options.trustProxy ?? USUAL_PROXIES, readTrustedProxies);
  const empty = () =>
    Fastify({
      http: { ...httpOptions, headersTimeout: PATIENCE.headers, connectionsCheckingInterval: LOOK },
      bodyLimit: BODY_LIMIT,
      requestTimeout: PATIENCE.request,
      trustProxy,
      exposeHeadRoutes: false,
      forceCloseConnections: true,
      // The plugins are our own and wait for nothing; a timer for each would take a tenth of a start.
      pluginTimeout: 0,
      schemaController,
      // A path may be as long as the headers; long ids in it are simply unknown.
      routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 32_768 },
      frameworkErrors: (_error, request, reply) => {
        send(request as never, reply as never, unreadableTarget(request.raw.url, explain));
      },
      clientErrorHandler: clientErrorHandler(unreadable),
    }) as unknown as FastifyInstance;
  const fastify = empty();
  fastify.server.on('connect', connectHandler(unreadable));
  const connections = new Connections(wall);
  connections.watch(fastify.server);
  const stopping = new AbortController();

  const tries = new Tries(wall);
  const own = randomBytes(24).toString('base64url');
  const gate = merchants ? strictGate(merchants, { tries, own }) : openGate;
  const ofControl = controlGate(gate, options.adminToken, merchants === undefined, tries);
  const passwordOf = (username: string): string => {
    const password = listed.get(username)?.password ?? options.adminToken ?? 'secret';
    return isPasswordHash(password) ? own : password;
  };
  const refusals = new Refusals();
  const ownPages = new OwnPages(merchants !== undefined || options.adminToken !== undefined);

  const bodies = new Bodies();
  // The plugins that every request passes, in this order. They are applied directly, since none of them waits: to register each
  // of them would take a quarter of a start.
  const everyRequest = (app: FastifyInstance) => {
    const done = () => {};
    journal(app, { wall, tell, observe, failed }, done);
    answers(app, { wall }, done);
    if (explain) explanation(app, {}, done);
    access(app, { ownPages, hosts: namesOf(options.allowHosts, publicUrl) }, done);
    credentials(app, { gate, controlGate: ofControl, worlds, refusals, wall }, done);
    rateLimits(app, { mode: options.rateLimits ?? 'off', wall }, done);
    activation(app, {}, done);
    arrivingBodies(app, { bodies }, done);
    jsonBodies(app, {}, done);
    failures(app, { failed }, done);
  };

  fastify.register((apis, _options, done) => {
    everyRequest(apis);
    klarnaApis(apis, { pipeline }, done);
  });
  // Most of a start would be spent on what is not Klarna's, and a process may start many sandboxes.
  fastify.register(handOver, {
    async make() {
      const { ownApis } = await import('./own-apis.js');
      const app = empty();
      everyRequest(app);
      app.register(unknownTargets);
      const clients = merchants ? knownClients(merchants) : anyClient;
      app.register(ownApis, {
        pipeline,
        store,
        wall,
        worlds,
        scenarios,
        events,
        stopping: stopping.signal,
        ownPages,
        gate: ofControl,
        refusals,
        clients,
        clientTokenOf,
        publicUrl,
        play: playerOf(options, fastify, passwordOf),
      });
      await app.ready();
      return { routing: app.routing, close: () => app.close() };
    },
  });

  async function close() {
    worlds.close();
    drops.tell();
    await fastify.close();
  }
  return {
    fastify,
    worlds,
    passwordOf,
    connections,
    async stop() {
      stopping.abort();
      await connections.drain();
      await close();
    },
    close,
  };
}
