import type { AnySchemaObject, ErrorObject } from 'ajv';
import { operations } from '../contract/operations.js';
import { scenarioShape } from '../contract/shapes.js';
import { itemsOf, type Located } from './located-value.js';
import { didYouMean, MOST_PROBLEMS, type Problem } from './problem.js';

/** The schema keyword whose text says what a value must be, where the validator's own message is unclear. */
const WORDS = 'errorMessage';

interface Finding {
  error: ErrorObject;
  /** The value with the mistake, or for a key its mapping. */
  node: Located;
}

/** Finds the mistakes in the structure of a file: unknown and missing keys, values of the wrong kind. */
export function checkStructure(root: Located, path: string): Problem[] {
  const validate = scenarioShape();
  validate(withFewWords(root.value));
  const findings = (validate.errors ?? [])
    // The pattern that a name violates is an error of its own.
    .filter(({ keyword }) => keyword !== 'propertyNames')
    .slice(0, MOST_PROBLEMS)
    .map((error) => ({ error, node: find(root, error.instancePath) }));
  const problems = findings.map((finding) => ({ path, ...place(finding), message: describe(finding.error) }));
  const unclear = new Set(
    findings.filter(({ error }) => error.keyword === 'additionalProperties').map(({ node }) => node),
  );
  for (const step of itemsOf(root, 'steps')) {
    // A misspelt operation is reported as an unknown key, and not as a missing one as well.
    const message = unclear.has(step) ? undefined : countRequests(step);
    if (message) problems.push({ path, ...step.at, message });
  }
  return problems;
}

/** The lists of a file whose items are compared with each other, each of a few words. */
const WORD_LISTS = ['needs', 'payment_method_categories'];

/** Returns a file with the beginnings of those lists: one that is longer has a word twice, or a wrong one, in it. */
function withFewWords(file: unknown): unknown {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return file;
  const entries = Object.entries(file).map(([key, value]) => [
    key,
    WORD_LISTS.includes(key) && Array.isArray(value) ? value.slice(0, 100) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Returns the mistake of a step that is not exactly one request. */
function countRequests({ entries }: Located): string | undefined {
  if (!entries) return undefined;
  const requests = [...entries.keys()].filter((key) => operations.has(key) || key === 'shopper' || key === 'advance');
  if (requests.length === 0) return 'a step needs the name of an operation, shopper or advance';
  return requests.length > 1 ? `a step is one request, not several: ${requests.join(', ')}` : undefined;
}

function find(root: Located, pointer: string): Located {
  const segments = pointer.split('/').slice(1);
  return segments.reduce<Located>((node, segment) => {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    // The pointer comes from a validation of the same value, so each segment exists.
    return (node.items?.[Number(key)] ?? node.entries?.get(key)?.node) as Located;
  }, root);
}

function place({ error, node }: Finding): { line: number; column: number } {
  const key = error.params.additionalProperty ?? error.propertyName;
  return node.entries?.get(String(key))?.key ?? node.at;
}

/** The keywords about the keys of a mapping, not about the value as a whole. */
const aboutKeys = new Set(['additionalProperties', 'required']);

function describe(error: ErrorObject): string {
  const { params, parentSchema, data } = error;
  const subject = subjectOf(error);
  const words = (parentSchema as AnySchemaObject)[WORDS];
  if (words && !aboutKeys.has(error.keyword)) return `${subject} ${words}, not ${quote(data)}`;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      return `unknown key ${quote(key)}${didYouMean(key, Object.keys((parentSchema as AnySchemaObject).properties))}`;
    }
    case 'required':
      return `${quote(params.missingProperty)} is missing`;
    case 'dependencies':
      return `${quote(params.property)} needs ${quote(params.missingProperty)} beside it`;
    case 'enum': {
      const allowed = params.allowedValues.map(String);
      return `${subject} is one of ${allowed.join(', ')}, not ${quote(data)}${didYouMean(String(data), allowed)}`;
    }
    case 'type':
      return `${subject} must be ${[params.type].flat().map(kind).join(' or ')}`;
    case 'pattern':
      return `${subject} must match ${params.pattern}`;
    case 'format':
      return `${quote(data)} is no ${params.format === 'duration' ? 'ISO 8601 duration such as PT61M or P1M' : 'instant such as 2026-03-01T09:00:00Z'}`;
    default:
      return `${subject} ${error.message}`;
  }
}

/** Returns what an error is about: a key, an element of a list, or the file. */
function subjectOf({ propertyName, instancePath }: ErrorObject): string {
  const [last = '', list] = instancePath.split('/').reverse();
  if (propertyName !== undefined || !/^\d+$/.test(last)) return quote(propertyName ?? (last || 'the file'));
  return `${list}[${last}]`;
}

/** The types of the schema, in words. */
const kinds: Record<string, string> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};
const kind = (type: string): string => kinds[type] as string;

const quote = (value: unknown): string => JSON.stringify(value);
