import { version } from '../version.js';
import { usedApis } from './coverage.js';
import type { Check, Finding, HarnessReport, Severity } from './finding.js';
import { byCheck, sentence, whereOf } from './summary.js';

/** The level of a SARIF result by severity. */
const LEVELS: Readonly<Record<Severity, string>> = { violation: 'error', warning: 'warning', note: 'note' };

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Renders a report as SARIF 2.1.0: the checks are its rules, what was not judged are notifications of the run. */
export function renderSarif(report: HarnessReport): string {
  const { tool, title, target, judged, unjudged, coverage } = report;
  const checks = byCheck(report);
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
    results: checks.flatMap(({ findings }, ruleIndex) => findings.map((found) => resultOf(found, ruleIndex))),
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

function ruleOf({ id, severity, title, reason, evidence, source }: Check) {
  return {
    id,
    shortDescription: message(title),
    ...(reason !== undefined && { fullDescription: message(reason), help: message(reason) }),
    defaultConfiguration: { level: LEVELS[severity] },
    ...(evidence !== undefined && { properties: { evidence, source } }),
  };
}

function resultOf(found: Finding, ruleIndex: number) {
  const { check, severity, path, expected, got, evidence, source, where, fingerprint } = found;
  const { exchange, case: name, merchant } = where;
  return {
    ruleId: check,
    ruleIndex,
    level: LEVELS[severity],
    message: message(sentence(found)),
    locations: [locationOf(found)],
    partialFingerprints: { 'mockKlarna/v1': fingerprint },
    properties: { exchange, case: name, merchant, path, expected, got, evidence, source },
  };
}

/** Returns the place in a file, or else the operation, whose qualified name has the place. */
function locationOf({ operation, where }: Finding) {
  const { file, line } = where;
  if (file !== undefined) {
    const region = line === undefined ? undefined : { startLine: line };
    return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
  }
  const fullyQualifiedName = [operation, whereOf(where)].filter(Boolean).join(' ');
  if (fullyQualifiedName === '') return {};
  return { logicalLocations: [{ name: operation, fullyQualifiedName, kind: operation && 'function' }] };
}

/** Returns a relative reference for a relative path, a `file:` URI for an absolute one. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]%3A\//.test(path)) return `file:///${path.replace('%3A', ':')}`;
  return path.startsWith('/') ? `file://${path}` : path;
}

/** Returns plain text as a message: a brace would begin a placeholder, and a bracket before a parenthesis a link. */
const message = (text: string) => ({ text: text.replace(/[{}]/g, '$&$&').replace(/\[(?=[^\]]*\]\()/g, '\\[') });
