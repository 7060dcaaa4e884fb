import { verify } from '../../src/cli/verify.js';
import { type Operation, operationNamed, operations } from '../../src/contract/operations.js';
import type { HarnessReport } from '../../src/report/finding.js';
import { type FailRule, failures } from '../../src/report/verdict.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { startServer } from '../../src/server/start.js';
import { chooseCases, verifyCases } from '../../src/verify/cases.js';
import { makeReport } from '../../src/verify/verified.js';
import t, { type Test } from '../tap.js';
import { type Mistake, mistakesInPage, mistakesInRefusal, mistakesInSuccess, successesOf } from './plants.js';
import { type Passing, type Plant, type Swallow, startProxy } from './proxy.js';
import { wrongStates } from './wrong-states.js';

const sandbox = await startServer({ port: 0, seed: 'planted' });
const proxy = await startProxy(sandbox.url);
t.teardown(async () => {
  proxy.close();
  await sandbox.close();
});

const cases = await chooseCases([]);
const klarna = [...operations.values()].filter(({ api }) => api !== 'sandbox');

/** The cases in which an operation answers so, the shortest first. */
const casesWith = ({ name }: Operation, status: number): Scenario[] =>
  cases
    .filter(({ steps }) => steps.some(({ operation, expect }) => operation.name === name && expect?.status === status))
    .sort((one, other) => one.steps.length - other.steps.length);

const FAIL_ON: FailRule[] = [{ severity: 'violation' }];

let runs = 0;

/** What verify says of the proxy. */
async function judge(
  chosen: readonly Scenario[],
  plant: Plant,
  swallow: Swallow = () => undefined,
): Promise<HarnessReport> {
  Object.assign(proxy, { plant, swallow });
  const target = { url: proxy.url, username: `planted${runs++}`, password: 'planted', host: 'klarna.test' };
  const verified = await verifyCases(target, chosen, { sandbox: true, seed: 'planted' });
  return makeReport('verify', { title: '', target: '' }, [verified]);
}

/** Holds when verify fails, and a finding names the operation. */
function caught(t: Test, report: HarnessReport, { name }: Operation, mistake: string): void {
  t.ok(failures(report, FAIL_ON).length > 0, `${name}: ${mistake} fails`);
  t.ok(
    report.findings.some(({ operation, where }) => operation === name && where.line),
    `${name}: ${mistake} is named`,
  );
}

/** The command against the proxy, and all it wrote. */
async function command(words: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const screen = { write: (text: string) => (out += text) };
  const world = { stdout: screen, stderr: screen, startSandbox: () => Promise.reject(new Error('not here')) };
  const code = await verify({ cases: words, target: proxy.url, username: 'command' }, world);
  return { code, out };
}

t.test('nothing planted: every case goes well through the proxy', async (t) => {
  const { code, out } = await command([]);
  t.equal(code, 0, out);
  t.match(out, new RegExp(`no findings; ${cases.length} judged`));
});

/** Judges the first case in which the mistake shows itself; undefined where it does in none. */
async function judgeFirst(operation: Operation, { status, plant }: Mistake): Promise<HarnessReport | undefined> {
  for (const one of casesWith(operation, status)) {
    let planted = false;
    const report = await judge([one], (passed) => {
      const passing = plant(passed);
      planted ||= passing !== undefined;
      return passing;
    });
    if (planted) return report;
  }
  return undefined;
}

for (const operation of klarna) {
  t.test(operation.name, async (t) => {
    const successes = successesOf(operation).filter((status) => casesWith(operation, status).length > 0);
    const [success] = successes;
    if (success === undefined) return t.fail('no case has it succeed');
    t.strictSame(
      failures(await judge(casesWith(operation, success).slice(0, 1), () => undefined), FAIL_ON),
      [],
      'nothing planted',
    );
    const inSuccess = successes.flatMap((status) => mistakesInSuccess(operation, status));
    for (const mistake of [...inSuccess, ...mistakesInPage(operation)]) {
      const report = await judgeFirst(operation, mistake);
      if (report) caught(t, report, operation, `${mistake.name} (${mistake.status})`);
      else t.fail(`no case has ${operation.name} answer ${mistake.status}`);
    }
    const refused: number[] = [];
    for (const [status, { schema }] of operation.answers) {
      if (status < 400 || schema === undefined) continue;
      for (const mistake of mistakesInRefusal(operation, status)) {
        const report = await judgeFirst(operation, mistake);
        if (!report) break;
        refused.push(status);
        caught(t, report, operation, `${mistake.name} (${status})`);
      }
    }
    t.ok(refused.length > 0, 'it refuses something in a case');
  });
}

t.test('right in form, and wrong about what happened', async (t) => {
  for (const { name, operation, cases: names, plant } of wrongStates) {
    const chosen = cases.filter((one) => names.includes(one.name));
    t.equal(chosen.length, names.length, `${name}: the cases are there`);
    caught(t, await judge(chosen, plant()), operationNamed(operation), name);
  }
});

/** They change nothing that another answer would show. */
const INVISIBLE = ['acknowledgeOrder', 'triggerSendOut', 'extendDueDate', 'distributeHostedSession'];

t.test('an operation that only says that it did', async (t) => {
  const silent = klarna.filter(({ method, answers }) => method !== 'GET' && ![...answers.values()][0]?.schema);
  for (const operation of silent.filter(({ name }) => !INVISIBLE.includes(name))) {
    const success = successesOf(operation).find((status) => casesWith(operation, status).length > 0) as number;
    let answered: Passing | undefined;
    await judge(casesWith(operation, success).slice(0, 1), (passed) => {
      if (passed.operation === operation && passed.status === success) answered = passed;
      return undefined;
    });
    const chosen = casesWith(operation, success);
    const report = await judge(
      chosen,
      () => undefined,
      (called) => (called === operation ? answered : undefined),
    );
    t.ok(failures(report, FAIL_ON).length > 0, `${operation.name} that does nothing`);
  }
});

t.test('the command exits with 1 and names operation, place and mistake', async (t) => {
  const mistake = mistakesInSuccess(operationNamed('readCustomerToken'), 200).find(({ name }) => name === 'no status');
  Object.assign(proxy, { plant: mistake?.plant, swallow: () => undefined });
  const { code, out } = await command(['customer-token/tokens/cancel']);
  t.equal(code, 1);
  t.match(
    out,
    /violation {2}answer\/readCustomerToken {2}readCustomerToken {2}.*customer-token\/tokens\/cancel.yaml:\d+ /,
  );
  t.match(out, /step 5: status: given nothing, expected a value\n/);
  t.match(out, /violation {2}case\/customer-token\/tokens\/cancel/);
  t.match(out, /\$\.body\.status {2}expected "CANCELLED", got nothing/);
});
