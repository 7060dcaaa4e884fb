import { type AddressInfo, BlockList, isIP } from 'node:net';

const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addAddress('::1', 'ipv6');

/** An IPv6 address as the network names it; URLs put it in brackets. */
export const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Tells whether a host, by its name or its address, is this machine. A name that leads here by DNS is not known to. */
export function isLoopback(host: string): boolean {
  const address = withoutBrackets(host);
  const version = isIP(address);
  if (version === 0) return /^(.+\.)?localhost$/i.test(address);
  return addresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** An address as a URL names it: IPv6 in brackets, "any address" as the loopback one. */
export function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
