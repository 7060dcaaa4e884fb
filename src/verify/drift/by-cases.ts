import { locate } from '../../contract/locate.js';
import type { Unjudged } from '../../exchange/recorded.js';
import { whySandbox } from '../../replay/merchants.js';
import type { StepAnswer } from '../../replay/player.js';
import { replayScenarios } from '../../replay/replay.js';
import { complaints, type ScenarioResult } from '../../replay/result.js';
import { type Finding, finding, type SeenExchange } from '../../report/finding.js';
import type { Scenario } from '../../scenario/scenario.js';
import { withoutFraming } from '../cases.js';
import { asRecorded } from '../recordings/compare.js';
import { seenSent } from '../sent.js';
import type { Pair, TargetSide } from './differences.js';

/** The result of playing cases against both sides. */
export interface ComparedCases {
  pairs: Pair[];
  /** Steps where only one side is as the case expects. */
  findings: Unlike[];
  /** The number of cases that were played on both sides. */
  judged: number;
  unjudged: Unjudged[];
}

/** A finding about a step where only one side is as the case expects. */
export interface Unlike {
  finding: Finding;
  /** Returns the exchange of the other side. */
  seen(): readonly SeenExchange[];
}

/** Plays the cases that both sides can play against each, and pairs their answers. */
export async function compareByCases(
  sides: readonly [TargetSide, TargetSide],
  cases: readonly Scenario[],
): Promise<ComparedCases> {
  const reasons = cases.map((scenario) => ({ scenario, why: whyNot(scenario, sides) }));
  const playable = reasons.filter(({ why }) => why === undefined).map(({ scenario }) => scenario);
  const [first, second] = [await play(sides[0], playable, 'a'), await play(sides[1], playable, 'b')];
  return {
    pairs: [...first.answers].flatMap(([key, answer]) => pairOf(answer, second.answers.get(key), sides)),
    findings: playable.flatMap((_, at) => unlike([first.results[at], second.results[at]] as Both, sides)),
    judged: playable.length,
    unjudged: reasons.flatMap(({ scenario, why }) => (why === undefined ? [] : [{ what: scenario.name, why }])),
  };
}

function whyNot(scenario: Scenario, sides: readonly [TargetSide, TargetSide]): string | undefined {
  if (scenario.steps.length === 0) return 'has no steps';
  const needs = whySandbox(scenario);
  const other = sides.find(({ sandbox }) => !sandbox);
  return needs !== undefined && other ? `${other.name} is no sandbox: ${needs}` : undefined;
}

/** An answer to a step of a case. */
interface CaseAnswer extends StepAnswer {
  /** Path and query. */
  target: string;
}

interface Played {
  answers: Map<string, CaseAnswer>;
  results: ScenarioResult[];
}

/** @param mark tells merchants of one side from those of the other, should both be one sandbox */
async function play(
  { target, sandbox, before }: TargetSide,
  cases: readonly Scenario[],
  mark: string,
): Promise<Played> {
  const answers = new Map<string, CaseAnswer>();
  const username = sandbox ? `${target.username}.${mark}` : target.username;
  const results = await replayScenarios(
    cases.map(withoutFraming),
    { ...target, username },
    {
      sandbox,
      before,
      blind: true,
      anew: true,
      onAnswer(answer) {
        const { scenario, number, request } = answer;
        let key = `${scenario.name} ${number}`;
        while (answers.has(key)) key += ' again';
        answers.set(key, { ...answer, target: request.url.slice(target.url.length) });
      },
    },
  );
  return { answers, results };
}

function pairOf(
  first: CaseAnswer,
  second: CaseAnswer | undefined,
  [one, other]: readonly [TargetSide, TargetSide],
): Pair[] {
  const operation = locate(first.request.method, first.target)?.operation;
  if (!second || !operation || operation.api === 'sandbox') return [];
  const { scenario, step, number } = first;
  const where = { file: scenario.path, line: step.at.line, case: scenario.name, step: number };
  return [
    {
      operation,
      what: `step ${number}`,
      answers: [asRecorded(first.answer), asRecorded(second.answer)],
      where,
      seen: () => [...seenSent(where, first, one.name), ...seenSent(where, second, other.name)],
    },
  ];
}

type Both = [ScenarioResult, ScenarioResult];

/** Returns a finding where one side came further in a case than the other. */
function unlike(both: Both, sides: readonly [TargetSide, TargetSide]): Unlike[] {
  const reached = both.map(({ passed, steps }) => (passed ? Number.POSITIVE_INFINITY : steps.length));
  const [a = 0, b = 0] = reached;
  if (a === b) return [];
  const behind = a < b ? 0 : 1;
  const { scenario, steps, trouble } = both[behind] as ScenarioResult;
  const last = steps.at(-1);
  const why = last ? complaints(last).join('; ') : String(trouble);
  const mismatch = last?.mismatches[0];
  const where = {
    file: scenario.path,
    line: last?.step.at.line ?? 1,
    case: scenario.name,
    ...(last && { step: last.number }),
  };
  const found = finding({
    check: 'drift/expectation',
    severity: 'violation',
    ...(last && { operation: last.step.operation.name }),
    message: `step ${last?.number ?? 1}: only ${sides[1 - behind]?.name} is as the case expects; ${sides[behind]?.name}: ${why}`,
    ...(mismatch && { path: mismatch.path, expected: mismatch.expected, got: mismatch.got }),
    where,
  });
  return [{ finding: found, seen: () => seenSent(where, last, sides[behind]?.name) }];
}
