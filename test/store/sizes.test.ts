import { dataSize, textSize } from '../../src/store/sizes.js';
import t from '../tap.js';

t.test('a text takes a byte for each character, or two where one may need it', async (t) => {
  t.strictSame([textSize('abc'), textSize('é'), textSize('€a'), textSize(''), textSize(undefined)], [3, 2, 4, 0, 0]);
});

t.test('data takes what its texts, objects and fields take, however deep it is', async (t) => {
  const empty = dataSize({});
  t.ok(empty > 0 && dataSize(undefined) === 0 && dataSize(7) === 0);
  t.ok(dataSize({ a: 1 }) > empty);
  t.equal(dataSize({ a: 'x'.repeat(1_000) }) - dataSize({ a: '' }), 1_000);
  t.equal(dataSize([{ a: 1 }, { a: 1 }]) - dataSize([{ a: 1 }]), dataSize([{ a: 1 }]) - dataSize([]));
  let deep: unknown = null;
  for (let n = 0; n < 100_000; n++) deep = [deep];
  t.ok(dataSize(deep) >= 100_000 * empty);
});
