import { type AddressInfo, BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addAddress('::1', 'ipv6');

/** Returns a host without the brackets that URLs put around an IPv6 address. */
export const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Tells whether a host, by name or address, is this machine. Names are not looked up: by DNS others may lead here. */
export function isLoopback(host: string): boolean {
  const address = withoutBrackets(host);
  const version = isIP(address);
  if (version === 0) return /^(.+\.)?localhost$/i.test(address);
  return addresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** Returns the URL of a listening address for this machine: IPv6 in brackets, "any address" as the loopback address. */
export function urlOf({ address, family, port }: AddressInfo, scheme: 'http' | 'https' = 'http'): string {
  if (isAny(address)) return `${scheme}://127.0.0.1:${port}`;
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/**
 * Returns the URL of a listening address for other machines: "any address" as the first that leads to this machine from
 * outside, or as the loopback address where there is none.
 */
export function urlForOthers(
  listening: AddressInfo,
  scheme: 'http' | 'https' = 'http',
  interfaces = networkInterfaces(),
): string {
  if (!isAny(listening.address)) return urlOf(listening, scheme);
  // An address with a scope is worth something on one link only.
  const outside = Object.values(interfaces)
    .flatMap((addresses = []) => addresses)
    .filter((each) => !each.internal && !('scopeid' in each && each.scopeid));
  const found =
    outside.find(({ family }) => family === 'IPv4') ?? (listening.address === '::' ? outside[0] : undefined);
  return urlOf(found ? { ...listening, address: found.address, family: found.family } : listening, scheme);
}
