import type { Target } from '../client/target.js';
import type { WallClock } from '../exchange/wall-clock.js';
import type { Instant } from '../klarna/time.js';
import type { ConsoleEntry } from '../report/console.js';
import type { ReportedScenario } from '../report/replay.js';
import type { Library } from '../scenario/library.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Store } from '../store/store.js';
import type { Shift } from './world/clock.js';
import type { Merchant } from './world/merchants.js';

/** The rate limits that apply: none, those of the playground or those of the live environment. */
export type RateLimitMode = 'off' | 'playground' | 'live';

/** An answer of an operation as it was sent, for tests that check every answer. */
export interface Observed {
  operation: string;
  status: number;
  headers: Record<string, unknown>;
  body: string | undefined;
}

/** The options of the application. They use no types of Fastify, because they are part of the public types. */
export interface AppOptions {
  /** With a seed every merchant's clock stands still until it is moved, and ids repeat. */
  seed?: string;
  /** The start of every merchant's clock. */
  clock?: Instant;
  /** The merchants that may call; absent: any user name, with any password except `invalid`. */
  merchants?: readonly Merchant[];
  /** Text that opens the control API of every merchant in the place of a password; without it passwords do. */
  adminToken?: string;
  /** Further host names by which the control API and the pages may be called. */
  allowHosts?: readonly string[];
  rateLimits?: RateLimitMode;
  /**
   * Scheme, host and port by which the shopper's browser reaches the sandbox: in client tokens, `redirect_url` and the
   * links of hosted pages. Those that the client called unless given.
   */
  publicUrl?: string;
  /**
   * Proxies whose `X-Forwarded-Proto` and `X-Forwarded-Host` are believed: addresses, networks such as `10.0.0.0/8`,
   * `loopback`, `linklocal`, `uniquelocal`, or `none` alone. Those on this machine unless given.
   */
  trustProxy?: readonly string[];
  /**
   * Hosts outside the loopback interface that callbacks may be sent to: a host, a host and port, `*.` and a domain for
   * the names below it, or a network such as `192.0.2.0/24`.
   */
  allowCallbacks?: readonly string[];
  /** Time from an order to the first attempt of its push; Klarna's unless given. */
  pushAfter?: Shift;
  /** `false` omits the header `Mock-Klarna-Explain`. */
  explain?: boolean;
  /** Called with every exchange, and with every attempt to send a callback, for the console. */
  tell?: (entry: ConsoleEntry) => void;
  /** Called with errors in the background and internal errors; the console unless given. */
  failed?: (error: unknown) => void;
  /** Called with a line that the person at the console should know; the console unless given. */
  warn?: (line: string) => void;
  /** Called with every answer of an operation; for tests. */
  observe?: (exchange: Observed) => void;
  /** Plays a scenario on the target for the control API; absent: it cannot. */
  play?: (scenario: Scenario, target: Target, options: { seed?: string; known: boolean }) => Promise<ReportedScenario>;
  /** The scenarios that can be chosen by name; the shipped ones unless given. */
  library?: Library;
  /** The scenario that every merchant's world begins with. */
  scenario?: Scenario;
  /** Scenarios by merchant, for worlds that begin with another one. */
  scenarios?: ReadonlyMap<string, Scenario>;
  /** Highest number of exchanges in the journal of each merchant; as many as memory has room for unless given. */
  journal?: number;
  /**
   * Bytes of memory for what merchants have: records, journals, worlds. When it is full, the oldest of the largest merchants
   * go. A quarter of what V8 or the container allows unless given, and at least 128 MB.
   */
  memory?: number;
  /** The store of all state; in memory unless given. It has journals of its own length. */
  store?: Store;
  /** Real time; another one for tests. */
  wall?: WallClock;
}
