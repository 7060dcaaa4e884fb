import { resolve } from 'node:path';
import type { Instant } from '../klarna/time.js';
import { type ConsoleEntry, consoleJson, consoleLine } from '../report/console.js';
import { Library, shippedScenarios } from '../scenario/library.js';
import { ScenarioError } from '../scenario/problem.js';
import type { Scenario } from '../scenario/scenario.js';
import type { AppOptions, RateLimitMode } from '../server/options.js';
import { type Server, startServer } from '../server/start.js';
import { INSTANT_EXAMPLE, readDuration, readInstant, type Shift } from '../server/world/clock.js';
import { adminTokenMistake, type Merchant } from '../server/world/merchants.js';
import { MerchantsFileError, readMerchants } from '../server/world/merchants-file.js';
import { version } from '../version.js';
import type { Io } from './io.js';
import { CannotRun } from './io.js';

/** Options of `mock-klarna serve`. */
export interface ServeOptions {
  port: number;
  host: string;
  seed?: string;
  clock?: string;
  merchants?: string;
  scenario?: string;
  rateLimits: RateLimitMode;
  publicUrl?: string;
  allowCallbacks?: string[];
  pushAfter?: string;
  allowHost?: string[];
  adminToken?: string;
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
    const known = error instanceof MerchantsFileError || error instanceof ScenarioError;
    throw known ? new CannotRun(`${option}: ${error.message}`) : error;
  }
}

/** Loads the scenario of a file, which is read again when it changes while the server runs. */
async function loadScenario(given: string, option: string, io: Io): Promise<Scenario> {
  let mistake = `${given}: no such file`;
  let report = (line: string): void => {
    mistake = line;
  };
  const library = Library.ofFile(resolve(given), (line) => report(line));
  const [scenario] = await library.all();
  if (!scenario) throw new CannotRun(`${option}: ${mistake}`);
  // Later reports come while the server runs, and go to stderr.
  report = reportTo(io);
  return scenario;
}

/** Finds a scenario by its file or, among those that ship, by name or alias. */
async function findScenario(given: string, shipped: Library, option: string, io: Io): Promise<Scenario> {
  if (/\.(ya?ml|json)$/i.test(given)) return loadScenario(given, option, io);
  const scenario = await orCannotRun(option, () => shipped.find(given));
  if (scenario) return scenario;
  const nearest = await shipped.nearest(given);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  throw new CannotRun(`${option}: given ${given}, which is no scenario that ships${hint}`);
}

const reportTo = (io: Io) => (line: string) => void io.stderr.write(`mock-klarna: ${line}\n`);

/** Reads the merchants file: the merchants that may call, and the scenario with which each begins. */
async function merchantsOf(file: string, library: Library, io: Io) {
  const merchants = await readMerchantsFile(file);
  const scenarios = new Map<string, Scenario>();
  for (const { username, scenario } of merchants) {
    if (scenario !== undefined) scenarios.set(username, await findScenario(scenario, library, '--merchants', io));
  }
  return { merchants, scenarios };
}

/** Makes a function that prints an internal error, which no client gets to see. */
export function failureTeller(io: Io): (error: unknown) => void {
  return (error) => io.stderr.write(`mock-klarna: ${error instanceof Error ? error.stack : error}\n`);
}

async function start(options: ServeOptions, io: Io): Promise<Server> {
  const { port, host, seed, rateLimits, publicUrl, allowCallbacks, journal, explain, quiet, json } = options;
  const tell = json ? consoleJson : consoleLine;
  const library = Library.open(shippedScenarios, reportTo(io));
  try {
    return await startServer({
      port,
      host,
      seed,
      rateLimits,
      publicUrl,
      allowCallbacks,
      allowHosts: options.allowHost,
      adminToken: readAdminToken(options.adminToken),
      play: playOn,
      journal,
      memory: options.memory,
      explain,
      ...(options.clock !== undefined && { clock: await readClock(options.clock) }),
      ...(options.pushAfter !== undefined && { pushAfter: await readPushAfter(options.pushAfter) }),
      library,
      ...(options.merchants !== undefined && (await merchantsOf(options.merchants, library, io))),
      ...(options.scenario !== undefined && {
        scenario: await findScenario(options.scenario, library, '--scenario', io),
      }),
      ...(!quiet && { tell: (entry: ConsoleEntry) => io.stdout.write(`${tell(entry)}\n`) }),
      failed: failureTeller(io),
      warn: reportTo(io),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new CannotRun(`port ${port} on ${host} is taken; choose another with --port, or --port 0 for any free one`);
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      throw new CannotRun(`cannot listen on ${host}, port ${port} (${code}); choose another with --host and --port`);
    }
    throw error;
  }
}

/** Returns the first lines that the command prints. */
function greeting(url: string, strict: boolean): string {
  const example =
    '{"purchase_country":"SE","purchase_currency":"SEK","order_amount":10000,"order_lines":[{"name":"Boots","quantity":1,"unit_price":10000,"total_amount":10000}]}';
  return [
    `mock-klarna ${version}, a stand-in for Klarna's merchant APIs (not affiliated with Klarna)`,
    strict
      ? 'Only the merchants of the merchants file may call.'
      : 'Any user name and password work, and each user name is a merchant of its own; the password "invalid" is refused.',
    `Live page: ${url}/ (documentation: ${url}/docs)`,
    `Try: curl -u shop:secret ${url}/payments/v1/sessions -H 'Content-Type: application/json' -d '${example}'`,
  ].join('\n');
}

/** Runs `mock-klarna serve` until a signal ends it. */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const { url, close } = await start(options, io);
  if (!options.quiet && !options.json) io.stdout.write(`${greeting(url, options.merchants !== undefined)}\n`);
  // Scripts wait for this line.
  io.stdout.write(`${options.json ? JSON.stringify({ ready: url, version }) : `mock-klarna is ready at ${url}`}\n`);
  await new Promise<void>((resolve) => {
    io.onSignal(resolve);
  });
  await close();
  return 0;
}
