import type { IncomingMessage, ServerResponse } from 'node:http';
import { klarnaHostNames } from '../../klarna/catalogue/hosts.js';
import { type AccessFault, accessFault } from '../../server/access-rule.js';

/** Options of a recorder that say who may use it. */
export interface StrangersOptions {
  /** Credentials in the place of the shop's. */
  credentials?: { username: string; password: string };
  /** Further names by which the recorder is called. */
  hosts?: readonly string[];
}

/** Paths of a sandbox that pages on any origin call: scripts, frames and hosted pages. They need no credentials of a merchant. */
const FOR_ANY_PAGE = /^\/+(?:kp|web-sdk|lib\.js|hpp\/+payments)(?:[/?]|$)/;

/** Tells whether a request gets the operator's credentials; what pages on any origin call does not. */
export const isVouchedFor = (path: string, { credentials }: StrangersOptions): boolean =>
  credentials !== undefined && !FOR_ANY_PAGE.test(path);

/**
 * Judges who calls the recorder: by the rule of the sandbox's own API and pages, since what the recorder adds opens as much. By
 * Klarna's own names it may be called, too. Where it adds no credentials, the target judges the Origin.
 */
export function strangersFault(
  { headers }: IncomingMessage,
  path: string,
  options: StrangersOptions,
): AccessFault | undefined {
  const { host, origin } = headers;
  const hosts = [...(options.hosts ?? []), ...klarnaHostNames];
  return accessFault({ host, origin: isVouchedFor(path, options) ? origin : undefined }, hosts, 'recorder');
}

/** Answers a request that may not come in; nothing of it is sent on. */
export function turnAway(response: ServerResponse, { status, text }: AccessFault): void {
  const body = `mock-klarna record: ${text}\n`;
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  };
  response.writeHead(status, headers).end(body);
}
