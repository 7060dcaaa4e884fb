import { readInline } from '../../src/scenario/inline.js';
import { ScenarioError } from '../../src/scenario/problem.js';
import t from '../tap.js';

/** Returns the mistakes of a scenario, as messages show them. */
function complaints(content: object): string[] {
  try {
    readInline(content);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const head = { title: 'Boots', evidence: 'inferred' };
const purchase = { createSession: { body: { order_amount: 1 } } };

t.test('a mistake is placed by the step, outcome or rule that it is in, not by a line', (t) => {
  const cases: [object, ...problems: (string | RegExp)[]][] = [
    [{ ...head, steps: [purchase], tags: 'x' }, 'tags: "tags" must be a list, not the text "x"; write [x]'],
    [{ ...head, step: [purchase] }, 'unknown key "step" (did you mean "steps"?)'],
    [head, /^a scenario needs one of steps, /],
    [
      { ...head, steps: [purchase, { title: 'Place the order', creatOrder: {} }] },
      'steps[1] "Place the order": unknown key "creatOrder" (did you mean "createOrder"?)',
    ],
    [
      { ...head, steps: [purchase, { title: 'Place "it"', ...purchase, expect: { body: { session_id: '$uid' } } }] },
      /^steps\[1\] "Place \\"it\\"", expect\.body\.session_id: unknown matcher \$uid/,
    ],
    [
      { ...head, steps: [{ ...purchase, expect: { body: { order_lines: [{ name: '$nam' }] } } }] },
      /^steps\[0\], expect\.body\.order_lines\[0\]\.name: unknown matcher \$nam/,
    ],
    [{ ...head, steps: [{ title: 'x'.repeat(100), times: 0, ...purchase }] }, /^steps\[0\] "x{60}…", times: "times" /],
    [{ ...head, steps: [purchase, 'createOrder'] }, /^steps\[1\]: steps\[1\] must be a mapping/],
    [
      { ...head, outcomes: [{ on: 'createSession', error: 'REJECTED' }] },
      /^outcomes\[0\] on createSession, error: createSession cannot answer the error "REJECTED"/,
    ],
    [
      { ...head, callbacks: [{ on: 'push', delivery: { lost: true } }] },
      /^callbacks\[0\] on push, delivery: unknown key "lost"/,
    ],
    [{ ...head, alias: 'TOO LOUD', steps: [purchase] }, /^alias: "alias" is at most 20 of a-z, 0-9 and -/],
  ];
  for (const [content, ...problems] of cases) t.matchLists(complaints(content), problems, JSON.stringify(content));
  t.end();
});

t.test('what cannot be read at all has no place', (t) => {
  let deep: object = {};
  for (let level = 0; level < 300; level++) deep = { deep };
  t.strictSame(complaints({ ...head, deep }), ['the file is nested too deep to be read']);
  t.match(complaints({ ...head, source: 'x'.repeat(1024 * 1024) })[0], /^the file holds more than 1 MB/);
  t.throws(() => readInline({ title: 1n }), TypeError);
  t.throws(() => readInline(() => {}), TypeError);
  t.end();
});

t.test('outcomes and rules for callbacks have no line', (t) => {
  const content = {
    ...head,
    outcomes: [{ on: 'createSession', fault: { status: 503 } }],
    callbacks: [{ on: 'push', delivery: { drop: true } }],
    steps: [purchase],
  };
  const { inline, outcomes, callbacks, steps } = readInline(content);
  t.equal(inline, content);
  t.notOk(outcomes.some((outcome) => 'line' in outcome));
  t.notOk(callbacks.some((rule) => 'line' in rule));
  t.equal(steps.length, 1);
  t.end();
});
