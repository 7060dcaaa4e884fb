import { readFile } from 'node:fs/promises';
import type { Instant } from '../klarna/time.js';
import type { Merchant } from '../server/credentials.js';
import { type ConsoleEntry, consoleJson, consoleLine } from '../server/explanation.js';
import { INSTANT_EXAMPLE, readInstant } from '../server/instant.js';
import { MerchantsFileError, readMerchants } from '../server/merchants-file.js';
import type { RateLimitMode } from '../server/rate-limits.js';
import { type Server, startServer } from '../server/start.js';
import { version } from '../version.js';
import { CannotRun } from './cannot-run.js';
import type { Io } from './io.js';

export interface ServeOptions {
  port: number;
  host: string;
  seed?: string;
  clock?: string;
  merchants?: string;
  rateLimits: RateLimitMode;
  explain: boolean;
  quiet?: boolean;
  json?: boolean;
}

async function readClock(text: string): Promise<Instant> {
  const instant = await readInstant(text);
  if (instant !== undefined) return instant;
  throw new CannotRun(`--clock: given ${text}, expected ${INSTANT_EXAMPLE}`);
}

async function readMerchantsFile(file: string): Promise<Merchant[]> {
  try {
    return await readMerchants(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof MerchantsFileError) throw new CannotRun(`--merchants: ${error.message}`);
    throw new CannotRun(`--merchants: ${file} cannot be read (${(error as Error).message})`);
  }
}

/** Tells of a mistake of our own, which no client hears of. */
export function failureTeller(io: Io): (error: unknown) => void {
  return (error) => io.stderr.write(`mock-klarna: ${error instanceof Error ? error.stack : error}\n`);
}

async function start(options: ServeOptions, io: Io): Promise<Server> {
  const { port, host, seed, rateLimits, explain, quiet, json } = options;
  const tell = json ? consoleJson : consoleLine;
  try {
    return await startServer({
      port,
      host,
      seed,
      rateLimits,
      explain,
      ...(options.clock !== undefined && { clock: await readClock(options.clock) }),
      ...(options.merchants !== undefined && { merchants: await readMerchantsFile(options.merchants) }),
      ...(!quiet && { tell: (entry: ConsoleEntry) => io.stdout.write(`${tell(entry)}\n`) }),
      failed: failureTeller(io),
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

/** What somebody reads who started it for the first time. */
function greeting(url: string, strict: boolean): string {
  const example =
    '{"purchase_country":"SE","purchase_currency":"SEK","order_amount":10000,"order_lines":[{"name":"Boots","quantity":1,"unit_price":10000,"total_amount":10000}]}';
  return [
    `mock-klarna ${version}, a stand-in for Klarna's merchant APIs (not affiliated with Klarna)`,
    strict
      ? 'Only the merchants of the merchants file may call.'
      : 'Any user name and password work, and each user name is a merchant of its own; the password "invalid" is refused.',
    `Documentation: ${url}/docs`,
    `Try: curl -u shop:secret ${url}/payments/v1/sessions -H 'Content-Type: application/json' -d '${example}'`,
  ].join('\n');
}

/** `mock-klarna serve`: runs until a signal ends it. */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const { url, close } = await start(options, io);
  if (!options.quiet && !options.json) io.stdout.write(`${greeting(url, options.merchants !== undefined)}\n`);
  // The one line that a script can wait for.
  io.stdout.write(`${options.json ? JSON.stringify({ ready: url, version }) : `mock-klarna is ready at ${url}`}\n`);
  await new Promise<void>((resolve) => {
    io.onSignal(resolve);
  });
  await close();
  return 0;
}
