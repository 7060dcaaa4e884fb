import { InvalidArgumentError } from 'commander';

/** The port that is listened on unless another is given. */
export const USUAL_PORT = 5527;

/**
 * Reads the base URL of a target: scheme, host and port, and maybe a path; without a slash at the end.
 * @param options that take the credentials
 * @throws {InvalidArgumentError} for what is none
 */
export function readTarget(text: string, options = '--username and --password'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected a base URL such as http://127.0.0.1:5527.');
  }
  if (url.username || url.password) throw new InvalidArgumentError(`Credentials go into ${options}.`);
  if (url.search || url.hash) throw new InvalidArgumentError('Expected a base URL without query and fragment.');
  return url.href.replace(/\/+$/, '');
}
