import type { HarnessReport } from '../report/finding.js';

/** The share of one part of a run in the report. */
export type Verified = Pick<HarnessReport, 'findings' | 'exchanges' | 'seconds' | 'judged' | 'unjudged'> &
  Required<Pick<HarnessReport, 'checks'>>;

/** Returns the report of several parts; a check that several have is listed once. */
export function makeReport(
  tool: HarnessReport['tool'],
  { title, target }: Pick<HarnessReport, 'title' | 'target'>,
  parts: readonly Verified[],
): HarnessReport {
  const seconds = Object.assign({}, ...parts.map((part) => part.seconds));
  const checks = new Map(parts.flatMap((part) => part.checks).map((check) => [check.id, check]));
  return {
    tool,
    title,
    target,
    findings: parts.flatMap(({ findings }) => findings),
    ...(parts.some(({ exchanges }) => exchanges) && { exchanges: parts.flatMap(({ exchanges = [] }) => exchanges) }),
    ...(Object.keys(seconds).length > 0 && { seconds }),
    judged: parts.reduce((sum, { judged }) => sum + judged, 0),
    unjudged: parts.flatMap(({ unjudged }) => unjudged),
    checks: [...checks.values()],
  };
}
