import type { CallbackAttempt } from '../../exchange/exchange.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import type { CategoryName } from '../../klarna/records.js';
import { type Instant, toIso } from '../../klarna/time.js';
import { type RunState, ScenarioRun } from '../../scenario/run.js';
import { type Account, Budget, type Droppable } from '../../store/budget.js';
import type { Eventually } from '../../store/eventually.js';
import type { Store } from '../../store/store.js';
import { Agenda, type Entry } from './agenda.js';
import type { MayCall } from './callback-hosts.js';
import { callbackLines } from './callback-line.js';
import { Callbacks, type CallbacksState, type Due, shownAttempt } from './callbacks.js';
import { type ClockState, MerchantClock, type Shift } from './clock.js';
import { Events, type Tell } from './events.js';
import { type IdSource, randomIds, seededIds } from './ids.js';
import { Journal } from './journal.js';

/** The world of a merchant: all its state that no other merchant sees. Records and exchanges are in the store. */
export interface World {
  merchant: string;
  /** Number of its last use, counted over all merchants. */
  used: number;
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
  /** Bytes of that scenario, where it was given with a request and is kept for this merchant alone. */
  scenarioSize?: number;
  /** Scenarios that were chosen by e-mail addresses, by the session of their purchase. */
  bound: Map<string, ScenarioRun>;
  /** Tells those who follow the merchant what happened. */
  tell: Tell;
  /** Returns the state to save. */
  state: () => object;
  /** The part of it that is kept in memory. */
  account: Account;
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
  /** The memory that worlds share with what else is kept; one of their own unless given. */
  budget?: Budget;
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
  /** Called with every attempt to send a callback when it has ended. */
  attempted?: (merchant: string, attempt: CallbackAttempt) => void;
  /** Called with errors of work in the background. */
  failed: (error: unknown) => void;
}

/** The start of clocks that must always start at the same instant. */
export const SEEDED_START: Instant = Date.UTC(2026, 0, 1, 12);

/** Bytes of a world in which nothing waits, and of a purchase that is bound to a scenario. */
const WORLD = 4 * 1024;
const BOUND = 1_024;

/**
 * Returns the highest number of merchants with a world; those idle longest go. Worlds take a quarter of the memory at most:
 * a flood of new merchants would drive out what the others have otherwise.
 */
const worldsIn = (bytes: number): number => Math.floor(bytes / 4 / WORLD);

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
  /** Makes the line of a merchant's callbacks, beside those of the others. */
  readonly #lines = callbackLines();
  readonly #budget: Budget;
  #last: World | undefined;
  #uses = 0;

  constructor(options: WorldsOptions, limit?: number) {
    const { events = new Events(), budget = new Budget() } = options;
    this.#options = options;
    this.#events = events;
    this.#budget = budget;
    this.#limit = limit ?? worldsIn(budget.limit);
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
    this.#weigh(world);
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
    for (const world of this.all()) this.#putAway(world);
  }

  /** Saves a world for good, and ends what is under way in it. */
  #putAway(world: World): void {
    const { store, failed } = this.#options;
    const state = stateOf(world);
    const saved = store.saveWorld(world.merchant, () => state);
    if (saved instanceof Promise) saved.catch(failed);
    this.#forget(world.merchant);
  }

  /** Counts what a world takes now. */
  #weigh({ account, callbacks, bound, scenarioSize = 0 }: World): void {
    const more = WORLD + callbacks.size + BOUND * bound.size + scenarioSize - account.bytes;
    if (more === 0) return;
    this.#budget.charge(account, more);
    if (more > 0) this.#budget.fit();
  }

  #use(world: World): World {
    const { merchant } = world;
    this.#worlds.delete(merchant);
    this.#worlds.set(merchant, world);
    world.used = ++this.#uses;
    this.#last = world;
    this.#dropIdle();
    return world;
  }

  #make(merchant: string, state?: WorldState): World {
    const { store, wall, seed, start, mayCall, pushAfter, attempted, failed } = this.#options;
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
      line: this.#lines(merchant),
      pushAfter,
      id: ids.uuid,
      read: async (kind, id) => (await store.read(kind, id))?.record,
      state: state?.callbacks,
      attempted: (attempt) => {
        tell(() => ({ event: 'callback', data: shownAttempt(attempt) }));
        attempted?.(merchant, shownAttempt(attempt));
      },
    });
    const scenario = state
      ? state.scenario && ScenarioRun.restore(state.scenario)
      : this.#options.scenarioOf?.(merchant);
    const granted = this.#options.categoriesOf?.(merchant);
    const world: World = {
      merchant,
      used: 0,
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
      account: this.#budget.open({ merchant, dropOldest: () => this.#dropOldest(world) }),
    };
    this.#weigh(world);
    return world;
  }

  #forget(merchant: string): void {
    const world = this.#worlds.get(merchant);
    world?.agenda.clear();
    world?.callbacks.clear();
    if (world) this.#budget.close(world.account);
    this.#worlds.delete(merchant);
    if (this.#last?.merchant === merchant) this.#last = undefined;
  }

  /** Drops the oldest of what a world keeps beside records and journal. */
  #dropOldest(world: World): Droppable | undefined {
    const { callbacks, bound } = world;
    const [oldest] = bound.keys();
    let what: Droppable | undefined;
    if (callbacks.dropOldest()) what = 'callback';
    else if (oldest !== undefined && bound.delete(oldest)) what = 'scenario';
    else if (world.scenarioSize !== undefined) {
      delete world.scenario;
      delete world.scenarioSize;
      world.tell(() => ({ event: 'scenario', data: {} }));
      what = 'scenario';
    }
    this.#weigh(world);
    return what;
  }

  #dropIdle(): void {
    // Checked first, because the loop makes an iterator at every change of merchant.
    if (this.#worlds.size <= this.#limit) return;
    for (const [merchant, world] of this.#worlds) {
      if (this.#worlds.size <= this.#limit) return;
      if (this.#options.store.lasts) this.#putAway(world);
      else void this.reset(merchant).catch(this.#options.failed);
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
