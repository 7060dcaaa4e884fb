import { DOCUMENT_DEPTH, parseJson } from '../exchange/json.js';
import { renderCovered, usedApis } from './coverage.js';
import { type Finding, type HarnessReport, type KnownFinding, SEVERITIES, type Severity } from './finding.js';
import { seenIn } from './seen.js';
import { renderSeverities } from './summary.js';

/** A condition on which a run fails: a finding of this severity or worse, or a coverage of an API in use below a percentage. */
export type FailRule = { severity: Severity } | { coverage: number };

/** Reads one rule: `violation`, `warning`, `note` or `coverage=80`; undefined when it is none. */
export function readFailRule(text: string): FailRule | undefined {
  const severity = SEVERITIES.find((name) => name === text);
  if (severity !== undefined) return { severity };
  const [, percent] = /^coverage=(\d{1,3})$/.exec(text) ?? [];
  return percent === undefined || Number(percent) > 100 ? undefined : { coverage: Number(percent) };
}

/** Returns the reasons why a run fails, one line each; none when it passes. A run that judged nothing fails. */
export function failures(report: HarnessReport, rules: readonly FailRule[]): string[] {
  if (report.judged === 0) return ['nothing was judged'];
  const severities = rules.flatMap((rule) => ('severity' in rule ? rankOf(rule.severity) : []));
  const percents = rules.flatMap((rule) => ('coverage' in rule ? rule.coverage : []));
  // The strictest rule of each kind includes the others.
  return [...tooBad(report, Math.max(...severities)), ...tooLittle(report, Math.max(...percents))];
}

const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** @param mildest rank of the mildest severity that counts; -Infinity where none does */
function tooBad({ findings }: HarnessReport, mildest: number): string[] {
  const bad = findings.filter(({ severity }) => rankOf(severity) <= mildest);
  return bad.length === 0 ? [] : [`${renderSeverities(bad)} (--fail-on ${SEVERITIES[mildest]})`];
}

/**
 * Each API that the shop uses must be covered so far.
 * @param wanted percent; -Infinity where it does not matter
 */
function tooLittle({ coverage }: HarnessReport, wanted: number): string[] {
  const used = coverage ? usedApis(coverage) : [];
  const short = used.filter(({ percent }) => percent < wanted);
  if (used.length > 0 ? short.length === 0 : wanted <= 0) return [];
  return [`${renderCovered(short)} (--fail-on coverage=${wanted})`];
}

/** Returns the entries of a baseline for findings, each once, in an order that does not depend on the run. */
export function toBaseline(findings: readonly Finding[]): KnownFinding[] {
  const known = new Map(
    findings.map(({ fingerprint, check, operation, message }) => [
      fingerprint,
      { fingerprint, check, operation, message },
    ]),
  );
  const key = ({ check, operation, fingerprint }: KnownFinding) => [check, operation ?? '', fingerprint].join('\0');
  return [...known.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Renders a baseline as its file has it. */
export const renderBaseline = (known: readonly KnownFinding[]): string => `${JSON.stringify(known, null, 2)}\n`;

/**
 * Reads the file of a baseline.
 * @throws {SyntaxError} that says what is wrong, when it is none
 */
export function readBaseline(text: string): KnownFinding[] {
  const entries = parseJson(text, DOCUMENT_DEPTH);
  if (!Array.isArray(entries)) throw new SyntaxError('expected a list of findings, as --write-baseline writes it');
  return entries.map((entry: Partial<KnownFinding> | null, index) => {
    if (typeof entry?.fingerprint === 'string') {
      const { fingerprint, check, operation, message } = entry;
      return { fingerprint, check: String(check ?? ''), operation, message: String(message ?? '') };
    }
    throw new SyntaxError(`entry ${index + 1} has no fingerprint`);
  });
}

/** Returns the report without the findings that a baseline knows; `baseline` lists these, and those that are gone. */
export function withoutKnown(report: HarnessReport, known: readonly KnownFinding[]): HarnessReport {
  const fingerprints = new Set(known.map(({ fingerprint }) => fingerprint));
  const seen = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const isKnown = ({ fingerprint }: Finding) => fingerprints.has(fingerprint);
  const findings = report.findings.filter((found) => !isKnown(found));
  return {
    ...report,
    findings,
    ...(report.exchanges && { exchanges: seenIn(report.exchanges, findings) }),
    baseline: {
      known: report.findings.filter(isKnown),
      fixed: known.filter(({ fingerprint }) => !seen.has(fingerprint)),
    },
  };
}
