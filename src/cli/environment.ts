import type { Command } from 'commander';
import { closestMatch } from 'leven';
import { CannotRun } from './io.js';

const PREFIX = 'MOCK_KLARNA_';

/** Returns the most letters in which a name may differ from one of ours and still be taken for a slip. */
const slips = (name: string): number => (name.length < 6 ? 1 : 2);

/**
 * Refuses environment variables whose names are nearly those of options: they would do nothing, and nobody would notice.
 * @param commands those whose options have environment variables
 * @throws {CannotRun} with the name that was meant
 */
export function checkEnvironment(commands: readonly Command[], env: NodeJS.ProcessEnv): void {
  const known = commands.flatMap(({ options }) => options.flatMap(({ envVar }) => envVar?.slice(PREFIX.length) ?? []));
  for (const variable of Object.keys(env)) {
    const name = variable.startsWith(PREFIX) ? variable.slice(PREFIX.length) : undefined;
    if (name === undefined || known.includes(name)) continue;
    const near = closestMatch(name, known, { maxDistance: slips(name) });
    if (near === undefined) continue;
    throw new CannotRun(`environment variable ${variable}: there is no such option (did you mean ${PREFIX}${near}?)`);
  }
}
