import fc from 'fast-check';
import { compileCondition, match } from '../../src/scenario/match.js';
import { faultIn, inFewSteps, matches } from '../../src/scenario/pattern.js';
import { ALL_CALLS, Plan } from '../../src/scenario/plan.js';
import type { ScenarioError } from '../../src/scenario/problem.js';
import { readScenario } from '../../src/scenario/read.js';
import { holds } from '../property.js';
import t from '../tap.js';
import { expressions } from './expressions.js';

/** Expressions for which an engine that goes back takes twice as long for each further sign. */
const explosive = ['^(?:a|a?)+$', '^(a+)+$', '(a*)*b', '^(?:a|b|ab)*c'];

t.test('a bracket that closes nothing is a mistake like another', async (t) => {
  for (const pattern of ['a)b', ')))', '(a))+b'])
    t.match(faultIn(pattern), /^takes a regular expression of RE2 /, pattern);
});

t.test('a text of 100,000 signs is matched at once, whatever the expression', (t) => {
  for (const pattern of explosive) t.equal(matches(pattern, `${'a'.repeat(100_000)}!`), false, pattern);
  t.equal(matches('^(?:a|a?)+$', 'a'.repeat(100_000)), true);
  t.end();
});

t.test('an expression means what it means in JavaScript', (t) => {
  for (const [pattern, met, unmet] of [
    ['b', 'abc', 'a'],
    ['^b$', 'b', 'b\n'],
    ['a.c', 'a\u{1f97e}c', 'a\nc'],
    ['\\u00e5\\u{1f97e}\\x41\\/', 'å\u{1f97e}A/', 'a'],
    ['(?<year>\\d{4})-\\d\\d', '2030-01', '2030'],
    ['^\\p{L}+$', 'åÄ', 'a1'],
    ['\\bintent\\b', 'locale, intent', 'intents'],
    ['^[^,\\]]+$', 'ab', 'a,b'],
    ['^(?:SEK|EUR)$', 'EUR', 'USD'],
    ['', 'anything', undefined],
  ] as const) {
    t.equal(matches(pattern, met), true, pattern);
    t.equal(new RegExp(pattern, 'u').test(met), true);
    if (unmet === undefined) continue;
    t.equal(matches(pattern, unmet), false, pattern);
    t.equal(new RegExp(pattern, 'u').test(unmet), false);
  }
  const pattern = expressions('(a|b)', '(?:ab)');
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '1', '.', '-', ' ', '\n') });
  holds(
    t,
    fc.property(pattern, text, (given, said) => {
      const known = regularExpression(given);
      return !known || faultIn(given) !== undefined || matches(given, said) === known.test(said);
    }),
    { numRuns: 2_000 },
  );
  t.end();
});

function regularExpression(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

t.test('what no linear engine knows is refused, with what to write instead', (t) => {
  const instead = {
    look: /^takes a regular expression of RE2 \(.+\); instead of looking ahead or behind give a list, of which all must match$/,
    back: /^takes a regular expression of RE2 \(.+\); nothing refers back to a group: write what may stand there$/,
  };
  for (const pattern of ['(?=a)b', '^(?!a)', '(?<=a)b', '(?<!a)b']) t.match(faultIn(pattern), instead.look, pattern);
  for (const pattern of ['(a)\\1', '(?<a>a)\\k<a>']) t.match(faultIn(pattern), instead.back, pattern);
  t.match(faultIn('('), /^takes a regular expression of RE2 \([^;]+\)$/);
  t.equal(faultIn(`${'a'.repeat(999)}.`), undefined);
  t.equal(faultIn(`${'a'.repeat(1_000)}.`), 'takes a regular expression of at most 1000 characters');
  t.equal(faultIn('[ab]{900}'), undefined);
  t.match(faultIn('((a{10}){10}){10}'), /repeats to \d+ signs/);
  t.equal(
    faultIn('[ab]{900}[ab]{900}'),
    'takes a smaller regular expression: this one repeats to 1800 signs, at most 1000',
  );
  for (const pattern of ['(', '(?=a)', `${'a'.repeat(1_000)}.`])
    t.equal(matches(pattern, `(?=a)(${'a'.repeat(1_001)}`), false, 'and meets nothing');
  t.end();
});

t.test('a scenario tells of an expression with line and column, also of one in a list', (t) => {
  const told = ($match: string) => {
    try {
      const head = 'title: A\nevidence: inferred\nsteps:\n  - readClock:\n    expect:\n      body:\n';
      readScenario(`${head}        now: { $match: ${$match} }\n`, 'a.yaml');
      return '';
    } catch (error) {
      return (error as ScenarioError).message;
    }
  };
  t.equal(told('[a, b]'), '');
  t.match(
    told("'(?=a)'"),
    /^a\.yaml:7:24 \$match takes a regular expression of RE2 .*give a list, of which all must match$/,
  );
  t.match(told("[a, '(?=b)']"), /^a\.yaml:7:28 \$match takes a regular expression of RE2 /);
  t.equal(told('[]'), 'a.yaml:7:24 $match takes a regular expression, or a list of them');
  t.equal(told('[a, 1]'), 'a.yaml:7:28 $match takes a regular expression, or a list of them');
  t.equal(told('[[a]]'), 'a.yaml:7:24 $match takes a regular expression, or a list of them');
  t.end();
});

t.test('of a list of expressions all must match', (t) => {
  const expected = { $match: ['^Bad value: \\w+, \\w+$', '\\bintent\\b', '\\blocale\\b'] };
  for (const [text, isMet] of [
    ['Bad value: intent, locale', true],
    ['Bad value: locale, intent', true],
    ['Bad value: intent, intent', false],
    ['Bad value: intent, locale, design', false],
  ] as const) {
    t.equal(match(expected, text).length === 0, isMet, text);
    t.equal(compileCondition(expected)(text), isMet, text);
  }
  for (const $match of [[], ['a', 1], [['a']]]) {
    t.equal(match({ $match }, 'a').length, 1);
    t.equal(compileCondition({ $match })('a'), false);
  }
  t.end();
});

t.test('the expressions of all outcomes take a limited number of steps for one call', (t) => {
  t.equal(
    inFewSteps(() => matches('^a', 'ab'), 2),
    true,
    'a text and no more',
  );
  t.equal(
    inFewSteps(() => matches('^a', 'ab'), 1),
    false,
  );
  t.equal(
    inFewSteps(() => matches('^[ab]$', 'a'), 1_000),
    false,
    'it takes more to compile it',
  );
  t.equal(
    inFewSteps(() => matches('^[ab]$', 'a'), 100_000),
    true,
  );
  t.equal(
    inFewSteps(() => matches('^[ab]$', 'a'), 1_000),
    true,
    'it is kept compiled',
  );
  t.equal(matches('^a', 'ab'), true, 'without a limit again');
  t.match(
    inFewSteps(() => faultIn('^[bc]'), 1),
    /^takes no more regular expressions/,
  );
  t.equal(faultIn('^[bc]'), undefined);
  t.throws(() =>
    inFewSteps(() => {
      throw new Error('x');
    }, 1),
  );
  t.equal(matches('^a', 'ab'), true, 'also after an error');
  const outcomes = Array.from({ length: 5_000 }, (_, index) => ({
    index,
    line: index,
    on: 'createSession',
    calls: ALL_CALLS,
    when: { merchant_reference1: { $match: `^(?:[a-z]|${index})*$` } },
  }));
  const plan = new Plan(outcomes as never);
  const met = plan.counting('createSession', { merchant_reference1: 'a'.repeat(1_000) });
  t.ok(met.length > 100, `${met.length} of them are met`);
  t.ok(met.length < 5_000, 'and the rest are not looked at');
  t.end();
});
