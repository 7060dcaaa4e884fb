import fc from 'fast-check';
import { literal, match } from '../../src/scenario/match.js';
import { extend, follow, parsePath } from '../../src/scenario/paths.js';
import { holds } from '../property.js';
import t from '../tap.js';

const id = '0b1359e1-4a21-41e8-b2a6-a0a3d6b0d8d1';

t.test('each one-word matcher accepts its kind and refuses the rest', async (t) => {
  const cases: [string, unknown[], unknown[]][] = [
    ['$any', [0, null, '', {}, []], [undefined]],
    ['$absent', [undefined], [null, '', 0]],
    ['$string', ['', 'a'], [1, null, undefined, {}]],
    ['$integer', [0, -3, 2 ** 53], [1.5, '1', null, undefined]],
    [
      '$uuid',
      [id, 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6', '82305ebc-b811-3637-aa4c-66eca1874f3d'],
      [`${id}0`, 'x', 1, [id]],
    ],
    [
      '$url',
      ['http://127.0.0.1:5527/kp', 'https://shop.example/?a=b'],
      ['shop.example', 'ftp://a', '/path', 'http://a b', 3],
    ],
    [
      '$instant',
      ['2026-02-28T23:59:59Z', '2026-01-01T00:00:00.000Z'],
      ['2026-02-30T00:00:00Z', '2026-01-01', 1, 'now'],
    ],
    ['$nonsense', [], ['$nonsense', 1, undefined]],
  ];
  for (const [matcher, good, bad] of cases) {
    for (const value of good) t.strictSame(match(matcher, value), [], `${matcher} accepts ${JSON.stringify(value)}`);
    for (const value of bad) {
      t.strictSame(
        match(matcher, value),
        [{ path: '$', expected: matcher, got: value }],
        `${matcher} refuses ${String(value)}`,
      );
    }
  }
});

t.test('each matcher with an argument accepts what it should and refuses the rest', async (t) => {
  const cases: [object, unknown[], unknown[]][] = [
    [{ $oneOf: ['a', '$integer', { b: 1 }] }, ['a', 7, { b: 1, c: 2 }], ['b', null, { b: 2 }]],
    [
      { $set: ['$any', 'a', 'b'] },
      [
        ['a', 'b', 'c'],
        ['b', 'c', 'a'],
        ['b', 'a', 1],
      ],
      [['a', 'a', 'a'], ['a', 'b'], 'a', null],
    ],
    [
      { $set: ['$string', '$any'] },
      [
        [1, 'a'],
        ['a', 1],
      ],
      [[1, 2]],
    ],
    [{ $match: '^\\d+ (SEK|EUR)$' }, ['10 SEK'], ['10 USD', 10, undefined]],
    [{ $over: 5 }, [6, 5.1], [5, '6', null]],
    [{ $under: 5 }, [4], [5, '4']],
    [{ $over: 1, $under: 3 }, [2], [1, 3]],
    [{ $over: 'five' }, [], [6]],
    [{ $oneOf: 'a' }, [], ['a']],
    [{ $match: '(' }, [], ['(']],
    [{ $match: 4 }, [], ['4']],
    [{ $near: 5 }, [], [5]],
  ];
  for (const [matcher, good, bad] of cases) {
    const written = JSON.stringify(matcher);
    for (const value of good) t.strictSame(match(matcher, value), [], `${written} accepts ${JSON.stringify(value)}`);
    for (const value of bad) t.not(match(matcher, value).length, 0, `${written} refuses ${JSON.stringify(value)}`);
  }
  t.strictSame(
    match({ $over: 5, $under: 9 }, 3),
    [{ path: '$', expected: { $over: 5 }, got: 3 }],
    'names the one that fails',
  );
});

t.test('a set has at most a hundred elements, since each may be compared with all', async (t) => {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
  t.strictSame(match({ $set: numbers(100) }, numbers(100).reverse()), []);
  t.equal(match({ $set: numbers(101) }, numbers(101)).length, 1);
});

t.test('mappings are subsets, lists are not', async (t) => {
  t.strictSame(match({ a: 1 }, { a: 1, b: 2 }), []);
  t.strictSame(match({ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 1, d: 2 }] } }), []);
  t.strictSame(match([1], [1, 2]), [{ path: '$.length', expected: 1, got: 2 }]);
  t.strictSame(match([1], { 0: 1 }), [{ path: '$', expected: [1], got: { 0: 1 } }]);
  t.strictSame(match({ a: 1 }, [1]), [{ path: '$', expected: { a: 1 }, got: [1] }]);
  t.strictSame(match({}, null), [{ path: '$', expected: {}, got: null }]);
});

t.test('every difference is named with its path', async (t) => {
  const expected = { id: '$uuid', lines: [{ name: 'Boots', 'unit price': 100 }], gone: '$absent', total: 100 };
  const actual = { id: 'x', lines: [{ name: 'Shoes', 'unit price': '100' }], gone: null };
  t.strictSame(match(expected, actual), [
    { path: '$.id', expected: '$uuid', got: 'x' },
    { path: '$.lines[0].name', expected: 'Boots', got: 'Shoes' },
    { path: '$.lines[0]["unit price"]', expected: 100, got: '100' },
    { path: '$.gone', expected: '$absent', got: null },
    { path: '$.total', expected: 100, got: undefined },
  ]);
});

t.test('a doubled dollar is a literal one, in texts and in keys', async (t) => {
  t.strictSame(match('$$uuid', '$uuid'), []);
  t.strictSame(match('5 $$', '5 $'), []);
  t.strictSame(match({ $$over: 1 }, { $over: 1 }), []);
  t.not(match('$$uuid', id).length, 0);
});

t.test('what only an object’s prototype has is absent', async (t) => {
  t.strictSame(match({ constructor: '$absent', toString: '$absent' }, {}), []);
  t.strictSame(match(JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"a": 1}}')), []);
  t.equal(match(JSON.parse('{"__proto__": {"a": 1}}'), {}).length, 1);
});

t.test('any JSON value meets itself taken literally', async (t) => {
  const json = fc.jsonValue();
  holds(
    t,
    fc.property(json, (value) => match(literal(value), value).length === 0),
  );
  const plain = fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes('$'));
  holds(
    t,
    fc.property(plain, (value) => match(value, value).length === 0),
  );
  const dollars = fc.constantFrom('$uuid', '$$', '$', 'a$b', '$absent', '${x}');
  holds(
    t,
    fc.property(fc.object({ key: dollars, values: [dollars] }), (value) => match(literal(value), value).length === 0),
  );
});

t.test('matching never throws, whatever is expected of whatever', async (t) => {
  const words = fc.constantFrom('$uuid', '$any', '$oneOf', '$set', '$match', '$over', '$under', '$x', '(', 'a');
  const expected = fc.oneof(fc.anything(), fc.object({ key: words, values: [words, fc.integer(), fc.constant(null)] }));
  holds(
    t,
    fc.property(expected, fc.anything(), (left, right) => Array.isArray(match(left, right))),
  );
});

t.test('a path is read as it is written', async (t) => {
  t.strictSame(parsePath('$.body.order_lines[0].name'), ['body', 'order_lines', 0, 'name']);
  t.strictSame(parsePath('order.order_id'), ['order_id']);
  t.strictSame(parsePath('$'), []);
  for (const text of ['', '.a', '$.', '$.a[', '$.a[x]', '1a', '$.a b']) t.equal(parsePath(text), undefined, text);
  const segments = fc.array(fc.oneof(fc.nat(), fc.string({ minLength: 1 })));
  holds(
    t,
    fc.property(segments, (given) => {
      const path = given.reduce<string>(extend, '$');
      return JSON.stringify(parsePath(path)) === JSON.stringify(given);
    }),
  );
});

t.test('following a path stops at what is not there', async (t) => {
  const value = { a: [{ b: null }] };
  t.equal(follow(value, ['a', 0, 'b']), null);
  t.equal(follow(value, ['a', 0, 'b', 'c']), undefined);
  t.equal(follow(value, ['a', 1]), undefined);
  t.equal(follow(value, ['toString']), undefined);
  t.equal(follow('text', ['length']), undefined);
});
