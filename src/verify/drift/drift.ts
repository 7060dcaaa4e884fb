import type { Finding } from '../../report/finding.js';
import { SeenExchanges } from '../../report/seen.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { Verified } from '../verified.js';
import { compareByCases, type Unlike } from './by-cases.js';
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
    const exchanges = new SeenExchanges();
    const differences = differ(pairs, sides, exchanges);
    const others = unsaid(findings, differences);
    for (const { finding, seen } of others) exchanges.add(finding, seen);
    const all = [...differences, ...others.map(({ finding }) => finding)];
    return { findings: all, exchanges: exchanges.list(), judged, unjudged, checks: driftChecks };
  }
  const { pairs, unjudged } = await compareRecorded(first, second);
  const exchanges = new SeenExchanges();
  const findings = differ(pairs, sides, exchanges);
  return { findings, exchanges: exchanges.list(), judged: pairs.length, unjudged, checks: driftChecks };
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

/** Returns the differences of pairs, and enters the exchanges that they are about. */
function differ(pairs: readonly Pair[], sides: readonly [Side, Side], exchanges: SeenExchanges): Finding[] {
  return pairs.flatMap((pair) => {
    const found = differencesOf(pair, sides);
    for (const each of found) exchanges.add(each, () => pair.seen());
    return found;
  });
}

/** Returns the findings about steps without a difference between the answers. */
function unsaid(findings: readonly Unlike[], differences: readonly Finding[]): Unlike[] {
  const place = ({ where }: Finding) => `${where.case}:${where.line}`;
  const said = new Set(differences.map(place));
  return findings.filter(({ finding }) => !said.has(place(finding)));
}
