import type { Kind } from '../../klarna/records.js';
import type { Instant } from '../../klarna/time.js';
import type { ScenarioRun } from '../../scenario/run.js';
import type { Store } from '../../store/store.js';
import type { RateCounter } from '../plugins/rate-limits.js';
import { Agenda } from './agenda.js';
import { Callbacks } from './callbacks.js';
import { MerchantClock, type Shift, type WallClock } from './clock.js';
import { type IdSource, randomIds, seededIds } from './ids.js';
import { Journal } from './journal.js';

/** A merchant's world: everything of one merchant that no other sees. Records are in the store. */
export interface World {
  merchant: string;
  clock: MerchantClock;
  ids: IdSource;
  journal: Journal;
  agenda: Agenda;
  callbacks: Callbacks;
  rate: RateCounter;
  /** The currencies that the merchant is granted beside that of the country. */
  currencies: readonly string[];
  /** The scenario that speaks for this merchant's calls. */
  scenario?: ScenarioRun;
  /** Scenarios that e-mail addresses chose, by the session of their purchase. */
  bound: Map<string, ScenarioRun>;
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
  /** Makes the counter of a merchant's calls. */
  counter: () => RateCounter;
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

/** The worlds of all merchants, each made when its merchant first calls. */
export class Worlds {
  readonly #options: WorldsOptions;
  readonly #limit: number;
  /** By merchant, the one that called last at the end. */
  readonly #worlds = new Map<string, World>();
  #last: World | undefined;

  constructor(options: WorldsOptions, limit = WORLDS) {
    this.#options = options;
    this.#limit = limit;
  }

  /** The world of a merchant. */
  of(merchant: string): World {
    if (this.#last?.merchant === merchant) return this.#last;
    const world = this.#worlds.get(merchant) ?? this.#create(merchant);
    this.#worlds.delete(merchant);
    this.#worlds.set(merchant, world);
    this.#last = world;
    this.#dropIdle();
    return world;
  }

  /** The worlds there are, the one that called last at the end. */
  all(): World[] {
    return [...this.#worlds.values()];
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

  #create(merchant: string): World {
    const { store, wall, seed, start, allowedHosts, pushAfter, failed, counter } = this.#options;
    const clock = new MerchantClock(wall, {
      start: start ?? (seed === undefined ? undefined : SEEDED_START),
      standing: seed !== undefined,
    });
    const ids = seed === undefined ? randomIds : seededIds(seed, merchant);
    const agenda = new Agenda({ clock, wall, failed });
    const read = async (kind: Kind, id: string) => (await store.read(kind, id))?.record;
    const callbacks = new Callbacks({ clock, wall, agenda, allowedHosts, pushAfter, id: ids.uuid, read });
    const scenario = this.#options.scenarioOf?.(merchant);
    return {
      merchant,
      clock,
      ids,
      journal: new Journal(),
      agenda,
      callbacks,
      rate: counter(),
      currencies: this.#options.currenciesOf?.(merchant) ?? [],
      ...(scenario && { scenario }),
      bound: new Map(),
    };
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
      this.#forget(merchant);
      void this.#options.store.clear(merchant).catch(this.#options.failed);
    }
  }
}
