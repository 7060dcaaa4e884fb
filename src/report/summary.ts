import { groupBy, upsert } from '../exchange/fields.js';
import { renderCovered, usedApis } from './coverage.js';
import { type Check, type Finding, type HarnessReport, SEVERITIES, type Severity } from './finding.js';

/** Findings that differ in nothing but the place: one at least. */
export type FindingGroup = [Finding, ...Finding[]];

/** Groups findings that differ in nothing but the place, in the order of the first of each group. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups: FindingGroup[] = [];
  const byMessage = new Map<string, FindingGroup[]>();
  for (const found of findings) {
    const alike = upsert(byMessage, found.message, () => []);
    const group = alike.find(([first]) => saysTheSame(first, found));
    if (group) group.push(found);
    else {
      const begun: FindingGroup = [found];
      alike.push(begun);
      groups.push(begun);
    }
  }
  return groups;
}

/** The fields of a finding without its place, and without the fingerprint, which is made of the others. */
const CONTENT: Readonly<Record<keyof Omit<Finding, 'where' | 'fingerprint'>, true>> = {
  message: true,
  path: true,
  check: true,
  severity: true,
  operation: true,
  evidence: true,
  source: true,
  expected: true,
  got: true,
};
const contentFields = Object.keys(CONTENT) as (keyof typeof CONTENT)[];

/** Tells whether findings differ in nothing but the place. */
const saysTheSame = (one: Finding, other: Finding): boolean =>
  contentFields.every((name) => one[name] === other[name] || JSON.stringify(one[name]) === JSON.stringify(other[name]));

/** Renders at most `most` places of findings: `exchange 3 of boots, exchange 5 of boots and 7 more`. */
export function placesOf(findings: readonly Finding[], most: number): string {
  const places = findings.map(({ where }) => whereOf(where)).filter((place) => place !== '');
  const more = places.length - most;
  return places.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Renders a number with its noun: `1 violation`, `2 violations`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Renders the number of findings by severity: `2 violations, 1 warning`; `no findings` when there is none. */
export function renderSeverities(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((found) => found.severity === severity).length,
  })).filter(({ count }) => count > 0);
  return counts.map(({ severity, count }) => counted(count, severity)).join(', ') || 'no findings';
}

/** Renders a report in a line: `2 violations, 1 warning; 34 judged, 3 not judged; Klarna Payments 45 % covered`. */
export function summarize({ findings, judged, unjudged, coverage, baseline }: HarnessReport): string {
  const parts = [
    renderSeverities(findings),
    baseline && `${baseline.known.length} known, ${baseline.fixed.length} fixed`,
    unjudged.length > 0 ? `${judged} judged, ${unjudged.length} not judged` : `${judged} judged`,
    coverage && renderCovered(usedApis(coverage)),
  ];
  return parts.filter(Boolean).join('; ');
}

const compare = (a: string | number = '', b: string | number = ''): number => (a < b ? -1 : a > b ? 1 : 0);

/** Returns findings in an order that does not depend on the run: the worst first, then by check and by place. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      compare(a.check, b.check) ||
      compare(a.where.merchant, b.where.merchant) ||
      compare(a.where.file, b.where.file) ||
      compare(a.where.line, b.where.line) ||
      compare(a.where.case, b.where.case) ||
      compare(a.where.exchange ?? 0, b.where.exchange ?? 0) ||
      compare(a.path, b.path) ||
      compare(a.message, b.message),
  );
}

/** A check with its findings. */
export interface Judged {
  check: Check;
  findings: Finding[];
}

/** Returns every check that ran, with its findings in order: those with findings first, by severity. */
export function byCheck({ findings, checks = [] }: HarnessReport): Judged[] {
  const found = groupBy(inOrder(findings), ({ check }) => check);
  const known = new Map(checks.map((check) => [check.id, check]));
  const judged = [...found].map(([id, [first, ...rest]]) => ({
    check: known.get(id) ?? unlisted(first as Finding),
    findings: [first as Finding, ...rest],
  }));
  const clean = checks.filter(({ id }) => !found.has(id)).sort((a, b) => compare(a.id, b.id));
  return [...judged, ...clean.map((check) => ({ check, findings: [] }))];
}

/** Returns the check of a finding that the report does not list. */
const unlisted = ({ check, severity, evidence, source }: Finding): Check => ({
  id: check,
  severity,
  title: check.slice(check.lastIndexOf('/') + 1).replaceAll('-', ' '),
  evidence,
  source,
});

/** Returns the severity of the first finding, which is the worst of a check. */
export const worst = ({ check, findings }: Judged): Severity => findings[0]?.severity ?? check.severity;

/** Renders the place of a finding: `shop.har:12`, `exchange 3 of boots`. */
export function whereOf({ file, line, exchange, case: name, merchant }: Finding['where']): string {
  const place = file !== undefined && (line === undefined ? file : `${file}:${line}`);
  const number = exchange !== undefined && `exchange ${exchange}`;
  const parts = [place, name, number].filter(Boolean).join(' ');
  return merchant === undefined ? parts : `${parts} of ${merchant}`.trim();
}

/** Returns the message of a finding, with the path before it where the message does not name that. */
export function sentence({ message, path }: Finding): string {
  const bare = path?.replace(/^\$\.?((request|response|answer)\.)?((body|headers)\.)?/, '').toLowerCase();
  return bare === undefined || message.toLowerCase().includes(bare) ? message : `${path}: ${message}`;
}
