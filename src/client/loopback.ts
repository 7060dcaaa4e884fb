import { type AddressInfo, BlockList, isIP } from 'node:net';

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

/** Returns the URL of a listening address: IPv6 in brackets, "any address" as the loopback address. */
export function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
