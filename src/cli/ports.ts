import { InvalidArgumentError } from 'commander';

/**
 * Reads a port.
 * @throws {InvalidArgumentError} for what is none
 */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
}
