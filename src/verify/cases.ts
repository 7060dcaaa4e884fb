import { fileURLToPath } from 'node:url';
import type { Target } from '../client/target.js';
import { isFraming } from '../contract/headers.js';
import { locate } from '../contract/locate.js';
import { packageRoot } from '../package-root.js';
import { chooseScenarios, named } from '../replay/choose.js';
import { NO_STANDING_CLOCK, whySandbox } from '../replay/merchants.js';
import { replayScenarios } from '../replay/replay.js';
import { hasFailed, type ScenarioResult, type StepResult } from '../replay/result.js';
import { complaints } from '../replay/verdict.js';
import { type Check, type Finding, finding, type Place } from '../report/finding.js';
import { readScenarios } from '../scenario/files.js';
import { Library } from '../scenario/library.js';
import type { Scenario, Step } from '../scenario/scenario.js';
import { answerCheck, judgeAnswer } from './answer.js';
import type { Verified } from './verified.js';

/** The folder of the contract cases that ship. */
export const shippedCases: string = fileURLToPath(new URL('contracts/cases', packageRoot));

/**
 * The contract cases that words name: files, folders of them, and of those that ship a name or a folder.
 * @param words none: all that ship
 * @throws ScenarioError with what is wrong with all of them
 */
export async function chooseCases(words: readonly string[]): Promise<Scenario[]> {
  if (words.length > 0) return chooseScenarios(words, Library.open(shippedCases));
  return (await readScenarios([shippedCases])).map(named);
}

/** A case as it can be judged through a proxy: without what it expects of framing. */
export const withoutFraming = (scenario: Scenario): Scenario => ({
  ...scenario,
  steps: scenario.steps.map((step) =>
    step.expect?.headers ? { ...step, expect: { ...step.expect, headers: unframed(step.expect.headers) } } : step,
  ),
});

const unframed = (headers: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isFraming(name)));

export interface CasesOptions {
  /** Whether the target is a sandbox. Cases that need one are not judged elsewhere. */
  sandbox: boolean;
  /** Makes generated values repeat: for a sandbox without a memory. */
  seed?: string;
  /** Waited for before each request. */
  before?: () => Promise<void>;
  /** Hears how many cases are done. */
  onCase?: (done: number, findings: number) => void;
}

/**
 * Plays contract cases against a target: on a sandbox several at once, under user names that begin with the target's;
 * elsewhere one after the other. Every answer of Klarna's APIs is judged by its contract as well, expected or not.
 */
export async function verifyCases(
  target: Target,
  cases: readonly Scenario[],
  { sandbox, seed, before, onCase }: CasesOptions,
): Promise<Verified> {
  const findings: Finding[] = [];
  const operations = new Map<string, Check>();
  let done = 0;
  const results = await replayScenarios(cases.map(withoutFraming), target, {
    sandbox,
    seed,
    before,
    blind: true,
    // Other runs may have been there before, unless it is a sandbox of our own.
    anew: seed === undefined,
    onAnswer({ scenario, step, number, request, answer }) {
      // A case may ask for a path that is no operation's, or another's than the step names.
      const operation = locate(request.method, request.url.slice(target.url.length))?.operation;
      if (!operation || operation.api === 'sandbox') return;
      operations.set(operation.name, answerCheck(operation));
      findings.push(...judgeAnswer(operation, answer, known(scenario), `step ${number}`).map(at(scenario, step)));
    },
    onResult(result) {
      findings.push(...(hasFailed(result) ? failuresOf(result, sandbox) : []));
      onCase?.(++done, findings.length);
    },
  });
  const judged = results.filter(({ skipped }) => skipped === undefined);
  return {
    findings: once(findings),
    judged: judged.length,
    unjudged: [
      ...results.filter(({ skipped }) => skipped !== undefined).map(unjudgedOf),
      ...judged.flatMap(unjudgedIn),
    ],
    checks: [...judged.map(({ scenario }) => caseCheck(scenario, sandbox)), ...operations.values()],
  };
}

/** What a fingerprint knows of a case: its name, wherever its file was installed. */
const known = ({ name }: Scenario): Place => ({ case: name });

/** Puts a finding where it was found. */
const at =
  ({ path, name }: Scenario, step?: Step) =>
  (found: Finding): Finding => ({ ...found, where: { file: path, line: step?.at.line ?? 1, case: name } });

function unjudgedOf({ scenario, skipped }: ScenarioResult): Verified['unjudged'][number] {
  const needs = skipped === NO_STANDING_CLOCK ? undefined : whySandbox(scenario);
  return { what: scenario.name, why: needs === undefined ? String(skipped) : `${skipped}: ${needs}` };
}

/** What a case that was played expects and the target could not be asked. */
function unjudgedIn({ scenario, steps }: ScenarioResult): Verified['unjudged'] {
  return steps.flatMap(({ number, unjudged }) =>
    unjudged === undefined ? [] : [{ what: `${scenario.name}, step ${number}`, why: unjudged }],
  );
}

/** What only we concluded is no violation where Klarna itself does otherwise. */
const severityOf = ({ evidence }: Scenario, sandbox: boolean): Check['severity'] =>
  evidence === 'inferred' && !sandbox ? 'warning' : 'violation';

function caseCheck(scenario: Scenario, sandbox: boolean): Check {
  const { name, title, evidence, source } = scenario;
  return { id: `case/${name}`, severity: severityOf(scenario, sandbox), title, evidence, source };
}

/** What was not as the case expects: at its last step, which failed, or before the first. */
function failuresOf({ scenario, steps, trouble }: ScenarioResult, sandbox: boolean): Finding[] {
  const last = steps.at(-1);
  const common = {
    check: `case/${scenario.name}`,
    severity: severityOf(scenario, sandbox),
    evidence: scenario.evidence,
    source: scenario.source,
    where: known(scenario),
  };
  const place = at(scenario, last?.step);
  if (!last) return [place(finding({ ...common, message: `could not be begun: ${trouble}` }))];
  const { step, number, mismatches } = last;
  const details = mismatches.length > 0 ? mismatches : [{}];
  const texts = complaints(last);
  return details.map((mismatch, index) =>
    place(
      finding({
        ...common,
        operation: step.operation.name,
        message: `step ${number}: ${texts[index]}${whyOf(last)}`,
        ...mismatch,
      }),
    ),
  );
}

/** The sandbox's own explanation of its answer. */
function whyOf({ answer }: StepResult): string {
  const why = answer?.headers['mock-klarna-explain'];
  return why === undefined ? '' : ` (${why})`;
}

/** What several requests of one step show in the same way, once. */
function once(findings: readonly Finding[]): Finding[] {
  const key = ({ fingerprint, where }: Finding) => `${fingerprint} ${where.line}`;
  return [...new Map(findings.map((found) => [key(found), found])).values()];
}
