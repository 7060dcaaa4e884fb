import type { AnySchemaObject, ErrorObject } from 'ajv';
import { operations } from '../contract/operations.js';
import { scenarioShape } from '../contract/shapes.js';
import { itemsOf, type Located } from './located-value.js';
import { durationMeant, instantMeant, isYes, wrongKind } from './meant.js';
import { placeOf } from './misplaced.js';
import { nearestOperation } from './nearest-operation.js';
import { didYouMean, MOST_PROBLEMS, type Problem } from './problem.js';
import { shopperActs } from './steps.js';

/** The schema keyword whose text says what a value must be, where the validator's own message is unclear. */
const WORDS = 'errorMessage';

interface Finding {
  error: ErrorObject;
  /** The value with the mistake, or the mapping with the key. */
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
    .map((error) => ({ error, node: find(root, error.instancePath) }))
    .filter(({ error }) => !isBesideItsParts(error, root));
  const problems = findings.map((finding) => ({ path, ...place(finding), message: describe(finding) }));
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

/** Tells whether an operation is only empty because its parts stand beside it, each of which is reported. */
function isBesideItsParts({ keyword, data, instancePath }: ErrorObject, root: Located): boolean {
  const [, step, operation] = /^(\/steps\/\d+)\/(\w+)$/.exec(instancePath) ?? [];
  if (keyword !== 'type' || data !== null || step === undefined || !operations.has(String(operation))) return false;
  const keys = [...(find(root, step).entries?.keys() ?? [])];
  return ['path', 'query', 'headers', 'body'].some((part) => keys.includes(part));
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

function describe({ error, node }: Finding): string {
  const { params, parentSchema, data } = error;
  const subject = subjectOf(error);
  const path = error.instancePath.split('/').slice(1);
  const words = (parentSchema as AnySchemaObject)[WORDS];
  if (words && !aboutKeys.has(error.keyword)) return `${subject} ${words}, not ${quote(data)}`;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const place = placeOf(key, path, node);
      if (place !== undefined) return `unknown key ${quote(key)} here; ${place}`;
      return `unknown key ${quote(key)}${hintAtKey(key, Object.keys((parentSchema as AnySchemaObject).properties))}`;
    }
    case 'required':
      return `${quote(params.missingProperty)} is missing`;
    case 'dependencies':
      return `${quote(params.property)} needs ${quote(params.missingProperty)} beside it`;
    case 'enum':
      return `${subject} ${notOneOf(params.allowedValues, data)}`;
    case 'type':
      return `${subject} ${wrongKind([params.type].flat(), data, path.at(-1))}`;
    case 'pattern':
      return `${subject} must match ${params.pattern}`;
    case 'format':
      return `${quote(data)} ${notOfFormat(params.format, String(data))}`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return `${subject} is empty`;
    case 'uniqueItems':
      return `${subject} has the same item twice: the ${params.j + 1}. and the ${params.i + 1}.`;
    case 'minimum':
    case 'maximum': {
      const { minimum, maximum } = parentSchema as AnySchemaObject;
      return `${subject} is from ${minimum} to ${maximum}, not ${quote(data)}`;
    }
    default:
      return `${subject} ${error.message}`;
  }
}

/** Returns a hint at the key that was meant, among those that a mapping may have. */
function hintAtKey(key: string, keys: readonly string[]): string {
  const hint = didYouMean(key, keys);
  if (hint !== '' || !keys.includes('advance')) return hint;
  // A step's key is mostly an operation.
  if (shopperActs.has(key)) return ` (did you mean shopper: ${key}?)`;
  return hintAtOperation(key, keys);
}

function hintAtOperation(given: string, names: readonly string[]): string {
  const known = names.map((name) => operations.get(name)).filter((operation) => operation !== undefined);
  const nearest = nearestOperation(given, known);
  return nearest ? ` (did you mean ${quote(nearest.name)}, ${nearest.summary}?)` : '';
}

/** Returns the words for a value that is none of those allowed. */
function notOneOf(allowed: readonly unknown[], data: unknown): string {
  const names = allowed.map(String);
  if (allowed.length === 1 && allowed[0] === true) {
    return isYes(data) === 'true'
      ? `is true, not ${quote(data)}; write true`
      : `is true or left out, not ${quote(data)}`;
  }
  const given = String(data);
  if (names.some((name) => operations.has(name))) {
    if (operations.has(given)) return `is an operation of Klarna's; ${given} is one of the control API`;
    return `is no operation: ${quote(data)}${hintAtOperation(given, names)}`;
  }
  const hint = names.includes(given) ? '; leave the quotes out' : didYouMean(given, names);
  return `is one of ${names.join(', ')}, not ${quote(data)}${hint}`;
}

function notOfFormat(format: string, given: string): string {
  const isDuration = format === 'duration';
  const meant = isDuration ? durationMeant(given) : instantMeant(given);
  const what = isDuration ? 'ISO 8601 duration such as PT61M or P1M' : 'instant such as 2026-03-01T09:00:00Z';
  return `is no ${what}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
}

/** Returns what an error is about: a key, an element of a list, or the file. */
function subjectOf({ propertyName, instancePath }: ErrorObject): string {
  const [last = '', list] = instancePath.split('/').reverse();
  if (propertyName !== undefined || !/^\d+$/.test(last)) return quote(propertyName ?? (last || 'the file'));
  return `${list}[${last}]`;
}

const quote = (value: unknown): string => JSON.stringify(value);
