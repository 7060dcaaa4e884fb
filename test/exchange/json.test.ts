import { DEPTH, isDeeper, parseJson, readBody, TooDeep } from '../../src/exchange/json.js';
import t from '../tap.js';
import { nested } from './nested.js';

t.test('JSON that nests deeper than so many levels is kept as text', async (t) => {
  t.strictSame(readBody(nested(DEPTH)), JSON.parse(nested(DEPTH)));
  for (const depth of [DEPTH + 1, 2_500, 5_000, 1_000_000]) {
    t.throws(() => parseJson(nested(depth)), new TooDeep(DEPTH), `${depth} levels`);
    t.equal(readBody(nested(depth)), nested(depth));
  }
  t.equal(readBody(nested(11), 10), nested(11));
  t.strictSame(readBody(nested(10), 10), JSON.parse(nested(10)));
});

t.test('text that is no JSON is kept, and nothing is nothing', async (t) => {
  t.equal(readBody('{"a": '), '{"a": ');
  t.equal(readBody(''), undefined);
  t.equal(readBody('null'), null);
  t.throws(() => parseJson('{"a": '), SyntaxError);
});

t.test('depth is counted in the deepest branch, of lists and of mappings', async (t) => {
  t.equal(isDeeper('a', 0), false);
  t.equal(isDeeper(null, 0), false);
  t.equal(isDeeper([], 0), true);
  const value = { a: [1, { b: 2 }], c: [[[]]], d: null };
  t.equal(isDeeper(value, 4), false);
  t.equal(isDeeper(value, 3), true);
});

t.test('brackets side by side are no depth', async (t) => {
  const flat = `[${'[],{},'.repeat(500)}"${'['.repeat(500)}"]`;
  t.strictSame(parseJson(flat), JSON.parse(flat));
});
