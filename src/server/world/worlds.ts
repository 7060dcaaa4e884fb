import type { WallClock } from '../../exchange/wall-clock.js';
import type { Instant } from '../../klarna/time.js';
import { type RunState, ScenarioRun } from '../../scenario/run.js';
import type { Eventually, Store } from '../../store/store.js';
import { Agenda, type Entry } from './agenda.js';
import { Callbacks, type CallbacksState, type Due } from './callbacks.js';
import { MerchantClock, type Shift } from './clock.js';
import { type IdSource, randomIds, seededIds } from './ids.js';
import { Journal } from './journal.js';

/** A merchant's world: everything of one merchant that no other sees. Records and exchanges are in the store. */
export interface World {
  merchant: string;
  clock: MerchantClock;
  ids: IdSource;
  journal: Journal;
  agenda: Agenda<Due>;
  callbacks: Callbacks;
  /** The currencies that the merchant is granted beside that of the country. */
  currencies: readonly string[];
  /** The scenario that speaks for this merchant's calls. */
  scenario?: ScenarioRun;
  /** Scenarios that e-mail addresses chose, by the session of their purchase. */
  bound: Map<string, ScenarioRun>;
}

/** A world as it is saved: plain data. */
interface WorldState {
  /** Of the clock: see `MerchantClock.base`. */
  clock: number;
  /** How many ids were given; absent where ids do not repeat. */
  ids?: number;
  agenda: Entry<Due>[];
  callbacks: CallbacksState;
  scenario?: RunState;
  bound: [string, RunState][];
}

export interface WorldsOptions {
  store: Store;
  wall: WallClock;
  /** With a seed the clock stands at its start and ids repeat. */
  seed?: string;
  /** Where every merchant's clock starts; absent: now, or a fixed instant with a seed. */
  start?: Instant;
  /** Hosts that callbacks may be sent to though they are not on the loopback interface. */
  allowedHosts?: readonly string[];
  /** When a push is first sent, from its order; as Klarna does it unless given. */
  pushAfter?: Shift;
  /** The scenario that a merchant's world begins with. */
  scenarioOf?: (merchant: string) => ScenarioRun | undefined;
  /** The currencies that a merchant is granted. */
  currenciesOf?: (merchant: string) => readonly string[] | undefined;
  /** Told of work in the background that failed. */
  failed: (error: unknown) => void;
}

/** Where a clock starts that must start at the same instant every time. */
export const SEEDED_START: Instant = Date.UTC(2026, 0, 1, 12);

/** How many merchants are kept; the ones that were idle longest go. */
export const WORLDS = 10_000;

/** The worlds of all merchants, each made, or loaded from the store, when its merchant first calls. */
export class Worlds {
  readonly #options: WorldsOptions;
  readonly #limit: number;
  /** By merchant, the one that called last at the end. */
  readonly #worlds = new Map<string, World>();
  readonly #loading = new Map<string, Promise<World>>();
  #last: World | undefined;

  constructor(options: WorldsOptions, limit = WORLDS) {
    this.#options = options;
    this.#limit = limit;
  }

  /** Returns the world of a merchant: at once where it is known or the store answers at once. */
  of(merchant: string): Eventually<World> {
    if (this.#last?.merchant === merchant) return this.#last;
    const world = this.#worlds.get(merchant);
    if (world) return this.#use(world);
    const loading = this.#loading.get(merchant);
    if (loading) return loading;
    const loaded = this.#options.store.loadWorld(merchant);
    if (!(loaded instanceof Promise)) return this.#use(this.#make(merchant, loaded as WorldState | undefined));
    const opening = loaded
      .then((state) => this.#use(this.#make(merchant, state as WorldState | undefined)))
      .finally(() => this.#loading.delete(merchant));
    this.#loading.set(merchant, opening);
    return opening;
  }

  /** The worlds there are, the one that called last at the end. */
  all(): World[] {
    return [...this.#worlds.values()];
  }

  /** Has the store keep a world as it is now. */
  save(world: World): Eventually<void> {
    // What a world did after it was forgotten is not to come back with it.
    if (this.#worlds.get(world.merchant) !== world) return undefined;
    return this.#options.store.saveWorld(world.merchant, () => stateOf(world));
  }

  /** Forgets all of a merchant: records, journal, clock, what was to come. */
  async reset(merchant: string): Promise<void> {
    this.#forget(merchant);
    await this.#options.store.clear(merchant);
  }

  /** Ends all background work. */
  close(): void {
    for (const merchant of [...this.#worlds.keys()]) this.#forget(merchant);
  }

  #use(world: World): World {
    const { merchant } = world;
    this.#worlds.delete(merchant);
    this.#worlds.set(merchant, world);
    this.#last = world;
    this.#dropIdle();
    return world;
  }

  #make(merchant: string, state?: WorldState): World {
    const { store, wall, seed, start, allowedHosts, pushAfter, failed } = this.#options;
    const clock = new MerchantClock(wall, {
      start: start ?? (seed === undefined ? undefined : SEEDED_START),
      standing: seed !== undefined,
      base: state?.clock,
    });
    const ids = seed === undefined ? randomIds : seededIds(seed, merchant, state?.ids);
    const agenda: Agenda<Due> = new Agenda({
      clock,
      wall,
      failed,
      entries: state?.agenda,
      perform: async (due, signal) => {
        await callbacks.perform(due, signal);
        await this.save(world);
      },
    });
    const callbacks: Callbacks = new Callbacks({
      clock,
      wall,
      agenda,
      allowedHosts,
      pushAfter,
      id: ids.uuid,
      read: async (kind, id) => (await store.read(kind, id))?.record,
      state: state?.callbacks,
    });
    const scenario = state
      ? state.scenario && ScenarioRun.restore(state.scenario)
      : this.#options.scenarioOf?.(merchant);
    const world: World = {
      merchant,
      clock,
      ids,
      journal: new Journal(store, merchant),
      agenda,
      callbacks,
      currencies: this.#options.currenciesOf?.(merchant) ?? [],
      ...(scenario && { scenario }),
      bound: new Map(state?.bound.map(([session, run]) => [session, ScenarioRun.restore(run)])),
    };
    return world;
  }

  #forget(merchant: string): void {
    const world = this.#worlds.get(merchant);
    world?.agenda.clear();
    world?.callbacks.clear();
    this.#worlds.delete(merchant);
    if (this.#last?.merchant === merchant) this.#last = undefined;
  }

  #dropIdle(): void {
    // The walk below begins anew at every change of merchant.
    if (this.#worlds.size <= this.#limit) return;
    for (const merchant of this.#worlds.keys()) {
      if (this.#worlds.size <= this.#limit) return;
      void this.reset(merchant).catch(this.#options.failed);
    }
  }
}

const stateOf = ({ clock, ids, agenda, callbacks, scenario, bound }: World): WorldState => ({
  clock: clock.base,
  ids: ids.count,
  agenda: agenda.entries,
  callbacks: callbacks.state,
  scenario: scenario?.state,
  bound: [...bound].map(([session, run]) => [session, run.state]),
});
