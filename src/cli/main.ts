import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../scenario/problem.js';
import { version } from '../version.js';
import { CannotRun } from './cannot-run.js';
import { type Io, ioOf } from './io.js';
import type { ServeOptions } from './serve.js';

/** Exit codes: fine, findings, cannot run. */
export const EXIT = { fine: 0, findings: 1, cannotRun: 2 } as const;

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
}

function makeServe(io: Io, finish: (code: number) => void): Command {
  return new Command('serve')
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
      new Option('--merchants <file>', 'who may call (YAML or JSON); otherwise everybody').env('MOCK_KLARNA_MERCHANTS'),
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
}

function makeReplay(io: Io, finish: (code: number) => void): Command {
  return new Command('replay')
    .description('play step files and judge the answers')
    .argument('<files...>', 'files or folders')
    .option('--verbose', 'print each step and its answer')
    .action(async (files: string[], options: { verbose?: boolean }) => {
      const [{ replay }, { startServer }] = await Promise.all([import('./replay.js'), import('../server/start.js')]);
      const startSandbox = (sandbox: { seed: string }) => startServer({ ...sandbox, port: 0 });
      finish(await replay({ paths: files, ...options }, { ...io, startSandbox }));
    });
}

function makeProgram(io: Io, finish: (code: number) => void): Command {
  const serve = makeServe(io, finish);
  const program = new Command('mock-klarna')
    .description("A stand-in for Klarna's merchant APIs: stateful, exact, scriptable, offline.")
    .version(version)
    .addCommand(serve, { isDefault: true })
    .addCommand(makeReplay(io, finish))
    // Whoever asks for help wants the options of the command that runs without being named.
    .addHelpText('after', () => `\n${serve.helpInformation()}`);
  for (const command of [program, ...program.commands]) {
    // What is wrong is told in one line below.
    command.exitOverride().configureOutput({ writeOut: (text) => io.stdout.write(text), outputError: () => {} });
  }
  return program;
}

/** What is wrong with a command line, in one line. */
function complaint({ code, message }: CommanderError, [first = '']: string[], { commands }: Command): string {
  const names = commands.map((command) => command.name());
  // A word that is no command counts as an argument of the command that runs without being named.
  if (code === 'commander.excessArguments' && !first.startsWith('-') && !names.includes(first)) {
    return `unknown command ${JSON.stringify(first)}${didYouMean(first, names)}`;
  }
  return oneLine(message)
    .replace(/^error: /, '')
    .replace(/\.$/, '');
}

/**
 * Runs the command line.
 * @param args without the name of the program
 * @returns the exit code: 0 fine, 1 findings, 2 cannot run
 */
export async function main(args: string[], io: Io = ioOf(process)): Promise<number> {
  let code: number = EXIT.fine;
  const program = makeProgram(io, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.fine;
      io.stderr.write(`mock-klarna: ${complaint(error, args, program)}; see mock-klarna --help\n`);
    } else if (error instanceof CannotRun) io.stderr.write(`mock-klarna: ${oneLine(error.message)}\n`);
    else throw error;
    return EXIT.cannotRun;
  }
  return code;
}
