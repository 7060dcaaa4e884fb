import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actAs, type MerchantSandbox } from '../../src/client/merchant-sandbox.js';
import { operations } from '../../src/contract/operations.js';
import { patternOf } from '../../src/contract/path-template.js';
import { startSandbox } from '../../src/index.js';
import t, { type Test } from '../tap.js';
import { until } from '../until.js';

/** The operations of the control API that nobody calls from a test, with the reason. */
const ELSEWHERE: Record<string, string> = {
  readHealth: 'a sandbox that was started is up',
  unlockPage: 'the live page alone can ask, by its cookie',
};

/** The call from code of each operation of the control API. */
const calls: Record<string, (sandbox: MerchantSandbox) => Promise<unknown>> = {
  authorizeSession: (sandbox) => sandbox.authorize('a'),
  finalizeSession: (sandbox) => sandbox.finalize('a'),
  completeHostedSession: (sandbox) => sandbox.completeHostedSession('a'),
  failHostedSession: (sandbox) => sandbox.failHostedSession('a'),
  cancelHostedSession: (sandbox) => sandbox.cancelHostedSession('a'),
  backHostedSession: (sandbox) => sandbox.backHostedSession('a'),
  listSessions: (sandbox) => sandbox.sessions.list(),
  listAuthorizations: (sandbox) => sandbox.authorizations.list(),
  listHostedSessions: (sandbox) => sandbox.hostedSessions.list(),
  listCustomerTokens: (sandbox) => sandbox.customerTokens.list(),
  suspendCustomerToken: (sandbox) => sandbox.customerTokens.suspend('a'),
  reactivateCustomerToken: (sandbox) => sandbox.customerTokens.reactivate('a'),
  cancelCustomerToken: (sandbox) => sandbox.customerTokens.cancel('a'),
  shareCustomerToken: (sandbox) => sandbox.customerTokens.share('a', 'b'),
  declineCustomerToken: (sandbox) => sandbox.customerTokens.decline('a', { error_code: 'PAYMENT_METHOD_FAILED' }),
  listOrders: (sandbox) => sandbox.orders.list(),
  listOrderParts: (sandbox) => sandbox.orders.parts('a'),
  decideFraud: (sandbox) => sandbox.orders.decideFraud('a', 'accepted'),
  readPaymentMethodCategories: (sandbox) => sandbox.paymentMethodCategories.read(),
  choosePaymentMethodCategories: (sandbox) => sandbox.paymentMethodCategories.choose(['pay_now']),
  readClock: (sandbox) => sandbox.clock.now(),
  setClock: (sandbox) => sandbox.clock.set('2030-01-01T00:00:00Z'),
  advanceClock: (sandbox) => sandbox.clock.advance('P1D'),
  readJournal: (sandbox) => sandbox.journal.exchanges(),
  clearJournal: (sandbox) => sandbox.journal.clear(),
  listRefusals: (sandbox) => sandbox.journal.refusals(),
  listRules: (sandbox) => sandbox.journal.rules(),
  listCallbacks: (sandbox) => sandbox.callbacks.list(),
  listDue: (sandbox) => sandbox.callbacks.due(),
  redeliverCallback: (sandbox) => sandbox.callbacks.redeliver('a'),
  followEvents: (sandbox) => sandbox.events.follow(),
  readScenario: (sandbox) => sandbox.scenario.progress(),
  chooseScenario: (sandbox) => sandbox.scenario.choose('a'),
  endScenario: (sandbox) => sandbox.scenario.end(),
  listScenarios: (sandbox) => sandbox.scenarios.list(),
  readScenarioText: (sandbox) => sandbox.scenarios.text('a'),
  checkScenario: (sandbox) => sandbox.scenarios.check('title: a'),
  playScenario: (sandbox) => sandbox.scenarios.play('a'),
  listMerchants: (sandbox) => sandbox.merchants.list(),
  readReport: (sandbox) => sandbox.report(),
  resetMerchant: (sandbox) => sandbox.reset(),
};

const control = [...operations.values()].filter(({ path }) => path.startsWith('/sandbox/v1/'));

/** Starts a server that answers every call in the same way, and tells which operations were called. */
async function pretend(t: Test) {
  const called: (string | undefined)[] = [];
  const server = createServer(({ method, url = '' }, response) => {
    const [path = ''] = url.split('?');
    called.push(control.find((each) => each.method === method && patternOf(each.path).test(path))?.name);
    response.end('{"items":[]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { called, sandbox: actAs({ url: `http://127.0.0.1:${port}`, username: 'shop', password: 'secret' }) };
}

t.test('every operation of the control API can be called from code', async (t) => {
  const names = control.map(({ name }) => name);
  t.strictSame([...Object.keys(calls), ...Object.keys(ELSEWHERE)].sort(), names.sort());
  const { called, sandbox } = await pretend(t);
  for (const call of Object.values(calls)) await call(sandbox);
  t.strictSame(called, Object.keys(calls));
});

t.test('after close() every call rejects with a sentence', async (t) => {
  const sandbox = await startSandbox();
  const other = sandbox.as('other');
  await sandbox.clock.now();
  await Promise.all([sandbox.close(), sandbox.close()]);
  await t.resolves(sandbox.close(), 'closing once more does no harm');
  const why =
    'got no answer: this sandbox was closed by close(); make calls before it, or start another sandbox with startSandbox()';
  for (const merchant of [sandbox, other, sandbox.as('late')]) {
    for (const [operation, call] of Object.entries(calls)) {
      await t.rejects(call(merchant), { name: 'ControlError', operation, message: `${operation} ${why}` });
    }
  }
  await t.rejects(sandbox.replay('mix-on-demand'), { name: 'ControlError', message: `replay() ${why}` });
});

t.test('a replay that is under way at close() ends with that sentence', async (t) => {
  const sandbox = await startSandbox({ seed: 'one' });
  const silent = sandbox.replay({
    title: 'Nobody answers for a long time',
    evidence: 'inferred',
    outcomes: [{ on: 'readOrder', fault: { timeout: true } }],
    steps: [{ times: 100, readOrder: { path: { order_id: 'a' } }, expect: { status: '$absent' } }],
  });
  const refused = t.rejects(silent, {
    name: 'ControlError',
    message: /^replay\(\) got no answer: this sandbox was closed by close\(\)/,
  });
  const player = sandbox.as('test.inline');
  await until(async () => (await player.scenario.progress()).outcomes?.[0]?.matched === 1, 'the replay');
  await sandbox.close();
  await refused;
});

t.test('options that there are not are refused, and values that cannot be', async (t) => {
  const { called, sandbox } = await pretend(t);
  const cases: [Promise<unknown>, RegExp][] = [
    [
      sandbox.journal.exchanges({ operations: 'createOrder' } as object),
      /^operations: no option of journal\.exchanges\(\) \(did you mean "operation"\?\); there are operation, status, limit$/,
    ],
    [
      sandbox.journal.exchanges({ operation: 'creatOrder' } as object),
      /^operation: given "creatOrder", expected the name of an operation \(did you mean "createOrder"\?\)$/,
    ],
    [sandbox.journal.exchanges({ operation: 5 } as object), /^operation: given 5, expected the name of an operation$/],
    [sandbox.journal.exchanges({ status: '200' } as object), /^status: given "200", expected a number$/],
    [
      sandbox.journal.exchanges('createOrder' as never),
      /^journal\.exchanges\(\): given "createOrder", expected an obj/,
    ],
    [
      sandbox.callbacks.list({ on: 'pusch' } as object),
      /^on: given "pusch", expected one of .* \(did you mean "push"\?\)$/,
    ],
    [
      sandbox.callbacks.list({ kind: 'push' } as object),
      /^kind: no option of callbacks\.list\(\); there are on, limit$/,
    ],
    [sandbox.callbacks.due({ on: 'push' } as object), /^on: no option of callbacks\.due\(\); there are limit$/],
    [
      sandbox.report({ of: [] } as object),
      /^of: no option of report\(\) \(did you mean "off"\?\); there are off, merchants$/,
    ],
    [sandbox.report({ off: 'word-case' } as object), /^off: given "word-case", expected a list of texts$/],
    [sandbox.report({ merchants: 'boots' } as object), /^merchants: given "boots", expected one of all$/],
    [sandbox.orders.list({ limt: 1 } as object), /^limt: no option of orders\.list\(\) \(did you mean "limit"\?\)/],
    [sandbox.sessions.list({ limit: '1' } as object), /^limit: given "1", expected a number$/],
    [sandbox.events.follow({ from: 1 } as object), /^from: no option of events\.follow\(\); there are after$/],
  ];
  for (const [call, message] of cases) await t.rejects(call, { name: 'TypeError', message });
  t.strictSame(called, [], 'nothing was asked');
});
