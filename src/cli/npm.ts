import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:process';
import { wallClock } from '../exchange/wall-clock.js';

/** A running process, as its system tells. */
export interface Running {
  parent: number;
  /** The words of its command line, or the title that it gave itself. */
  command: string;
  /** The text that tells it from a later process with the same number. */
  begun: string;
}

/** Returns a process by its number; undefined where there is none, or the system does not tell. */
export type Look = (id: number) => Running | undefined;

/** Reads `/proc` of Linux. */
function ofLinux(id: number): Running | undefined {
  const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
  // The name before may have spaces and parentheses itself.
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // It has ended, and nobody has asked how.
  if (state === 'Z') return undefined;
  const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  return { parent: Number(parent), command, begun: rest[17] as string };
}

/** Asks `ps`, which other systems have. Throws where there is no such process. */
function ofOthers(id: number): Running {
  const asked = ['-o', 'ppid=', '-o', 'lstart=', '-o', 'command=', '-p', String(id)];
  const told = execFileSync('ps', asked, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const line = /^\s*(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\d{4})\s+(.*)$/m;
  const [, parent, begun, command] = line.exec(told) as unknown as [string, string, string, string];
  return { parent: Number(parent), command, begun };
}

/** Looks a process up in the system's table. That of Windows takes a second to read, and is not read. */
export const look = (id: number, system: string = platform): Running | undefined => {
  if (system === 'win32') return undefined;
  try {
    return system === 'linux' ? ofLinux(id) : ofOthers(id);
  } catch {
    return undefined;
  }
};

/** npm gives itself a title such as `npm exec mock-klarna`, a moment after it has begun. */
const NPM = /^(?:npm|npx)\b|[/\\](?:npm|npx)(?:-cli\.js)?(?: |$)/;

/** A shell that runs a script of npm's, and no shell at which somebody sits. */
const SCRIPT = /^\S*sh -c /;

/** Time in milliseconds between two looks whether npm is there. */
const INTERVAL = 500;

/** Finds the npm or npx that runs a program: its parent, or the parent of the shell between. */
function findNpm(parent: number, look: Look): { id: number; begun: string } | undefined {
  const above = look(parent);
  if (!above) return undefined;
  if (NPM.test(above.command)) return { id: parent, begun: above.begun };
  const further = SCRIPT.test(above.command) ? look(above.parent) : undefined;
  return further && NPM.test(further.command) ? { id: above.parent, begun: further.begun } : undefined;
}

/**
 * Finds the npm or npx that runs this program. A program that something else started has none, also where npm runs
 * that.
 * @returns a function that tells whether it is still there; undefined where there is none
 */
export function npmAbove({ ppid }: Pick<NodeJS.Process, 'ppid'>, lookUp: Look = look): (() => boolean) | undefined {
  const npm = findNpm(ppid, lookUp);
  return npm && (() => lookUp(npm.id)?.begun === npm.begun);
}

/** Calls back when something is no longer there. */
export function whenGone(isThere: () => boolean, gone: () => void, later = wallClock.later): void {
  later(INTERVAL, () => {
    if (isThere()) whenGone(isThere, gone, later);
    else gone();
  });
}
