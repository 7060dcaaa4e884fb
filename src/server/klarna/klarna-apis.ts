import type { FastifyPluginCallback } from 'fastify';
import { type OperationsOptions, serveOperations } from '../routes.js';
import { customerToken } from './customer-token.js';
import { hostedPaymentPage } from './hosted-payment-page.js';
import { orderManagement } from './order-management.js';
import { refuseBrokenPaths } from './order-management-server.js';
import { payments } from './payments.js';

/** Serves Klarna's merchant APIs, each in a Fastify context of its own. */
export const klarnaApis: FastifyPluginCallback<Pick<OperationsOptions, 'pipeline'>> = (fastify, { pipeline }, done) => {
  fastify.register(serveOperations, { handlers: payments, pipeline });
  fastify.register(serveOperations, { handlers: customerToken, pipeline });
  fastify.register(serveOperations, { handlers: hostedPaymentPage, pipeline });
  fastify.register((api, _options, ready) => {
    api.register(refuseBrokenPaths);
    api.register(serveOperations, { handlers: orderManagement, pipeline });
    ready();
  });
  done();
};
