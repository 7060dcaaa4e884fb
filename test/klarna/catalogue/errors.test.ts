import { operations } from '../../../src/contract/operations.js';
import { type ErrorEntry, type ErrorName, errors } from '../../../src/klarna/catalogue/errors.js';
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
