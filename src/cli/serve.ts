import type { Instant } from '../klarna/time.js';
import { type ConsoleEntry, consoleJson, consoleLine } from '../report/console.js';
import { counted } from '../report/summary.js';
import { printable } from '../report/text.js';
import { Library, shippedScenarios } from '../scenario/library.js';
import { ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import { isExposed, isUnasked } from '../server/exposure.js';
import { findScenario, NoScenario, scenariosOf } from '../server/find-scenario.js';
import type { AppOptions, RateLimitMode } from '../server/options.js';
import { type Server, startServer } from '../server/start.js';
import { INSTANT_EXAMPLE, readDuration, readInstant, type Shift } from '../server/world/clock.js';
import { adminTokenMistake, type Merchant } from '../server/world/merchants.js';
import { MerchantsFileError, readMerchants } from '../server/world/merchants-file.js';
import { version } from '../version.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';
import { shellOf } from './shell.js';
import type { Certified, TlsArguments } from './tls.js';

/** Options of `mock-klarna serve`. */
export interface ServeOptions extends TlsArguments {
  port: number;
  host: string;
  seed?: string;
  clock?: string;
  merchants?: string;
  scenario?: string;
  rateLimits: RateLimitMode;
  publicUrl?: string;
  trustProxy?: string[];
  allowCallbacks?: string[];
  pushAfter?: string;
  allowHost?: string[];
  adminToken?: string;
  open?: boolean;
  tlsPort: number;
  journal?: number;
  memory?: number;
  explain: boolean;
  quiet?: boolean;
  json?: boolean;
}

async function readClock(text: string): Promise<Instant> {
  const instant = await readInstant(text);
  if (instant !== undefined) return instant;
  throw new CannotRun(`--clock: given ${text}, expected ${INSTANT_EXAMPLE}`);
}

async function readPushAfter(text: string): Promise<Shift> {
  try {
    return await readDuration(text);
  } catch (error) {
    throw new CannotRun(`--push-after: ${(error as Error).message}`);
  }
}

function readAdminToken(text: string | undefined): string | undefined {
  const mistake = text === undefined ? undefined : adminTokenMistake(text);
  if (mistake !== undefined) throw new CannotRun(`--admin-token: ${mistake}`);
  return text;
}

function checkExposure(options: ServeOptions): void {
  if (!isUnasked(options)) return;
  throw new CannotRun(
    `--host: other machines reach ${options.host}, and nothing keeps them from the control API and the live page; give --admin-token TEXT, or --open to let everybody in`,
  );
}

/** Returns the line that says what stands open; undefined where nothing does. */
function openings({ host, adminToken, merchants }: ServeOptions): string | undefined {
  if (!isExposed(host) || adminToken !== undefined) return undefined;
  const who = merchants === undefined ? 'everybody' : 'everybody with a password of the merchants file';
  return `open to ${who} who reaches ${host}: Klarna's APIs, the control API and the live page; --admin-token TEXT closes the last two`;
}

/** Plays a scenario on the server itself; the player is loaded when it is first asked for. */
const playOn: AppOptions['play'] = async (...given) => (await import('../replay/replay.js')).playGiven(...given);

async function readMerchantsFile(file: string): Promise<Merchant[]> {
  // Loaded when first used: most starts need no file.
  const { loadFile } = await import('../scenario/files.js');
  return orCannotRun('--merchants', async () => readMerchants(await loadFile(file), file));
}

/** Turns the mistakes of a file into a CannotRun error. */
async function orCannotRun<T>(option: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = [MerchantsFileError, ScenarioError, NoScenario].some((kind) => error instanceof kind);
    throw known ? new CannotRun(`${option}: ${(error as Error).message}`) : error;
  }
}

const reportTo = (io: Io) => (line: string) => void io.stderr.write(`mock-klarna: ${line}\n`);

/** Reads the merchants file: the merchants that may call, and the scenario with which each begins. */
async function merchantsOf(file: string, library: Library, io: Io) {
  const merchants = await readMerchantsFile(file);
  const scenarios = await orCannotRun('--merchants', () => scenariosOf(merchants, library, reportTo(io)));
  return { merchants, scenarios };
}

/** Makes a function that prints an internal error, which no client gets to see. */
export function failureTeller(io: Io): (error: unknown) => void {
  return (error) => io.stderr.write(`mock-klarna: ${error instanceof Error ? error.stack : error}\n`);
}

/** Finds the certificate of the command. What reads and makes it is loaded when it is asked for. */
async function certificateOf(options: ServeOptions): Promise<Certified | undefined> {
  if (!options.tls && options.tlsCert === undefined && options.tlsKey === undefined) return undefined;
  return (await import('./tls.js')).certifiedBy(options);
}

/** Returns the error of an address that cannot be listened on. */
function cannotListen({ code, port }: NodeJS.ErrnoException & { port?: number }, options: ServeOptions): CannotRun {
  const { host, tlsPort } = options;
  const secure = port !== undefined && port === tlsPort && port !== options.port;
  const [at, option] = secure ? [tlsPort, '--tls-port'] : [options.port, '--port'];
  return code === 'EADDRINUSE'
    ? new CannotRun(`port ${at} on ${host} is taken; choose another with ${option}, or ${option} 0 for any free one`)
    : new CannotRun(`cannot listen on ${host}, port ${at} (${code}); choose another with --host and ${option}`);
}

/** The merchants that may call, and the scenarios in force: that of every merchant, and those that merchants begin with. */
type Worlds = Pick<AppOptions, 'merchants' | 'scenario' | 'scenarios'>;

async function readWorlds({ merchants, scenario }: ServeOptions, library: Library, io: Io): Promise<Worlds> {
  return {
    ...(merchants !== undefined && (await merchantsOf(merchants, library, io))),
    ...(scenario !== undefined && {
      scenario: await orCannotRun('--scenario', () => findScenario(scenario, library, reportTo(io))),
    }),
  };
}

async function start(options: ServeOptions, tls: Certified | undefined, io: Io): Promise<[Server, Worlds]> {
  const { port, host, seed, rateLimits, publicUrl, allowCallbacks, journal, explain, quiet, json } = options;
  const tell = json ? consoleJson : consoleLine;
  const library = Library.open(shippedScenarios, reportTo(io));
  const adminToken = readAdminToken(options.adminToken);
  checkExposure(options);
  const clock = options.clock === undefined ? undefined : await readClock(options.clock);
  const pushAfter = options.pushAfter === undefined ? undefined : await readPushAfter(options.pushAfter);
  const worlds = await readWorlds(options, library, io);
  try {
    const server = await startServer({
      port,
      host,
      seed,
      rateLimits,
      publicUrl,
      trustProxy: options.trustProxy,
      allowCallbacks,
      allowHosts: options.allowHost,
      adminToken,
      open: options.open,
      tls: tls && { cert: tls.cert, key: tls.key },
      tlsPort: options.tlsPort,
      play: playOn,
      journal,
      memory: options.memory,
      explain,
      clock,
      pushAfter,
      library,
      ...worlds,
      ...(!quiet && { tell: (entry: ConsoleEntry) => io.stdout.write(`${tell(entry)}\n`) }),
      failed: failureTeller(io),
      warn: reportTo(io),
    });
    return [server, worlds];
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const known = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);
    throw known ? cannotListen(error as NodeJS.ErrnoException, options) : error;
  }
}

/** Number of merchants whose own scenarios are named one by one. */
const NAMED = 5;

/** Returns the lines that say which scenarios are in force. */
function scenarioLines({ scenario, scenarios = new Map() }: Worlds): string[] {
  const inWords = ({ name, title }: Scenario) => printable(`${name} (${title})`);
  const own = [...scenarios].map(([merchant, its]) => `Scenario of ${printable(merchant)}: ${inWords(its)}`);
  const more = own.length - NAMED;
  return [
    scenario
      ? `Scenario: ${inWords(scenario)}`
      : 'Scenario: none; --scenario NAME has other things happen than usual (mock-klarna scenarios lists them)',
    ...own.slice(0, NAMED),
    ...(more > 0 ? [`${counted(more, 'more merchant')} with a scenario of ${more === 1 ? 'its' : 'their'} own`] : []),
  ];
}

/** Returns the first lines that the command prints. */
function greeting(url: string, worlds: Worlds): string {
  return [
    `mock-klarna ${version}, a stand-in for Klarna's merchant APIs (not affiliated with Klarna)`,
    worlds.merchants
      ? 'Only the merchants of the merchants file may call.'
      : 'Any user name and password work, and each user name is a merchant of its own; the password "invalid" is refused.',
    ...scenarioLines(worlds),
    `Live page: ${url}/ (documentation: ${url}/docs)`,
    `Try: ${shellOf().firstCall(url)}`,
  ].join('\n');
}

/** Returns the lines that say where it answers by TLS, and how clients trust it. */
const trust = (url: string, ca: string | undefined): string =>
  [
    `TLS: ${url}`,
    ...(ca === undefined ? [] : [`Trust it: ${shellOf().trusting(ca)}; other clients: docs/guides/tls.md`]),
  ].join('\n');

/** Runs `mock-klarna serve` until a signal ends it. */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const certificate = await certificateOf(options);
  const [{ url, stop, tls }, worlds] = await start(options, certificate, io);
  const opened = openings(options);
  if (opened !== undefined) reportTo(io)(opened);
  if (!options.quiet && !options.json) {
    io.stdout.write(`${greeting(url, worlds)}\n`);
    if (tls) io.stdout.write(`${trust(tls.url, certificate?.caFile)}\n`);
  }
  const secure = tls && { tls: tls.url, ca: certificate?.caFile };
  const ready = { ready: url, ...secure, version, scenario: worlds.scenario?.name };
  // Scripts wait for this line.
  io.stdout.write(`${options.json ? JSON.stringify(ready) : `mock-klarna is ready at ${url}`}\n`);
  await new Promise<void>((resolve) => {
    io.onSignal(resolve);
  });
  await stop();
  return 0;
}
