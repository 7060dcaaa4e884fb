import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.js';

/** A command that runs in this process, with everything it wrote. */
export interface Running {
  /** The exit code. */
  code: Promise<number>;
  out(): string;
  err(): string;
  /** What it wrote, once the text matches; rejects when the command ends before. */
  wrote(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it as a signal does. */
  stop(): void;
}

/** Runs the command line without touching this process; nothing is typed. */
export const run = (...args: string[]): Running => runWith([], ...args);

/** Runs the command line with lines that come through a pipe. */
export function runWith(input: readonly string[], ...args: string[]): Running {
  let out = '';
  let err = '';
  let stop = () => {};
  let ended = false;
  const waiting = new Set<() => void>();
  const code = main(args, {
    stdin: () => Readable.from(input),
    stdout: {
      write(text) {
        out += text;
        for (const look of waiting) look();
      },
    },
    stderr: {
      write(text) {
        err += text;
      },
    },
    onSignal(told) {
      stop = told;
    },
  }).finally(() => {
    ended = true;
    for (const look of waiting) look();
  });
  return {
    code,
    out: () => out,
    err: () => err,
    stop: () => stop(),
    wrote: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(out);
          if (!found && !ended) return;
          waiting.delete(look);
          if (found) resolve(found);
          else reject(new Error(`ended without ${pattern}: ${out}${err}`));
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Waits for the ready line of `serve`; gives the base URL. */
export async function ready(running: Running): Promise<string> {
  const [, url] = await running.wrote(/^mock-klarna is ready at (http\S+)\n/m);
  return url as string;
}
