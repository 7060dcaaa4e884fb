import type { ErrorObject } from 'ajv';
import { operations } from '../contract/operations.js';
import { scenarioShape } from '../contract/shapes.js';
import { upsert } from '../exchange/fields.js';
import { itemsOf, type Located } from './located-value.js';
import { MOST_PROBLEMS, type Problem } from './problem.js';
import { describe, type Finding } from './structure-words.js';

/** Finds the mistakes in the structure of a file: unknown and missing keys, values of the wrong kind. */
export function checkStructure(root: Located, path: string): Problem[] {
  const validate = scenarioShape();
  validate(withFewWords(root.value));
  const findings = (validate.errors ?? [])
    // The pattern that a name violates is an error of its own.
    .filter(({ keyword }) => keyword !== 'propertyNames')
    .slice(0, MOST_PROBLEMS)
    .map((error) => ({ error, node: find(root, error.instancePath) }))
    .filter(({ error }) => !isBesideItsParts(error, root))
    .map((finding) => ({ ...finding, ...describe(finding) }));
  const unclear = new Map<Located, Set<string | undefined>>();
  for (const { node, error, meant } of findings) {
    if (error.keyword === 'additionalProperties') upsert(unclear, node, () => new Set()).add(meant);
  }
  const problems = findings
    // A key that is misspelt or misplaced is reported as unknown, and not as a missing one as well.
    .filter(({ node, error }) => error.keyword !== 'required' || !unclear.get(node)?.has(error.params.missingProperty))
    .map(({ message, ...finding }) => ({ path, ...place(finding), message }));
  for (const step of itemsOf(root, 'steps')) {
    const message = unclear.has(step) ? undefined : countRequests(step);
    if (message) problems.push({ path, ...step.at, message });
  }
  return problems;
}

/** Tells whether an operation is only empty because its parts stand beside it, each of which is reported. */
function isBesideItsParts({ keyword, data, instancePath }: ErrorObject, root: Located): boolean {
  const [, step, operation] = /^(\/steps\/\d+)\/(\w+)$/.exec(instancePath) ?? [];
  if (keyword !== 'type' || data !== null || step === undefined || !operations.has(String(operation))) return false;
  const keys = [...(find(root, step).entries as Map<string, unknown>).keys()];
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
  if (requests.length === 1) return undefined;
  return `a step is one request, not several: ${requests.join(', ')}; begin each with a dash`;
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
