import { neverBack, type WallClock, wallClock } from '../../../src/exchange/wall-clock.js';
import { DAY, HOUR } from '../../../src/klarna/time.js';
import { ClockRefusal, MerchantClock, readDuration } from '../../../src/server/world/clock.js';
import t from '../../tap.js';
import { fakeWall, START } from '../wall.js';

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

  t.test('a running clock stops at the end of the year 9999', async (t) => {
    const { wall, pass } = fakeWall();
    const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    const clock = new MerchantClock(wall, { start: last });
    pass(DAY);
    t.equal(clock.now(), last);
    clock.set(last);
    t.equal((await readDuration('PT0S'))(clock.now()), last);
  });

  t.test('a wall clock that is set back goes on from where it was', async (t) => {
    let [now, monotonic] = [START, 7];
    const wall = neverBack({ ...fakeWall().wall, now: () => now, monotonic: () => monotonic });
    const pass = (ms: number, monotonically = ms) => {
      now += ms;
      monotonic += monotonically;
    };
    const clock = new MerchantClock(wall);
    pass(5);
    t.equal(clock.now(), START + 5);
    pass(-HOUR, 2.5);
    t.equal(clock.now(), START + 7, 'the time since the last look is not lost');
    pass(3);
    t.equal(clock.now(), START + 10);
    pass(-DAY, 0);
    t.equal(clock.now(), START + 10, 'a second time');
    pass(DAY, 0);
    t.equal(clock.now(), START + 10 + DAY, 'and forward as the system’s');
    t.equal(wall.monotonic(), monotonic);
    const waits: number[] = [];
    const later: WallClock['later'] = (ms) => {
      waits.push(ms);
      return () => waits.push(0);
    };
    neverBack({ ...wall, later }).later(3, () => {})();
    t.strictSame(waits, [3, 0], 'waits are those of the wall');
  });

  t.test('a clock that was saved goes on, and not back where the wall was set back meanwhile', async (t) => {
    const { wall, pass } = fakeWall();
    const clock = new MerchantClock(wall);
    clock.set(START + HOUR);
    const state = { ...clock.state };
    t.strictSame(state, { base: HOUR, shown: START + HOUR });
    pass(5);
    t.equal(new MerchantClock(wall, { state }).now(), START + HOUR + 5);
    const earlier = { now: () => START - DAY };
    t.equal(new MerchantClock(earlier, { state }).now(), START + HOUR);
    const standing = new MerchantClock(wall, { start: DAY, standing: true });
    t.equal(new MerchantClock(earlier, { state: standing.state, standing: true }).now(), DAY);
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
