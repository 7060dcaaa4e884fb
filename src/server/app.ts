import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { urlOf } from '../client/loopback.js';
import type { Target } from '../client/target.js';
import { wallClock } from '../exchange/wall-clock.js';
import type { Reason } from '../klarna/catalogue/rules.js';
import { Library, shippedScenarios } from '../scenario/library.js';
import { ScenarioRun } from '../scenario/run.js';
import { MemoryStore } from '../store/memory-store.js';
import type { Play } from './control/scenarios.js';
import { handOver } from './hand-over.js';
import { clientTokenSigner } from './klarna/client-token.js';
import { klarnaApis } from './klarna/klarna-apis.js';
import type { AppOptions } from './options.js';
import { OwnPages } from './own-pages.js';
import { makePipeline } from './pipeline.js';
import { access } from './plugins/access.js';
import { answers, send } from './plugins/answers.js';
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
import { Events } from './world/events.js';
import { randomIds } from './world/ids.js';
import { anyClient, controlGate, knownClients, openGate, strictGate } from './world/merchants.js';
import { Worlds } from './world/worlds.js';

export interface SandboxApp {
  fastify: FastifyInstance;
  worlds: Worlds;
  close(): Promise<void>;
}

/** Reads the option `publicUrl`; throws a TypeError that names it. */
function checkedPublicUrl(given: string): string {
  try {
    return readPublicUrl(given);
  } catch (error) {
    throw new TypeError(`publicUrl: ${(error as Error).message}`);
  }
}

/** Makes the function that plays scenarios on the server itself; undefined where it has no player. */
function playerOf({ play, merchants, adminToken, seed }: AppOptions, { server }: FastifyInstance): Play | undefined {
  return (
    play &&
    ((scenario, username) => {
      const password = merchants?.find((each) => each.username === username)?.password ?? adminToken ?? 'secret';
      const url = urlOf(server.address() as AddressInfo);
      const target: Target = { url, username, password, harness: 'replay' };
      return play(scenario, target, { ...(seed !== undefined && { seed }), known: merchants !== undefined });
    })
  );
}

/** Returns the names by which the control API and the pages may be called, beside those that anybody may use. */
const namesOf = (allowed: readonly string[] = [], publicUrl: string | undefined): string[] =>
  publicUrl === undefined ? [...allowed] : [...allowed, new URL(publicUrl).hostname];

/** Makes the application with every operation of every contract bound to its handler. It does not listen yet. */
export function makeApp(options: AppOptions = {}): SandboxApp {
  const { seed, explain = true, wall = wallClock, failed = console.error } = options;
  const { store = new MemoryStore(undefined, options.journal) } = options;
  const { merchants, tell, observe } = options;
  const publicUrl = options.publicUrl === undefined ? undefined : checkedPublicUrl(options.publicUrl);
  const listed = new Map(merchants?.map((merchant) => [merchant.username, merchant]));
  const events = new Events();
  const worlds = new Worlds({
    store,
    events,
    wall,
    seed,
    start: options.clock,
    allowedHosts: options.allowCallbacks,
    pushAfter: options.pushAfter,
    scenarioOf: (merchant) => {
      const scenario = options.scenarios?.get(merchant) ?? options.scenario;
      return scenario && new ScenarioRun(scenario);
    },
    currenciesOf: (merchant) => listed.get(merchant)?.currencies,
    categoriesOf: (merchant) => listed.get(merchant)?.payment_method_categories,
    failed,
  });
  const scenarios = new Scenarios(options.library ?? Library.open(shippedScenarios), store, wall);
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
  const empty = () =>
    Fastify({
      http: httpOptions,
      bodyLimit: BODY_LIMIT,
      trustProxy: true,
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

  const gate = merchants ? strictGate(merchants) : openGate;
  const ofControl = controlGate(gate, options.adminToken, merchants === undefined);
  const ownPages = new OwnPages(ofControl, merchants !== undefined || options.adminToken !== undefined);

  // What every request passes, in this order. Nothing of it waits: registered one by one, it would take a quarter of a start.
  const everyRequest = (app: FastifyInstance) => {
    const done = () => {};
    journal(app, { wall, tell, observe, failed }, done);
    answers(app, { wall }, done);
    if (explain) explanation(app, {}, done);
    access(app, { ownPages, hosts: namesOf(options.allowHosts, publicUrl) }, done);
    credentials(app, { gate, controlGate: ofControl, worlds }, done);
    rateLimits(app, { mode: options.rateLimits ?? 'off', wall }, done);
    activation(app, {}, done);
    jsonBodies(app, {}, done);
    failures(app, { failed }, done);
  };

  fastify.register((apis, _options, done) => {
    everyRequest(apis);
    apis.register(klarnaApis, { pipeline });
    done();
  });
  // Most of a start would be spent on what is not Klarna's, and a process may start many sandboxes.
  fastify.register(handOver, {
    async make() {
      const { ownApis } = await import('./own-apis.js');
      const own = empty();
      everyRequest(own);
      own.register(unknownTargets);
      const clients = merchants ? knownClients(merchants) : anyClient;
      const play = playerOf(options, fastify);
      const common = { pipeline, store, wall, worlds, scenarios, events };
      own.register(ownApis, { ...common, ownPages, clients, clientTokenOf, publicUrl, play });
      await own.ready();
      return { routing: own.routing, close: () => own.close() };
    },
  });

  return {
    fastify,
    worlds,
    async close() {
      worlds.close();
      await fastify.close();
    },
  };
}
