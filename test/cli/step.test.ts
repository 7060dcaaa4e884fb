import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { guideByLines } from '../../src/cli/step.js';
import { readScenario } from '../../src/scenario/read.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { run, runWith } from './run.js';

const head = 'title: Boots\nevidence: docs\nmarket: SE\n';
const steps = `steps:
  - title: A week passes
    advance: P7D
    keep: { now: $.body.now }
  - createSession: { body: { order_amount: "\${now}" } }
    expect: { status: 400 }
  - readHealth:
`;
const LEGEND = 'Enter plays the step (again, if it was not as expected), s leaves it out, b goes back one, q quits\n';

/** A file with a scenario of three steps. */
const file = (t: Test, text = head + steps) => join(t.testdir({ 'boots.yaml': text }), 'boots.yaml');

t.test('each step is shown, played when a line says so, and told', async (t) => {
  const { code, out } = runWith(['\n', '\n', '\n'], 'replay', '--step', file(t));
  t.equal(await code, 0, out());
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(out()) ?? [];
  t.equal(
    out()
      .replaceAll(String(port), 'PORT')
      .replace(/^ {5}(?:why {6}.*|body {6}.*| {2}(?:correlation_id|error_messages|version) .*)\n/gm, ''),
    `boots: Boots
3 steps. Played at http://127.0.0.1:PORT as the user name replay.boots; to look around: curl -u 'replay.boots:any' http://127.0.0.1:PORT/sandbox/v1/journal
${LEGEND}
  1 of 3. A week passes
     acts      time
     sends     advanceClock  POST /sandbox/v1/clock/advance
     expects   any success
     200
       now  2026-01-08T12:00:00.000Z
     kept      now = "2026-01-08T12:00:00.000Z"

  2 of 3. createSession
     acts      the shop, replay.boots
     sends     createSession  POST /payments/v1/sessions
     expects   {"status":400}
     400
       error_code      BAD_VALUE

  3 of 3. readHealth
     acts      the control API, for replay.boots
     sends     readHealth  GET /sandbox/v1/health
     expects   any success
     200
       status   ok

ok   boots  3 steps
1 passed
`,
  );
  t.match(out(), '     body      {"by":"P7D"}\n');
  t.match(out(), /\n {5}why {7}shape: order_amount: .*\n/);
});

t.test('the end of the input, or q, ends it: it has not passed', async (t) => {
  const path = file(t);
  const report = `${path}.json`;
  for (const [input, at, played] of [
    [[], 1, 0],
    [['\n', 'Q \n', '\n'], 2, 1],
    [['\n', '\n'], 3, 2],
  ] as const) {
    const { code, out } = runWith(input, 'replay', '--step', '--report', `json=${report}`, path);
    t.equal(await code, 1);
    t.match(out(), new RegExp(`\\nFAIL boots {2}.*${at}[\\s\\S]*\\n0 passed, 1 failed\\n$`));
    const [scenario] = JSON.parse(readFileSync(report, 'utf8')).scenarios;
    t.match(scenario, { result: 'failed', reason: `stopped at step ${at} of 3` });
    t.equal(scenario.steps.length, played);
  }
});

t.test('a step can be left out, or played again; what was left out has not passed', async (t) => {
  const path = file(t, head + steps.replace('expect: { status: 400 }', 'expect: { status: 200 }'));
  const back = runWith(['b\n', '\n', 'b\n', 'what?\n', '\n', '\n', 's\n', '\n'], 'replay', '--step', path);
  t.equal(await back.code, 1);
  t.equal(back.out().split('1 of 3. A week').length, 4, 'before the first step there is none, and back it is again');
  t.match(back.out(), '2026-01-15T12:00:00.000Z', 'the week passed twice');
  t.equal(back.out().split(LEGEND).length, 3, 'what is no word is answered with those that are');
  t.match(back.out(), '\n     differs   $.status  expected 200, got 400\n');
  t.equal(back.out().split('2 of 3. createSession').length, 4, 'a step that failed stays the next one');
  t.match(back.out(), /\nFAIL boots {2}left out: step 2\n0 passed, 1 failed\n$/);
  const good = runWith(['\n', '\n', 'b\n', 's\n', '\n'], 'replay', '--step', file(t));
  t.equal(await good.code, 0, 'a step that went well may be gone over');
});

t.test('what keeps a step from being sent, and an answer that does not come, are told', async (t) => {
  const path = file(
    t,
    `${head}outcomes: [{ on: createSession, fault: { close: true } }]
callbacks: [{ on: authorization, delivery: { twice: true } }]
steps:
  - createSession: { body: { merchant_urls: { authorization: "\${receiver}/a" } } }
    times: 2
    expect: { status: $absent }
  - createSession: { body: {} }
    keep: { id: $.body.session_id }
  - shopper: authorize
    session: \${id}
    expect: { callbacks: [] }
  - advance: PT0S
    expect: { callbacks: [] }
`,
  );
  const { code, out } = runWith(['\n', '\n', 's\n', '\n', 's\n', '\n'], 'replay', '--step', path);
  t.equal(await code, 1);
  t.match(out(), /1 of 4\. createSession, 2 times\n[\s\S]*expects {3}no answer\n {5}no answer, as expected\n/);
  t.match(out(), /2 of 4[\s\S]*expects {3}any success\n {5}socket hang up\n\n {2}2 of 4/);
  t.match(out(), /acts {6}the shopper\n {5}cannot be sent: \$\{id\} is nothing\n {5}\$\{id\} is nothing\n/);
  t.match(out(), '     callbacks []\n');
});

t.test('it plays one scenario, and is not for options of many', async (t) => {
  const folder = t.testdir({ 'a.yaml': head + steps, 'b.yaml': head + steps });
  for (const [args, message] of [
    [[folder], '--step plays one scenario, not 2'],
    [['--bail', folder], "option '--step' cannot be used with option '--bail'; see mock-klarna --help"],
    [['--verbose', folder], "option '--step' cannot be used with option '--verbose'; see mock-klarna --help"],
  ] as const) {
    const { code, err, out } = run('replay', '--step', ...args);
    t.equal(await code, 2);
    t.equal(err(), `mock-klarna: ${message}\n`);
    t.equal(out(), '');
  }
});

t.test('it plays on a target as well', async (t) => {
  const { url, close } = await startServer({ port: 0 });
  t.teardown(close);
  const there = runWith(['\n', '\n', '\n'], 'replay', '--step', '--target', url, '--username', 'K1', file(t));
  t.equal(await there.code, 0, there.out());
  t.match(there.out(), `to look around: curl -u 'K1.boots' ${url}/sandbox/v1/journal\n`, 'the password stays secret');
  const server = createServer((_, response) => response.writeHead(418).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plain = `${head}steps: [{ readSession: { path: { session_id: a } }, expect: { status: 418 } }]\n`;
  const args = ['--step', '--target', other, '--username', 'K1', '--password', 'p', file(t, plain)];
  const elsewhere = runWith(['\n'], 'replay', ...args);
  t.equal(await elsewhere.code, 0);
  t.match(elsewhere.out(), `1 step. Played at ${other} as the user name K1\n`);
});

t.test('on a terminal a sign asks for the next line', async (t) => {
  let out = '';
  const stdin = new PassThrough();
  const stdout = { write: (text: string) => (out += text), isTTY: true };
  const guide = guideByLines({ stdin: () => stdin, stdout }, { sandbox: false, own: false });
  const scenario = readScenario(head + steps, 'boots.yaml');
  guide.begin(scenario, { url: 'http://h', username: 'M', password: 'p' });
  const word = guide.next({ step: scenario.steps[0] as never, number: 1, username: 'M', trouble: 'x' });
  stdin.write('?\nb\n');
  t.equal(await word, 'back');
  t.match(out, `> ${LEGEND}> `);
  guide.close();
  const none = guideByLines({ stdin: () => Readable.from([]), stdout }, { sandbox: false, own: false });
  t.equal(await none.next({ step: scenario.steps[0] as never, number: 1, username: 'M' }), 'quit');
});
