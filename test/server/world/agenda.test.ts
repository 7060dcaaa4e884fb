import fc from 'fast-check';
import { groupBy } from '../../../src/exchange/fields.js';
import { neverBack } from '../../../src/exchange/wall-clock.js';
import { HOUR } from '../../../src/klarna/time.js';
import { Agenda, type AgendaOptions } from '../../../src/server/world/agenda.js';
import { ClockRefusal, MerchantClock, readDuration } from '../../../src/server/world/clock.js';
import { holdsLater } from '../../property.js';
import t from '../../tap.js';
import { fakeWall, START } from '../wall.js';

type Task = (signal: AbortSignal) => Promise<void> | void;

const perform = (task: Task, signal: AbortSignal) => task(signal);

function agendaOn(clock: { start?: number; standing?: boolean }, options: Partial<AgendaOptions<Task>> = {}) {
  const fake = fakeWall();
  const merchantClock = new MerchantClock(fake.wall, clock);
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const agenda = new Agenda<Task>({ clock: merchantClock, wall: fake.wall, failed, perform, ...options });
  return { ...fake, agenda, clock: merchantClock, failures };
}

t.test('agenda', async (t) => {
  t.test('a running clock is moved on by nothing, though it shows another moment at each look', async (t) => {
    let now = START;
    const ticking = { ...fakeWall().wall, now: () => (now += 20_000) };
    const clock = new MerchantClock(ticking);
    const agenda = new Agenda<Task>({ clock, wall: ticking, perform, failed: (error) => t.fail(String(error)) });
    const before = now;
    t.ok((await agenda.runDue(await readDuration('PT0S'))) > before);
    t.ok((await agenda.runDue(await readDuration('PT0.001S'))) > before);
    await t.rejects(agenda.runDue(before), ClockRefusal);
  });

  t.test('a move of no time never fails and never leads back, however the wall clock runs', async (t) => {
    const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    const jumps = fc.array(fc.integer({ min: -50_000, max: 50_000 }), { minLength: 1, maxLength: 20 });
    const start = fc.oneof(fc.constant(START), fc.integer({ min: last - 100_000, max: last }));
    const moves = fc.array(fc.constantFrom('PT0S', 'PT0.001S', 'PT9S'), { maxLength: 20 });
    await holdsLater(
      t,
      fc.asyncProperty(jumps, start, fc.boolean(), moves, async (steps, from, standing, durations) => {
        let [now, looks] = [START, 0];
        const restless = () => (now += steps[looks++ % steps.length] as number);
        const wall = neverBack({ ...fakeWall().wall, now: restless, monotonic: () => looks });
        const clock = new MerchantClock(wall, { start: from, standing });
        const failures: unknown[] = [];
        const agenda = new Agenda<Task>({ clock, wall, perform, failed: (error) => void failures.push(error) });
        let shown = clock.now();
        for (const duration of [...durations, 'PT0S']) {
          const shift = await readDuration(duration);
          // Only the end of the year 9999 may stand in the way of a longer one.
          const moved = agenda.runDue(shift).catch((error) => {
            if (duration === 'PT0S') throw error;
            return clock.now();
          });
          const after = await moved;
          if (after < shown) return false;
          shown = after;
        }
        return failures.length === 0;
      }),
    );
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

  t.test('starts no more tasks in a turn than take it shortly, however many fall due', async (t) => {
    const { agenda } = agendaOn({ start: 0, standing: true });
    let turn = 0;
    let ended = false;
    const count = () => {
      turn++;
      if (!ended) setImmediate(count);
    };
    setImmediate(count);
    const started: [number, number][] = [];
    for (let n = 0; n < 1_000; n++) agenda.schedule(n < 400 ? 10 : 20, () => void started.push([n, turn]));
    await agenda.runDue(30);
    ended = true;
    t.strictSame(
      started.map(([n]) => n),
      Array.from({ length: 1_000 }, (_, n) => n),
      'in their order',
    );
    const most = Math.max(...[...groupBy(started, ([, at]) => at).values()].map(({ length }) => length));
    t.ok(most <= 50, `${most} in a turn`);
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

  t.test('goes on from what was saved, and what was begun is begun again', async (t) => {
    const begun: string[] = [];
    const on = (entries: { at: number; task: string }[]) => {
      const fake = fakeWall();
      const clock = new MerchantClock(fake.wall, { start: 0, standing: true });
      const hang = (task: string) => {
        begun.push(task);
        return new Promise<void>(() => {});
      };
      const failed = (error: unknown) => t.fail(String(error));
      return { ...fake, agenda: new Agenda<string>({ clock, wall: fake.wall, failed, perform: hang, entries }) };
    };
    const saved = [
      { at: 0, task: 'due' },
      { at: 9, task: 'waits' },
    ];
    const { agenda, pass } = on(saved);
    pass(0);
    t.strictSame(begun, ['due']);
    t.equal(agenda.size, 1);
    t.strictSame(agenda.entries, saved);
    on(agenda.entries).pass(0);
    t.strictSame(begun, ['due', 'due']);
  });
});
