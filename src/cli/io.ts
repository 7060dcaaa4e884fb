import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A reason why a command cannot run at all: a bad option, a bad file, a busy port. Ends in one line and exit code 2. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}

/** What a command may touch of the process around it. */
export interface Io {
  /** What is typed, or comes through a pipe. */
  stdin(): NodeJS.ReadableStream;
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown };
  /** Calls back when the user, or whoever started the program, wants it to end. */
  onSignal(stop: () => void): void;
}

/** The part of Node's process that commands touch. */
export type ProcessLike = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'once'>;

/** Lets commands touch a process: its output, and the signals that end it. */
export function ioOf(process: ProcessLike): Io {
  const { stdout, stderr } = process;
  // Whoever waits for the ready line may then close the pipe; the server goes on without a reader.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return {
    // Node opens it when it is first asked for.
    stdin: () => process.stdin,
    stdout,
    stderr,
    onSignal(stop) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    },
  };
}

/**
 * Writes a file that an option names, folders on the way included; one that is there is written anew.
 * @throws {CannotRun} when it cannot be written
 */
export async function writeFileFor(option: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new CannotRun(`${option}: ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
