import { makeReport } from '../../src/replay/report.js';
import type { ScenarioResult } from '../../src/replay/result.js';
import { formats } from '../../src/report/formats.js';
import { readScenario } from '../../src/scenario/read.js';
import t from '../tap.js';

function played(name: string, more: Partial<ScenarioResult>): ScenarioResult {
  const text = 'title: A title\nevidence: docs\nsteps: [{ readHealth: }, { readHealth: }]';
  const scenario = readScenario(text, `scenarios/${name}.yaml`, name);
  return { scenario, merchant: 'M', passed: false, steps: [], ...more };
}

const answer = { status: 503, headers: { 'mock-klarna-explain': 'fault: scripted' }, body: undefined };

function failed(name: string, more: Partial<ScenarioResult> = {}): ScenarioResult {
  const result = played(name, more);
  const [step] = result.scenario.steps;
  const mismatches = [
    { path: '$.status', expected: 200, got: 503 },
    { path: '$.body.status', expected: 'up', got: undefined },
  ];
  return { ...result, steps: step ? [{ step, number: 1, answer, mismatches }] : [] };
}

t.test('a replay has findings: what failed as violations, what tested nothing as warnings', async (t) => {
  const warnings = [{ line: 3, message: 'this outcome took no call' }];
  const results = [
    failed('theme/bad'),
    played('early', { trouble: 'resetMerchant was refused with 401' }),
    played('good', { passed: true, warnings }),
    played('alone', { skipped: 'needs a sandbox' }),
  ];
  const report = makeReport(results, 4);
  t.matchLists(report.findings, [
    {
      check: 'step/theme/bad',
      severity: 'violation',
      operation: 'readHealth',
      message: 'step 1: $.status  expected 200, got 503 (fault: scripted)',
      path: '$.status',
      expected: 200,
      got: 503,
      evidence: 'docs',
      where: { file: 'scenarios/theme/bad.yaml', line: 3, case: 'theme/bad' },
    },
    { message: 'step 1: $.body.status  expected "up", got nothing (fault: scripted)', path: '$.body.status' },
    {
      check: 'step/early',
      message: 'could not be begun: resetMerchant was refused with 401',
      where: { file: 'scenarios/early.yaml', line: 1 },
    },
    {
      check: 'scenario/tests-nothing',
      severity: 'warning',
      message: 'this outcome took no call',
      where: { file: 'scenarios/good.yaml', line: 3 },
    },
  ]);
  t.match(report, { tool: 'replay', title: 'Replay', target: 'a sandbox', judged: 3 });
  t.strictSame(report.unjudged, [{ what: 'alone', why: 'needs a sandbox' }]);
  t.strictSame(
    report.checks?.map(({ id }) => id),
    ['step/theme/bad', 'step/early', 'step/good', 'scenario/tests-nothing'],
  );
});

t.test('a fingerprint stays when lines and values change, and differs by place', async (t) => {
  const of = (result: ScenarioResult) => makeReport([result], 1).findings.map(({ fingerprint }) => fingerprint);
  const [first] = of(failed('a'));
  t.equal(of(failed('a'))[0], first);
  t.not(of(failed('b'))[0], first);
  t.equal(new Set(of(failed('a'))).size, 2);
});

t.test('a scenario that ended between steps says why', async (t) => {
  const result = failed('a', { trouble: 'stopped at step 2 of 2' });
  const [step] = result.steps;
  const steps = step ? [{ ...step, mismatches: [], answer: undefined }] : [];
  t.matchLists(makeReport([{ ...result, steps }], 1).findings, [{ message: 'step 1: stopped at step 2 of 2' }]);
});

t.test('as SARIF a replay has its scenarios as rules and its findings as results', async (t) => {
  const text = formats.sarif?.(makeReport([failed('theme/bad'), played('good', { passed: true })], 2)) as string;
  const [run] = JSON.parse(text).runs;
  t.equal(run.automationDetails.id, 'mock-klarna/replay/');
  t.strictSame(
    run.tool.driver.rules.map(({ id }: { id: string }) => id),
    ['step/theme/bad', 'scenario/tests-nothing', 'step/good'],
  );
  t.equal(run.results.length, 2);
  t.matchLists(run.results[0].locations, [
    { physicalLocation: { artifactLocation: { uri: 'scenarios/theme/bad.yaml' }, region: { startLine: 3 } } },
  ]);
});
