import { tellCovered, usedApis } from './coverage.js';
import { type HarnessReport, SEVERITIES, type Severity } from './finding.js';
import { severely } from './summary.js';

/** What makes a run fail: a finding as bad as this or worse, or less coverage of an API in use than so many percent. */
export type FailRule = { severity: Severity } | { coverage: number };

/** Reads one rule: `violation`, `warning`, `note` or `coverage=80`; undefined when it is none. */
export function readFailRule(text: string): FailRule | undefined {
  const severity = SEVERITIES.find((name) => name === text);
  if (severity !== undefined) return { severity };
  const [, percent] = /^coverage=(\d{1,3})$/.exec(text) ?? [];
  return percent === undefined || Number(percent) > 100 ? undefined : { coverage: Number(percent) };
}

/** Why a run fails, one line each; none when it is fine. Nothing judged is always a failure. */
export function failures(report: HarnessReport, rules: readonly FailRule[]): string[] {
  if (report.judged === 0) return ['nothing was judged'];
  const severities = rules.flatMap((rule) => ('severity' in rule ? rankOf(rule.severity) : []));
  const percents = rules.flatMap((rule) => ('coverage' in rule ? rule.coverage : []));
  // The strictest of each kind says it all.
  return [...tooBad(report, Math.max(...severities)), ...tooLittle(report, Math.max(...percents))];
}

const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** @param mildest rank of the mildest severity that counts; -Infinity where none does */
function tooBad({ findings }: HarnessReport, mildest: number): string[] {
  const bad = findings.filter(({ severity }) => rankOf(severity) <= mildest);
  return bad.length === 0 ? [] : [`${severely(bad)} (--fail-on ${SEVERITIES[mildest]})`];
}

/**
 * Each API that the shop uses must be covered so far.
 * @param wanted percent; -Infinity where it does not matter
 */
function tooLittle({ coverage }: HarnessReport, wanted: number): string[] {
  const used = coverage ? usedApis(coverage) : [];
  const short = used.filter(({ percent }) => percent < wanted);
  if (used.length > 0 ? short.length === 0 : wanted <= 0) return [];
  return [`${tellCovered(short)} (--fail-on coverage=${wanted})`];
}
