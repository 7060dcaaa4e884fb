import Fastify from 'fastify';
import { handOver } from '../../src/server/hand-over.js';
import t from '../tap.js';

t.test(
  'an application that cannot be made answers with its error, and does not keep the first from closing',
  async (t) => {
    const fastify = Fastify();
    fastify.register(handOver, { make: () => Promise.reject(new Error('no file of it is there')) });
    const { statusCode, body } = await fastify.inject('/anything');
    t.equal(statusCode, 500);
    t.match(body, 'no file of it is there');
    await t.resolves(fastify.close());
  },
);
