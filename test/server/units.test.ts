import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import fc from 'fast-check';
import { withoutApiKeys } from '../../src/klarna/api-keys.js';
import type { Callback } from '../../src/klarna/decision.js';
import { DAY, HOUR, MINUTE } from '../../src/klarna/time.js';
import { consoleJson, consoleLine, EXPLAIN_LIMIT, explainHeader } from '../../src/server/plugins/explanation.js';
import { readJson, UnreadableBody } from '../../src/server/plugins/json-bodies.js';
import { rateLimits } from '../../src/server/plugins/rate-limits.js';
import { Agenda, type AgendaOptions } from '../../src/server/world/agenda.js';
import { type PostOptions, post as postPatiently } from '../../src/server/world/callback-request.js';
import { Callbacks, type CallbacksOptions } from '../../src/server/world/callbacks.js';
import { ClockRefusal, MerchantClock, readDuration, type WallClock, wallClock } from '../../src/server/world/clock.js';
import { randomIds, seededIds } from '../../src/server/world/ids.js';
import { type Exchange, Journal } from '../../src/server/world/journal.js';
import { type Given, openGate, readBasic, strictGate } from '../../src/server/world/merchants.js';
import { MerchantsFileError, readMerchants } from '../../src/server/world/merchants-file.js';
import { holds } from '../property.js';
import t, { type Test } from '../tap.js';

const START = Date.UTC(2026, 0, 31, 12);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A wall clock that stands until it is moved, and then runs what has fallen due. */
function fakeWall() {
  let now = START;
  let waits: { at: number; run: () => void }[] = [];
  const wall: WallClock = {
    now: () => now,
    monotonic: () => now,
    later(ms, run) {
      const wait = { at: now + ms, run };
      waits.push(wait);
      return () => {
        waits = waits.filter((other) => other !== wait);
      };
    },
  };
  return {
    wall,
    waits: () => waits.map(({ at }) => at - now),
    pass(ms: number): void {
      now += ms;
      const due = waits.filter(({ at }) => at <= now);
      waits = waits.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

t.test('readJson', async (t) => {
  const read = (text: string): unknown => readJson(Buffer.from(text));
  const why = (body: string | Buffer): string => {
    try {
      readJson(Buffer.from(body as string));
    } catch (error) {
      if (error instanceof UnreadableBody) return error.message;
      throw error;
    }
    return 'read';
  };

  t.test('reads what JSON can say, and nothing from an empty body', async (t) => {
    t.equal(read(''), undefined);
    holds(
      t,
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor/.test(text));
        return JSON.stringify(read(text)) === text;
      }),
      { numRuns: 50 },
    );
  });

  t.test('refuses what is not UTF-8 and what is not JSON, and says so', async (t) => {
    t.equal(why(Buffer.from([0x22, 0xff, 0x22])), 'the body is not UTF-8');
    for (const text of ['{', 'order_amount=1', ' ', "{'a':1}", '\ufeff{}', '[1,]', 'NaN']) {
      t.match(why(text), /^the body is not JSON: /, text);
    }
  });

  t.test('never throws anything but UnreadableBody, whatever the bytes', async (t) => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\u', 'd800', '__proto__', 'a', '1', '\\');
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.array(piece).map((pieces) => Buffer.from(pieces.join(''))),
    );
    holds(
      t,
      fc.property(bytes, (body) => typeof why(body) === 'string'),
      { numRuns: 200 },
    );
  });

  t.test(
    'refuses keys that reach into prototypes, at any depth and however spelt, and names their place',
    async (t) => {
      t.equal(why('{"__proto__":1}'), '__proto__ is a key that the body must not have');
      t.equal(why('{"a":[0,{"constructor":{}}]}'), 'a[1].constructor is a key that the body must not have');
      t.equal(why('{"a":{"\\u005f_proto__":1}}'), 'a.__proto__ is a key that the body must not have');
      t.strictSame(read('{"name":"constructor","note":"__proto__"}'), { name: 'constructor', note: '__proto__' });
      const beside = { prototype: 1, constructors: 2, Constructor: 3, __proto: 4, _proto__: 5 };
      t.strictSame(read(JSON.stringify({ ...beside, note: '__proto__ constructor' })), {
        ...beside,
        note: '__proto__ constructor',
      });
    },
  );

  t.test('refuses half a surrogate pair in a text or a key, and names its place', async (t) => {
    t.equal(why('{"order_lines":[{"name":"a\\ud800"}]}'), 'order_lines[0].name has half a surrogate pair');
    t.equal(why('"\\udc00"'), 'the body has half a surrogate pair');
    t.match(why('{"\\ud800":1}'), /^the key .* has half a surrogate pair$/);
    t.strictSame(read('{"name":"\\ud83d\\ude00 \\u00e5","n":1,"nothing":null}'), { name: '😀 å', n: 1, nothing: null });
  });

  t.test('refuses nesting that would overflow whoever walks it, not brackets in texts', async (t) => {
    const nested = (depth: number, within = ''): string =>
      `${'[{"a":'.repeat(depth / 2)}"${within}"${'}]'.repeat(depth / 2)}`;
    t.equal(why(nested(1_002)), 'the body is nested deeper than 1000 levels');
    t.equal(why('['.repeat(1_000_000)), 'the body is nested deeper than 1000 levels');
    t.equal(why(nested(1_000)), 'read');
    // Brackets beside it have the depth counted at all.
    const beside = (depth: number) => why(`[[],[],${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}]`);
    t.equal(beside(1_000), 'read');
    t.equal(beside(1_001), 'the body is nested deeper than 1000 levels');
    t.equal(why(`[${nested(900)}${`,${nested(900)}`.repeat(10)}]`), 'read', 'many brackets side by side');
    t.equal(why(nested(1_000, '\\u0041')), 'read', 'walked as well');
    t.equal(why(`["${'[{\\"'.repeat(2_000)}"]`), 'read');
  });
});

t.test('clock', async (t) => {
  t.test('the wall clock tells time, and calls once, later, unless called off', async (t) => {
    t.ok(wallClock.now() > START - 10 * 365 * DAY);
    const before = wallClock.monotonic();
    t.ok(before <= wallClock.monotonic());
    let called = 0;
    wallClock.later(0, () => called++)();
    // A wait that is longer than the platform's longest time-out does not end at once.
    const callOff = wallClock.later(2 ** 40, () => called++);
    await new Promise<void>((resolve) => {
      wallClock.later(1, resolve);
      // The clock's own timers keep no process alive.
      const alive = setTimeout(() => {}, 1_000);
      t.teardown(() => clearTimeout(alive));
    });
    callOff();
    t.equal(called, 0);
  });

  t.test('a long wait is made of waits that the platform can hold', async (t) => {
    const { setTimeout: real } = globalThis;
    t.teardown(() => {
      globalThis.setTimeout = real;
    });
    const waits: number[] = [];
    globalThis.setTimeout = ((run: () => void, ms: number) => {
      waits.push(ms);
      run();
      return { unref() {} };
    }) as unknown as typeof setTimeout;
    let called = 0;
    wallClock.later(2 ** 32, () => called++);
    t.strictSame(waits, [2 ** 31 - 1, 2 ** 31 - 1, 2]);
    t.equal(called, 1);
  });

  t.test('a running clock goes with the wall, ahead of it once moved or from its own start', async (t) => {
    const { wall, pass } = fakeWall();
    const clock = new MerchantClock(wall);
    t.equal(clock.now(), START);
    clock.set(START + HOUR);
    pass(5);
    t.equal(clock.now(), START + HOUR + 5);
    const early = new MerchantClock(wall, { start: 0 });
    pass(7);
    t.equal(early.now(), 7);
    t.ok(early.running);
  });

  t.test('a standing clock stands at its start, or at the wall’s, until it is moved', async (t) => {
    const { wall, pass } = fakeWall();
    const clock = new MerchantClock(wall, { start: DAY, standing: true });
    const other = new MerchantClock(wall, { standing: true });
    pass(HOUR);
    t.equal(clock.now(), DAY);
    t.equal(other.now(), START);
    clock.set(2 * DAY);
    t.equal(clock.now(), 2 * DAY);
    clock.reach(DAY);
    t.equal(clock.now(), 2 * DAY, 'what has passed is reached');
    t.notOk(clock.running);
  });

  t.test('it only moves forward, to instants of four-digit years', async (t) => {
    const clock = new MerchantClock(fakeWall().wall, { start: START, standing: true });
    t.throws(() => clock.set(START - 1), {
      message: /^2026-01-31T11:59:59.999Z has passed: the clock shows 2026-01-31T12/,
    });
    t.throws(() => clock.set(-8.7e15), { message: /^that instant has passed/ });
    t.throws(() => clock.set(Number.NaN), { message: 'that is not an instant' });
    t.throws(() => clock.set(START + 0.5), { message: 'that is not an instant' });
    t.throws(() => clock.set(Date.UTC(10_000, 0)), { message: /9999/ });
    clock.set(START);
    t.equal(clock.now(), START);
    const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    clock.set(last);
    t.equal(clock.now(), last);
  });

  t.test('a running clock takes a moment that was just read for now, and none before', async (t) => {
    const { wall, pass } = fakeWall();
    const clock = new MerchantClock(wall);
    const read = clock.now();
    pass(10_000);
    clock.set(read);
    t.equal(clock.now(), START + 10_000, 'it is not set back');
    pass(1);
    t.throws(() => clock.set(read), { message: /^2026-01-31T12:00:00.000Z has passed: / });
  });

  t.test('durations go by the calendar, in UTC', async (t) => {
    const after = async (text: string): Promise<string> => new Date((await readDuration(text))(START)).toISOString();
    t.equal(await after('PT61M'), '2026-01-31T13:01:00.000Z');
    t.equal(await after('P1M'), '2026-02-28T12:00:00.000Z');
    t.equal(await after('P1Y2W3DT4H5M6.789S'), '2027-02-17T16:05:06.789Z');
    t.equal(await after('PT0S'), '2026-01-31T12:00:00.000Z');
    t.equal(await after('PT0.0005S'), '2026-01-31T12:00:00.000Z');
  });

  t.test('what is no duration, says nothing or goes backwards is refused', async (t) => {
    for (const text of [
      '',
      'P',
      'PT',
      'P1DT',
      '-P1D',
      'P-1D',
      '+PT1M',
      'P+1D',
      'PT1M ',
      'p1d',
      '1D',
      '61',
      'PD',
      'PT1D',
      'P1S',
    ]) {
      await t.rejects(
        readDuration(text),
        new ClockRefusal(`${JSON.stringify(text)} is not an ISO 8601 duration such as PT61M`),
      );
    }
    for (const text of ['P8000Y', 'P99999999999999999999Y']) {
      const shift = await readDuration(text);
      t.throws(() => shift(START), { message: 'a clock goes no further than the year 9999' });
    }
    const year = await readDuration('P1Y');
    t.equal(year(Date.UTC(9998, 11, 31, 23, 59, 59, 999)), Date.UTC(9999, 11, 31, 23, 59, 59, 999));
    t.throws(() => year(Date.UTC(9999, 0, 1)), { message: 'a clock goes no further than the year 9999' });
  });
});

function agendaOn(clock: { start?: number; standing?: boolean }, options: Partial<AgendaOptions> = {}) {
  const fake = fakeWall();
  const merchantClock = new MerchantClock(fake.wall, clock);
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const agenda = new Agenda({ clock: merchantClock, wall: fake.wall, failed, ...options });
  return { ...fake, agenda, clock: merchantClock, failures };
}

t.test('agenda', async (t) => {
  t.test('a running clock is moved on by nothing, though it shows another moment at each look', async (t) => {
    let now = START;
    const ticking = { ...fakeWall().wall, now: () => (now += 20_000) };
    const clock = new MerchantClock(ticking);
    const agenda = new Agenda({ clock, wall: ticking, failed: (error) => t.fail(String(error)) });
    const before = now;
    t.ok((await agenda.runDue(await readDuration('PT0S'))) > before);
    t.ok((await agenda.runDue(await readDuration('PT0.001S'))) > before);
    await t.rejects(agenda.runDue(before), ClockRefusal);
  });

  t.test('runs what falls due in order of time, each at its time, and what that brings about', async (t) => {
    const { agenda, clock } = agendaOn({ start: 0, standing: true });
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name} at ${clock.now()}`);
    agenda.schedule(30, note('third'));
    agenda.schedule(10, note('first'));
    agenda.schedule(10, async () => {
      note('second')();
      await Promise.resolve();
      agenda.schedule(clock.now() + 5, note('brought about'));
      agenda.schedule(3, note('overdue'));
    });
    agenda.schedule(50, note('not yet'));
    t.equal(await agenda.runDue(40), 40);
    t.strictSame(ran, ['first at 10', 'second at 10', 'overdue at 10', 'brought about at 15', 'third at 30']);
    t.equal(clock.now(), 40);
    t.equal(agenda.size, 1);
  });

  t.test('moves come one after the other, and one that is refused changes nothing', async (t) => {
    const { agenda, clock } = agendaOn({ start: 0, standing: true });
    const hour = await readDuration('PT1H');
    const moves = await Promise.allSettled([agenda.runDue(hour), agenda.runDue(5), agenda.runDue(hour)]);
    t.matchLists(moves, [{ value: HOUR }, { reason: { name: 'ClockRefusal' } }, { value: 2 * HOUR }]);
    t.equal(clock.now(), 2 * HOUR);
  });

  t.test('with a running clock the wall wakes it', async (t) => {
    const { agenda, pass, waits } = agendaOn({});
    const ran: string[] = [];
    agenda.schedule(START + 2_000, () => void ran.push('later'));
    agenda.schedule(START + 1_000, () => void ran.push('sooner'));
    t.strictSame(waits(), [1_000], 'one timer');
    pass(1_000);
    t.strictSame(ran, ['sooner']);
    pass(1_000);
    t.strictSame(ran, ['sooner', 'later']);
    t.strictSame(waits(), []);
  });

  t.test('a running clock that is moved wakes what is due from where it is', async (t) => {
    const { agenda, pass, waits } = agendaOn({});
    const ran: string[] = [];
    agenda.schedule(START + 10_000, () => void ran.push('due'));
    t.equal(await agenda.runDue(START + 4_000), START + 4_000);
    t.strictSame(waits(), [6_000], 'and nothing waits for tasks any more');
    pass(5_999);
    t.strictSame(ran, []);
    pass(1);
    t.strictSame(ran, ['due']);
  });

  t.test('a standing clock wakes nothing, but what is due already runs at once', async (t) => {
    const { agenda, pass, waits } = agendaOn({ start: 0, standing: true });
    const ran: string[] = [];
    agenda.schedule(1, () => void ran.push('future'));
    t.strictSame(waits(), []);
    agenda.schedule(0, () => void ran.push('due'));
    t.strictSame(ran, [], 'not within the call');
    pass(0);
    t.strictSame(ran, ['due']);
  });

  t.test('moving the clock waits for what is under way, and not for ever', async (t) => {
    const { agenda, clock, pass } = agendaOn({ start: 0, standing: true }, { patience: 10_000 });
    let finish = (): void => {};
    agenda.schedule(
      0,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    pass(0);
    let moved = false;
    const move = agenda.runDue(5).then(() => {
      moved = true;
    });
    await new Promise(setImmediate);
    t.equal(moved, false);
    t.equal(clock.now(), 0);
    finish();
    await move;
    t.equal(clock.now(), 5);

    let late = 0;
    agenda.schedule(6, () => new Promise<void>(() => {}));
    agenda.schedule(7, () => void late++);
    const impatient = agenda.runDue(8);
    await new Promise(setImmediate);
    pass(9_999);
    await new Promise(setImmediate);
    t.equal(late, 0);
    pass(1);
    t.equal(await impatient, 8);
    t.equal(late, 1);
  });

  t.test('tasks that fail are told of and stop nothing', async (t) => {
    const { agenda, failures } = agendaOn({ start: 0, standing: true });
    agenda.schedule(1, () => {
      throw new Error('at once');
    });
    agenda.schedule(2, async () => {
      throw new Error('later');
    });
    await agenda.runDue(3);
    t.matchLists(failures, [{ message: 'at once' }, { message: 'later' }]);
  });

  t.test('takes no more than it has room for, and forgets everything when cleared', async (t) => {
    const { agenda, waits } = agendaOn({}, { limit: 2 });
    let ended = false;
    agenda.schedule(START, (signal) => {
      signal.addEventListener('abort', () => {
        ended = true;
      });
    });
    await agenda.runDue(START);
    t.equal(
      agenda.schedule(START + 1, () => {}),
      true,
    );
    t.equal(
      agenda.schedule(START + 2, () => {}),
      true,
    );
    t.equal(
      agenda.schedule(START, () => {}),
      false,
    );
    agenda.clear();
    t.equal(agenda.size, 0);
    t.strictSame(waits(), []);
    t.ok(ended, 'what is under way hears of it');
  });
});

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

function callbacksOn(options: Partial<CallbacksOptions> = {}) {
  const on = agendaOn({ start: START, standing: true });
  let ids = 0;
  const callbacks = new Callbacks({
    agenda: on.agenda,
    clock: on.clock,
    wall: on.wall,
    id: () => `id-${++ids}`,
    ...options,
  });
  return { ...on, callbacks };
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
      t.match(result, { refused: /not on the loopback interface|not a URL of http/ });
  });

  t.test('a callback that the agenda has no room for is recorded', async (t) => {
    const on = agendaOn({ start: START, standing: true }, { limit: 0 });
    const { callbacks } = callbacksOn({ agenda: on.agenda });
    callbacks.send(authorization('http://127.0.0.1/'));
    t.matchLists(callbacks.attempts, [{ attempt: 1, result: { refused: /too many/ } }]);
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
    const delivery = post('http://shop.test/', {}, { wall, resolve: (() => {}) as never }, never);
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
    t.strictSame(await post('http://shop.test/', {}, { wall, resolve: nobody }, never), { error: 'ENOTFOUND' });
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
        await post(`http://${host}:1/`, {}, { wall, allowedHosts: ['127.0.0.1', 'shop.test'] }, never),
        { refused: `${name} is not on the loopback interface: allow the host to have callbacks sent there` },
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

  t.test('a name goes only to its loopback addresses', async (t) => {
    const { wall } = fakeWall();
    const url = await receiver(t, (request, response) =>
      response.writeHead(request.headers.host?.startsWith('shop.test') ? 200 : 500).end(),
    );
    const named = url.replace('127.0.0.1', 'shop.test');
    t.strictSame(await post(named, {}, { wall, resolve: lookupOf('192.0.2.1', '127.0.0.1') }, never), { status: 200 });
    t.match(await post(named, {}, { wall, resolve: lookupOf('192.0.2.1', '10.0.0.1') }, never), {
      refused: /^shop.test is not on the loopback/,
    });
    t.match(await post(named, {}, { wall, resolve: lookupOf() }, never), { refused: /shop.test/ });
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
    t.strictSame(await post(url.replace('127.0.0.1', 'shop.test'), {}, { wall: fakeWall().wall, resolve }, never), {
      status: 200,
    });
  });

  t.test('an allowed host may be anywhere, and is asked for its certificate', async (t) => {
    const { wall } = fakeWall();
    const url = await receiver(t, (_request, response) => response.end());
    const allowedHosts = ['LOCALHOST'];
    t.strictSame(await post(url.replace('127.0.0.1', 'localhost'), {}, { wall, allowedHosts }, never), { status: 200 });
    t.match(await post(url.replace('http:', 'https:'), {}, { wall, allowedHosts: ['127.0.0.1'] }, never), {
      error: /./,
    });
  });
});

t.test('ids', async (t) => {
  t.test('are UUIDs of version 4 and readable references, never twice', async (t) => {
    for (const ids of [randomIds, seededIds('1', 'merchant')]) {
      const uuids = Array.from({ length: 200 }, () => ids.uuid());
      const references = Array.from({ length: 200 }, () => ids.reference());
      t.equal(uuids.filter((id) => UUID.test(id)).length, 200);
      t.equal(references.filter((id) => /^[2-9A-HJ-NP-Z]{8}$/.test(id)).length, 200);
      t.equal(new Set([...uuids, ...references]).size, 400);
    }
  });

  t.test('the same seed and merchant give the same ids, others give others', async (t) => {
    const some = (seed: string, merchant: string): string[] => {
      const ids = seededIds(seed, merchant);
      return [ids.uuid(), ids.reference(), ids.uuid()];
    };
    t.strictSame(some('7', 'a'), some('7', 'a'));
    t.equal(new Set([some('7', 'a'), some('7', 'b'), some('8', 'a'), some('7","a', 'a')].flat()).size, 12);
  });
});

t.test('rate limits', async (t) => {
  const limits = { createSession: { live: 40, playground: 5 }, readSession: { live: 200, playground: 50 } };
  const told = (remaining: string, limit: string) => ({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': '1',
  });

  t.test('switched off, they say the same to every call and refuse none', async (t) => {
    const count = rateLimits('off', limits, fakeWall().wall)();
    for (let i = 0; i < 100; i++) count('createSession');
    t.strictSame(count('createSession'), { allowed: true, headers: told('39', '40, 40;w=1') });
    t.equal(count('createSession'), count('createSession'), 'nothing is made for a call');
    t.equal(count('readClock'), undefined);
  });

  t.test('they count by merchant, operation and second', async (t) => {
    const { wall, pass } = fakeWall();
    const counter = rateLimits('playground', limits, wall);
    const count = counter();
    const seen = Array.from({ length: 6 }, () => count('createSession'));
    t.strictSame(
      seen.map((verdict) => verdict?.headers['x-ratelimit-remaining']),
      ['4', '3', '2', '1', '0', '0'],
    );
    t.strictSame(
      seen.map((verdict) => verdict?.allowed),
      [true, true, true, true, true, false],
    );
    t.strictSame(seen[5], { allowed: false, headers: told('0', '5, 5;w=1') });
    t.equal(count('readSession')?.allowed, true, 'another operation');
    t.equal(counter()('createSession')?.allowed, true, 'another merchant');
    pass(999);
    t.equal(count('createSession')?.allowed, false);
    pass(1);
    t.strictSame(count('createSession'), { allowed: true, headers: told('4', '5, 5;w=1') }, 'the next second');
    t.equal(count('readClock'), undefined);
  });

  t.test('live limits are larger', async (t) => {
    const count = rateLimits('live', limits, fakeWall().wall)();
    t.strictSame(count('createSession')?.headers, told('39', '40, 40;w=1'));
  });
});

const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  at: START,
  method: 'POST',
  path: '/payments/v1/sessions',
  operation: 'createSession',
  status: 400,
  ms: 1.23456,
  correlationId: 'c',
  requestHeaders: { host: 'sandbox', Authorization: 'Basic c2VjcmV0', cookie: 'secret=1' },
  requestBody: '{"a":1}',
  responseHeaders: { 'content-length': 3, 'set-cookie': ['secret=2'], 'x-absent': undefined },
  responseBody: 'not JSON',
  because: { rule: 'shape', text: 'a: expected nothing' },
  ...more,
});

t.test('journal', async (t) => {
  t.test('shows an exchange without its secrets', async (t) => {
    const journal = new Journal();
    journal.add(exchange());
    const { items: exchanges, dropped } = journal.list();
    // As the control API answers it.
    t.strictSame(JSON.parse(JSON.stringify(exchanges)), [
      {
        at: '2026-01-31T12:00:00.000Z',
        method: 'POST',
        path: '/payments/v1/sessions',
        operation: 'createSession',
        status: 400,
        duration_ms: 1.235,
        correlation_id: 'c',
        request: { headers: { host: 'sandbox', Authorization: '[redacted]', cookie: '[redacted]' }, body: { a: 1 } },
        response: { headers: { 'content-length': '3', 'set-cookie': '[redacted]' }, body: 'not JSON' },
        explanation: { rule: 'shape', evidence: 'spec', text: 'a: expected nothing' },
      },
    ]);
    t.equal(dropped, 0);
    journal.add(exchange({ requestBody: undefined, responseBody: '', because: undefined }));
    t.notMatch(JSON.stringify(journal.list({ limit: 1 })), /"body"|"explanation"/);
  });

  t.test('every header that carries credentials is left out, however spelt, and none beside it', async (t) => {
    const headers = {
      Authorization: 'a',
      'proxy-AUTHORIZATION': 'b',
      Cookie: 'c',
      'Set-Cookie': ['d', 'e'],
      'x-authorization': 'f',
      'proxy-authenticate': 'g',
      cookies: 'h',
      'www-authenticate': ['i', 'j'],
    };
    const journal = new Journal();
    journal.add(exchange({ requestHeaders: headers, responseHeaders: headers }));
    const [shown] = journal.list().items;
    const expected = {
      Authorization: '[redacted]',
      'proxy-AUTHORIZATION': '[redacted]',
      Cookie: '[redacted]',
      'Set-Cookie': '[redacted]',
      'x-authorization': 'f',
      'proxy-authenticate': 'g',
      cookies: 'h',
      'www-authenticate': 'i,j',
    };
    t.strictSame([shown?.request.headers, shown?.response.headers], [expected, expected]);
  });

  t.test('has room for exactly what it says, and cuts no body that takes a quarter of it', async (t) => {
    const measure = new Journal();
    measure.add(exchange());
    const { size } = measure;
    const full = new Journal(10, 4 * size);
    for (let n = 0; n < 4; n++) full.add(exchange());
    t.strictSame([full.size, full.list().dropped], [4 * size, 0]);
    t.notOk(full.list().items.some(({ request, response }) => request.cut || response.cut));
    full.add(exchange());
    t.strictSame([full.size, full.list().dropped], [4 * size, 1]);
    const tight = new Journal(10, 4 * size - 4);
    tight.add(exchange());
    t.match(tight.list().items[0]?.response, { cut: true }, 'one character more than a quarter');
    const two = new Journal(2);
    for (let n = 0; n < 2; n++) two.add(exchange());
    t.equal(two.list().dropped, 0);
  });

  t.test('lists newest first, by operation and status, as many as asked for', async (t) => {
    const journal = new Journal();
    for (const status of [200, 400, 200, 404]) journal.add(exchange({ status, path: `/${journal.length}` }));
    journal.add(exchange({ operation: 'readSession', status: 200, path: '/4' }));
    const paths = (filter?: Parameters<Journal['list']>[0]) => journal.list(filter).items.map(({ path }) => path);
    t.strictSame(paths(), ['/4', '/3', '/2', '/1', '/0']);
    t.strictSame(paths({ status: 200 }), ['/4', '/2', '/0']);
    t.strictSame(paths({ operation: 'createSession', status: 200, limit: 1 }), ['/2']);
    journal.clear();
    t.strictSame(journal.list(), { items: [], dropped: 0 });
  });

  t.test('keeps 1,000 exchanges and says how many it dropped', async (t) => {
    const journal = new Journal();
    for (let i = 0; i < 2_500; i++) journal.add(exchange({ path: `/${i}` }));
    const { items: exchanges, dropped } = journal.list();
    t.equal(exchanges.length, 1_000);
    t.equal(dropped, 1_500);
    t.equal(exchanges[0]?.path, '/2499');
    t.equal(exchanges.at(-1)?.path, '/1500');
    journal.clear();
    t.equal(journal.size, 0);
  });

  t.test('of a body that would take too much room it keeps the beginning, as text', async (t) => {
    const journal = new Journal(10, 8_000);
    journal.add(exchange({ requestBody: `"${'x'.repeat(1_000_000)}"`, responseBody: '{"short":true}' }));
    journal.add(exchange({ requestBody: '{}', responseBody: 'y'.repeat(1_000_000) }));
    const [second, first] = journal.list().items;
    t.match(first?.request, { body: /^"x+$/, cut: true });
    t.match(first?.response, { body: { short: true }, cut: undefined });
    t.strictSame([second?.request.body, second?.request.cut], [{}, undefined]);
    t.match(second?.response, { body: /^y+$/, cut: true });
    t.ok(journal.size <= 4_000);
    const tiny = new Journal(10, 100);
    tiny.add(exchange());
    t.strictSame(tiny.list(), { items: [], dropped: 1 }, 'headers alone are too much for it');
  });

  t.test('stays within its bounds whatever is added', async (t) => {
    const sizes = fc.array(fc.tuple(fc.nat(3_000), fc.nat(3_000)), { maxLength: 60 });
    holds(
      t,
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 3_000, max: 20_000 }),
        (bodies, limit, room) => {
          const journal = new Journal(limit, room);
          for (const [asked, answered] of bodies) {
            journal.add(exchange({ requestBody: 'q'.repeat(asked), responseBody: 'a'.repeat(answered) }));
          }
          const { items: exchanges, dropped } = journal.list();
          const bounded = exchanges.length <= limit && journal.size <= room;
          const newest = bodies.length === 0 || exchanges.length > 0;
          return bounded && newest && exchanges.length + dropped === bodies.length;
        },
      ),
      { numRuns: 50 },
    );
  });
});

t.test('explanation', async (t) => {
  t.test('is one line of printable ASCII', async (t) => {
    t.equal(explainHeader('order-total', 'given 1, expected 2'), 'order-total: given 1, expected 2');
    t.equal(explainHeader('shape', 'Åsa\r\n😀\ud800\u007f'), 'shape: \\u{c5}sa\\u{d}\\u{a}\\u{1f600}\\u{d800}\\u{7f}');
  });

  t.test('never breaks a header, never exceeds 1024 bytes, never ends within an escape', async (t) => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\ud800', '\udc00', '\\', 'é', 'ascii '),
    );
    const text = fc.array(unit, { maxLength: 400 }).map((units) => units.join(''));
    holds(
      t,
      fc.property(text, fc.nat(60), (given, times) => {
        const header = explainHeader('shape', given.repeat(1 + (times % 5)) + 'x'.repeat(times));
        const withinEscape = /\\u\{[0-9a-f]*\.\.\.$/.test(header.replaceAll(/\\u\{[0-9a-f]+\}/g, ''));
        return header.length <= EXPLAIN_LIMIT && /^shape: [\x20-\x7e]*$/.test(header) && !withinEscape;
      }),
      { numRuns: 200 },
    );
  });

  t.test('is cut at the end, and only when it is too long', async (t) => {
    const most = 'x'.repeat(EXPLAIN_LIMIT - 'shape: '.length);
    t.equal(explainHeader('shape', most), `shape: ${most}`);
    t.equal(explainHeader('shape', `${most.slice(0, -6)}é`), `shape: ${most.slice(0, -6)}\\u{e9}`);
    t.equal(explainHeader('shape', `${most}x`), `shape: ${most.slice(0, -3)}...`);
    t.equal(explainHeader('shape', `${most.slice(0, -8)}éé`), `shape: ${most.slice(0, -8)}...`);
    t.equal(explainHeader('shape', 'é'.repeat(1_000_000)).length, 'shape: '.length + 169 * 6 + 3);
  });

  t.test('the console gets one line that no text can break', async (t) => {
    t.equal(consoleLine({ method: 'GET', path: '/p', status: 200, ms: 1.26 }), 'GET /p 200 1.3 ms');
    t.equal(
      consoleLine({
        method: 'POST',
        path: '/\u001b[2J',
        status: 400,
        ms: 0,
        explanation: 'shape: Åsa\n\u202e\u0085\ud800',
      }),
      'POST /\\u{1b}[2J 400 0.0 ms  shape: Åsa\\u{a}\\u{202e}\\u{85}\\u{d800}',
    );
    t.equal(
      consoleLine({ method: 'GET', path: 'x'.repeat(5_000), status: 404, ms: 1 }).length,
      'GET '.length + 203 + ' 404 1.0 ms'.length,
    );
  });

  t.test('as JSON it says the same, escaped where a terminal would obey', async (t) => {
    const entry = {
      method: 'POST',
      path: '/\u001b\u007f\u009b',
      status: 400,
      ms: 1.26,
      explanation: 'Å \u{e0001} \u2028',
    };
    const line = consoleJson(entry);
    t.strictSame(JSON.parse(line), { ...entry, ms: 1.3 });
    t.match(line, /^\{"method":"POST","path":"\/\\u001b\\u007f\\u009b"/);
    t.match(line, /Å \\udb40\\udc01 \\u2028/);
  });
});

const KEY = 'klarna_test_api_d2ludGVyLWJvb3Rz';
/** By the SHA-256 of the key. */
const NAME = 'api-key-93ed2d7a';

t.test('credentials', async (t) => {
  const basic = (text: string | Buffer): string => `Basic ${Buffer.from(text as string).toString('base64')}`;

  t.test('user name and password are read from Basic authentication', async (t) => {
    t.strictSame(readBasic(basic('K123_abc:secret:with:colons')), {
      username: 'K123_abc',
      password: 'secret:with:colons',
    });
    t.strictSame(readBasic(basic('a:').replace('Basic ', 'bAsIc  ')), { username: 'a', password: '' });
    t.strictSame(readBasic(basic('Åsa:ö')), { username: 'Åsa', password: 'ö' });
    const first = readBasic(basic('a:b'));
    for (let i = 1; i < 500; i++) readBasic(basic(`${i}:p`));
    t.equal(readBasic(basic('a:b')), first, 'and remembered');
    readBasic(basic('500:p'));
    const again = readBasic(basic('a:b'));
    t.not(again, first, 'not without end');
    t.strictSame(again, first);
  });

  t.test('what is not strictly that is none', async (t) => {
    const bad = [
      undefined,
      '',
      'Basic',
      'Basic ',
      'Bearer abc',
      'Basic a:b',
      'Basic YTpi=',
      'Basic YTpiYw',
      'Basic YTpi YTpi',
      'Basic YR==',
    ];
    for (const header of bad) t.equal(readBasic(header), undefined, String(header));
    for (const key of [
      'klarna_test_client_abc',
      'klarna_test_',
      'klarna_test_api a',
      'xklarna_test_api_a',
      KEY.toUpperCase(),
    ]) {
      t.equal(readBasic(`Basic ${key}`), undefined, key);
    }
    const names = ['no colon', ':password', 'a\nb:c', 'a\u0085b:c', `${'x'.repeat(256)}:c`, `a:${'x'.repeat(5_000)}`];
    for (const text of names) t.equal(readBasic(basic(text)), undefined, text.slice(0, 20));
    t.equal(readBasic(basic(Buffer.from([0x61, 0x3a, 0xff]))), undefined, 'not UTF-8');
    t.match(readBasic(basic(`${'x'.repeat(255)}:c`)), { password: 'c' });
    const longest = basic(`a:${'x'.repeat(3_064)}`).replace('Basic ', 'Basic   ');
    t.equal(longest.length, 4_096);
    t.match(readBasic(longest), { username: 'a' });
    t.equal(readBasic(longest.replace('Basic ', 'Basic  ')), undefined, 'one character longer');
  });

  t.test('an API key alone is credentials, under a name that does not give it away', async (t) => {
    const alone = { username: NAME, password: KEY, keyAlone: true };
    for (const header of [`Basic ${KEY}`, `bAsIc   ${KEY}`, basic(KEY), basic(`${KEY}:`)]) {
      t.strictSame(readBasic(header), alone, header);
    }
    t.strictSame(readBasic(basic(`${KEY}:beside`)), { username: NAME, password: 'beside' });
    t.strictSame(readBasic(basic(`K123_abc:${KEY}`)), { username: 'K123_abc', password: KEY });
    t.not(readBasic(`Basic ${KEY}2`)?.username, NAME, 'each key has a name of its own');
  });

  t.test('a key of the live environment is told', async (t) => {
    const live = KEY.replace('test', 'live');
    for (const header of [`Basic ${live}`, basic(live), basic(`${live}:`), basic(`${live}:x`), basic(`shop:${live}`)]) {
      t.equal(readBasic(header)?.live, true, header);
    }
    t.strictSame(readBasic(basic('klarna_live_shop:x')), readBasic(basic('klarna_live_shop:x')));
    t.strictSame(readBasic(basic('shop:klarna live')), { username: 'shop', password: 'klarna live' });
  });

  t.test('keys are taken out of texts, and what only looks like one stays', async (t) => {
    t.equal(withoutApiKeys(`Basic ${KEY}, or klarna_live_api_a/b+c=.`), 'Basic redacted or redacted');
    const left = 'klarna_test_client_abc, klarna, klarna_test and klarna_test_';
    t.equal(withoutApiKeys(left), left);
  });

  t.test('the open gate knows everybody, but not with the password `invalid`', async (t) => {
    t.strictSame(openGate({ username: 'anybody', password: '' }), { standing: 'active', merchant: 'anybody' });
    t.strictSame(openGate({ username: 'anybody', password: 'invalid' }), { standing: 'unknown', merchant: 'anybody' });
    t.strictSame(openGate(readBasic(`Basic ${KEY}`) as Given), { standing: 'active', merchant: NAME });
  });

  t.test('the strict gate knows the merchants of the file', async (t) => {
    const gate = strictGate([
      { username: 'shop', password: 'secret' },
      { username: 'closed', password: 'secret', active: false },
    ]);
    const standing = (username: string, password: string) => gate({ username, password }).standing;
    t.equal(standing('shop', 'secret'), 'active');
    t.equal(standing('shop', 'secre'), 'unknown');
    t.equal(standing('closed', 'secret'), 'inactive');
    t.equal(standing('closed', 'wrong'), 'unknown');
    t.equal(standing('other', ''), 'unknown');
  });

  t.test('the strict gate knows a merchant by its API key alone', async (t) => {
    const gate = strictGate([
      { username: 'shop', password: KEY },
      { username: 'closed', password: `${KEY}2`, active: false },
      { username: 'plain', password: 'secret' },
    ]);
    const given = (header: string) => gate(readBasic(header) as Given);
    t.strictSame(given(`Basic ${KEY}`), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(basic(`${KEY}:`)), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(basic(`shop:${KEY}`)), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(`Basic ${KEY}2`), { standing: 'inactive', merchant: 'closed' });
    t.equal(given(basic(`closed:${KEY}`)).standing, 'unknown', 'the key of another');
    t.equal(given(basic(`${KEY}:secret`)).standing, 'unknown', 'a key and something else');
    const stranger = given(`Basic ${KEY}3`);
    t.match(stranger, { standing: 'unknown', merchant: /^api-key-[0-9a-f]{8}$/ });
  });
});

t.test('merchants file', async (t) => {
  t.test('is YAML or JSON', async (t) => {
    const yaml =
      'merchants:\n  - username: shop\n    password: secret\n  - { username: closed, password: "1", active: false }\n';
    t.matchLists(await readMerchants(yaml, 'm.yaml'), [
      { username: 'shop', password: 'secret', active: undefined },
      { username: 'closed', password: '1', active: false },
    ]);
    t.same(await readMerchants('{"merchants":[{"username":"a","password":"x","currencies":["EUR"]}]}', 'm.json'), [
      { username: 'a', password: 'x', currencies: ['EUR'] },
    ]);
  });

  t.test('an API key takes the place of the password, and of the user name', async (t) => {
    const yaml = `merchants: [{ username: shop, api_key: ${KEY}2 }, { api_key: ${KEY}, active: false, scenario: a }]`;
    t.strictSame(await readMerchants(yaml, 'm.yaml'), [
      { username: 'shop', password: `${KEY}2` },
      { username: NAME, password: KEY, active: false, scenario: 'a' },
    ]);
    t.strictSame(
      await readMerchants(`merchants: [{ username: a, password: b }, { username: b, password: b }]`, 'm.yaml'),
      [
        { username: 'a', password: 'b' },
        { username: 'b', password: 'b' },
      ],
    );
  });

  t.test('a mistake is told in one line with its place', async (t) => {
    const entry = (text: string): string => `merchants: [{${text}}]`;
    const mistakes: [string, RegExp][] = [
      ['merchants: [', /^m.yaml:1:\d+: /],
      ['a: 1\nb: "', /^m.yaml:2:\d+: /],
      ['', /^m.yaml:1:1: the file is empty$/],
      ['~', /^m.yaml: body: given null, expected a value of type object$/],
      ['merchants: []', /^m.yaml: merchants: given \[\], expected at least 1 entries$/],
      ['- a', /expected a value of type object$/],
      ['merchants: [1]', /^m.yaml: merchants\[0\]: given 1, /],
      [entry('username: a, password: b, pasword: b'), /merchants\[0\].pasword: given "b", expected no such field/],
      [entry('username: 1, password: b'), /merchants\[0\].username: given 1, expected a value of type string/],
      [entry('username: "a:b", password: b'), /merchants\[0\].username: given "a:b", expected text that matches/],
      [entry('username: a, password: 1'), /merchants\[0\].password: given 1, expected a value of type string/],
      [
        entry('username: a, password: b, active: "no"'),
        /merchants\[0\].active: given "no", expected a value of type boolean/,
      ],
      [
        entry('username: a, password: b, currencies: EUR'),
        /merchants\[0\].currencies: given "EUR", expected a value of type array/,
      ],
      [
        entry('username: a, password: b, currencies: [eur]'),
        /merchants\[0\].currencies\[0\]: given "eur", expected text that matches/,
      ],
      [entry('username: a, password: b, currencies: []'), /merchants\[0\].currencies: given \[\], expected at least 1/],
      [
        'merchants: [{username: a, password: b}, {username: a, password: c}]',
        /merchants\[1\].username: given a, which an entry before has/,
      ],
      [entry('username: a'), /merchants\[0\].password: given nothing, /],
      [entry('password: a'), /merchants\[0\].username: given nothing, /],
      [
        entry(`api_key: ${KEY}, password: b`),
        /merchants\[0\].password: given beside an api_key, expected one of the two$/,
      ],
      [entry(`username: ${KEY}, password: b`), /merchants\[0\].username: given an API key, expected it as api_key$/],
      [entry('api_key: secret'), /merchants\[0\].api_key: given something else, expected klarna_test_api_\.{3} or /],
      [
        `merchants: [{ api_key: ${KEY} }, { username: b, api_key: ${KEY} }]`,
        /merchants\[1\].api_key: given an API key that an entry before has$/,
      ],
      [
        `merchants: [{ api_key: ${KEY} }, { username: b, password: ${KEY} }]`,
        /merchants\[1\].password: given an API key that an entry before has$/,
      ],
    ];
    for (const [text, message] of mistakes) {
      await t.rejects(readMerchants(text, 'm.yaml'), MerchantsFileError, text);
      await t.rejects(readMerchants(text, 'm.yaml'), { message });
      await readMerchants(text, 'm.yaml').catch((error: Error) => t.notMatch(error.message, /\n|klarna_test_api_d/));
    }
  });

  t.test('a mistake in the program is not taken for one in the file', async (t) => {
    const broken = await t.mockImport<typeof import('../../src/server/world/merchants-file.js')>(
      import.meta.resolve('../../src/server/world/merchants-file.js'),
      {
        [import.meta.resolve('../../src/scenario/located.js')]: {
          ...(await import('../../src/scenario/located.js')),
          locate: () => {
            throw new TypeError('broken');
          },
        },
      },
    );
    await t.rejects(broken.readMerchants('merchants: []', 'm.yaml'), TypeError);
  });
});
