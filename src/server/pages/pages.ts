import type { FastifyPluginCallback } from 'fastify';
import { serveOpenOperations } from '../routes.js';
import { browserFiles } from './browser-files.js';
import { framePages } from './frames.js';
import { type HostedPageOptions, openHostedPage, showDistributionModule, showQrCode } from './hosted-session.js';
import type { OpenHandler } from './page.js';
import { followRedirect } from './redirect.js';

/** The operations of the control API's contract that need no credentials. */
export type OpenOperation =
  | 'readHealth'
  | 'unlockPage'
  | 'followRedirect'
  | 'openHostedPage'
  | 'showQrCode'
  | 'showDistributionModule';

/** Serves the pages for people. */
export const pages: FastifyPluginCallback<HostedPageOptions> = (fastify, options, done) => {
  const { store } = options;
  const handlers: Record<Exclude<OpenOperation, 'readHealth' | 'unlockPage'>, OpenHandler> = {
    followRedirect: followRedirect(store),
    openHostedPage: openHostedPage(options),
    showQrCode: showQrCode(options),
    showDistributionModule: showDistributionModule(options),
  };
  serveOpenOperations(fastify, handlers);
  fastify.register(framePages);
  fastify.register(browserFiles);
  done();
};
