import { type Condition, compileCondition } from './match.js';
import { isMatcherMap, isWord, unescapeDollar } from './matchers.js';
import { extend, follow } from './paths.js';
import type { Calls, Outcome } from './scenario.js';

/** Calls that an outcome without `calls` takes: all. */
export const ALL_CALLS: Calls = { from: 1, to: Number.POSITIVE_INFINITY };

/** The calls that a file means by `1`, `"2..4"`, `"3.."` or `{ every: 3 }`; undefined when it can mean none. */
export function readCalls(given: unknown): Calls | undefined {
  if (given === undefined) return ALL_CALLS;
  if (typeof given === 'object' && given !== null) {
    const { every } = given as { every?: unknown };
    return Number.isInteger(every) && (every as number) > 0 ? { every: every as number } : undefined;
  }
  const [, first, run, last] = /^([1-9]\d{0,6})(?:(\.\.)([1-9]\d{0,6})?)?$/.exec(String(given)) ?? [];
  if (first === undefined) return undefined;
  const from = Number(first);
  if (!run) return { from, to: from };
  const to = last === undefined ? Number.POSITIVE_INFINITY : Number(last);
  return from <= to ? { from, to } : undefined;
}

/** A run of call numbers, both ends included. */
interface Run {
  from: number;
  to: number;
}

/** Which outcome takes which call: the first that asked for it. Outcomes must be added in their order. */
export class CallTable {
  /** Who has which run: disjoint, in ascending order. */
  readonly #claims: (Run & { index: number })[] = [];
  readonly #steps: { every: number; index: number }[] = [];

  /** Lets an outcome have those of its calls that no earlier one has. */
  add(calls: Calls, index: number): void {
    if ('every' in calls) {
      if (!this.#isStep(calls.every)) this.#steps.push({ every: calls.every, index });
      return;
    }
    // From the back, so that places found before stay right.
    for (const { at, from, to } of this.#gaps(calls).reverse()) this.#claims.splice(at, 0, { from, to, index });
  }

  /** Whether one of these calls has no taker yet. */
  hasRoom(calls: Calls): boolean {
    const [step, run] = 'every' in calls ? [calls.every, ALL_CALLS as Run] : [1, calls];
    // With this settled there is a free number in every gap without end, and so the search ends.
    if (this.#isStep(step)) return false;
    return this.#gaps(run).some(({ from, to }) => {
      for (let call = Math.ceil(from / step) * step; call <= to; call += step) if (!this.#isStep(call)) return true;
      return false;
    });
  }

  /** The outcome that takes a call, by its index. */
  at(call: number): number | undefined {
    const claim = this.#claims[this.#firstEndingAt(call)];
    let taker = claim && claim.from <= call ? claim.index : undefined;
    for (const { every, index } of this.#steps) {
      if (call % every === 0 && (taker === undefined || index < taker)) taker = index;
    }
    return taker;
  }

  /** Whether a number is among every so many of an outcome that asked so. */
  #isStep(call: number): boolean {
    return this.#steps.some(({ every }) => call % every === 0);
  }

  /** The parts of a run that no other run has claimed, each with the place among the claims that it would have. */
  #gaps({ from, to }: Run): (Run & { at: number })[] {
    const gaps: (Run & { at: number })[] = [];
    let next = from;
    let at = this.#firstEndingAt(from);
    // Behind a claim without end there is no next call.
    for (; Number.isFinite(next) && next <= to; at++) {
      const claim = this.#claims[at];
      if (!claim || claim.from > next) gaps.push({ at, from: next, to: Math.min(to, claim ? claim.from - 1 : to) });
      if (!claim) break;
      next = claim.to + 1;
    }
    return gaps;
  }

  /** The place of the first claim that does not end before a call. */
  #firstEndingAt(call: number): number {
    let low = 0;
    let high = this.#claims.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#claims[middle] as Run).to < call) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

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
