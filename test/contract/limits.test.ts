import { readFileSync } from 'node:fs';
import { answerFaults } from '../../src/contract/answers.js';
import { validator } from '../../src/contract/compile.js';
import { apis, operationNamed, operations } from '../../src/contract/operations.js';
import { bodyReader } from '../../src/contract/shapes.js';
import { checkBody } from '../../src/contract/validate.js';
import t from '../tap.js';
import { boots, purchase, startSandbox } from './sandbox.js';

const many = <Item>(count: number, item: (index: number) => Item) => Array.from({ length: count }, (_, at) => item(at));
const read = (operation: string, body: object) =>
  bodyReader(operationNamed(operation))(body) as Record<string, unknown[]>;

t.test('of a list one item more than its limit is read, and no list is without a limit', async (t) => {
  for (const [operation, field, item, limit] of [
    ['createSession', 'order_lines', () => ({}), 1_000],
    ['createCustomerTokenOrder', 'order_lines', () => ({}), 1_000],
    ['captureOrder', 'shipping_info', () => ({}), 500],
    // Ajv compares each item of such a list with every other.
    ['choosePaymentMethodCategories', 'payment_method_categories', (at: number) => `c${at}`, 6],
    ['authorizeSession', 'invalid_fields', String, 10_000],
    ['createSession', 'custom_payment_method_ids', String, 10_000],
  ] as const) {
    const lengthOf = (count: number) => read(operation, { [field]: many(count, item) })[field]?.length;
    t.equal(lengthOf(limit), limit, `${operation} ${field}`);
    t.equal(lengthOf(limit + 1), limit + 1);
    t.equal(lengthOf(40_000), limit + 1);
    const checked = checkBody(operationNamed(operation), { ...purchase, [field]: many(40_000, item) });
    const texts = 'violations' in checked ? checked.violations.map(({ text }) => text) : [];
    t.match(
      texts.find((text) => text.endsWith(`, expected at most ${limit} entries`)),
      String,
      'it is refused as too long',
    );
  }
});

t.test('of many unknown fields a thousand are looked at', async (t) => {
  const strange = Object.fromEntries(many(100_000, (at) => [`x${at}`, at]));
  t.equal(Object.keys(read('advanceClock', { by: 'PT1S', ...strange })).length, 1_001);
});

t.test('a hundred violations are told, and how many there are besides', async (t) => {
  const linesOf = (count: number) => {
    const checked = checkBody(operationNamed('createSession'), {
      ...purchase,
      order_lines: many(count, () => ({ ...boots, name: undefined })),
    });
    return 'violations' in checked ? checked.violations : [];
  };
  t.equal(linesOf(100).length, 100);
  t.match(linesOf(100).at(-1), { field: 'order_lines[99].name' });
  t.equal(linesOf(101).length, 101);
  t.strictSame(linesOf(101).at(-1), { rule: 'shape', field: 'and 1 more', text: 'and 1 more', message: 'and 1 more' });
  t.match(linesOf(40_000).at(-1), { field: 'and 902 more' });
});

t.test('a body of 40,000 empty lines is refused as one with a few, and the next is answered', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  const answer = await call('createSession', { body: { ...purchase, order_lines: many(40_000, () => ({})) } });
  t.equal(answer.status, 400);
  t.match(answer.body.error_messages[0], /^Bad value: order_lines, order_lines\[0\]\.name, .*, and \d+ more$/);
  const { items } = (await call('readJournal')).body;
  t.equal(items.length, 1);
  const strange = { body: { payment_method_categories: many(80_000, (at) => `c${at}`) } };
  t.equal((await call('choosePaymentMethodCategories', strange)).status, 400);
  t.equal((await call('createSession', { body: purchase })).status, 200);
});

t.test('no validator copies the errors that it has whenever it finds more', async (t) => {
  for (const file of [...apis, ...apis.map((api) => `${api}.answers`), 'scenario']) {
    const code = readFileSync(new URL(`../../src/contract/generated/${file}.cjs`, import.meta.url), 'utf8');
    t.notMatch(code, /\.concat\(/, file);
  }
  for (const { api, request } of operations.values()) {
    if (request) t.notMatch(String(validator(api, request.schema)), /\.concat\(/, request.schema);
  }
  const body = { order_lines: many(3, () => ({ name: 1 })) };
  const headers = { 'content-type': 'application/json' };
  const paths = answerFaults(operationNamed('readSession'), { status: 200, headers, body }).map(({ path }) => path);
  for (const at of [0, 1, 2])
    t.ok(paths.includes(`$.body.order_lines[${at}].name`), `the faults of line ${at} are told`);
});
