import { type FailRule, failures, readFailRule } from '../../src/report/verdict.js';
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

t.test('a run fails by too little coverage of an API that the shop uses', async (t) => {
  const covered = (...apis: [string, number][]) =>
    clean({
      coverage: {
        apis: apis.map(([name, percent]) => ({ name, called: ['a'], cells: 100, counting: percent, percent })),
        cells: [],
        others: [],
        unused: [],
      },
    });
  const report = covered(['Klarna Payments', 66], ['Klarna Order Management', 50]);
  t.strictSame(failures(report, [{ coverage: 50 }]), []);
  t.strictSame(failures(report, [{ coverage: 51 }]), ['Klarna Order Management 50 % covered (--fail-on coverage=51)']);
  t.strictSame(failures(report, [{ coverage: 67 }]), [
    'Klarna Payments 66 % covered, Klarna Order Management 50 % covered (--fail-on coverage=67)',
  ]);
  t.strictSame(failures(clean(), [{ coverage: 1 }]), ['0 % covered (--fail-on coverage=1)'], 'none is none');
  t.strictSame(failures(clean(), [{ coverage: 0 }]), []);
  const apis = [{ name: 'Klarna Payments', called: [], cells: 0, counting: 0, percent: 0 }];
  const unused = clean({ coverage: { apis, cells: [], others: [], unused: [] } });
  t.strictSame(failures(unused, [{ coverage: 1 }]), ['0 % covered (--fail-on coverage=1)']);
});

t.test('nothing judged is a failure whatever the rules', async (t) => {
  t.strictSame(failures(clean({ judged: 0 }), []), ['nothing was judged']);
});
