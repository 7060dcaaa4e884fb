import { operations } from '../../../src/contract/operations.js';
import {
  type ErrorEntry,
  type ErrorName,
  errorAnswered,
  errors,
  failureOf,
  fieldsNamedIn,
  isFinal,
  isOwnRefusal,
  isRepeatable,
  stateRefused,
} from '../../../src/klarna/catalogue/errors.js';
import { rules } from '../../../src/klarna/catalogue/rules.js';
import t from '../../tap.js';

const entries = Object.entries(errors) as [ErrorName, ErrorEntry][];
const klarna = [...operations.values()].filter(({ api }) => api !== 'sandbox');
const grades = ['recorded', 'spec', 'docs', 'reported', 'inferred'];

t.test('the contract of every operation has the errors that the catalogue says it answers', async (t) => {
  t.equal(klarna.length, 9 + 18 + 4);
  for (const [name, { status, operations: named }] of entries) {
    for (const operation of named ?? []) {
      t.ok(operations.get(operation)?.answers.has(status), `${name}: ${operation} answers ${status}`);
    }
    if (!named) {
      const some = klarna.filter(({ answers }) => answers.has(status)).map((operation) => operation.name);
      t.ok(some.length > 0, `${name}: ${some.join(', ')} answers ${status}`);
    }
  }
});

/** Declared by Klarna's document alone; no request that gets it is known. */
const neverAnswered = new Set(['createCustomerToken 409', 'createCustomerTokenOrder 409']);

t.test('every refusal that a contract declares is in the catalogue', async (t) => {
  for (const { name, answers } of klarna) {
    for (const status of answers.keys()) {
      if (status < 400) continue;
      const known = entries.some(([, entry]) => entry.status === status && (entry.operations?.includes(name) ?? true));
      t.ok(known || neverAnswered.has(`${name} ${status}`), `${name} ${status}`);
    }
  }
});

t.test('every error and every rule says why it is believed', async (t) => {
  for (const [name, { code, evidence, source }] of entries) {
    t.match(code, /^[A-Z][A-Z_]+$/, name);
    t.ok(grades.includes(evidence) && source.length > 0, name);
  }
  for (const [id, { evidence, source, says }] of Object.entries(rules)) {
    t.match(id, /^[a-z]+(-[a-z]+)*$/, id);
    t.ok(grades.includes(evidence) && source.length > 0, id);
    t.match(says, /^[A-Z].*\.$/, id);
  }
});

t.test(
  'the state that leads to a refusal follows from its code, and from its words where one code has several',
  async (t) => {
    for (const [code, messages, state] of [
      ['CAPTURE_NOT_ALLOWED', 'Captured amount is higher than the remaining authorized amount.', 'order smaller'],
      ['CAPTURE_NOT_ALLOWED', 'Capture not allowed', 'order cancelled'],
      ['CANCEL_NOT_ALLOWED', 'Order has previous captures. Cancel not possible.', 'order captured'],
      ['REFUND_NOT_ALLOWED', 'Order has no captures. Refund not possible', 'order not captured'],
      ['REFUND_NOT_ALLOWED', 'Over refund is not allowed. Refund not possible.', 'less captured'],
      ['NOT_ALLOWED', 'Order is Captured. Update not allowed.', 'order captured'],
      ['NOT_ALLOWED', 'Update not allowed.', 'order cancelled'],
      ['BAD_VALUE', 'The order has been already completed with different request body', 'order placed'],
      ['BAD_VALUE', 'Bad value: order_amount', undefined],
      ['INVALID_OPERATION', 'Not allowed to create customer token for intent buy', 'no token allowed'],
      ['TOKEN_SUSPENDED', '', 'token suspended'],
      ['TOKEN_CANCELLED', '', 'token cancelled'],
      ['NOT_FOUND', 'captured', undefined],
      [undefined, '', undefined],
    ] as const) {
      t.equal(stateRefused({ code, messages }), state, `${code} ${messages}`);
    }
  },
);

t.test(
  'a refusal is an error of the catalogue by status, code and operation, and the one of its words before others',
  async (t) => {
    const answered = (operation: string, status: number, code: string, messages = '') =>
      errorAnswered(operation, { status, code, messages });
    const [tooHigh] = errors.CAPTURE_TOO_HIGH.messages;
    t.equal(answered('captureOrder', 403, 'CAPTURE_NOT_ALLOWED', tooHigh), 'CAPTURE_TOO_HIGH');
    t.equal(answered('captureOrder', 403, 'CAPTURE_NOT_ALLOWED', 'other words'), 'CAPTURE_NOT_ALLOWED');
    t.equal(answered('captureOrder', 409, 'CAPTURE_NOT_ALLOWED', tooHigh), undefined);
    t.equal(answered('refundOrder', 403, 'CAPTURE_NOT_ALLOWED', tooHigh), undefined);
    t.equal(
      answered('readSession', 403, 'MERCHANT_INACTIVE'),
      'MERCHANT_INACTIVE',
      'one that every operation can answer',
    );
  },
);

t.test('what Klarna refuses for reasons of its own, and fields that its messages name', async (t) => {
  const own = [...new Set(entries.map(([, { code }]) => code))].filter(isOwnRefusal);
  t.strictSame(own.sort(), [
    'CONFLICT',
    'MERCHANT_INACTIVE',
    'PAYMENT_METHOD_FAILED',
    'PERMISSION_DENIED',
    'REJECTED',
    'TOKEN_FORBIDDEN',
    'UNAVAILABLE_PAYMENT_METHOD',
  ]);
  t.equal(isOwnRefusal(undefined), false);
  t.strictSame(fieldsNamedIn('Bad value: order_amount, order_lines[0].name'), ['order_amount', 'order_lines[0].name']);
  t.strictSame(fieldsNamedIn('Not matching fields: [locale , billing_address.city]'), [
    'locale',
    'billing_address.city',
  ]);
  t.strictSame(fieldsNamedIn('Bad format: a'), ['a']);
  t.equal(fieldsNamedIn('No Bad value: a'), undefined);
});

t.test('what an error means beyond its status', async (t) => {
  const those = (is: (entry: ErrorEntry) => unknown) => entries.filter(([, entry]) => is(entry)).map(([name]) => name);
  t.strictSame(
    those(({ sticks }) => sticks),
    ['REJECTED', 'NOT_MATCHING'],
  );
  t.strictSame(
    those(({ recoverable }) => recoverable),
    ['PAYMENT_METHOD_FAILED', 'UNAVAILABLE_PAYMENT_METHOD'],
  );
  const codes = new Set(entries.map(([, { code }]) => code).filter(isRepeatable));
  t.strictSame([...codes].sort(), [
    'INTERNAL_SERVER_ERROR',
    'PAYMENT_METHOD_FAILED',
    'SERVICE_UNAVAILABLE',
    'TEMPORARILY_UNAVAILABLE',
    'TOKEN_SUSPENDED',
    'TOO_MANY_REQUESTS',
    'UNAVAILABLE_PAYMENT_METHOD',
    'UNEXPECTED_ERROR',
  ]);
  t.equal(isRepeatable(undefined), false);
  for (const [name, final] of [
    ['REJECTED', true],
    ['NOT_MATCHING', true],
    ['BAD_VALUE', false],
    ['INVALID_SESSION', false],
    ['UNPROCESSABLE_ENTITY', false],
    ['TOO_MANY_REQUESTS', false],
    ['INTERNAL_SERVER_ERROR', false],
  ] as const) {
    t.equal(isFinal(name), final, name);
  }
});

t.test('each API fails in its own words, as far as anybody saw it fail', async (t) => {
  for (const [status, payments, management] of [
    [429, 'TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS'],
    [500, 'INTERNAL_SERVER_ERROR', 'UNEXPECTED_ERROR'],
    [502, undefined, 'BAD_GATEWAY'],
    [503, 'SERVICE_UNAVAILABLE', 'TEMPORARILY_UNAVAILABLE'],
    [504, undefined, 'GATEWAY_TIMEOUT'],
    [400, undefined, undefined],
    [403, undefined, undefined],
    [409, undefined, undefined],
  ] as const) {
    t.equal(failureOf(status, 'createOrder', 'payments'), payments, `${status} of Klarna Payments`);
    t.equal(failureOf(status, 'captureOrder', 'order-management'), management, `${status} of Order Management`);
  }
});
