import { checkMeaning } from '../../src/scenario/check.js';
import type { Located } from '../../src/scenario/located-value.js';
import t from '../tap.js';

t.test('an error of its own is no mistake of the file', async (t) => {
  const root = new Proxy({} as Located, {
    get() {
      throw new RangeError('a slip');
    },
  });
  t.throws(() => checkMeaning(root, 'a.yaml'), RangeError);
});
