import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { operations } from '../contract/operations.js';
import type { Reason } from '../klarna/catalogue/rules.js';
import { answer } from '../klarna/decision.js';
import { Library, shippedScenarios } from '../scenario/library.js';
import { ScenarioRun } from '../scenario/run.js';
import { MemoryStore } from '../store/memory-store.js';
import { version } from '../version.js';
import { render, send } from './answers.js';
import { callbacksApi } from './control/callbacks.js';
import { hostedShopper } from './control/hosted-sessions.js';
import { reportApi } from './control/report.js';
import { sandbox } from './control/sandbox.js';
import { scenarioApi } from './control/scenario.js';
import { clientTokenSigner } from './klarna/client-token.js';
import { customerToken } from './klarna/customer-token.js';
import { hostedPaymentPage } from './klarna/hosted-payment-page.js';
import { orderManagement } from './klarna/order-management.js';
import { payments } from './klarna/payments.js';
import type { AppOptions } from './options.js';
import { openHostedPage, showDistributionModule, showQrCode } from './pages/hosted-session.js';
import { followRedirect } from './pages/pages.js';
import { makePipeline } from './pipeline.js';
import { makeGateway } from './plugins/credentials.js';
import { serveDocumentation } from './plugins/documentation.js';
import { handleFailures, unreadableTarget } from './plugins/failures.js';
import { breakConnection, NO_ANSWER } from './plugins/faults.js';
import { recordExchanges } from './plugins/journal.js';
import { BODY_LIMIT, takeJsonBodies } from './plugins/json-bodies.js';
import { rateLimits } from './plugins/rate-limits.js';
import { clientErrorHandler, connectHandler, httpOptions } from './plugins/wire.js';
import { bindOperations } from './routes.js';
import { Scenarios } from './scenarios.js';
import { wallClock } from './world/clock.js';
import { randomIds } from './world/ids.js';
import { openGate, strictGate } from './world/merchants.js';
import { Worlds } from './world/worlds.js';
import './exchange.js';

export interface SandboxApp {
  fastify: FastifyInstance;
  worlds: Worlds;
  close(): Promise<void>;
}

/** Builds the application: every operation of every contract, each bound to its handler. It does not listen yet. */
export function makeApp(options: AppOptions = {}): SandboxApp {
  const { seed, explain = true, wall = wallClock, store = new MemoryStore(), failed = console.error } = options;
  const limits = Object.fromEntries(
    [...operations.values()].flatMap(({ name, rateLimit }) => (rateLimit ? [[name, rateLimit]] : [])),
  );
  const counter = rateLimits(options.rateLimits ?? 'off', limits, wall);
  const currencies = new Map(options.merchants?.map((merchant) => [merchant.username, merchant.currencies]));
  const worlds = new Worlds({
    store,
    wall,
    seed,
    start: options.clock,
    allowedHosts: options.allowCallbacks,
    pushAfter: options.pushAfter,
    counter,
    scenarioOf: (merchant) => {
      const scenario = options.scenarios?.get(merchant) ?? options.scenario;
      return scenario && new ScenarioRun(scenario);
    },
    currenciesOf: (merchant) => currencies.get(merchant),
    failed,
  });
  const gateway = makeGateway({ gate: options.merchants ? strictGate(options.merchants) : openGate, worlds });
  const library = options.library ?? Library.open(shippedScenarios);
  const scenarios = new Scenarios(library, store, wall);
  const pipeline = makePipeline({ store, sign: clientTokenSigner(seed), scenarios, wall });

  const unreadable = {
    wall,
    explain,
    correlationId: randomIds.uuid,
    refused: ({ status, because }: { status: number; because: Reason }) =>
      options.tell?.({ method: '-', path: '-', status, ms: 0, explanation: `${because.rule}: ${because.text}` }),
  };

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
      send(request as FastifyRequest, reply as FastifyReply, unreadableTarget(request as FastifyRequest), explain);
    },
    clientErrorHandler: clientErrorHandler(unreadable),
  }) as unknown as FastifyInstance;
  fastify.server.on('connect', connectHandler(unreadable));
  fastify.decorateRequest('progress');
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.progress = { started: wall.monotonic(), operation: request.routeOptions.config?.operation };
    done();
  });
  const record = recordExchanges(fastify, { wall, tell: options.tell, observe: options.observe });
  takeJsonBodies(fastify);
  handleFailures(fastify, { explain, gateway, failed });
  bindOperations(fastify, {
    handlers: {
      ...payments,
      ...customerToken,
      ...orderManagement,
      ...hostedPaymentPage,
      ...sandbox(worlds, scenarios),
      ...hostedShopper(scenarios),
      ...callbacksApi,
      ...reportApi(worlds, options.merchants === undefined),
      ...scenarioApi(scenarios),
    },
    open: {
      readHealth: () => render(answer(200, { status: 'ok', version }), randomIds.uuid()),
      followRedirect: followRedirect(store),
      openHostedPage: openHostedPage({ store, worlds, scenarios }),
      showQrCode: showQrCode(store),
      showDistributionModule: showDistributionModule(store),
    },
    gateway,
    pipeline,
    leave: (request, reply, outgoing) => {
      if (!outgoing.broken) return send(request, reply, outgoing, explain);
      request.progress.outgoing = outgoing;
      record(request, NO_ANSWER, {});
      return breakConnection(request, reply, outgoing, wall);
    },
  });
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
