import { CallTable } from './calls.js';
import { type Condition, compileCondition } from './condition.js';
import { isMatcherMap, isWord, unescapeDollar } from './matchers.js';
import type { Outcome } from './outcome.js';
import { extend, follow } from './paths.js';

/** Outcomes on one operation under the same condition: they count the same calls. */
export interface Group {
  /** The place of its count. */
  id: number;
  when: unknown;
  /** Whether a call with this body counts. */
  counts: Condition;
  table: CallTable;
}

type Path = (string | number)[];

/** The groups of one operation, found by what stands at one path of a body. */
interface Shelf {
  path: Path;
  groups: Map<unknown, Group[]>;
}

interface OperationPlan {
  shelves: Map<string, Shelf>;
  /** Groups whose condition names no value. */
  rest: Group[];
}

/** Where every outcome's calls are counted, laid out so that a call looks at few of many outcomes. */
export class Plan {
  /** The group of each outcome. */
  readonly groups: Group[] = [];
  readonly #operations = new Map<string, OperationPlan>();

  constructor(outcomes: readonly Outcome[]) {
    const known = new Map<string, Group>();
    const byOperation = new Map<string, Group[]>();
    for (const { on, when, calls, index } of outcomes) {
      const key = `${on} ${JSON.stringify(when)}`;
      let group = known.get(key);
      if (!group) {
        const counts = when === undefined ? () => true : compileCondition(when);
        group = { id: known.size, when, counts, table: new CallTable() };
        known.set(key, group);
        put(byOperation, on, group);
      }
      group.table.add(calls, index);
      this.groups.push(group);
    }
    for (const [on, groups] of byOperation) this.#operations.set(on, arrange(groups));
  }

  /** The groups that count a call: those of its operation whose condition its body meets. */
  counting(operation: string, body: unknown): Group[] {
    const plan = this.#operations.get(operation);
    if (!plan) return [];
    const meets = ({ counts }: Group) => counts(body);
    const counting = plan.rest.filter(meets);
    for (const { path, groups } of plan.shelves.values()) {
      const candidates = groups.get(follow(body, path));
      if (candidates) counting.push(...candidates.filter(meets));
    }
    return counting;
  }
}

/** Adds an element to the list under a key. */
function put<Key, Element>(lists: Map<Key, Element[]>, key: Key, element: Element): void {
  const list = lists.get(key);
  if (list) list.push(element);
  else lists.set(key, [element]);
}

/** Puts each group where the fewest others are: under the value of its condition that is the rarest. */
function arrange(groups: readonly Group[]): OperationPlan {
  const named = groups.map((group) => ({ group, values: valuesIn(group.when, []) }));
  const frequency = new Map<string, number>();
  for (const { key } of named.flatMap(({ values }) => values)) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  const plan: OperationPlan = { shelves: new Map(), rest: [] };
  for (const { group, values } of named) {
    const [first, ...others] = values;
    if (!first) {
      plan.rest.push(group);
      continue;
    }
    const often = ({ key }: Named) => frequency.get(key) as number;
    const { path, value } = others.reduce((best, other) => (often(other) < often(best) ? other : best), first);
    const name = path.reduce<string>(extend, '$');
    const shelf = plan.shelves.get(name) ?? { path, groups: new Map<unknown, Group[]>() };
    put(shelf.groups, value, group);
    plan.shelves.set(name, shelf);
  }
  return plan;
}

/** A value that a condition asks for at a path. */
interface Named {
  path: Path;
  value: unknown;
  key: string;
}

/** The values that a condition names, matchers left out. */
function valuesIn(when: unknown, path: Path): Named[] {
  if (when === undefined || (typeof when === 'string' && isWord(when))) return [];
  if (typeof when !== 'object' || when === null) {
    const value = typeof when === 'string' ? unescapeDollar(when) : when;
    return [{ path, value, key: `${path.reduce<string>(extend, '$')} ${JSON.stringify(value)}` }];
  }
  if (Array.isArray(when)) return when.flatMap((element, index) => valuesIn(element, [...path, index]));
  if (isMatcherMap(when)) return [];
  return Object.entries(when).flatMap(([key, value]) => valuesIn(value, [...path, unescapeDollar(key)]));
}
