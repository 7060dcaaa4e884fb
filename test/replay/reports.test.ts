import type { Answer } from '../../src/client/target.js';
import { operationNamed } from '../../src/contract/operations.js';
import type { CallbackAttempt } from '../../src/exchange/exchange.js';
import { narrateStep } from '../../src/replay/narrate.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { count, makeReport, renderVerdict } from '../../src/replay/report.js';
import type { ScenarioResult, StepResult } from '../../src/replay/result.js';
import { formats } from '../../src/report/formats.js';
import { renderAnnotation, renderAnnotations } from '../../src/report/github.js';
import { escapeMarkup, markup } from '../../src/report/markup.js';
import {
  type ReplayReport as Report,
  type ReportedStep,
  renderTotals,
  renderUnjudged,
} from '../../src/report/replay.js';
import {
  summarizeAnswer as answered,
  summarizeRequest as askedFor,
  paymentLine as paidNote,
  readableInstant as readable,
} from '../../src/report/replay-summary.js';
import { counted } from '../../src/report/summary.js';
import { readScenarios } from '../../src/scenario/files.js';
import { readScenario } from '../../src/scenario/read.js';
import type { Step } from '../../src/scenario/scenario.js';
import { startServer } from '../../src/server/start.js';
import { version } from '../../src/version.js';
import t from '../tap.js';

const nasty = `<script>alert("1")</script> & 'x' | \`y\` ]]> *z*`;

function scenario(name: string, more = '') {
  const text = `title: ${JSON.stringify(nasty)}\nevidence: docs\n${more}steps: [{ readHealth: }, { readHealth: }]`;
  return readScenario(text, `scenarios/${name}.yaml`, name);
}

/** The result of a step that was sent. */
function step(name: string, more: Partial<StepResult> = {}, step: Partial<Step> = {}): StepResult {
  const operation = operationNamed(name);
  return {
    number: 1,
    step: {
      kind: 'operation',
      operation,
      title: undefined,
      at: { line: 7, column: 5 },
      as: undefined,
      times: 1,
      request: { path: {}, query: {}, headers: {}, body: undefined },
      expect: undefined,
      keep: {},
      lines: {},
      ...step,
    },
    request: { method: 'GET', url: `http://127.0.0.1:1234${operation.path}`, headers: {}, body: undefined },
    answer: answer(200, {}),
    mismatches: [],
    ...more,
  };
}

const answer = (status: number, body?: unknown, headers: Answer['headers'] = {}): Answer => ({ status, headers, body });

const result = (name: string, more: Partial<ScenarioResult>): ScenarioResult => ({
  scenario: scenario(name),
  merchant: 'M',
  passed: true,
  steps: [],
  ...more,
});

const mismatch = { path: '$.body.x', expected: nasty, got: undefined };
const failed = result('theme/bad', {
  passed: false,
  steps: [
    step('createSession', {
      request: {
        method: 'POST',
        url: 'http://127.0.0.1:1234/payments/v1/sessions?a=1',
        headers: { authorization: 'Basic c2VjcmV0', host: 'h', 'content-type': 'application/json', 'x-id': '7' },
        body: JSON.stringify({ order_amount: 100, name: nasty }),
      },
      answer: answer(
        400,
        { error_code: 'BAD_VALUE', url: 'http://127.0.0.1:1234/x', long: 'l'.repeat(200) },
        {
          'mock-klarna-explain': `why: ${nasty}`,
          location: 'http://127.0.0.1:1234/next',
          date: 'today',
        },
      ),
      mismatches: [mismatch, { path: '$.status', expected: 200, got: 400 }],
    }),
  ],
});

const all = [
  result('theme/good', { steps: [step('readHealth'), step('readHealth', { number: 2 })] }),
  failed,
  result('alone', { passed: false, skipped: 'needs a sandbox' }),
  result('theme/early', { passed: false, trouble: 'resetMerchant was refused with 401' }),
];

const report = () => makeReport(all, 6, 'http://127.0.0.1:1234');
const html = (...results: ScenarioResult[]) =>
  formats.html?.(makeReport(results, results.length, 'http://127.0.0.1:1234')) as string;

t.test('a report counts what came of each scenario', async (t) => {
  t.strictSame(report().totals, { passed: 1, failed: 2, skipped: 1, not_run: 2, warnings: 0 });
  t.equal(renderTotals(report().totals), '1 passed, 2 failed, 1 skipped, 2 not run');
  t.equal(renderTotals(count([], 0)), '0 passed');
});

t.test('the JSON report has every exchange, without credentials, host, port and wall time', async (t) => {
  const text = formats.json?.(report()) as string;
  const { scenarios } = JSON.parse(text) as Report;
  t.strictSame(
    scenarios.map(({ result, reason }) => [result, reason]),
    [
      ['passed', undefined],
      ['failed', undefined],
      ['skipped', 'needs a sandbox'],
      ['failed', 'resetMerchant was refused with 401'],
    ],
  );
  t.matchLists(scenarios[1], {
    name: 'theme/bad',
    file: 'scenarios/theme/bad.yaml',
    merchant: 'M',
    of: 2,
    verdict: /^FAIL theme\/bad {2}step 1 of 2\n/,
    steps: [
      {
        line: 7,
        actor: 'shop',
        request: {
          method: 'POST',
          path: '/payments/v1/sessions?a=1',
          headers: { 'x-id': '7' },
          body: { order_amount: 100 },
        },
        answer: { status: 400, location: 'http://klarna.test/next', body: { url: 'http://klarna.test/x' } },
        complaints: [/^\$\.body\.x {2}expected .*, got nothing$/, '$.status  expected 200, got 400'],
      },
    ],
  });
  t.notMatch(text, /1234|c2VjcmV0|today/);
  const elsewhere = makeReport([failed], 1);
  t.match(
    elsewhere.scenarios[0]?.steps[0]?.answer,
    { location: 'http://127.0.0.1:1234/next' },
    'of Klarna the host stays',
  );
});

t.test('a body is shown as it was sent', async (t) => {
  const bodies = ['{', '"text"', '[1]', '7'].map((body) =>
    step('createSession', {
      request: { method: 'POST', url: 'http://h/x', headers: { 'content-type': 'text/plain' }, body },
    }),
  );
  const { scenarios } = makeReport([result('a', { steps: bodies })], 1);
  t.strictSame(
    scenarios[0]?.steps.map(({ request }) => request?.body),
    ['{', '"text"', [1], '7'],
  );
  t.strictSame(scenarios[0]?.steps[0]?.request?.headers, { 'content-type': 'text/plain' });
});

t.test('nothing that a file or an answer says is markup in a report', async (t) => {
  for (const format of ['html', 'junit', 'md'] as const) {
    const text = formats[format](report());
    t.notMatch(text.replace(/```text[\s\S]*?\n```|<script>[\s\S]*<\/script>\n<\/body>/g, ''), /<script|'x'/, format);
  }
  t.equal(
    escapeMarkup('a\u0000\u001b\ud800b\u{1f600}\t\n<>&"\''),
    'a\ufffd\ufffd\ufffdb\u{1f600}\t\n&lt;&gt;&amp;&quot;&#39;',
  );
  const list = ['<', markup`<b>${'&'}</b>`, 1, undefined, false] as const;
  t.equal(`${markup`<p>${list}</p>`}`, '<p>&lt;<b>&amp;</b>1</p>');
});

t.test('the JUnit report has a suite for each folder and a case for each scenario', async (t) => {
  const xml = formats.junit?.(report()) as string;
  t.match(xml, '<testsuites name="mock-klarna replay" tests="4" failures="2" errors="0" skipped="1" time="0.000">');
  t.match(xml, '<testsuite name="theme" tests="3" failures="2" errors="0" skipped="0" time="0.000">');
  t.match(xml, '<testcase classname="theme" name="good" file="scenarios/theme/good.yaml" line="7" time="0.000"/>');
  t.match(
    xml,
    /<testcase classname="theme" name="bad"[^>]*><failure message="\$\.body\.x {2}expected[^>]*>FAIL theme\/bad/,
  );
  t.match(
    xml,
    '<testcase classname="scenarios" name="alone" file="scenarios/alone.yaml" line="1" time="0.000"><skipped message="needs a sandbox"/>',
  );
  t.match(xml, '<failure message="resetMerchant was refused with 401">');
  t.notMatch(xml, 'timestamp=');
});

t.test('JUnit has the seconds of a run on a target, and 0 where a seed makes the run repeat', async (t) => {
  const { url, close } = await startServer({ port: 0, seed: 'one' });
  t.teardown(close);
  const scenarios = ['a', 'b'].map((name) =>
    readScenario('title: A\nevidence: docs\nsteps: [{ readHealth: }]', `${name}.yaml`, name),
  );
  const played = async (seed?: string) => {
    let now = 0;
    const clock = { monotonic: () => (now += 125) };
    const target = { url, username: 'M', password: 'p' };
    const results = await replayScenarios(scenarios.slice(0, 1), target, { seed, clock });
    return formats.junit(makeReport(results, 1, url));
  };
  t.match(await played(), /<testsuites [^>]* time="0\.125">\n[\s\S]*<testcase [^>]* time="0\.125"/);
  t.match(await played('one'), /<testsuites [^>]* time="0\.000">\n[\s\S]*<testcase [^>]* time="0\.000"/);
  const two = await replayScenarios(scenarios, { url, username: 'M', password: 'p' });
  for (const { seconds } of makeReport(two, 2, url).scenarios) t.ok(seconds !== undefined && seconds >= 0);
});

t.test('the Markdown report has the failures first, and then a table', async (t) => {
  const md = formats.md?.(report()) as string;
  t.match(
    md,
    '## Replay: 1 passed, 2 failed, 1 skipped, 2 not run\n\n### theme/bad\n\n```text\nFAIL theme/bad  step 1 of 2\n',
  );
  t.match(md, '\n### All scenarios\n\n| Result | Scenario |');
  t.match(formats.md?.(makeReport([result('a', {})], 1)), '## Replay: 1 passed\n\n| Result | Scenario |');
  t.match(md, '&lt;script&gt;');
  t.match(md, '\\| \\`y\\`');
  t.match(md, /\n\| passed \| theme\/good \| .* \| 2 \| {2}\|\n/);
  t.match(md, /\n\| failed \| theme\/bad \| .* \| 1 of 2 \| {2}\|\n/);
  t.match(md, /\n\| skipped \| alone \| .* \| needs a sandbox \| {2}\|\n/);
  const fence = result('a', { passed: false, trouble: 'a ```` b' });
  t.match(formats.md?.(makeReport([fence], 1)), /\n`{5}text\n[\s\S]*\n`{5}\n/);
});

t.test('a scenario that a person ended says where', async (t) => {
  const trouble = 'stopped at step 2 of 2';
  const ended = makeReport([result('theme/hand', { passed: false, trouble, steps: [step('readHealth')] })], 1);
  t.matchLists(ended.scenarios, [{ result: 'failed', reason: trouble, verdict: `FAIL theme/hand  ${trouble}` }]);
  t.match(formats.junit?.(ended), `<failure message="${trouble}">FAIL theme/hand  ${trouble}</failure>`);
  t.matchLists(renderAnnotations(ended, String), [
    `::error file=scenarios/theme/hand.yaml,line=7,title=replay theme/hand::${trouble}`,
  ]);
});

t.test('annotations name file, line and what was wrong', async (t) => {
  const lines = renderAnnotations(report(), (file) => `repo/${file}`);
  t.equal(lines.length, 2);
  t.match(
    lines[0],
    /^::error file=repo\/scenarios\/theme\/bad\.yaml,line=7,title=replay theme\/bad::\$\.body\.x {2}expected .*%0A\$\.status {2}expected 200, got 400$/,
  );
  t.equal(
    lines[1],
    '::error file=repo/scenarios/theme/early.yaml,line=1,title=replay theme/early::resetMerchant was refused with 401',
  );
  t.equal(
    renderAnnotation({ file: 'a,b:c', line: 1, column: 2, title: '50%', message: 'x:\r\n100%, y' }),
    '::error file=a%2Cb%3Ac,line=1,col=2,title=50%25::x:%0D%0A100%25, y',
  );
});

t.test('the picture shows who called whom, with which answer, when, and what was tokenized', async (t) => {
  const first = '2026-01-01T12:00:00.000Z';
  const later = '2026-02-01T12:30:05.000Z';
  const page = html(
    result('a', {
      steps: [
        step('createSession', {
          clock: first,
          request: {
            method: 'POST',
            url: 'http://h/',
            headers: {},
            body: '{"order_amount":100,"purchase_currency":"SEK"}',
          },
        }),
        step(
          'authorizeSession',
          {
            number: 2,
            clock: first,
            answer: answer(200, { approved: true }),
            request: { method: 'POST', url: 'http://h/', headers: {}, body: '{"payment_option":"pay_in_4"}' },
          },
          { kind: 'shopper' },
        ),
        step(
          'authorizeSession',
          {
            number: 3,
            clock: first,
            answer: answer(200, { approved: false }, { 'mock-klarna-explain': 'shopper: denied' }),
          },
          { kind: 'shopper' },
        ),
        step('createCustomerToken', { number: 4, clock: first, tokenized: 'Pay Now by the card' }),
        step('createOrder', { number: 5, clock: first, answer: undefined }, { times: 3 }),
        step(
          'advanceClock',
          { number: 6, clock: later, request: { method: 'POST', url: 'http://h/', headers: {}, body: '{"by":"P1M"}' } },
          { kind: 'clock', title: 'A month passes' },
        ),
        step(
          'suspendCustomerToken',
          { number: 7, clock: first, answer: answer(200, { status: 'SUSPENDED' }) },
          { as: 'partner' },
        ),
        step('cancelCustomerToken', { number: 8, clock: later, answer: undefined }),
        step(
          'createCustomerTokenOrder',
          {
            number: 9,
            clock: first,
            answer: answer(200, { fraud_status: 'PENDING', authorized_payment_method: { type: 'pay_by_card' } }),
          },
          { as: 'partner' },
        ),
        step('readCustomerToken', {
          number: 10,
          clock: later,
          answer: answer(200, { payment_method_type: 'INVOICE' }),
        }),
        step(
          'setClock',
          {
            number: 11,
            clock: later,
            answer: undefined,
            trouble: 'socket hang up',
            request: { method: 'PUT', url: 'http://h/', headers: {}, body: '{"now":"x"}' },
          },
          { kind: 'clock' },
        ),
      ],
    }),
  );
  const texts = [...page.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  t.strictSame(texts, [
    'shop',
    'shop partner',
    'Klarna (sandbox)',
    'shopper',
    '2026-01-01 12:00',
    '1  createSession  100 SEK',
    '200',
    '2  authorizes: pay_in_4',
    '200  approved',
    '3  authorizes',
    '200  not approved',
    'shopper: denied',
    '4  createCustomerToken',
    '200',
    'tokenized: Pay Now by the card',
    '5  createOrder  × 3',
    'no answer, as expected',
    '2026-02-01 12:30:05',
    '6  the clock moves on by P1M',
    '7  suspendCustomerToken  (partner)  200  SUSPENDED',
    '8  cancelCustomerToken  no answer, as expected',
    '9  createCustomerTokenOrder',
    '200  PENDING  pay_by_card',
    '10  readCustomerToken',
    '200  INVOICE',
    '11  the clock moves to x',
    'not as expected: socket hang up',
  ]);
  t.equal(page.split('<svg').length, 2);
});

const TOKEN = '0d3f6a7e-8b1c-4f2d-a9e6-71c54b2a9f30';
const ORDER = 'b7a41d6e-2f93-4e58-b0c7-5d8e13f6a927';

const attempt = (on: CallbackAttempt['on'], more: Partial<CallbackAttempt>): CallbackAttempt => ({
  callback_id: 'e4d1b7f0-6c25-4a98-8b3e-f29a507d1c86',
  on,
  url: `http://receiver/${on}`,
  at: '2026-01-01T12:00:00.000Z',
  attempt: 1,
  result: { status: 200 },
  ...more,
});

t.test(
  'the picture shows callbacks behind what brought them about, when they came and what became of them',
  async (t) => {
    const [first, later] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:10:00.000Z'];
    const clock = first;
    const body = { authorization_token: TOKEN };
    const steps = [
      step('createSession', { clock }),
      step('authorizeSession', { number: 2, clock, answer: answer(200, body) }, { kind: 'shopper' }),
      step('createOrder', { number: 3, clock, answer: answer(400, {}) }),
      step('createOrder', { number: 4, clock, answer: answer(200, { order_id: ORDER }) }),
      step('createSession', { number: 5, clock: later }, { as: 'partner' }),
      step(
        'advanceClock',
        { number: 6, clock: later, request: { method: 'POST', url: 'http://h/', headers: {}, body: '{"by":"PT10M"}' } },
        { kind: 'clock' },
      ),
      step('readSession', { number: 7, clock: later }),
    ];
    const notify = (number: number, at: string, result: CallbackAttempt['result']) =>
      attempt('notification', { body: { order_id: ORDER, event_type: 'X' }, attempt: number, at, result });
    const callbacks = [
      attempt('authorization', { body }),
      attempt('push', { result: { error: 'no answer within 2 s' } }),
      notify(1, '2026-01-01T12:05:00.000Z', { status: 503 }),
      notify(2, '2026-01-01T12:06:00.000Z', { refused: 'boots.example.com is elsewhere' }),
      notify(3, '2026-01-01T12:06:00.000Z', { dropped: true }),
      { ...notify(4, later, { status: 204 }), unexpected: true as const },
      notify(5, later, { status: 200 }),
      notify(6, later, { status: 200 }),
    ];
    const page = html(result('a', { steps, callbacks }));
    const texts = [...page.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    t.strictSame(texts.slice(4), [
      '2026-01-01 12:00',
      '1  createSession',
      '200',
      '2  authorizes',
      '200',
      'authorization callback',
      '200',
      'http://receiver/authorization',
      '3  createOrder',
      '400',
      '4  createOrder',
      '200',
      'push callback',
      'no answer within 2 s',
      'http://receiver/push  no answer within 2 s',
      '5  createSession',
      '200',
      '2026-01-01 12:10',
      '6  the clock moves on by PT10M',
      '2026-01-01 12:05',
      'notification callback',
      '503',
      'http://receiver/notification',
      '2026-01-01 12:06',
      'notification callback, attempt 2',
      'http://receiver/notification  boots.example.com is elsewhere',
      'notification callback, attempt 3',
      'http://receiver/notification  dropped by the scenario',
      '2026-01-01 12:10',
      'notification callback, attempt 4',
      '204  not the status that was expected',
      'http://receiver/notification',
      '2 more attempts',
      '7  readSession',
      '200',
    ]);
    t.equal(page.split('<g class="lost">').length, 4, 'of no answer, not sent, dropped');
    const five = html(result('a', { steps, callbacks: Array(5).fill(attempt('push', {})) }));
    t.match(five, '>1 more attempt<');
  },
);

t.test(
  'a callback that came first stands before the answer, and one of an answer that was lost where it was lost',
  async (t) => {
    const rule = 'callbacks: [{ on: push, delivery: { before-the-answer: true } }]\n';
    const clock = '2026-01-01T12:00:00.000Z';
    const url = `http://receiver/push?order=${ORDER}`;
    const steps = [
      step('createOrder', { clock, answer: undefined }),
      step('createOrder', { number: 2, clock, answer: answer(200, { order_id: ORDER }) }),
    ];
    const before = { ...result('a', { steps, callbacks: [attempt('push', { url })] }), scenario: scenario('a', rule) };
    t.matchLists(makeReport([before], 1).scenarios[0]?.callbacks, [{ after: 1, before_the_answer: true }]);
    const texts = [...html(before).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    t.strictSame(texts.slice(4), [
      '1  createOrder',
      'push callback',
      '200',
      url,
      'no answer, as expected',
      '2  createOrder',
      '200',
    ]);
    const untimed = result('a', {
      steps: [step('readHealth'), step('createOrder', { number: 2 })],
      callbacks: [attempt('push', {})],
    });
    t.matchLists(makeReport([untimed], 1).scenarios[0]?.callbacks, [{ after: 2, before_the_answer: undefined }]);
    const token = answer(200, { authorization_token: TOKEN });
    const overtaken = result('a', {
      steps: [step('authorizeSession', { clock, answer: token }), step('createOrder', { number: 2, clock })],
      callbacks: [attempt('push', {}), attempt('authorization', { body: { authorization_token: TOKEN } })],
    });
    t.matchLists(makeReport([overtaken], 1).scenarios[0]?.callbacks, [{ after: 2 }, { after: 2 }], 'in their order');
    const stray = result('a', { steps: [], callbacks: [attempt('authorization', {})] });
    t.matchLists(makeReport([stray], 1).scenarios[0]?.callbacks, [{ after: 0 }]);
  },
);

t.test('reports tell how often each outcome happened', async (t) => {
  const script = `outcomes:
  - { on: createOrder, error: REJECTED }
  - { on: createSession, calls: 3, fault: { close: true } }
  - { on: readSession, fault: { close: true } }
`;
  const outcomes = [
    { index: 0, on: 'createOrder', line: 4, matched: 1, hits: 1 },
    { index: 1, on: 'createSession', line: 5, matched: 2, hits: 0 },
    { index: 2, on: 'readSession', line: 6, matched: 0, hits: 0 },
  ];
  const told = { ...result('theme/a', { outcomes }), scenario: scenario('theme/a', script) };
  const lines = [
    'line 4: each call of createOrder is refused with 403 REJECTED: 1 of 1 call',
    'line 5: call 3 of createSession has its connection closed: 0 of 2 calls',
    'line 6: each call of readSession has its connection closed: never matched',
  ];
  const report = makeReport([told, { ...told, passed: false, trouble: 'x' }], 2);
  t.matchLists(report.scenarios[0]?.outcomes, [
    { what: 'each call of createOrder is refused with 403 REJECTED', hits: 1 },
    { line: 5 },
    { line: 6 },
  ]);
  t.match(
    formats.html?.(report),
    `<li>${lines[0]}</li><li class="failed">${lines[1]}</li><li class="failed">${lines[2]}</li>`,
  );
  t.match(formats.junit?.(report), `line="1" time="0.000"><system-out>${lines.join('\n')}</system-out></testcase>`);
  t.match(formats.junit?.(report), `</failure><system-out>${lines.join('\n')}</system-out></testcase>`);
  t.match(formats.md?.(report), ' | 1 of 3 |\n');
});

t.test('every format tells what tested nothing', async (t) => {
  const warnings = [
    { line: 5, message: 'this outcome took no call' },
    { line: 7, column: 3, message: `createSession is sent ${nasty}` },
  ];
  const results = [result('theme/good', { warnings }), result('theme/bad', { warnings, passed: false, trouble: 'x' })];
  const report = makeReport(results, 2);
  t.equal(renderTotals(report.totals), '1 passed, 1 failed, 4 warnings');
  t.strictSame(report.scenarios[0]?.warnings, warnings);
  t.equal(report.scenarios[0]?.result, 'passed');
  t.equal(
    report.scenarios[0]?.verdict,
    `warn theme/good  0 steps\n     scenarios/theme/good.yaml:5 warning: this outcome took no call\n     scenarios/theme/good.yaml:7:3 warning: createSession is sent ${nasty}`,
  );
  t.strictSame(JSON.parse(formats.json?.(report) as string).scenarios[1].warnings, warnings);
  const page = String(formats.html?.(report));
  t.ok(page.includes('<span class="word warned">warned</span> <a href="#s2">'));
  t.ok(
    page.includes('<ul class="outcomes warned"><li>line 5: this outcome took no call</li><li>line 7: createSession'),
  );
  t.equal(page.split('<script>').length, 2, 'its own');
  const xml = String(formats.junit?.(report));
  t.ok(xml.includes('<system-out>warning: line 5: this outcome took no call\nwarning: line 7: createSession is sent'));
  const table = String(formats.md?.(report));
  t.match(table, '| warned | theme/good |');
  t.match(table, '| failed | theme/bad |');
  t.match(table, '\n### What tested nothing\n\n- theme/bad, line 5: this outcome took no call\n- theme/bad, line 7: ');
  t.strictSame(
    renderAnnotations(report, (file) => `repo/${file}`).map((line) => line.replace(/,title=.*/s, '')),
    [
      '::error file=repo/scenarios/theme/bad.yaml,line=1',
      ...['good', 'bad'].flatMap((name) =>
        [5, 7].map((line) => `::warning file=repo/scenarios/theme/${name}.yaml,line=${line}`),
      ),
    ],
  );
  const told = renderAnnotations(report, String).filter((line) => line.startsWith('::warning '));
  t.equal(told.length, 4);
  t.equal(
    told[0],
    '::warning file=scenarios/theme/good.yaml,line=5,title=replay theme/good::this outcome took no call',
  );
});

t.test('without a look at the customer tokens the one that the shop reads is what was tokenized', async (t) => {
  const read = step('readCustomerToken', { answer: answer(200, { payment_method_type: 'INVOICE' }) });
  const { scenarios } = makeReport([result('a', { steps: [step('readSession'), read, read] })], 1);
  t.strictSame(
    scenarios[0]?.steps.map(({ tokenized }) => tokenized),
    [undefined, ...Array(2).fill('Pay Later in 30 days (INVOICE)')],
  );
  t.match(html(result('a', { steps: [step('readSession')] })), />Klarna<\/text>/, 'without a clock it is no sandbox');
});

t.test('it is told how orders are paid, and what could not be judged', async (t) => {
  const unjudged = 'payment_method: the target has no control API';
  const steps = [
    step('createOrder', { payment_method: { type: 'slice_it_by_card', number_of_installments: 4 } }),
    step('createCustomerTokenOrder', { number: 2, payment_method: { type: 'invoice', number_of_days: 30 } }),
    step('createCustomerToken', { number: 3, payment_method: { type: 'base_account' } }),
    step('createOrder', { number: 4, unjudged }),
    step('createOrder', { number: 5, unjudged }),
  ];
  const words = [
    'paid: 4 instalments (slice_it_by_card)',
    'paid: Pay Later in 30 days (invoice)',
    'tokenized: base_account',
    `not judged: ${unjudged}`,
    `not judged: ${unjudged}`,
  ];
  for (const [index, text] of words.entries()) t.match(narrateStep(steps[index] as StepResult), `\n     ${text}\n`);
  const played = makeReport([result('theme/a', { steps })], 1);
  const told = `5 steps, 2 not judged (${unjudged})`;
  t.equal(played.scenarios[0]?.verdict, `ok   theme/a  ${told}`);
  t.strictSame(
    played.scenarios[0]?.steps.map(({ payment_method }) => payment_method),
    steps.map(({ payment_method }) => payment_method),
  );
  const page = formats.html?.(played) as string;
  for (const text of words) t.match(page, `<p class="about">scenarios/theme/a.yaml:7 · ${text}</p>`);
  const notes = [...page.matchAll(/<text[^>]*>((?:paid|tokenized)[^<]*)<\/text>/g)].map(([, text]) => text);
  t.strictSame(notes, words.slice(0, 3));
  const line = `line 7: not judged: ${unjudged}`;
  t.match(formats.junit?.(played), `<system-out>${line}\n${line}</system-out>`);
  t.match(formats.md?.(played), ` | 2, 2 not judged (${unjudged.replace('_', '\\_')}) | `);
});

t.test('the page unfolds what failed, with expected and got, and loads nothing', async (t) => {
  const page = formats.html?.(report()) as string;
  t.match(page, '<span class="failed">1 passed, 2 failed, 1 skipped, 2 not run</span>');
  t.equal(page.split(/<details id="s\d-\d" class="failed" open>/).length, 2);
  t.match(page, '<tr><td>$.status</td><td>200</td><td>400</td></tr>');
  t.match(page, /<td>\$\.body\.x<\/td><td>[^<]*<\/td><td>nothing<\/td>/);
  t.match(page, '1 more step not played');
  t.match(page, '<p class="skipped">needs a sandbox</p>');
  t.match(page, '<p class="failed">resetMerchant was refused with 401</p>');
  t.match(page, `${'l'.repeat(120)}… (200 characters)`);
  t.match(page, 'location: http://klarna.test/next');
  t.equal(page.split('<script').length, 2, 'a script of its own, which the policy names');
  t.notMatch(page, /<(?:link|img|iframe)|(?:src|@import|url)\s*[=(]/i);
  t.match(page, /@media print/);
  t.match(page, /prefers-color-scheme:dark/);
  t.match(html(result('a', { steps: [step('readHealth')] })), '<span class="passed">1 passed</span>');
  const about = 'alias: boots-1\ntags: [card, pay-now]\nsource: A page\n';
  t.match(
    html(result('b', { scenario: scenario('b', about) })),
    '<p class="about">scenarios/b.yaml · evidence: docs · A page · card, pay-now · merchant: M</p>',
  );
  const trouble = html(
    result('a', { passed: false, steps: [step('readHealth', { answer: undefined, trouble: 'socket hang up' })] }),
  );
  t.match(trouble, '<p class="failed">socket hang up</p>');
  t.match(trouble, '<g class="wrong">');
  const large = html(result('a', { steps: [step('readHealth', { answer: answer(200, Array(9000).fill(1)) })] }));
  t.ok(large.length < 40_000, 'a long body is cut');
  const unsent = html(
    result('a', {
      passed: false,
      steps: [step('readHealth', { request: undefined, answer: undefined, trouble: '${a} is nothing' })],
    }),
  );
  t.match(unsent, '${a} is nothing');
});

t.test('the same seed gives the same reports, byte for byte, on whichever port', async (t) => {
  const scenarios = await readScenarios(['scenarios/mixed-payments', 'scenarios/callbacks']);
  const play = async () => {
    const { url, close } = await startServer({ port: 0, seed: 'one' });
    const target = { url, username: 'M', password: 'p', host: 'klarna.test' };
    const results = await replayScenarios(scenarios, target, { seed: 'one' });
    await close();
    const port = new URL(url).port;
    const texts = Object.values(formats).map((render) => render(makeReport(results, results.length, url)));
    t.notMatch(texts.join(''), new RegExp(`:${port}\\b`));
    return texts;
  };
  const once = await play();
  t.strictSame(await play(), once);
  t.match(once[0], 'tokenized: Pay Now by the card VISA');
  t.match(once[0], 'http://receiver/klarna/authorization');
  t.notMatch(once.join(''), /127\.0\.0\.1/, 'nor the port of a receiver');
});

/** The same with more steps than were played. */
const longer = (name: string) => {
  const short = scenario(name);
  return { ...short, steps: [...short.steps, ...short.steps] };
};

const refused = result('theme/bad', {
  scenario: longer('theme/bad'),
  merchant: 'M2',
  passed: false,
  steps: [
    step('readSession'),
    step(
      'createSession',
      {
        number: 2,
        clock: '2026-01-01T12:30:00.000Z',
        request: {
          method: 'POST',
          url: 'https://h:1/payments/v1/sessions',
          headers: { 'content-type': 'application/json', 'x-id': '7' },
          body: '{"order_amount":100}',
        },
        answer: answer(400, { error_code: 'BAD_VALUE' }, { location: '/next', 'mock-klarna-explain': 'shape: amount' }),
        mismatches: [
          { path: '$.status', expected: 200, got: 400 },
          { path: '$.body.x', expected: ['a'], got: undefined },
        ],
      },
      { at: { line: 9, column: 5 }, title: 'The shop asks' },
    ),
  ],
});

const folders = [
  result('theme/good', {
    steps: [step('readHealth'), step('readHealth', { number: 2 }, { at: { line: 8, column: 3 } })],
  }),
  result('theme/deep/lost', { passed: false, trouble: 'setClock was refused' }),
  refused,
  result('theme/deep/left', { passed: false, skipped: 'has no steps' }),
];

const verdict = `FAIL theme/bad  step 2 of 4: The shop asks
     scenarios/theme/bad.yaml:9 createSession
       $.status  expected 200, got 400
       $.body.x  expected ["a"], got nothing
       answered 400 {"error_code":"BAD_VALUE"}  (shape: amount)`;

t.test('the JUnit report, as a whole', async (t) => {
  t.equal(
    formats.junit?.(makeReport(folders, 4)),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mock-klarna replay" tests="4" failures="2" errors="0" skipped="1" time="0.000">
  <testsuite name="theme" tests="2" failures="1" errors="0" skipped="0" time="0.000">
    <testcase classname="theme" name="good" file="scenarios/theme/good.yaml" line="8" time="0.000"/>
    <testcase classname="theme" name="bad" file="scenarios/theme/bad.yaml" line="9" time="0.000"><failure message="$.status  expected 200, got 400">${escapeMarkup(verdict)}</failure></testcase>
  </testsuite>
  <testsuite name="theme/deep" tests="2" failures="1" errors="0" skipped="1" time="0.000">
    <testcase classname="theme/deep" name="lost" file="scenarios/theme/deep/lost.yaml" line="1" time="0.000"><failure message="setClock was refused">FAIL theme/deep/lost  before step 1
     scenarios/theme/deep/lost.yaml:1
       setClock was refused</failure></testcase>
    <testcase classname="theme/deep" name="left" file="scenarios/theme/deep/left.yaml" line="1" time="0.000"><skipped message="has no steps"/></testcase>
  </testsuite>
</testsuites>
`,
  );
});

t.test('the Markdown report, as a whole', async (t) => {
  const title = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; \\| \\`y\\` \\]\\]&gt; \\*z\\*';
  t.equal(
    formats.md?.(makeReport(folders, 5)),
    `## Replay: 1 passed, 2 failed, 1 skipped, 1 not run

### theme/deep/lost

\`\`\`text
FAIL theme/deep/lost  before step 1
     scenarios/theme/deep/lost.yaml:1
       setClock was refused
\`\`\`

### theme/bad

\`\`\`text
${verdict}
\`\`\`

### All scenarios

| Result | Scenario | What happens | Steps | Outcomes met |
| --- | --- | --- | --- | --- |
| failed | theme/deep/lost | ${title} | 0 of 2 |  |
| failed | theme/bad | ${title} | 2 of 4 |  |
| skipped | theme/deep/left | ${title} | has no steps |  |
| passed | theme/good | ${title} | 2 |  |
`,
  );
});

/** Returns the part of a page between two texts, without the pictures. */
function between(page: string, from: string, to: string): string {
  const [, text] = page.replace(/<svg[\s\S]*?<\/svg>/g, '').split(from);
  return String(text?.split(to)[0]);
}

t.test('the page, as a whole', async (t) => {
  const page = html(...folders);
  t.equal(between(page, '<title>', '</title>'), 'Replay: 1 passed, 2 failed, 1 skipped');
  t.equal(
    between(page, '<body>\n', '<main>'),
    `<header>
<h1>Replay: <span class="failed">1 passed, 2 failed, 1 skipped</span></h1>
<p class="soft">mock-klarna ${version}. Times are those of each merchant's clock, in UTC; amounts are in minor units.</p>
</header>
<form id="find" role="search" hidden>
<label>Search <input type="search" name="words" autocomplete="off"></label>
<label><input type="checkbox" name="kind" value="failed" checked> <span class="failed">failed</span> 2</label>
<label><input type="checkbox" name="kind" value="skipped" checked> <span class="skipped">skipped</span> 1</label>
<label><input type="checkbox" name="kind" value="passed" checked> <span class="passed">passed</span> 1</label>
<output name="shown"></output>
</form>
<nav aria-label="Scenarios"><ul>
<li data-to="s1"><span class="word failed">failed</span> <a href="#s1">theme/deep/lost</a></li>
<li data-to="s2"><span class="word failed">failed</span> <a href="#s2">theme/bad</a></li>
<li data-to="s3"><span class="word skipped">skipped</span> <a href="#s3">theme/deep/left</a></li>
<li data-to="s4"><span class="word passed">passed</span> <a href="#s4">theme/good</a></li>
</ul></nav>
`,
  );
  t.equal(
    between(page, '<section id="s2" data-kind="failed">\n', '</section>'),
    `<h2><span class="word failed">failed</span> theme/bad</h2>
<p>${escapeMarkup(nasty)}</p>
<p class="about">scenarios/theme/bad.yaml · evidence: docs · merchant: M2</p>
<figure tabindex="0" aria-label="Sequence of theme/bad"></figure>
<details id="s2-1"><summary>1. readSession <code>200</code></summary>
<p class="about">scenarios/theme/bad.yaml:7</p>
<pre>GET /payments/v1/sessions/{session_id}</pre>
<pre>200
{}</pre>
</details>
<details id="s2-2" class="failed" open><summary>2. The shop asks <code>createSession  400  BAD_VALUE</code></summary>
<p class="about">scenarios/theme/bad.yaml:9 · 2026-01-01 12:30</p>
<table><thead><tr><th scope="col">at</th><th scope="col">expected</th><th scope="col">got</th></tr></thead><tbody><tr><td>$.status</td><td>200</td><td>400</td></tr><tr><td>$.body.x</td><td>[&quot;a&quot;]</td><td>nothing</td></tr></tbody></table>
<pre>POST /payments/v1/sessions
x-id: 7
{
  &quot;order_amount&quot;: 100
}</pre>
<pre>400
location: /next
mock-klarna-explain: shape: amount
{
  &quot;error_code&quot;: &quot;BAD_VALUE&quot;
}</pre>
</details>
<p class="soft">2 more steps not played</p>
`,
  );
  t.equal(
    between(page, '<section id="s3" data-kind="skipped">\n', '</section>'),
    `<h2><span class="word skipped">skipped</span> theme/deep/left</h2>
<p>${escapeMarkup(nasty)}</p>
<p class="about">scenarios/theme/deep/left.yaml · evidence: docs · merchant: M</p>
<p class="skipped">has no steps</p>
`,
    'of what was not begun no steps are missing',
  );
});

t.test('long values are cut in the page where they must be, and not before', async (t) => {
  const shown = (value: unknown) => {
    const page = html(result('a', { steps: [step('readHealth', { request: undefined, answer: answer(200, value) })] }));
    return between(page, '<pre>200\n', '</pre>');
  };
  t.equal(shown('x'.repeat(120)), `&quot;${'x'.repeat(120)}&quot;`);
  t.equal(shown('x'.repeat(121)), `&quot;${'x'.repeat(120)}… (121 characters)&quot;`);
  const list = (first: number) => [first, ...Array(3998).fill(1)];
  const whole = JSON.stringify(list(1000), null, 2);
  t.equal(whole.length, 20_000);
  t.equal(shown(list(1000)), whole);
  t.equal(shown(list(10_000)), `${JSON.stringify(list(10_000), null, 2).slice(0, 20_000)}…`);
});

t.test('the JSON report has all there is to tell, and ends with its line', async (t) => {
  const told = result('theme/all', {
    scenario: scenario('theme/all', 'source: A page\ntags: [one, two]\n'),
    steps: [
      step(
        'createCustomerToken',
        {
          number: 1,
          clock: '2026-01-01T12:00:00.000Z',
          request: {
            method: 'POST',
            url: 'https://h:1/payments/v1/sessions?a=1',
            headers: { authorization: 'Basic c2VjcmV0', host: 'h', 'content-type': 'application/json', 'x-id': '7' },
            body: '{"order_amount":100}',
          },
          answer: {
            ...answer(
              201,
              { at: 'http://127.0.0.1:1234/x, by 127.0.0.1:1234' },
              { location: 'http://127.0.0.1:1234/next', date: 'today', 'mock-klarna-explain': ['shape', 'wire'] },
            ),
            callbacks: [{ path: '/push', body: { a: 1 }, status: 503 }],
          },
          tokenized: 'Pay Now',
          payment_method: { type: 'invoice', number_of_days: 30 },
          unjudged: 'nobody knows',
        },
        { as: 'partner', times: 3, title: 'A token' },
      ),
    ],
  });
  const text = formats.json?.(makeReport([told], 3, 'http://127.0.0.1:1234')) as string;
  t.match(text, /^\{\n {2}"mock_klarna": .*\n {2}"totals": \{\n {4}"passed": 1,/);
  t.match(text, /\n\}\n$/);
  const { findings, judged, unjudged, checks, ...rest } = JSON.parse(text);
  t.strictSame([findings, judged, unjudged], [[], 1, [{ what: 'theme/all, step 1', why: 'nobody knows' }]]);
  t.matchLists(checks, [{ id: 'step/theme/all', evidence: 'docs', source: 'A page' }, { severity: 'warning' }]);
  t.strictSame(rest, {
    tool: 'replay',
    title: 'Replay',
    target: 'a sandbox',
    mock_klarna: version,
    totals: { passed: 1, failed: 0, skipped: 0, not_run: 2, warnings: 0 },
    scenarios: [
      {
        name: 'theme/all',
        title: nasty,
        file: 'scenarios/theme/all.yaml',
        evidence: 'docs',
        source: 'A page',
        tags: ['one', 'two'],
        merchant: 'M',
        result: 'passed',
        warnings: [],
        verdict: 'ok   theme/all  1 step, 1 not judged (nobody knows)',
        of: 2,
        steps: [
          {
            number: 1,
            line: 7,
            title: 'A token',
            action: 'createCustomerToken',
            actor: 'shop',
            operation: 'createCustomerToken',
            as: 'partner',
            times: 3,
            clock: '2026-01-01T12:00:00.000Z',
            request: {
              method: 'POST',
              path: '/payments/v1/sessions?a=1',
              headers: { 'x-id': '7' },
              body: { order_amount: 100 },
            },
            answer: {
              status: 201,
              location: 'http://klarna.test/next',
              explanation: 'shape,wire',
              body: { at: 'http://klarna.test/x, by klarna.test' },
              callbacks: [{ path: '/push', body: { a: 1 }, status: 503 }],
            },
            tokenized: 'Pay Now',
            payment_method: { type: 'invoice', number_of_days: 30 },
            unjudged: 'nobody knows',
            mismatches: [],
            complaints: [],
          },
        ],
        callbacks: [],
        outcomes: [],
      },
    ],
  });
});

t.test('who acts, and what is told of a payment method, by the operation', async (t) => {
  const steps = [
    step('createOrder'),
    step('followRedirect'),
    step('readJournal'),
    step('authorizeSession', {}, { kind: 'shopper' }),
    step('cancelHostedSession', {}, { kind: 'shopper' }),
    step(
      'advanceClock',
      { request: { method: 'POST', url: 'http://h/', headers: {}, body: '{"by":"P1M"}' } },
      { kind: 'clock' },
    ),
  ];
  const { scenarios } = makeReport([result('a', { steps })], 1);
  t.strictSame(
    scenarios[0]?.steps.map(({ actor, action }) => `${actor}: ${action}`),
    [
      'shop: createOrder',
      'shop: followRedirect',
      'sandbox: readJournal',
      'shopper: the shopper authorizes',
      'shopper: the shopper cancels on the hosted page',
      'clock: the clock moves on by P1M',
    ],
  );
  const words = (name: string) => paidNote(name, { type: 'T' });
  for (const name of ['createCustomerToken', 'readCustomerToken', 'updateCustomerTokenStatus']) {
    t.equal(words(name), 'tokenized: T', name);
  }
  for (const name of ['createCustomerTokenOrder', 'createOrder', 'readOrder']) t.equal(words(name), 'paid: T', name);
});

t.test('an exchange is told in few words', async (t) => {
  const told = (more: Partial<StepResult>, of: Partial<Step> = {}) =>
    makeReport([result('a', { steps: [step('createSession', more, of)] })], 1).scenarios[0]?.steps[0] as ReportedStep;
  const asked = (body: unknown, of?: Partial<Step>) => {
    const request = { method: 'POST', url: 'http://h/', headers: {}, body: JSON.stringify(body) };
    return askedFor(told({ request }, of));
  };
  t.equal(asked({ order_amount: 0 }), 'createSession  0');
  t.equal(asked({ order_amount: 100, purchase_currency: 'SEK' }, { times: 2 }), 'createSession  100 SEK  × 2');
  t.equal(asked({ purchase_currency: 'SEK' }, { times: 1 }), 'createSession');
  t.equal(asked([100]), 'createSession');
  const got = (body: unknown) => answered(told({ answer: answer(207, body) }));
  const all = {
    payment_method_type: 'INVOICE',
    authorized_payment_method: { type: 'invoice' },
    status: 'ACTIVE',
    fraud_status: 'PENDING',
    approved: true,
    error_code: 'BAD_VALUE',
  };
  t.equal(got(all), '207  BAD_VALUE  approved  PENDING  ACTIVE  invoice  INVOICE');
  t.equal(got({ status: 5, error_code: {}, authorized_payment_method: 'invoice' }), '207');
  t.equal(got('text'), '207');
  t.equal(answered(told({ answer: undefined })), '');
  t.equal(readable('2026-01-01T12:00:00.000Z'), '2026-01-01 12:00');
  t.equal(readable('2026-01-01T12:00:05Z'), '2026-01-01 12:00:05');
  t.equal(readable('2026-01-01T00:00:00.250Z'), '2026-01-01 00:00');
});

t.test('a verdict cuts what is long where it must be, and tells each reason once', async (t) => {
  // Digits with commas between, in brackets: an odd number of characters, and one more by the ten.
  const even = (length: number) => [10, ...Array(length / 2 - 2).fill(1)];
  const odd = (length: number) => Array((length - 1) / 2).fill(1);
  const lines = (expected: unknown, got: unknown, body: unknown) => {
    const steps = [step('readHealth', { answer: answer(200, body), mismatches: [{ path: '$', expected, got }] })];
    return renderVerdict(result('a', { passed: false, steps }))
      .split('\n')
      .slice(2);
  };
  const whole = JSON.stringify(even(200));
  t.equal(whole.length, 200);
  t.strictSame(lines(even(200), even(200), even(400)), [
    `       $  expected ${whole}, got ${whole}`,
    `       answered 200 ${JSON.stringify(even(400))}`,
  ]);
  const begun = JSON.stringify(odd(401));
  t.equal(begun.length, 401);
  t.strictSame(lines(odd(201), odd(201), odd(401)), [
    `       $  expected ${begun.slice(0, 200)}…, got ${begun.slice(0, 200)}…`,
    `       answered 200 ${begun.slice(0, 400)}…`,
  ]);
  t.equal(renderUnjudged([{ unjudged: 'a' }, {}, { unjudged: 'b' }, { unjudged: 'a' }]), ', 3 not judged (a; b)');
  t.strictSame(
    [1, 2].map((count) => counted(count, 'warning')),
    ['1 warning', '2 warnings'],
  );
});

t.test('each kind of callback stands behind what can bring it about', async (t) => {
  const after = (on: CallbackAttempt['on'], name: string, more: Partial<StepResult> = {}, of: Partial<Step> = {}) => {
    const steps = [step('readHealth'), step(name, { number: 2, ...more }, of), step('readHealth', { number: 3 })];
    return makeReport([result('a', { steps, callbacks: [attempt(on, {})] })], 1).scenarios[0]?.callbacks[0]?.after;
  };
  const causes: [CallbackAttempt['on'], string[], string[]][] = [
    ['authorization', ['authorizeSession', 'finalizeSession'], ['createSession', 'createOrder', 'listAuthorizations']],
    ['notification', ['createOrder', 'createCustomerTokenOrder', 'cancelOrder'], ['authorizeSession', 'listOrders']],
    ['push', ['createOrder', 'createCustomerTokenOrder'], ['authorizeSession', 'listOrders']],
    ['status_update', ['createHostedSession', 'completeHostedSession'], ['createOrder', 'listHostedSessions']],
  ];
  for (const [on, yes, no] of causes) {
    for (const name of yes) t.equal(after(on, name), 2, `${on} of ${name}`);
    for (const name of no) t.equal(after(on, name), 1, `${on}, no ${name}`);
  }
  t.equal(after('push', 'createOrder', { answer: answer(399) }), 2);
  t.equal(after('push', 'createOrder', { answer: answer(400) }), 1, 'what is refused brings nothing about');
  t.equal(after('push', 'createOrder', { answer: undefined }), 2, 'what got no answer may have');
  t.equal(after('push', 'createOrder', {}, { as: 'partner' }), 1, 'another merchant has callbacks of its own');
});

t.test('a callback stands behind the last of what it names, by the clock of its own merchant', async (t) => {
  const clock = '2026-01-01T12:00:00.000Z';
  const later = '2026-01-01T12:10:00.000Z';
  const after = (steps: StepResult[], more: Partial<CallbackAttempt>) =>
    makeReport([result('a', { steps, callbacks: [attempt('push', more)] })], 1).scenarios[0]?.callbacks[0]?.after;
  const both = [
    step('authorizeSession', { clock, answer: answer(200, { authorization_token: TOKEN }) }),
    step('createOrder', { number: 2, clock, answer: answer(200, { order_id: ORDER }) }),
    step('readOrder', { number: 3, clock, answer: answer(200, { order_id: ORDER }) }),
  ];
  t.equal(after(both, { body: { ids: [TOKEN] } }), 1);
  t.equal(after(both, { body: { ids: [ORDER, TOKEN] } }), 2);
  t.equal(after(both, { body: { ids: [TOKEN, ORDER] } }), 2, 'in whichever order they are named');
  t.equal(after(both, { body: { ids: [TOKEN] }, url: `http://receiver/${ORDER}` }), 2, 'in the body or in the URL');
  const clocks = [
    step('createOrder', { clock, answer: answer(200, { order_id: ORDER }) }),
    step('readHealth', { number: 2, clock: later }, { as: 'partner' }),
    step('readHealth', { number: 3, clock }),
  ];
  t.equal(after(clocks, { body: { ids: [ORDER] }, at: later }), 1, 'the clock of another merchant does not count');
  const other = { method: 'POST', url: 'http://h/other', headers: {}, body: undefined };
  const lostBefore = [
    step('createOrder', { clock, answer: undefined, request: other }),
    step('createOrder', { number: 2, clock, answer: answer(200, { order_id: ORDER }) }),
  ];
  t.equal(after(lostBefore, { body: { ids: [ORDER] } }), 2, 'what got no answer was asked elsewhere');
});

t.test('only what the shop read of its token is what was tokenized', async (t) => {
  const read = (number: number, status: number, type: string) =>
    step('readCustomerToken', { number, answer: answer(status, { payment_method_type: type }) });
  const steps = [read(1, 404, 'DIRECT_DEBIT'), read(2, 200, 'INVOICE'), read(3, 200, 'PAY_BY_CARD')];
  const tokenized = (told: StepResult[]) =>
    makeReport([result('a', { steps: told })], 1).scenarios[0]?.steps.map((one) => one.tokenized);
  t.strictSame(tokenized(steps), [undefined, 'Pay Later in 30 days (INVOICE)', undefined]);
  const unanswered = step('readCustomerToken', { number: 1, answer: undefined, trouble: 'socket hang up' });
  t.strictSame(tokenized([unanswered, read(2, 200, 'INVOICE')]), [undefined, 'Pay Later in 30 days (INVOICE)']);
  const seen = step('createCustomerToken', { tokenized: 'Pay Now' });
  t.strictSame(tokenized([seen, read(2, 200, 'INVOICE')]), ['Pay Now', undefined]);
});

t.test('what is too long for its place in the picture is cut there', async (t) => {
  const texts = (one: StepResult) =>
    [...html(result('a', { steps: [one] })).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  const body = (value: object) => ({ method: 'POST', url: 'http://h/', headers: {}, body: JSON.stringify(value) });
  const places: [head: string, room: number, make: (tail: string) => StepResult][] = [
    [
      '1  createSession  1 ',
      43,
      (tail) => step('createSession', { request: body({ order_amount: 1, purchase_currency: tail }) }),
    ],
    ['', 43, (tail) => step('createSession', { answer: undefined, trouble: tail })],
    ['not as expected: ', 71, (tail) => step('createSession', { answer: undefined, trouble: tail })],
    ['1  the clock moves to ', 80, (tail) => step('setClock', { request: body({ now: tail }) }, { kind: 'clock' })],
    ['shop ', 40, (tail) => step('createSession', {}, { as: tail })],
  ];
  for (const [head, room, make] of places) {
    const tail = 'x'.repeat(room - head.length);
    t.ok(texts(make(tail)).includes(`${head}${tail}`), `${head}, whole`);
    t.ok(texts(make(`${tail}x`)).includes(`${head}${tail.slice(1)}…`), `${head}, cut`);
  }
});

t.test('the picture, as a whole', async (t) => {
  const clock = '2026-01-01T12:00:00.000Z';
  const sent = (body: object) => ({ method: 'POST', url: 'http://h/', headers: {}, body: JSON.stringify(body) });
  const why = { 'mock-klarna-explain': 'denied' };
  const steps = [
    step('createSession', { clock }, { title: 'Begin' }),
    step('authorizeSession', { number: 2, clock, answer: answer(400, {}, why) }, { kind: 'shopper' }),
    step('createCustomerToken', { number: 3, clock, tokenized: 'a card' }, { as: 'p' }),
    step('createOrder', { number: 4, clock, answer: answer(399) }),
    step('createOrder', { number: 5, clock, answer: undefined }),
    step(
      'advanceClock',
      { number: 6, clock: '2026-01-02T12:00:00.000Z', request: sent({ by: 'P1D' }) },
      { kind: 'clock', title: 'A day passes' },
    ),
    step('readJournal', { number: 7, mismatches: [{ path: '$.status', expected: 201, got: 200 }] }, { as: 'q' }),
    step('authorizeSession', { number: 8, mismatches: [{ path: '$.a', expected: 1, got: 2 }] }, { kind: 'shopper' }),
  ];
  const callbacks = [
    attempt('push', { result: { status: 299 } }),
    attempt('push', { attempt: 2, result: { status: 300 } }),
    attempt('push', { attempt: 3, result: { dropped: true } }),
  ];
  const [picture] = /<svg[\s\S]*<\/svg>/.exec(html(result('a', { steps, callbacks }))) ?? [];
  t.equal(
    picture,
    `<svg viewBox="0 0 1200 808" width="1200" height="808" role="group" aria-label="Sequence of a: shop, shop p, Klarna, shopper, 8 steps">
<line class="life" x1="210" x2="210" y1="32" y2="804"/><rect class="actor" x="184.8" y="8" width="50.4" height="24" rx="4"/><text class="name" x="210" y="24">shop</text>
<line class="life" x1="510" x2="510" y1="32" y2="804"/><rect class="actor" x="478.2" y="8" width="63.599999999999994" height="24" rx="4"/><text class="name" x="510" y="24">shop p</text>
<line class="life" x1="810" x2="810" y1="32" y2="804"/><rect class="actor" x="745.2" y="8" width="129.6" height="24" rx="4"/><text class="name" x="810" y="24">Klarna (sandbox)</text>
<line class="life" x1="1110" x2="1110" y1="32" y2="804"/><rect class="actor" x="1074.9" y="8" width="70.19999999999999" height="24" rx="4"/><text class="name" x="1110" y="24">shopper</text>
<text class="clock" x="4" y="60">2026-01-01 12:00</text><a href="#s1-1"><g class="call"><title>1. Begin</title><text x="510" y="61">1  createSession</text><line x1="210" x2="810" y1="66" y2="66"/><path d="M810 66l-7 -4v8z"/></g>
</a><a href="#s1-1" tabindex="-1"><g class="answer"><title>1. Begin</title><text x="510" y="89">200</text><line x1="810" x2="210" y1="94" y2="94"/><path d="M210 94l7 -4v8z"/></g>
</a><a href="#s1-2"><g class="call"><title>2. the shopper authorizes</title><text x="960" y="117">2  authorizes</text><line x1="1110" x2="810" y1="122" y2="122"/><path d="M810 122l7 -4v8z"/></g>
</a><a href="#s1-2" tabindex="-1"><g class="refusal"><title>2. the shopper authorizes</title><text x="960" y="145">400</text><line x1="810" x2="1110" y1="150" y2="150"/><path d="M1110 150l-7 -4v8z"/></g>
</a><a href="#s1-2" tabindex="-1"><g class="why"><title>denied</title><rect x="1051.4" y="161" width="58.599999999999994" height="20" rx="3"/><text x="1080.7" y="175">denied</text></g>
</a><a href="#s1-3"><g class="call"><title>3. createCustomerToken</title><text x="660" y="201">3  createCustomerToken</text><line x1="510" x2="810" y1="206" y2="206"/><path d="M810 206l-7 -4v8z"/></g>
</a><a href="#s1-3" tabindex="-1"><g class="answer"><title>3. createCustomerToken</title><text x="660" y="229">200</text><line x1="810" x2="510" y1="234" y2="234"/><path d="M510 234l7 -4v8z"/></g>
</a><a href="#s1-3" tabindex="-1"><g class="tokenized"><title>tokenized: a card</title><rect x="741.65" y="245" width="136.7" height="20" rx="3"/><text x="810" y="259">tokenized: a card</text></g>
</a><a href="#s1-4"><g class="call"><title>4. createOrder</title><text x="510" y="285">4  createOrder</text><line x1="210" x2="810" y1="290" y2="290"/><path d="M810 290l-7 -4v8z"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="answer"><title>4. createOrder</title><text x="510" y="313">399</text><line x1="810" x2="210" y1="318" y2="318"/><path d="M210 318l7 -4v8z"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="callback"><title>http://receiver/push</title><text x="510" y="341">push callback</text><line x1="810" x2="210" y1="346" y2="346"/><path d="M210 346l7 -4v8z"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="answer"><title>http://receiver/push</title><text x="510" y="369">299</text><line x1="210" x2="810" y1="374" y2="374"/><path d="M810 374l-7 -4v8z"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="why"><title>http://receiver/push</title><rect x="210" y="385" width="158" height="20" rx="3"/><text x="289" y="399">http://receiver/push</text></g>
</a><a href="#s1-4" tabindex="-1"><g class="callback"><title>http://receiver/push</title><text x="510" y="425">push callback, attempt 2</text><line x1="810" x2="210" y1="430" y2="430"/><path d="M210 430l7 -4v8z"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="refusal"><title>http://receiver/push</title><text x="510" y="453">300</text><line x1="210" x2="810" y1="458" y2="458"/><path d="M810 458l-7 -4v8z"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="why"><title>http://receiver/push</title><rect x="210" y="469" width="158" height="20" rx="3"/><text x="289" y="483">http://receiver/push</text></g>
</a><a href="#s1-4" tabindex="-1"><g class="lost"><text x="510" y="507">push callback, attempt 3</text><line x1="810" x2="510" y1="514" y2="514"/><path d="M505 509l10 10m0 -10l-10 10"/></g>
</a><a href="#s1-4" tabindex="-1"><g class="why"><title>http://receiver/push  dropped by the scenario</title><rect x="210" y="531" width="335.5" height="20" rx="3"/><text x="377.75" y="545">http://receiver/push  dropped by the scenario</text></g>
</a><a href="#s1-5"><g class="call"><title>5. createOrder</title><text x="510" y="571">5  createOrder</text><line x1="210" x2="810" y1="576" y2="576"/><path d="M810 576l-7 -4v8z"/></g>
</a><a href="#s1-5" tabindex="-1"><g class="lost"><text x="510" y="597">no answer, as expected</text><line x1="810" x2="510" y1="604" y2="604"/><path d="M505 599l10 10m0 -10l-10 10"/></g>
</a><text class="clock" x="4" y="632">2026-01-02 12:00</text><a href="#s1-6"><g class="band"><title>A day passes</title><rect x="142" y="622" width="1050" height="24" rx="3"/><text x="667" y="638">6  the clock moves on by P1D</text></g>
</a><a href="#s1-7"><g class="event"><title>7  readJournal  (q)  200</title><rect x="716.8" y="657" width="186.39999999999998" height="20" rx="3"/><text x="810" y="671">7  readJournal  (q)  200</text></g>
</a><a href="#s1-7" tabindex="-1"><g class="wrong"><title>not as expected: $.status  expected 201, got 200</title><rect x="631.6" y="685" width="356.79999999999995" height="20" rx="3"/><text x="810" y="699">not as expected: $.status  expected 201, got 200</text></g>
</a><a href="#s1-8"><g class="call"><title>8. the shopper authorizes</title><text x="960" y="725">8  authorizes</text><line x1="1110" x2="810" y1="730" y2="730"/><path d="M810 730l7 -4v8z"/></g>
</a><a href="#s1-8" tabindex="-1"><g class="answer"><title>8. the shopper authorizes</title><text x="960" y="753">200</text><line x1="810" x2="1110" y1="758" y2="758"/><path d="M1110 758l-7 -4v8z"/></g>
</a><a href="#s1-8" tabindex="-1"><g class="wrong"><title>not as expected: $.a  expected 1, got 2</title><rect x="817.1" y="769" width="292.9" height="20" rx="3"/><text x="963.55" y="783">not as expected: $.a  expected 1, got 2</text></g>
</a></svg>`,
  );
});
