import { actAs, type MerchantSandbox } from './client/merchant-sandbox.js';
import type { Target } from './client/target.js';
import type { ReportedScenario } from './report/replay.js';
import type { AppOptions } from './server/options.js';
import { startServer } from './server/start.js';
import { INSTANT_EXAMPLE, readDuration, readInstant, type Shift } from './server/world/clock.js';
import { adminTokenMistake } from './server/world/merchants.js';
import { MEMORY_SIZES, readMemory } from './store/budget.js';
import { isJournalLength, JOURNAL_LENGTHS } from './store/journal-ring.js';

export { ControlError } from './client/control.js';
export type {
  Callbacks,
  ChosenScenario,
  Clock,
  Journal,
  MerchantSandbox,
  ScenarioChoice,
  ShopReport,
} from './client/merchant-sandbox.js';
export type { CallbackAttempt, Exchange } from './exchange/exchange.js';
export type { ReportedScenario, ReportedStep } from './report/replay.js';
export { version } from './version.js';

/** Options of a sandbox. */
export interface SandboxOptions
  extends Pick<
    AppOptions,
    | 'seed'
    | 'merchants'
    | 'rateLimits'
    | 'allowCallbacks'
    | 'allowHosts'
    | 'adminToken'
    | 'explain'
    | 'journal'
    | 'publicUrl'
  > {
  /**
   * Memory for what merchants have, in bytes or as `256MB`: when it is full, the oldest of the largest merchants go. A quarter
   * of what V8 or the container allows by default, and at least 128 MB.
   */
  memory?: number | string;
  /** Port to listen on; by default any free one. */
  port?: number;
  /** Address to listen on; loopback by default. */
  host?: string;
  /** Start of every merchant's clock: ISO 8601, in UTC if it has no offset, or milliseconds since 1970. */
  clock?: string | number | Date;
  /** Time from an order to its first push: ISO 8601 duration, `PT0S` for at once; `PT2M`, as at Klarna, by default. */
  pushAfter?: string;
  /** User name of the merchant of the sandbox's own methods; `test` by default. */
  merchant?: string;
}

/** Options of a replay. */
export interface ReplayOptions {
  /** True to let a scenario fail when a part of it tested nothing; otherwise that is only listed in `warnings`. */
  strict?: boolean;
}

/** A running sandbox. Its own methods act for one merchant; those of `as` act for another. */
export interface Sandbox extends MerchantSandbox {
  /** Base URL for the shop: scheme, host and port. */
  url: string;
  /** Returns the same methods for another merchant, which shares no data with the first. */
  as(merchant: string): MerchantSandbox;
  /**
   * Plays a scenario on this sandbox: one that ships, by name or alias, or a file. It plays as a new merchant of its
   * own or, with the option `merchants`, as the sandbox's merchant in its present state.
   * Rejects with the reason when there is no such scenario or its file has mistakes.
   */
  replay(nameOrFile: string, options?: ReplayOptions): Promise<ReportedScenario>;
  /** Stops the server and everything under way. */
  close(): Promise<void>;
}

async function readPushAfter(text: string): Promise<Shift> {
  try {
    return await readDuration(text);
  } catch (error) {
    throw new TypeError(`pushAfter: ${(error as Error).message}`);
  }
}

/**
 * Starts a sandbox in this process, as `mock-klarna serve` does in a process of its own.
 * Rejects when the port or the address is not available, or clock, pushAfter or publicUrl cannot be read.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, clock, pushAfter, memory, merchant = 'test', ...rest } = options;
  const start = clock === undefined ? undefined : await readInstant(clock);
  if (clock !== undefined && start === undefined) {
    throw new TypeError(`clock: given ${clock}, expected ${INSTANT_EXAMPLE}`);
  }
  const { journal, adminToken } = options;
  const mistake = adminToken === undefined ? undefined : adminTokenMistake(adminToken);
  if (mistake !== undefined) throw new TypeError(`adminToken: ${mistake}`);
  if (journal !== undefined && !isJournalLength(journal)) {
    throw new TypeError(`journal: given ${journal}, expected ${JOURNAL_LENGTHS}`);
  }
  const bytes = memory === undefined ? undefined : readMemory(memory);
  if (memory !== undefined && bytes === undefined) {
    throw new TypeError(`memory: given ${memory}, expected ${MEMORY_SIZES}`);
  }
  const server = await startServer({
    ...rest,
    port,
    memory: bytes,
    clock: start,
    play: async (...given) => (await import('./replay/replay.js')).playGiven(...given),
    ...(pushAfter !== undefined && { pushAfter: await readPushAfter(pushAfter) }),
  });
  const { url, close } = server;
  const targetOf = (username: string): Target => {
    const listed = options.merchants?.find((each) => each.username === username);
    return { url, username, password: listed?.password ?? adminToken ?? 'secret' };
  };
  const as = (name: string) => actAs(targetOf(name));
  const replay = async (nameOrFile: string, { strict }: ReplayOptions = {}) => {
    const { playScenario } = await import('./replay/replay.js');
    const target: Target = { ...targetOf(merchant), harness: 'replay' };
    return playScenario(nameOrFile, target, { seed: options.seed, known: options.merchants !== undefined, strict });
  };
  return Object.assign(as(merchant), { url, as, replay, close });
}
