import { ControlError } from '../client/control.js';
import { isSandbox } from '../client/find-target.js';
import { CannotRun } from './io.js';

/**
 * Makes sure that a sandbox answers at a base URL.
 * @throws {CannotRun} when nothing does, or something else
 */
export async function insistOnSandbox(url: string): Promise<void> {
  const sandbox = await isSandbox(url);
  const start = 'mock-klarna serve starts one';
  if (typeof sandbox === 'object') {
    throw new CannotRun(`--target: ${url} does not answer (${sandbox.trouble}); is the sandbox running? ${start}`);
  }
  if (!sandbox) throw new CannotRun(`--target: ${url} is no sandbox; ${start}`);
}

/**
 * Returns the error that ends a command when a sandbox has refused a call, or has stopped; any other error as it is.
 * @param username the merchant that an option named
 */
export function refusedBy(url: string, username: string | undefined, error: unknown): unknown {
  if (!(error instanceof ControlError)) return error;
  if (error.status !== 401) return new CannotRun(`${url}: ${error.message}`);
  return new CannotRun(
    username === undefined
      ? `${url} knows its merchants: name one with --username and --password`
      : `${url} does not know --username ${username} by that --password`,
  );
}

/** User name for what is asked about all merchants; any name is accepted when the sandbox has no merchants file. */
export const ANYBODY = 'report';
