import type { Target } from '../client/target.js';
import { ScenarioError } from '../scenario/problem.js';
import { chooseScenarios } from './choose.js';
import { replayScenarios } from './replay.js';
import { makeReport, type ReportedScenario } from './report/report.js';

/**
 * Plays one scenario on a sandbox.
 * @param known play as the target's user name and no other, because the sandbox knows its merchants
 * @param strict fail where something of it tested nothing
 * @throws ScenarioError when there is no such scenario, or more than one, or its file has mistakes
 */
export async function replayOne(
  nameOrFile: string,
  target: Target,
  { seed, known, strict }: { seed?: string; known: boolean; strict?: boolean },
): Promise<ReportedScenario> {
  const [scenario, ...others] = await chooseScenarios([nameOrFile]);
  if (!scenario || others.length > 0) {
    const message = scenario ? `${others.length + 1} scenarios, where one can be played` : 'no scenario in there';
    throw new ScenarioError([{ path: nameOrFile, line: 1, column: 1, message }]);
  }
  const merchant = scenario.merchant ?? (known ? target.username : undefined);
  const results = await replayScenarios([{ ...scenario, merchant }], target, { seed, strict, anew: true });
  return makeReport(results, 1).scenarios[0] as ReportedScenario;
}
