import { checkOptions } from '../../src/client/check-options.js';
import t from '../tap.js';

t.test('a certificate is given with its key, and both are texts', async (t) => {
  const check = (tls: unknown) => checkOptions('start()', { tls }, { tls: 'true, false or { cert, key }' });
  for (const tls of [true, false, undefined, { cert: 'a', key: 'b' }]) t.doesNotThrow(() => check(tls));
  for (const tls of [1, {}, { cert: 'a' }, { cert: 'a', key: 1 }, { cert: 'a', key: 'b', ca: 'c' }]) {
    t.throws(() => check(tls), /^tls: given .*, expected true, false or \{ cert, key \}/);
  }
});
