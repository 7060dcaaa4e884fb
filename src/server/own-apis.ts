import type { FastifyPluginCallback } from 'fastify';
import type { WallClock } from '../exchange/wall-clock.js';
import type { ClientTokenOf } from '../klarna/payments/client-token.js';
import type { Store } from '../store/store.js';
import { browserApi } from './browser/browser-api.js';
import { controlApi } from './control/control-api.js';
import { eventsApi } from './control/events.js';
import type { Play } from './control/scenarios.js';
import type { OwnPages } from './own-pages.js';
import { livePage } from './pages/live-page.js';
import { pages } from './pages/pages.js';
import type { Pipeline } from './pipeline.js';
import { documentation } from './plugins/documentation.js';
import type { Scenarios } from './scenarios.js';
import type { Events } from './world/events.js';
import type { Clients, Gate } from './world/merchants.js';
import type { Refusals } from './world/refusals.js';
import type { Worlds } from './world/worlds.js';

export interface OwnApisOptions {
  pipeline: Pipeline;
  store: Store;
  wall: WallClock;
  worlds: Worlds;
  scenarios: Scenarios;
  events: Events;
  /** Tells that the sandbox is being stopped. */
  stopping: AbortSignal;
  ownPages: OwnPages;
  /** Gate of the control API. */
  gate: Gate;
  refusals: Refusals;
  clients: Clients;
  clientTokenOf: ClientTokenOf;
  publicUrl: string | undefined;
  /** Plays scenarios on this sandbox; absent: it cannot. */
  play: Play | undefined;
}

/** Serves what is not Klarna's merchant APIs: the control API, what the shopper's browser asks, and pages. */
export const ownApis: FastifyPluginCallback<OwnApisOptions> = (fastify, options, done) => {
  fastify.register(controlApi, options);
  fastify.register(eventsApi, options);
  fastify.register(browserApi, options);
  fastify.register(pages, options);
  fastify.register(livePage, options);
  fastify.register(documentation);
  done();
};
