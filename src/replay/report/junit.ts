import { metOutcome } from './gist.js';
import { type Markup, markup } from './markup.js';
import type { Report, ReportedScenario } from './report.js';

/** A replay as JUnit XML, as CI servers read it: a suite for each folder of scenarios, a test case for each scenario. */
export function renderJunit({ scenarios }: Report): string {
  const suites = new Map<string, ReportedScenario[]>();
  for (const scenario of scenarios) {
    const folder = scenario.name.includes('/') ? scenario.name.replace(/\/[^/]*$/, '') : 'scenarios';
    suites.set(folder, [...(suites.get(folder) ?? []), scenario]);
  }
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mock-klarna replay" ${counts(scenarios)}>
${[...suites].map(([name, cases]) => renderSuite(name, cases))}</testsuites>
`.text;
}

function renderSuite(name: string, cases: readonly ReportedScenario[]): Markup {
  return markup`  <testsuite name="${name}" ${counts(cases)}>
${cases.map((scenario) => renderCase(name, scenario))}  </testsuite>
`;
}

function counts(cases: readonly ReportedScenario[]): Markup {
  const having = (result: ReportedScenario['result']) => cases.filter((scenario) => scenario.result === result).length;
  return markup`tests="${cases.length}" failures="${having('failed')}" errors="0" skipped="${having('skipped')}"`;
}

function renderCase(suite: string, scenario: ReportedScenario): Markup {
  const { name, file, steps, result, reason, verdict, outcomes } = scenario;
  const last = steps.at(-1);
  const start = markup`<testcase classname="${suite}" name="${name.replace(/^.*\//, '')}" file="${file}" line="${last?.line ?? 1}"`;
  const told = outcomes.length > 0 && markup`<system-out>${outcomes.map(metOutcome).join('\n')}</system-out>`;
  if (result === 'passed') return told ? markup`    ${start}>${told}</testcase>\n` : markup`    ${start}/>\n`;
  const why = last?.complaints[0] ?? reason;
  const inside =
    result === 'skipped'
      ? markup`<skipped message="${reason}"/>`
      : markup`<failure message="${why}">${verdict}</failure>`;
  return markup`    ${start}>${inside}${told}</testcase>\n`;
}
