import fc from 'fast-check';
import { compileCondition, match } from '../../src/scenario/match.js';
import { ALL_CALLS, CallTable, Plan, readCalls } from '../../src/scenario/plan.js';
import { readScenario } from '../../src/scenario/read.js';
import { ScenarioRun } from '../../src/scenario/run.js';
import type { Calls, Outcome, Scenario } from '../../src/scenario/scenario.js';
import { holds } from '../property.js';
import t from '../tap.js';

const bare = readScenario('title: Boots\nevidence: inferred\ncallbacks: []', 'boots.yaml');

/** A scenario of these outcomes. */
const withOutcomes = (outcomes: Pick<Outcome, 'on' | 'calls' | 'when'>[]): Scenario => ({
  ...bare,
  outcomes: outcomes.map((outcome, index) => ({ ...outcome, index, line: index + 1, error: 'BAD_VALUE' })),
});

const takes = (calls: Calls, call: number) =>
  'every' in calls ? call % calls.every === 0 : calls.from <= call && call <= calls.to;

/** The same as ScenarioRun, by the words of the grammar alone. */
function naive({ outcomes }: Scenario) {
  const matched = outcomes.map(() => 0);
  return {
    matched,
    next(operation: string, body: unknown): number | undefined {
      let winner: number | undefined;
      for (const { index, on, when, calls } of outcomes) {
        if (on !== operation || (when !== undefined && match(when, body).length > 0)) continue;
        const call = (matched[index] as number) + 1;
        matched[index] = call;
        if (winner === undefined && takes(calls, call)) winner = index;
      }
      return winner;
    },
  };
}

const small = fc.integer({ min: 1, max: 9 });
const calls = fc.oneof(
  small.map((from): Calls => ({ from, to: from })),
  fc.tuple(small, fc.nat(5)).map(([from, more]): Calls => ({ from, to: from + more })),
  small.map((from): Calls => ({ from, to: Number.POSITIVE_INFINITY })),
  small.map((every): Calls => ({ every })),
  fc.constant(ALL_CALLS),
);

/** Values that meet one another now and then: matchers on the left, what they accept on the right. */
const leaf = fc.constantFrom<unknown>(0, 1, 7, 'a', '$', '$x', null, true);
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.record({ c: leaf, $c: leaf }, { requiredKeys: [] }));
const body = fc.oneof(
  fc.record({ a: value, b: value, $a: value }, { requiredKeys: [] }),
  value,
  fc.constant(undefined),
);
const matcher = fc.constantFrom<unknown>(
  '$any',
  '$absent',
  '$nonsense',
  '$$',
  '$$x',
  { $over: 0 },
  { $under: 5 },
  { $over: 0, $under: 5 },
  { $over: 'a' },
  { $match: '^a' },
  { $match: '(' },
  { $oneOf: ['a', 1] },
  { $set: ['a', '$any'] },
  { $near: 1 },
  {},
);
const wanted = fc.oneof(
  leaf,
  matcher,
  fc.array(fc.oneof(leaf, matcher), { maxLength: 2 }),
  fc.record({ c: fc.oneof(leaf, matcher), $$c: leaf }, { requiredKeys: [] }),
);
const when = fc.oneof(
  fc.constant(undefined),
  fc.record({ a: wanted, b: wanted, $$a: wanted }, { requiredKeys: [] }),
  fc.constant({ $oneOf: [{ a: 1 }, { b: 'a' }] }),
);

t.test('a run agrees with the grammar read word by word, whatever the outcomes and the calls', async (t) => {
  const operation = fc.constantFrom('createSession', 'createOrder', 'readSession');
  const outcome = fc.record({ on: operation, calls, when });
  holds(
    t,
    fc.property(
      fc.array(outcome, { maxLength: 12 }),
      fc.array(fc.tuple(operation, body), { maxLength: 40 }),
      (outcomes, requests) => {
        const scenario = withOutcomes(outcomes);
        const run = new ScenarioRun(scenario);
        const reference = naive(scenario);
        const hits = outcomes.map(() => 0);
        for (const [name, sent] of requests) {
          const expected = reference.next(name, sent);
          if (run.next(name, sent)?.index !== expected) return false;
          if (expected !== undefined) hits[expected] = (hits[expected] as number) + 1;
        }
        const progress = run.progress();
        return outcomes.every(({ on }, index) => {
          const { matched, line, ...rest } = progress[index] as (typeof progress)[number];
          const same = JSON.stringify(rest) === JSON.stringify({ index, on, hits: hits[index] });
          return same && matched === reference.matched[index] && line === index + 1;
        });
      },
    ),
    { numRuns: 500 },
  );
});

t.test('a call table gives each call to the first that asked for it, and knows what is left', async (t) => {
  holds(
    t,
    fc.property(fc.array(calls, { maxLength: 15 }), (asked) => {
      const table = new CallTable();
      return asked.every((wants, index) => {
        const earlier = asked.slice(0, index);
        // Beyond the longest period and the last start everything repeats.
        const free = Array.from({ length: 5100 }, (_, call) => call + 1).some(
          (call) => takes(wants, call) && !earlier.some((other) => takes(other, call)),
        );
        if (table.hasRoom(wants) !== free) return false;
        table.add(wants, index);
        return Array.from({ length: 30 }, (_, call) => call + 1).every((call) => {
          const taker = asked.slice(0, index + 1).findIndex((other) => takes(other, call));
          return table.at(call) === (taker === -1 ? undefined : taker);
        });
      });
    }),
    { numRuns: 300 },
  );
});

t.test('a compiled condition says what matching says', async (t) => {
  const expected = fc.oneof(wanted, when, fc.object({ key: fc.constantFrom('a', '$over', '$$', '$match') }));
  holds(
    t,
    fc.property(expected, fc.oneof(body, fc.anything()), (left, right) => {
      return compileCondition(left)(right) === (match(left, right).length === 0);
    }),
    { numRuns: 2000 },
  );
});

t.test('calls are read as they are written', async (t) => {
  const cases: [unknown, Calls | undefined][] = [
    [undefined, { from: 1, to: Number.POSITIVE_INFINITY }],
    [1, { from: 1, to: 1 }],
    ['2', { from: 2, to: 2 }],
    ['2..4', { from: 2, to: 4 }],
    ['3..', { from: 3, to: Number.POSITIVE_INFINITY }],
    [{ every: 3 }, { every: 3 }],
    ...['4..2', 0, -1, 1.5, 'x', '..', null, true, { every: 0 }, { every: 'x' }, {}].map(
      (wrong): [unknown, undefined] => [wrong, undefined],
    ),
  ];
  for (const [given, read] of cases) t.strictSame(readCalls(given), read, JSON.stringify(given));
});

t.test('runs of one scenario count for themselves', async (t) => {
  const scenario = withOutcomes([
    { on: 'createOrder', calls: { from: 1, to: 1 }, when: { locale: 'sv-SE' } },
    { on: 'createOrder', calls: { from: 2, to: 2 } },
  ]);
  const [first, second] = [new ScenarioRun(scenario), new ScenarioRun(scenario)];
  t.equal(first.scenario, scenario);
  t.equal(first.next('createOrder', { locale: 'sv-SE' })?.line, 1);
  t.equal(first.next('createOrder', {})?.line, 2, 'the call that another outcome took counts');
  t.equal(first.next('createOrder', {}), undefined);
  t.equal(first.next('createSession', {}), undefined);
  t.equal(second.next('createOrder', {}), undefined);
  t.strictSame(
    first.progress().map(({ matched, hits }) => [matched, hits]),
    [
      [1, 1],
      [3, 1],
    ],
  );
  t.strictSame(
    second.progress().map(({ matched, hits }) => [matched, hits]),
    [
      [0, 0],
      [1, 0],
    ],
  );
});

t.test('a run knows the shopper and how callbacks are delivered', async (t) => {
  const text = `title: Boots
evidence: inferred
shopper: { result: denied }
callbacks:
  - { on: notification, delivery: { delay: PT1H } }
  - { on: push, delivery: { drop: true } }
`;
  const run = new ScenarioRun(readScenario(text, 'boots.yaml'));
  t.strictSame(run.shopper, { result: 'denied' });
  t.strictSame(run.delivery('push'), { drop: true });
  t.strictSame(run.delivery('notification'), { delay: 'PT1H' });
  t.equal(run.delivery('authorization'), undefined);
});

t.test('five thousand outcomes are read, and each is found', async (t) => {
  const outcomes = Array.from({ length: 5_000 }, (_, index) => ({
    on: 'createSession',
    ...(index % 2 ? { calls: index } : { when: { merchant_reference1: `order-${index}` } }),
    error: 'BAD_VALUE',
  }));
  const scenario = readScenario(JSON.stringify({ title: 'Many', evidence: 'inferred', outcomes }), 'many.json');
  const run = new ScenarioRun(scenario);
  t.equal(run.next('createSession', { merchant_reference1: 'order-4998' })?.index, 1, 'the first match wins');
  t.equal(run.next('createSession', { merchant_reference1: 'order-4998' })?.index, 4998);
  t.equal(run.next('createSession', {})?.index, 3);
});

t.test('outcomes that ask for one value alike are told apart by the others', (t) => {
  const asks = ['A', 'B', 'A'].map((merchant_reference1) => ({
    on: 'createSession',
    calls: ALL_CALLS,
    when: { order_amount: 100, merchant_reference1 },
  }));
  const run = new ScenarioRun(withOutcomes(asks));
  const met = ['B', 'A', 'C'].map((merchant_reference1) =>
    run.next('createSession', { order_amount: 100, merchant_reference1 }),
  );
  t.strictSame(
    met.map((outcome) => outcome?.index),
    [1, 0, undefined],
  );
  t.equal(run.next('createSession', { merchant_reference1: 'B' }), undefined);
  t.end();
});

t.test('what is over or under a number is not that number', async (t) => {
  t.strictSame([4, 5, 6].map(compileCondition({ $over: 5 })), [false, false, true]);
  t.strictSame([4, 5, 6].map(compileCondition({ $under: 5 })), [true, false, false]);
});

t.test('a matcher that is none meets nothing', async (t) => {
  t.equal(compileCondition({ $match: '^a' })('ab'), true);
  t.strictSame(['$a', '$$a'].map(compileCondition('$$a')), [true, false], 'a dollar sign is written twice');
  for (const wrong of [{ $over: 'x' }, { $nothing: 1 }, '$nothing', { $match: '1' }]) {
    t.equal(compileCondition(wrong)(1), false, JSON.stringify(wrong));
  }
});

t.test('a call is compared with the few outcomes that name its rarest value', (t) => {
  const outcomes = Array.from({ length: 100 }, (_, index) => index).flatMap((index) => [
    { on: 'createOrder', calls: ALL_CALLS, when: { locale: 'sv-SE', order_amount: index } },
    { on: 'createOrder', calls: ALL_CALLS, when: { merchant_data: `m-${index}`, locale: 'sv-SE' } },
  ]);
  const plan = new Plan(withOutcomes(outcomes).outcomes);
  let compared = 0;
  for (const group of plan.groups) {
    const { counts } = group;
    Object.assign(group, {
      counts: (body: unknown) => {
        compared++;
        return counts(body);
      },
    });
  }
  const counting = plan.counting('createOrder', { locale: 'sv-SE', order_amount: 7, merchant_data: 'm-9' });
  t.strictSame(
    counting.map(({ when }) => when),
    [outcomes[14]?.when, outcomes[19]?.when],
  );
  t.equal(compared, 2);
  t.end();
});

t.test(
  'a run that was saved as JSON goes on with its counts, also of calls without end and of every so many',
  async (t) => {
    const outcomes = [
      { on: 'createSession', calls: { from: 2, to: 3 }, error: 'BAD_REQUEST' },
      { on: 'createSession', calls: { from: 5, to: Number.POSITIVE_INFINITY }, error: 'PERMISSION_DENIED' },
      { on: 'createOrder', calls: { every: 2 }, error: 'REJECTED' },
    ] as const;
    const listed = outcomes.map((outcome, index) => ({ ...outcome, index, line: index + 1 }));
    const run = new ScenarioRun({ ...bare, outcomes: listed });
    const asked = (of: ScenarioRun, operation: string) => of.next(operation, {})?.error;
    t.strictSame([asked(run, 'createSession'), asked(run, 'createSession')], [undefined, 'BAD_REQUEST']);
    t.equal(asked(run, 'createOrder'), undefined);
    const again = ScenarioRun.restore(JSON.parse(JSON.stringify(run.state)));
    t.strictSame(again.progress(), run.progress());
    t.strictSame(again.state, run.state);
    const rest = Array.from({ length: 4 }, () => asked(again, 'createSession'));
    t.strictSame(rest, ['BAD_REQUEST', undefined, 'PERMISSION_DENIED', 'PERMISSION_DENIED']);
    t.equal(asked(again, 'createOrder'), 'REJECTED');
  },
);
