import { once } from 'node:events';
import { type AddressInfo, connect, Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { type WallClock, wallClock } from '../../../src/exchange/wall-clock.js';
import {
  canonicalName,
  clientErrorHandler,
  connectHandler,
  httpOptions,
  type UnreadableOptions,
} from '../../../src/server/plugins/wire.js';
import t, { type Test } from '../../tap.js';
import { until } from '../../until.js';

const ID = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';

/** A server on which `/held/…` answers when it is let go. */
async function serve(t: Test, options: Partial<UnreadableOptions> = {}) {
  const refused: unknown[] = [];
  const app: FastifyInstance = Fastify({
    http: httpOptions,
    clientErrorHandler: clientErrorHandler({
      wall: wallClock,
      correlationId: () => ID,
      explain: true,
      refused: (answer) => refused.push(answer),
      ...options,
    }),
  });
  const held = new Map<string, (text: string) => void>();
  let arrived = (): void => {};
  app.get('/now', (_request, reply) => {
    reply.header('klarna-correlation-id', ID).header('www-authenticate', 'Basic').header('x-ratelimit-limit', '5');
    reply.send('now');
  });
  app.get('/held/:name', async (request) => {
    const { name } = request.params as { name: string };
    const text = new Promise<string>((resolve) => held.set(name, resolve));
    arrived();
    return text;
  });
  app.post('/json', async (request) => request.body ?? null);
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  /** `allowHalfOpen`: goes on sending after the server has ended. */
  const open = async (allowHalfOpen = false): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
    t.teardown(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  /** Waits until `count` held requests have arrived. */
  const holding = (count: number): Promise<void> =>
    new Promise((resolve) => {
      arrived = () => held.size >= count && resolve();
      arrived();
    });
  return { app, refused, open, held, holding };
}

/** Everything the server says until it ends the connection. */
async function hear(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  await once(socket, 'close');
  return heard;
}

/** Waits until the server has said something that ends so. */
async function hearUntil(socket: Socket, end: string): Promise<string> {
  let heard = '';
  while (!heard.endsWith(end)) heard += (await once(socket, 'data'))[0];
  return heard;
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: sandbox\r\n${more}\r\n`;

t.test('header names leave in canonical case', async (t) => {
  const { open } = await serve(t);
  const socket = await open();
  socket.write(get('/now', 'Connection: close\r\n'));
  const answer = await hear(socket);
  const names = answer.split('\r\n\r\n')[0]?.split('\r\n').slice(1);
  t.strictSame(
    names?.map((line) => line.split(':')[0]),
    [
      'Klarna-Correlation-Id',
      'WWW-Authenticate',
      'X-Ratelimit-Limit',
      'Content-Type',
      'Content-Length',
      'Date',
      'Connection',
    ],
  );
});

t.test('names set one by one and with a status message are canonical too; lists stay as spelt', async (t) => {
  const { app, open } = await serve(t);
  app.server.removeAllListeners('request');
  app.server.on('request', (request, response) => {
    if (request.url !== '/list') response.setHeader('capture-id', '1');
    if (request.url === '/list') response.writeHead(200, ['x-as-spelt', '2']);
    else if (request.url === '/message') response.writeHead(200, 'Fine', { etag: '"3"' });
    else response.writeHead(204);
    response.end();
  });
  const ask = async (path: string): Promise<string> => {
    const socket = await open();
    socket.write(get(path, 'Connection: close\r\n'));
    return hear(socket);
  };
  t.match(await ask('/'), /^HTTP\/1.1 204 No Content\r\nCapture-Id: 1\r\n/);
  t.match(await ask('/list'), /^HTTP\/1.1 200 OK\r\nx-as-spelt: 2\r\n/);
  t.match(await ask('/message'), /^HTTP\/1.1 200 Fine\r\nCapture-Id: 1\r\nETag: "3"\r\n/);
});

t.test('a canonical name is found for any spelling, and not remembered without end', async (t) => {
  for (const name of [
    'Klarna-Correlation-Id',
    'WWW-Authenticate',
    'ETag',
    'X-XSS-Protection',
    // Hardly another.
    'Proxy-Authenticate',
    'Etags',
    'X-Etag',
    'X-Xss',
    'Z-2-A',
    '2-Www_authenticate',
  ]) {
    for (const given of [name, name.toLowerCase(), name.toUpperCase()]) t.equal(canonicalName(given), name, given);
  }
  const names = Array.from({ length: 1_000 }, (_, i) => canonicalName(`x-scripted-${i}`));
  t.strictSame(
    names,
    Array.from({ length: 1_000 }, (_, i) => `X-Scripted-${i}`),
  );
});

t.test('stray bytes behind a GET do not lose the pending answer', async (t) => {
  const { open, held, holding, refused } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  socket.write(`${get('/held/a')}{}`);
  await holding(1);
  held.get('a')?.('the answer');
  const heard = await all;
  t.match(heard, /^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nthe answer$/);
  t.equal(heard.match(/HTTP\/1.1/g)?.length, 1, 'nothing but the answer');
  t.match(heard, /\r\nConnection: close\r\n/, 'which says that nothing follows');
  t.strictSame(refused, []);
});

t.test('stray bytes behind two pipelined GETs lose neither answer, whichever is ready first', async (t) => {
  const { open, held, holding } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  socket.write(`${get('/held/a')}${get('/held/b')}{}`);
  await holding(2);
  held.get('b')?.('second');
  held.get('a')?.('first');
  const heard = await all;
  t.match(heard, /^HTTP\/1.1 200 OK[\s\S]*firstHTTP\/1.1 200 OK[\s\S]*second$/);
  t.strictSame(heard.match(/Connection: [\w-]+/g), ['Connection: keep-alive', 'Connection: close']);
});

t.test('stray bytes that follow an answer end the connection without a word', async (t) => {
  const { open, refused } = await serve(t);
  const socket = await open();
  socket.write(get('/now'));
  await hearUntil(socket, 'now');
  const rest = hear(socket);
  socket.write('{}');
  t.equal(await rest, '');
  t.strictSame(refused, []);
});

t.test('stray bytes behind a request that closes the connection are dropped', async (t) => {
  const { open, held, holding } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  socket.write(`${get('/held/a', 'Connection: close\r\n')}{}`);
  await holding(1);
  held.get('a')?.('the answer');
  t.match(await all, /^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nthe answer$/);
});

t.test('bytes that are not HTTP get 400 in the shape of Klarna', async (t) => {
  const { open, refused } = await serve(t);
  const socket = await open();
  socket.write('{}');
  const heard = await hear(socket);
  const body = JSON.stringify({ error_code: 'BAD_REQUEST', error_messages: [], correlation_id: ID });
  t.equal(
    heard,
    [
      'HTTP/1.1 400 Bad Request',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      `Klarna-Correlation-Id: ${ID}`,
      'Mock-Klarna-Explain: readable-request: the method is not one of HTTP',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  t.matchLists(refused, [{ status: 400, correlationId: ID, because: { rule: 'readable-request' } }]);
});

t.test('an unknown method on a connection in use is a request and gets 400', async (t) => {
  const { open } = await serve(t, { explain: false });
  const socket = await open();
  socket.write(get('/now'));
  await hearUntil(socket, 'now');
  const rest = hear(socket);
  socket.write('FOO /payments/v1/sessions HTTP/1.1\r\n\r\n');
  const heard = await rest;
  t.match(heard, /^HTTP\/1.1 400 /);
  t.notMatch(heard, /Mock-Klarna-Explain/);
});

t.test('a broken request behind a pending one is answered after it', async (t) => {
  const { open, held, holding } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  socket.write(`${get('/held/a')}GET /\u0001 HTTP/1.1\r\n\r\n`);
  await holding(1);
  held.get('a')?.('first');
  t.match(await all, /^HTTP\/1.1 200 OK[\s\S]*firstHTTP\/1.1 400 Bad Request[\s\S]*HPE_/);
});

t.test('a broken chunked body gets 400 in place of its answer, after the answers before it', async (t) => {
  const { open, held, holding } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  const post =
    'POST /json HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  socket.write(`${get('/held/a')}${post}not a length\r\n`);
  await holding(1);
  held.get('a')?.('first');
  t.match(await all, /firstHTTP\/1.1 400 Bad Request\r\n[\s\S]*BAD_REQUEST/);
});

t.test('a connection that its client closes within a body gets an answer nonetheless', async (t) => {
  const { open } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  socket.end('POST /json HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{');
  t.match(await all, /^HTTP\/1.1 400 Bad Request\r\n[\s\S]*the connection ended within the request/);
});

t.test('target and headers of more than 20 kB get 400, of less than that they pass', async (t) => {
  const { open } = await serve(t);
  const small = await open();
  small.write(get('/now', `X-Long: ${'x'.repeat(20_400)}\r\nConnection: close\r\n`));
  t.match(await hear(small), /^HTTP\/1.1 200 /);
  const large = await open();
  large.write(get('/now', `X-Long: ${'x'.repeat(20_480)}\r\n`));
  t.match(await hear(large), /^HTTP\/1.1 400 [\s\S]*more than 20 kB/);
});

t.test('10 MB of headers get their answer while they are still being sent', async (t) => {
  const { open, refused } = await serve(t);
  const socket = await open();
  const all = hear(socket);
  socket.write(get('/now').slice(0, -2));
  for (let i = 0; i < 1000; i++) socket.write(`X-Header-${i}: ${'x'.repeat(10_000)}\r\n`);
  socket.end('\r\n');
  t.match(await all, /^HTTP\/1.1 400 [\s\S]*more than 20 kB[\s\S]*\}$/);
  t.equal(refused.length, 1);
});

t.test('a client that never stops sending is cut off, by time and by size', async (t) => {
  const waits: { ms: number; run: () => void }[] = [];
  let calledOff = 0;
  const later: WallClock['later'] = (ms, run) => {
    waits.push({ ms, run });
    return () => void calledOff++;
  };
  const { open } = await serve(t, { wall: { later } });
  const slow = await open();
  slow.write('{}');
  await hearUntil(slow, '}');
  const end = once(slow, 'close');
  t.equal(waits[0]?.ms, 2_000);
  t.equal(calledOff, 0);
  waits[0]?.run();
  await end;
  await until(() => calledOff > 0, 'the wait to be called off');

  const endless = await open(true);
  const chunk = Buffer.alloc(1024 * 1024, '{');
  let sent = 0;
  const cut = new Promise<void>((resolve) => {
    const more = (error?: Error | null): void => {
      if (error) resolve();
      else {
        sent++;
        endless.write(chunk, more);
      }
    };
    // The connection is cut in the middle of a write.
    endless.on('error', () => resolve()).resume();
    more();
  });
  await cut;
  t.ok(sent >= 64, 'the first of it is thrown away');
});

t.test('a request that does not arrive in time gets 408', async (t) => {
  const { app, open } = await serve(t);
  const connected = once(app.server, 'connection');
  const socket = await open();
  const all = hear(socket);
  const [accepted] = await connected;
  app.server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), accepted);
  t.match(await all, /^HTTP\/1.1 408 Request Timeout\r\n[\s\S]*the request did not arrive in time/);
});

t.test('an error without a code gets 400 as well', async (t) => {
  const { app, open } = await serve(t);
  const connected = once(app.server, 'connection');
  const socket = await open();
  const all = hear(socket);
  const [accepted] = await connected;
  app.server.emit('clientError', new Error('odd'), accepted);
  t.match(await all, /^HTTP\/1.1 400 [\s\S]*the bytes are not HTTP \(unknown\)/);
});

t.test('a connection that is gone gets no answer', async (t) => {
  const refused: unknown[] = [];
  const handle = clientErrorHandler({
    wall: wallClock,
    correlationId: () => ID,
    explain: true,
    refused: (answer) => refused.push(answer),
  });
  const reset = new Socket();
  handle(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), reset);
  t.ok(reset.destroyed);
  handle(new Error('again'), reset);

  const ended = new Socket();
  ended.on('error', () => {});
  ended.end();
  const closed = once(ended, 'close');
  handle(new Error('too late'), ended);
  await closed;
  t.strictSame(refused, []);
});

t.test('a request for a tunnel gets 400, after the answers before it', async (t) => {
  const { app, open, held, holding } = await serve(t);
  app.server.on('connect', connectHandler({ wall: wallClock, correlationId: () => ID, explain: true }));
  const socket = await open();
  const all = hear(socket);
  socket.write(`${get('/held/a')}CONNECT sandbox:443 HTTP/1.1\r\nHost: sandbox\r\n\r\nbytes`);
  await holding(1);
  held.get('a')?.('first');
  t.match(await all, /^HTTP\/1.1 200 OK[\s\S]*firstHTTP\/1.1 400 [\s\S]*CONNECT asks for a tunnel/);
  const rude = await open();
  const [accepted] = await Promise.all([once(app.server, 'connect'), rude.write('CONNECT a:1 HTTP/1.1\r\n\r\n')]);
  accepted[1].emit('error', new Error('reset'));
  t.ok(accepted[1].destroyed);
});

t.test('a request without Host reaches the application', async (t) => {
  const { open } = await serve(t);
  const socket = await open();
  socket.write('GET /now HTTP/1.1\r\nConnection: close\r\n\r\n');
  t.match(await hear(socket), /^HTTP\/1.1 200 /);
});
