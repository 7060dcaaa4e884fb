import { locate } from '../../src/scenario/located.js';
import t from '../tap.js';

t.test('a key without a value is null, and stands where its key does', async (t) => {
  for (const text of ['{ a, b: 1 }', '? a\nb: 1', 'a:\nb: 1\n']) {
    const { value, entries } = locate(text, 'x.yaml');
    t.strictSame(value, { a: null, b: 1 }, text);
    const { key, node } = entries?.get('a') ?? {};
    t.equal(node?.value, null);
    t.equal(key?.line, 1);
  }
});
