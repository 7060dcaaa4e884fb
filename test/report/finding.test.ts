import assert from 'node:assert/strict';
import fc from 'fast-check';
import { finding } from '../../src/report/finding.js';
import { byCheck, inOrder, renderSeverities, sentence, summarize, whereOf, worst } from '../../src/report/summary.js';
import { readBaseline, renderBaseline, toBaseline, withoutKnown } from '../../src/report/verdict.js';
import { holds } from '../property.js';
import t from '../tap.js';
import { clean, found, sample } from './sample.js';

t.test('a fingerprint knows a finding in the next run', async (t) => {
  const { fingerprint } = found();
  t.match(fingerprint, /^[0-9a-f]{16}$/);
  const again = [
    found({ message: 'in other words', expected: 1, got: 2, severity: 'note' }),
    found({ where: { exchange: 99, merchant: 'shop.7', line: 3 } }),
  ];
  for (const one of again) t.equal(one.fingerprint, fingerprint);
  const lines = [0, 17].map((index) => found({ path: `$.body.order_lines[${index}].name` }).fingerprint);
  t.equal(lines[0], lines[1], 'the line of an order is no part of it');
  const others = [
    found({ check: 'contract/read-only-field' }),
    found({ operation: 'updateSession' }),
    found({ path: '$.request.body.order_lnis' }),
    found({ identity: 'line-total' }),
    found({ where: { file: 'a.har' } }),
    found({ where: { case: 'a' } }),
  ].map((one) => one.fingerprint);
  t.equal(new Set([fingerprint, ...others]).size, others.length + 1, 'each part of it counts');
});

t.test('the parts of a fingerprint do not run into each other', async (t) => {
  const word = fc.option(fc.constantFrom('a', '', ',', '","'), { nil: undefined, freq: 2 });
  holds(
    t,
    fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word, word, word), (one, two) => {
      const fingerprints = [one, two].map(([operation, path, identity, place]) => {
        return found({ operation, path, identity, where: { case: place } }).fingerprint;
      });
      return (fingerprints[0] === fingerprints[1]) === (JSON.stringify(one) === JSON.stringify(two));
    }),
    { numRuns: 1_000 },
  );
});

t.test('a message is one line that no terminal minds', async (t) => {
  t.equal(found({ message: 'a\n\u001b[31mb\u202e' }).message, 'a\\u{a}\\u{1b}[31mb\\u{202e}');
  t.notOk('identity' in finding({ ...found(), identity: 'x' }), 'the identity is in the fingerprint only');
});

t.test('findings stand in the same order in every run: the worst first, then by check and place', async (t) => {
  const { findings } = sample();
  const order = inOrder(findings);
  t.strictSame(
    order.map(({ severity }) => severity),
    ['violation', 'violation', 'warning', 'note', 'note'],
  );
  const places = [
    { merchant: 'a', exchange: 2 },
    { merchant: 'a', exchange: 10 },
    { merchant: 'b', case: 'x' },
    { merchant: 'b', case: 'y' },
    { merchant: 'b', file: 'f', line: 1 },
    { merchant: 'b', file: 'f', line: 2 },
    { merchant: 'b', file: 'g' },
  ].map((where) => found({ where }));
  const worded = [found({ where: {}, path: '$.a', message: 'b' }), found({ where: {}, path: '$.b', message: 'a' })];
  const said = [found({ where: {}, path: '$.c', message: 'a' }), found({ where: {}, path: '$.c', message: 'b' })];
  const first = found({ check: 'contract/a', where: { merchant: 'z', exchange: 99 } });
  const all = [first, ...worded, ...said, ...places];
  holds(
    t,
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      assert.deepEqual(inOrder(shuffled), all);
    }),
    { numRuns: 30 },
  );
});

t.test('checks come with what they found, and those that found nothing after them', async (t) => {
  const judged = byCheck(sample());
  t.strictSame(
    judged.map(({ check, findings }) => [check.id, findings.length]),
    [
      ['contract/unknown-field', 3],
      ['practice/charge-without-key', 1],
      ['recording', 1],
      ['practice/refund-without-key', 0],
    ],
  );
  t.match(judged[0]?.check, { title: 'unknown field', severity: 'violation' }, 'a check that nobody listed');
  t.match(judged[1]?.check, { title: 'A charge of a customer token carries a Klarna-Idempotency-Key.' });
  const checks = ['practice/b', 'practice/a'].map((id) => ({ id, severity: 'note' as const, title: id }));
  t.strictSame(
    byCheck(clean({ checks })).map(({ check }) => check.id),
    ['practice/a', 'practice/b'],
  );
});

t.test('a report in a line', async (t) => {
  const covered = 'Klarna Payments 66 % covered, Klarna Order Management 0 % covered';
  t.equal(summarize(sample()), `2 violations, 1 warning, 2 notes; 34 judged, 1 not judged; ${covered}`);
  t.equal(summarize(clean()), 'no findings; 2 judged');
  t.equal(summarize(clean({ baseline: { known: [found()], fixed: [] } })), 'no findings; 1 known, 0 fixed; 2 judged');
  t.equal(renderSeverities([found()]), '1 violation');
});

t.test('a place in words', async (t) => {
  t.equal(whereOf({}), '');
  t.equal(whereOf({ merchant: 'a' }), 'of a');
  t.equal(whereOf({ exchange: 3 }), 'exchange 3');
  t.equal(whereOf({ exchange: 0, merchant: 'a' }), 'exchange 0 of a');
  t.equal(whereOf({ file: 'f', line: 3, case: 'c', exchange: 1 }), 'f:3 c exchange 1');
});

t.test('a sentence names its place once', async (t) => {
  const says = (path: string | undefined, message: string) => sentence(found({ path, message }));
  t.equal(says(undefined, 'a'), 'a');
  t.equal(says('$.request.body.order_lines[0].name', 'order_lines[0].name: too long'), 'order_lines[0].name: too long');
  t.equal(says('$.headers.klarna-idempotency-key', 'no Klarna-Idempotency-Key'), 'no Klarna-Idempotency-Key');
  t.equal(says('$.status', 'given 1, expected 2'), '$.status: given 1, expected 2');
  t.equal(says('$', 'no JSON'), 'no JSON');
});

t.test('a baseline takes out what it knows, and says what is no longer there', async (t) => {
  const [a, b, c] = [found(), found({ path: '$.b' }), found({ path: '$.c', message: 'c is wrong' })];
  const known = readBaseline(renderBaseline(toBaseline([c, a, a])));
  t.equal(known.length, 2, 'each once');
  const report = withoutKnown(clean({ findings: [a, a, b] }), known);
  t.strictSame(report.findings, [b]);
  t.strictSame(report.baseline?.known, [a, a]);
  t.matchLists(report.baseline?.fixed, [{ fingerprint: c.fingerprint, check: c.check, message: 'c is wrong' }]);
  t.equal(report.baseline?.fixed.length, 1);
});

t.test('a baseline stands in the order of check, operation and fingerprint', async (t) => {
  const one = (check: string, operation: string | undefined, path: string) => found({ check, operation, path });
  const findings = [
    one('contract/b', undefined, '$.a'),
    one('contract/a', 'readOrder', '$.a'),
    one('contract/a', 'readOrder', '$.b'),
    one('contract/a', 'createOrder', '$.a'),
    one('contract/a', 'createOrder', '$.b'),
    one('contract/a', undefined, '$.a'),
  ];
  const key = ({ check, operation = '' }: { check: string; operation?: string | undefined }) => `${check} ${operation}`;
  const sorted = toBaseline(findings);
  t.strictSame(sorted.map(key), [
    'contract/a ',
    'contract/a createOrder',
    'contract/a createOrder',
    'contract/a readOrder',
    'contract/a readOrder',
    'contract/b ',
  ]);
  for (const at of [1, 3]) t.ok((sorted[at]?.fingerprint ?? '') < (sorted[at + 1]?.fingerprint ?? ''));
});

t.test('a check is as bad as its worst finding, and without one as it says of itself', async (t) => {
  const check = { id: 'practice/a', title: 'a', severity: 'note' } as const;
  t.equal(worst({ check, findings: [found({ severity: 'violation' }), found({ severity: 'note' })] }), 'violation');
  t.equal(worst({ check, findings: [] }), 'note');
});

t.test('a baseline is the same whatever the order of the findings', async (t) => {
  const { findings } = sample();
  t.equal(renderBaseline(toBaseline(findings)), renderBaseline(toBaseline([...findings].reverse())));
});

t.test('what is no baseline says why', async (t) => {
  t.throws(() => readBaseline('{'), SyntaxError);
  t.throws(() => readBaseline('{}'), { message: 'expected a list of findings, as --write-baseline writes it' });
  for (const entry of ['null', '7', '{}', '{"fingerprint":7}']) {
    t.throws(() => readBaseline(`[{"fingerprint":"a"},${entry}]`), { message: 'entry 2 has no fingerprint' });
  }
  t.strictSame(readBaseline('[{"fingerprint":"a"}]'), [
    { fingerprint: 'a', check: '', operation: undefined, message: '' },
  ]);
});
