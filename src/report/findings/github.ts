import { type Annotation, renderAnnotation } from '../annotation.js';
import type { HarnessReport, Severity } from '../finding.js';
import { type Alike, alike, byCheck, placesOf, sentence } from '../summary.js';

/** So many places of the same finding are told. */
const MOST_PLACES = 3;

/** What GitHub calls each severity. */
const LEVELS: Readonly<Record<Severity, Annotation['level']>> = {
  violation: 'error',
  warning: 'warning',
  note: 'notice',
};

/**
 * Annotations for GitHub Actions, one line for each finding with a place in a file, and one for all others that say the
 * same.
 * @param toFile the file as annotations name it
 */
export function renderAnnotations(report: HarnessReport, toFile = (file: string): string => file): string[] {
  return byCheck(report)
    .flatMap(({ findings }) => alike(findings))
    .flatMap((findings) => {
      const placed = findings.filter(({ where }) => where.file !== undefined);
      const [first, ...rest] = findings.filter(({ where }) => where.file === undefined);
      const others: Alike[] = first ? [[first, ...rest]] : [];
      return [...placed.map((found): Alike => [found]), ...others].map((same) => annotate(same, toFile));
    });
}

function annotate(findings: Alike, toFile: (file: string) => string): string {
  const { severity, check, operation, where } = findings[0];
  const { file, line } = where;
  // Where the place is no file, the title names it.
  const title = [check, operation, file === undefined && placesOf(findings, MOST_PLACES)].filter(Boolean).join(' ');
  const place = file === undefined ? {} : { file: toFile(file), line: line ?? 1 };
  return renderAnnotation({ level: LEVELS[severity], ...place, title, message: sentence(findings[0]) });
}
