import { badValue, type Refused } from '../klarna/decision.js';
import type { Binding, Kind } from '../klarna/records.js';
import { type Library, originOf } from '../scenario/library.js';
import { ScenarioError } from '../scenario/problem.js';
import { ScenarioRun } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { foldName } from '../scenario/scenario-file.js';
import type { Eventually } from '../store/eventually.js';
import type { Store } from '../store/store.js';
import { setScenario } from './world/chosen-scenario.js';
import type { World } from './world/worlds.js';

/** Highest number of a merchant's purchases that are bound to scenarios of their own; the oldest are dropped. */
const BOUND = 1_000;

/** Kinds of records that may be bound to a scenario, by the path parameter with their id. */
const bindable = {
  session_id: ['session', 'hosted_session'],
  authorizationToken: ['authorization'],
  customerToken: ['customer_token'],
  order_id: ['order'],
} as const satisfies Record<string, readonly Kind[]>;

type Named = { [Parameter in keyof typeof bindable]?: string };

/** Finds the scenario of a call: that of its header, of its purchase, or of its merchant. */
export class Scenarios {
  readonly #library: Library;
  readonly #store: Store;

  constructor(library: Library, store: Store) {
    this.#library = library;
    this.#store = store;
  }

  /**
   * Returns the scenario of a name or alias, or the refusal: with the nearest name, or with what is wrong with its file or alias.
   * @param given the name as it was written
   */
  async find(name: string, field: string, given = name): Promise<Scenario | Refused> {
    const refused = (why: string) =>
      badValue([{ rule: 'scenario-known', field, text: `${field}: given ${given}, ${why}` }]);
    try {
      const scenario = await this.#library.find(name);
      if (scenario) return scenario;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      return refused(`which cannot be used: ${error.message.replaceAll('\n', '; ')}`);
    }
    const nearest = await this.#library.nearest(name);
    return refused(`which is no scenario${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`);
  }

  /** Returns all scenarios that can be chosen by name, sorted by it. */
  all(): Promise<Scenario[]> {
    return this.#library.all();
  }

  /**
   * Returns the run of a call, if any: a new one for the scenario that the header names, else the one that the purchase
   * of its path is bound to, else the merchant's.
   */
  runFor(world: World, header: string | undefined, path: Named): Eventually<ScenarioRun | Refused | undefined> {
    if (header !== undefined) return this.#chosenBy(header);
    return world.bound.size === 0 ? this.#current(world) : this.#boundOr(world, path);
  }

  async #chosenBy(header: string): Promise<ScenarioRun | Refused> {
    const scenario = await this.find(header, 'Mock-Klarna-Scenario');
    return 'refusal' in scenario ? scenario : new ScenarioRun(scenario);
  }

  async #boundOr(world: World, path: Named): Promise<ScenarioRun | undefined> {
    const binding = await this.#bindingOf(path);
    return (binding && world.bound.get(binding.session)) ?? this.#current(world);
  }

  /** Returns the scenario that a part of an e-mail address names; undefined when there is none. */
  async named(given: string): Promise<Scenario | undefined> {
    const scenario = await this.find(foldName(given), 'billing_address.email', given);
    return 'refusal' in scenario ? undefined : scenario;
  }

  /** Binds a session to the scenario that an e-mail address names, unless it is bound to that one already. */
  async bind(world: World, session: string, given: string): Promise<Binding | Refused> {
    const scenario = await this.find(foldName(given), 'billing_address.email', given);
    if ('refusal' in scenario) return scenario;
    if (world.bound.get(session)?.scenario.name !== scenario.name) world.bound.set(session, new ScenarioRun(scenario));
    if (world.bound.size > BOUND) world.bound.delete(world.bound.keys().next().value as string);
    return { scenario: scenario.name, session };
  }

  /** Returns the merchant's run; a new one when the scenario file was edited. */
  #current(world: World): Eventually<ScenarioRun | undefined> {
    const run = world.scenario;
    const library = run && originOf(run.scenario);
    if (!library) return run;
    const scenario = library.current(run.scenario);
    return scenario instanceof Promise
      ? scenario.then((current) => goOn(world, run, current))
      : goOn(world, run, scenario);
  }

  async #bindingOf(path: Named): Promise<Binding | undefined> {
    for (const [parameter, kinds] of Object.entries(bindable)) {
      const id = path[parameter as keyof Named];
      if (id === undefined) continue;
      for (const kind of kinds) {
        const bound = (await this.#store.read(kind, id))?.record.bound;
        if (bound) return bound;
      }
    }
    return undefined;
  }
}

/** Returns the merchant's run, which begins anew where the scenario is another than before. */
function goOn(world: World, run: ScenarioRun, scenario: Scenario | undefined): ScenarioRun | undefined {
  // Another request may have chosen a scenario meanwhile.
  if (scenario && scenario !== run.scenario && world.scenario === run) setScenario(world, new ScenarioRun(scenario));
  return world.scenario;
}

/**
 * Returns the scenario that an e-mail address names, with dots for slashes:
 * `anna+scenario-mixed-payments.subscription@shop.test`. Any text after `+scenario-` counts as a name, so that a
 * misspelt one is refused and not ignored.
 */
export function scenarioOfEmail(email: string | undefined): string | undefined {
  return /\+scenario-([^+@]*)(?=[+@])/i.exec(email ?? '')?.[1];
}
