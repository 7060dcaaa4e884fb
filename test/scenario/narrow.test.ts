import fc from 'fast-check';
import { compileCondition } from '../../src/scenario/match.js';
import { narrow } from '../../src/scenario/narrow.js';
import { holds } from '../property.js';
import t from '../tap.js';

/** Items of these conditions, each with its number. */
const items = (conditions: readonly unknown[]) => conditions.map((when, at) => ({ when, at }));

/** Narrows conditions by a body; returns the number of those that are left, and those of them that the body meets. */
function looked(conditions: readonly unknown[], body: unknown): { left: number; met: unknown[] } {
  const left = narrow(items(conditions))(body);
  return { left: left.length, met: left.filter(({ when }) => compileCondition(when)(body)).map(({ when }) => when) };
}

const many = <T>(make: (n: number) => T) => Array.from({ length: 1_000 }, (_, n) => make(n));

t.test('what a body meets is always among what is found, each once', async (t) => {
  const word = fc.constantFrom('boots-1', 'boots-2', 'boots-1 boots-1', '$$x', 'x', '');
  const number = fc.integer({ min: 0, max: 12 });
  const part = fc.oneof(
    fc.oneof(word, number, fc.constant(null)),
    fc.constantFrom('$any', '$absent', '$string', {}, { $oneOf: [{ c: 1 }, 'x'] }, { $over: 'x' }, { $match: '(' }),
    fc.array(fc.oneof(word, number), { maxLength: 3 }).map(($oneOf) => ({ $oneOf })),
    fc.tuple(number, number).map(([$over, $under]) => ({ $over, $under })),
    number.map(($over) => ({ $over })),
    number.map(($under) => ({ $under })),
    fc.constantFrom('^boots', 'ots-[12]', 'boots-1 +boots', 'boots-1|x', '1$', '^$').map(($match) => ({ $match })),
    fc.array(fc.oneof(word, number), { maxLength: 2 }),
  );
  const fields = (value: fc.Arbitrary<unknown>) => fc.record({ a: value, b: value }, { requiredKeys: [] });
  const value = fc.oneof(
    word.map((text) => text.replace('$$', '$')),
    number,
    fc.constant(null),
    fc.array(fc.oneof(word, number), { maxLength: 2 }),
  );
  holds(
    t,
    fc.property(
      fc.array(fc.oneof(fields(part), part, fc.constant(undefined)), { maxLength: 60 }),
      fc.array(fc.oneof(fields(value), value), { minLength: 1, maxLength: 10 }),
      (conditions, bodies) => {
        const all = items(conditions);
        const lookup = narrow(all);
        return bodies.every((body) => {
          const found = lookup(body).map(({ at }) => at);
          const met = all.filter(({ when }) => when === undefined || compileCondition(when)(body));
          return new Set(found).size === found.length && met.every(({ at }) => found.includes(at));
        });
      },
    ),
    { numRuns: 1_000 },
  );
});

t.test('conditions that differ by an exact value, or by a list of them', async (t) => {
  const exact = many((n) => ({ locale: 'sv-SE', order_amount: n }));
  t.strictSame(looked(exact, { locale: 'sv-SE', order_amount: 7 }), { left: 1, met: [exact[7]] });
  const listed = many((n) => ({ merchant_reference1: { $oneOf: [`a-${n}`, `b-${n}`, `b-${n}`] } }));
  t.strictSame(looked(listed, { merchant_reference1: 'b-9' }), { left: 1, met: [listed[9]] });
  t.equal(looked(listed, { merchant_reference1: 'c-9' }).left, 0);
});

t.test('conditions that differ by bounds', async (t) => {
  const over = many((n) => ({ order_amount: { $over: 1_000 + n } }));
  t.strictSame(looked(over, { order_amount: 1_001 }), { left: 1, met: [over[0]] });
  const bands = many((n) => ({ locale: 'sv-SE', order_amount: { $over: 10 * n, $under: 10 * n + 10 } }));
  t.strictSame(looked(bands, { locale: 'sv-SE', order_amount: 55 }), { left: 1, met: [bands[5]] });
  for (const order_amount of [50, '55', undefined]) t.equal(looked(bands, { locale: 'sv-SE', order_amount }).left, 0);
});

t.test('conditions that differ by a pattern', async (t) => {
  const patterns = many((n) => ({ locale: 'sv-SE', merchant_reference1: { $match: `^shop-${n}-[a-z]+$` } }));
  const { left, met } = looked(patterns, { locale: 'sv-SE', merchant_reference1: 'shop-123-b' });
  t.strictSame(met, [patterns[123]]);
  t.ok(left < 10, `${left}`);
});

t.test('conditions that differ by bounds among those of one value and one pattern', async (t) => {
  const all = many((n) => ({ locale: 'sv-SE', merchant_data: { $match: '^boots' }, order_amount: { $under: n } }));
  t.equal(looked(all, { locale: 'sv-SE', merchant_data: 'boots', order_amount: 997 }).left, 2);
});

t.test('a body that is none, and conditions that say nothing of a value', async (t) => {
  const words = many(() => ({ locale: '$string' }));
  t.equal(looked(words, undefined).left, 1_000, 'are all tested');
  t.equal(
    looked(
      many((n) => n),
      undefined,
    ).left,
    0,
  );
});
