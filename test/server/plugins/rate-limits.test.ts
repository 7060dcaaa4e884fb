import { makeRateCounters } from '../../../src/server/plugins/rate-limits.js';
import t from '../../tap.js';
import { fakeWall } from '../wall.js';

t.test('rate limits', async (t) => {
  const limits = { createSession: { live: 40, playground: 5 }, readSession: { live: 200, playground: 50 } };
  const told = (remaining: string, limit: string) => ({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': '1',
  });

  t.test('switched off, they say the same to every call and refuse none', async (t) => {
    const count = makeRateCounters('off', limits, fakeWall().wall)();
    for (let i = 0; i < 100; i++) count('createSession');
    t.strictSame(count('createSession'), { allowed: true, headers: told('39', '40, 40;w=1') });
    t.equal(count('createSession'), count('createSession'), 'nothing is made for a call');
    t.equal(count('readClock'), undefined);
  });

  t.test('they count by merchant, operation and second', async (t) => {
    const { wall, pass } = fakeWall();
    const counter = makeRateCounters('playground', limits, wall);
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
    const count = makeRateCounters('live', limits, fakeWall().wall)();
    t.strictSame(count('createSession')?.headers, told('39', '40, 40;w=1'));
  });
});
