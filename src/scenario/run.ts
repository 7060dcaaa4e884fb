import { Plan } from './plan.js';
import type { CallbackName, Delivery, Outcome, Script, ShopperScript } from './scenario.js';

/** How far an outcome has come. */
export interface Progress {
  index: number;
  on: string;
  line: number;
  /** How many calls it counted: those of its operation that met its `when`. */
  matched: number;
  /** How many of them it answered. */
  hits: number;
}

/** A run as it is saved: what its scenario says, and its counts. Plain data; who keeps it need not look into it. */
export interface RunState {
  script: Script;
  /** Calls counted, by group of the plan, and calls answered, by index of the outcome. */
  counts: [number, number][];
  hits: [number, number][];
}

/** Plans by scenario: the same one may be chosen for each of many requests. */
const plans = new WeakMap<Script, Plan>();

/** A scenario that was chosen, with its counts: they begin when it is made. */
export class ScenarioRun {
  readonly #plan: Plan;
  /** Calls counted, by group of the plan. */
  readonly #counts = new Map<number, number>();
  /** Calls answered, by index of the outcome. */
  readonly #hits = new Map<number, number>();

  constructor(readonly scenario: Script) {
    let plan = plans.get(scenario);
    if (!plan) {
      plan = new Plan(scenario.outcomes);
      plans.set(scenario, plan);
    }
    this.#plan = plan;
  }

  /** Returns the run that was saved; its counts go on. */
  static restore({ script, counts, hits }: RunState): ScenarioRun {
    // JSON has no number without end.
    const outcomes = script.outcomes.map(({ calls, ...outcome }) => ({
      ...outcome,
      calls: 'to' in calls ? { ...calls, to: calls.to ?? Number.POSITIVE_INFINITY } : calls,
    }));
    const run = new ScenarioRun({ ...script, outcomes });
    for (const [group, count] of counts) run.#counts.set(group, count);
    for (const [index, count] of hits) run.#hits.set(index, count);
    return run;
  }

  /** Returns what is to be saved of it. */
  get state(): RunState {
    const { name, title, shopper, outcomes, callbacks } = this.scenario;
    return { script: { name, title, shopper, outcomes, callbacks }, counts: [...this.#counts], hits: [...this.#hits] };
  }

  /**
   * Counts a call for every outcome on its operation whose `when` its body meets.
   * @param body as it was read from the request
   * @returns the first of them that takes the call, or undefined: the ordinary answer
   */
  next(operation: string, body: unknown): Outcome | undefined {
    let winner: number | undefined;
    for (const { id, table } of this.#plan.counting(operation, body)) {
      const call = (this.#counts.get(id) ?? 0) + 1;
      this.#counts.set(id, call);
      const taker = table.at(call);
      if (taker !== undefined && (winner === undefined || taker < winner)) winner = taker;
    }
    if (winner === undefined) return undefined;
    this.#hits.set(winner, (this.#hits.get(winner) ?? 0) + 1);
    return this.scenario.outcomes[winner];
  }

  /** Takes back that an outcome answered the call it took last: the ordinary answer went out. */
  spare(index: number): void {
    this.#hits.set(index, (this.#hits.get(index) as number) - 1);
  }

  /** What the shopper does at every authorize, until told otherwise. */
  get shopper(): ShopperScript | undefined {
    return this.scenario.shopper;
  }

  /** How callbacks of one kind are delivered; undefined: once and on time. */
  delivery(on: CallbackName): Delivery | undefined {
    return this.scenario.callbacks.find((rule) => rule.on === on)?.delivery;
  }

  /** How far each outcome has come, in their order. */
  progress(): Progress[] {
    return this.scenario.outcomes.map(({ index, on, line }) => {
      const { id } = this.#plan.groups[index] as { id: number };
      return { index, on, line, matched: this.#counts.get(id) ?? 0, hits: this.#hits.get(index) ?? 0 };
    });
  }
}
