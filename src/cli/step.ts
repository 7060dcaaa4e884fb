import { createInterface } from 'node:readline';
import type { Target } from '../client/target.js';
import { narrateNext, narrateOutcome } from '../replay/narrate.js';
import type { Guide, StepCommand } from '../replay/play.js';
import type { Io } from './io.js';

/** The commands that may be typed, in upper or lower case. */
const COMMANDS: ReadonlyMap<string, StepCommand> = new Map([
  ['', 'play'],
  ['s', 'skip'],
  ['b', 'back'],
  ['q', 'quit'],
]);

const LEGEND = 'Enter plays the step (again, if it was not as expected), s leaves it out, b goes back one, q quits';

/** Returns the target and user name, and on a sandbox a command that shows the merchant's journal. */
function whereabouts({ url, username }: Target, sandbox: boolean, own: boolean): string {
  const where = `Played at ${url} as the user name ${username}`;
  if (!sandbox) return where;
  // Without a password curl asks for it.
  const user = own ? `${username}:any` : username;
  return `${where}; to look around: curl -u '${user}' ${url}/sandbox/v1/journal`;
}

/** The kind of target that a guide plays against. */
export interface StepOptions {
  sandbox: boolean;
  /** True if the sandbox was started for this replay, and so accepts any password. */
  own: boolean;
}

/** Makes a guide that shows each step and takes a command from the next line of the input; the end of input quits. */
export function guideByLines(
  { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
  { sandbox, own }: StepOptions,
): Guide & { close(): void } {
  const reader = createInterface({ input: stdin(), crlfDelay: Number.POSITIVE_INFINITY });
  const lines = reader[Symbol.asyncIterator]();
  let total = 0;
  const say = (text: string) => stdout.write(`${text}\n`);

  async function ask(): Promise<StepCommand> {
    for (;;) {
      if (stdout.isTTY) stdout.write('> ');
      const { value, done } = await lines.next();
      if (done) return 'quit';
      const command = COMMANDS.get(value.trim().toLowerCase());
      if (command) return command;
      say(LEGEND);
    }
  }

  return {
    begin({ name, title, steps }, target) {
      total = steps.length;
      const count = `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`;
      say(`${name}: ${title}\n${count}. ${whereabouts(target, sandbox, own)}\n${LEGEND}\n`);
    },
    next(upcoming) {
      say(narrateNext(upcoming, total));
      return ask();
    },
    done: (result, variables) => say(narrateOutcome(result, variables)),
    close: () => reader.close(),
  };
}
