import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { replay } from '../../src/cli/replay.js';
import { uuids } from '../../src/exchange/uuids.js';
import { Merchants } from '../../src/replay/merchants.js';
import { narrateNext, narrateOutcome, narrateScenario, narrateStep } from '../../src/replay/narrate.js';
import { type ReplayOptions, replayScenario } from '../../src/replay/play.js';
import { renderVerdict } from '../../src/replay/report.js';
import type { ScenarioResult } from '../../src/replay/result.js';
import { shorten } from '../../src/report/text.js';
import { readScenario } from '../../src/scenario/read.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';

const head = 'title: Boots\nevidence: docs\n';

/** A server that answers as it is told and remembers what it was asked. */
async function stub(t: Test, answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const asked: {
    method: string | undefined;
    url: string | undefined;
    headers: IncomingMessage['headers'];
    body: string;
  }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(request, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

/** Plays steps as the merchant `M`. */
function play(url: string, steps: string, options?: ReplayOptions, more = ''): Promise<ScenarioResult> {
  const scenario = readScenario(`${head}${more}steps:\n${steps}`, 'boots.yaml');
  return replayScenario(scenario, { url, username: 'M', password: 'p' }, options);
}

t.test('a step is sent as the file says it', async (t) => {
  const { asked, url } = await stub(t, (_, response, count) => {
    response.setHeader('Location', '/next');
    json(response, 200, { id: 7, order: { lines: [{ name: 'a $uuid' }] }, count });
  });
  const result = await play(
    url,
    `  - createSession: { body: { name: "\${person.billing_address.city}", gone: $absent, list: [$absent, 1], $$k: $$5 } }
    keep: { id: $.body.id, order: $.body.order, status: $.status, where: $.headers.Location }
  - readSession: { path: { session_id: "a/\${id} b" }, query: { limit: 5, name: "å&", off: $absent }, headers: { X-Id: "\${id}", X-All: "\${order}" } }
    expect: { body: { order: { lines: "\${order.lines}" }, count: 2, id: { $oneOf: ["\${id}"] } } }
  - createSession: { headers: { authorization: $absent, content-type: text/plain }, body: "{" }
  - cancelAuthorization: { path: { authorizationToken: $absent } }
    as: partner
  - createSession: { body: { merchant: "\${merchant}", with: "\${merchants.partner}", text: "\${order} \${where} \${status}" } }
  - readHealth:
    expect: { headers: { LOCATION: { $match: "^/n" } } }
`,
    {},
    'market: SE\n',
  );
  t.equal(result.passed, true, renderVerdict(result));
  const basic = (name: string) => `Basic ${Buffer.from(`${name}:p`).toString('base64')}`;
  const [create, read, malformed, cancel, built, health] = asked;
  t.match(create, {
    method: 'POST',
    url: '/payments/v1/sessions',
    headers: { authorization: basic('M'), 'content-type': 'application/json' },
  });
  t.strictSame(JSON.parse(create?.body ?? ''), {
    purchase_country: 'SE',
    purchase_currency: 'SEK',
    locale: 'sv-SE',
    name: 'Stockholm',
    list: [1],
    $k: '$5',
  });
  t.match(read, {
    method: 'GET',
    url: '/payments/v1/sessions/a%2F7%20b?limit=5&name=%C3%A5%26',
    headers: { 'x-id': '7', 'x-all': '{"lines":[{"name":"a $uuid"}]}', 'content-type': undefined },
  });
  t.match(malformed, { body: '{', headers: { authorization: undefined, 'content-type': 'text/plain' } });
  t.match(cancel, {
    method: 'DELETE',
    url: '/payments/v1/authorizations/',
    headers: { authorization: basic('M.partner') },
  });
  t.match(JSON.parse(built?.body ?? ''), {
    merchant: 'M',
    with: 'M.partner',
    text: '{"lines":[{"name":"a $uuid"}]} /next 200',
  });
  t.equal(health?.headers.authorization, undefined, 'what needs no credentials gets none');
});

t.test('every way in which an answer differs is named, and nothing is played after it', async (t) => {
  const { asked, url } = await stub(t, (_, response) => {
    response.setHeader('Mock-Klarna-Explain', 'order-total: given 1, expected 2');
    json(response, 400, { error_code: 'BAD_VALUE', error_messages: ['Bad value: order_amount'] });
  });
  const steps = `  - title: The shop asks
    createSession: { body: {} }
    expect:
      body: { session_id: $uuid, error_messages: [x, y] }
      status: 200
    keep: { a: $.body.nothing }
  - readHealth: { headers: { X-A: "\${a}" } }
`;
  const result = await play(url, steps);
  t.equal(result.passed, false);
  t.equal(asked.length, 1);
  t.equal(
    renderVerdict(result),
    `FAIL boots  step 1 of 2: The shop asks
     boots.yaml:7 createSession
       $.body.session_id  expected "$uuid", got nothing
       $.body.error_messages.length  expected 2, got 1
       $.status  expected 200, got 400
       answered 400 {"error_code":"BAD_VALUE","error_messages":["Bad value: order_amount"]}  (order-total: given 1, expected 2)`,
  );
});

t.test('without an expectation any success will do and nothing else', async (t) => {
  const { url } = await stub(t, (request, response) => response.writeHead(Number(request.headers['x-status'])).end());
  const status = (code: number, expect = '') =>
    play(url, `  - readHealth: { headers: { X-Status: ${code} } }\n${expect}`);
  for (const code of [200, 204, 299]) t.equal((await status(code)).passed, true, String(code));
  for (const code of [300, 302, 404, 500]) {
    const result = await status(code);
    t.match(renderVerdict(result), new RegExp(`answered ${code}$`));
    t.strictSame(result.steps[0]?.mismatches, [{ path: '$.status', expected: '2xx', got: code, line: 4 }]);
  }
  t.equal((await status(500, '    expect: {}\n')).passed, true, 'an empty expectation expects nothing');
  t.equal(
    (await status(302, '    expect: { status: 302, body: $absent }\n')).passed,
    true,
    'a redirect is not followed',
  );
});

t.test('what is to be kept must be there', async (t) => {
  const { url } = await stub(t, (_, response) => response.end('plain text'));
  const missing = await play(
    url,
    '  - readHealth:\n    keep: { a: $.body.id }\n  - readHealth: { headers: { X-A: "${a}" } }\n',
  );
  t.strictSame(missing.steps[0]?.mismatches, [{ path: '$.body.id', expected: '$any', got: undefined, line: 5 }]);
  const inside = await play(
    url,
    '  - readHealth:\n    keep: { a: $.body }\n  - readSession: { path: { session_id: "${a.id}" } }\n',
  );
  t.match(renderVerdict(inside), /boots\.yaml:6 readSession\n {7}\$\{a\.id\} is nothing$/);
  t.match(narrateStep(inside.steps[1] as never), /2\. readSession\n {5}\$\{a\.id\} is nothing\n$/);
  const expected = await play(
    url,
    '  - readHealth:\n    keep: { a: $.body }\n    times: 1\n  - readHealth:\n    expect: { body: "x ${a[0]}" }\n',
  );
  t.equal(expected.steps[1]?.trouble, '${a[0]} is nothing');
});

t.test('a request is repeated as the same request until an answer differs', async (t) => {
  const { asked, url } = await stub(t, (_, response, count) => json(response, count < 3 ? 200 : 500, {}));
  const step = (times: number) => `  - createSession: { headers: { K: $newUuid }, body: {} }\n    times: ${times}\n`;
  t.equal((await play(url, step(2))).passed, true);
  t.equal((await play(url, step(5))).passed, false);
  t.equal(asked.length, 3);
  t.equal(asked[0]?.headers.k, asked[1]?.headers.k);
  t.not(asked[0]?.headers.k, asked[2]?.headers.k);
});

t.test('generated values repeat with a seed and with nothing else', async (t) => {
  const { asked, url } = await stub(t, (_, response) => json(response, 200, {}));
  const steps = '  - createSession: { body: { a: $newUuid, b: [$newUuid] } }\n';
  for (const seed of ['one', 'one', 'two', undefined, undefined]) await play(url, steps, { seed });
  const [first, again, ...others] = asked.map(({ body }) => body);
  t.equal(first, again);
  t.equal(new Set([first, ...others]).size, 4);
  const scenario = readScenario(`${head}steps:\n${steps}`, 'boots.yaml');
  for (const username of ['M', 'N']) await replayScenario(scenario, { url, username, password: 'p' }, { seed: 'one' });
  const [same, other] = asked.slice(5).map(({ body }) => body);
  t.equal(same, first);
  t.not(other, first, 'each merchant has its own');
  const next = uuids('one');
  t.matchLists(
    [next(), next()],
    [/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/, /^[\da-f-]{36}$/],
  );
});

t.test('each time a step is sent it is waited for before, and its answer heard', async (t) => {
  const happened: string[] = [];
  const { url } = await stub(t, (_, response, count) => {
    happened.push(`asked ${count}`);
    json(response, 200, { count });
  });
  const result = await play(url, '  - readHealth:\n    times: 2\n  - readClock:\n', {
    async before() {
      await new Promise(setImmediate);
      happened.push('before');
    },
    onAnswer({ scenario, step, number, request, answer }) {
      const { count } = answer.body as { count: number };
      happened.push(`${scenario.name} ${number} ${step.operation.name} ${request.method} ${answer.status} ${count}`);
    },
  });
  t.equal(result.passed, true);
  t.strictSame(happened, [
    'before',
    'asked 1',
    'boots 1 readHealth GET 200 1',
    'before',
    'asked 2',
    'boots 1 readHealth GET 200 2',
    'before',
    'asked 3',
    'boots 2 readClock GET 200 3',
  ]);
});

t.test('what is to be kept of an answer that is not to come is missed', async (t) => {
  const { url } = await stub(t, (request) => request.socket.destroy());
  const steps = `  - createSession: { body: {} }
    expect: { status: $absent }
    keep: { a: $.body.session_id }
  - readSession: { path: { session_id: "\${a}" } }
`;
  const result = await play(url, steps);
  t.equal(result.steps.length, 1);
  t.equal(result.steps[0]?.trouble, 'socket hang up');
});

t.test('an answer that does not come is trouble, told in one line', async (t) => {
  const { url } = await stub(t, (request) => request.socket.destroy());
  const result = await play(url, '  - readHealth:\n');
  t.match(renderVerdict(result), /^FAIL boots {2}step 1 of 1\n {5}boots\.yaml:4 readHealth\n {7}socket hang up$/);
  t.match(narrateStep(result.steps[0] as never), /readHealth {2}GET \/sandbox\/v1\/health\n {5}socket hang up/);
});

t.test('each step is told for a person to read', async (t) => {
  const tokens = [
    { payment_method_type: 'PAY_BY_CARD', card: { brand: 'VISA', masked_number: '****1111' } },
    { payment_method_type: 'DIRECT_DEBIT', direct_debit: { masked_number: '****0131' } },
    { payment_method_type: 'INVOICE' },
    { payment_method_type: 'FIXED_SUM_CREDIT' },
  ];
  const { url } = await stub(t, (request, response) => {
    if (request.url?.includes('/tokens/')) json(response, 200, tokens.shift());
    else if (request.method === 'DELETE') response.writeHead(204).end();
    else if (request.url?.includes('finalize')) response.end('long '.repeat(100));
    else json(response, 200, { id: 'x'.repeat(200), list: ['y'.repeat(60), 'z'.repeat(70)] });
  });
  const read = '  - readCustomerToken: { path: { customerToken: a } }\n';
  const told: string[] = [];
  await play(
    url,
    `${read.repeat(4)}  - { title: The end, shopper: authorize, session: a }
  - { shopper: authorize, session: a, with: { payment_option: financing, funding_source: { type: card }, result: denied } }
  - { shopper: authorize, session: a }
  - { shopper: finalize, session: a }
  - advance: P1M
  - cancelAuthorization: { path: { authorizationToken: a } }
`,
    { onStep: (step) => told.push(narrateStep(step)) },
    'clock: 2026-03-01T09:00:00Z\n',
  );
  t.match(
    told[0],
    /^ {2}1\. the clock moves to 2026-03-01T09:00:00Z\n {5}setClock {2}PUT \/sandbox\/v1\/clock\n {5}200\n/,
  );
  t.match(told[0], / {7}id {4}x{40}…\(200 characters\)\n {7}list {2}\["y{60}","z+…\n$/);
  t.match(told[1], /tokenized: Pay Now by the card VISA \*{4}1111 \(PAY_BY_CARD\)\n$/);
  t.match(told[2], /tokenized: Pay Now by direct debit from \*{4}0131 \(DIRECT_DEBIT\)\n$/);
  t.match(told[3], /tokenized: Pay Later in 30 days \(INVOICE\)\n$/);
  t.match(told[4], /tokenized: FIXED_SUM_CREDIT\n$/);
  t.match(told[5], /^ {2}6\. The end\n/);
  t.match(told[6], /^ {2}7\. the shopper authorizes: financing, card, denied\n/);
  t.match(told[7], /^ {2}8\. the shopper authorizes\n/);
  t.match(told[8], /^ {2}9\. the shopper finalizes\n.*\n {5}200 long long .*…\(500 characters\)\n$/);
  t.match(told[9], /^ {2}10\. the clock moves on by P1M\n/);
  t.match(told[10], /^ {2}11\. cancelAuthorization\n.*\n {5}204\n$/);
  t.equal(shorten('x', 2), '"x…');
});

t.test('scenario, step, what is next and what came of it are told to the letter', async (t) => {
  const scenario = readScenario(
    `${head}steps:\n  - { title: An old one, readCustomerToken: { path: { customerToken: a } }, times: 2 }\n`,
    'theme/boots.yaml',
  );
  t.equal(narrateScenario(scenario), 'boots\n  Boots\n');
  const [step] = scenario.steps as [(typeof scenario.steps)[0]];
  const request = { method: 'GET', url: 'https://h:1/customer-token/v1/tokens/a?b=c', headers: {}, body: undefined };
  const sent = 'readCustomerToken  GET /customer-token/v1/tokens/a?b=c';
  const told = (status: number, body: unknown, more = {}) => {
    const answer = { status, headers: { 'mock-klarna-explain': 'why not' }, body };
    return { step, number: 7, request, answer, mismatches: [], ...more };
  };
  const fields = { payment_method_type: 'INVOICE', a: [1, null] };
  const columns = '       payment_method_type  INVOICE\n       a                    [1,null]\n';
  t.equal(
    narrateStep(told(200, fields)),
    `  7. An old one\n     ${sent}\n     200\n${columns}     tokenized: Pay Later in 30 days (INVOICE)\n`,
  );
  t.equal(
    narrateStep(told(404, fields, { unjudged: 'nobody knows' })),
    `  7. An old one\n     ${sent}\n     404\n${columns}     not judged: nobody knows\n`,
    'what is refused tells of no token',
  );
  t.equal(narrateStep(told(204, undefined)), `  7. An old one\n     ${sent}\n     204\n`);
  const paid = { payment_method: { type: 'invoice', number_of_days: 30 } };
  const note = '     tokenized: Pay Later in 30 days (invoice)\n';
  t.equal(narrateStep(told(204, undefined, paid)), `  7. An old one\n     ${sent}\n     204\n${note}`);
  t.equal(
    narrateStep({ ...told(0, 0, { ...paid, unjudged: 'nobody knows' }), answer: undefined }),
    `  7. An old one\n     ${sent}\n     no answer, as expected\n${note}     not judged: nobody knows\n`,
    'with an answer that has no fields, or without one, as well',
  );
  t.equal(narrateStep(told(200, [1])), `  7. An old one\n     ${sent}\n     200 [1]\n`);
  t.equal(narrateStep({ ...told(200, 'x'), request: undefined }), '  7. An old one\n     200 x\n');
  const mismatches = [{ path: '$.status', expected: 200, got: 204 }];
  const callbacks = [{ path: '/push', status: 200 }];
  t.equal(
    narrateOutcome(
      { ...told(204, undefined), answer: { ...told(204, undefined).answer, callbacks }, mismatches },
      { a: 1, b: 'x' },
    ),
    `     204
     why       why not
     callbacks [{"path":"/push","status":200}]
     kept      a = 1
     kept      b = "x"
     differs   $.status  expected 200, got 204
`,
  );
  t.equal(narrateOutcome({ ...told(0, 0), answer: undefined, trouble: 'socket hang up' }, {}), '     socket hang up\n');
  t.equal(
    narrateNext({ step, number: 7, username: 'M', request: { ...request, body: '{}' }, expected: { status: 200 } }, 9),
    `  7 of 9. An old one, 2 times
     acts      the shop, M
     sends     ${sent}
     body      {}
     expects   {"status":200}`,
  );
  t.equal(
    narrateNext({ step: { ...step, times: 1 }, number: 7, username: 'M', trouble: '${a} is nothing' }, 9),
    '  7 of 9. An old one\n     acts      the shop, M\n     cannot be sent: ${a} is nothing',
  );
});

t.test('what is long is cut where it is told, and not before', async (t) => {
  const { steps } = readScenario(`${head}steps: [{ readHealth: }]`, 'a.yaml');
  const [step] = steps as [(typeof steps)[0]];
  // Digits with commas between, in brackets: an odd number of characters, and one more by the ten.
  const fits = (length: number) => [10, ...Array(length / 2 - 2).fill(1)];
  const long = (length: number) => Array(length / 2).fill(1);
  const next = (body: string, expected: unknown) => {
    const request = { method: 'POST', url: 'http://h/', headers: {}, body };
    return narrateNext({ step, number: 1, username: 'M', request, expected }, 1).split('\n').slice(3);
  };
  t.strictSame(next('x'.repeat(300), fits(300)), [
    `     body      ${'x'.repeat(300)}`,
    `     expects   ${JSON.stringify(fits(300))}`,
  ]);
  t.strictSame(next('x'.repeat(301), long(300)), [
    `     body      ${'x'.repeat(300)}…`,
    `     expects   ${JSON.stringify(long(300)).slice(0, 300)}…`,
  ]);
  const came = (callbacks: unknown, value: unknown) => {
    const answer = { status: 200, headers: {}, body: { a: value }, callbacks: callbacks as never };
    return narrateOutcome({ step, number: 1, answer, mismatches: [] }, { b: value }).split('\n').slice(1, -1);
  };
  const [three, one] = [JSON.stringify(fits(300)), JSON.stringify(fits(120))];
  t.strictSame([three.length, one.length], [300, 120]);
  t.strictSame(came(fits(300), fits(120)), [
    `       a  ${one}`,
    `     callbacks ${three}`,
    `     kept      b = ${one}`,
  ]);
  const [most, more] = [JSON.stringify(long(300)), JSON.stringify(long(120))];
  t.strictSame([most.length, more.length], [301, 121]);
  t.strictSame(came(long(300), long(120)), [
    `       a  ${more.slice(0, 120)}…`,
    `     callbacks ${most.slice(0, 300)}…`,
    `     kept      b = ${more.slice(0, 120)}…`,
  ]);
});

t.test('no two scenarios share a merchant unless they say so', async (t) => {
  const merchants = new Merchants('replay');
  const named = (path: string, more = '') => merchants.of(readScenario(`${head}${more}steps: [{ readHealth: }]`, path));
  t.equal(named('scenarios/a b/c.yaml'), 'replay.a.b.c');
  t.equal(named('x/scenarios/a b/c.yaml'), 'replay.a.b.c.2');
  t.equal(named('scenarios/a:b/c.yaml'), 'replay.a.b.c.3');
  t.equal(named('scenarios/a-b/c_d.yaml'), 'replay.a-b.c_d');
  t.equal(named('scenarios/d.yaml', 'merchant: K1\n'), 'K1');
  t.equal(named('scenarios/e.yaml', 'merchant: K1\n'), 'K1');
});

/** Runs the command against a real sandbox of its own. */
async function run(scenarios: string[], verbose = false) {
  const printed = { stdout: '', stderr: '' };
  let closed = 0;
  const code = await replay(
    { scenarios, verbose },
    {
      startSandbox: async ({ seed }) => {
        const server = await startServer({ seed, port: 0 });
        return { url: server.url, close: () => server.close().then(() => void closed++) };
      },
      stdin: () => Readable.from([]),
      stdout: { write: (text) => (printed.stdout += text) },
      stderr: { write: (text) => (printed.stderr += text) },
    },
  );
  return { code, closed, ...printed };
}

/** Klarna's three examples of mixed payments. */
const examples = ['additional-charge', 'free-trial', 'subscription'].map((name) => `mixed-payments/${name}`);

t.test('the examples of mixed payments go well', async (t) => {
  const { code, closed, stdout, stderr } = await run(examples);
  t.strictSame({ code, closed, stderr }, { code: 0, closed: 1, stderr: '' });
  t.strictSame(stdout.split('\n'), [
    'ok   mixed-payments/additional-charge  7 steps',
    'ok   mixed-payments/free-trial  7 steps',
    'ok   mixed-payments/subscription  6 steps',
    '3 passed',
    '',
  ]);
});

t.test('told in full, they say what was tokenized, and say the same each time', async (t) => {
  const { stdout } = await run(examples, true);
  t.match(stdout, 'tokenized: Pay Now by the card VISA ************1111 (PAY_BY_CARD)');
  t.match(stdout, 'tokenized: Pay Now by direct debit from **************0131 (DIRECT_DEBIT)');
  t.match(stdout, 'tokenized: Pay Later in 30 days (INVOICE)');
  t.equal((await run(examples, true)).stdout, stdout);
});

t.test(
  'the command ends with 1 for a scenario that fails or none at all, with 2 for a file with mistakes',
  async (t) => {
    const folder = t.testdir({
      'wrong.yaml': `${head}steps:\n  - readClock:\n    expect: { body: { now: 1 } }\n`,
      'bad.yaml': `${head}steps:\n  - readClok:\n`,
      empty: { 'notes.txt': '' },
    });
    const wrong = await run([join(folder, 'wrong.yaml'), 'scenarios/mixed-payments/subscription.yaml']);
    t.strictSame([wrong.code, wrong.closed], [1, 1]);
    t.match(
      wrong.stdout,
      /^FAIL wrong {2}step 1 of 1\n.*wrong\.yaml:5 readClock\n {7}\$\.body\.now {2}expected 1, got "2/,
    );
    t.match(
      wrong.stdout,
      /ok {3}mixed-payments\/subscription {2}6 steps\n1 passed, 1 failed\n$/,
      'the next scenario is played all the same',
    );
    const none = await run([join(folder, 'empty')]);
    t.match(none, {
      code: 2,
      closed: 0,
      stdout: '',
      stderr: /^nothing to replay: no \.yaml, \.yml or \.json file in .*empty with one of steps, .* at its top\n$/,
    });
    const bad = await run([join(folder, 'bad.yaml'), join(folder, 'none')]);
    t.match(bad, { code: 2, closed: 0, stdout: '' });
    t.strictSame(
      bad.stderr.replaceAll(`${folder}/`, ''),
      'bad.yaml:4:5 unknown key "readClok" (did you mean "readClock"?)\nnone:1:1 no such file or folder\n',
    );
    await t.rejects(run([{} as string]), TypeError, 'a mistake in the program is not taken for one in a file');
  },
);
