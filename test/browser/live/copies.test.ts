import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { toCurl } from '../../../src/browser/live/curl.js';
import { firstLines } from '../../../src/browser/live/first-lines.js';
import { parametersOf, stepOf, toCase, toStep } from '../../../src/browser/live/steps.js';
import { toYaml } from '../../../src/browser/live/yaml.js';
import { readScenario } from '../../../src/scenario/read.js';
import t from '../../tap.js';
import { exchange } from './exchange.js';

/** Returns the words that a shell makes of a command. */
const wordsOf = (command: string): string[] =>
  spawnSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
    .stdout.split('\0')
    .slice(0, -1);

t.test('a request is copied as a command that sends it again', async (t) => {
  const name = "O'Brien & söner";
  const body = { name: `it's "quoted" $HOME \`x\` \\ \n end` };
  const request = { ...exchange().request, body };
  const command = toCurl(exchange({ request }), 'http://localhost:5527', name);
  t.strictSame(wordsOf(command), [
    'curl',
    '-sS',
    '-u',
    `${name}:secret`,
    'http://localhost:5527/payments/v1/sessions',
    '-H',
    'content-type: application/json',
    '-H',
    "x-mine: it's",
    '--data-raw',
    JSON.stringify(body),
  ]);
  const read = exchange({ method: 'DELETE', path: '/a?b=c&d=e', request: { headers: {} } });
  t.strictSame(wordsOf(toCurl(read, 'http://h', 'boots')), [
    ...['curl', '-sS', '-u', 'boots:secret', '-X', 'DELETE', 'http://h/a?b=c&d=e'],
  ]);
  t.notMatch(command, 'redacted');
});

t.test('the lines that fill the page are three, and go through a shell whatever the merchant is called', async (t) => {
  const lines = firstLines('http://localhost:5527', "it's").split('\n');
  t.equal(lines.length, 3);
  t.strictSame(wordsOf((lines[2] as string).replace('$authorization', 'x')).slice(0, 4), [
    'curl',
    '-sS',
    '-u',
    "it's:secret",
  ]);
});

t.test('values are written so that YAML reads them back', async (t) => {
  const values = [
    { a: 1, b: 'text', c: [], d: {}, e: null, f: true },
    {
      long: 'x'.repeat(100),
      list: [{ a: 1, b: { c: 'd: e' } }, 'yes', '12', '', '- x', '#', 'null', '~', '1e3', '0x1', '.5'],
    },
    [{ createSession: { body: { nested: [{ deep: [[1], [{ x: 'y' }]] }] } }, expect: { status: 200 } }],
    { 'key with space': 'line\nbreak', '': 'ä "q" \'s\' \\', $uuid: '${person}', '5': '12:30', 'a:b': '🙈' },
    'text',
    7,
  ];
  for (const value of values) t.strictSame(parse(toYaml(value)), value, JSON.stringify(value));
});

t.test('paths give their parameters', async (t) => {
  const id = '6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11';
  t.strictSame(parametersOf('/payments/v1/sessions'), {});
  t.strictSame(parametersOf(`/payments/v1/sessions/${id}?x=1`), { session_id: id });
  t.strictSame(parametersOf(`/payments/v1/authorizations/${id}/customer-token`), { authorizationToken: id });
  t.strictSame(parametersOf(`/customer-token/v1/tokens/${id}/order`), { customerToken: id });
  t.strictSame(parametersOf(`/ordermanagement/v1/orders/${id}/captures/${id}`), { order_id: id, capture_id: id });
  t.strictSame(parametersOf(`/ordermanagement/v1/orders/${id}/captures`), { order_id: id });
  t.strictSame(parametersOf('/payments/v1/sessions/no%20id'), { session_id: 'no id' });
  t.strictSame(parametersOf('/payments/v1/sessions/%zz'), { session_id: '%zz' });
});

t.test('an exchange is copied as a step that the scenario reader takes', async (t) => {
  const order = exchange({
    operation: 'createCustomerTokenOrder',
    path: '/customer-token/v1/tokens/3b9e2c14-77d5-4a0f-8c63-e1d29f5a6b84/order',
    request: {
      headers: { 'Klarna-Idempotency-Key': 'one' },
      body: { order_amount: 900, purchase_currency: 'SEK', merchant_reference1: '$5 off', order_lines: [] },
    },
    status: 403,
    response: {
      headers: {},
      body: {
        error_code: 'PAYMENT_METHOD_FAILED',
        error_messages: ['x'],
        correlation_id: '9c5e0f3a-41b7-4d26-8f19-a6b3d7c2e850',
      },
    },
  });
  t.strictSame(stepOf(order), {
    createCustomerTokenOrder: {
      path: { customerToken: '3b9e2c14-77d5-4a0f-8c63-e1d29f5a6b84' },
      headers: { 'Klarna-Idempotency-Key': '$newUuid' },
      body: { order_amount: 900, purchase_currency: 'SEK', merchant_reference1: '$$5 off', order_lines: [] },
    },
    expect: { status: 403, body: { error_code: 'PAYMENT_METHOD_FAILED', error_messages: ['x'] } },
  });
  const session = exchange();
  t.strictSame(stepOf(session).expect, { status: 200, body: { session_id: '$uuid', client_token: '$string' } });
  const shopper = exchange({
    operation: 'authorizeSession',
    path: '/sandbox/v1/sessions/6f1c8a52-5d0b-4c1e-9a54-2f7e0b6c3d11/authorize',
    request: { headers: {}, body: { payment_option: 'pay_in_4' } },
    response: { headers: {}, body: { approved: true, show_form: true } },
  });
  const clock = exchange({
    operation: 'advanceClock',
    path: '/sandbox/v1/clock/advance',
    request: { headers: {}, body: { by: 'P1M' } },
  });
  t.strictSame(stepOf(clock), { advance: 'P1M' });
  const lost = exchange({ status: 0, response: { headers: {} } });
  for (const each of [order, session, shopper, clock, lost]) {
    const text = `title: A step\nevidence: inferred\nsteps:\n${toStep(each)}`;
    t.doesNotThrow(() => readScenario(text, 'step.yaml'), text);
    const written = toCase(each) as string;
    t.doesNotThrow(() => readScenario(written, 'case.yaml'), written);
  }
  t.equal(toStep(exchange({ operation: undefined as never })), undefined);
});
