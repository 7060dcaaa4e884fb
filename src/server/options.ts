import type { WallClock } from '../exchange/wall-clock.js';
import type { Instant } from '../klarna/time.js';
import type { ConsoleEntry } from '../report/console.js';
import type { Library } from '../scenario/library.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Store } from '../store/store.js';
import type { Shift } from './world/clock.js';
import type { Merchant } from './world/merchants.js';

/** Klarna's limits that count: none, those of the playground or those of the live environment. */
export type RateLimitMode = 'off' | 'playground' | 'live';

/** An answer of an operation as it left, for tests that judge every answer. */
export interface Observed {
  operation: string;
  status: number;
  headers: Record<string, unknown>;
  body: string | undefined;
}

/** The options of the application. Nothing of them names a type of Fastify: they are part of the public types. */
export interface AppOptions {
  /** With a seed every merchant's clock stands still until it is moved, and ids repeat. */
  seed?: string;
  /** Where every merchant's clock starts. */
  clock?: Instant;
  /** The merchants that may call; absent: any user name, and the password `invalid` is wrong. */
  merchants?: readonly Merchant[];
  rateLimits?: RateLimitMode;
  /** Hosts that callbacks may be sent to though they are not on the loopback interface. */
  allowCallbacks?: readonly string[];
  /** When the push of an order is first sent, from the order; as Klarna does it unless given. */
  pushAfter?: Shift;
  /** `false` leaves the header `Mock-Klarna-Explain` out. */
  explain?: boolean;
  /** Takes one entry an exchange, for the console. */
  tell?: (entry: ConsoleEntry) => void;
  /** Told of what failed in the background or by our own mistake; the console unless given. */
  failed?: (error: unknown) => void;
  /** Sees every answer of an operation; for tests. */
  observe?: (exchange: Observed) => void;
  /** The scenarios that can be chosen by name; those that ship unless given. */
  library?: Library;
  /** The scenario that every merchant's world begins with. */
  scenario?: Scenario;
  /** The scenarios that some merchants' worlds begin with instead. */
  scenarios?: ReadonlyMap<string, Scenario>;
  /** Where state lives; memory unless given. */
  store?: Store;
  /** Real time; another for tests. */
  wall?: WallClock;
}
