import { join } from 'node:path';
import { startSandbox } from '../../src/index.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { renderVerdict } from '../../src/replay/report.js';
import { warningsIn } from '../../src/replay/warnings.js';
import { renderWarning } from '../../src/report/terminal.js';
import { readScenarios } from '../../src/scenario/files.js';
import { readScenario } from '../../src/scenario/read.js';
import { startServer } from '../../src/server/start.js';
import { run } from '../cli/run.js';
import t, { type Test } from '../tap.js';

const head = 'title: Boots\nevidence: inferred\nmarket: SE\n';
const body = '{ order_amount: 100, order_lines: [{ name: Boots, quantity: 1, unit_price: 100, total_amount: 100 }] }';

/** A purchase of boots up to its order. */
const purchase = `  - createSession: { body: ${body} }
    keep: { session: $.body.session_id }
  - { shopper: authorize, session: "\${session}", keep: { authorization: $.body.authorization_token } }
  - createOrder: { path: { authorizationToken: "\${authorization}" }, body: ${body} }
`;

/** What a file says that tests nothing, as `check` tells it. */
const told = (text: string): string[] =>
  warningsIn(readScenario(head + text, 'a.yaml')).map((warning) => renderWarning('a.yaml', warning));

/** Plays a file on a sandbox of the test. */
async function play(t: Test, text: string, strict?: boolean) {
  const { url, close } = await startServer({ port: 0, seed: 'vain' });
  t.teardown(close);
  const folder = t.testdir({ 'a.yaml': head + text });
  const [result] = await replayScenarios(
    await readScenarios([join(folder, 'a.yaml')]),
    { url, username: 'M', password: 'p' },
    { seed: 'vain', strict },
  );
  return { result, verdict: renderVerdict(result as NonNullable<typeof result>).replaceAll(`${folder}/`, '') };
}

t.test('fields that no contract has', async (t) => {
  t.strictSame(
    told(`outcomes:
  - { on: createSession, when: { order_lines: [{ nme: Boots }], order_amount: { $over: 5 } }, error: BAD_VALUE }
steps:
  - createSession: { body: { order_line: [], wholly_unknown: 1, quantity: 1, design: boots, order_tax: $absent } }
    expect: { status: 200, body: { session_idd: $absent, payment_method_categories: [{ nme: x, identifier: y }] } }
  - createSession: { body: "{ order_line: 1 }" }
    expect: { body: { $match: boots } }
  - createSession: { body: {} }
    expect: { body: { auto_capture: true } }
  - readSession: { path: { session_id: a }, body: { a: 1 } }
    expect: { body: { order_line: $absent, order_amount: $any } }
`),
    [
      'a.yaml:5 warning: "when" asks for order_lines[0].nme, which createSession does not know (did you mean "name"?)',
      'a.yaml:7:5 warning: createSession is sent order_line, which it does not know (did you mean "order_lines"?)',
      'a.yaml:7:5 warning: createSession is sent wholly_unknown, which it does not know',
      'a.yaml:7:5 warning: createSession is sent quantity, which it does not know there; it belongs into order_lines[].quantity',
      'a.yaml:7:5 warning: an answer of createSession is expected to say of session_idd, which it never has',
      'a.yaml:7:5 warning: an answer of createSession is expected to say of payment_method_categories[0].nme, which it never has',
      'a.yaml:11:5 warning: an answer of createSession is expected to say of auto_capture, which it never has',
      'a.yaml:13:5 warning: readSession takes no body, and ignores the one it is sent',
      'a.yaml:13:5 warning: an answer of readSession is expected to say of order_line, which it never has',
    ],
  );
});

t.test('bodies that no answer has', async (t) => {
  const path = '{ path: { order_id: a } }';
  t.strictSame(
    told(`steps:
  - { acknowledgeOrder: ${path}, expect: { status: 204, body: { order_id: a } } }
  - { acknowledgeOrder: ${path}, expect: { status: 204, body: $absent } }
  - { acknowledgeOrder: ${path}, expect: { status: 404, body: { error_code: NO_SUCH_ORDER } } }
  - { acknowledgeOrder: ${path}, expect: { status: 418, body: { teapot: true } } }
  - { readOrder: ${path}, expect: { status: $absent, body: { order_id: a } } }
  - { readOrder: ${path}, expect: { status: $absent, body: $absent } }
  - { readOrder: ${path}, expect: { status: 401, body: { $match: html } } }
  - { readOrder: ${path}, expect: }
`),
    [
      'a.yaml:5:5 warning: acknowledgeOrder answers 204 without a body, and one is expected',
      'a.yaml:9:5 warning: readOrder is to get no answer, and so no body',
    ],
  );
});

t.test('outcomes that no step can bring about', async (t) => {
  const script = `outcomes:
  - { on: readSession, error: NOT_FOUND }
  - { on: createSession, calls: 3, fault: { close: true } }
  - { on: createSession, calls: { every: 3 }, fault: { reset: true } }
  - { on: createSession, when: { order_amount: { $over: 100 } }, fault: { empty: true } }
  - { on: createSession, when: { order_lines: [{ name: Shoes }] }, fault: { empty: true } }
  - { on: createOrder, fraud: { status: PENDING } }
`;
  const steps = `steps:
  - { createSession: { body: ${body} }, times: 2, keep: { a: $.body.session_id } }
  - { createSession: { body: ${body} }, as: other, keep: { b: $.body.session_id } }
  - { readSession: { path: { session_id: "\${a}" } }, as: other }
  - { readSession: { path: { session_id: "\${b}" } }, as: other }
`;
  const each = 'each call of createSession with';
  t.strictSame(told(script + steps), [
    'a.yaml:5 warning: no step brings this about: each call of readSession is refused with 404 NOT_FOUND; they make none',
    'a.yaml:6 warning: no step brings this about: call 3 of createSession has its connection closed; they make 2 such calls',
    'a.yaml:7 warning: no step brings this about: every call number 3 of createSession has its connection reset; they make 2 such calls',
    `a.yaml:8 warning: no step brings this about: ${each} order_amount over 100 gets an answer without a body; they make none`,
    `a.yaml:9 warning: no step brings this about: ${each} order_lines[0].name Shoes gets an answer without a body; they make none`,
    "a.yaml:10 warning: no step brings this about: each call of createOrder has its order's fraud check end PENDING; they make none",
  ]);
  t.strictSame(told(script), [], 'a scenario without steps is only chosen');
  t.strictSame(
    told(
      'shopper: { result: denied }\noutcomes: [{ on: createSession, calls: 2, error: BAD_VALUE }]\nsteps: [{ createSession: { body: "{" } }]\n',
    ),
    [
      'a.yaml:1 warning: the shopper has no say: no step authorizes or completes a purchase',
      'a.yaml:5 warning: no step brings this about: call 2 of createSession is refused with 400 BAD_VALUE; they make one such call',
    ],
  );
});

t.test('variables that no answer has', async (t) => {
  t.strictSame(
    told(`steps:
  - createSession: { body: {} }
    keep:
      session: $.body.sesion_id
      category: $.body.payment_method_categories[0].identifir
      right: $.body.payment_method_categories[1].identifier
      refused: $.body.error_code
      location: $.headers.Location
      whole: $.body
  - setClock: { body: "\${session} \${category} \${right} \${refused} \${location} \${whole}" }
    expect: { status: 204 }
    keep: { none: $.body.x }
  - setClock: { body: "\${none}" }
`),
    [
      'a.yaml:7 warning: "session" keeps $.body.sesion_id, which no answer of createSession has (did you mean "session_id"?)',
      'a.yaml:8 warning: "category" keeps $.body.payment_method_categories[0].identifir, which no answer of createSession has (did you mean "identifier"?)',
    ],
  );
});

t.test('variables that are kept and never used', async (t) => {
  t.strictSame(
    told(`steps:
  - readClock:
    keep:
      now: $.body.now
      other: $.body
  - readClock:
    title: \${now}
    keep: { now: $.body.now, list: $.body }
  - setClock: { body: { now: "\${now} \${list[0].a} \${merchant}" } }
`),
    ['a.yaml:7 warning: "now" is kept and never used', 'a.yaml:8 warning: "other" is kept and never used'],
    'what a later step keeps anew, or nobody names, was kept for nothing',
  );
  t.strictSame(
    told(
      'steps:\n  - { readClock: , keep: { a: $.body } }\n  - { readClock: , expect: { body: { now: "${a.now}" } } }\n',
    ),
    [],
    'an expectation uses it as well',
  );
  const { verdict } = await play(t, 'steps:\n  - { readClock: , keep: { a: $.body } }\n');
  t.equal(verdict, 'warn a  1 step\n     a.yaml:5 warning: "a" is kept and never used');
});

t.test('outcomes that a step may bring about', async (t) => {
  const line = '{ name: Boots, reference: "${id}", quantity: "${many}", unit_price: 100, total_amount: 100 }';
  t.strictSame(
    told(`shopper: { payment_option: pay_later }
outcomes:
  - { on: createOrder, fault: { close: true } }
  - { on: createSession, when: { order_amount: 100, merchant_reference1: a }, fault: { close: true } }
  - { on: createSession, when: { order_lines: [{ reference: B-1, quantity: { $over: 5 } }] }, fault: { reset: true } }
  - { on: createSession, when: { order_lines: { $set: [{ name: Boots }, { name: Shoes }] } }, fault: { empty: true } }
  - { on: createSession, when: { merchant_data: $string, purchase_country: SE }, fault: { close: true } }
steps:
  - { readClock: , keep: { id: $.body.now, many: $.status } }
  - createSession:
      body: { order_amount: "100", merchant_reference1: $newUuid, merchant_data: "{", order_lines: [${line}, ${line}] }
  - createSession: { body: { order_lines: [${line}], order_amount: 100 } }
  - { shopper: complete, session: a }
`),
    [],
  );
  t.strictSame(
    told(`outcomes: [{ on: createSession, when: { order_amount: { $over: 5 } }, fault: { close: true } }]
steps: [{ createSession: { body: "{" } }]
`),
    [],
    'a text may be anything',
  );
});

t.test('a scenario that was played is told what did not happen', async (t) => {
  const script = `outcomes:
  - { on: createOrder, calls: 2, error: REJECTED }
  - { on: createOrder, when: { order_amount: { $over: 100 } }, error: REJECTED }
  - { on: createSession, calls: 2.., when: { locale: sv-SE }, fault: { close: true } }
callbacks: [{ on: push, delivery: { drop: true } }]
`;
  const more = `  - createOrder: { path: { authorizationToken: "\${authorization}" }, body: ${body} }
`;
  const vain = `${script}steps:\n${purchase}${more.repeat(1)}`;
  const { result, verdict } = await play(t, vain.replace('calls: 2,', 'calls: 3,'));
  t.equal(result?.passed, true);
  t.strictSame(verdict.split('\n'), [
    'warn a  4 steps',
    '     a.yaml:5 warning: this outcome took no call: call 3 of createOrder is refused with 403 REJECTED; 2 were counted',
    '     a.yaml:6 warning: this outcome took no call: each call of createOrder with order_amount over 100 is refused with 403 REJECTED; none was counted',
    '     a.yaml:7 warning: this outcome took no call: each call from number 2 of createSession with locale sv-SE has its connection closed; 1 was counted',
    '     a.yaml:8 warning: this rule delivered nothing: no push callback fell due',
  ]);
  const strict = await play(t, `steps:\n${purchase.replace('order_lines', 'order_line')}`, true);
  t.match(strict.verdict, /^FAIL a {2}step 2 of 3\n[\s\S]*a\.yaml:5:5 warning: createSession is sent order_line, /);
  const failed = await play(t, `${script}steps:\n${purchase}    expect: { status: 418 }\n`);
  t.notMatch(failed.verdict, 'warning', 'what a failure kept from happening does not count');
});

t.test('strictly, a scenario that tested nothing has failed', async (t) => {
  const file = `${head}outcomes: [{ on: readSession, error: NOT_FOUND }]\nsteps: [{ readClock: }]\n`;
  const folder = t.testdir({ 'a.yaml': file, 'b.yaml': `${head}steps: [{ readClock: }]\n` });
  const [vain, fine] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
  const done = async (...args: string[]) => {
    const { code, out, err } = run(...args);
    return { code: await code, out: out().replaceAll(`${folder}/`, ''), err: err().replaceAll(`${folder}/`, '') };
  };
  const what = 'each call of readSession is refused with 404 NOT_FOUND';
  const took = `     a.yaml:4 warning: this outcome took no call: ${what}; none was counted\n`;
  t.strictSame(await done('replay', vain, fine), {
    code: 0,
    out: `warn a  1 step\n${took}ok   b  1 step\n2 passed, 1 warning\n`,
    err: '',
  });
  t.strictSame(await done('replay', '--strict', '--bail', vain, fine), {
    code: 1,
    out: `FAIL a  it went well, but with 1 warning\n${took}0 passed, 1 failed, 1 not run, 1 warning\n`,
    err: '',
  });
  t.equal((await done('replay', '--strict', fine)).code, 0);

  const said = `a.yaml:4 warning: no step brings this about: ${what}; they make none\n`;
  const checked = { code: 0, out: '2 scenarios, no mistake, 1 warning\n', err: said };
  t.strictSame(await done('scenarios', 'check', vain, fine), checked);
  t.strictSame(await done('scenarios', 'check', '--strict', vain, fine), { ...checked, code: 1 });
  t.equal((await done('scenarios', 'check', '--strict', fine)).code, 0);

  const sandbox = await startSandbox({ seed: 'vain' });
  t.teardown(() => sandbox.close());
  const { result, warnings } = await sandbox.replay(vain);
  t.equal(result, 'passed');
  t.strictSame(warnings, [{ line: 4, message: `this outcome took no call: ${what}; none was counted` }]);
  const strictly = await sandbox.replay(vain, { strict: true });
  t.equal(strictly.result, 'failed');
  t.equal(strictly.reason, 'it went well, but with 1 warning');
});

t.test('nothing of what ships tests nothing', async (t) => {
  for (const scenario of await readScenarios(['scenarios'])) t.strictSame(warningsIn(scenario), [], scenario.name);
});
