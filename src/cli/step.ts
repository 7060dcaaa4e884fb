import { createInterface } from 'node:readline';
import type { Target } from '../client/target.js';
import { narrateNext, narrateOutcome } from '../replay/narrate.js';
import type { Guide, Word } from '../replay/play.js';
import type { Io } from './io.js';

/** What may be typed, in any case. */
const WORDS: ReadonlyMap<string, Word> = new Map([
  ['', 'play'],
  ['s', 'skip'],
  ['b', 'back'],
  ['q', 'quit'],
]);

const LEGEND = 'Enter plays the step (again, if it was not as expected), s leaves it out, b goes back one, q quits';

/** What a person at the keyboard can see of the merchant between steps. */
function whereabouts({ url, username }: Target, sandbox: boolean, own: boolean): string {
  const where = `Played at ${url} as the user name ${username}`;
  if (!sandbox) return where;
  // Without a password curl asks for it.
  const user = own ? `${username}:any` : username;
  return `${where}; to look around: curl -u '${user}' ${url}/sandbox/v1/journal`;
}

export interface StepOptions {
  sandbox: boolean;
  /** Whether the sandbox was started for this replay, so that any password will do. */
  own: boolean;
}

/** A guide that shows each step and does what the next line of the input says; the end of the input ends it. */
export function guideByLines(
  { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
  { sandbox, own }: StepOptions,
): Guide & { close(): void } {
  const reader = createInterface({ input: stdin(), crlfDelay: Number.POSITIVE_INFINITY });
  const lines = reader[Symbol.asyncIterator]();
  let of = 0;
  const say = (text: string) => stdout.write(`${text}\n`);

  async function ask(): Promise<Word> {
    for (;;) {
      if (stdout.isTTY) stdout.write('> ');
      const { value, done } = await lines.next();
      if (done) return 'quit';
      const word = WORDS.get(value.trim().toLowerCase());
      if (word) return word;
      say(LEGEND);
    }
  }

  return {
    begin({ name, title, steps }, target) {
      of = steps.length;
      const many = `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`;
      say(`${name}: ${title}\n${many}. ${whereabouts(target, sandbox, own)}\n${LEGEND}\n`);
    },
    next(upcoming) {
      say(narrateNext(upcoming, of));
      return ask();
    },
    done: (result, kept) => say(narrateOutcome(result, kept)),
    close: () => reader.close(),
  };
}
