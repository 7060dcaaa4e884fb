import { isIP } from 'node:net';
import { didYouMean } from '../scenario/problem.js';

/** Networks that have a name, as Fastify knows them. */
const NAMED = ['loopback', 'linklocal', 'uniquelocal'];

/** The word for no proxy at all. */
const NONE = 'none';

/** The proxies that are trusted unless told otherwise: those on this machine. */
export const USUAL_PROXIES: readonly string[] = ['loopback'];

/** Tells whether a text is an address, or a network such as `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  return version !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= most));
}

/**
 * Reads the proxies whose `X-Forwarded-Proto` and `X-Forwarded-Host` are believed: addresses, networks, names of
 * networks, or `none` alone.
 * @returns the list for Fastify's option `trustProxy`
 * @throws {TypeError} when one is none of these
 */
export function readTrustedProxies(given: readonly string[]): string[] {
  const proxies = given.map((text) => text.trim());
  if (proxies.length === 1 && proxies[0] === NONE) return [];
  for (const proxy of proxies) {
    if (NAMED.includes(proxy) || isNetwork(proxy)) continue;
    const hint = didYouMean(proxy, [...NAMED, NONE]);
    throw new TypeError(
      `given ${JSON.stringify(proxy)}, expected addresses or networks of proxies (192.0.2.7, 10.0.0.0/8), ${NAMED.join(', ')}, or ${NONE} alone${hint}`,
    );
  }
  return proxies;
}
