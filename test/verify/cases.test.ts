import { type EvidenceNote, operationNamed } from '../../src/contract/operations.js';
import { readScenarios } from '../../src/scenario/files.js';
import { startServer } from '../../src/server/start.js';
import { judgeAnswer } from '../../src/verify/answer.js';
import { chooseCases, verifyCases } from '../../src/verify/cases.js';
import { makePace, paceClock } from '../../src/verify/pace.js';
import { makeReport } from '../../src/verify/verified.js';
import t, { type Test } from '../tap.js';
import { type PlantingProxy, startProxy } from './proxy.js';

async function behind(t: Test, options: Parameters<typeof startProxy>[1] = {}): Promise<PlantingProxy> {
  const server = await startServer({ port: 0, seed: 'cases' });
  const proxy = await startProxy(server.url, options);
  t.teardown(async () => {
    proxy.close();
    await server.close();
  });
  return proxy;
}

const head = (evidence = 'docs') => `title: Boots\nevidence: ${evidence}\nsource: a guide\nsteps:\n`;
const empty = '  - createSession: { body: {} }\n    expect: { status: 400 }\n';
const shopper = '  - shopper: authorize\n    session: any\n    expect: { status: 404 }\n';

/** What verify says of files of these texts, by name. */
async function judge(t: Test, files: Record<string, string>, { asKlarna = false, before = async () => {} } = {}) {
  const proxy = await behind(t, { asKlarna });
  const cases = await readScenarios([t.testdir(files)]);
  return (plant: PlantingProxy['plant'] = () => undefined) => {
    proxy.plant = plant;
    const target = { url: proxy.url, username: 'k', password: 'p' };
    return verifyCases(target, cases, { sandbox: !asKlarna, before });
  };
}

t.test('a wrong answer is told by the evidence of its status, or that of the operation', async (t) => {
  const operation = operationNamed('readCustomerToken');
  for (const [status, { grade, source }] of [
    [403, operation.answers.get(403)?.evidence as EvidenceNote],
    [418, operation.evidence],
  ] as const) {
    const found = judgeAnswer(operation, { status, headers: {}, body: {} }, { line: 3 }, 'step 2');
    t.ok(found.length > 0);
    for (const finding of found) {
      t.match(finding, { check: 'answer/readCustomerToken', evidence: grade, source, message: /^step 2: / });
    }
  }
  t.not(operation.answers.get(403)?.evidence.source, operation.evidence.source);
});

t.test('cases are chosen by name, folder and file; without words all that ship', async (t) => {
  const all = await chooseCases([]);
  t.ok(all.length > 200);
  t.ok(
    all.every(({ path }) => path.startsWith('contracts/cases/')),
    'paths as seen from here',
  );
  t.strictSame(
    (await chooseCases(['gateway/wrong-method'])).map(({ name }) => name),
    ['gateway/wrong-method'],
  );
  const folder = (await chooseCases(['gateway'])).map(({ name }) => name);
  t.ok(folder.length > 5 && folder.every((name) => name.startsWith('gateway/')));
  await t.rejects(chooseCases(['gateway/wrong-metho']), /no such file, folder or scenario/);
});

t.test('a failed expectation is told with file, line, evidence and the explanation of a sandbox', async (t) => {
  const ask = await judge(t, { 'a.yaml': `${head()}  - createSession: { body: {} }\n    expect: { status: 200 }\n` });
  const { findings, exchanges = [], judged, unjudged, checks, seconds } = await ask();
  t.matchLists(findings, [
    {
      check: 'case/a',
      severity: 'violation',
      operation: 'createSession',
      path: '$.status',
      expected: 200,
      got: 400,
      evidence: 'docs',
      source: 'a guide',
      where: { file: /a\.yaml$/, line: 6, case: 'a', step: 1 },
      message: /^step 1: \$\.status {2}expected 200, got 400 \(shape: purchase_country: given nothing/,
    },
  ]);
  t.strictSame(exchanges[0]?.where, findings[0]?.where);
  t.matchLists(exchanges, [
    {
      method: 'POST',
      path: '/payments/v1/sessions',
      request: { body: Object, headers: { 'content-type': 'application/json' } },
      status: 400,
      response: { body: { error_code: 'BAD_VALUE' } },
    },
  ]);
  t.notMatch(JSON.stringify(exchanges), /authorization|127\.0\.0\.1/i);
  t.type(seconds?.['case/a'], 'number', 'against a target that somebody else started');
  t.equal(judged, 1);
  t.strictSame(unjudged, []);
  t.matchLists(checks, [{ id: 'case/a', title: 'Boots', evidence: 'docs' }, { id: 'answer/createSession' }]);
});

t.test('every answer is judged by the contract, each time a step is sent, and told once', async (t) => {
  const ask = await judge(t, {
    'a.yaml': `${head()}  - times: 3\n    createSession: { body: {} }\n    expect: { status: 400 }\n`,
  });
  let sent = 0;
  const asked = await ask(({ operation, status, headers: { 'klarna-correlation-id': _, ...headers }, body }) => {
    sent += operation.name === 'createSession' ? 1 : 0;
    return sent === 2 ? { status, headers, body } : undefined;
  });
  const { findings, exchanges = [] } = asked;
  t.equal(sent, 3);
  t.equal(exchanges.length, 1);
  t.notOk('klarna-correlation-id' in (exchanges[0]?.response.headers ?? {}), 'that of the answer that was wrong');
  t.matchLists(findings, [
    {
      check: 'answer/createSession',
      path: '$.headers.Klarna-Correlation-Id',
      evidence: 'recorded',
      where: { line: 5 },
      message: 'step 1: header Klarna-Correlation-Id is missing',
    },
  ]);
  t.equal(findings.length, 1);
});

t.test('a fingerprint does not tell where the file was', async (t) => {
  const files = { 'a.yaml': `${head()}  - createSession: { body: {} }\n    expect: { status: 200 }\n` };
  const [one, other] = [await judge(t, files), await judge(t, { ...files, 'b.yaml': `${head()}${empty}` })];
  t.equal((await one()).findings[0]?.fingerprint, (await other()).findings[0]?.fingerprint);
});

t.test('what has no answer is told as well, and what could not be begun', async (t) => {
  const cases = await readScenarios([t.testdir({ 'a.yaml': `${head()}${empty}` })]);
  const target = { url: 'http://127.0.0.1:1', username: 'k', password: 'p' };
  const unplayed = await verifyCases(target, cases, { sandbox: true });
  t.matchLists(unplayed.findings, [{ check: 'case/a', message: /^could not be begun: resetMerchant got no answer/ }]);
  const lost = await verifyCases(target, cases, { sandbox: false });
  t.matchLists(lost.findings, [
    { check: 'case/a', operation: 'createSession', message: /^step 1: connect ECONNREFUSED/ },
  ]);
});

t.test('elsewhere cases that need a sandbox are not judged, and the reason is said', async (t) => {
  const ask = await judge(
    t,
    {
      'a.yaml': `${head()}${empty}`,
      'b.yaml': `${head()}${shopper}`,
      'c.yaml': `${head()}  - advance: P1D\n`,
      'd.yaml': `${head()}  - as: other\n    readSession: { path: { session_id: a } }\n    expect: { status: 404 }\n`,
      'e.yaml': `${head()}  - listOrders:\n`,
      'f.yaml': `${head().replace('steps:', 'outcomes: [{ on: createOrder, error: REJECTED }]\nsteps:')}${empty}`,
      'g.yaml': `${head()}  - readCustomerToken: { path: { customerToken: a } }\n    expect: { status: 404, payment_method: $any }\n`,
    },
    { asKlarna: true },
  );
  const { findings, judged, unjudged } = await ask();
  t.strictSame(findings, []);
  t.equal(judged, 2);
  t.strictSame(unjudged, [
    { what: 'b', why: 'needs a sandbox: it acts for the shopper' },
    { what: 'c', why: 'needs a sandbox: it moves the clock' },
    { what: 'd', why: 'needs a sandbox: it needs merchants of its own' },
    { what: 'e', why: 'needs a sandbox: it calls the control API' },
    { what: 'f', why: 'needs a sandbox: it scripts what Klarna, the shopper or the network does' },
    { what: 'g, step 1', why: 'payment_method: the target has no control API' },
  ]);
});

t.test('a scenario without steps has nothing to judge', async (t) => {
  const ask = await judge(t, {
    'a.yaml': 'title: Boots\nevidence: docs\noutcomes: [{ on: createOrder, error: REJECTED }]\n',
  });
  t.matchLists(await ask(), {
    judged: 0,
    unjudged: [{ what: 'a', why: 'has no steps: it scripts what Klarna, the shopper or the network does' }],
  });
});

t.test('where Klarna does otherwise than was only inferred, that is no violation', async (t) => {
  const wrong = '  - createSession: { body: {} }\n    expect: { status: 200 }\n';
  const files = { 'a.yaml': `${head('inferred')}${wrong}`, 'b.yaml': `${head()}${wrong}` };
  const severities = (verified: { findings: { severity: string }[] }) =>
    verified.findings.map(({ severity }) => severity);
  t.strictSame(severities(await (await judge(t, files, { asKlarna: true }))()), ['warning', 'violation']);
  t.strictSame(severities(await (await judge(t, files))()), ['violation', 'violation']);
});

t.test('calls begin a quarter of a second apart, and no wait is longer than needed', async (t) => {
  let now = 1000;
  const waits: number[] = [];
  const pace = makePace({
    monotonic: () => now,
    async pause(ms) {
      waits.push(ms);
      now += ms;
    },
  });
  await pace();
  await pace();
  now += 100;
  await pace();
  now += 400;
  await pace();
  t.strictSame(waits, [250, 150]);
  t.ok(paceClock.monotonic() >= 0);
  await paceClock.pause(0);
});

t.test('each call to another target waits for its turn', async (t) => {
  let waited = 0;
  const before = async () => {
    waited++;
  };
  const ask = await judge(t, { 'a.yaml': `${head()}${empty}${empty}` }, { asKlarna: true, before });
  await ask();
  t.equal(waited, 2);
});

t.test('parts make one report, with each check once', async (t) => {
  const check = { id: 'answer/a', severity: 'violation', title: 'a' } as const;
  const part = { findings: [], judged: 2, unjudged: [{ what: 'a', why: 'b' }], checks: [check] };
  t.strictSame(makeReport('verify', { title: 'T', target: 'U' }, [part, part]), {
    tool: 'verify',
    title: 'T',
    target: 'U',
    findings: [],
    judged: 4,
    unjudged: [...part.unjudged, ...part.unjudged],
    checks: [check],
  });
});

t.test('through a proxy that frames every answer anew nothing is found, in any case', async (t) => {
  const { url } = await behind(t, { rechunk: true });
  const framed = await fetch(`${url}/sandbox/v1/health`);
  t.match(Object.fromEntries(framed.headers), { 'transfer-encoding': 'chunked', via: '1.1 proxy', date: undefined });
  const cases = await chooseCases([]);
  t.ok(
    cases.some(({ steps }) => steps.some(({ expect }) => expect?.headers?.['content-length'] !== undefined)),
    'some case expects a length',
  );
  const { findings, judged } = await verifyCases({ url, username: 'k', password: 'p' }, cases, { sandbox: true });
  t.strictSame(
    findings.map(({ check, message }) => `${check} ${message}`),
    [],
  );
  t.equal(judged, cases.length);
});
