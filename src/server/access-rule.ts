import { isIP } from 'node:net';
import { withoutBrackets } from '../client/loopback.js';

/** The headers by which a browser says what its page called, and whose page it is. */
export interface Caller {
  host: string | undefined;
  origin: string | undefined;
  /** The host that a proxy says was called. */
  forwarded?: string | undefined;
}

/** The reason why a request may not come in. */
export interface AccessFault {
  status: 403 | 421;
  code: 'MISDIRECTED_REQUEST' | 'FORBIDDEN_ORIGIN';
  text: string;
}

/** Ends of names that nobody can buy: they lead to this machine or stay within its network. */
const PRIVATE = /\.(?:localhost|test|internal|local|svc|cluster\.local)$/;

/** Returns a host name as it is compared: lower case, without brackets and the dot at the end. */
const plain = (name: string): string => withoutBrackets(name.toLowerCase()).replace(/\.$/, '');

const withoutPort = (header: string): string => header.replace(/:\d*$/, '');

/**
 * Tells whether a Host header names this program: an address, a name that only this machine or its network knows, or one of
 * those allowed. A public name could be a foreign page's own that its owner has lead here.
 */
export function isOwnHost(header: string, hosts: readonly string[]): boolean {
  const host = plain(withoutPort(header));
  if (isIP(host) !== 0 || !host.includes('.') || PRIVATE.test(host)) return true;
  return hosts.some((name) => plain(name) === host);
}

/** Tells whether an Origin is that of this program's own pages: the host that was called, or one of those allowed. */
function isOwnOrigin(origin: string, { host: called, forwarded }: Caller, hosts: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, hostname, protocol } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return host === called || host === forwarded || hosts.some((name) => plain(name) === plain(hostname));
}

/**
 * Judges who calls: a Host has to be a name of this program, so that no foreign page gets in by a name of its own that it leads
 * here, and an Origin has to be that of this program's pages. Clients that are no browsers send no Origin.
 * @param hosts further names of this program
 * @param program the word for it in messages
 */
export function accessFault(
  caller: Caller,
  hosts: readonly string[],
  program: 'sandbox' | 'recorder',
): AccessFault | undefined {
  const { host, origin } = caller;
  // HTTP/1.0 has no Host; no browser speaks it.
  if (host !== undefined && !isOwnHost(host, hosts)) {
    const text = `Host: given ${host}, which is no name of this ${program}; allow it with --allow-host ${withoutPort(host)}`;
    return { status: 421, code: 'MISDIRECTED_REQUEST', text };
  }
  if (origin !== undefined && !isOwnOrigin(origin, caller, hosts)) {
    const text = `Origin: given ${origin}, whose pages may not use this ${program}; send the request from outside a browser`;
    return { status: 403, code: 'FORBIDDEN_ORIGIN', text };
  }
  return undefined;
}
