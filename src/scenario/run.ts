import type { CategoryName } from '../klarna/records.js';
import { callsFromJson, Plan } from './plan.js';
import type { CallbackName, Delivery, Outcome, Script, ShopperScript } from './scenario.js';

/** The counts of an outcome. */
export interface Progress {
  index: number;
  on: string;
  /** Absent for a scenario that is no file. */
  line?: number;
  /** Number of calls counted: those of its operation that met its `when`. */
  matched: number;
  /** Number of those calls that it answered. */
  hits: number;
}

/** A run as it is saved: its script and its counts, as plain data. */
export interface RunState {
  script: Script;
  /** Numbers of calls counted, by group of the plan, and of calls answered, by index of the outcome. */
  counts: [number, number][];
  hits: [number, number][];
}

/** Plans by scenario, since the same one may be chosen for many requests. */
const plans = new WeakMap<Script, Plan>();

/** A scenario that was chosen, with its counts, which start at 0. */
export class ScenarioRun {
  readonly #plan: Plan;
  /** Number of calls counted, by group of the plan. */
  readonly #counts = new Map<number, number>();
  /** Number of calls answered, by index of the outcome. */
  readonly #hits = new Map<number, number>();

  constructor(readonly scenario: Script) {
    let plan = plans.get(scenario);
    if (!plan) {
      plan = new Plan(scenario.outcomes);
      plans.set(scenario, plan);
    }
    this.#plan = plan;
  }

  /** Returns a saved run, with its counts. */
  static restore({ script, counts, hits }: RunState): ScenarioRun {
    const outcomes = script.outcomes.map((outcome) => ({ ...outcome, calls: callsFromJson(outcome.calls) }));
    const run = new ScenarioRun({ ...script, outcomes });
    for (const [group, count] of counts) run.#counts.set(group, count);
    for (const [index, count] of hits) run.#hits.set(index, count);
    return run;
  }

  /** The run as it is to be saved. */
  get state(): RunState {
    const { name, title, categories, shopper, outcomes, callbacks } = this.scenario;
    return {
      script: { name, title, categories, shopper, outcomes, callbacks },
      counts: [...this.#counts],
      hits: [...this.#hits],
    };
  }

  /**
   * Counts a call for every outcome on its operation whose `when` its body meets.
   * @param body the request's body as Klarna reads it
   * @returns the first of them that takes the call, or undefined for the ordinary answer
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

  /** Takes one answered call off an outcome's count, when the ordinary answer was sent after all. */
  spare(index: number): void {
    this.#hits.set(index, (this.#hits.get(index) as number) - 1);
  }

  /** The payment method categories of new sessions, if the scenario names them. */
  get categories(): readonly CategoryName[] | undefined {
    return this.scenario.categories;
  }

  /** The shopper's behaviour at every authorize, until changed. */
  get shopper(): ShopperScript | undefined {
    return this.scenario.shopper;
  }

  /** Returns how callbacks of one kind are delivered; undefined for once and on time. */
  delivery(on: CallbackName): Delivery | undefined {
    return this.scenario.callbacks.find((rule) => rule.on === on)?.delivery;
  }

  /** Returns the counts of all outcomes, in their order. */
  progress(): Progress[] {
    return this.scenario.outcomes.map(({ index, on, line }) => {
      const { id } = this.#plan.groups[index] as { id: number };
      return {
        index,
        on,
        ...(line !== undefined && { line }),
        matched: this.#counts.get(id) ?? 0,
        hits: this.#hits.get(index) ?? 0,
      };
    });
  }
}
