import { allPages } from '../client/all-pages.js';
import { control } from '../client/control.js';
import type { Target } from '../client/target.js';
import { operations } from '../contract/operations.js';
import type { CallbackAttempt, NumberedExchange } from '../exchange/exchange.js';
import { jsonLine } from '../report/console.js';
import { exchangeLine, renderExchange } from '../report/exchange.js';
import { printable } from '../report/text.js';
import { didYouMean } from '../scenario/problem.js';
import { CannotRun, type Io } from './io.js';
import { ANYBODY, insistOnSandbox, refusedBy } from './sandbox.js';

/** Options of `mock-klarna journal`. */
export interface JournalOptions {
  /** Base URL of the sandbox. */
  target: string;
  /** User name of the merchant; by default the one that called last. */
  username?: string;
  password?: string;
  operation?: string;
  status?: number;
  /** Highest number of exchanges to list. */
  limit: number;
  json?: boolean;
}

type Output = Pick<Io, 'stdout' | 'stderr'>;

/**
 * Lists the latest exchanges of a merchant's journal, oldest first, or shows one.
 * @param number the number of the one to show
 * @returns the exit code: 0
 * @throws {CannotRun} when the journal cannot be read, or has no exchange of that number
 */
export async function journal(number: number | undefined, options: JournalOptions, io: Output): Promise<number> {
  const { target: url, operation } = options;
  if (operation !== undefined && !operations.has(operation)) {
    const near = didYouMean(operation, operations.keys());
    throw new CannotRun(`--operation: given ${operation}, which is no operation${near}`);
  }
  await insistOnSandbox(url);
  try {
    const merchant = await findMerchant(options, io);
    if (merchant === undefined && number !== undefined) throw new CannotRun(`no merchant has called ${url} yet`);
    if (merchant === undefined) io.stderr.write(`no merchant has called ${url} yet\n`);
    else if (number === undefined) await list(merchant, options, io);
    else await show(number, merchant, options, io);
    return 0;
  } catch (error) {
    throw refusedBy(url, options.username, error);
  }
}

/** Returns the merchant whose journal it is; undefined where none has called. Says which where there are several. */
async function findMerchant(options: JournalOptions, { stderr }: Output): Promise<Target | undefined> {
  const { target: url, username, password = 'secret' } = options;
  if (username !== undefined) return { url, username, password };
  const { items } = await allPages({ url, username: ANYBODY, password }, 'listMerchants');
  const [latest, ...others] = items.map(({ merchant }) => merchant);
  if (latest === undefined) return undefined;
  if (others.length > 0) {
    const some = others.slice(0, 3).join(', ') + (others.length > 3 ? ` and ${others.length - 3} more` : '');
    stderr.write(printable(`of ${latest}, who called last; --username names another: ${some}`).concat('\n'));
  }
  return { url, username: latest, password };
}

async function list(target: Target, { operation, status, limit, json }: JournalOptions, io: Output): Promise<void> {
  const { username } = target;
  const { items, next, dropped } = await allPages(target, 'readJournal', { operation, status, limit });
  const exchanges = [...(items as NumberedExchange[])].reverse();
  for (const exchange of exchanges) {
    io.stdout.write(`${json ? jsonLine({ merchant: username, ...exchange }) : exchangeLine(exchange, username)}\n`);
  }
  if (next !== undefined) io.stderr.write(`older ones are left out; --limit lists more\n`);
  else if (exchanges.length === 0)
    io.stderr.write(printable(`no such exchange in the journal of ${username}`).concat('\n'));
  if (dropped > 0 && next === undefined) io.stderr.write(`${dropped} older ones are no longer kept\n`);
}

async function show(number: number, target: Target, { json }: JournalOptions, { stdout }: Output): Promise<void> {
  const { username } = target;
  // A page goes on behind a number.
  const { items } = await control(target, 'readJournal', { query: { limit: 1, after: number + 1 } });
  const [exchange] = items as NumberedExchange[];
  if (exchange?.number !== number) throw new CannotRun(await whyNot(number, target));
  const callbacks = await causedBy(exchange, target);
  const text = json
    ? jsonLine({ merchant: username, ...exchange, callbacks }).concat('\n')
    : renderExchange(exchange, username, callbacks);
  stdout.write(text);
}

async function whyNot(number: number, target: Target): Promise<string> {
  const { items, dropped } = await control(target, 'readJournal', { query: { limit: 1 } });
  const newest = items[0]?.number;
  const there = newest === undefined ? 'it is empty' : `it has #${dropped + 1} to #${newest}`;
  return printable(`the journal of ${target.username} has no exchange #${number}: ${there}`);
}

/** Returns the attempts to send callbacks that an exchange caused, oldest first. */
async function causedBy({ correlation_id }: NumberedExchange, target: Target): Promise<CallbackAttempt[]> {
  if (correlation_id === undefined) return [];
  const { items } = await allPages(target, 'listCallbacks');
  return items.filter((attempt) => attempt.caused_by === correlation_id).reverse();
}
