import { inSlices } from '../../src/exchange/slices.js';
import t from '../tap.js';

/** A clock that a test moves. */
function clock() {
  let time = 0;
  return {
    now: () => time,
    pass(ms: number) {
      time += ms;
    },
  };
}

t.test('work pauses once its slice is over, and others have their turn by then', async (t) => {
  const { now, pass } = clock();
  const pause = inSlices(now);
  pass(9);
  t.equal(pause(), undefined);
  pass(1);
  const order: string[] = [];
  setImmediate(() => order.push('another'));
  await pause()?.then(() => order.push('work'));
  t.strictSame(order, ['another', 'work']);
  t.equal(pause(), undefined, 'a new slice has begun');
});

t.test('two works never have a slice in the same turn of the event loop', async (t) => {
  const { now, pass } = clock();
  let turn = 0;
  let ended = 0;
  const count = () => {
    turn++;
    if (ended < 3) setImmediate(count);
  };
  setImmediate(count);
  const turns: number[] = [];
  const work = async () => {
    const pause = inSlices(now);
    for (let step = 0; step < 4; step++) {
      pass(20);
      await pause();
      turns.push(turn);
    }
    ended++;
  };
  await Promise.all([work(), work(), work()]);
  t.equal(new Set(turns).size, 12, turns.join());
});
