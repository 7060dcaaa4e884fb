import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { makeApp } from '../../../src/server/app.js';
import { arrivingBodies, Bodies, NoRoom } from '../../../src/server/plugins/arriving-bodies.js';
import { jsonBodies } from '../../../src/server/plugins/json-bodies.js';
import { basic } from '../../contract/sandbox.js';
import t, { type Test } from '../../tap.js';
import { until } from '../../until.js';

/** A server on which bodies have some room; the bytes of each that arrive are counted. */
async function serve(t: Test, room: number) {
  const app: FastifyInstance = Fastify({ forceCloseConnections: true });
  const arrived = new Map<string, number>();
  app.register(arrivingBodies, { bodies: new Bodies(room) });
  app.addHook('preParsing', ({ raw }, _reply, payload, next) => {
    raw.on('data', (piece: Buffer) =>
      arrived.set(raw.url as string, (arrived.get(raw.url as string) ?? 0) + piece.length),
    );
    next(null, payload);
  });
  app.register(jsonBodies);
  app.setErrorHandler((error: Error, _request, reply) => {
    reply.code(error instanceof NoRoom ? 503 : 400).send(error.message);
  });
  app.post('/:name', async ({ bodyText }) => String(bodyText?.length));
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  /** Sends the beginning of a body; the promise is of everything that is answered. */
  async function begin(name: string, head: string, body: string) {
    const socket = connect({ port, host: '127.0.0.1' });
    t.teardown(() => socket.destroy());
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    const ended = new Promise<string>((resolve) => {
      socket.on('error', () => {}).on('close', () => resolve(heard));
    });
    await once(socket, 'connect');
    socket.write(`POST /${name} HTTP/1.1\r\nHost: sandbox\r\n${head}\r\n\r\n${body}`);
    await until(() => arrived.get(`/${name}`) === body.length, `what begins ${name}`);
    return { socket, ended, heard: () => heard };
  }
  return { begin, arrived };
}

const long = (length: number) => `"${'x'.repeat(length - 2)}"`;

t.test('where bodies that arrive take too much, the oldest is given up', async (t) => {
  const { begin } = await serve(t, 20_000);
  const first = await begin(
    'first',
    'Content-Type: application/json\r\nContent-Length: 9000',
    long(9_000).slice(0, 8_000),
  );
  const second = await begin(
    'second',
    'Content-Type: application/json\r\nContent-Length: 9000',
    long(9_000).slice(0, 8_000),
  );
  t.equal(first.heard(), '');
  const third = await begin(
    'third',
    'Content-Type: application/json\r\nContent-Length: 9000',
    long(9_000).slice(0, 8_000),
  );
  t.match(
    await first.ended,
    /^HTTP\/1.1 503 [\s\S]*\r\n\r\nbody: all bodies that arrive take more than 20000 bytes, and this one, with 8\d\d\d so far, began first; send it again$/,
  );
  for (const { socket, heard } of [second, third]) {
    socket.write(long(9_000).slice(8_000));
    await until(() => heard().endsWith('\r\n\r\n9000'), 'its answer');
  }
  const fourth = await begin(
    'fourth',
    'Content-Type: application/json\r\nContent-Length: 18000',
    long(18_000).slice(0, 17_000),
  );
  fourth.socket.write(long(18_000).slice(17_000));
  await until(() => fourth.heard().endsWith('\r\n\r\n18000'), 'what has arrived takes no room any more');
});

t.test(
  'bodies without a length and bodies in many pieces count; small ones, and what is not kept, do not',
  async (t) => {
    const { begin, arrived } = await serve(t, 20_000);
    const small = [];
    for (let i = 0; i < 20; i++)
      small.push(
        await begin(`small${i}`, 'Content-Type: application/json\r\nContent-Length: 4096', long(4_096).slice(0, 4_000)),
      );
    const chunked = await begin('chunked', 'Content-Type: application/json\r\nContent-Length: 5000', '"');
    for (let i = 1; i <= 200; i++) {
      if (chunked.heard() !== '') break;
      chunked.socket.write('x');
      await until(() => chunked.heard() !== '' || arrived.get('/chunked') === i + 1, 'one more byte');
    }
    t.match(await chunked.ended, /^HTTP\/1.1 503 /, 'two hundred bytes one by one take more than their number');
    for (const { socket, heard } of small) {
      socket.write(long(4_096).slice(4_000));
      await until(() => heard().endsWith('\r\n\r\n4096'), 'its answer');
    }
    const text = await begin('text', 'Content-Type: text/plain\r\nContent-Length: 30000', 'x'.repeat(25_000));
    await until(() => text.heard() !== '', 'its answer');
    t.match(text.heard(), /^HTTP\/1.1 400 [\s\S]*Unsupported Media Type/);
  },
);

t.test('of a body that is longer than any may be nothing is counted any more', async (t) => {
  const given: string[] = [];
  const body = (name: string) => {
    const request = new EventEmitter() as IncomingMessage;
    request.on('error', (error) => given.push(`${name}: ${error.name}`));
    bodies.follow(request);
    return request;
  };
  const bodies = new Bodies(3 * 1_048_576);
  const [long, other] = [body('long'), body('other')];
  for (let piece = 0; piece < 10; piece++) long.emit('data', Buffer.alloc(1_048_576));
  other.emit('data', Buffer.alloc(1_000_000));
  t.strictSame(given, []);
});

t.test('the answer is that of the API to a service that is not available', async (t) => {
  const app = makeApp();
  t.teardown(() => app.close());
  app.fastify.addHook('preHandler', (_request, _reply, next) => next(new NoRoom('body: no room')));
  const headers = { authorization: basic('boots') };
  for (const [url, body] of [
    ['/payments/v1/sessions/x', /"error_code":"SERVICE_UNAVAILABLE"/],
    ['/ordermanagement/v1/orders/x', /"error_code":"\w+"/],
  ] as const) {
    const answer = await app.fastify.inject({ url, headers });
    t.equal(answer.statusCode, 503, url);
    t.match(answer.body, body);
    t.equal(answer.headers['mock-klarna-explain'], 'body-size: body: no room');
  }
});
