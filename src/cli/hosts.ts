import { isIPv6 } from 'node:net';
import { InvalidArgumentError } from 'commander';

function readHost(text: string): string {
  const address = `http://${isIPv6(text) ? `[${text}]` : text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // Nothing but a host: no port, no path, no pattern.
  if (url && url.href === `http://${url.hostname}/` && /^([\w.-]+|\[.+\])$/.test(url.hostname)) return url.hostname;
  throw new InvalidArgumentError(`Given ${JSON.stringify(text)}, expected a host name or address such as shop.test.`);
}

/**
 * Reads hosts, with commas between them, as URLs spell them; an option given again adds to those before.
 * @throws {InvalidArgumentError} for what is no host
 */
export function readHosts(text: string, before: readonly string[] = []): string[] {
  const hosts = text.split(',').map((part) => part.trim());
  return [...before, ...hosts.filter((host) => host !== '').map(readHost)];
}
