import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../version.js';
import { CannotRun } from './cannot-run.js';
import type { Io } from './io.js';
import type { ServeOptions } from './serve.js';

/** Exit codes: fine, findings, cannot run. */
export const EXIT = { fine: 0, findings: 1, cannotRun: 2 } as const;

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
}

function makeProgram(io: Io, finish: (code: number) => void): Command {
  const program = new Command('mock-klarna')
    .description("A stand-in for Klarna's merchant APIs: stateful, exact, scriptable, offline.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
    });

  program
    .command('serve', { isDefault: true })
    .description('start the stand-in (what happens without a command)')
    .addOption(
      new Option('-p, --port <number>', 'port; 0 takes any free one')
        .env('MOCK_KLARNA_PORT')
        .default(5527)
        .argParser(readPort),
    )
    .addOption(new Option('--host <address>', 'address to listen on').env('MOCK_KLARNA_HOST').default('127.0.0.1'))
    .addOption(new Option('--seed <text>', 'clocks stand still and ids repeat').env('MOCK_KLARNA_SEED'))
    .addOption(new Option('--clock <instant>', 'where clocks start (ISO 8601)').env('MOCK_KLARNA_CLOCK'))
    .addOption(
      new Option('--merchants <file>', 'who may call (YAML); otherwise everybody').env('MOCK_KLARNA_MERCHANTS'),
    )
    .addOption(
      new Option('--rate-limits <mode>', "Klarna's limits on calls a second")
        .env('MOCK_KLARNA_RATE_LIMITS')
        .choices(['off', 'playground', 'live'])
        .default('off'),
    )
    .option('--no-explain', 'leave the header Mock-Klarna-Explain out')
    .option('--quiet', 'print the ready line only')
    .option('--json', 'print JSON lines')
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve.js');
      finish(await serve(options, io));
    });

  program
    .command('replay')
    .description('play step files and judge the answers')
    .argument('<files...>', 'files or folders')
    .option('--verbose', 'print each step and its answer')
    .action(async (files: string[], options: { verbose?: boolean }) => {
      const [{ replay }, { startServer }] = await Promise.all([import('./replay.js'), import('../server/start.js')]);
      const startSandbox = (sandbox: { seed: string }) => startServer({ ...sandbox, port: 0 });
      finish(await replay({ paths: files, ...options }, { ...io, startSandbox }));
    });

  return program;
}

/**
 * Runs the command line.
 * @param args without the name of the program
 * @returns the exit code: 0 fine, 1 findings, 2 cannot run
 */
export async function main(args: string[], io: Io = processIo): Promise<number> {
  let code: number = EXIT.fine;
  try {
    await makeProgram(io, (finished) => {
      code = finished;
    }).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.fine;
      io.stderr.write(`mock-klarna: ${oneLine(error.message).replace(/^error: /, '')}; see mock-klarna --help\n`);
    } else if (error instanceof CannotRun) io.stderr.write(`mock-klarna: ${oneLine(error.message)}\n`);
    else throw error;
    return EXIT.cannotRun;
  }
  return code;
}

const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal: (stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  },
};
