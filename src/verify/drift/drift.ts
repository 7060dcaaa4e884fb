import type { Finding } from '../../report/finding.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { Verified } from '../verified.js';
import { compareByCases } from './by-cases.js';
import { type ComparedRecording, compareRecordings, compareRecordingWithTarget } from './by-recording.js';
import type { Pair, Side } from './differences.js';
import { differencesOf, driftChecks } from './differences.js';

/**
 * Compares two sides answer by answer: two targets by the cases that both can play, a recording with a sandbox by its
 * requests, two recordings by their order.
 */
export async function compareSides(sides: readonly [Side, Side], cases: readonly Scenario[]): Promise<Verified> {
  const [first, second] = sides;
  if (first.kind === 'target' && second.kind === 'target') {
    const { pairs, findings, judged, unjudged } = await compareByCases([first, second], cases);
    const differences = differ(pairs, sides);
    return { findings: [...differences, ...unsaid(findings, differences)], judged, unjudged, checks: driftChecks };
  }
  const { pairs, unjudged } = await compareRecorded(first, second);
  return { findings: differ(pairs, sides), judged: pairs.length, unjudged, checks: driftChecks };
}

async function compareRecorded(first: Side, second: Side): Promise<ComparedRecording> {
  if (first.kind === 'recording') {
    return second.kind === 'recording'
      ? compareRecordings(first, second)
      : compareRecordingWithTarget(first, second, false);
  }
  // Two targets have been compared by cases.
  return compareRecordingWithTarget(second as Extract<Side, { kind: 'recording' }>, first, true);
}

const differ = (pairs: readonly Pair[], sides: readonly [Side, Side]): Finding[] =>
  pairs.flatMap((pair) => differencesOf(pair, sides));

/** Returns the findings about steps without a difference between the answers. */
function unsaid(findings: readonly Finding[], differences: readonly Finding[]): Finding[] {
  const place = ({ where }: Finding) => `${where.case}:${where.line}`;
  const said = new Set(differences.map(place));
  return findings.filter((found) => !said.has(place(found)));
}
