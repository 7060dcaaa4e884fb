import { checkOptions, type OptionTable } from './client/check-options.js';
import { ControlError } from './client/control.js';
import { actAs, type MerchantSandbox } from './client/merchant-sandbox.js';
import type { Target } from './client/target.js';
import type { ReportedScenario } from './report/replay.js';
import type { ScenarioContent } from './scenario/define-scenario.js';
import { type Library, openLibrary } from './scenario/library.js';
import { NoScenario } from './scenario/problem.js';
import { findScenario, scenariosOf } from './server/find-scenario.js';
import type { AppOptions } from './server/options.js';
import { startServer } from './server/start.js';
import { INSTANT_EXAMPLE, readDuration, readInstant, type Shift } from './server/world/clock.js';
import { adminTokenMistake } from './server/world/merchants.js';
import { checkMerchants, MerchantsFileError } from './server/world/merchants-file.js';
import { MEMORY_SIZES, readMemory } from './store/budget.js';
import { isJournalLength, JOURNAL_LENGTHS } from './store/journal-ring.js';

export type { MerchantSandbox } from './client/merchant-sandbox.js';
export type { CallbackFilter, Callbacks, DueCallback } from './client/verbs/callbacks.js';
export type { Clock } from './client/verbs/clock.js';
export type { CustomerToken, CustomerTokens } from './client/verbs/customer-tokens.js';
export type { Events, FollowOptions, WorldEvent } from './client/verbs/events.js';
export type { ExchangeFilter, Journal } from './client/verbs/journal.js';
export type { Listed, ListOptions } from './client/verbs/lists.js';
export type { Order, Orders } from './client/verbs/orders.js';
export type { CategoryChoice, PaymentMethodCategories } from './client/verbs/payment-method-categories.js';
export type { Report, ReportOptions, ShopReport } from './client/verbs/report.js';
export type { ChosenScenario, ScenarioChoice } from './client/verbs/scenario.js';
export type { Scenarios } from './client/verbs/scenarios.js';
export type { AuthorizeAnswer, HostedAnswer, Shopper } from './client/verbs/shopper.js';
export type { CallbackAttempt, Exchange } from './exchange/exchange.js';
export type { ReportedScenario, ReportedStep } from './report/replay.js';
export {
  defineScenario,
  type ScenarioContent,
  type ScenarioDelivery,
  type ScenarioOutcome,
  type ScenarioStep,
} from './scenario/define-scenario.js';
export { version } from './version.js';
export { ControlError };

/** Options of a sandbox. */
export interface SandboxOptions
  extends Pick<
    AppOptions,
    | 'seed'
    | 'merchants'
    | 'rateLimits'
    | 'trustProxy'
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
  /** Address to listen on; loopback by default. Any other needs `adminToken` or `open`. */
  host?: string;
  /** True to let other machines use the control API and the live page without an admin token. */
  open?: boolean;
  /** Answers by TLS as well: by a certificate and its key in PEM, or with `true` by a pair made for this sandbox. */
  tls?: boolean | { cert: string; key: string };
  /** Port to listen on by TLS; by default any free one. */
  tlsPort?: number;
  /** Start of every merchant's clock: ISO 8601, in UTC if it has no offset, or milliseconds since 1970. */
  clock?: string | number | Date;
  /** Time from an order to its first push: ISO 8601 duration, `PT0S` for at once; `PT2M`, as at Klarna, by default. */
  pushAfter?: string;
  /** User name of the merchant of the sandbox's own methods; `test` by default. */
  merchant?: string;
  /** The scenario with which every merchant starts: a name or alias, a file, or the content of a scenario file. */
  scenario?: string | ScenarioContent | Record<string, unknown>;
  /**
   * Folders with scenarios of your own, found by name and alias as those that ship, and before them. Those in an earlier
   * folder go before those in a later.
   */
  scenarios?: string | readonly string[];
}

const OPTIONS: OptionTable<SandboxOptions> = {
  seed: 'a text',
  merchants: 'a list of merchants',
  rateLimits: ['off', 'playground', 'live'],
  allowCallbacks: 'a list of texts',
  allowHosts: 'a list of texts',
  trustProxy: 'a list of texts',
  adminToken: 'a text',
  explain: 'true or false',
  journal: 'a number',
  memory: 'a number of bytes, or a text such as 256MB',
  publicUrl: 'a text',
  port: 'a number',
  host: 'a text',
  open: 'true or false',
  tls: 'true, false or { cert, key }',
  tlsPort: 'a number',
  clock: 'an instant',
  pushAfter: 'a text',
  merchant: 'a text',
  scenario: 'a name, a file or an object',
  scenarios: 'a folder or a list of folders',
};

/** Options of a replay. */
export interface ReplayOptions {
  /** True to let a scenario fail when a part of it tested nothing; otherwise that is only listed in `warnings`. */
  strict?: boolean;
}

const REPLAY_OPTIONS: OptionTable<ReplayOptions> = { strict: 'true or false' };

/** A running sandbox. Its own methods act for one merchant; those of `as` act for another. */
export interface Sandbox extends MerchantSandbox {
  /** Base URL for the shop: scheme, host and port. */
  url: string;
  /** Base URL by TLS, where the option `tls` asks for it, and the certificate to trust where it was made for this sandbox. */
  tls?: { url: string; ca?: string };
  /** Returns the same methods for another merchant, which shares no data with the first. */
  as(merchant: string): MerchantSandbox;
  /**
   * Plays a scenario on this sandbox: one that ships or is of the option `scenarios`, by name or alias, a file, or the content of
   * one as an object. It plays as a new merchant of its own or, with the option `merchants`, as the sandbox's merchant in its
   * present state. Rejects with the reason when there is no such scenario or it has mistakes.
   */
  replay(
    scenario: string | ScenarioContent | Record<string, unknown>,
    options?: ReplayOptions,
  ): Promise<ReportedScenario>;
  /** Stops the server. Calls that are under way or come later reject with a `ControlError` that says so. */
  close(): Promise<void>;
}

/** The reason why calls get no answer once a sandbox was closed. */
const CLOSED = 'this sandbox was closed by close(); make calls before it, or start another sandbox with startSandbox()';

async function readPushAfter(text: string): Promise<Shift> {
  try {
    return await readDuration(text);
  } catch (error) {
    throw new TypeError(`pushAfter: ${(error as Error).message}`);
  }
}

/** Tells of a scenario file that changes while the sandbox runs. */
const report: (line: string) => void = console.error.bind(console, 'mock-klarna:');

/** Turns the error of a scenario that an option names into one that names the option. */
const refusal = (option: string) => (error: unknown) => {
  throw error instanceof NoScenario ? new TypeError(`${option}: ${error.message}`) : error;
};

function openScenarios(folders: SandboxOptions['scenarios'] = []): Library {
  try {
    return openLibrary([folders].flat(), report);
  } catch (error) {
    return refusal('scenarios')(error);
  }
}

function readMerchants(given: SandboxOptions['merchants']) {
  try {
    return given && checkMerchants({ merchants: given }, 'startSandbox()');
  } catch (error) {
    throw error instanceof MerchantsFileError ? new TypeError(error.message) : error;
  }
}

/** Returns merchants and scenarios of a sandbox in the form of the application. */
async function readWorlds({ merchants, scenario, scenarios }: SandboxOptions) {
  const library = openScenarios(scenarios);
  const listed = readMerchants(merchants);
  return {
    library,
    ...(listed && {
      merchants: listed,
      scenarios: await scenariosOf(listed, library, report).catch(refusal('merchants')),
    }),
    ...(scenario !== undefined && {
      scenario: await findScenario(scenario, library, report).catch(refusal('scenario')),
    }),
  };
}

/**
 * Starts a sandbox in this process, as `mock-klarna serve` does in a process of its own.
 * Rejects when the port or the address is not available or would let anybody in unasked, and for an option that there is not or that cannot be used.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkOptions('startSandbox()', options, OPTIONS);
  const {
    port = 0,
    tlsPort = 0,
    clock,
    pushAfter,
    memory,
    merchant = 'test',
    merchants: _,
    scenario: __,
    scenarios: ___,
    ...rest
  } = options;
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
  const worlds = await readWorlds(options);
  const bytes = memory === undefined ? undefined : readMemory(memory);
  if (memory !== undefined && bytes === undefined) {
    throw new TypeError(`memory: given ${memory}, expected ${MEMORY_SIZES}`);
  }
  const server = await startServer({
    ...rest,
    ...worlds,
    port,
    tlsPort,
    memory: bytes,
    clock: start,
    play: async (...given) => (await import('./replay/replay.js')).playGiven(...given),
    ...(pushAfter !== undefined && { pushAfter: await readPushAfter(pushAfter) }),
  });
  const { url } = server;
  const closing = new AbortController();
  const { signal: closed } = closing;
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing.abort(CLOSED);
    ended ??= server.close();
    return ended;
  };
  const targetOf = (username: string): Target => ({
    url,
    username,
    password: server.app.passwordOf(username),
    closed,
  });
  const as = (name: string) => actAs(targetOf(name));
  const replay: Sandbox['replay'] = async (scenario, given = {}) => {
    checkOptions('replay()', given, REPLAY_OPTIONS);
    const refuseClosed = () => {
      if (closed.aborted) throw new ControlError(`replay() got no answer: ${closed.reason}`);
    };
    refuseClosed();
    const { playScenario } = await import('./replay/replay.js');
    const target: Target = { ...targetOf(merchant), harness: 'replay' };
    const known = worlds.merchants !== undefined;
    const how = { seed: options.seed, known, strict: given.strict };
    const played = await playScenario(scenario, target, how, worlds.library);
    refuseClosed();
    return played;
  };
  return Object.assign(as(merchant), { url, ...(server.tls && { tls: server.tls }), as, replay, close });
}
