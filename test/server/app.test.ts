import { once } from 'node:events';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify from 'fastify';
import { operationNamed, operations } from '../../src/contract/operations.js';
import { fillPath } from '../../src/contract/path-template.js';
import type { RawExchange } from '../../src/exchange/raw-exchange.js';
import { wallClock } from '../../src/exchange/wall-clock.js';
import type { Authorization, Session } from '../../src/klarna/records.js';
import { type ConsoleEntry, consoleLine } from '../../src/report/console.js';
import { Library } from '../../src/scenario/library.js';
import { makeApp } from '../../src/server/app.js';
import type { Call } from '../../src/server/call.js';
import { clock } from '../../src/server/control/clock.js';
import { scenarioApi } from '../../src/server/control/scenario.js';
import { listedAuthorization, listedSession } from '../../src/server/control/sessions.js';
import { handOver } from '../../src/server/hand-over.js';
import { routeOf } from '../../src/server/routes.js';
import { Scenarios } from '../../src/server/scenarios.js';
import { startServer } from '../../src/server/start.js';
import type { World } from '../../src/server/world/worlds.js';
import { MemoryStore } from '../../src/store/memory-store.js';
import { type Asked, authorized, basic, charge, purchase, startSandbox, tokenized } from '../contract/sandbox.js';
import t from '../tap.js';

const UNKNOWN = 'd5e7c1a0-4b92-4f36-8d1e-7a60c3b9f284';
const headers = { authorization: basic('boots'), 'content-type': 'application/json' };

/** A store that is broken. */
class BrokenStore extends MemoryStore {
  override read(): never {
    throw new Error('the disk is full');
  }
}

t.test('a failure of our own is told to us, and the client gets Klarna’s 500 without a word of it', async (t) => {
  const failures: unknown[] = [];
  const { fastify, close } = makeApp({ store: new BrokenStore(), failed: (error) => failures.push(error) });
  t.teardown(close);
  const answer = await fastify.inject({ method: 'GET', url: '/payments/v1/sessions/x', headers });
  t.equal(answer.statusCode, 500);
  t.matchLists(answer.json(), { error_code: 'INTERNAL_SERVER_ERROR', error_messages: ['Internal error'] });
  t.notMatch(answer.body + JSON.stringify(answer.headers), /disk/);
  t.matchLists(failures, [{ message: 'the disk is full' }]);
});

t.test('a body that is not as long as it says', async (t) => {
  const { fastify, close } = makeApp();
  t.teardown(close);
  const url = '/payments/v1/sessions';
  const answer = await fastify.inject({
    method: 'POST',
    url,
    headers: { ...headers, 'content-length': '9' },
    payload: '{}',
  });
  t.equal(answer.statusCode, 400);
  t.match(answer.headers['mock-klarna-explain'], /^readable-request: /);
});

t.test('a chunked body that is too long', async (t) => {
  const { url } = await startSandbox(t);
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(200_000));
    },
  });
  const answer = await fetch(`${url}/payments/v1/sessions`, {
    method: 'POST',
    headers,
    body: stream,
    duplex: 'half',
  } as RequestInit);
  t.equal(answer.status, 413);
  t.match(answer.headers.get('mock-klarna-explain'), /given more bytes, expected at most 1048576/);
});

t.test('what belongs to no merchant enters no journal, and fails nothing', async (t) => {
  const failures: unknown[] = [];
  const { url } = await startSandbox(t, { failed: (error) => failures.push(error) });
  for (const path of ['/nowhere', '/sandbox/v1/health', '/docs', '/hpp/payments/7']) await fetch(url + path);
  t.equal((await fetch(`${url}/payments/v1/sessions/7`)).status, 401);
  t.strictSame(failures, []);
});

t.test('a request without Host is answered with the address it reached', async (t) => {
  const { url } = await startSandbox(t);
  const { hostname, port } = new URL(url);
  const body = JSON.stringify(purchase);
  const head = `POST /payments/v1/sessions HTTP/1.0\r\nAuthorization: ${basic('boots')}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const text = await new Promise<string>((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(head + body));
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
  });
  const token = /"client_token":"[^.]+\.([^.]+)\./.exec(text)?.[1] ?? '';
  t.equal(JSON.parse(Buffer.from(token, 'base64url').toString()).base_url, `http://localhost:${port}/kp`);
});

t.test('a client that writes a body behind a GET can go on with its next call, whatever the answer is', async (t) => {
  const { url } = await startSandbox(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const ask = async (path: string, headers: Record<string, string>, body = '') => {
    const asking = send(`${url}${path}`, { agent, headers });
    if (body) asking.write(body);
    asking.end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    await text(answer);
    return `${answer.statusCode} ${answer.headers.connection}`;
  };
  const session = '/payments/v1/sessions/7';
  const expected: [string, Record<string, string>, number][] = [
    [session, headers, 404],
    // These are answered at once, before the bytes behind the request have been looked at.
    [session, {}, 401],
    ['/payments/v1/sessions', headers, 405],
    ['/payments/v1/nothing', headers, 404],
    ['/nothing', {}, 404],
    ['/payments/%ZZ', {}, 400],
  ];
  for (const [path, given, status] of expected) {
    t.equal(await ask(path, given, '{}'), `${status} close`, `${path}, ${status}`);
    t.equal(await ask(path, given), `${status} keep-alive`);
  }
});

t.test('a store that cannot load a merchant fails one request and no other', async (t) => {
  for (const fail of [
    () => {
      throw new Error('the disk is full');
    },
    () => Promise.reject(new Error('the disk is full')),
  ]) {
    const failures: unknown[] = [];
    const store = Object.assign(new MemoryStore(), { loadWorld: fail as unknown as () => undefined });
    const { fastify, close } = makeApp({ store, failed: (error) => failures.push(error) });
    t.teardown(close);
    const ask = () => fastify.inject({ method: 'GET', url: '/payments/v1/sessions/x', headers });
    t.equal((await ask()).statusCode, 500);
    t.matchLists(failures, [{ message: 'the disk is full' }]);
    store.loadWorld = () => undefined;
    t.equal((await ask()).statusCode, 404);
  }
});

t.test('an address that cannot be decoded is explained, unless explanations are off', async (t) => {
  for (const explain of [true, false]) {
    const { fastify, close } = makeApp({ explain });
    t.teardown(close);
    const { statusCode, headers } = await fastify.inject({ method: 'GET', url: '/payments/%ZZ' });
    t.equal(statusCode, 400);
    const why = explain ? 'readable-request: path: given /payments/%ZZ, which cannot be decoded' : undefined;
    t.equal(headers['mock-klarna-explain'], why);
  }
});

t.test('wrong credentials are explained by what is wrong with them, without the secret', async (t) => {
  const merchants = [{ username: 'boots', password: 'secret' }];
  const key = 'klarna_test_api_d2ludGVyLWJvb3Rz';
  const asked = async (options: Parameters<typeof makeApp>[0], authorization: string) => {
    const { fastify, close } = makeApp(options);
    t.teardown(close);
    const { statusCode, headers } = await fastify.inject({
      url: '/payments/v1/sessions/x',
      headers: { authorization },
    });
    return [statusCode, headers['mock-klarna-explain']];
  };
  const said = 'credentials: Authorization: user name boots with';
  t.strictSame(await asked({}, basic('boots', 'invalid')), [401, `${said} the password \`invalid\``]);
  t.strictSame(await asked({ merchants }, basic('boots', 'wrong')), [401, `${said} credentials nobody has`]);
  t.matchLists(await asked({ merchants }, `Basic ${key}`), [
    401,
    /^credentials: Authorization: the API key shown as api-key-[0-9a-f]{8}, which the merchants file does not have$/,
  ]);
});

t.test('a fault says whether it came before the commit or after it', async (t) => {
  for (const [commit, when] of [
    [false, 'before'],
    [true, 'after'],
  ] as const) {
    const call = (await startSandbox(t)).as('boots');
    const outcomes = [{ on: 'createSession', fault: { status: 503, ...(commit && { commit }) } }];
    await call('chooseScenario', { body: { inline: { title: 'x', evidence: 'inferred', outcomes } } });
    const { why } = await call('createSession', { body: purchase });
    t.match(why, new RegExp(`^scenario-fault: inline, outcomes\\[0\\]: status 503, ${when} the commit$`));
    t.equal((await call('listSessions')).body.items.length, commit ? 1 : 0);
  }
});

t.test('what is told of exchanges, also of those that are no HTTP', async (t) => {
  const told: ConsoleEntry[] = [];
  const { url, close } = await startServer({ port: 0, tell: (entry) => told.push(entry) });
  t.teardown(close);
  await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers, body: '{}' });
  const { hostname, port } = new URL(url);
  await new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write('nonsense\r\n\r\n'));
    socket.on('close', resolve).resume();
  });
  t.matchLists(told, [
    {
      exchange: 1,
      merchant: 'boots',
      method: 'POST',
      path: '/payments/v1/sessions',
      status: 400,
      ms: Number,
      explanation: /^shape: purchase_country/,
    },
    { method: '-', path: '-', status: 400, ms: 0, explanation: /^readable-request: / },
  ]);
});

t.test(
  'the number that is told of an exchange is that of the journal; what no journal has is told without',
  async (t) => {
    for (const slow of [false, true]) {
      const told: ConsoleEntry[] = [];
      const failures: unknown[] = [];
      const store = new MemoryStore();
      const record = store.record.bind(store);
      // A store that lasts answers by promise, and may fail.
      const later = async (merchant: string, exchange: RawExchange) => {
        if (exchange.path.endsWith('/lost')) throw new Error('the disk is full');
        return record(merchant, exchange);
      };
      if (slow) store.record = later as never;
      const { url, close } = await startServer({
        port: 0,
        store,
        tell: (entry) => told.push(entry),
        failed: (error) => failures.push(error),
      });
      t.teardown(close);
      const ask = (path: string, authorization: string = headers.authorization) =>
        fetch(url + path, { headers: { authorization } });
      await ask('/payments/v1/sessions/lost');
      await ask('/payments/v1/sessions/none');
      await ask('/sandbox/v1/clock');
      await ask('/payments/v1/sessions/none', 'Bearer nobody');
      const shown = told.map((entry) => 'status' in entry && [entry.exchange, entry.merchant, entry.status]);
      t.strictSame(shown, [
        [slow ? undefined : 1, 'boots', 404],
        [slow ? 1 : 2, 'boots', 404],
        [undefined, 'boots', 200],
        [undefined, undefined, 401],
      ]);
      t.equal(failures.length, slow ? 1 : 0);
    }
  },
);

t.test(
  'every attempt to send a callback is told, and one that is refused with the option that allows it',
  async (t) => {
    const told: ConsoleEntry[] = [];
    const { as } = await startSandbox(t, { seed: 'told', tell: (entry) => told.push(entry) });
    const call = as('boots');
    const merchant_urls = { authorization: 'https://shop.test/authorization', push: 'http://127.0.0.1:1/push' };
    await call('createOrder', { path: await authorized(call, { merchant_urls }), body: purchase });
    await call('advanceClock', { body: { by: 'PT2M' } });
    const lines = told.filter((entry) => 'callback' in entry).map(consoleLine);
    t.matchLists(lines, [
      /^boots {2}callback → POST https:\/\/shop\.test\/authorization authorization not sent: shop\.test is no name or address of the loopback interface; allow it with --allow-callbacks shop\.test$/,
      /^boots {2}callback → POST http:\/\/127\.0\.0\.1:1\/push push failed: connect ECONNREFUSED/,
    ]);
    t.notMatch(JSON.stringify(told), 'authorization_token', 'bodies are not told');
  },
);

t.test('a callback names the call that caused it', async (t) => {
  const call = (await startSandbox(t, { seed: 'cause' })).as('boots');
  const merchant_urls = { authorization: 'http://127.0.0.1:1/authorization', push: 'http://127.0.0.1:1/push' };
  await call('createOrder', { path: await authorized(call, { merchant_urls }), body: purchase });
  await call('advanceClock', { body: { by: 'PT2M' } });
  const { items: exchanges } = (await call('readJournal')).body;
  const causeOf = ({ on, caused_by }: { on: string; caused_by: string }) => {
    const found = exchanges.find((exchange: { correlation_id: string }) => exchange.correlation_id === caused_by);
    return [on, found?.operation];
  };
  t.strictSame((await call('listCallbacks', { query: { on: 'push' } })).body.items.map(causeOf), [
    ['push', 'createOrder'],
  ]);
  const [first] = (await call('listCallbacks', { query: { on: 'authorization' } })).body.items;
  t.strictSame(causeOf(first), ['authorization', 'authorizeSession']);
});

t.test('every operation of every contract has a route', async (t) => {
  const { fastify, close } = makeApp();
  t.teardown(close);
  for (const { name, method, path } of operations.values()) {
    const answer = await fastify.inject({
      method,
      url: fillPath(path, () => UNKNOWN),
      // No events are followed after what is no id.
      headers: { ...headers, 'last-event-id': 'none' },
    });
    t.notMatch(answer.headers['mock-klarna-explain'], /^known-/, name);
  }
});

t.test('routes refer to the shapes of their contract', async (t) => {
  const schemaOf = (name: string) => routeOf(operationNamed(name)).schema;
  const { body, response } = schemaOf('refundOrder');
  const at = 'order-management#/paths/~1ordermanagement~1v1~1orders~1{order_id}~1refunds/post';
  t.strictSame(body, { $ref: `${at}/requestBody/content/application~1json/schema` });
  t.equal(response, undefined, 'answers are not converted');
  const parameters = 'sandbox#/paths/~1sandbox~1v1~1orders/get/parameters';
  t.strictSame(schemaOf('listOrders').querystring, {
    type: 'object',
    properties: { limit: { $ref: `${parameters}/0/schema` }, after: { $ref: `${parameters}/1/schema` } },
  });
  t.equal(schemaOf('readOrder').body, undefined);
});

t.test(
  'what is not Klarna’s is made when the first request for it comes, once, and closed with the rest',
  async (t) => {
    const made: string[] = [];
    const app = Fastify({ forceCloseConnections: true });
    app.get('/known', () => 'known');
    app.register(handOver, {
      make: async () => {
        const other = Fastify();
        other.get('/other', () => 'other');
        await other.ready();
        made.push('made');
        return { routing: other.routing, close: async () => void made.push('closed') };
      },
    });
    t.equal((await app.inject('/known')).body, 'known');
    t.strictSame(made, [], 'nobody has asked yet');
    const both = await Promise.all([app.inject('/other'), app.inject('/other')]);
    t.strictSame(
      both.map(({ body }) => body),
      ['other', 'other'],
    );
    t.equal((await app.inject('/nothing')).statusCode, 404, 'the other application says so');
    t.strictSame(made, ['made']);
    await app.close();
    t.strictSame(made, ['made', 'closed']);
  },
);

t.test('a server closes without having made what nobody asked for', async (t) => {
  const app = Fastify();
  app.register(handOver, { make: () => Promise.reject(new Error('nobody asked')) });
  await app.ready();
  await t.resolves(app.close());
});

t.test('moving a clock passes on what is no refusal', async (t) => {
  const world = { agenda: { runDue: () => Promise.reject(new Error('broken')) } };
  await t.rejects(
    async () => clock.setClock({ world, body: { now: '2026-01-01T00:00:00Z' } } as unknown as Call<'setClock'>),
    /broken/,
  );
});

t.test('sharing a customer token that does not exist', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const path = { customerToken: 'nobody' };
  t.match(await call('shareCustomerToken', { path, body: { with: 'shoes' } }), { status: 404 });
});

t.test('lists tell how things stand', async (t) => {
  const data = { intent: 'buy', purchase_country: 'SE', purchase_currency: 'SEK' };
  const session = { id: 's', data, created_at: 0, expires_at: 10 } as unknown as Session;
  t.match(listedSession(session, 9), { status: 'incomplete', finalize_required: undefined });
  t.match(listedSession(session, 10), { status: 'expired' });
  t.match(listedSession({ ...session, order: 'o' }, 10), { status: 'complete', order_id: 'o' });
  const unfinished = { option: 'pay_now', source: { type: 'card' } } as const;
  t.match(listedSession({ ...session, unfinished }, 9), { finalize_required: true });

  const authorization = { id: 'a', session: 's', data, choice: unfinished, created_at: 0, expires_at: 10 };
  const told = (changes: object, now: number, of?: Session) =>
    listedAuthorization({ ...authorization, ...changes } as unknown as Authorization, now, of).status;
  t.equal(told({}, 9, { ...session, authorization: 'a' }), 'valid');
  t.equal(told({}, 9, { ...session, authorization: 'b' }), 'replaced');
  t.equal(told({}, 9), 'valid', 'its session is no longer kept');
  t.equal(told({}, 10), 'expired');
  t.equal(told({ released: true }, 9), 'released');
  t.equal(told({ placed: { order: 'o' }, released: true }, 9), 'used');
});

t.test('purchases bound to scenarios are bounded, and a call outside of them has none', async (t) => {
  const outcome = { title: 'x', evidence: 'inferred', outcomes: [{ on: 'createSession', error: 'BAD_REQUEST' }] };
  const library = Library.open(t.testdir({ 'x.yaml': JSON.stringify(outcome), 'broken.yaml': '[' }));
  const store = new MemoryStore();
  const scenarios = new Scenarios(library, store);
  const world = { bound: new Map(), tell() {} } as unknown as World;
  for (let n = 0; n <= 1_000; n++) await scenarios.bind(world, `s${n}`, 'x');
  t.equal(world.bound.size, 1_000);
  t.equal(world.bound.has('s0'), false, 'the oldest goes');
  t.equal(world.bound.has('s1'), true, 'and no other');
  await scenarios.bind(world, 's5', 'x');
  t.match(await scenarios.bind(world, 's', 'broken'), { refusal: { error: 'BAD_VALUE' } });
  const bound = { scenario: 'x', session: 's5' };
  for (const kind of ['session', 'authorization', 'customer_token'] as const) {
    await store.commit([], [{ put: { kind, id: kind, merchant: 'a', created_at: 0, bound } as never }], 0);
  }
  const run = world.bound.get('s5');
  t.equal(await scenarios.runFor(world, undefined, { session_id: 'session' }), run);
  t.equal(await scenarios.runFor(world, undefined, { authorizationToken: 'authorization' }), run);
  t.equal(await scenarios.runFor(world, undefined, { customerToken: 'customer_token' }), run);
  for (const path of [{}, { session_id: '-' }, { authorizationToken: '-' }, { customerToken: '-' }]) {
    t.equal(await scenarios.runFor(world, undefined, path), undefined, JSON.stringify(path));
  }
});

t.test('a scenario given in line passes on what is no mistake of its own', async (t) => {
  const { chooseScenario } = scenarioApi({} as Scenarios);
  const choose = (body: unknown) => chooseScenario({ world: { tell() {} }, body } as unknown as Call<'chooseScenario'>);
  const inline = {
    toJSON() {
      throw new Error('broken');
    },
  };
  await t.rejects(async () => choose({ inline }), /broken/);
  t.match(await choose({ inline: {}, name: 'x' }), { because: { text: /expected one of name, inline, file/ } });
});

t.test('scripted errors of the gateway look as the gateway’s do', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const outcomes = [{ on: 'createSession', error: 'UNAUTHORIZED' }];
  await call('chooseScenario', { body: { inline: { title: 'x', evidence: 'inferred', outcomes } } });
  t.match(await call('createSession', { body: purchase }), { status: 401, headers: { 'content-type': 'text/html' } });
});

t.test('a 429 has one form in each API, whether a limit or a scenario makes it', async (t) => {
  const wall = { ...wallClock, monotonic: () => 0 };
  const envoy = { server: 'envoy', 'x-envoy-ratelimited': 'true', 'x-envoy-upstream-service-time': '1' };
  const asked: [string, Asked, number][] = [
    ['createSession', { body: purchase }, 5],
    ['readCustomerToken', { path: { customerToken: UNKNOWN } }, 50],
    ['readHostedSession', { path: { session_id: UNKNOWN } }, 50],
    ['readOrder', { path: { order_id: UNKNOWN } }, 50],
  ];
  for (const [operation, request, limit] of asked) {
    const call = (await startSandbox(t, { rateLimits: 'playground', wall })).as('boots');
    for (let calls = 0; calls < limit; calls++) await call(operation, request);
    const scripted = (await startSandbox(t)).as('boots');
    const outcomes = [
      { on: operation, calls: 1, fault: { status: 429 } },
      { on: operation, calls: 2, error: 'TOO_MANY_REQUESTS' },
    ];
    await scripted('chooseScenario', { body: { inline: { title: 'x', evidence: 'inferred', outcomes } } });
    // An error takes the place of a success only: of these calls one would be none.
    const callers = operation === 'createSession' ? [call, scripted, scripted] : [call, scripted];
    for (const over of callers) {
      const { status, headers, body } = await over(operation, request);
      const { server, 'x-ratelimit-remaining': left, 'klarna-correlation-id': id } = headers;
      t.equal(status, 429, operation);
      t.equal(left, '0');
      if (operation === 'readOrder') {
        t.equal(server, undefined);
        t.strictSame(body, {
          error_code: 'TOO_MANY_REQUESTS',
          error_messages: ['Too many requests'],
          correlation_id: id,
        });
      } else {
        const named = Object.entries(headers).filter(([name]) => name in envoy);
        t.strictSame(Object.fromEntries(named), envoy);
        t.strictSame([id, headers['content-length'], headers['content-type']], [undefined, '0', undefined]);
      }
    }
  }
});

t.test('what comes of a bound purchase is bound as well', async (t) => {
  const library = Library.open(
    t.testdir({
      'x.yaml': JSON.stringify({
        title: 'x',
        evidence: 'inferred',
        alias: 'x-1',
        shopper: { payment_option: 'pay_later' },
      }),
    }),
  );
  const store = new MemoryStore();
  const call = (await startSandbox(t, { store, library })).as('boots');
  const data = { billing_address: { email: 'anna+scenario-x-1@shop.test' } };
  const path = await tokenized(call, {}, { data });
  const order = await call('createOrder', { path, body: purchase });
  const charged = await call('createCustomerTokenOrder', { path, body: charge });
  for (const { body } of [order, charged]) {
    t.strictSame((await store.read('order', body.order_id))?.record.bound, { scenario: 'x', session: path.session_id });
  }
  t.matchLists((await call('listAuthorizations')).body.items, [{ payment_option: 'pay_later' }]);
});
