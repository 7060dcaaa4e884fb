import { operationNamed } from '../../src/contract/operations.js';
import { startSandbox as startTyped } from '../../src/index.js';
import { authorized, basic, purchase, startSandbox } from '../contract/sandbox.js';
import t from '../tap.js';
import { blemishes, idsOf, keyed, reportOf, shopOf } from './shop.js';

t.test('the examples of the mixed payments page, played from their files, give a clean report', async (t) => {
  const sandbox = await startTyped();
  t.teardown(() => sandbox.close());
  for (const name of ['mix-subscription', 'mix-free-trial', 'mix-on-demand']) {
    const { merchant, result } = await sandbox.replay(name);
    t.equal(result, 'passed', name);
    const report = await sandbox.as(merchant).report();
    t.ok(report.judged >= 5, `${name} was judged`);
    t.strictSame(blemishes(report), [], name);
  }
});

t.test('a report by the control API', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'report' });
  const call = sandbox.as('boots');
  t.matchLists(await reportOf(call), {
    tool: 'report',
    title: 'What boots did',
    judged: 0,
    findings: [],
    unjudged: [],
  });
  await call('createSession', { body: { ...purchase, ordr_amount: 1 } });
  await sandbox.as('shoes')('createSession', { body: { ...purchase, status: 'complete' } });
  const report = await reportOf(call);
  t.matchLists(report, { judged: 1, findings: [{ check: 'contract/unknown-field', where: { exchange: 1 } }] });
  t.matchLists(report.exchanges, [
    {
      where: { exchange: 1 },
      method: 'POST',
      path: '/payments/v1/sessions',
      request: { headers: { authorization: '[redacted]' }, body: { ordr_amount: 1 } },
      status: 200,
      response: { body: { session_id: String, client_token: '[redacted]' } },
    },
  ]);
  t.notOk('host' in (report.exchanges[0]?.request.headers ?? {}));
  t.notMatch(JSON.stringify(report.exchanges), /127\.0\.0\.1|localhost/);
  t.equal((await call('readJournal')).body.items.length, 1, 'asking for a report is not recorded');
  t.strictSame(report, await reportOf(call), 'asked again it says the same');

  const all = await reportOf(call, { merchants: 'all' });
  t.match(all, { title: 'What the shops did', judged: 2 });
  t.matchLists(all.findings.map(({ where }) => where.merchant).sort(), ['boots', 'shoes']);
  t.matchLists(all.exchanges.map(({ where }) => where.merchant).sort(), ['boots', 'shoes']);

  const some = await reportOf(call, { off: ' unknown-field, practice/callback-not-taken ,' });
  t.strictSame([some.findings, some.exchanges], [[], []]);
  t.equal(some.checks.length, report.checks.length - 2);
  t.matchLists(await call('readReport', { query: { off: 'unknown-feld' } }), {
    status: 400,
    body: { error_messages: ['Bad value: off'] },
    why: /is no check \(did you mean "unknown-field"\?\)/,
  });
  t.match(await call('readReport', { query: { merchants: 'some' } }), { status: 400 });
});

t.test('with a merchants file nobody sees the others', async (t) => {
  const merchants = [{ username: 'boots', password: 'laces' }];
  const call = (await startSandbox(t, { merchants })).as('boots', 'laces');
  t.match(await call('readReport', { query: { merchants: 'all' } }), { status: 400, why: /merchants file/ });
  t.match(await call('readReport'), { status: 200 });
});

t.test('a report for tests in the same process', async (t) => {
  const sandbox = await startTyped();
  t.teardown(() => sandbox.close());
  t.matchLists(await sandbox.report(), { judged: 0, coverage: { cells: [] } });
  t.match((await sandbox.report({ off: ['word-case'] })).checks, Array);
  await t.rejects(sandbox.report({ off: ['nothing'] }), /readReport was refused with 400: /);
});

t.test('what could not be judged is counted', async (t) => {
  const { url, as } = await startSandbox(t, { memory: 16 * 1024 * 1024, warn: () => {} });
  const headers = { authorization: basic('boots'), 'content-type': 'application/json' };
  const body = JSON.stringify({ ...purchase, merchant_data: 'x'.repeat(900_000) });
  for (let sent = 0; sent < 20; sent++) await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers, body });
  const { judged, unjudged } = await reportOf(as('boots'));
  t.matchLists(unjudged, [{ what: /^the oldest \d+ exchanges$/, why: /no room/ }]);
  t.equal(judged, 20 - Number(/\d+/.exec(String(unjudged[0]?.what))?.[0]));
});

t.test('coverage', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'coverage' });
  const call = sandbox.as('boots');
  const shop = shopOf(call);
  await shop.script(
    { on: 'createSession', calls: 1, fault: { garbage: true } },
    { on: 'readSession', calls: 1, fault: { delay: 'PT0.001S' } },
    { on: 'captureOrder', calls: 1, error: 'CAPTURE_NOT_ALLOWED' },
    { on: 'captureOrder', calls: 2, fault: { close: true } },
  );
  await shop.attempt('createSession', { body: purchase });
  const path = await shop.order();
  const session = await authorized(call, { merchant_reference1: 'CART-9' });
  await call('readSession', { path: session });
  const capture = (amount: number) =>
    shop.attempt('captureOrder', { path, headers: keyed(), body: { captured_amount: amount } });
  for (const amount of [1, 2, 4000, 6000]) await capture(amount);
  await call('refundOrder', { path, headers: keyed(), body: { refunded_amount: 4000 } });
  await call('refundOrder', { path, headers: keyed(), body: { refunded_amount: 6000 } });
  await call('createSession', { path, headers: { 'content-type': 'text/plain' } });
  const { coverage } = await reportOf(call);
  const cells = (operation: string) =>
    [...coverage.cells, ...coverage.others].filter((cell) => cell.operation === operation);
  const met = (operation: string) => cells(operation).filter((cell) => cell.met > 0);

  t.matchLists(met('captureOrder'), [
    { status: 201, transition: 'AUTHORIZED -> PART_CAPTURED', counts: true },
    { status: 201, transition: 'PART_CAPTURED -> CAPTURED', counts: true },
    { status: 403, code: 'CAPTURE_NOT_ALLOWED', counts: true, why: /scripts it/ },
    { status: 0, counts: true, why: /scripts it/ },
  ]);
  t.matchLists(met('refundOrder'), [
    { outcome: 'a part is refunded', met: 1, counts: true },
    { outcome: 'all is refunded', met: 1, counts: true },
  ]);
  t.matchLists(met('createSession'), [
    { status: 200, met: 2, counts: true },
    { status: 200, outcome: 'an answer that cannot be read', counts: false },
    { status: 415, counts: false, why: /a mistake of the shop/ },
  ]);
  t.matchLists(met('readSession'), [{ status: 200, met: 1, counts: false, why: /does not prove the ordinary path/ }]);
  t.matchLists(met('createOrder'), [{ status: 200, outcome: 'fraud_status ACCEPTED', counts: true, why: undefined }]);
  t.match(
    cells('captureOrder').find(({ code }) => code === 'PAYMENT_METHOD_FAILED'),
    { met: 0, counts: false, why: 'never met', reach: /^captures\// },
  );
  const [ofTokens, , , ofPayments] = coverage.apis;
  t.strictSame(
    coverage.apis.map(({ name, called }) => [name, called.length]),
    [
      ['Klarna Customer Token', 0],
      ['Klarna Hosted Payment Page', 0],
      ['Klarna Order Management', 3],
      ['Klarna Payments', 3],
    ],
  );
  const percent = Math.floor((100 * Number(ofPayments?.counting)) / Number(ofPayments?.cells));
  t.ok(percent > 0 && percent < 100);
  t.equal(ofPayments?.percent, percent);
  t.equal(ofTokens?.percent, 0);
  t.ok(coverage.unused.some(({ operation }) => operation === 'cancelOrder'));
  t.notOk(coverage.unused.some(({ operation }) => operation === 'createSession'));
  t.notOk(
    coverage.cells.some(({ status }) => status === 405),
    'nobody need have met a slip of the pen',
  );
  t.strictSame(idsOf((await reportOf(sandbox.as('nobody'))).findings), []);
});

t.test('orders of which the journal does not tell the beginning', async (t) => {
  const sandbox = await startSandbox(t, { seed: 'late' });
  const call = sandbox.as('boots');
  const shop = shopOf(call);
  const path = await shop.order();
  await call('clearJournal');
  await shop.capture(path, { captured_amount: 4000 });
  t.matchLists((await reportOf(call)).coverage.others, [
    { transition: 'unknown -> unknown', counts: false, why: /does not tell/ },
  ]);
  await call('readOrder', { path });
  await shop.capture(path, { captured_amount: 6000 });
  t.matchLists(
    (await reportOf(call)).coverage.cells.filter(({ counts }) => counts),
    [{ transition: 'PART_CAPTURED -> CAPTURED' }, { outcome: 'status PART_CAPTURED' }],
  );
  const other = await authorized(call);
  await call('clearJournal');
  await call('createOrder', { path: other, body: purchase });
  t.strictSame(blemishes(await reportOf(call)), []);
});

/** Sends a request as a client of its own would. */
async function send(url: string, merchant: string, headers: Record<string, string>, body: object) {
  const { method, path } = operationNamed('createSession');
  const own = { authorization: basic(merchant), 'content-type': 'application/json', ...headers };
  return (await fetch(`${url}${path}`, { method, headers: own, body: JSON.stringify(body) })).status;
}

t.test('a request that is wrong on purpose says so', async (t) => {
  const { url, as } = await startSandbox(t, { seed: 'on purpose' });
  const wrong = { ...purchase, order_amount: 1, ordr_amount: 1 };
  const off = (words: string) => ({ 'Mock-Klarna-Off': words });
  const ids = async (merchant: string) => idsOf((await reportOf(as(merchant))).findings).sort();
  for (const [merchant, headers, left] of [
    ['plain', {}, ['contract/refused', 'contract/unknown-field']],
    ['one', off('refused'), ['contract/unknown-field']],
    ['both', off('contract/refused, unknown-field'), []],
    ['all', off('*'), []],
  ] as const) {
    t.equal(await send(url, merchant, headers, wrong), 400, 'it is answered as ever');
    t.strictSame(await ids(merchant), left, merchant);
    const { judged, unjudged, coverage } = await reportOf(as(merchant));
    t.equal(judged, 1);
    t.strictSame(unjudged, []);
    t.ok(
      coverage.cells.some(({ status, met }) => status === 400 && met === 1),
      'it counts for the coverage',
    );
  }
  await send(url, 'one', {}, { ...wrong, order_amount: 2 });
  t.strictSame(await ids('one'), ['contract/refused', 'contract/unknown-field'], 'it holds for that request alone');
  await send(url, 'misspelt', off('refsed'), wrong);
  const { unjudged } = await reportOf(as('misspelt'));
  t.strictSame(unjudged, [
    {
      what: 'Mock-Klarna-Off of exchange 1 (createSession)',
      why: 'it names refsed, which is no check (did you mean "refused"?); docs/reference/practices.md lists them',
    },
  ]);
});

t.test("what the harness did in the world of a shop is not the shop's", async (t) => {
  const { url, as } = await startSandbox(t, { seed: 'harness' });
  const harness = { 'mock-klarna-harness': 'replay' };
  const wrong = { ...purchase, order_amount: 1 };
  const call = as('boots');
  t.equal(await send(url, 'boots', harness, wrong), 400);
  t.matchLists(
    await reportOf(call),
    { judged: 1, unjudged: [] },
    'asked for by its name it is judged, when nobody else called',
  );
  t.strictSame((await reportOf(call)).findings.length, 1);
  const all = async () => reportOf(call, { merchants: 'all' });
  t.strictSame((await all()).judged, 0);
  t.strictSame((await all()).findings, []);

  const path = await authorized(call, { intent: 'buy' });
  const { body } = await call('createOrder', { path, body: purchase, headers: harness });
  await call('captureOrder', { path: body, body: { captured_amount: 10000 }, headers: { ...harness, ...keyed() } });
  await fetch(`${url}/payments/v1/nowhere`, { headers: { authorization: basic('boots'), ...harness } });
  await call('refundOrder', { path: body, body: { refunded_amount: 10000 }, headers: keyed() });
  const report = await reportOf(call);
  t.strictSame(blemishes(report), [], 'the order is known');
  t.equal(report.judged, 2, 'the session and the refund');
  t.strictSame(report.unjudged, [{ what: '4 exchanges', why: 'sent by replay, and not by a shop' }]);
  t.ok(report.coverage.cells.some(({ outcome, counts }) => outcome === 'all is refunded' && counts));
  t.notOk(report.coverage.cells.some(({ operation }) => operation === 'captureOrder'));
});
