import type { WallClock } from '../../exchange/wall-clock.js';
import type { CategoryName } from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';
import { type RunState, ScenarioRun } from '../../scenario/run.js';
import type { Eventually } from '../../store/eventually.js';
import type { Store } from '../../store/store.js';
import { Agenda, type Entry } from './agenda.js';
import type { MayCall } from './callback-hosts.js';
import { callbackLine } from './callback-line.js';
import { Callbacks, type CallbacksState, type Due, shownAttempt } from './callbacks.js';
import { type ClockState, MerchantClock, type Shift } from './clock.js';
import { Events, type Tell } from './events.js';
import { type IdSource, randomIds, seededIds } from './ids.js';
import { Journal } from './journal.js';

/** The world of a merchant: all its state that no other merchant sees. Records and exchanges are in the store. */
export interface World {
  merchant: string;
  clock: MerchantClock;
  ids: IdSource;
  journal: Journal;
  agenda: Agenda<Due>;
  callbacks: Callbacks;
  /** Further currencies that the merchant is granted beside that of the country. */
  currencies: readonly string[];
  /** The payment method categories of new sessions, as the control API chose them. */
  categories?: readonly CategoryName[];
  /** The payment method categories of new sessions, as the merchants file has them. */
  grantedCategories?: readonly CategoryName[];
  /** The scenario of this merchant's calls. */
  scenario?: ScenarioRun;
  /** Scenarios that were chosen by e-mail addresses, by the session of their purchase. */
  bound: Map<string, ScenarioRun>;
  /** Tells those who follow the merchant what happened. */
  tell: Tell;
  /** Returns the state to save. */
  state: () => object;
}

/** The saved state of a world: plain data. */
interface WorldState {
  clock: ClockState;
  /** Number of ids given; absent where ids do not repeat. */
  ids?: number;
  agenda: Entry<Due>[];
  callbacks: CallbacksState;
  scenario?: RunState;
  bound: [string, RunState][];
  categories?: readonly CategoryName[];
}

export interface WorldsOptions {
  store: Store;
  wall: WallClock;
  /** With a seed the clock stands still at its start and ids repeat. */
  seed?: string;
  /** The start of every merchant's clock; absent: now, or a fixed instant with a seed. */
  start?: Instant;
  /** Tells which hosts outside the loopback interface callbacks may be sent to; none unless given. */
  mayCall?: MayCall;
  /** Time from an order to the first attempt of its push; Klarna's unless given. */
  pushAfter?: Shift;
  /** Returns the scenario that a merchant's world begins with. */
  scenarioOf?: (merchant: string) => ScenarioRun | undefined;
  /** Who follows what happens; nobody unless given. */
  events?: Events;
  /** Returns the further currencies that a merchant is granted. */
  currenciesOf?: (merchant: string) => readonly string[] | undefined;
  /** Returns the payment method categories that a merchant's new sessions get. */
  categoriesOf?: (merchant: string) => readonly CategoryName[] | undefined;
  /** Called with errors of work in the background. */
  failed: (error: unknown) => void;
}

/** The start of clocks that must always start at the same instant. */
export const SEEDED_START: Instant = Date.UTC(2026, 0, 1, 12);

/** Highest number of merchants with a world; those idle longest are dropped. */
export const WORLDS = 10_000;

/** The worlds of all merchants, each made, or loaded from the store, at the first call of its merchant. */
export class Worlds {
  readonly #options: WorldsOptions;
  readonly #limit: number;
  /** Worlds by merchant, the one used last at the end. */
  readonly #worlds = new Map<string, World>();
  readonly #loading = new Map<string, Promise<World>>();
  /** Resets that a slow store is still carrying out, by merchant. */
  readonly #clearing = new Map<string, Promise<void>>();
  readonly #events: Events;
  /** All merchants' callbacks go through it. */
  readonly #line = callbackLine();
  #last: World | undefined;

  constructor(options: WorldsOptions, limit = WORLDS) {
    this.#options = options;
    this.#limit = limit;
    this.#events = options.events ?? new Events();
  }

  /** Returns the world of a merchant: at once where it is loaded or the store answers at once. */
  of(merchant: string): Eventually<World> {
    if (this.#last?.merchant === merchant) return this.#last;
    const world = this.#worlds.get(merchant);
    if (world) return this.#use(world);
    const loading = this.#loading.get(merchant);
    if (loading) return loading;
    const { store } = this.#options;
    const clearing = this.#clearing.get(merchant);
    const loaded = clearing
      ? clearing.catch(() => {}).then(() => store.loadWorld(merchant))
      : store.loadWorld(merchant);
    if (!(loaded instanceof Promise)) return this.#use(this.#make(merchant, loaded as WorldState | undefined));
    const opening = loaded
      .then((state) => this.#use(this.#make(merchant, state as WorldState | undefined)))
      .finally(() => this.#loading.delete(merchant));
    this.#loading.set(merchant, opening);
    return opening;
  }

  /** Returns all worlds, the one used last at the end. */
  all(): World[] {
    return [...this.#worlds.values()];
  }

  /** Saves the current state of a world in the store. */
  save(world: World): Eventually<void> {
    // A world that was reset meanwhile is not saved: its late changes must not come back.
    if (this.#worlds.get(world.merchant) !== world) return undefined;
    return this.#options.store.saveWorld(world.merchant, world.state);
  }

  /** Deletes all data of a merchant: records, journal, clock, waiting tasks. */
  async reset(merchant: string): Promise<void> {
    this.#forget(merchant);
    const told = () => this.#events.tell(merchant, () => ({ event: 'cleared', data: { what: 'everything' } }));
    const cleared = this.#options.store.clear(merchant);
    if (!(cleared instanceof Promise)) return told();
    // A request that comes meanwhile must not load what is about to go.
    this.#clearing.set(merchant, cleared);
    await cleared.finally(() => {
      if (this.#clearing.get(merchant) === cleared) this.#clearing.delete(merchant);
    });
    told();
  }

  /** Ends all background work. The store keeps every world as it was before. */
  close(): void {
    const { store, failed } = this.#options;
    for (const world of this.all()) {
      const state = stateOf(world);
      const saved = store.saveWorld(world.merchant, () => state);
      if (saved instanceof Promise) saved.catch(failed);
      this.#forget(world.merchant);
    }
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
    const { store, wall, seed, start, mayCall, pushAfter, failed } = this.#options;
    const tell: Tell = (make) => this.#events.tell(merchant, make);
    const clock = new MerchantClock(wall, {
      start: start ?? (seed === undefined ? undefined : SEEDED_START),
      standing: seed !== undefined,
      state: state?.clock,
      moved: (now) => tell(() => ({ event: 'clock', data: { now: toIso(now) } })),
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
      mayCall,
      line: this.#line,
      pushAfter,
      id: ids.uuid,
      read: async (kind, id) => (await store.read(kind, id))?.record,
      state: state?.callbacks,
      attempted: (attempt) => tell(() => ({ event: 'callback', data: shownAttempt(attempt) })),
    });
    const scenario = state
      ? state.scenario && ScenarioRun.restore(state.scenario)
      : this.#options.scenarioOf?.(merchant);
    const granted = this.#options.categoriesOf?.(merchant);
    const world: World = {
      merchant,
      clock,
      ids,
      journal: new Journal(store, merchant, tell),
      agenda,
      callbacks,
      currencies: this.#options.currenciesOf?.(merchant) ?? [],
      ...(granted && { grantedCategories: granted }),
      ...(state?.categories && { categories: state.categories }),
      ...(scenario && { scenario }),
      bound: new Map(state?.bound.map(([session, run]) => [session, ScenarioRun.restore(run)])),
      tell,
      state: () => stateOf(world),
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
    // Checked first, because the loop makes an iterator at every change of merchant.
    if (this.#worlds.size <= this.#limit) return;
    for (const merchant of this.#worlds.keys()) {
      if (this.#worlds.size <= this.#limit) return;
      void this.reset(merchant).catch(this.#options.failed);
    }
  }
}

const stateOf = ({ clock, ids, agenda, callbacks, scenario, bound, categories }: World): WorldState => ({
  clock: clock.state,
  ids: ids.count,
  agenda: agenda.entries,
  callbacks: callbacks.state,
  scenario: scenario?.state,
  bound: [...bound].map(([session, run]) => [session, run.state]),
  ...(categories && { categories }),
});
