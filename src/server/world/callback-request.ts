import { lookup } from 'node:dns';
import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopback, withoutBrackets } from '../../client/loopback.js';
import type { WallClock } from '../../exchange/wall-clock.js';

/** How sending ended: the receiver's status, why there is none, or why the request was not sent at all. */
export type PostResult = { status: number } | { error: string } | { refused: string };

export interface PostOptions {
  wall: Pick<WallClock, 'later'>;
  /** Hosts that may be called wherever they are. Every other host must be on the loopback interface. */
  allowedHosts?: readonly string[];
  /** Resolves host names; the system's resolver unless given. */
  resolve?: typeof lookup;
}

/** How long a receiver is given, in milliseconds. */
export interface Patience {
  /** To accept the connection; absent: the time to answer runs from the start. */
  connection?: number;
  answer: number;
}

/** Nobody reads the answer's body: so much of it is let in before the connection is cut. */
const BODY_LIMIT = 64 * 1024;

class NotAllowed extends Error {}

const notLoopback = (host: string): string =>
  `${host} is not on the loopback interface: allow the host to have callbacks sent there`;

/** Posts JSON, or nothing without a body, once, following nothing. Never throws; ends when patience does or when the signal is given. */
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
  const host = withoutBrackets(target.hostname);
  const allowed = options.allowedHosts?.some((name) => withoutBrackets(name.toLowerCase()) === host) ?? false;
  if (!allowed && isIP(host) !== 0 && !isLoopback(host)) return Promise.resolve({ refused: notLoopback(host) });
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
    // Certificates on the loopback interface are self-made.
    rejectUnauthorized: allowed,
    ...(!allowed && { lookup: loopbackLookup(options.resolve ?? lookup) }),
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
      // Whole, cut off or given up: the status is what counts.
      response.on('error', () => {});
      response.on('close', () => end({ error: 'the answer broke off' }));
    });
    request.end(content);
  });
}

function describe(error: NodeJS.ErrnoException): string {
  return error.message || error.code || error.name;
}

/** Resolves a name and lets only loopback addresses through, so that no name can lead elsewhere a moment later. */
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
