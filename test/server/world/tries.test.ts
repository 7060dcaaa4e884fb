import { TRIES, Tries } from '../../../src/server/world/tries.js';
import t from '../../tap.js';
import { fakeWall } from '../wall.js';

t.test('a name and an address each have their tries, anew each second', (t) => {
  const { wall, pass } = fakeWall();
  const tries = new Tries(wall);
  const taken = (username: string, address: string, times = TRIES + 1) =>
    Array.from({ length: times }, () => tries.take(username, address)).filter(Boolean).length;
  t.equal(taken('boots', 'a'), TRIES);
  t.equal(taken('shoes', 'a'), 0, 'the address has none left');
  t.equal(taken('boots', 'b', 1), 0, 'nor has the name');
  t.equal(taken('shoes', 'b', 1), 1);
  pass(999);
  t.equal(taken('boots', 'c', 1), 0);
  pass(1);
  t.equal(taken('boots', 'a'), TRIES);
  t.end();
});

t.test('of more names than are counted the rest is refused', (t) => {
  const tries = new Tries(fakeWall().wall);
  const taken = Array.from({ length: 1_000 }, (_, n) => tries.take(`m${n}`, `a${n}`)).filter(Boolean);
  t.equal(taken.length, 500, 'each takes a place for its name and one for its address');
  t.end();
});
