import type { Callback } from './arguments.js';
import { errorOf, type Mistake } from './errors.js';
import type { Session } from './session.js';

/** Says one sentence in the page's console. */
export function note(sentence: string): void {
  console.info(`mock-klarna: ${sentence}.`);
}

const said = new Set<string>();

/** Says a sentence once in the life of the page. */
export function noteOnce(sentence: string): void {
  if (said.has(sentence)) return;
  said.add(sentence);
  note(sentence);
}

/** Tells a mistake in console and journal; returns the error to throw. */
export function tell(call: string, mistake: Mistake, session: Session | undefined): Error {
  const error = errorOf(mistake);
  note(`${call}: ${error.name}, since “${error.message.replace(/\.$/, '')}”; ${mistake.advice}`);
  session?.report(call, error.name, `${error.message} (${mistake.advice})`);
  return error;
}

/** Ends a wrong call as Klarna's script does: the callback gets its answer first, then the error is thrown. */
export function fail(
  call: string,
  mistake: Mistake,
  session: Session | undefined,
  callback: Callback,
  answer: object,
): never {
  const error = tell(call, mistake, session);
  callback(answer);
  throw error;
}
