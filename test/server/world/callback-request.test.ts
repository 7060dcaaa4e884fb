import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import type { Callback } from '../../../src/klarna/decision.js';
import { DAY, HOUR, MINUTE } from '../../../src/klarna/time.js';
import { Agenda } from '../../../src/server/world/agenda.js';
import { readCallbackHosts } from '../../../src/server/world/callback-hosts.js';
import { type PostOptions, post as postPatiently } from '../../../src/server/world/callback-request.js';
import { Callbacks, type CallbacksOptions, type Due } from '../../../src/server/world/callbacks.js';
import { MerchantClock } from '../../../src/server/world/clock.js';
import t, { type Test } from '../../tap.js';
import { until } from '../../until.js';
import { fakeWall, START } from '../wall.js';

/** A receiver on the loopback interface. */
async function receiver(t: Test, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function callbacksOn(options: Partial<CallbacksOptions> = {}, limit?: number) {
  const fake = fakeWall();
  const clock = new MerchantClock(fake.wall, { start: START, standing: true });
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const agenda: Agenda<Due> = new Agenda({
    clock,
    wall: fake.wall,
    failed,
    ...(limit !== undefined && { limit }),
    perform: (due, signal) => callbacks.perform(due, signal),
  });
  let ids = 0;
  const callbacks: Callbacks = new Callbacks({ agenda, clock, wall: fake.wall, id: () => `id-${++ids}`, ...options });
  return { ...fake, agenda, clock, failures, callbacks };
}

const authorization = (url: string, at = START): Callback => ({
  on: 'authorization',
  url,
  body: { session_id: 's' },
  at,
});
const notification = (url: string, at = START): Callback => ({ on: 'notification', url, body: { order_id: 'o' }, at });

t.test('callbacks', async (t) => {
  t.test('an authorization is posted as JSON once a 2xx answers it', async (t) => {
    const heard: unknown[] = [];
    const url = await receiver(t, async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      heard.push([request.method, request.url, request.headers['content-type'], body]);
      response.writeHead(204).end();
    });
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(authorization(`${url}/klarna?shop=1`));
    await agenda.runDue(START + DAY);
    t.strictSame(heard, [['POST', '/klarna?shop=1', 'application/json', '{"session_id":"s"}']]);
    t.strictSame(callbacks.attempts, [
      {
        id: 'id-1',
        on: 'authorization',
        url: `${url}/klarna?shop=1`,
        body: { session_id: 's' },
        attempt: 1,
        at: START,
        result: { status: 204 },
      },
    ]);
    callbacks.clear();
    t.strictSame(callbacks.attempts, []);
  });

  t.test('an authorization is tried three times, 1 s and 2 s apart', async (t) => {
    const url = await receiver(t, (_request, response) => response.writeHead(500).end('no'));
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(authorization(url));
    await agenda.runDue(START + DAY);
    t.strictSame(
      callbacks.attempts.map(({ attempt, at, result }) => [attempt, at - START, result]),
      [
        [1, 0, { status: 500 }],
        [2, 1_000, { status: 500 }],
        [3, 3_000, { status: 500 }],
      ],
    );
  });

  t.test('a notification wants 200 and is tried every 10 minutes for 24 hours', async (t) => {
    let calls = 0;
    const url = await receiver(t, (_request, response) => response.writeHead(++calls < 4 ? 204 : 200).end());
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(notification(url, START + HOUR));
    await agenda.runDue(START + 2 * DAY);
    t.strictSame(
      callbacks.attempts.map(({ at }) => at - START - HOUR),
      [0, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE],
    );

    const deaf = await receiver(t, (_request, response) => response.writeHead(404).end());
    const other = callbacksOn({ keep: 10 });
    other.callbacks.send(notification(deaf));
    await other.agenda.runDue(START + 2 * DAY);
    t.equal(other.callbacks.attempts.length, 10, 'only the latest attempts are kept');
    t.match(other.callbacks.attempts.at(-1), { attempt: 145, at: START + DAY });
  });

  t.test('redirects are not followed', async (t) => {
    let followed = 0;
    const there = await receiver(t, (_request, response) => response.end(String(followed++)));
    const here = await receiver(t, (_request, response) => response.writeHead(302, { location: there }).end());
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(authorization(here));
    await agenda.runDue(START);
    t.matchLists(callbacks.attempts, [{ result: { status: 302 } }]);
    t.equal(followed, 0);
  });

  t.test('what is not on the loopback interface is not called, and not tried again', async (t) => {
    const { callbacks, agenda } = callbacksOn();
    for (const url of [
      'http://192.0.2.1/',
      'http://[2001:db8::1]/',
      'http://0.0.0.0/',
      'ftp://127.0.0.1/',
      'nonsense',
    ]) {
      callbacks.send(authorization(url));
    }
    await agenda.runDue(START + DAY);
    t.equal(callbacks.attempts.length, 5);
    for (const { result } of callbacks.attempts)
      t.match(result, { refused: /of the loopback interface|not a URL of http/ });
  });

  t.test('a callback that the agenda has no room for is recorded', async (t) => {
    const { callbacks } = callbacksOn({}, 0);
    callbacks.send(authorization('http://127.0.0.1/'));
    t.matchLists(callbacks.attempts, [{ attempt: 1, result: { refused: /too many/ } }]);
  });

  t.test('a receiver that hangs holds sixteen attempts, and the others go on', async (t) => {
    let hanging = 0;
    const deaf = await receiver(t, () => hanging++);
    let called = 0;
    const url = await receiver(t, (_request, response) => {
      called++;
      response.end();
    });
    const { callbacks, agenda, pass } = callbacksOn();
    for (let i = 0; i < 20; i++) callbacks.send(notification(deaf));
    callbacks.send(notification(url));
    const move = agenda.runDue(START);
    await until(() => called === 1 && hanging >= 16, 'the one that answers, and those that have room');
    await fetch(url);
    t.equal(hanging, 16, 'whatever else was sent would have arrived by now');
    pass(2_000);
    await until(() => hanging === 20, 'the other attempts');
    pass(2_000);
    await move;
    t.equal(callbacks.attempts.length, 21);
    t.strictSame(
      callbacks.attempts.map(({ id }) => id),
      Array.from({ length: 21 }, (_, i) => `id-${i + 1}`),
      'listed in the order in which they were due',
    );
  });

  t.test('an attempt that waited for its turn has the time of its sending', async (t) => {
    const url = await receiver(t, (_request, response) => response.end());
    const { callbacks, agenda, clock } = callbacksOn({
      line: (_url, attempt) => {
        clock.reach(START + 5);
        return attempt();
      },
    });
    callbacks.send(notification(url));
    await agenda.runDue(START);
    t.matchLists(callbacks.attempts, [{ at: START + 5, result: { status: 200 } }]);
  });

  t.test('clearing the agenda breaks off what is under way, and nothing is recorded or tried again', async (t) => {
    let arrived = (): void => {};
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await receiver(t, () => arrived());
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(authorization(url));
    const move = agenda.runDue(START + 1);
    await called;
    agenda.clear();
    await move;
    t.strictSame(callbacks.attempts, []);
    t.equal(agenda.size, 0);
  });
});

t.test('post', async (t) => {
  const post = (url: string, body: unknown, options: PostOptions, signal: AbortSignal) =>
    postPatiently(url, body, options, signal, { connection: 2_000, answer: 2_000 });
  const never = new AbortController().signal;
  const lookupOf = (...addresses: string[]) =>
    ((_name: string, _options: object, callback: (error: null, found: object[]) => void) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as NonNullable<CallbacksOptions['resolve']>;

  t.test('a receiver that does not answer is given up 2 s after it accepted the connection', async (t) => {
    let arrived = (): void => {};
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await receiver(t, () => arrived());
    const { wall, pass, waits } = fakeWall();
    const delivery = post(url, {}, { wall }, never);
    await called;
    t.strictSame(waits(), [2_000]);
    pass(2_000);
    t.strictSame(await delivery, { error: 'no answer within 2 s' });
  });

  t.test('a receiver that does not accept the connection is given up after 2 s', async (t) => {
    const { wall, pass, waits } = fakeWall();
    // A name that never resolves, as a connection that is never accepted, ends only by the time-out.
    const delivery = post('http://shop.localhost/', {}, { wall, resolve: (() => {}) as never }, never);
    t.strictSame(waits(), [2_000]);
    pass(2_000);
    t.strictSame(await delivery, { error: 'no connection within 2 s' });
  });

  t.test('a closed port, a hang-up and a name that nobody has are errors', async (t) => {
    const { wall } = fakeWall();
    const hangUp = createNetServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(hangUp, 'listening');
    const { port } = hangUp.address() as AddressInfo;
    t.match(await post(`http://127.0.0.1:${port}`, {}, { wall }, never), { error: /hang up|ECONNRESET|EPIPE/ });
    hangUp.close();
    await once(hangUp, 'close');
    t.match(await post(`http://127.0.0.1:${port}`, {}, { wall }, never), { error: /ECONNREFUSED/ });
    const nobody = ((_name: string, _options: object, callback: (error: Error, found: []) => void) =>
      callback(Object.assign(new Error(''), { code: 'ENOTFOUND' }), [])) as unknown as NonNullable<
      CallbacksOptions['resolve']
    >;
    t.strictSame(await post('http://shop.localhost/', {}, { wall, resolve: nobody }, never), { error: 'ENOTFOUND' });
  });

  t.test('the status counts even when the body never ends, breaks off or is larger than anyone wants', async (t) => {
    const { wall, pass } = fakeWall();
    let began = (): void => {};
    const answering = new Promise<void>((resolve) => {
      began = resolve;
    });
    const url = await receiver(t, (request, response) => {
      response.writeHead(200);
      if (request.url === '/large') return void response.end(Buffer.alloc(10 * 1024 * 1024));
      response.write('the beginning', () => {
        if (request.url === '/broken') response.destroy();
        else began();
      });
    });
    t.strictSame(await post(`${url}/large`, {}, { wall }, never), { status: 200 });
    t.strictSame(await post(`${url}/broken`, {}, { wall }, never), { status: 200 });
    const endless = post(`${url}/endless`, {}, { wall }, never);
    await answering;
    // The head was on its way before this exchange began, and has arrived when it ends.
    await post(`${url}/large`, {}, { wall }, never);
    pass(2_000);
    t.strictSame(await endless, { status: 200 });
  });

  t.test('an address is of the loopback interface, or is not called', async (t) => {
    const { wall } = fakeWall();
    for (const host of ['126.255.255.255', '128.0.0.0', '[::2]', '[::]', '0.0.0.0', '10.0.0.1']) {
      const name = host.replace(/[[\]]/g, '');
      t.strictSame(
        await post(`http://${host}:1/`, {}, { wall, mayCall: readCallbackHosts(['127.0.0.1', 'shop.test']) }, never),
        {
          refused: `${name} is no name or address of the loopback interface; allow it with --allow-callbacks ${name}`,
        },
        host,
      );
    }
    for (const host of ['127.0.0.0', '127.255.255.255', '[::1]']) {
      const answered = await post(`http://${host}:1/`, {}, { wall }, AbortSignal.abort());
      t.notOk('refused' in answered, host);
    }
    for (const url of ['ws://127.0.0.1/', 'httpx://127.0.0.1/', 'file:///etc/hosts', '127.0.0.1', '//127.0.0.1/']) {
      t.strictSame(await post(url, {}, { wall }, never), { refused: `"${url}" is not a URL of http or https` });
    }
  });

  t.test('what is posted says what it is, how long, and who sends it', async (t) => {
    const heard: unknown[] = [];
    const url = await receiver(t, (request, response) => {
      const { 'content-type': type, 'content-length': length, 'user-agent': agent, connection } = request.headers;
      heard.push([type, length, agent, connection]);
      response.end();
    });
    for (const body of [{ name: 'Åsa' }, undefined]) await post(url, body, { wall: fakeWall().wall }, never);
    t.strictSame(heard, [
      ['application/json', '15', 'mock-klarna', 'close'],
      [undefined, '0', 'mock-klarna', 'close'],
    ]);
  });

  t.test('a name that may not be called is refused before anybody is asked where it leads', async (t) => {
    const asked: string[] = [];
    const resolve = ((name: string) => void asked.push(name)) as unknown as NonNullable<CallbacksOptions['resolve']>;
    const mayCall = readCallbackHosts(['allowed.test', '192.0.2.0/24']);
    for (const name of [
      'shop.test',
      'secret.of.boots.example',
      'localhost.example',
      'notlocalhost',
      '127.0.0.1.example',
    ]) {
      t.strictSame(await post(`http://${name}:1/`, {}, { wall: fakeWall().wall, resolve, mayCall }, never), {
        refused: `${name} is no name or address of the loopback interface; allow it with --allow-callbacks ${name}`,
      });
    }
    t.strictSame(asked, []);
  });

  t.test('localhost goes only to its loopback addresses', async (t) => {
    const { wall } = fakeWall();
    const url = await receiver(t, (request, response) =>
      response.writeHead(request.headers.host?.startsWith('shop.localhost') ? 200 : 500).end(),
    );
    const named = url.replace('127.0.0.1', 'shop.localhost');
    t.strictSame(await post(named, {}, { wall, resolve: lookupOf('192.0.2.1', '127.0.0.1') }, never), { status: 200 });
    t.match(await post(named, {}, { wall, resolve: lookupOf('192.0.2.1', '10.0.0.1') }, never), {
      refused: /^shop.localhost is no name or address of the loopback/,
    });
    t.match(await post(named, {}, { wall, resolve: lookupOf() }, never), { refused: /shop.localhost/ });
    t.strictSame(
      await post(url.replace('127.0.0.1', 'localhost'), {}, { wall }, never),
      { status: 500 },
      'the system knows localhost',
    );
  });

  t.test('a name is resolved to one address where the platform asks for one', async (t) => {
    const { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } = await import('node:net');
    const before = getDefaultAutoSelectFamily();
    setDefaultAutoSelectFamily(false);
    t.teardown(() => setDefaultAutoSelectFamily(before));
    const url = await receiver(t, (_request, response) => response.end());
    const resolve = lookupOf('127.0.0.1');
    const named = url.replace('127.0.0.1', 'shop.localhost');
    t.strictSame(await post(named, {}, { wall: fakeWall().wall, resolve }, never), { status: 200 });
  });

  t.test('an allowed host may be anywhere, and is asked for its certificate', async (t) => {
    const { wall } = fakeWall();
    const url = await receiver(t, (_request, response) => response.end());
    const named = url.replace('127.0.0.1', 'shop.test');
    const options = { wall, mayCall: readCallbackHosts(['SHOP.test']), resolve: lookupOf('127.0.0.1') };
    t.strictSame(await post(named, {}, options, never), { status: 200 });
    const mayCall = readCallbackHosts(['127.0.0.1']);
    t.match(await post(url.replace('http:', 'https:'), {}, { wall, mayCall }, never), { error: /./ });
  });
});
