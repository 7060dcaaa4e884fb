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
  /** Calls `stop` when a signal asks the program to end. */
  onSignal(stop: () => void): void;
}

/** The part of Node's process that commands use. */
export type ProcessLike = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'once'>;

/** Returns the inputs, outputs and signals (SIGINT, SIGTERM) of a process. */
export function ioOf(process: ProcessLike): Io {
  const { stdout, stderr } = process;
  // A program that waits for the ready line may then close the pipe; the server goes on without a reader.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return {
    // Node opens it at the first access.
    stdin: () => process.stdin,
    stdout,
    stderr,
    onSignal(stop) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    },
  };
}
