import { fileURLToPath } from 'node:url';
import type { Target } from '../client/target.js';
import { isFraming } from '../contract/headers.js';
import { locate } from '../contract/locate.js';
import type { Operation } from '../contract/operations.js';
import { upsert } from '../exchange/fields.js';
import { packageRoot } from '../package-root.js';
import { chooseScenarios, named } from '../replay/choose.js';
import { failuresOf, placedAt, scenarioCheck, unjudgedIn } from '../replay/findings.js';
import { NO_STANDING_CLOCK, whySandbox } from '../replay/merchants.js';
import { replayScenarios } from '../replay/replay.js';
import { hasFailed, type ScenarioResult } from '../replay/result.js';
import type { Check, Finding, Place } from '../report/finding.js';
import { SeenExchanges } from '../report/seen.js';
import { readScenarios } from '../scenario/files.js';
import { Library } from '../scenario/library.js';
import type { Scenario } from '../scenario/scenario.js';
import { answerCheck, judgeAnswer } from './answer.js';
import { type Sent, seenSent } from './sent.js';
import type { Verified } from './verified.js';

/** The folder of the contract cases that ship. */
export const shippedCases: string = fileURLToPath(new URL('contracts/cases', packageRoot));

/**
 * Returns the contract cases of names: files, folders of them, and of those that ship a name or a folder.
 * @param names none: all that ship
 * @throws ScenarioError with what is wrong with all of them
 */
export async function chooseCases(names: readonly string[]): Promise<Scenario[]> {
  if (names.length > 0) return chooseScenarios(names, Library.open(shippedCases));
  return (await readScenarios([shippedCases])).map(named);
}

/** Returns a case without its expectations of framing headers, which proxies change. */
export const withoutFraming = (scenario: Scenario): Scenario => ({
  ...scenario,
  steps: scenario.steps.map((step) =>
    step.expect?.headers ? { ...step, expect: { ...step.expect, headers: unframed(step.expect.headers) } } : step,
  ),
});

const unframed = (headers: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isFraming(name)));

/** Options of a run of contract cases. */
export interface CasesOptions {
  /** The target is a sandbox. Cases that need one are not judged elsewhere. */
  sandbox: boolean;
  /** Makes generated values repeat: for a sandbox without a memory. */
  seed?: string;
  /** Waited for before each request. */
  before?: () => Promise<void>;
  /** Called with the number of cases done and findings so far. */
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
  const exchanges = new SeenExchanges();
  const answered = new Map<Scenario, Set<Operation>>();
  let done = 0;
  const enter = (found: readonly Finding[], sent: Sent | undefined) => {
    findings.push(...found);
    for (const each of found) exchanges.add(each, () => seenSent(each.where, sent));
  };
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
      upsert(answered, scenario, () => new Set()).add(operation);
      const found = judgeAnswer(operation, answer, known(scenario), `step ${number}`);
      enter(found.map(placedAt(scenario, step.at.line, number)), { request, answer });
    },
    onResult(result) {
      if (hasFailed(result)) enter(failuresOf(result, caseCheck(result.scenario, sandbox)), result.steps.at(-1));
      onCase?.(++done, findings.length);
    },
  });
  const judged = results.filter(({ skipped }) => skipped === undefined);
  // In the order of the cases, whichever was answered first.
  const operations = new Set(judged.flatMap(({ scenario }) => [...(answered.get(scenario) ?? [])]));
  return {
    findings: once(findings),
    exchanges: exchanges.list(),
    seconds: Object.fromEntries(
      judged.flatMap(({ scenario, seconds }) => (seconds === undefined ? [] : [[`case/${scenario.name}`, seconds]])),
    ),
    judged: judged.length,
    unjudged: [
      ...results.filter(({ skipped }) => skipped !== undefined).map(unjudgedOf),
      ...judged.flatMap(unjudgedIn),
    ],
    checks: [...judged.map(({ scenario }) => caseCheck(scenario, sandbox)), ...[...operations].map(answerCheck)],
  };
}

/** Returns the place for a fingerprint: the name of the case, wherever its file is installed. */
const known = ({ name }: Scenario): Place => ({ case: name });

function unjudgedOf({ scenario, skipped }: ScenarioResult): Verified['unjudged'][number] {
  const needs = skipped === NO_STANDING_CLOCK ? undefined : whySandbox(scenario);
  return { what: scenario.name, why: needs === undefined ? String(skipped) : `${skipped}: ${needs}` };
}

/** Returns the severity of a case: one of inferred evidence is a warning where Klarna itself does otherwise. */
const severityOf = ({ evidence }: Scenario, sandbox: boolean): Check['severity'] =>
  evidence === 'inferred' && !sandbox ? 'warning' : 'violation';

const caseCheck = (scenario: Scenario, sandbox: boolean): Check =>
  scenarioCheck(scenario, 'case', severityOf(scenario, sandbox));

/** Returns findings without those that several requests of one step have in common. */
function once(findings: readonly Finding[]): Finding[] {
  const key = ({ fingerprint, where }: Finding) => `${fingerprint} ${where.line}`;
  return [...new Map(findings.map((found) => [key(found), found])).values()];
}
