import { fieldsOf, groupBy, isFields, listOf, numberOf, textOf, upsert } from '../../src/exchange/fields.js';
import t from '../tap.js';

t.test('a value is read as what it should be, and as nothing where it is not', async (t) => {
  const values = [{ a: 1 }, [{ a: 1 }, 7, 'x'], 'text', '', 7, 0, true, null, undefined];
  t.strictSame(values.filter(isFields), [{ a: 1 }]);
  t.strictSame(values.map(fieldsOf), [{ a: 1 }, {}, {}, {}, {}, {}, {}, {}, {}]);
  t.strictSame(values.map(listOf), [[], [{ a: 1 }, {}, {}], [], [], [], [], [], [], []]);
  t.strictSame(
    values.map(textOf),
    values.map((value) => (value === 'text' ? 'text' : undefined)),
  );
  t.strictSame(
    values.map(numberOf),
    values.map((value) => (value === 7 ? 7 : 0)),
  );
});

t.test('elements are made once, and grouped in the order in which they came', async (t) => {
  const lists = new Map<string, string[]>();
  upsert(lists, 'a', () => []).push('first');
  upsert(lists, 'a', () => ['never made']).push('second');
  t.strictSame(lists, new Map([['a', ['first', 'second']]]));
  const groups = groupBy(['b1', 'a1', 'b2'], ([letter]) => letter);
  t.strictSame(
    [...groups],
    [
      ['b', ['b1', 'b2']],
      ['a', ['a1']],
    ],
  );
});
