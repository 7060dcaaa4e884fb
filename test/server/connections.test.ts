import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { makeApp } from '../../src/server/app.js';
import { LOOK, PATIENCE } from '../../src/server/connections.js';
import type { AppOptions } from '../../src/server/options.js';
import { basic } from '../contract/sandbox.js';
import t, { type Test } from '../tap.js';
import { until } from '../until.js';
import { fakeWall } from './wall.js';

/** A sandbox whose time passes only when it is told, with a route that answers when it is let go. */
async function serve(t: Test, options: AppOptions = {}) {
  const { wall, pass } = fakeWall();
  const app = makeApp({ wall, failed: (error) => t.fail(String(error)), ...options });
  const { fastify } = app;
  const held: ((text: string) => void)[] = [];
  fastify.get('/held', () => new Promise<string>((resolve) => held.push(resolve)));
  fastify.get('/large', async () => 'x'.repeat(32 * 1024 * 1024));
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  const { port } = fastify.server.address() as AddressInfo;
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1' });
    t.teardown(() => socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  /** Sends the beginning of a request, and waits until the server has its headers. */
  const begin = async (head: string): Promise<Socket> => {
    const socket = await open();
    const arrived = once(fastify.server, 'request');
    socket.write(head);
    await arrived;
    return socket;
  };
  /** Lets time pass, a look at a time. */
  const wait = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += LOOK) pass(LOOK);
    await new Promise(setImmediate);
  };
  return { app, held, open, begin, wait, pass };
}

/** Everything that the server says until it ends the connection. */
async function hear(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  await once(socket, 'close');
  return heard;
}

const post = (path: string, password = 'secret') =>
  `POST ${path} HTTP/1.1\r\nHost: sandbox\r\nAuthorization: ${basic('boots', password)}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: sandbox\r\nAuthorization: ${basic('boots')}\r\n\r\n`;

t.test('Node keeps the time limits of headers, and of whole requests', async (t) => {
  const { app } = await serve(t);
  const { headersTimeout, requestTimeout, keepAliveTimeout } = app.fastify.server;
  t.strictSame([headersTimeout, requestTimeout, keepAliveTimeout], [60_000, 300_000, 72_000]);
});

t.test('a body that does not arrive in 60 s gets 408', async (t) => {
  const { begin, wait } = await serve(t);
  const socket = await begin(post('/payments/v1/sessions'));
  let ended = false;
  const heard = hear(socket).finally(() => {
    ended = true;
  });
  await wait(PATIENCE.body);
  socket.write(' ');
  t.notOk(ended);
  await wait(LOOK);
  t.match(await heard, /^HTTP\/1.1 408 Request Timeout\r\n[\s\S]*Connection: close\r\n\r\n\{"error_code"/);
});

t.test('without right credentials it has 10 s, also when the answer was sent before', async (t) => {
  const { begin, wait } = await serve(t);
  const unknown = await begin(post('/nowhere'));
  const wrong = await begin(post('/payments/v1/sessions', 'invalid'));
  const known = await begin(post('/payments/v1/sessions'));
  const heard = [hear(unknown), hear(wrong)];
  await wait(PATIENCE.strange + LOOK);
  t.match(await heard[0], /^HTTP\/1.1 408 /);
  t.match(await heard[1], /^HTTP\/1.1 401 /);
  t.notMatch(await heard[1], /408/, 'it has its answer');
  t.ok(known.readyState === 'open');
});

t.test('a client that reads nothing is cut off after 300 s', async (t) => {
  const { begin, wait } = await serve(t);
  const socket = await begin(get('/large'));
  await once(socket, 'readable');
  socket.pause();
  await wait(PATIENCE.answer);
  t.notOk(socket.closed);
  await wait(LOOK);
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
  t.ok(socket.bytesRead < 32 * 1024 * 1024);
});

t.test('who waits for the server is not slow: for an answer, for events, or between two requests', async (t) => {
  const { begin, held, wait } = await serve(t);
  const waiting = await begin(get('/held'));
  const following = await begin(get('/sandbox/v1/events'));
  const resting = await begin(get('/sandbox/v1/health'));
  await once(resting, 'data');
  await wait(2 * PATIENCE.answer);
  held[0]?.('at last');
  await once(waiting, 'data');
  for (const socket of [waiting, following, resting]) t.equal(socket.readyState, 'open');
});

t.test('it looks for as long as there are connections', async (t) => {
  const fake = fakeWall();
  const { begin, app } = await serve(t, { wall: fake.wall });
  t.strictSame(fake.waits(), []);
  const socket = await begin(get('/sandbox/v1/health'));
  t.strictSame(fake.waits(), [LOOK]);
  await begin(get('/sandbox/v1/health'));
  fake.pass(LOOK);
  t.strictSame(fake.waits(), [LOOK], 'one for all');
  socket.destroy();
  app.fastify.server.closeAllConnections();
  await until(() => {
    fake.pass(LOOK);
    return fake.waits().length === 0;
  }, 'the connections to end, and the looks with them');
});

t.test('a server that stops takes nothing new, and answers what is under way', async (t) => {
  const { app, begin, open, held } = await serve(t);
  const [unused, kept, following] = [
    await open(),
    await begin(get('/sandbox/v1/health')),
    await begin(get('/sandbox/v1/events')),
  ];
  await once(kept, 'data');
  await once(following, 'data');
  const waiting = await begin(`${get('/held')}${get('/held')}`);
  await until(() => held.length === 2, 'both requests');
  const heard = [waiting, unused, kept, following].map(hear);
  let stopped = false;
  const stop = app.stop().finally(() => {
    stopped = true;
  });
  t.equal(await heard[1], '', 'nothing was asked');
  t.equal(await heard[2], '');
  t.match(await heard[3], /event: end\ndata: \{"why":"the sandbox is being stopped"\}/);
  await t.rejects(open(), { code: 'ECONNREFUSED' });
  t.notOk(stopped);
  for (const answer of held) answer('still answered');
  const [answers = ''] = await Promise.all([heard[0], stop]);
  t.strictSame(answers.match(/still answered|Connection: [\w-]+/g), [
    'Connection: keep-alive',
    'still answered',
    'Connection: close',
    'still answered',
  ]);
});

t.test('a server that stops waits five seconds, and no longer', async (t) => {
  const { app, begin, pass } = await serve(t);
  const waiting = await begin(get('/held'));
  const heard = hear(waiting);
  const stop = app.stop();
  pass(PATIENCE.stopping - 1);
  await new Promise(setImmediate);
  t.equal(waiting.readyState, 'open');
  pass(1);
  await stop;
  t.equal(await heard, '');
});

t.test('a server that does not listen stops as well', async () => {
  await makeApp().stop();
});
