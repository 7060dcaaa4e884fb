import { type Condition, compileCondition } from './match.js';
import { type Lookup, narrow } from './narrow.js';
import { inFewSteps } from './pattern.js';
import type { Calls, Outcome } from './scenario.js';

/** The calls that an outcome without `calls` takes: all. */
export const ALL_CALLS: Calls = { from: 1, to: Number.POSITIVE_INFINITY };

/** Reads the calls that `1`, `"2..4"`, `"3.."` or `{ every: 3 }` stand for; undefined for any other value. */
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

/** Returns the calls that JSON stands for, which has no Infinity but null. */
export function callsFromJson(calls: Calls): Calls {
  return 'to' in calls ? { ...calls, to: calls.to ?? Number.POSITIVE_INFINITY } : calls;
}

/** A run of call numbers, both ends included. */
interface Run {
  from: number;
  to: number;
}

/** The outcome that takes each call: of those that ask for it, the first. Outcomes must be added in their order. */
export class CallTable {
  /** Runs of calls with the index of their outcome: disjoint, in ascending order. */
  readonly #claims: (Run & { index: number })[] = [];
  readonly #steps: { every: number; index: number }[] = [];

  /** Gives an outcome those of its calls that no earlier one has. */
  add(calls: Calls, index: number): void {
    if ('every' in calls) {
      if (!this.#isStep(calls.every)) this.#steps.push({ every: calls.every, index });
      return;
    }
    // Inserted from the back, so that the positions found before stay valid.
    for (const { at, from, to } of this.#gaps(calls).reverse()) this.#claims.splice(at, 0, { from, to, index });
  }

  /** Tells whether one of these calls has no outcome yet. */
  hasRoom(calls: Calls): boolean {
    const [step, run] = 'every' in calls ? [calls.every, ALL_CALLS as Run] : [1, calls];
    // Otherwise every gap without end has a free number, so the search below ends.
    if (this.#isStep(step)) return false;
    return this.#gaps(run).some(({ from, to }) => {
      for (let call = Math.ceil(from / step) * step; call <= to; call += step) if (!this.#isStep(call)) return true;
      return false;
    });
  }

  /** Returns the index of the outcome that takes a call. */
  at(call: number): number | undefined {
    const claim = this.#claims[this.#firstEndingAt(call)];
    let taker = claim && claim.from <= call ? claim.index : undefined;
    for (const { every, index } of this.#steps) {
      if (call % every === 0 && (taker === undefined || index < taker)) taker = index;
    }
    return taker;
  }

  /** Tells whether an outcome with `every` takes a call. */
  #isStep(call: number): boolean {
    return this.#steps.some(({ every }) => call % every === 0);
  }

  /** Returns the parts of a run that no other run has claimed, each with the position it would have in the claims. */
  #gaps({ from, to }: Run): (Run & { at: number })[] {
    const gaps: (Run & { at: number })[] = [];
    let next = from;
    let at = this.#firstEndingAt(from);
    // After a claim without end there is no next call.
    for (; Number.isFinite(next) && next <= to; at++) {
      const claim = this.#claims[at];
      if (!claim || claim.from > next) gaps.push({ at, from: next, to: Math.min(to, claim ? claim.from - 1 : to) });
      if (!claim) break;
      next = claim.to + 1;
    }
    return gaps;
  }

  /** Returns the position of the first claim that does not end before a call. */
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

/** Outcomes on one operation with the same condition: they count the same calls. */
export interface Group {
  /** Number of the group, under which its calls are counted. */
  id: number;
  when: unknown;
  /** Tells whether a call with a body counts. */
  counts: Condition;
  table: CallTable;
}

/** An index of outcomes, so that a call is tested against few of many conditions. */
export class Plan {
  /** The group of each outcome, by the outcome's index. */
  readonly groups: Group[] = [];
  readonly #operations = new Map<string, Lookup<Group>>();

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
        const own = byOperation.get(on) ?? [];
        byOperation.set(on, own);
        own.push(group);
      }
      group.table.add(calls, index);
      this.groups.push(group);
    }
    for (const [on, groups] of byOperation) this.#operations.set(on, narrow(groups));
  }

  /** Returns the groups that count a call: those of its operation whose condition its body meets. */
  counting(operation: string, body: unknown): Group[] {
    const groups = this.#operations.get(operation)?.(body) ?? [];
    return inFewSteps(() => groups.filter(({ counts }) => counts(body)));
  }
}
