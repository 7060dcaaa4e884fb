/** A reason why a command cannot run at all: a bad option, a bad file, a busy port. Ends in one line and exit code 2. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}
