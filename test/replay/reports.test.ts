import type { Answer } from '../../src/client/target.js';
import { operationNamed } from '../../src/contract/operations.js';
import { narrateStep } from '../../src/replay/narrate.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { formats } from '../../src/replay/report/formats.js';
import { renderAnnotations } from '../../src/replay/report/github.js';
import { makeReport, type Report } from '../../src/replay/report/report.js';
import type { CallbackAttempt, ScenarioResult, StepResult } from '../../src/replay/result.js';
import { count, renderTotals } from '../../src/replay/verdict.js';
import { renderAnnotation } from '../../src/report/annotation.js';
import { escapeMarkup, markup } from '../../src/report/markup.js';
import { readScenarios } from '../../src/scenario/files.js';
import { readScenario } from '../../src/scenario/read.js';
import type { Step } from '../../src/scenario/scenario.js';
import { startServer } from '../../src/server/start.js';
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
  t.same(report().totals, { passed: 1, failed: 2, skipped: 1, not_run: 2, warnings: 0 });
  t.equal(renderTotals(report().totals), '1 passed, 2 failed, 1 skipped, 2 not run');
  t.equal(renderTotals(count([], 0)), '0 passed');
});

t.test('the JSON report has every exchange, without credentials, host, port and wall time', async (t) => {
  const text = formats.json?.(report()) as string;
  const { scenarios } = JSON.parse(text) as Report;
  t.same(
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
  t.same(
    scenarios[0]?.steps.map(({ request }) => request?.body),
    ['{', '"text"', [1], '7'],
  );
  t.same(scenarios[0]?.steps[0]?.request?.headers, { 'content-type': 'text/plain' });
});

t.test('nothing that a file or an answer says is markup in a report', async (t) => {
  for (const format of ['html', 'junit', 'md']) {
    const text = (formats[format] as (report: Report) => string)(report());
    t.notMatch(text.replace(/```text[\s\S]*?\n```/g, ''), /<script|'x'/, format);
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
  t.match(xml, '<testsuites name="mock-klarna replay" tests="4" failures="2" errors="0" skipped="1">');
  t.match(xml, '<testsuite name="theme" tests="3" failures="2" errors="0" skipped="0">');
  t.match(xml, '<testcase classname="theme" name="good" file="scenarios/theme/good.yaml" line="7"/>');
  t.match(
    xml,
    /<testcase classname="theme" name="bad"[^>]*><failure message="\$\.body\.x {2}expected[^>]*>FAIL theme\/bad/,
  );
  t.match(
    xml,
    '<testcase classname="scenarios" name="alone" file="scenarios/alone.yaml" line="1"><skipped message="needs a sandbox"/>',
  );
  t.match(xml, '<failure message="resetMerchant was refused with 401">');
  t.notMatch(xml, /time(stamp)?=/);
});

t.test('the Markdown report is a table with the failures below it', async (t) => {
  const md = formats.md?.(report()) as string;
  t.match(md, '## Replay: 1 passed, 2 failed, 1 skipped, 2 not run\n\n| Result | Scenario |');
  t.match(md, '&lt;script&gt;');
  t.match(md, '\\| \\`y\\`');
  t.match(md, /\n\| passed \| theme\/good \| .* \| 2 \| {2}\|\n/);
  t.match(md, /\n\| failed \| theme\/bad \| .* \| 1 of 2 \| {2}\|\n/);
  t.match(md, /\n\| skipped \| alone \| .* \| needs a sandbox \| {2}\|\n/);
  t.match(md, '\n### theme/bad\n\n```text\nFAIL theme/bad  step 1 of 2\n');
  const fence = result('a', { passed: false, trouble: 'a ```` b' });
  t.match(formats.md?.(makeReport([fence], 1)), /\n`{5}text\n[\s\S]*\n`{5}\n$/);
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
  t.same(texts, [
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
    t.same(texts.slice(4), [
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
    t.same(texts.slice(4), [
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
  t.match(formats.junit?.(report), `line="1"><system-out>${lines.join('\n')}</system-out></testcase>`);
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
  t.ok(page.includes('<span class="word warned">warned</span> <a href="#s1">'));
  t.ok(
    page.includes('<ul class="outcomes warned"><li>line 5: this outcome took no call</li><li>line 7: createSession'),
  );
  t.notOk(page.includes('<script>'));
  const xml = String(formats.junit?.(report));
  t.ok(xml.includes('<system-out>warning: line 5: this outcome took no call\nwarning: line 7: createSession is sent'));
  const table = String(formats.md?.(report));
  t.match(table, '| warned | theme/good |');
  t.match(table, '| failed | theme/bad |');
  t.match(
    table,
    '\n### What tested nothing\n\n- theme/good, line 5: this outcome took no call\n- theme/good, line 7: ',
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
  t.same(
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
  t.equal(page.split('<details class="failed" open>').length, 2);
  t.match(page, '<tr><td>$.status</td><td>200</td><td>400</td></tr>');
  t.match(page, /<td>\$\.body\.x<\/td><td>[^<]*<\/td><td>nothing<\/td>/);
  t.match(page, '1 more step not played');
  t.match(page, '<p class="skipped">needs a sandbox</p>');
  t.match(page, '<p class="failed">resetMerchant was refused with 401</p>');
  t.match(page, `${'l'.repeat(120)}… (200 characters)`);
  t.match(page, 'location: http://klarna.test/next');
  t.notMatch(page, /<(?:script|link|img|iframe)|(?:src|@import|url)\s*[=(]/i);
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
