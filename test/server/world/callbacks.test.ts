import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nextAttempt } from '../../../src/klarna/catalogue/callbacks.js';
import type { Callback, Precondition } from '../../../src/klarna/decision.js';
import type { Order } from '../../../src/klarna/records.js';
import { DAY, HOUR, MINUTE } from '../../../src/klarna/time.js';
import type { Delivery } from '../../../src/scenario/scenario.js';
import { Agenda } from '../../../src/server/world/agenda.js';
import { readCallbackHosts } from '../../../src/server/world/callback-hosts.js';
import { Callbacks, type CallbacksOptions, type Due } from '../../../src/server/world/callbacks.js';
import { MerchantClock, readDuration } from '../../../src/server/world/clock.js';
import t, { type Test } from '../../tap.js';
import { until } from '../../until.js';

const START = Date.UTC(2026, 0, 31, 12);

/** Time passes only where a test moves the merchant's clock. */
const wall = { now: () => START, later: () => () => {} };

/** A receiver on the loopback interface that answers a path with the statuses given for it, then with 200. */
async function receiver(t: Test, statuses: Record<string, number[]> = {}) {
  const heard: string[] = [];
  const headers: Record<string, unknown>[] = [];
  let hold: Promise<void> | undefined;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url as string;
    heard.push(`${path}${body && ` ${body}`}`);
    headers.push(request.headers);
    await hold;
    response.writeHead(statuses[path]?.shift() ?? 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    headers,
    /** Lets no request be answered until the function that it gives is called. */
    hold() {
      let release = () => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}

function callbacksOn(options: Partial<CallbacksOptions> = {}) {
  const clock = new MerchantClock(wall, { start: START, standing: true });
  const failed = (error: unknown) => {
    throw error;
  };
  const agenda: Agenda<Due> = new Agenda({
    clock,
    wall,
    failed,
    perform: (due, signal) => callbacks.perform(due, signal),
  });
  let ids = 0;
  const callbacks: Callbacks = new Callbacks({ agenda, clock, wall, id: () => `id-${++ids}`, ...options });
  return { callbacks, agenda, clock };
}

const push = (url: string, at = START): Callback => ({ on: 'push', url, at });
/** A callback that comes at once until it is taken, without a body. */
const bare = (url: string, at = START): Callback => ({ on: 'status_update', url, at });
const authorization = (url: string, at = START): Callback => ({ on: 'authorization', url, body: { a: 'b' }, at });

/** What is of interest in most attempts: callback, number, seconds since the start, result. */
const briefly = ({ attempts }: Callbacks) =>
  attempts.map(({ id, attempt, at, result }) => [id, attempt, (at - START) / 1_000, result]);

const ok = { status: 200 };
const failed = { status: 500 };

/** The minutes after its order at which Klarna pushes one that nobody acknowledges: after 112 every four hours, 48 in all. */
const PUSHED = [2, 7, 22, 52, 112, 352, 592, 832, 1072, 1312, 1552, 1792, 2032, 2272, 2512, 2752];

const minutes = ({ attempts }: Callbacks) => attempts.map(({ at }) => (at - START) / MINUTE);

t.test('a push has no body, and comes whatever the shop answers', async (t) => {
  for (const statuses of [[], Array(20).fill(500), [500, 404, 204]]) {
    const { url, heard, headers } = await receiver(t, { '/p': [...statuses] });
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(push(`${url}/p`));
    await agenda.runDue(START + 2 * MINUTE - 1);
    t.strictSame(heard, [], 'not at once');
    await agenda.runDue(START + 7 * DAY);
    t.strictSame(minutes(callbacks), PUSHED);
    t.strictSame(
      callbacks.attempts.map(({ attempt, result }) => [attempt, result]),
      PUSHED.map((_, index) => [index + 1, { status: statuses[index] ?? 200 }]),
    );
    t.strictSame(new Set(heard), new Set(['/p']));
    t.match(headers[0], { 'content-length': '0', 'content-type': undefined });
    t.notOk('body' in (callbacks.attempts[0] ?? {}));
  }
  const deaf = callbacksOn();
  deaf.callbacks.send(push('http://127.0.0.1:1/'));
  await deaf.agenda.runDue(START + 7 * DAY);
  t.strictSame(minutes(deaf.callbacks), PUSHED);
});

t.test('a push ends when the order is acknowledged, whenever that is', async (t) => {
  const onlyIf = { is: 'unacknowledged', order: 'a' } as const;
  for (const [time, sent] of [
    [0, 0],
    [3, 1],
    [60, 4],
    [600, 7],
  ] as const) {
    const { url } = await receiver(t);
    const order = { done: {}, captures: [] } as unknown as Order;
    const { callbacks, agenda } = callbacksOn({ read: async () => order });
    await callbacks.send({ ...push(url), onlyIf });
    await agenda.runDue(START + time * MINUTE);
    order.done.acknowledge = 'T1';
    await agenda.runDue(START + 7 * DAY);
    t.strictSame(minutes(callbacks), PUSHED.slice(0, sent));
    t.equal(agenda.size, 0, 'and nothing waits any more');
  }
});

t.test('when a push first comes can be said for all of them, and its gaps stay', async (t) => {
  const { url } = await receiver(t);
  const { callbacks, agenda } = callbacksOn({ pushAfter: await readDuration('PT0S') });
  callbacks.send(push(url));
  callbacks.send(authorization(url));
  await agenda.runDue(START + HOUR);
  t.strictSame(
    callbacks.attempts.map(({ on, at }) => [on, (at - START) / MINUTE]),
    [
      ['push', 0],
      ['authorization', 0],
      ['push', 5],
      ['push', 20],
      ['push', 50],
    ],
  );
  const never = callbacksOn({ pushAfter: await readDuration('P9000Y') });
  await never.callbacks.send(push(url));
  t.match(never.callbacks.attempts[0]?.result, { refused: /no further than the year 9999/ });
});

t.test('an attempt that takes longer than the gap is followed by the whole gap', (t) => {
  const at = (due: number, now: number) => nextAttempt('authorization', { tried: 1, first: 0, due, now });
  t.strictSame([at(0, 0), at(0, 999), at(0, 1_000), at(0, 4_000)], [1_000, 1_000, 2_000, 5_000]);
  t.equal(nextAttempt('authorization', { tried: 3, first: 0, due: 0, now: 0 }), undefined);
  const last = { tried: 144, first: 0, due: 24 * HOUR - 10 * MINUTE, now: 24 * HOUR - 10 * MINUTE };
  t.equal(nextAttempt('notification', last), 24 * HOUR);
  t.equal(nextAttempt('notification', { ...last, tried: 145, due: 24 * HOUR }), undefined);
  t.end();
});

t.test('attempts are listed newest first, by kind and up to a limit, and those that went are counted', async (t) => {
  const { url } = await receiver(t);
  const { callbacks, agenda } = callbacksOn({ keep: 3 });
  for (const [index, callback] of [bare(url), authorization(url), bare(url), authorization(url)].entries()) {
    callbacks.send({ ...callback, at: START + index });
  }
  await agenda.runDue(START + MINUTE);
  const listed = (filter?: Parameters<Callbacks['list']>[0]) => callbacks.list(filter).items.map(({ id }) => id);
  t.strictSame(listed(), ['id-4', 'id-3', 'id-2']);
  t.strictSame(listed({ on: 'authorization' }), ['id-4', 'id-2']);
  t.strictSame(listed({ on: 'authorization', limit: 1 }), ['id-4']);
  t.strictSame(listed({ on: 'notification' }), []);
  t.equal(callbacks.list().dropped, 1);
  callbacks.clear();
  t.strictSame(callbacks.list(), { items: [], dropped: 0 });
});

t.test('attempts stand in the order in which they began, whichever ends first', async (t) => {
  const slow = await receiver(t);
  const quick = await receiver(t);
  const release = slow.hold();
  const { callbacks, agenda } = callbacksOn();
  callbacks.send(authorization(slow.url));
  callbacks.send(authorization(quick.url));
  const move = agenda.runDue(START);
  await until(() => callbacks.attempts.length > 0, 'the quick receiver');
  t.matchLists(callbacks.attempts, [{ id: 'id-2' }], 'a receiver that dawdles holds up no other');
  release();
  await move;
  t.matchLists(callbacks.attempts, [{ id: 'id-1' }, { id: 'id-2' }]);
});

t.test('sending again', async (t) => {
  t.test('happens now, counts on, and ends the tries that were to come when it is delivered', async (t) => {
    const { url, heard } = await receiver(t, { '/': [500, 500] });
    const { callbacks, agenda } = callbacksOn();
    callbacks.send({ ...bare(url), on: 'notification' });
    await agenda.runDue(START + MINUTE);
    t.match(await callbacks.redeliver('id-1'), { id: 'id-1', attempt: 2, at: START + MINUTE, result: failed });
    await agenda.runDue(START + MINUTE + 1);
    t.match(await callbacks.redeliver('id-1'), { attempt: 3, result: ok });
    await agenda.runDue(START + 7 * DAY);
    t.strictSame(heard, ['/', '/', '/']);
    t.match(await callbacks.redeliver('id-1'), { attempt: 4, result: ok }, 'also when it was delivered');
  });

  t.test('leaves the tries to come as they are while nobody takes it', async (t) => {
    const { url } = await receiver(t, { '/': [500, 500, 500, 500, 500] });
    const { callbacks, agenda } = callbacksOn();
    callbacks.send(authorization(url));
    await agenda.runDue(START);
    await callbacks.redeliver('id-1');
    await agenda.runDue(START + DAY);
    t.strictSame(
      callbacks.attempts.map(({ attempt, at }) => [attempt, at - START]),
      [
        [1, 0],
        [2, 0],
        [3, 1_000],
        [4, 3_000],
      ],
    );
  });

  t.test('is for callbacks that are remembered', async (t) => {
    const { callbacks } = callbacksOn();
    t.equal(await callbacks.redeliver('id-1'), undefined);
    callbacks.send(bare('http://127.0.0.1:1/', START + DAY));
    t.equal(await callbacks.redeliver('id-1'), undefined, 'none of its attempts is over');
  });

  t.test('is waited for by a clock that is moved, and ended by a world that is left', async (t) => {
    const { url, hold } = await receiver(t);
    const { callbacks, agenda, clock } = callbacksOn();
    callbacks.send(bare(url));
    await agenda.runDue(START);
    const release = hold();
    const again = callbacks.redeliver('id-1');
    const move = agenda.runDue(START + 1);
    await new Promise(setImmediate);
    t.equal(clock.now(), START);
    release();
    t.match(await again, { attempt: 2, result: ok });
    t.equal(await move, START + 1);

    hold();
    const broken = callbacks.redeliver('id-1');
    agenda.clear();
    t.match(await broken, { attempt: 3, result: { error: String } });
    t.equal(callbacks.attempts.length, 2, 'and not recorded');
  });
});

t.test('a scenario may have a callback', async (t) => {
  const run = async (t: Test, sent: [Callback['on'], string, Delivery?][], statuses?: Record<string, number[]>) => {
    const { url, heard } = await receiver(t, statuses);
    const { callbacks, agenda } = callbacksOn();
    for (const [on, path, rule] of sent) await callbacks.send({ on, url: url + path, at: START }, rule);
    await agenda.runDue(START + 7 * DAY);
    return { callbacks, heard };
  };

  t.test('sent twice: once more when it was delivered', async (t) => {
    const { callbacks } = await run(t, [['authorization', '/', { twice: true }]], { '/': [500, 200, 500] });
    t.strictSame(briefly(callbacks), [
      ['id-1', 1, 0, failed],
      ['id-1', 2, 1, ok],
      ['id-1', 3, 1, failed],
    ]);
  });

  t.test('first sent when the scenario says, counted from what it tells of', async (t) => {
    const { callbacks } = await run(t, [
      ['push', '/', { after: 'PT0S' }],
      ['authorization', '/', { after: 'PT1M' }],
    ]);
    t.strictSame(
      callbacks.attempts.slice(0, 4).map(({ on, at }) => [on, (at - START) / 1_000]),
      [
        ['push', 0],
        ['authorization', 60],
        ['push', 300],
        ['push', 1_200],
      ],
    );
  });

  t.test('delayed, its later tries with it', async (t) => {
    const { callbacks } = await run(t, [['authorization', '/', { delay: 'PT2S' }]], { '/': [500] });
    t.strictSame(briefly(callbacks), [
      ['id-1', 1, 2, failed],
      ['id-1', 2, 3, ok],
    ]);
    const never = await run(t, [['status_update', '/', { delay: 'P9000Y' }]]);
    t.matchLists(briefly(never.callbacks), [['id-1', 1, 0, { refused: /no further than the year 9999/ }]]);
    const failure = callbacksOn({
      id: () => {
        throw new Error('no more ids');
      },
    }).callbacks.send(bare('http://127.0.0.1:1/'), { delay: 'PT1S' });
    await t.rejects(failure, { message: 'no more ids' }, 'our own mistakes are told');
  });

  t.test('dropped: it is never sent, and can be sent on request', async (t) => {
    const { callbacks, heard } = await run(t, [
      ['status_update', '/', { drop: true, twice: true, delay: 'PT1M' }],
      ['authorization', '/', { drop: true, before_the_answer: true, status: 200 }],
    ]);
    t.strictSame(heard, []);
    t.strictSame(briefly(callbacks), [
      ['id-2', 1, 0, { dropped: true }],
      ['id-1', 1, 60, { dropped: true }],
    ]);
    t.match(await callbacks.redeliver('id-1'), { attempt: 2, result: ok });
  });

  t.test('sent before the answer, which does not wait for its later tries', async (t) => {
    const { url, heard } = await receiver(t, { '/': [500] });
    const { callbacks, agenda } = callbacksOn();
    await callbacks.send(authorization(url), { before_the_answer: true, delay: 'P1D', reorder: true });
    t.strictSame(heard, ['/ {"a":"b"}']);
    t.strictSame(briefly(callbacks), [['id-1', 1, 0, failed]]);
    await agenda.runDue(START + MINUTE);
    t.strictSame(briefly(callbacks)[1], ['id-1', 2, 1, ok]);
  });

  t.test('let the answer go at once otherwise', async (t) => {
    const { url, hold, heard } = await receiver(t);
    const release = hold();
    const { callbacks, agenda } = callbacksOn();
    await callbacks.send(bare(url));
    t.strictSame([callbacks.attempts, heard], [[], []]);
    release();
    await agenda.runDue(START);
    t.strictSame(heard, ['/']);
  });

  t.test('sent after the next one', async (t) => {
    const { callbacks, heard } = await run(
      t,
      [
        ['authorization', '/1', { reorder: true }],
        ['status_update', '/lost', { drop: true }],
        ['authorization', '/2', { reorder: true }],
        ['authorization', '/3', { reorder: true }],
        ['status_update', '/4'],
        ['authorization', '/5', { reorder: true }],
      ],
      { '/2': [500] },
    );
    t.strictSame(heard.slice().sort(), ['/1', '/2', '/2', '/3', '/4']);
    const at = (path: string) => heard.indexOf(path);
    t.ok(at('/2') < at('/1'), 'the second of two changes places with the first');
    t.ok(at('/4') < at('/3'), 'and so on, pair by pair');
    t.ok(heard.lastIndexOf('/2') > at('/1'), 'a later try is no next callback');
    t.strictSame(
      callbacks.attempts.filter(({ url }) => url.endsWith('/5')),
      [],
      'the last one waits',
    );
  });

  t.test('answered with a status, and mark every other', async (t) => {
    const { callbacks } = await run(t, [['authorization', '/', { status: 204 }]], { '/': [500, 204] });
    t.strictSame(
      callbacks.attempts.map(({ unexpected }) => unexpected),
      [true, undefined],
    );
    const deaf = callbacksOn();
    deaf.callbacks.send(bare('ftp://shop.test/'), { status: 200 });
    await deaf.agenda.runDue(START);
    t.matchLists(deaf.callbacks.attempts, [{ unexpected: true, result: { refused: String } }]);
  });
});

/** A status of a hosted session. */
const status = (url: string, name: string, more: Partial<Callback> = {}): Callback => ({
  on: 'status_update',
  url,
  body: { session: name },
  at: START,
  ...more,
});

t.test('a status update is called at most 4 times, 5 s apart, until any 2xx', async (t) => {
  const { url } = await receiver(t, { '/': [500, 404, 302, 500] });
  const { callbacks, agenda } = callbacksOn();
  callbacks.send(status(url, 'COMPLETED'));
  await agenda.runDue(START + DAY);
  t.strictSame(briefly(callbacks), [
    ['id-1', 1, 0, failed],
    ['id-1', 2, 5, { status: 404 }],
    ['id-1', 3, 10, { status: 302 }],
    ['id-1', 4, 15, failed],
  ]);
});

t.test('a status update is given 3 s from the start, the others 2 s to connect and 2 s to answer', async (t) => {
  const { url, hold } = await receiver(t);
  t.teardown(hold());
  for (const [on, given, error] of [
    ['status_update', [3_000], 'no answer within 3 s'],
    ['notification', [2_000, 2_000], 'no answer within 2 s'],
  ] as const) {
    const waits: number[] = [];
    let lose = () => {};
    const later = (ms: number, task: () => void) => {
      waits.push(ms);
      lose = task;
      return () => {};
    };
    const { callbacks, agenda } = callbacksOn({ wall: { ...wall, later } });
    callbacks.send({ on, url, at: START });
    const move = agenda.runDue(START);
    await until(() => waits.length >= given.length, `the waits of ${on}`);
    lose();
    await move;
    t.strictSame(waits, given);
    t.matchLists(callbacks.attempts, [{ result: { error } }]);
  }
});

t.test('callbacks of one lane are first tried one after the other', async (t) => {
  const { url, heard, hold } = await receiver(t, { '/b': [500] });
  const release = hold();
  const { callbacks, agenda } = callbacksOn();
  for (const [path, lane] of [
    ['/a', 'one'],
    ['/b', 'one'],
    ['/c', 'one'],
    ['/d', 'other'],
  ] as const) {
    callbacks.send(status(url + path, path, { lane }));
  }
  const move = agenda.runDue(START);
  await until(() => heard.length >= 2, 'both lanes');
  t.strictSame(heard.map((line) => line.slice(0, 2)).sort(), ['/a', '/d'], 'another lane waits for none');
  release();
  await move;
  t.strictSame(
    callbacks.attempts.map(({ url: to, attempt }) => [to.slice(-2), attempt]),
    [
      ['/a', 1],
      ['/d', 1],
      ['/b', 1],
      ['/c', 1],
    ],
  );
  await agenda.runDue(START + MINUTE);
  t.equal(callbacks.attempts.length, 5, 'and again in their own time');
});

t.test('a lane goes on behind a callback that fails by our own mistake', async (t) => {
  const { url, heard } = await receiver(t);
  let told: unknown;
  const clock = new MerchantClock(wall, { start: START, standing: true });
  const agenda: Agenda<Due> = new Agenda({
    clock,
    wall,
    failed: (error) => (told = error),
    perform: (due, signal) => callbacks.perform(due, signal),
  });
  let ids = 0;
  const callbacks: Callbacks = new Callbacks({ agenda, clock, wall, id: () => `${++ids}` });
  // It cannot be written as JSON.
  callbacks.send(status(url, '', { body: { a: 1n }, lane: 'one' }));
  callbacks.send(status(`${url}/b`, 'b', { lane: 'one' }));
  await agenda.runDue(START);
  t.match(told, { name: 'TypeError' });
  t.matchLists(heard, [/^\/b/]);
});

t.test('a callback with a precondition is sent if it is met when its time comes', async (t) => {
  const { url, heard } = await receiver(t);
  const asked: string[] = [];
  const pending = { fraud_later: { verdict: 'ACCEPTED', at: START } } as Order;
  let order: Order | undefined = pending;
  const read: CallbacksOptions['read'] = async (kind, id) => {
    asked.push(`${kind} ${id}`);
    return kind === 'order' ? order : undefined;
  };
  const verdict = (name: 'ACCEPTED' | 'REJECTED'): Precondition => ({
    is: 'verdict',
    order: 'a',
    verdict: name,
    at: START,
  });
  const timeout = { is: 'timeout', hosted_session: 'h', session: 's', at: START } as const;
  const { callbacks, agenda } = callbacksOn({ read });
  const soon = { on: 'notification', onlyIf: verdict('ACCEPTED'), at: START + 1 } as const;
  await callbacks.send(status(`${url}/yes`, '', soon), { before_the_answer: true });
  await callbacks.send(status(`${url}/no`, '', { onlyIf: verdict('REJECTED') }), { twice: true });
  await callbacks.send(status(`${url}/gone`, '', { onlyIf: timeout }));
  t.strictSame(asked, [], 'not before');
  await agenda.runDue(START + 1);
  t.matchLists(heard, [/^\/yes/], 'the answer has nothing to do with what is yet to happen');
  t.strictSame(asked, ['order a', 'hosted_session h', 'session s', 'order a']);
  t.equal(callbacks.attempts.length, 1, 'what is not met is no attempt');
  const failing = await receiver(t, { '/': [500, 500, 500] });
  callbacks.send(status(`${failing.url}/`, '', { on: 'notification', onlyIf: verdict('ACCEPTED') }));
  await agenda.runDue(START + 10 * MINUTE);
  order = undefined;
  await agenda.runDue(START + HOUR);
  t.equal(failing.heard.length, 2, 'nor is it tried again');
  const alone = callbacksOn();
  alone.callbacks.send(status(url, '', { onlyIf: verdict('ACCEPTED') }));
  await alone.agenda.runDue(START);
  t.strictSame(alone.callbacks.attempts, [], 'without a store there are no records');
});

t.test('a push before the answer, or behind the next callback, is sent while the order waits for it', async (t) => {
  const onlyIf = { is: 'unacknowledged', order: 'a' } as const;
  for (const acknowledged of [false, true]) {
    const order = { done: acknowledged ? { acknowledge: 'T1' } : {}, captures: [] } as unknown as Order;
    const { url, heard } = await receiver(t);
    const { callbacks } = callbacksOn({ read: async () => order });
    await callbacks.send({ ...push(url), onlyIf }, { before_the_answer: true });
    t.strictSame(heard, acknowledged ? [] : ['/']);
  }
  for (const acknowledged of [false, true]) {
    const order = { done: {}, captures: [] } as unknown as Order;
    const { url, heard } = await receiver(t);
    const { callbacks, agenda } = callbacksOn({ read: async () => order });
    await callbacks.send({ ...push(`${url}/push`), onlyIf }, { reorder: true, after: 'PT0S' });
    await agenda.runDue(START);
    if (acknowledged) order.done.acknowledge = 'T1';
    await callbacks.send(bare(`${url}/next`));
    await agenda.runDue(START + MINUTE);
    t.strictSame(heard, acknowledged ? ['/next'] : ['/next', '/push']);
  }
});

t.test('a push that was taken is sent twice once, and then goes on', async (t) => {
  const { url } = await receiver(t, { '/': [500] });
  const { callbacks, agenda } = callbacksOn();
  callbacks.send(push(`${url}/`), { twice: true });
  await agenda.runDue(START + HOUR);
  t.strictSame(minutes(callbacks), [2, 7, 7, 22, 52]);
});

t.test('what may never be sent leaves room for what will', async (t) => {
  const { callbacks, agenda } = callbacksOn({ keep: 1 });
  const onlyIf = { is: 'unacknowledged', order: 'a' } as const;
  const waiting = status('http://127.0.0.1:1/', '', { onlyIf, at: START + DAY });
  for (let sent = 0; sent < 5_000; sent++) callbacks.send(waiting);
  t.strictSame(callbacks.attempts, []);
  callbacks.send(waiting);
  t.matchLists(callbacks.attempts, [{ result: { refused: 'too many callbacks wait already' } }]);
  callbacks.send(bare('http://127.0.0.1:1/', START + DAY));
  t.equal(agenda.size, 5_001);
});

t.test('clearing forgets what waits for the next callback', async (t) => {
  const { url, heard } = await receiver(t);
  const { callbacks, agenda } = callbacksOn();
  callbacks.send(bare(`${url}/old`), { reorder: true });
  await agenda.runDue(START);
  callbacks.clear();
  callbacks.send(bare(`${url}/new`));
  await agenda.runDue(START + DAY);
  t.strictSame(heard, ['/new']);
});

t.test('an allowed host may be called wherever it is', async (t) => {
  // On every interface, and so on none in particular: not loopback by name.
  const server = createServer((_request, response) => response.end()).listen(0, '0.0.0.0');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const url = `http://0.0.0.0:${(server.address() as AddressInfo).port}/`;
  for (const [hosts, result] of [
    [undefined, { refused: /allow it with --allow-callbacks/ }],
    [['shop.test'], { refused: /allow it with --allow-callbacks/ }],
    [['shop.test', '0.0.0.0'], ok],
  ] as const) {
    const { callbacks, agenda } = callbacksOn({ mayCall: hosts && readCallbackHosts(hosts) });
    callbacks.send(bare(url));
    await agenda.runDue(START);
    t.matchLists(callbacks.attempts, [{ result }], String(hosts));
  }
  const { callbacks, agenda } = callbacksOn({ mayCall: readCallbackHosts(['[2001:DB8::1]']) });
  callbacks.send(bare('ftp://[2001:db8::1]/'));
  await agenda.runDue(START);
  t.matchLists(callbacks.attempts, [{ result: { refused: /not a URL of http or https/ } }]);
});
