import type { FastifyPluginCallback } from 'fastify';
import type { ApiOperations } from '../../contract/operation-map.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { answer } from '../../klarna/decision.js';
import { version } from '../../version.js';
import { render } from '../answers.js';
import type { BrowserOperation } from '../browser/browser-api.js';
import type { Handlers } from '../call.js';
import type { OwnPages } from '../own-pages.js';
import type { OpenOperation } from '../pages/pages.js';
import type { Pipeline } from '../pipeline.js';
import { serveOpenOperations, serveOperations } from '../routes.js';
import type { Scenarios } from '../scenarios.js';
import { randomIds } from '../world/ids.js';
import type { Gate } from '../world/merchants.js';
import type { Refusals } from '../world/refusals.js';
import type { Worlds } from '../world/worlds.js';
import { callbacksApi } from './callbacks.js';
import { categoriesApi } from './categories.js';
import { clock } from './clock.js';
import { customerTokens } from './customer-tokens.js';
import { hostedSessions } from './hosted-sessions.js';
import { merchantsApi } from './merchants.js';
import { orders } from './orders.js';
import { refusalsApi } from './refusals.js';
import { reportApi } from './report.js';
import { rulesApi } from './rules.js';
import { scenarioApi } from './scenario.js';
import { type Play, scenariosApi } from './scenarios.js';
import { sessions } from './sessions.js';
import { unlockPage } from './unlock.js';

export interface ControlApiOptions {
  pipeline: Pipeline;
  worlds: Worlds;
  scenarios: Scenarios;
  ownPages: OwnPages;
  gate: Gate;
  refusals: Refusals;
  wall: Pick<WallClock, 'now'>;
  /** Plays scenarios on this sandbox; absent: it cannot. */
  play?: Play | undefined;
}

/** Handlers of the control API for a merchant's journal and world. */
const world = (worlds: Worlds): Handlers<'readJournal' | 'clearJournal' | 'resetMerchant'> => ({
  readJournal({ world, query: { after: before, ...filter } }) {
    return answer(200, world.journal.page({ before, ...filter }));
  },

  async clearJournal({ world }) {
    await world.journal.clear();
    return answer(204);
  },

  async resetMerchant({ merchant }) {
    await worlds.reset(merchant);
    return answer(204);
  },
});

/** Serves the control API, by which a merchant's credentials control the shopper and the merchant's world. */
export const controlApi: FastifyPluginCallback<ControlApiOptions> = (fastify, options, done) => {
  const { pipeline, worlds, scenarios, ownPages, gate, refusals, wall, play } = options;
  const handlers: Handlers<Exclude<keyof ApiOperations['sandbox'], OpenOperation | BrowserOperation | 'followEvents'>> =
    {
      ...world(worlds),
      ...clock,
      ...categoriesApi,
      ...sessions(scenarios),
      ...customerTokens,
      ...orders,
      ...hostedSessions(scenarios),
      ...callbacksApi,
      ...scenarioApi(scenarios),
      ...scenariosApi(scenarios, play),
      ...rulesApi,
      ...merchantsApi(worlds),
      ...refusalsApi(refusals),
      ...reportApi(worlds),
    };
  serveOperations(fastify, pipeline, handlers);
  serveOpenOperations(fastify, {
    unlockPage: unlockPage({ ownPages, gate, refusals, wall }),
    readHealth: () => render(answer(200, { status: 'ok', version }), randomIds.uuid()),
  });
  done();
};
