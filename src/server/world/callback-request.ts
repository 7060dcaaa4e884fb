import { lookup } from 'node:dns';
import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopback } from '../../client/loopback.js';
import type { WallClock } from '../../exchange/wall-clock.js';
import { hostOf, type MayCall } from './callback-hosts.js';

/** The result of an attempt to send: the receiver's status, an error without one, or why nothing was sent. */
export type PostResult = { status: number } | { error: string } | { refused: string };

export interface PostOptions {
  wall: Pick<WallClock, 'later'>;
  /** Tells which hosts may be called at any address. Every other must be `localhost` or a loopback address. */
  mayCall?: MayCall;
  /** Resolves the names of hosts that may be called; the system's resolver unless given. */
  resolve?: typeof lookup;
}

/** Time limits for a receiver, in milliseconds. */
export interface Patience {
  /** Time to accept the connection; absent: the time to answer runs from the start. */
  connection?: number;
  answer: number;
}

/** Highest number of bytes of an answer's body that are received, though not read, before the connection is cut. */
const BODY_LIMIT = 64 * 1024;

class NotAllowed extends Error {}

const notLoopback = (host: string): string =>
  `${host} is no name or address of the loopback interface; allow it with --allow-callbacks ${host}`;

/**
 * Posts JSON once, or an empty body, and follows no redirect. Never throws; ends at the latest when a time limit is
 * over or the signal aborts.
 */
export function post(
  url: string,
  body: unknown,
  options: PostOptions,
  signal: AbortSignal,
  patience: Patience,
): Promise<PostResult> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || !/^https?:$/.test(target.protocol)) {
    return Promise.resolve({ refused: `${JSON.stringify(url)} is not a URL of http or https` });
  }
  const host = hostOf(target);
  const allowed = options.mayCall?.(target) ?? false;
  const resolve = options.resolve ?? lookup;
  // Before a name is resolved: to ask for it would tell others of it.
  if (!allowed && !isLoopback(host)) return Promise.resolve({ refused: notLoopback(host) });
  const content = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const settings: RequestOptions & { rejectUnauthorized: boolean } = {
    method: 'POST',
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      'Content-Length': content.length,
      'User-Agent': 'mock-klarna',
    },
    agent: false,
    signal,
    // Certificates on the loopback interface are self-signed.
    rejectUnauthorized: allowed,
    lookup: allowed ? (resolve as LookupFunction) : loopbackLookup(resolve),
  };
  return deliver(send(target, settings), content, options.wall, patience);
}

function deliver(
  request: ClientRequest,
  content: Buffer,
  wall: Pick<WallClock, 'later'>,
  { connection, answer }: Patience,
): Promise<PostResult> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let received = 0;
    let cancel = (): void => {};
    const end = (result: PostResult): void => {
      cancel();
      request.destroy();
      resolve(status === undefined ? result : { status });
    };
    const within = (ms: number, what: string): void => {
      cancel();
      cancel = wall.later(ms, () => end({ error: `no ${what} within ${ms / 1_000} s` }));
    };
    if (connection === undefined) within(answer, 'answer');
    else {
      within(connection, 'connection');
      request.on('socket', (socket) => socket.once('connect', () => within(answer, 'answer')));
    }
    request.on('error', (error) =>
      end(error instanceof NotAllowed ? { refused: error.message } : { error: describe(error) }),
    );
    request.on('response', (response) => {
      status = response.statusCode;
      response.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > BODY_LIMIT) request.destroy();
      });
      // Complete or not, only the status of the answer counts.
      response.on('error', () => {});
      response.on('close', () => end({ error: 'the answer broke off' }));
    });
    request.end(content);
  });
}

function describe(error: NodeJS.ErrnoException): string {
  return error.message || error.code || error.name;
}

/** Makes a lookup that returns only loopback addresses, wherever the system has `localhost` lead. */
function loopbackLookup(resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first, ...others] = addresses.filter(({ address }) => isLoopback(address));
      if (!first) return callback(new NotAllowed(notLoopback(hostname)), '', 0);
      if (options.all) return callback(null, [first, ...others]);
      callback(null, first.address, first.family);
    });
  };
}
