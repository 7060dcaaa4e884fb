import type { FastifyPluginCallback } from 'fastify';
import type { ClientTokenOf } from '../../klarna/payments/client-token.js';
import type { Store } from '../../store/store.js';
import type { Pipeline } from '../pipeline.js';
import { byClientId, byClientToken, byHostedSession } from '../plugins/browser-credentials.js';
import { cors } from '../plugins/cors.js';
import { serveOperations } from '../routes.js';
import type { Scenarios } from '../scenarios.js';
import type { Clients } from '../world/merchants.js';
import type { Worlds } from '../world/worlds.js';
import { expressSessions } from './express-sessions.js';
import { type HostedPurchaseOperation, hostedPurchases } from './hosted-purchase.js';
import { type PurchaseOperation, purchases } from './purchase.js';

/** The operations that the shopper's browser calls. */
export type BrowserOperation = PurchaseOperation | HostedPurchaseOperation | keyof typeof expressSessions;

export interface BrowserApiOptions {
  pipeline: Pipeline;
  store: Store;
  worlds: Worlds;
  scenarios: Scenarios;
  clients: Clients;
  clientTokenOf: ClientTokenOf;
}

/** Serves what the stand-ins of Klarna's scripts and pages ask, to pages on any origin. */
export const browserApi: FastifyPluginCallback<BrowserApiOptions> = (fastify, options, done) => {
  const { pipeline, store, worlds, scenarios, clients, clientTokenOf } = options;
  fastify.register(cors);
  fastify.register((withToken, _options, ready) => {
    withToken.register(byClientToken, { store, worlds, clientTokenOf });
    serveOperations(withToken, pipeline, purchases(scenarios));
    ready();
  });
  fastify.register((onHostedPage, _options, ready) => {
    onHostedPage.register(byHostedSession, { store, worlds });
    serveOperations(onHostedPage, pipeline, hostedPurchases(scenarios));
    ready();
  });
  fastify.register((withClientId, _options, ready) => {
    withClientId.register(byClientId, { clients, worlds });
    serveOperations(withClientId, pipeline, expressSessions);
    ready();
  });
  done();
};
