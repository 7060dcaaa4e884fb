import { pathToFileURL } from 'node:url';
import Fastify from 'fastify';
import { browserFiles } from '../../../src/server/pages/browser-files.js';
import t from '../../tap.js';

t.test('the script is served by each path that shops have for it, to any origin', async (t) => {
  const folder = pathToFileURL(`${t.testdir({ 'api.js': 'run()', 'purchase.css': 'p{}', 'web-sdk-v2.js': 'x' })}/`);
  const fastify = Fastify();
  t.teardown(() => fastify.close());
  fastify.register(browserFiles, { folder });
  for (const url of ['/kp/lib/v1/api.js', '/kp/lib/v1/api.js?timestamp=7', '/prefix/kp/lib/v1/api.js']) {
    const { statusCode, headers, body } = await fastify.inject(url);
    t.strictSame([statusCode, body], [200, 'run()'], url);
    t.equal(headers['content-type'], 'text/javascript; charset=utf-8');
    t.equal(headers['access-control-allow-origin'], '*');
    t.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    t.equal(headers['x-content-type-options'], 'nosniff');
    t.equal(headers['cache-control'], 'no-cache');
  }
  t.equal((await fastify.inject('/kp/assets/purchase.css')).headers['content-type'], 'text/css; charset=utf-8');
  t.equal((await fastify.inject('/web-sdk/v2/klarna.mjs')).body, 'x');
  t.equal((await fastify.inject('/kp/assets/secret.js')).statusCode, 404, 'and nothing else');
});

t.test('a file that was not built says what to do, and is found once it is there', async (t) => {
  const folder = t.testdir({});
  const fastify = Fastify();
  t.teardown(() => fastify.close());
  fastify.register(browserFiles, { folder: pathToFileURL(`${folder}/`) });
  const { statusCode, headers, body } = await fastify.inject('/kp/assets/live.js');
  t.strictSame([statusCode, body], [404, 'mock-klarna: live.js has not been built; run npm run build.']);
  t.equal(headers['content-type'], 'text/plain; charset=utf-8');
  t.testdir({ 'live.js': 'later', 'live.css': {} });
  t.equal((await fastify.inject('/kp/assets/live.js')).body, 'later');
  t.equal((await fastify.inject('/kp/assets/live.css')).statusCode, 500, 'another trouble is no missing build');
});
