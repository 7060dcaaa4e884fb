import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { readDelay } from '../../src/exchange/durations.js';
import { samplePerson } from '../../src/klarna/catalogue/people.js';
import { describeDelivery, describeOutcome, describeScenario } from '../../src/scenario/describe.js';
import { ScenarioError } from '../../src/scenario/problem.js';
import { readScenario } from '../../src/scenario/read.js';
import t from '../tap.js';

const head = 'title: Boots\nevidence: reported\n';

/** Everything that a file may say beside its steps. */
const complete = `${head}source: a report
alias: boots-1
market: SE
tags: [declines]
merchant: M1
clock: 2026-03-01T09:00:00Z
shopper:
  payment_option: pay_in_4
  funding_source: { type: card, brand: VISA, masked_number: "************1111", expiry_date: 12/2028 }
outcomes:
  - on: createCustomerTokenOrder
    calls: 1
    when: { order_amount: { $over: 5000, $under: 9000 }, order_lines: [{ name: Boots }] }
    error: PAYMENT_METHOD_FAILED
  - on: createOrder
    calls: "2"
    fraud: { status: REJECTED }
  - on: createOrder
    fraud: { status: PENDING, then: ACCEPTED, after: P1M }
  - on: createCustomerToken
    when: { billing_address: "\${person.billing_address}", locale: $absent }
    fault: { commit: true, reset: true, delay: PT1M0.5S }
  - on: createSession
    calls: "2..4"
    fault: { status: 503 }
  - on: createSession
    calls: { every: 3 }
    fault: { 429: true }
  - on: createSession
    calls: "7.."
    fault: { delay: PT2S }
  - on: readSession
    calls: { every: 1 }
    fault: { timeout: true }
callbacks:
  - on: authorization
    delivery: { twice: true, delay: PT2S, before-the-answer: true, reorder: true, status: 500 }
  - on: notification
    delivery: { drop: true }
steps:
  - { shopper: authorize, session: a }
  - shopper: authorize
    session: a
    with: { payment_option: pay_now, funding_source: $absent, result: fix_required, invalid_fields: [email] }
    as: partner
    expect: { status: 200 }
  - { shopper: finalize, session: a, times: 2 }
  - advance: P1M
  - { readClock: , title: What time is it, expect: { status: { $oneOf: [200] } } }
  - readClock:
`;

/** What reading a text complains about, each problem as `line:column message`. */
function complaints(text: string): string[] {
  try {
    readScenario(text, 'boots.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^boots\.yaml:/, ''));
  }
}

t.test('outcomes, callbacks and the shopper are read with everything they say', async (t) => {
  const { outcomes, callbacks, shopper, alias, steps } = readScenario(complete, 'boots.yaml');
  t.equal(alias, 'boots-1');
  t.match(shopper, { payment_option: 'pay_in_4', funding_source: { type: 'card', brand: 'VISA' } });
  const all = { from: 1, to: Number.POSITIVE_INFINITY };
  t.strictSame(
    outcomes.map(({ when, ...outcome }) => outcome),
    [
      { on: 'createCustomerTokenOrder', calls: { from: 1, to: 1 }, error: 'PAYMENT_METHOD_FAILED', line: 13 },
      { on: 'createOrder', calls: { from: 2, to: 2 }, fraud: { status: 'REJECTED' }, line: 17 },
      {
        on: 'createOrder',
        calls: all,
        fraud: parse('{ status: PENDING, then: ACCEPTED, after: P1M }'),
        line: 20,
      },
      {
        on: 'createCustomerToken',
        calls: all,
        fault: { commit: true, kind: 'reset', delay: 60_500 },
        line: 22,
      },
      {
        on: 'createSession',
        calls: { from: 2, to: 4 },
        fault: { commit: false, kind: 'status', status: 503 },
        line: 25,
      },
      { on: 'createSession', calls: { every: 3 }, fault: { commit: false, kind: 'status', status: 429 }, line: 28 },
      {
        on: 'createSession',
        calls: { ...all, from: 7 },
        fault: { commit: false, kind: 'delay', delay: 2000 },
        line: 31,
      },
      { on: 'readSession', calls: { every: 1 }, fault: { commit: false, kind: 'timeout' }, line: 34 },
    ].map((outcome, index) => ({ ...outcome, index })),
  );
  t.matchLists(outcomes[0]?.when, { order_amount: { $over: 5000 }, order_lines: [{ name: 'Boots' }] });
  t.match(outcomes[3]?.when, { billing_address: { country: 'SE' }, locale: '$absent' });
  t.strictSame(callbacks, [
    {
      line: 38,
      on: 'authorization',
      delivery: { twice: true, delay: 'PT2S', before_the_answer: true, reorder: true, status: 500 },
    },
    { line: 40, on: 'notification', delivery: { drop: true } },
  ]);
  t.match(steps[1]?.request.body, { payment_option: 'pay_in_4', data: { billing_address: { country: 'SE' } } });
  t.match(steps[2]?.request.body, { payment_option: 'pay_now', funding_source: '$absent', result: 'fix_required' });
  t.strictSame(steps[3]?.request.body, {}, 'what finalizes is not authorized anew');
});

t.test('a scenario that is only chosen has no steps', async (t) => {
  for (const text of [
    'shopper: { result: denied }',
    'outcomes: [{ on: createOrder, error: REJECTED }]',
    'callbacks: []',
  ]) {
    t.strictSame(readScenario(head + text, 'boots.yaml').steps, []);
  }
});

t.test('each kind of fault is read', async (t) => {
  for (const kind of ['timeout', 'close', 'reset', 'garbage', 'truncate', 'empty']) {
    const { outcomes } = readScenario(
      `${head}outcomes: [{ on: createOrder, fault: { delay: PT0.25S, ${kind}: true } }]`,
      'boots.yaml',
    );
    t.strictSame(outcomes[0]?.fault, { commit: false, kind, delay: 250 });
  }
  t.equal(readDelay('PT2M'), 120_000);
  t.ok(Number.isNaN(readDelay('P1D')));
});

t.test(
  'a mistake in outcomes, callbacks or shopper is told with line, column and the nearest right word',
  async (t) => {
    const outcome = (text: string) => `${head}outcomes:\n  - { ${text} }\n`;
    const cases: [text: string, ...problems: (string | RegExp)[]][] = [
      // Outcomes
      [`${head}outcomes: x`, '3:11 "outcomes" must be a list, not the text "x"; write [x]'],
      [`${head}outcomes: [1]`, '3:12 outcomes[0] must be a mapping, not 1'],
      [outcome('error: REJECTED'), '4:5 "on" is missing'],
      [outcome('on: createOrder'), '4:5 an outcome needs one of error, fraud, fault'],
      [outcome('on: createOrder, eror: REJECTED'), '4:24 unknown key "eror" (did you mean "error"?)'],
      [
        outcome('on: createOrder, error: REJECTED, fault: { reset: true }'),
        '4:5 an outcome is one thing, not several: error, fault',
      ],
      [
        outcome('on: createOder, error: REJECTED'),
        '4:11 "on" is no operation: "createOder" (did you mean "createOrder", Place the order?)',
      ],
      [
        outcome('on: readClock, error: NOT_FOUND'),
        '4:11 "on" is one of Klarna\'s operations, and readClock is one of the control API',
      ],
      // Errors
      [outcome('on: createOrder, error: 403'), '4:31 "error" must be text, not 403; such as error: REJECTED'],
      [
        outcome('on: createOrder, error: REJECTD'),
        /^4:31 createOrder cannot answer the error "REJECTD" \(did you mean "REJECTED"\?\); it can answer BAD_REQUEST, .*, REJECTED, /,
      ],
      [
        outcome('on: createOrder, error: PAYMENT_METHOD_FAILED'),
        /^4:31 createOrder cannot answer the error "PAYMENT_METHOD_FAILED", which createCustomerTokenOrder, captureOrder can; it can answer /,
      ],
      [
        outcome('on: createOrder, error: constructor'),
        /^4:31 createOrder cannot answer the error "constructor"; it can answer /,
      ],
      // Calls
      ...['0', '-1', '1.5', 'x', '"0..2"', '"..3"', '"2..4..6"', 'true', '[1]', '10000000'].map(
        (calls): [string, RegExp] => [
          outcome(`on: createOrder, calls: ${calls}, error: REJECTED`),
          /^4:31 "calls" is a number from 1, "2\.\.4", "3\.\." or \{ every: 3 \}, not /,
        ],
      ),
      [outcome('on: createOrder, calls: "4..2", error: REJECTED'), '4:31 "calls" "4..2" ends before it begins'],
      [outcome('on: createOrder, calls: {}, error: REJECTED'), '4:31 "every" is missing'],
      [
        outcome('on: createOrder, calls: { evry: 2 }, error: REJECTED'),
        '4:33 unknown key "evry" (did you mean "every"?)',
      ],
      [outcome('on: createOrder, calls: { every: 0 }, error: REJECTED'), '4:40 "every" is from 1 to 1000, not 0'],
      // Fraud
      [
        outcome('on: createSession, fraud: { status: PENDING }'),
        '4:26 createSession creates no order; createOrder and createCustomerTokenOrder do',
      ],
      [
        outcome('on: createOrder, fraud: { status: ACCEPTED, then: REJECTED, after: PT5M }'),
        '4:51 only a fraud check that is PENDING ends in something else, and only an ACCEPTED order is STOPPED',
      ],
      [
        outcome('on: createOrder, fraud: { status: REJECTED, then: STOPPED, after: PT5M }'),
        '4:51 only a fraud check that is PENDING ends in something else, and only an ACCEPTED order is STOPPED',
      ],
      [outcome('on: createOrder, fraud: { status: ACCEPTED, then: STOPPED, after: P1D }')],
      [outcome('on: createCustomerTokenOrder, fraud: { status: PENDING, then: STOPPED, after: P1D }')],
      [outcome('on: createOrder, fraud: { status: ACCEPTED, then: STOPPED }'), '4:31 "then" needs "after" beside it'],
      [outcome('on: createOrder, fraud: { status: PENDING, then: ACCEPTED }'), '4:31 "then" needs "after" beside it'],
      [
        outcome('on: createOrder, fraud: { status: PENDING, then: ACEPTED, after: soon }'),
        '4:56 "then" is one of ACCEPTED, REJECTED, STOPPED, not "ACEPTED" (did you mean "ACCEPTED"?)',
        '4:72 "soon" is no ISO 8601 duration such as PT61M or P1M',
      ],
      // Faults
      [
        outcome('on: createOrder, fault: {}'),
        '4:31 a fault needs one of status, 429, timeout, close, reset, garbage, truncate, empty, delay',
      ],
      [
        outcome('on: createOrder, fault: { commit: yes please }'),
        '4:31 a fault needs one of status, 429, timeout, close, reset, garbage, truncate, empty, delay',
        '4:41 "commit" must be true or false, not the text "yes please"',
      ],
      [
        outcome('on: createOrder, fault: { close: true, 429: true }'),
        '4:31 a fault is one kind of trouble, not several: close, 429',
      ],
      [outcome('on: createOrder, fault: { rest: true }'), '4:33 unknown key "rest" (did you mean "reset"?)'],
      [outcome('on: createOrder, fault: { reset: false }'), '4:40 "reset" is true or left out, not false'],
      [
        outcome('on: createOrder, fault: { status: 404 }'),
        '4:41 "status" is one of 429, 500, 501, 502, 503, 504, not 404',
      ],
      [
        outcome('on: createOrder, fault: { delay: P1D }'),
        '4:40 "delay" is minutes and seconds of wall time, such as PT2S, PT0.5S or PT1M, not "P1D"',
      ],
      [outcome('on: createOrder, fault: { delay: PT0.001S }')],
      [outcome('on: createOrder, fault: { delay: PT2M }')],
      ...['PT0S', 'PT2M0.001S', 'PT121S'].map((delay): [string, string] => [
        outcome(`on: createOrder, fault: { delay: ${delay} }`),
        `4:40 "delay" is from PT0.001S to PT2M, not "${delay}"`,
      ]),
      // Conditions
      [outcome('on: createOrder, when: {}, error: REJECTED'), '4:30 "when" is empty'],
      [
        outcome('on: createOrder, when: 1, error: REJECTED'),
        '4:30 "when" must be a mapping, not 1; such as when: { order_amount: { $over: 5000 } }',
      ],
      [
        outcome('on: createOrder, when: { order_amout: 1 }, error: REJECTED'),
        '4:32 the body of createOrder has no "order_amout" (did you mean "order_amount"?)',
      ],
      [
        outcome('on: readSession, when: { order_amount: 1 }, error: NOT_FOUND'),
        '4:24 a request of readSession has no body that "when" could look at',
      ],
      [
        outcome('on: createOrder, when: { order_amount: { $ovr: 1 } }, error: REJECTED'),
        '4:48 unknown matcher $ovr (did you mean "$over"?)',
      ],
      [outcome('on: createOrder, when: { $oneOf: 1 }, error: REJECTED'), '4:40 $oneOf takes a list'],
      [
        outcome('on: createOrder, when: { locale: "${session}" }, error: REJECTED'),
        '4:40 an outcome has no variable "session", only those of the market such as ${person.customer}',
      ],
      [
        outcome('on: createOrder, when: { locale: "${person.customer}" }, error: REJECTED'),
        '4:40 ${person.customer} needs a market',
      ],
      // Callbacks
      [`${head}callbacks:\n  - on: push`, '4:5 "delivery" is missing'],
      [`${head}callbacks:\n  - delivery: { drop: true }`, '4:5 "on" is missing'],
      [
        `${head}callbacks:\n  - { on: pull, delivery: { drop: true } }`,
        '4:11 "on" is one of authorization, notification, push, status_update, not "pull" (did you mean "push"?)',
      ],
      [`${head}callbacks:\n  - { on: push, delivery: {} }`, '4:27 "delivery" is empty'],
      [
        `${head}callbacks:\n  - { on: push, delivery: { before_the_answer: true } }`,
        '4:29 unknown key "before_the_answer" (did you mean "before-the-answer"?)',
      ],
      [
        `${head}callbacks:\n  - { on: push, delivery: { drop: true, twice: true } }`,
        '4:29 a callback that is dropped has nothing beside "drop"',
      ],
      [
        `${head}callbacks:\n  - { on: push, delivery: { after: PT0S, delay: PT1S } }`,
        '4:29 "after" says when it is first sent, "delay" how much later than usual; only one of them holds',
      ],
      [
        `${head}callbacks:\n  - { on: push, delivery: { after: soon } }`,
        '4:36 "soon" is no ISO 8601 duration such as PT61M or P1M',
      ],
      [
        `${head}callbacks:\n  - { on: push, delivery: { drop: true } }\n  - { on: push, delivery: { delay: PT1S } }`,
        '5:11 line 4 says how "push" is delivered',
      ],
      // The shopper
      [
        `${head}shopper: pays`,
        '3:10 "shopper" must be a mapping, not the text "pays"; such as shopper: { result: denied }',
      ],
      [
        `${head}shopper: { payment_optoin: pay_now }`,
        '3:12 unknown key "payment_optoin" (did you mean "payment_option"?)',
      ],
      [
        `${head}shopper: { payment_option: pay_in_5 }`,
        '3:28 payment_option: given "pay_in_5", expected one of pay_now, pay_later, pay_in_3, pay_in_4, financing',
      ],
      [`${head}shopper: { invalid_fields: [1] }`, '3:29 invalid_fields[0]: given 1, expected a value of type string'],
      [
        `${head}shopper: { funding_source: { type: card, "a b": 1 } }`,
        '3:28 funding_source.a b: given 1, expected no such field',
      ],
      [`${head}shopper: { funding_source: {} }`, '3:28 funding_source.type: given nothing, expected a value'],
      [
        `${head}shopper: { payment_option: pay_later, funding_source: { type: none, reusable: false } }`,
        '3:79 funding_source.reusable: given false for none, expected it with card or direct_debit alone, since nothing else can be charged again',
      ],
      [
        `${head}shopper: { funding_source: { type: card, reusable: maybe } }`,
        '3:52 funding_source.reusable: given "maybe", expected a value of type boolean',
      ],
      [
        `${head}shopper: { payment_option: pay_in_4, funding_source: { type: none } }`,
        '3:54 funding_source: given none for pay_in_4, expected card or direct_debit',
      ],
      [
        `${head}shopper: { funding_source: { type: none } }`,
        '3:28 funding_source: given none for pay_now, expected card or direct_debit or bank_transfer',
      ],
    ];
    for (const [text, ...problems] of cases) t.matchLists(complaints(text), problems, text);
  },
);

t.test('an outcome that no call can reach is refused', async (t) => {
  const on = 'on: createOrder, error: REJECTED';
  const when = (amount: number) => `when: { order_amount: ${amount} }`;
  const cases: [outcomes: string[], unreachable: number[]][] = [
    [[on, on], [1]],
    [[`${on}, ${when(1)}`, on], []],
    [[on, `${on}, ${when(1)}`], [1]],
    [['on: createSession, fault: { reset: true }', on], []],
    [[`${on}, calls: 1`, `${on}, calls: 1`, `${on}, calls: 2`], [1]],
    [[`${on}, calls: "1..3"`, `${on}, calls: 4`, `${on}, calls: "2..4"`, `${on}, calls: "2..5"`], [2]],
    [[`${on}, calls: "3.."`, `${on}, calls: 2`, on, on], [3]],
    [
      [`${on}, calls: { every: 2 }`, `${on}, calls: { every: 4 }`, `${on}, calls: 6`, `${on}, calls: { every: 3 }`],
      [1, 2],
    ],
    [[`${on}, calls: { every: 2 }`, `${on}, calls: { every: 3 }`, `${on}, calls: "2..4"`, `${on}, calls: "2..5"`], [2]],
    [[`${on}, calls: "4.."`, `${on}, calls: { every: 3 }`, `${on}, calls: { every: 5 }`], [2]],
    [[`${on}, calls: "2.."`, `${on}, ${when(1)}`, `${on}, ${when(2)}, calls: 2`], [2]],
    [[`${on}, calls: { every: 2 }`, `${on}, ${when(1)}, calls: { every: 2 }`], []],
    [[`${on}, ${when(1)}`, `${on}, ${when(2)}`, `${on}, ${when(1)}, calls: 7`], [2]],
  ];
  for (const [outcomes, unreachable] of cases) {
    const found = complaints(`${head}outcomes:\n${outcomes.map((outcome) => `  - { ${outcome} }\n`).join('')}`);
    const operation = 'createOrder';
    t.strictSame(
      found,
      unreachable.map(
        (index) => `${index + 4}:5 no call can reach this outcome: those before it on ${operation} take them all`,
      ),
      outcomes.join(' | '),
    );
  }
});

t.test('the schema for editors knows what an outcome may say', async (t) => {
  const schema = JSON.parse(readFileSync('contracts/scenario.schema.json', 'utf8'));
  const validate = formats.default(new Ajv({ strict: false })).compile(schema);
  t.ok(validate(parse(complete)), JSON.stringify(validate.errors));
  for (const outcome of [
    'on: createOrder, error: PAYMENT_METHOD_FAILED',
    'on: createOrder, error: REJECTED, fault: { reset: true }',
    'on: readClock, error: NOT_FOUND',
    'on: readSession, when: { locale: sv-SE }, error: NOT_FOUND',
    'on: createOrder, calls: first, error: REJECTED',
  ]) {
    t.notOk(validate(parse(`${head}outcomes: [{ ${outcome} }]`)), outcome);
  }
});

t.test('a scenario is told in words', async (t) => {
  const address = Object.entries(samplePerson('SE').billing_address)
    .map(([key, value]) => `billing_address.${key} ${value}`)
    .join(', ');
  t.equal(
    describeScenario(readScenario(complete, 'boots.yaml')),
    `boots
  Boots
  evidence: reported (a report)
  alias: boots-1
  market: SE
  tags: declines
  merchant: M1
  shopper: pay_in_4 by card
  outcomes, of which the first that matches a call wins:
    1. call 1 of createCustomerTokenOrder with order_amount over 5000 and under 9000, order_lines[0].name Boots is refused with 403 PAYMENT_METHOD_FAILED
    2. call 2 of createOrder has its order's fraud check end REJECTED
    3. each call of createOrder has its order's fraud check end PENDING, and ACCEPTED after P1M
    4. each call of createCustomerToken with ${address}, locale $absent is done, and has its connection reset after 60500 ms
    5. each of calls 2 to 4 of createSession gets status 503
    6. every call number 3 of createSession gets status 429
    7. each call from number 7 of createSession is answered late after 2000 ms
    8. each call of readSession gets no answer
  callbacks:
    1. authorization: before the answer, twice, PT2S later, after the one that should follow, the receiver gives 500
    2. notification: never sent
  steps:
    1. the clock moves to 2026-03-01T09:00:00Z
    2. the shopper authorizes pay_in_4 by card
    3. the shopper authorizes pay_now, fix_required, ["email"] as partner: 200
    4. the shopper finalizes, 2 times
    5. the clock moves on by P1M
    6. What time is it: {"$oneOf":[200]}
    7. readClock`,
  );
  t.equal(
    describeScenario(
      readScenario(`${head}outcomes: [{ on: createOrder, when: { $oneOf: [1] }, error: REJECTED }]`, 'boots.yaml'),
    ),
    `boots
  Boots
  evidence: reported
  outcomes, of which the first that matches a call wins:
    1. each call of createOrder with oneOf [1] is refused with 403 REJECTED`,
  );
  t.match(
    describeScenario(readScenario(`${head}shopper: { funding_source: { type: direct_debit } }`, 'boots.yaml')),
    /^ {2}shopper: pay_now by direct_debit$/m,
  );
  t.match(
    describeScenario(readScenario(`${head}payment_method_categories: [pay_later, pay_now]`, 'boots.yaml')),
    /^ {2}payment method categories: pay_later, pay_now$/m,
  );
  t.equal(
    describeScenario(readScenario(`${head}needs: [standing-clock]\nsteps: []`, 'boots.yaml')),
    'boots\n  Boots\n  evidence: reported\n  needs: a standing clock',
  );
  t.equal(
    describeScenario(readScenario(`${head}steps: [{ shopper: authorize, session: a }]`, 'boots.yaml')),
    'boots\n  Boots\n  evidence: reported\n  steps:\n    1. the shopper authorizes',
  );
  for (const [fault, words] of [
    ['status: 502', 'gets status 502'],
    ['429: true', 'gets status 429'],
    ['timeout: true', 'gets no answer'],
    ['close: true', 'has its connection closed'],
    ['reset: true', 'has its connection reset'],
    ['garbage: true', 'gets bytes that are no answer'],
    ['truncate: true', 'gets half of the answer'],
    ['empty: true', 'gets an answer without a body'],
    ['delay: PT1S', 'is answered late after 1000 ms'],
    ['commit: true, empty: true', 'is done, and gets an answer without a body'],
  ]) {
    const { outcomes } = readScenario(`${head}outcomes: [{ on: createOrder, fault: { ${fault} } }]`, 'boots.yaml');
    t.strictSame(outcomes.map(describeOutcome), [`each call of createOrder ${words}`]);
  }
  const { callbacks } = readScenario(
    `${head}callbacks: [{ on: push, delivery: { after: P1D, status: 204 } }, { on: status_update, delivery: { delay: PT1S } }]`,
    'boots.yaml',
  );
  t.strictSame(callbacks.map(describeDelivery), [
    'push: first after P1D, the receiver gives 204',
    'status_update: PT1S later',
  ]);
  const acts = ['complete', 'fail', 'cancel', 'back'].map((act) => `{ shopper: ${act}, session: a }`);
  t.match(
    describeScenario(readScenario(`${head}shopper: { result: denied }\nsteps: [${acts}]`, 'boots.yaml')),
    `    1. the shopper pays on the hosted page denied
    2. the shopper is refused on the hosted page
    3. the shopper cancels on the hosted page
    4. the shopper goes back from the hosted page`,
  );
});
