import type { Answer } from '../../src/client/target.js';
import { type Operation, operations } from '../../src/contract/operations.js';
import { type ErrorEntry, type ErrorName, errors } from '../../src/klarna/catalogue/errors.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { renderVerdict } from '../../src/replay/report.js';
import type { ScenarioResult } from '../../src/replay/result.js';
import { listFiles, readScenarios } from '../../src/scenario/files.js';
import { match } from '../../src/scenario/match.js';
import type { Expectation } from '../../src/scenario/scenario.js';
import t from '../tap.js';
import { startSandbox } from './sandbox.js';

const cases = await readScenarios(['contracts/cases']);

t.test('every file is a case, with the evidence for it', async (t) => {
  t.strictSame(
    cases.map(({ path }) => path),
    listFiles('contracts/cases'),
  );
  for (const { name, evidence } of cases) t.ok(evidence, name);
});

const isKlarna = ({ api }: Operation) => api !== 'sandbox';

/** The steps that ask Klarna, each with its expectation and the answer it got. */
function asked({ steps }: ScenarioResult): { at: string; operation: Operation; expect: Expectation; answer: Answer }[] {
  return steps
    .filter(({ step }) => isKlarna(step.operation))
    .map(({ step, number, answer }) => ({
      at: `step ${number}, ${step.operation.name}`,
      operation: step.operation,
      expect: step.expect ?? {},
      answer: answer as Answer,
    }));
}

/** Whether an expectation notices that a part of the answer is another. Variables stand as they are: only the part counts. */
function notices(expect: Expectation, altered: Answer, path: string): boolean {
  return match(expect, altered).some((mismatch) => mismatch.path.startsWith(path));
}

/** What the answer would have to say differently without its case noticing. */
function unnoticed({ expect, answer }: { expect: Expectation; answer: Answer }): string[] {
  const overlooked: string[] = [];
  if (!notices(expect, { ...answer, status: answer.status + 1 }, '$.status')) overlooked.push('status');
  const body = answer.body === undefined ? 'a body' : {};
  if (!notices(expect, { ...answer, body }, '$.body')) overlooked.push('body');
  const isError = answer.status >= 400 && typeof answer.body === 'object';
  for (const [field, other] of isError
    ? [['error_code', 'OTHER'] as const, ['error_messages', ['Other', 'words']] as const]
    : []) {
    const altered = { ...answer, body: { ...(answer.body as object), [field]: other } };
    if (!notices(expect, altered, `$.body.${field}`)) overlooked.push(field);
  }
  return overlooked;
}

t.test('every case', async (t) => {
  const { url } = await startSandbox(t, { seed: 'cases' });
  const target = { url, username: 'cases', password: 'cases' };
  const played: ScenarioResult[] = [];
  for (const scenario of cases) {
    await t.test(scenario.path, async (t) => {
      const [result] = (await replayScenarios([scenario], target, { seed: 'cases' })) as [ScenarioResult];
      t.ok(result.passed, renderVerdict(result));
      played.push(result);
    });
  }

  for (const result of played) {
    await t.test(`${result.scenario.path} claims something`, async (t) => {
      const steps = asked(result);
      t.ok(steps.length > 0, 'asks Klarna');
      t.ok(result.scenario.source, 'names its source');
      for (const step of steps)
        t.strictSame(unnoticed(step), [], `${step.at} judges status, body, error code and message`);
    });
  }
});

t.test('the cases reach every operation, and every error that needs no script', async (t) => {
  const steps = cases.flatMap((scenario) => scenario.steps);
  const called = new Set(steps.map(({ operation }) => operation.name));
  t.strictSame(
    [...operations.values()].filter((operation) => isKlarna(operation) && !called.has(operation.name)),
    [],
  );
  const scripted: ErrorName[] = [
    'MERCHANT_INACTIVE',
    'PERMISSION_DENIED',
    'REJECTED',
    'TOO_MANY_REQUESTS',
    'REQUEST_TOO_LARGE',
    'CONFLICT',
    'UNEXPECTED_ERROR',
    'TEMPORARILY_UNAVAILABLE',
    'BAD_GATEWAY',
    'GATEWAY_TIMEOUT',
  ];
  const text = JSON.stringify(steps.map(({ expect }) => expect?.body));
  for (const [name, { code, messages }] of Object.entries<ErrorEntry>(errors)) {
    // The gateway answers 401 with a page, which names no code.
    if (scripted.includes(name as ErrorName) || name === 'UNAUTHORIZED') continue;
    t.ok(text.includes(code), code);
    if (name !== 'INTERNAL_SERVER_ERROR') for (const message of messages) t.ok(text.includes(message), message);
  }
});
