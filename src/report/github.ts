import type { HarnessReport, Severity } from './finding.js';
import { isReplay, lineOfFailure, type ReplayReport } from './replay.js';
import { byCheck, type FindingGroup, groupFindings, placesOf, sentence } from './summary.js';

/** A remark of GitHub Actions, at a place in a file where there is one. */
export interface Annotation {
  /** `error` unless given. */
  level?: 'error' | 'warning' | 'notice';
  file?: string;
  /** From 1. */
  line?: number;
  /** From 1. */
  column?: number;
  title: string;
  message: string;
}

/** Renders an annotation as a workflow command of GitHub Actions: one line. */
export function renderAnnotation({ level = 'error', file, line, column, title, message }: Annotation): string {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${escapeMessage(message)}`;
}

const escapeMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** The level of an annotation by the severity of a finding. */
const LEVELS: Readonly<Record<Severity, Annotation['level']>> = {
  violation: 'error',
  warning: 'warning',
  note: 'notice',
};

/** The most places that the title of one annotation names. */
const MOST_PLACES = 3;

/**
 * Renders the annotations of a report, one line each. A replay has an error at the failed step of each scenario that
 * failed, and a warning where something tested nothing. Any other report has one for each finding with a place in a
 * file, and one for all others that differ in nothing but the place.
 * @param toFile returns the file as annotations name it
 */
export function renderAnnotations(report: HarnessReport, toFile = (file: string): string => file): string[] {
  return (isReplay(report) ? annotateScenarios(report) : annotateFindings(report))
    .map((annotation) => ({ ...annotation, ...(annotation.file !== undefined && { file: toFile(annotation.file) }) }))
    .map(renderAnnotation);
}

function annotateScenarios({ scenarios }: ReplayReport): Annotation[] {
  const failures = scenarios
    .filter(({ result }) => result === 'failed')
    .map(({ name, file, steps, reason }) => {
      const last = steps.at(-1);
      const message = last?.complaints.join('\n') || String(reason);
      return { file, line: last ? lineOfFailure(last) : 1, title: `replay ${name}`, message };
    });
  const warnings = scenarios.flatMap(({ name, file, warnings }) =>
    warnings.map(({ line, message }) => ({ level: 'warning' as const, file, line, title: `replay ${name}`, message })),
  );
  return [...failures, ...warnings];
}

function annotateFindings(report: HarnessReport): Annotation[] {
  return byCheck(report)
    .flatMap(({ findings }) => groupFindings(findings))
    .flatMap((group) => {
      const inFiles = group.filter(({ where }) => where.file !== undefined);
      const [first, ...rest] = group.filter(({ where }) => where.file === undefined);
      const elsewhere: FindingGroup[] = first ? [[first, ...rest]] : [];
      return [...inFiles.map((found): FindingGroup => [found]), ...elsewhere].map(annotateGroup);
    });
}

function annotateGroup(group: FindingGroup): Annotation {
  const { severity, check, operation, where } = group[0];
  const { file, line } = where;
  // Without a file the title names the place.
  const title = [check, operation, file === undefined && placesOf(group, MOST_PLACES)].filter(Boolean).join(' ');
  const place = file === undefined ? {} : { file, line: line ?? 1 };
  return { level: LEVELS[severity], ...place, title, message: sentence(group[0]) };
}
