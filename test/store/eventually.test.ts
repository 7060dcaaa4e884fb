import { type Eventually, perform, type Steps, wait } from '../../src/store/eventually.js';
import t from '../tap.js';

/** Adds what it is given; twice the first, so that the order shows. */
function* sum(first: Eventually<number>, second: Eventually<number>): Steps<number> {
  return 2 * (yield* wait(first)) + (yield* wait(second));
}

t.test('work in steps is done at once where every value is there', (t) => {
  t.equal(perform(sum(3, 4)), 10);
  t.throws(
    () =>
      perform(
        // biome-ignore lint/correctness/useYield: it fails before it waits for anything.
        (function* () {
          throw new Error('at once');
        })(),
      ),
    { message: 'at once' },
  );
  t.end();
});

t.test('work in steps waits for promises, in its own order', async (t) => {
  const later = perform(sum(Promise.resolve(3), 4));
  t.ok(later instanceof Promise);
  t.equal(await later, 10);
  t.equal(await perform(sum(3, Promise.resolve(4))), 10);
  t.equal(await perform(sum(Promise.resolve(3), Promise.resolve(4))), 10);
});

t.test('a promise that is broken fails the step that waits for it, which may go on', async (t) => {
  const broken = () => Promise.reject(new Error('no store'));
  await t.rejects(async () => perform(sum(1, broken())), { message: 'no store' });
  const patient = function* (): Steps<string> {
    try {
      yield* wait(broken());
    } catch (error) {
      return `without: ${(error as Error).message}, ${yield* wait(Promise.resolve('and on'))}`;
    }
    return 'with';
  };
  t.equal(await perform(patient()), 'without: no store, and on');
  const failing = function* (): Steps<number> {
    yield* wait(Promise.resolve());
    throw new Error('afterwards');
  };
  await t.rejects(async () => perform(failing()), { message: 'afterwards' });
});
