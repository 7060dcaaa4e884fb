import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { parse } from 'yaml';
import { operations } from '../../src/contract/operations.js';
import { describeScenario } from '../../src/scenario/describe.js';
import { readScenarios } from '../../src/scenario/files.js';
import { didYouMean, ScenarioError } from '../../src/scenario/problem.js';
import { readScenario } from '../../src/scenario/read.js';
import { ScenarioRun } from '../../src/scenario/run.js';
import { scenarioName } from '../../src/scenario/scenario-file.js';
import { holds } from '../property.js';
import t from '../tap.js';

const head = 'title: Boots\nevidence: docs\n';

/** A scenario of the given steps, which begin on line 4. */
const withSteps = (steps: string, more = ''): string => `${head}${more}steps:\n${steps}`;

/** What reading a text complains about, each problem as `line:column message`. */
function complaints(text: string | Uint8Array): string[] {
  try {
    readScenario(text, 'boots.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^boots\.yaml:/, ''));
  }
}

t.test('a scenario is read with everything it says', async (t) => {
  const scenario = readScenario(
    `${head}source: a page
market: SE
tags: [boots]
merchant: M1
clock: 2026-03-01T09:00:00Z
steps:
  - title: Begin
    createSession: { headers: { X-A: 1 }, body: { order_amount: 1 } }
    expect: { status: 200, headers: { Content-Length: 12, X-On: true, X-Text: $string }, body: { session_id: $uuid } }
    keep: { session: $.body.session_id }
    as: partner
    times: 3
  - shopper: authorize
    session: \${session}
    with: { payment_option: pay_now }
  - { shopper: finalize, session: "\${session}" }
  - advance: P1M
  - readClock:
    expect:
`,
    'a/scenarios/theme/boots.yaml',
  );
  const { steps, variables, ...rest } = scenario;
  t.strictSame(rest, {
    name: 'theme/boots',
    path: 'a/scenarios/theme/boots.yaml',
    title: 'Boots',
    evidence: 'docs',
    source: 'a page',
    market: 'SE',
    tags: ['boots'],
    merchant: 'M1',
    needs: [],
    alias: undefined,
    categories: undefined,
    shopper: undefined,
    outcomes: [],
    callbacks: [],
  });
  t.match(variables, { person: { billing_address: { country: 'SE' }, customer: { type: 'person' } } });
  t.strictSame(
    steps.map(({ kind, operation, at }) => [kind, operation.name, at.line]),
    [
      ['clock', 'setClock', 7],
      ['operation', 'createSession', 9],
      ['shopper', 'authorizeSession', 15],
      ['shopper', 'finalizeSession', 18],
      ['clock', 'advanceClock', 19],
      ['operation', 'readClock', 20],
    ],
  );
  const [clock, create, authorize, finalize, advance, read] = steps;
  t.strictSame(clock?.request.body, { now: '2026-03-01T09:00:00Z' });
  t.match(create, { title: 'Begin', as: 'partner', times: 3, keep: { session: '$.body.session_id' } });
  t.strictSame(create?.request.body, {
    purchase_country: 'SE',
    purchase_currency: 'SEK',
    locale: 'sv-SE',
    order_amount: 1,
  });
  t.strictSame(
    create?.expect?.headers,
    { 'content-length': '12', 'x-on': 'true', 'x-text': '$string' },
    'headers are text',
  );
  t.match(authorize?.request, { path: { session_id: '${session}' }, body: { payment_option: 'pay_now' } });
  t.match(authorize?.request.body, { data: { billing_address: { country: 'SE' } } }, 'the sample person shops');
  t.strictSame(finalize?.request.body, {});
  t.strictSame(advance?.request.body, { by: 'P1M' });
  t.strictSame(read?.expect, {}, 'an empty expectation expects nothing');
  t.strictSame(read?.request, { path: {}, query: {}, headers: {}, body: undefined });
});

t.test('a step expects a payment method where it is about an order or a customer token', async (t) => {
  const method = 'expect: { payment_method: { type: invoice, number_of_days: 30 } }';
  const { steps } = readScenario(withSteps(`  - createOrder: { path: { authorizationToken: a } }\n    ${method}`), 'a');
  t.strictSame(steps[0]?.expect, { payment_method: { type: 'invoice', number_of_days: 30 } });
  for (const step of [
    'createCustomerToken: { path: { authorizationToken: a } }',
    'createCustomerTokenOrder: { path: { customerToken: a } }',
    'readCustomerToken: { path: { customerToken: a } }',
    'suspendCustomerToken: { path: { customerToken: a } }',
    'cancelOrder: { path: { order_id: a } }',
    'readHostedSession: { path: { session_id: a } }',
    'shopper: complete\n    session: a',
  ]) {
    t.strictSame(complaints(withSteps(`  - ${step}\n    ${method}`)), [], step);
  }
  for (const [step, line, name] of [
    ['createSession: { body: {} }', 5, 'createSession'],
    ['shopper: authorize\n    session: a', 6, 'authorizeSession'],
    ['advance: P1D', 5, 'advance'],
  ] as const) {
    t.strictSame(complaints(withSteps(`  - ${step}\n    ${method}`)), [
      `${line}:15 ${name} is about no order and no customer token, so it has no payment_method`,
    ]);
  }
  t.strictSame(complaints(withSteps(`  - createOdrer:\n    ${method}`)), [
    '4:5 unknown key "createOdrer" (did you mean "createOrder"?)',
  ]);
  t.strictSame(
    complaints(withSteps('  - createOrder: { path: { authorizationToken: a } }\n    expect: { paymnt_method: x }')),
    ['5:15 unknown key "paymnt_method" (did you mean "payment_method"?)'],
  );
  t.match(
    complaints(
      withSteps('  - createOrder: { path: { authorizationToken: a } }\n    keep: { a: $.payment_method.type }'),
    ).join(),
    'is no path into the answer',
  );
});

t.test('what the shopper does on the hosted page is a step like the others', async (t) => {
  const { steps } = readScenario(
    `title: A page
evidence: docs
market: SE
shopper: { payment_option: pay_later }
steps:
  - { shopper: complete, session: a, with: { result: denied } }
  - { shopper: fail, session: a }
  - { shopper: cancel, session: a }
  - { shopper: back, session: a }
`,
    'page.yaml',
  );
  t.strictSame(
    steps.map(({ kind, operation, request }) => [kind, operation.name, request.path]),
    ['complete', 'fail', 'cancel', 'back'].map((act) => ['shopper', `${act}HostedSession`, { session_id: 'a' }]),
  );
  const [complete, ...others] = steps;
  const sample = { billing_address: { country: 'SE' } };
  t.match(complete?.request.body, { payment_option: 'pay_later', result: 'denied', data: sample });
  t.strictSame(
    others.map(({ request }) => request.body),
    [undefined, undefined, undefined],
  );
});

t.test('a market fills only what a body leaves out and its operation has', async (t) => {
  const bodies = (market: string) =>
    readScenario(
      withSteps(
        `  - createSession: { body: { purchase_country: NO, locale: $absent } }
  - createSession:
  - createSession: { body: "{" }
  - createOrder: { path: { authorizationToken: a }, body: { locale: en-SE } }
  - advanceClock: { body: { by: PT1S } }
  - { shopper: authorize, session: a, with: { data: { billing_address: $absent } } }
  - { shopper: authorize, session: a, with: { data: text } }
  - { shopper: authorize, session: a }
`,
        market,
      ),
      'boots.yaml',
    ).steps.map(({ request }) => request.body);
  const filled = bodies('market: SE\n');
  t.strictSame(filled.slice(0, 5), [
    { purchase_country: 'NO', purchase_currency: 'SEK', locale: '$absent' },
    undefined,
    '{',
    { purchase_country: 'SE', purchase_currency: 'SEK', locale: 'en-SE' },
    { by: 'PT1S' },
  ]);
  t.match(filled[5], { data: { billing_address: '$absent', customer: { type: 'person' } } });
  t.strictSame(filled[6], { data: 'text' });
  t.match(filled[7], { data: { billing_address: { country: 'SE' } } });
  t.strictSame(bodies('')[0], { purchase_country: 'NO', locale: '$absent' });
  t.strictSame(bodies('')[7], {});
});

t.test('anchors, aliases and merge keys work, and JSON is YAML', async (t) => {
  const text = withSteps(`  - createSession: &call { body: &body { order_amount: 1, intent: buy } }
  - createSession: *call
  - createSession: { body: { <<: *body, intent: tokenize } }
  - createSession: { body: { <<: [*body, { locale: sv-SE, intent: x }], 1: one, "__proto__": { a: 1 } } }
`);
  const bodies = readScenario(text, 'boots.yaml').steps.map(({ request }) => JSON.stringify(request.body));
  t.strictSame(bodies, [
    '{"order_amount":1,"intent":"buy"}',
    '{"order_amount":1,"intent":"buy"}',
    '{"intent":"tokenize","order_amount":1}',
    '{"1":"one","__proto__":{"a":1},"order_amount":1,"intent":"buy","locale":"sv-SE"}',
  ]);
  const json = '{\n\t"title": "Boots",\n\t"evidence": "docs",\n\t"steps": [{\n\t\t"advance": "PT1S"\n\t}]\n}\n';
  t.equal(readScenario(json, 'boots.json').steps.length, 1);
});

t.test('a mistake is told with line, column and the nearest right word', async (t) => {
  const cases: [text: string, ...problems: string[]][] = [
    ['', '1:1 the file is empty'],
    ['[]', '1:1 "the file" must be a mapping, not a list; leave the dash out'],
    ['steps:\n  - advance: PT1S', '1:1 "title" is missing'],
    [head, '1:1 a scenario needs one of steps, outcomes, callbacks, shopper, payment_method_categories'],
    [`${head}tytle: x\nsteps: []`, '3:1 unknown key "tytle" (did you mean "title"?)'],
    [
      withSteps('', 'alias: Boots\n'),
      '3:8 "alias" is at most 20 of a-z, 0-9 and -, not "Boots"',
      '4:7 "steps" must be a list, not empty; begin each of its items with a dash and a space',
    ],
    [
      `title: 1\nevidence: record\nmarket: SW\ntags: a\nsteps: {}`,
      '1:8 "title" must be text, not 1; write "1"',
      '2:11 "evidence" is one of recorded, spec, docs, reported, inferred, not "record" (did you mean "recorded"?)',
      '4:7 "tags" must be a list, not the text "a"; write [a]',
      '5:8 "steps" must be a list, not a mapping; begin each of its items with a dash and a space',
    ],
    [withSteps('  - advance: PT1S', 'clock: tomorrow\n'), '3:8 "tomorrow" is no instant such as 2026-03-01T09:00:00Z'],
    [
      withSteps('  - advance: PT1S', 'needs: [standing-clok]\n'),
      '3:9 needs[0] is one of standing-clock, not "standing-clok" (did you mean "standing-clock"?)',
    ],
    [
      withSteps('  - advance: PT1S', 'merchant: "a:b"\n'),
      '3:11 "merchant" is a user name, which has no colon, not "a:b"',
    ],
    ...['P', 'PT', '-P1D', 'soon'].map((duration): [string, string] => [
      withSteps(`  - advance: ${duration}`),
      `4:14 "${duration}" is no ISO 8601 duration such as PT61M or P1M`,
    ]),
    [withSteps('  - createSesion: { body: {} }'), '4:5 unknown key "createSesion" (did you mean "createSession"?)'],
    [withSteps('  - title: x'), '4:5 a step needs the name of an operation, shopper or advance'],
    [withSteps('  - x'), '4:5 steps[0] must be a mapping, not the text "x"'],
    [
      withSteps('  - readClock:\n    keep: { clock1: [] }'),
      '5:21 "clock1" must be text, not a list',
      '5:21 [] is no path into the answer, such as $.body.session_id',
    ],
    [
      withSteps('  - readClock:\n    advance: PT1S\n    times: a'),
      '4:5 a step is one request, not several: readClock, advance; begin each with a dash',
      '6:12 "times" must be a whole number, not the text "a"',
    ],
    [withSteps('  - readClock:\n    expct: {}'), '5:5 unknown key "expct" (did you mean "expect"?)'],
    [withSteps('  - readClock: { bdy: 1 }'), '4:18 unknown key "bdy" (did you mean "body"?)'],
    [withSteps('  - readClock:\n    qqqqqqqqqq: 1'), '5:5 unknown key "qqqqqqqqqq"'],
    [
      withSteps('  - readSession: { path: { sesion_id: a } }'),
      '4:28 unknown key "sesion_id" (did you mean "session_id"?)',
    ],
    [withSteps('  - readSession: {}'), '4:18 "path" is missing'],
    [
      withSteps('  - readSession:'),
      '4:17 "readSession" must be a mapping, not empty; such as readSession: { path: { session_id: "${session_id}" } }',
    ],
    [
      withSteps('  - shopper: authorise\n    session: x'),
      '4:14 "shopper" is one of authorize, finalize, complete, fail, cancel, back, not "authorise" (did you mean "authorize"?)',
    ],
    [
      withSteps('  - shopper: cancel\n    session: a\n    with: { result: denied }'),
      '6:5 the shopper who does "cancel" has nothing "with" it',
    ],
    [
      withSteps('  - shopper: cancle\n    session: a\n    with: { result: denied }'),
      '4:14 "shopper" is one of authorize, finalize, complete, fail, cancel, back, not "cancle" (did you mean "cancel"?)',
    ],
    [withSteps('  - shopper: authorize'), '4:5 "shopper" needs "session" beside it'],
    [withSteps('  - readClock:\n    with: {}'), '4:5 "with" needs "shopper" beside it'],
    [
      withSteps('  - shopper: authorize\n    session: a\n    with: { payment_optoin: x }'),
      '6:13 unknown key "payment_optoin" (did you mean "payment_option"?)',
    ],
    [
      withSteps('  - readClock:\n    keep: { "a b": $.status }'),
      '5:13 "a b" is no name of letters, digits and _, such as session',
    ],
  ];
  for (const [text, ...problems] of cases) {
    const found = complaints(text).filter((line) => !line.includes('"market"'));
    t.strictSame(found, problems, JSON.stringify(text));
  }
  const [market] = complaints(withSteps('  - readClock:', 'market: SW\n'));
  t.match(market, /^3:9 "market" is one of AU, AT, .*, US, not "SW" \(did you mean "\w\w"\?\)$/);
});

t.test('matchers, variables, generated values and paths are checked', async (t) => {
  const cases: [steps: string, ...problems: string[]][] = [
    ['  - readClock:\n    expect: { body: { now: $uid } }', '5:28 unknown matcher $uid (did you mean "$uuid"?)'],
    ['  - readClock:\n    expect: { status: [$zzzzzzzzz] }', '5:24 unknown matcher $zzzzzzzzz'],
    [
      '  - readClock:\n    expect: { status: { $oneof: [200] } }',
      '5:25 unknown matcher $oneof (did you mean "$oneOf"?)',
    ],
    ['  - readClock:\n    expect: { status: { $oneOf: 200 } }', '5:33 $oneOf takes a list'],
    ['  - readClock:\n    expect: { status: { $set: 200 } }', '5:31 $set takes a list'],
    [
      `  - readClock:\n    expect: { status: { $set: [${'1,'.repeat(101)}] } }`,
      '5:31 $set takes a list of at most 100',
    ],
    ['  - readClock:\n    expect: { status: { $over: a } }', '5:32 $over takes a number'],
    [
      '  - readClock:\n    expect: { status: { $match: 1 } }',
      '5:33 $match takes a regular expression, or a list of them',
    ],
    [
      '  - readClock:\n    expect: { status: { $over: 1, b: 2 } }',
      '5:25 $over stands beside fields; a matcher takes the place of the whole value',
    ],
    [
      '  - createSession: { body: { a: $uuid } }',
      '4:33 a request has no matchers such as $uuid, only $newUuid, $absent; $$ is a literal $',
    ],
    [
      '  - createSession: { body: [{ $over: 1 }] }',
      '4:31 a request has no matchers such as $over, only $newUuid, $absent; $$ is a literal $',
    ],
    [
      '  - readSession: { path: { session_id: "${sesion}" } }\n    keep: { session: $.body.session_id }\n  - readSession: { path: { session_id: "${sesion.x}" } }',
      '4:40 no step before this one keeps "sesion"',
      '6:40 no step before this one keeps "sesion" (did you mean "session"?)',
    ],
    ['  - readClock:\n    expect: { body: "a ${b c}" }', '5:21 ${b c} is no variable'],
    ['  - createSession: { body: "${person.customer}" }', '4:28 ${person.customer} needs a market'],
    [
      '  - createSession: { body: "${merchants.partnr} ${merchant}" }\n    as: partner',
      '4:28 no step acts as "partnr" (did you mean "partner"?)',
    ],
    [
      '  - readClock:\n    keep: { a: body.now }\n  - setClock: { body: "${a}" }',
      '5:16 "body.now" is no path into the answer, such as $.body.session_id (did you mean "$.body.now"?)',
    ],
    [
      '  - readClock:\n    keep: { a: $.bdy.now }\n  - setClock: { body: "${a}" }',
      '5:16 "$.bdy.now" is no path into the answer, such as $.body.session_id (did you mean "$.body.now"?)',
    ],
    [
      '  - readClock:\n    keep: { a: "$.body[" , person: $.body }\n  - setClock: { body: ["x ${a.b}"] }',
      '5:16 "$.body[" is no path into the answer, such as $.body.session_id',
      '5:28 "person" is a variable that every scenario has',
    ],
  ];
  for (const [steps, ...problems] of cases) t.strictSame(complaints(withSteps(steps)), problems, steps);
  const [regex] = complaints(withSteps('  - readClock:\n    expect: { body: { $match: "(" } }'));
  t.match(regex, /^5:31 \$match takes a regular expression of RE2 \(.+\)$/);
});

t.test('all that is well-formed passes', async (t) => {
  const text = withSteps(
    `  - title: costs $5
    createSession: { headers: { K: $newUuid }, body: { a: $absent, b: [$$x, "\${person.customer}", "5 $"], $$over: 1 } }
    keep: { a: $.status, b: $.headers.Location, c: "$.body.lines[0][\\"x y\\"]", d: $.body }
    as: partner
    expect: { status: { $oneOf: [200, 201] }, body: { $$a: "$$ \${merchant}", b: { $over: "\${person.x}", $under: 7 }, c: { $match: "^$" } } }
  - shareCustomerToken: { path: { customerToken: "\${d.token_id}" }, body: { with: "\${merchants.partner}" } }
    expect: { body: { a: "\${a}", b: ["\${b}"], c: { $oneOf: ["\${c}"] } } }
`,
    'market: SE\n',
  );
  t.strictSame(complaints(text), []);
});

t.test('what YAML refuses is told at its place', async (t) => {
  const cases: [string, RegExp][] = [
    ['title: "x', /^1:8 the text that begins with " here never ends$/],
    ['a: 1\na: 2', /^2:1 the key "a" stands here twice, first in line 1$/],
    ['1: a\n"1": b', /^2:1 the key "1" stands here twice, first in line 1$/],
    ['"1": a\n1: b', /^2:1 the key 1 stands here twice, first in line 1$/],
    ['a: { __proto__: 1, __proto__: 2 }', /^1:20 the key "__proto__" stands here twice, first in line 1$/],
    ['a: { <<: { b: 1 }, b: 2, <<: { b: 3 }, b: 4 }', /^1:40 the key "b" stands here twice, first in line 1$/],
    ['a: *nobody', /^1:4 no anchor &nobody stands before this alias$/],
    ['a: !regexp x', /^1:4 a text that begins with ! needs quotes$/],
    ['a: 1\n---\nb: 2', /^2:1 a second document begins/],
    ['? [1]\n: 2', /^1:3 a key must be plain text$/],
    ['a: .inf', /^1:4 a number must be finite$/],
    ['a: { <<: 1 }', /^1:6 only a mapping can be merged in with <<$/],
    ['a: &x [*x]', /^1:7 an alias stands inside its own anchor$/],
    ['a: &x { b: [{ c: *x }] }', /^1:7 an alias stands inside its own anchor$/],
    [`a: ${'['.repeat(150)}${']'.repeat(150)}`, /^1:104 values are nested more than 100 deep$/],
  ];
  for (const [text, problem] of cases) t.match(complaints(text)[0], problem, text.slice(0, 30));
});

t.test('of many mistakes the first are told, and of many words none is read', async (t) => {
  const found = complaints(withSteps('  - readClok:\n'.repeat(200)));
  t.equal(found.length, 51);
  t.equal(found.at(-1), '1:1 and 150 more mistakes');
  t.strictSame(complaints('- a\n'.repeat(100_000)), ['1:1 the file holds more than 250000 words and signs']);
});

t.test('of very many mistakes a thousand of each kind are looked for, in little time', async (t) => {
  const many = (of: (at: number) => string) => Array.from({ length: 20_000 }, (_, at) => of(at)).join(', ');
  for (const [what, file] of [
    [
      'unknown keys',
      `title: A\nevidence: inferred\nsteps: []\n${'x'.repeat(300)}: 1\nshopper: { ${many((at) => `x${at}: 1`)} }`,
    ],
    ['unknown matchers', withSteps(`  - readClock:\n    expect: { body: [${many((at) => `$matcher${at}`)}] }`)],
    ['unknown variables', withSteps(`  - setClock: { body: [${many((at) => `"\${v${at}}"`)}] }`)],
    ['unknown needs', `title: A\nevidence: inferred\nsteps: []\nneeds: [${many((at) => `n${at}`)}]`],
  ] as const) {
    const found = complaints(file);
    t.equal(found.length, 51, what);
    const [, more] = /^1:1 and (\d+) more mistakes$/.exec(found.at(-1) as string) ?? [];
    t.ok(Number(more) > 40 && Number(more) <= 1_960, `${what}: ${more} more`);
  }
});

t.test('what is nested so deep that the parser would run out of stack is refused', async (t) => {
  const stairs = Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
  for (const text of [stairs, ...['[', '{a: ', '- ', '? ', 'a: ', '[? ', '\r\n['].map((unit) => unit.repeat(20_000))]) {
    t.strictSame(complaints(text), ['1:1 the file is nested too deep to be read'], text.slice(0, 10));
  }
  const flat = `${'  - createSession: { body: { a: [{ b: 1 }, { c: 2 }] } }\n'.repeat(300)}  - ]\n`;
  t.matchLists(complaints(withSteps(flat)), [/a \] too many/], 'what is long is not deep');
  const words = `  - createSession: { body: { a: "${'word '.repeat(3_000)}" } }\n    title: ${'word '.repeat(3_000)}\n  - ]\n`;
  t.notMatch(complaints(withSteps(words)).join(), /too deep/, 'nor is a line of many words');
});

t.test('aliases that explode are refused', async (t) => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? '"lol"' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array(9).fill(inner).join(', ')}]`;
  });
  const found = complaints(levels.join('\n'));
  t.equal(found.length, 1);
  t.match(found[0], /^\d+:\d+ more than 100000 values once the aliases are put in$/);
});

t.test('a file that is too large or not UTF-8 is refused in one line', async (t) => {
  t.strictSame(complaints(' '.repeat(1024 * 1024 + 1)), ['1:1 the file holds more than 1 MB (1048577 bytes)']);
  t.strictSame(complaints(new Uint8Array(2 * 1024 * 1024)), ['1:1 the file holds more than 1 MB (2097152 bytes)']);
  t.strictSame(complaints(Uint8Array.of(0x74, 0xff, 0xfe)), ['1:1 the file is not UTF-8']);
  t.strictSame(complaints(new TextEncoder().encode(withSteps('  - readClock:'))), []);
});

t.test('reading any text throws nothing but a list of problems', async (t) => {
  const piece = fc.constantFrom(
    'title',
    'steps',
    'createSession',
    'expect',
    'keep',
    'body',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '<<',
    '!x ',
    '"',
    '${',
    '$uuid',
    '$.body',
    ',',
    '1',
    '#',
    '|',
    '? ',
    '\t',
    '\u{10ffff}',
    '\0',
  );
  const yaml = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
  const near = fc.json().map((json) => withSteps(`  - ${json}`));
  const step = fc
    .dictionary(
      fc.constantFrom('createSession', 'shopper', 'session', 'with', 'expect', 'keep', 'as', 'times', 'advance'),
      fc.jsonValue(),
    )
    .map((value) => withSteps(`  - ${JSON.stringify(value)}`));
  holds(
    t,
    fc.property(fc.oneof(fc.string(), yaml, near, step), (text) => {
      for (const problem of complaints(text)) if (!/^\d+:\d+ \S/.test(problem)) return false;
      return true;
    }),
    { numRuns: 500 },
  );
});

t.test('a scenario is named by its path', async (t) => {
  t.equal(scenarioName('scenarios/a/b.yaml'), 'a/b');
  t.equal(scenarioName('/x/scenarios/y/scenarios/a.yml', '/x'), 'a');
  t.equal(scenarioName('contracts/cases/payments/a.json', 'contracts/cases'), 'payments/a');
  t.equal(scenarioName('contracts\\cases\\a.yaml', 'contracts\\cases\\'), 'a');
  t.equal(scenarioName('../other/a.yaml'), 'a');
  t.equal(scenarioName('other/a.yaml', 'cases'), 'a');
  t.equal(didYouMean('abc', []), '');
});

t.test('the nearest word is offered as long as two signs, or a third of them, are other ones', async (t) => {
  for (const [given, word, near] of [
    ['abcdefghi', 'abcdefxyz', true],
    ['abcdefghi', 'abcdewxyz', false],
    ['abcdefgh', 'abcdefyz', true],
    ['abcdefgh', 'abcdexyz', false],
    ['abc', 'axy', true],
    ['abc', 'xyz', false],
  ] as const) {
    t.equal(didYouMean(given, ['something else', word]), near ? ` (did you mean "${word}"?)` : '', `${given} ${word}`);
  }
  t.equal(didYouMean('abcd', ['abxy', 'abcx']), ' (did you mean "abcx"?)', 'the nearest');
});

t.test('files and folders are read in order, and all their problems told together', async (t) => {
  const folder = t.testdir({
    cases: {
      'b.yaml': withSteps('  - readClock:'),
      'a.JSON': JSON.stringify({ title: 'A', evidence: 'docs', steps: [{ readClock: null }] }),
      'notes.txt': 'not a scenario',
      deeper: { 'c.yml': withSteps('  - readClock:') },
    },
    bad: { 'a.yaml': 'x: 1\nsteps: []', 'b.yaml': withSteps('  - x:'), 'c.yaml': 'x: 1' },
    'large.yaml': ' '.repeat(1024 * 1024 + 1),
  });
  const names = (await readScenarios([join(folder, 'cases'), join(folder, 'cases/b.yaml')])).map(({ name }) => name);
  t.strictSame(names, ['a', 'b', 'deeper/c', 'b']);
  const paths = ['bad', 'none', 'large.yaml'].map((path) => join(folder, path));
  const error = await readScenarios(paths).then(
    () => t.fail('must not be read'),
    (error: unknown) => error,
  );
  t.ok(error instanceof ScenarioError);
  const lines = (error as ScenarioError).message.replaceAll(`${folder}/`, '').split('\n');
  t.strictSame(lines, [
    'bad/a.yaml:1:1 "title" is missing',
    'bad/a.yaml:1:1 unknown key "x"',
    'bad/b.yaml:4:5 unknown key "x" (did you mean "as"?)',
    'none:1:1 no such file or folder',
    'large.yaml:1:1 the file holds more than 1 MB (1048577 bytes)',
  ]);

  mkdirSync(join(folder, 'odd.yaml'));
  writeFileSync(join(folder, 'odd.yaml/c.yaml'), withSteps('  - readClock:'));
  await t.rejects(readScenarios([join(folder, 'large.yaml/x')]), { message: /cannot be read \(ENOTDIR\)/ });
  t.equal((await readScenarios([join(folder, 'odd.yaml')])).length, 1, 'a folder may have a file’s name');
});

t.test('a mistake in the program is not taken for one in a file', async (t) => {
  const broken = { [Symbol.iterator]: () => [{}][Symbol.iterator]() } as unknown as string[];
  await t.rejects(readScenarios(broken), TypeError);
});

t.test('an error of its own is no mistake of the file', async (t) => {
  const { readScenario: broken } = await t.mockImport<typeof import('../../src/scenario/read.js')>(
    import.meta.resolve('../../src/scenario/read.js'),
    {
      [import.meta.resolve('../../src/scenario/structure.js')]: {
        checkStructure: () => {
          throw new TypeError('broken');
        },
      },
    },
  );
  t.throws(() => broken('title: Boots', 'a.yaml'), TypeError);
});

t.test('the schema for editors is up to date and accepts what the reader accepts', async (t) => {
  execFileSync(process.execPath, ['scripts/generate-scenario-schema.js', '--check']);
  const schema = JSON.parse(readFileSync('contracts/scenario.schema.json', 'utf8'));
  const keys = Object.keys(schema.$defs.step.properties);
  // No step can wait for the end of a stream.
  for (const name of operations.keys()) t.equal(keys.includes(name), name !== 'followEvents', name);
  const { description } = schema.$defs.sent_order_line.properties.name;
  t.type(description, 'string', 'an editor explains the fields of a body');
  const validate = formats.default(new Ajv({ strict: false })).compile(schema);
  t.ok(validate(parse(readFileSync('scenarios/mixed-payments/subscription.yaml', 'utf8'))));
  t.notOk(validate(parse(withSteps('  - readClok:'))));
  t.notOk(validate(parse(withSteps('  - title: nothing else'))));
});
t.test('a scenario may say which payment method categories new sessions have, and nothing else', async (t) => {
  const text = 'title: Two ways\nevidence: inferred\npayment_method_categories: [pay_later, pay_now]';
  const scenario = readScenario(text, 'two.yaml');
  t.strictSame(scenario.categories, ['pay_later', 'pay_now']);
  t.match(describeScenario(scenario), '  payment method categories: pay_later, pay_now');
  const run = ScenarioRun.restore(JSON.parse(JSON.stringify(new ScenarioRun(scenario).state)));
  t.strictSame(run.categories, ['pay_later', 'pay_now'], 'a saved run has them still');
});
