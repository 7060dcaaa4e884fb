import { isFields } from '../../replay/words.js';

/** Which places of a body may have other values than those of the example. */
export interface Matching {
  /** @param path of a value, such as `$.order_lines[0].name` */
  loosens(path: string): boolean;
}

type Segment = string | number | undefined;

interface Rule {
  /** `undefined` stands for any. */
  segments: Segment[];
  /** Whether it holds for everything below as well. */
  cascades: boolean;
}

const SEGMENT = /\.([^.[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+)|\*)\]/g;

function segmentsOf(path: string): Segment[] {
  return [...path.matchAll(SEGMENT)].map(([, name, single, double, index]) => {
    const word = name ?? single ?? double;
    if (word !== undefined) return word === '*' ? undefined : word;
    return index === undefined ? undefined : Number(index);
  });
}

/** Matchers that demand the very value of the example. */
const strict = new Set(['equality', 'include']);

/** Matchers that hold for everything below their place as well. */
const cascading = new Set(['type', 'min', 'max', 'values', 'eachValue', 'eachKey']);

/**
 * Reads the rules of an answer: those of version 2 stand under paths such as `$.body.status`, those since under `body`
 * with paths such as `$.status`.
 */
export function readMatching(given: unknown): Matching {
  const all = isFields(given) ? given : {};
  const ofBody = isFields(all.body) ? Object.entries(all.body) : [];
  const old = Object.entries(all).flatMap(([path, rule]) => {
    const below = /^\$\.body(?=[.[]|$)(.*)$/s.exec(path)?.[1];
    return below === undefined ? [] : [[`$${below}`, rule] as const];
  });
  const rules = [...ofBody, ...old].flatMap(([path, rule]) => readRule(path, rule));
  return {
    loosens(path) {
      const segments = segmentsOf(path);
      return rules.some((rule) => holdsFor(rule, segments));
    },
  };
}

function readRule(path: string, rule: unknown): Rule[] {
  if (!isFields(rule)) return [];
  const matchers = (Array.isArray(rule.matchers) ? rule.matchers : [rule]).filter(isFields);
  // A matcher without a name is known by what it says: `{ min: 1 }`, `{ regex: … }`.
  const names = matchers.map(({ match, ...rest }) => String(match ?? Object.keys(rest)[0]));
  const loose = names.filter((name) => !strict.has(name));
  if (loose.length === 0) return [];
  return [{ segments: segmentsOf(path), cascades: loose.some((name) => cascading.has(name)) }];
}

function holdsFor({ segments, cascades }: Rule, path: readonly Segment[]): boolean {
  if (cascades ? path.length < segments.length : path.length !== segments.length) return false;
  return segments.every((segment, at) => segment === undefined || segment === path[at]);
}
