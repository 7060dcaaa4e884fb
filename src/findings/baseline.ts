import type { Finding, HarnessReport, KnownFinding } from './finding.js';

/** What a baseline remembers of findings, each once, in an order that does not depend on the run. */
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

/** A baseline as it stands in its file. */
export const renderBaseline = (known: readonly KnownFinding[]): string => `${JSON.stringify(known, null, 2)}\n`;

/**
 * Reads the file of a baseline.
 * @throws {SyntaxError} that says what is wrong, when it is none
 */
export function readBaseline(text: string): KnownFinding[] {
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw new SyntaxError('expected a list of findings, as --write-baseline writes it');
  return entries.map((entry: Partial<KnownFinding> | null, index) => {
    if (typeof entry?.fingerprint === 'string') {
      const { fingerprint, check, operation, message } = entry;
      return { fingerprint, check: String(check ?? ''), operation, message: String(message ?? '') };
    }
    throw new SyntaxError(`entry ${index + 1} has no fingerprint`);
  });
}

/** The report without the findings that a baseline knows; says which these were, and which there are no longer. */
export function withoutKnown(report: HarnessReport, known: readonly KnownFinding[]): HarnessReport {
  const fingerprints = new Set(known.map(({ fingerprint }) => fingerprint));
  const seen = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const isKnown = ({ fingerprint }: Finding) => fingerprints.has(fingerprint);
  return {
    ...report,
    findings: report.findings.filter((found) => !isKnown(found)),
    baseline: {
      known: report.findings.filter(isKnown),
      fixed: known.filter(({ fingerprint }) => !seen.has(fingerprint)),
    },
  };
}
