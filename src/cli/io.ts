import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { wallClock } from '../exchange/wall-clock.js';

/** The error for a command that cannot run: a bad option, a bad file, a busy port. Ends in one line and exit code 2. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}

/** The inputs, outputs and signals of the process that a command may use. */
export interface Io {
  /** Returns the standard input: a terminal or a pipe. */
  stdin(): NodeJS.ReadableStream;
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown };
  /**
   * Calls `stop` once, when a signal asks the program to end or the npm that runs it is gone. A second signal ends the
   * program at once.
   */
  onSignal(stop: () => void): void;
}

/** The part of Node's process that commands use. */
export type ProcessLike = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'on' | 'exit' | 'env' | 'ppid'>;

/** Time in milliseconds in which the same signal may come again by npm, which passes on what a terminal sent to both. */
const ECHO = 500;

/** Finds the npm that runs a process, which may end at any time: without it this program would run on unknown to anybody. */
async function findNpm(process: Pick<ProcessLike, 'ppid'>) {
  // Loaded when it is needed: most starts are not npm's.
  const { npmAbove, whenGone } = await import('./npm.js');
  return { isThere: npmAbove(process), whenGone };
}

/**
 * The errors of an output whose reader has gone: a program that waits for the ready line may then close the pipe, and the server
 * goes on without a reader.
 */
const READER_GONE = new Set(['EPIPE', 'EOF', 'ECONNRESET']);

/** Ends a process by exit code 2 when an output cannot be written for another reason than that nobody reads it, such as a full disk. */
function endWhenFull({ stdout, stderr, exit }: ProcessLike): void {
  const unlessGone = (act: (code: string) => void) => (error: NodeJS.ErrnoException) => {
    const { code = error.message } = error;
    if (!READER_GONE.has(code)) act(code);
  };
  stderr.on(
    'error',
    unlessGone(() => exit(2)),
  );
  stdout.on(
    'error',
    unlessGone((code) => stderr.write(`mock-klarna: the standard output cannot be written (${code})\n`, () => exit(2))),
  );
}

/** The signals that end the program; Windows sends the last one for Ctrl+Break. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

/**
 * Returns the inputs, outputs and signals of a process.
 * @param terminal true when it has a terminal, with which it ends
 * @param find finds the npm that runs it
 */
export function ioOf(process: ProcessLike, terminal = [0, 1, 2].some(isatty), find: typeof findNpm = findNpm): Io {
  const { stdout, stderr } = process;
  const npm = process.env.npm_command === undefined ? undefined : find(process);
  endWhenFull(process);
  return {
    // Node opens it at the first access.
    stdin: () => process.stdin,
    stdout,
    stderr,
    onSignal(stop) {
      let asked: number | undefined;
      const ask = () => {
        if (asked === undefined) stop();
        asked ??= wallClock.monotonic();
      };
      let byNpm = false;
      void npm?.then(({ isThere, whenGone }) => {
        if (isThere) whenGone(isThere, ask);
        byNpm = isThere !== undefined;
      });
      // Node forgets that `nohup` had it ignore the signal of a terminal that closes.
      if (!terminal) process.on('SIGHUP', () => {});
      for (const signal of SIGNALS) {
        process.on(signal, () => {
          const again = asked !== undefined && !(byNpm && wallClock.monotonic() - asked < ECHO);
          if (again) process.exit(128 + constants.signals[signal]);
          ask();
        });
      }
    },
  };
}
