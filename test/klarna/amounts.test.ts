import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AmountLine, checkAmounts, checkLines, checkTotals } from '../../src/klarna/amounts.js';
import type { Violation } from '../../src/klarna/decision.js';
import type { Intent } from '../../src/klarna/records.js';
import { holds } from '../property.js';
import t from '../tap.js';
import { accepted, badValue, charge, line, orderOf, purchase, refuses, World } from './world.js';

/** A line with the total that its parts give, and no tax unless it is said. */
function totalled(parts: Partial<AmountLine>): AmountLine {
  const { quantity = 1, unit_price = 0, total_discount_amount } = parts;
  return { quantity, unit_price, total_amount: quantity * unit_price - (total_discount_amount ?? 0), ...parts };
}

const says = (violations: Violation[]) => violations.map(({ rule, field, text }) => [rule, field, text]);

const WHOLE = 10_000n;
const ceilDiv = (a: bigint, b: bigint) => a / b + (a % b > 0n ? 1n : 0n);
const floorDiv = (a: bigint, b: bigint) => a / b - (a % b < 0n ? 1n : 0n);

/** The smallest and the largest tax within 1 of total − total × 10000 / (10000 + rate), in exact fractions. */
function taxBounds(total: number, rate: number): [number, number] {
  const divisor = WHOLE + BigInt(rate);
  const tax = BigInt(total) * divisor - BigInt(total) * WHOLE;
  return [Number(ceilDiv(tax - divisor, divisor)), Number(floorDiv(tax + divisor, divisor))];
}

const anyRate = fc.integer({ min: 0, max: 10_000 });
const anyTotal = fc.integer({ min: -200_000_000, max: 200_000_000 });

t.test('the total of a line', async (t) => {
  t.test('is quantity × unit_price − total_discount_amount, ± quantity', async (t) => {
    const passes: [string, Partial<AmountLine>][] = [
      ['two boots', { quantity: 2, unit_price: 5000, total_amount: 10_000 }],
      ['two boots with a discount', { quantity: 2, unit_price: 5000, total_discount_amount: 1, total_amount: 9999 }],
      ['a discount line', { quantity: 1, unit_price: -100, total_amount: -100 }],
      ['a discount beyond the price', { quantity: 1, unit_price: 100, total_discount_amount: 150, total_amount: -50 }],
      ['a free trial', { quantity: 1, unit_price: 0, total_amount: 0 }],
      ['none of something', { quantity: 0, unit_price: 5000, total_amount: 0 }],
      ['none of a discount', { quantity: 0, unit_price: -5000, total_amount: 0 }],
    ];
    for (const [name, parts] of passes) t.strictSame(checkLines([totalled(parts)]), [], name);

    // Three at a third of 47.59, rounded.
    const third = { quantity: 3, unit_price: 1586, total_amount: 4759 };
    t.strictSame(checkLines([totalled(third)]), [], 'a price that is rounded');
    t.strictSame(checkLines([line({ total_amount: 9998 })]), []);
    t.strictSame(says(checkLines([line({ total_amount: 9997 })])), [
      [
        'line-total',
        'order_lines[0].total_amount',
        'order_lines[0].total_amount: given 9997, expected 10000 +/-2 = 2 * 5000 - 0 +/- quantity',
      ],
    ]);
    t.equal(checkLines([totalled({ quantity: 0, unit_price: 5000, total_amount: 1 })]).length, 1, 'none of something');
    t.strictSame(says(checkLines([totalled({}), line({ total_discount_amount: 250, total_amount: 10_000 })])), [
      [
        'line-total',
        'order_lines[1].total_amount',
        'order_lines[1].total_amount: given 10000, expected 9750 +/-2 = 2 * 5000 - 250 +/- quantity',
      ],
    ]);
  });

  t.test('has exactly those bounds, whatever the parts', async (t) => {
    const parts = fc.record({
      quantity: fc.integer({ min: 0, max: 1000 }),
      unit_price: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      total_discount_amount: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
    });
    holds(
      t,
      fc.property(parts, fc.constantFrom(-1, 1), (given, off) => {
        const right = totalled(given);
        const { quantity, unit_price, total_discount_amount: discount = 0 } = given;
        const offBy = (much: number) => ({ ...right, total_amount: right.total_amount + off * much });
        for (const much of [0, quantity]) assert.deepEqual(checkLines([offBy(much)]), []);
        const wrong = offBy(quantity + 1);
        assert.deepEqual(says(checkLines([totalled({}), wrong])), [
          [
            'line-total',
            'order_lines[1].total_amount',
            `order_lines[1].total_amount: given ${wrong.total_amount}, expected ${right.total_amount} +/-${quantity} = ${quantity} * ${unit_price} - ${discount} +/- quantity`,
          ],
        ]);
      }),
    );
  });
});

t.test('the tax of a line', async (t) => {
  const judged = (total: number, tax_rate: number, total_tax_amount: number) =>
    checkLines([totalled({ unit_price: total, tax_rate, total_tax_amount })]);

  t.test('may be 1 off what the rate gives, and no more', async (t) => {
    const cases: [total: number, rate: number, least: number, most: number][] = [
      [10_000, 2500, 1999, 2001],
      [-10_000, 2500, -2001, -1999],
      [10_000, 0, -1, 1],
      [0, 2500, -1, 1],
      [10_000, 10_000, 4999, 5001],
      [495, 700, 32, 33],
      [59_500, 2500, 11_899, 11_901],
      [100, 1, 0, 1],
    ];
    for (const [total, rate, least, most] of cases) {
      t.strictSame(taxBounds(total, rate), [least, most], `${total} at ${rate}`);
      t.strictSame(judged(total, rate, least), [], `${least} of ${total} at ${rate}`);
      t.strictSame(judged(total, rate, most), [], `${most} of ${total} at ${rate}`);
      t.equal(judged(total, rate, least - 1).length, 1, `${least - 1} of ${total} at ${rate}`);
      t.equal(judged(total, rate, most + 1).length, 1, `${most + 1} of ${total} at ${rate}`);
    }
  });

  t.test('is explained with the tax that was expected', async (t) => {
    t.strictSame(says(judged(10_000, 2500, 2002)), [
      [
        'line-tax',
        'order_lines[0].total_tax_amount',
        'order_lines[0].total_tax_amount: given 2002, expected 2000 +/-1 for total_amount 10000 at tax_rate 2500',
      ],
    ]);
    t.strictSame(says(judged(495, 700, 41)), [
      [
        'line-tax',
        'order_lines[0].total_tax_amount',
        'order_lines[0].total_tax_amount: given 41, expected 32 +/-1 for total_amount 495 at tax_rate 700',
      ],
    ]);
  });

  t.test('counts as 0 when it is not given, and so does the rate', async (t) => {
    const untaxed = totalled({ unit_price: 10_000 });
    t.strictSame(checkLines([untaxed]), []);
    t.strictSame(checkLines([{ ...untaxed, total_tax_amount: 1 }]), []);
    t.matchLists(checkLines([{ ...untaxed, total_tax_amount: 2 }]), [
      {
        text: 'order_lines[0].total_tax_amount: given 2, expected 0 +/-1 for total_amount 10000 at tax_rate 0',
      },
    ]);
    t.matchLists(checkLines([{ ...untaxed, tax_rate: 2500 }]), [
      {
        text: 'order_lines[0].total_tax_amount: given 0, expected 2000 +/-1 for total_amount 10000 at tax_rate 2500',
      },
    ]);
  });

  t.test('has exactly the bounds of the formula, at any rate and either sign', async (t) => {
    holds(
      t,
      fc.property(anyTotal, anyRate, (total, rate) => {
        const [least, most] = taxBounds(total, rate);
        assert.deepEqual(
          [least - 1, least, most, most + 1].map((tax) => judged(total, rate, tax).length),
          [1, 0, 0, 1],
        );
      }),
    );
  });
});

t.test('the sum of a purchase', async (t) => {
  t.test('is that of its lines, those that take off included', async (t) => {
    // Boots, socks, a voucher, the sales tax and a gift card.
    const order_lines = [1000, 700, -100, 112, -300].map((unit_price) => totalled({ unit_price }));
    t.strictSame(checkTotals({ order_amount: 1412, order_lines }), []);
    t.strictSame(says(checkTotals({ order_amount: 1411, order_lines })), [
      ['order-total', 'order_amount', 'order_amount: given 1411, expected 1412, the sum of all total_amount'],
    ]);
  });

  t.test('is not judged while amount or lines are missing', async (t) => {
    t.strictSame(checkTotals({ order_amount: 5, order_tax_amount: 5 }), []);
    t.strictSame(checkTotals({ order_lines: [line()] }), []);
    t.strictSame(checkTotals({}, 'buy'), []);
    t.strictSame(checkAmounts({}), []);
    t.strictSame(checkAmounts({ order_amount: 5 }, 'buy'), []);
  });

  t.test('is exact, also of lines that only the tolerance lets pass', async (t) => {
    const order_lines = [totalled({ quantity: 3, unit_price: 1586, total_amount: 4759 })];
    t.strictSame(checkAmounts({ order_amount: 4759, order_lines }), []);
    t.strictSame(says(checkAmounts({ order_amount: 4758, order_lines })), [
      ['order-total', 'order_amount', 'order_amount: given 4758, expected 4759, the sum of all total_amount'],
    ]);
  });

  t.test('is judged exactly, whatever the lines', async (t) => {
    const lines = fc.array(anyTotal, { minLength: 1, maxLength: 20 });
    holds(
      t,
      fc.property(lines, fc.constantFrom(-1, 1), (totals, off) => {
        const order_lines = totals.map((unit_price) => totalled({ unit_price }));
        const order_amount = totals.reduce((sum, total) => sum + total, 0);
        assert.deepEqual(checkAmounts({ order_amount, order_lines }), []);
        assert.deepEqual(checkAmounts({ order_amount: order_amount + off, order_lines }), [
          {
            rule: 'order-total',
            field: 'order_amount',
            text: `order_amount: given ${order_amount + off}, expected ${order_amount}, the sum of all total_amount`,
          },
        ]);
      }),
    );
  });
});

t.test('an amount of 0', async (t) => {
  const order_lines = [totalled({ quantity: 1 })];
  for (const intent of ['buy', 'buy_and_tokenize', 'buy_and_default_tokenize', 'buy_and_link'] as const) {
    t.strictSame(
      says(checkTotals({ order_amount: 0, order_lines }, intent)),
      [
        [
          'zero-amount',
          'order_amount',
          `order_amount: given 0 with intent ${intent}, expected more than 0, or intent tokenize`,
        ],
      ],
      intent,
    );
    t.strictSame(checkTotals({ order_amount: 1, order_lines: [totalled({ unit_price: 1 })] }, intent), []);
  }
  t.strictSame(checkTotals({ order_amount: 0, order_lines }, 'tokenize'), []);
  t.strictSame(checkTotals({ order_amount: 0, order_lines }), [], 'passes where no intent is known');
  t.strictSame(
    checkTotals({ order_amount: 0 }, 'buy').map(({ rule }) => rule),
    ['zero-amount'],
    'is refused before there are lines',
  );
});

t.test('the tax of a purchase', async (t) => {
  const taxed = (tax: number) => totalled({ unit_price: 10_000, tax_rate: 2500, total_tax_amount: tax });

  t.test('may be 1 off for each line', async (t) => {
    const order_lines = [taxed(2000), taxed(1999), totalled({ unit_price: 5 })];
    for (const order_tax_amount of [3996, 3999, 4002]) {
      t.strictSame(checkTotals({ order_tax_amount, order_lines }), [], `${order_tax_amount}`);
    }
    for (const order_tax_amount of [3995, 4003]) {
      t.strictSame(says(checkTotals({ order_tax_amount, order_lines })), [
        [
          'order-tax',
          'order_tax_amount',
          `order_tax_amount: given ${order_tax_amount}, expected 3999 +/-3, the sum of all total_tax_amount`,
        ],
      ]);
    }
  });

  t.test('is the sales_tax line where there is one', async (t) => {
    const order_lines = [taxed(2000), totalled({ unit_price: 175, type: 'sales_tax' })];
    t.strictSame(checkTotals({ order_tax_amount: 175, order_lines }), []);
    for (const order_tax_amount of [174, 176, 2000]) {
      t.strictSame(says(checkTotals({ order_tax_amount, order_lines })), [
        [
          'sales-tax',
          'order_tax_amount',
          `order_tax_amount: given ${order_tax_amount}, expected 175, the sales_tax line`,
        ],
      ]);
    }
    const two = [...order_lines, totalled({ unit_price: 25, type: 'Sales_Tax' })];
    t.strictSame(checkTotals({ order_tax_amount: 200, order_lines: two }), [], 'in any case, and all of them');
    t.equal(checkTotals({ order_tax_amount: 175, order_lines: two }).length, 1);
    const physical = [totalled({ unit_price: 175, type: 'physical' })];
    t.strictSame(checkTotals({ order_tax_amount: 1, order_lines: physical }), [], 'other lines are no sales tax');
  });

  t.test('has exactly those bounds, whatever the lines', async (t) => {
    const taxes = fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 1, maxLength: 20 });
    holds(
      t,
      fc.property(taxes, (given) => {
        const order_lines = given.map((total_tax_amount) => ({ ...totalled({}), total_tax_amount }));
        const [sum, most] = [given.reduce((all, tax) => all + tax, 0), given.length];
        assert.deepEqual(
          [-most - 1, -most, most, most + 1].map(
            (off) => checkTotals({ order_tax_amount: sum + off, order_lines }).length,
          ),
          [1, 0, 0, 1],
        );
      }),
    );
  });
});

t.test('the stages of a request', async (t) => {
  const wrongLines = [line({ total_amount: 9997, total_tax_amount: 5 }), line(), line({ total_tax_amount: 1998 })];

  t.test('lines come first and name all their fields in one message', async (t) => {
    const world = new World();
    const texts = [
      'order_lines[0].total_amount: given 9997, expected 10000 +/-2 = 2 * 5000 - 0 +/- quantity',
      'order_lines[0].total_tax_amount: given 5, expected 1999 +/-1 for total_amount 9997 at tax_rate 2500',
      'order_lines[2].total_tax_amount: given 1998, expected 2000 +/-1 for total_amount 10000 at tax_rate 2500',
    ];
    const expected = badValue(
      'order_lines[0].total_amount, order_lines[0].total_tax_amount, order_lines[2].total_tax_amount',
      'line-total',
      texts.join('; '),
    );
    const wrong = { order_amount: 1, order_tax_amount: 1, order_lines: wrongLines };
    refuses(t, world.createSession(purchase(wrong)), expected, 'createSession');
    refuses(t, world.updateSession(world.session().id, wrong), expected, 'updateSession');
    refuses(t, world.createOrder(world.authorization().id, orderOf(wrong)), expected, 'createOrder');
    refuses(
      t,
      world.charge(world.token().id, charge({ ...wrong, order_lines: wrongLines.map(({ type, ...rest }) => rest) })),
      expected,
      'createCustomerTokenOrder',
    );
  });

  t.test('a line within the tolerance passes wherever lines are reckoned', async (t) => {
    const world = new World();
    const order_lines = [{ name: 'Laces', quantity: 3, unit_price: 1586, total_amount: 4759 }];
    const rounded = { order_amount: 4759, order_tax_amount: 0, order_lines };
    const { id } = world.authorization(purchase(rounded));
    const answers = [
      world.createOrder(id, orderOf(rounded)),
      world.updateSession(world.session().id, rounded),
      world.charge(world.token().id, charge(rounded)),
    ];
    t.strictSame(
      answers.map((decision) => accepted(decision).answer.status),
      [200, 204, 200],
    );
  });

  t.test('totals come next and name theirs, each field once', async (t) => {
    const world = new World();
    refuses(
      t,
      world.createSession(purchase({ order_amount: 0, order_tax_amount: 7 })),
      badValue(
        'order_amount, order_tax_amount',
        'order-total',
        [
          'order_amount: given 0, expected 10000, the sum of all total_amount',
          'order_amount: given 0 with intent buy, expected more than 0, or intent tokenize',
          'order_tax_amount: given 7, expected 2000 +/-1, the sum of all total_tax_amount',
        ].join('; '),
      ),
    );
  });

  t.test('a purchase whose lines and totals are right passes for every intent', async (t) => {
    const intents: Intent[] = ['buy', 'tokenize', 'buy_and_tokenize', 'buy_and_default_tokenize', 'buy_and_link'];
    const given = fc.record({
      quantity: fc.integer({ min: 1, max: 1000 }),
      unit_price: fc.integer({ min: 1, max: 100_000 }),
      tax_rate: anyRate,
    });
    holds(
      t,
      fc.property(fc.array(given, { minLength: 1, maxLength: 10 }), fc.constantFrom(...intents), (parts, intent) => {
        const order_lines = parts.map(({ quantity, unit_price, tax_rate }) => {
          const total_amount = quantity * unit_price;
          const total_tax_amount = Math.round(total_amount - (total_amount * 10_000) / (10_000 + tax_rate));
          return { quantity, unit_price, tax_rate, total_amount, total_tax_amount };
        });
        const order_amount = order_lines.reduce((sum, { total_amount }) => sum + total_amount, 0);
        const order_tax_amount = order_lines.reduce((sum, { total_tax_amount }) => sum + total_tax_amount, 0);
        assert.deepEqual(checkAmounts({ order_amount, order_tax_amount, order_lines }, intent), []);
      }),
    );
  });
});
