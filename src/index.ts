import { actAs, type MerchantSandbox } from './client/merchant-sandbox.js';
import type { Target } from './client/target.js';
import type { ReportedScenario } from './replay/report/report.js';
import type { AppOptions } from './server/options.js';
import { startServer } from './server/start.js';
import { ClockRefusal, INSTANT_EXAMPLE, readDuration, readInstant, type Shift } from './server/world/clock.js';

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
export type { ReportedScenario, ReportedStep } from './replay/report/report.js';
export { version } from './version.js';

export interface SandboxOptions
  extends Pick<AppOptions, 'seed' | 'merchants' | 'rateLimits' | 'allowCallbacks' | 'explain'> {
  /** Port to listen on; any free one unless given. */
  port?: number;
  /** Address to listen on; loopback unless given. */
  host?: string;
  /** Where every merchant's clock starts: ISO 8601, in UTC where it names no offset, or milliseconds since 1970. */
  clock?: string | number | Date;
  /** When the push of an order is first sent, from the order: ISO 8601, `PT0S` for at once; `PT2M`, as Klarna does it, unless given. */
  pushAfter?: string;
  /** The merchant of the sandbox's own methods; `test` unless given. */
  merchant?: string;
}

export interface ReplayOptions {
  /** Lets a scenario fail when something of it tested nothing; otherwise its `warnings` say so. */
  strict?: boolean;
}

/** A running sandbox. Its own methods act for one merchant; `as` acts for another. */
export interface Sandbox extends MerchantSandbox {
  /** Base URL for the shop: scheme, host and port. */
  url: string;
  /** The same methods for another merchant, in a world of its own. */
  as(merchant: string): MerchantSandbox;
  /**
   * Plays a scenario here, as a merchant of its own that is as new: one that ships, by name or alias, or a file.
   * With a merchants file it plays as the sandbox's merchant, as it is.
   * Rejects with what is wrong when there is no such scenario or its file has mistakes.
   */
  replay(nameOrFile: string, options?: ReplayOptions): Promise<ReportedScenario>;
  /** Ends the server and everything under way. */
  close(): Promise<void>;
}

async function readPushAfter(text: string): Promise<Shift> {
  try {
    return await readDuration(text);
  } catch (error) {
    throw error instanceof ClockRefusal ? new TypeError(`pushAfter: ${error.message}`) : error;
  }
}

/**
 * Starts a sandbox in this process, as `mock-klarna serve` does in one of its own.
 * Rejects when the port or the address cannot be had, or clock or pushAfter cannot be read.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, clock, pushAfter, merchant = 'test', ...rest } = options;
  const start = clock === undefined ? undefined : await readInstant(clock);
  if (clock !== undefined && start === undefined) {
    throw new TypeError(`clock: given ${clock}, expected ${INSTANT_EXAMPLE}`);
  }
  const server = await startServer({
    ...rest,
    port,
    clock: start,
    ...(pushAfter !== undefined && { pushAfter: await readPushAfter(pushAfter) }),
  });
  const { url, close } = server;
  const targetOf = (username: string): Target => {
    const known = options.merchants?.find((each) => each.username === username);
    return { url, username, password: known?.password ?? 'secret' };
  };
  const as = (name: string) => actAs(targetOf(name));
  const replay = async (nameOrFile: string, { strict }: ReplayOptions = {}) => {
    const { replayOne } = await import('./replay/one.js');
    const target: Target = { ...targetOf(merchant), harness: 'replay' };
    return replayOne(nameOrFile, target, { seed: options.seed, known: options.merchants !== undefined, strict });
  };
  return Object.assign(as(merchant), { url, as, replay, close });
}
