import { coveragePercent } from '../../src/findings/coverage.js';
import { type FailRule, failures, readFailRule } from '../../src/findings/verdict.js';
import t from '../tap.js';
import { clean, found, sample } from './sample.js';

t.test('rules are words', async (t) => {
  t.strictSame(readFailRule('violation'), { severity: 'violation' });
  t.strictSame(readFailRule('note'), { severity: 'note' });
  t.strictSame(readFailRule('coverage=0'), { coverage: 0 });
  t.strictSame(readFailRule('coverage=100'), { coverage: 100 });
  for (const text of [
    '',
    'Violation',
    'violations',
    'coverage',
    'coverage=',
    'coverage=101',
    'coverage=-1',
    'coverage=80%',
  ])
    t.equal(readFailRule(text), undefined, text);
});

t.test('a run fails by the findings that a rule names, and by worse ones', async (t) => {
  const on = (...rules: FailRule[]) => failures(sample(), rules);
  t.strictSame(on({ severity: 'violation' }), ['2 violations (--fail-on violation)']);
  t.strictSame(on({ severity: 'warning' }), ['2 violations, 1 warning (--fail-on warning)']);
  t.strictSame(on(), []);
  const warned = clean({ findings: [found({ severity: 'warning' })] });
  t.strictSame(failures(warned, [{ severity: 'violation' }]), []);
  t.strictSame(failures(warned, [{ severity: 'note' }, { severity: 'note' }]), ['1 warning (--fail-on note)']);
});

t.test('a run fails by too little coverage', async (t) => {
  t.strictSame(failures(sample(), [{ coverage: 50 }]), []);
  t.strictSame(failures(sample(), [{ coverage: 51 }]), ['50 % covered (--fail-on coverage=51)']);
  t.strictSame(failures(clean(), [{ coverage: 1 }]), ['0 % covered (--fail-on coverage=1)'], 'none is none');
  t.equal(coveragePercent({ cells: [], unused: [] }), 0);
});

t.test('nothing judged is a failure whatever the rules', async (t) => {
  t.strictSame(failures(clean({ judged: 0 }), []), ['nothing was judged']);
});
