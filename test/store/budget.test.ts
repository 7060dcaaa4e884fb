import fc from 'fast-check';
import { Budget, type Droppable, readMemory, usualMemory } from '../../src/store/budget.js';
import { holds } from '../property.js';
import t from '../tap.js';

const MB = 1024 * 1024;

/** A keeper of things of the given sizes, oldest first. */
function keeper(budget: Budget, merchant: string, kept: number[] = []) {
  const account = budget.open({
    merchant,
    dropOldest(): Droppable | undefined {
      const oldest = kept.shift();
      if (oldest === undefined) return undefined;
      budget.charge(account, -oldest);
      return 'record';
    },
  });
  for (const size of kept) budget.charge(account, size);
  return {
    kept,
    account,
    add(size: number): void {
      kept.push(size);
      budget.charge(account, size);
      budget.fit();
    },
  };
}

t.test('a quarter of what V8 or the container allows is set aside, and at least 128 MB', async (t) => {
  t.equal(usualMemory(4_096 * MB, undefined), 1_024 * MB);
  t.equal(usualMemory(4_096 * MB, 0), 1_024 * MB, 'nothing is known of a container');
  t.equal(usualMemory(4_096 * MB, 2 ** 64), 1_024 * MB, 'a container without a limit');
  t.equal(usualMemory(4_096 * MB, 1_024 * MB), 256 * MB);
  t.equal(usualMemory(4_096 * MB, 256 * MB), 128 * MB);
  t.ok(usualMemory() >= 128 * MB);
});

t.test('a size of memory is a number of bytes, kB, MB or GB', async (t) => {
  for (const [given, bytes] of [
    ['256MB', 256 * MB],
    ['256 mb', 256 * MB],
    ['256m', 256 * MB],
    ['256MiB', 256 * MB],
    ['1GB', 1_024 * MB],
    ['1.5g', 1_536 * MB],
    ['20000kB', 20_000 * 1_024],
    ['16777216', 16 * MB],
    ['16777216B', 16 * MB],
    [16_777_216, 16 * MB],
    ['15MB', undefined],
    ['256', undefined],
    ['-1GB', undefined],
    ['1TB', undefined],
    ['MB', undefined],
    ['', undefined],
    ['a lot', undefined],
    ['1e9', undefined],
    [Number.NaN, undefined],
    [`${'9'.repeat(20)}GB`, undefined],
  ] as const) {
    t.equal(readMemory(given), bytes, String(given));
  }
});

t.test('the account that keeps most lets go of its oldest until all fits', async (t) => {
  const told: string[] = [];
  const budget = new Budget({ limit: 1_000, dropped: (merchant, what) => told.push(`${merchant} ${what}`) });
  const small = keeper(budget, 'small');
  const large = keeper(budget, 'large');
  small.add(100);
  for (let n = 0; n < 9; n++) large.add(100);
  t.strictSame([budget.bytes, told], [1_000, []]);
  small.add(150);
  t.strictSame([budget.bytes, small.kept, large.kept.length], [950, [100, 150], 7]);
  t.strictSame(told, ['large record', 'large record']);
  small.add(2_000);
  t.strictSame([small.kept, budget.bytes], [[], 700], 'what finds no room even alone goes as well');
});

t.test('what cannot be dropped stays, and the next largest lets go in its place', async (t) => {
  const budget = new Budget({ limit: 1_000 });
  const fixed = keeper(budget, 'fixed');
  budget.charge(fixed.account, 900);
  const other = keeper(budget, 'other', [50, 40, 30]);
  budget.fit();
  t.strictSame([budget.bytes, other.kept], [970, [40, 30]]);
  budget.charge(fixed.account, 500);
  budget.fit();
  t.strictSame([budget.bytes, other.kept], [1_400, []], 'there is nothing more to drop');
  budget.close(fixed.account);
  t.equal(budget.bytes, 0);
});

t.test('whatever is kept, it fits, and what goes is of one of the largest', async (t) => {
  const add = fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 400 }));
  holds(
    t,
    fc.property(fc.array(add, { maxLength: 200 }), (adds) => {
      let fair = true;
      const budget: Budget = new Budget({
        limit: 2_000,
        dropped: (merchant) => {
          const own = keepers.find((each) => each.account.keeper.merchant === merchant);
          const most = Math.max(...keepers.map(({ account }) => account.bytes));
          // The dropped thing itself no longer counts.
          if (own && 1.25 * (own.account.bytes + 400) < most) fair = false;
        },
      });
      const keepers = Array.from({ length: 6 }, (_, n) => keeper(budget, `m${n}`));
      for (const [which, size] of adds) {
        keepers[which]?.add(size);
        const kept = keepers.flatMap((each) => each.kept).reduce((sum, each) => sum + each, 0);
        if (budget.bytes > 2_000 || budget.bytes !== kept) return false;
      }
      return fair;
    }),
    { numRuns: 200 },
  );
});
