import { version } from '../version.js';
import { usedApis } from './coverage.js';
import type { Check, Finding, HarnessReport, SeenExchange, Severity } from './finding.js';
import { seenFinder } from './seen.js';
import { byCheck, type FindingGroup, placesOf, sentence, whereOf } from './summary.js';

/** The level of a SARIF result by severity. */
const LEVELS: Readonly<Record<Severity, string>> = { violation: 'error', warning: 'warning', note: 'note' };

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A line of a file, from 1. */
export interface SourceLine {
  file: string;
  line: number;
}

/** The place of what has no file, where the shop's source is not known: a file that most repositories have. */
const NOWHERE: SourceLine = { file: 'README.md', line: 1 };

/** Returns the line at which a finding stands: its own, or that of the shop's source. */
export type PlaceInSource = (found: Finding) => SourceLine;

const ownPlace: PlaceInSource = ({ where: { file, line = 1 } }) => (file === undefined ? NOWHERE : { file, line });

/** The most places that the properties of a result name. */
const MOST_PLACES = 20;

/**
 * Renders a report as SARIF 2.1.0, so that GitHub's code scanning takes it: the checks are its rules, what was not judged
 * are notifications of the run. Findings with the same fingerprint and line are one result, which says how many they are.
 */
export function renderSarif(report: HarnessReport, placeOf = ownPlace): string {
  const { tool, title, target, judged, unjudged, coverage, exchanges } = report;
  const checks = byCheck(report);
  const seen = seenFinder(exchanges);
  const results = checks.flatMap(({ findings }, ruleIndex) =>
    resultsOf(findings, placeOf).map((result) => renderResult(result, ruleIndex, seen)),
  );
  const run = {
    tool: {
      driver: { name: 'mock-klarna', semanticVersion: version, rules: checks.map(({ check }) => ruleOf(check)) },
    },
    automationDetails: { id: `mock-klarna/${tool}/`, description: message(title) },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: unjudged.map(({ what, why }) => ({
          level: 'warning',
          message: message(`not judged: ${what}: ${why}`),
        })),
      },
    ],
    results,
    properties: {
      target,
      judged,
      notJudged: unjudged.length,
      ...(coverage && {
        coveragePercent: Object.fromEntries(usedApis(coverage).map(({ name, percent }) => [name, percent])),
      }),
    },
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

/** The severity of a rule in the words of code scanning. */
const PROBLEMS: Readonly<Record<Severity, string>> = {
  violation: 'error',
  warning: 'warning',
  note: 'recommendation',
};

function ruleOf({ id, severity, title, reason = title, evidence, source }: Check) {
  const why = [reason, evidence !== undefined && `Evidence: ${[evidence, source].filter(Boolean).join(', ')}.`];
  return {
    id,
    shortDescription: message(title),
    fullDescription: message(reason),
    help: message(why.filter(Boolean).join(' ')),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['klarna', id.replace(/\/.*$/s, '')],
      'problem.severity': PROBLEMS[severity],
      evidence,
      source,
    },
  };
}

/** Findings that are one result: one at least. */
interface Result {
  findings: FindingGroup;
  place: SourceLine;
  /** Number of the result among those with its fingerprint, from 1. */
  number: number;
}

function resultsOf(findings: readonly Finding[], placeOf: PlaceInSource): Result[] {
  const results = new Map<string, Result>();
  const numbers = new Map<string, number>();
  for (const found of findings) {
    const { fingerprint } = found;
    const place = placeOf(found);
    const key = JSON.stringify([fingerprint, place]);
    const known = results.get(key);
    if (known) {
      known.findings.push(found);
      continue;
    }
    const number = (numbers.get(fingerprint) ?? 0) + 1;
    numbers.set(fingerprint, number);
    results.set(key, { findings: [found], place, number });
  }
  return [...results.values()];
}

function renderResult({ findings, place, number }: Result, ruleIndex: number, seen: ReturnType<typeof seenFinder>) {
  const [first] = findings;
  const { check, severity, operation, path, expected, got, evidence, source, where, fingerprint } = first;
  const { exchange, case: name, merchant } = where;
  const region = { startLine: place.line };
  const [sent] = findings.flatMap((found) => seen(found));
  return {
    ruleId: check,
    ruleIndex,
    level: LEVELS[severity],
    message: message(sentence(first)),
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(place.file) }, region },
        ...logical(operation, whereOf(where)),
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:${number}`, 'mockKlarna/v1': fingerprint },
    ...(findings.length > 1 && { occurrenceCount: findings.length }),
    ...(sent && webOf(sent)),
    properties: {
      exchange,
      case: name,
      merchant,
      path,
      expected,
      got,
      evidence,
      source,
      ...(findings.length > 1 && { places: placesOf(findings, MOST_PLACES) }),
    },
  };
}

/** Returns the operation as the logical location; its qualified name has the place. */
function logical(operation: string | undefined, place: string) {
  const fullyQualifiedName = [operation, place].filter(Boolean).join(' ');
  if (fullyQualifiedName === '') return {};
  return { logicalLocations: [{ name: operation, fullyQualifiedName, kind: operation && 'function' }] };
}

/** Returns an exchange in the terms of SARIF. */
function webOf({ method, path, request, status, response }: SeenExchange) {
  return {
    webRequest: { method, target: path, headers: request.headers, ...bodyOf(request.body) },
    webResponse:
      status === 0
        ? { noResponseReceived: true }
        : { statusCode: status, headers: response.headers, ...bodyOf(response.body) },
  };
}

function bodyOf(body: unknown) {
  if (body === undefined) return {};
  return { body: { text: typeof body === 'string' ? body : JSON.stringify(body) } };
}

/** Returns a relative reference for a relative path, a `file:` URI for an absolute one. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]%3A\//.test(path)) return `file:///${path.replace('%3A', ':')}`;
  return path.startsWith('/') ? `file://${path}` : path;
}

/** Returns plain text as a message: a brace would begin a placeholder, and a bracket before a parenthesis a link. */
const message = (text: string) => ({ text: text.replace(/[{}]/g, '$&$&').replace(/\[(?=[^\]]*\]\()/g, '\\[') });
