import type { FastifyPluginCallback } from 'fastify';
import type { Pipeline } from '../pipeline.js';
import { serveOperations } from '../routes.js';
import { customerToken } from './customer-token.js';
import { hostedPaymentPage } from './hosted-payment-page.js';
import { orderManagement } from './order-management.js';
import { refuseBrokenPaths } from './order-management-server.js';
import { payments } from './payments.js';

/** Serves Klarna's merchant APIs. Order Management has a Fastify context of its own, since its server refuses paths. */
export const klarnaApis: FastifyPluginCallback<{ pipeline: Pipeline }> = (fastify, { pipeline }, done) => {
  serveOperations(fastify, pipeline, { ...payments, ...customerToken, ...hostedPaymentPage });
  fastify.register((api, _options, ready) => {
    refuseBrokenPaths(api, {}, () => {});
    serveOperations(api, pipeline, orderManagement);
    ready();
  });
  done();
};
