import { Argument, Command, CommanderError, Option } from 'commander';
import { didYouMean } from '../scenario/problem.js';
import { version } from '../version.js';
import { checkEnvironment } from './environment.js';
import { collect, makeDrift, makeRecord, makeReport, makeVerify, playing, reporting } from './harness-commands.js';
import type { InitOptions } from './init.js';
import { CannotRun, type Io, ioOf } from './io.js';
import type { JournalOptions } from './journal.js';
import {
  readCallbacksTo,
  readCount,
  readExchangeNumber,
  readFolders,
  readHosts,
  readJournalLength,
  readMemorySize,
  readPort,
  readProxies,
  readPublic,
  readStatus,
  readYes,
  readYesOrFolder,
  USUAL_PORT,
  USUAL_TARGET,
} from './place.js';
import type { ReplayArguments } from './replay.js';
import { RUNNERS } from './runner-names.js';
import type { SaveOptions } from './save.js';
import type { CheckOptions, ScenariosOptions } from './scenarios.js';
import type { ServeOptions } from './serve.js';
import { withTarget } from './target-options.js';

/** The exit codes: no findings, findings, cannot run. */
export const EXIT = { fine: 0, findings: 1, cannotRun: 2 } as const;

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');

/** Makes the option that names folders of scenarios. */
const ownScenarios = () =>
  new Option('--scenarios <folder>', 'scenarios of your own, by name beside those that ship; may be given again')
    .env('MOCK_KLARNA_SCENARIOS')
    .argParser(readFolders);

function makeServe(io: Io, finish: (code: number) => void): Command {
  return new Command('serve')
    .description('start the stand-in (what happens without a command)')
    .addOption(
      new Option('-p, --port <number>', 'port; 0 takes any free one')
        .env('MOCK_KLARNA_PORT')
        .default(USUAL_PORT)
        .argParser(readPort),
    )
    .addOption(new Option('--host <address>', 'address to listen on').env('MOCK_KLARNA_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--public-url <url>', 'how browsers reach the stand-in, if not as its clients do')
        .env('MOCK_KLARNA_PUBLIC_URL')
        .argParser(readPublic),
    )
    .addOption(
      new Option(
        '--trust-proxy <address>',
        'believe X-Forwarded-Proto and -Host of this proxy: an address, a network, loopback, linklocal, uniquelocal or none; may be given again (otherwise loopback)',
      )
        .env('MOCK_KLARNA_TRUST_PROXY')
        .argParser(readProxies),
    )
    .addOption(new Option('--seed <text>', 'clocks stand still and ids repeat').env('MOCK_KLARNA_SEED'))
    .addOption(new Option('--clock <instant>', 'where clocks start (ISO 8601)').env('MOCK_KLARNA_CLOCK'))
    .addOption(
      new Option('--merchants <file>', 'who may call (YAML or JSON); otherwise everybody').env('MOCK_KLARNA_MERCHANTS'),
    )
    .addOption(
      new Option('--scenario <name|file>', 'what happens: a scenario by name, or a file').env('MOCK_KLARNA_SCENARIO'),
    )
    .addOption(ownScenarios())
    .addOption(
      new Option('--rate-limits <mode>', "Klarna's limits on calls a second")
        .env('MOCK_KLARNA_RATE_LIMITS')
        .choices(['off', 'playground', 'live'])
        .default('off'),
    )
    .addOption(
      new Option(
        '--allow-callbacks <host>',
        'send callbacks there, too: a host, host:port, *.domain or network; may be given again (otherwise loopback only)',
      )
        .env('MOCK_KLARNA_ALLOW_CALLBACKS')
        .argParser(readCallbacksTo),
    )
    .addOption(
      new Option('--push-after <duration>', 'when the push of an order is first sent (ISO 8601; otherwise PT2M)').env(
        'MOCK_KLARNA_PUSH_AFTER',
      ),
    )
    .addOption(
      new Option('--allow-host <name>', 'a further name of the sandbox for its live page; may be given again')
        .env('MOCK_KLARNA_ALLOW_HOST')
        .argParser(readHosts),
    )
    .addOption(
      new Option('--admin-token <text>', 'opens the control API and the live page for any merchant').env(
        'MOCK_KLARNA_ADMIN_TOKEN',
      ),
    )
    .addOption(
      new Option('--open [true|false]', 'let other machines in without an admin token, where --host has them reach it')
        .env('MOCK_KLARNA_OPEN')
        .argParser(readYes),
    )
    .addOption(
      new Option(
        '--tls [folder]',
        'answer by TLS as well, by a certificate made here and kept in the folder or a cache',
      )
        .env('MOCK_KLARNA_TLS')
        .argParser(readYesOrFolder),
    )
    .addOption(new Option('--tls-cert <file>', 'answer by TLS by this certificate (PEM)').env('MOCK_KLARNA_TLS_CERT'))
    .addOption(new Option('--tls-key <file>', 'its key (PEM)').env('MOCK_KLARNA_TLS_KEY'))
    .addOption(
      new Option('--tls-port <number>', 'port of TLS; 0 takes any free one')
        .env('MOCK_KLARNA_TLS_PORT')
        .default(5528)
        .argParser(readPort),
    )
    .addOption(
      new Option('--memory <size>', "memory for merchants' data, such as 256MB; the oldest go when it is full")
        .env('MOCK_KLARNA_MEMORY')
        .argParser(readMemorySize),
    )
    .addOption(
      new Option('--journal <number>', 'at most so many exchanges of each merchant (otherwise what memory holds)')
        .env('MOCK_KLARNA_JOURNAL')
        .argParser(readJournalLength),
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
  const command = playing(new Command('replay'))
    .description('play scenarios and judge the answers')
    .argument('<scenarios...>', 'names of scenarios, files or folders')
    .addOption(ownScenarios())
    .option('--tag <word>', 'only scenarios with this tag; may be given again', collect)
    .option('--bail', 'stop after the first that fails')
    .option('--strict', 'fail where something of a scenario tests nothing');
  return reporting(command)
    .option('--verbose', 'print each step and its answer')
    .addOption(
      new Option('--step', 'one scenario, one step at a time, each when you press Enter').conflicts([
        'bail',
        'verbose',
      ]),
    )
    .action(async (scenarios: string[], { scenarios: own, ...options }: Partial<ReplayArguments>) => {
      const [{ replay }, { startServer }] = await Promise.all([import('./replay.js'), import('../server/start.js')]);
      const startSandbox = (sandbox: { seed: string }) => startServer({ ...sandbox, port: 0 });
      finish(await replay({ ...options, scenarios, own }, { ...io, startSandbox, env: process.env }));
    });
}

function makeSave(io: Io, finish: (code: number) => void): Command {
  return withTarget(new Command('save'), {
    usual: USUAL_TARGET,
    username: 'user name of the merchant whose journal it is (otherwise shop)',
  })
    .description("write a merchant's journal as a scenario that can be replayed")
    .requiredOption('--out <file>', 'the scenario to write')
    .action(async (options: SaveOptions) => {
      const { save } = await import('./save.js');
      finish(await save(options, io));
    });
}

function makeJournal(io: Io, finish: (code: number) => void): Command {
  return withTarget(new Command('journal'), {
    usual: USUAL_TARGET,
    username: 'user name of the merchant whose journal it is (otherwise who called last)',
  })
    .description("list a merchant's exchanges, or show one with its bodies, its reason and its callbacks")
    .addArgument(new Argument('[number]', 'the number of one exchange').argParser(readExchangeNumber))
    .option('--operation <name>', 'list only exchanges of this operation')
    .addOption(new Option('--status <number>', 'list only exchanges answered with this status').argParser(readStatus))
    .addOption(new Option('--limit <number>', 'list at most so many, the latest').default(30).argParser(readCount))
    .option('--json', 'print JSON lines')
    .action(async (number: number | undefined, options: JournalOptions) => {
      const { journal } = await import('./journal.js');
      finish(await journal(number, options, io));
    });
}

function makeScenarios(io: Io, finish: (code: number) => void): Command {
  const folder = () => new Option('--folder <path>', 'a folder of scenarios in the place of those that ship');
  return new Command('scenarios')
    .description('list the scenarios there are, check files, or print a scenario in words')
    .addOption(folder())
    .addOption(ownScenarios())
    .action(async (options: ScenariosOptions) => {
      const { listScenarios } = await import('./scenarios.js');
      finish(await listScenarios(options, io));
    })
    .addCommand(
      new Command('check')
        .description('look for mistakes in scenario files')
        .argument('<files...>', 'files or folders')
        .option('--strict', 'fail where something of a scenario tests nothing')
        .action(async (files: string[], options: CheckOptions) => {
          const { checkScenarios } = await import('./scenarios.js');
          finish(await checkScenarios(files, io, options));
        }),
    )
    .addCommand(
      new Command('show')
        .description('print a scenario in words')
        .argument('<name>', 'its name, its alias or its file')
        .addOption(folder())
        .addOption(ownScenarios())
        .action(async (name: string, _: ScenariosOptions, command: Command) => {
          const { showScenario } = await import('./scenarios.js');
          // Commander gives an option that both commands have to the outer one.
          finish(await showScenario(name, command.optsWithGlobals<ScenariosOptions>(), io));
        }),
    );
}

function makeInit(io: Io, finish: (code: number) => void): Command {
  return new Command('init')
    .description('write an example scenario and a test for your test runner, and say what to do next')
    .addOption(
      new Option('--runner <name>', 'the test runner (otherwise the one that the project has)').choices(RUNNERS),
    )
    .addOption(new Option('--folder <path>', 'the folder for the files').default('klarna'))
    .action(async (options: InitOptions) => {
      const { init } = await import('./init.js');
      finish(await init(options, io));
    });
}

function makeHash(io: Io, finish: (code: number) => void): Command {
  return new Command('hash')
    .description('print the hash of a password for a merchants file; the password comes from the standard input')
    .action(async () => {
      const { hash } = await import('./hash.js');
      finish(await hash(io));
    });
}

/** Makes the program with all its commands. */
export function makeProgram(io: Io, finish: (code: number) => void): Command {
  const serve = makeServe(io, finish);
  const program = new Command('mock-klarna')
    .description("A stand-in for Klarna's merchant APIs: stateful, exact, scriptable, offline.")
    .version(version)
    .addCommand(serve, { isDefault: true })
    .addCommand(makeReplay(io, finish))
    .addCommand(makeJournal(io, finish))
    .addCommand(makeSave(io, finish))
    .addCommand(makeScenarios(io, finish))
    .addCommand(makeReport(io, finish))
    .addCommand(makeRecord(io, finish))
    .addCommand(makeVerify(io, finish))
    .addCommand(makeDrift(io, finish))
    .addCommand(makeInit(io, finish))
    .addCommand(makeHash(io, finish))
    // The help includes the options of the default command.
    .addHelpText('after', () => `\n${serve.helpInformation()}`);
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  program.hook('preAction', () => checkEnvironment(all, process.env));
  for (const command of all) {
    // `main` reports errors in one line.
    command.exitOverride().configureOutput({ writeOut: (text) => io.stdout.write(text), outputError: () => {} });
  }
  return program;
}

/** Returns the mistake of a command line, in one line. */
function complaint(error: CommanderError, [first = '', ...rest]: string[], { commands }: Command): string {
  const { code, message } = error;
  const names = commands.map((command) => command.name());
  const named = commands.find((command) => command.name() === first);
  if (named?.commands.length) return complaint(error, rest, named);
  // Commander takes an unknown command as an argument of the default command.
  if (code === 'commander.excessArguments' && !first.startsWith('-') && !names.includes(first)) {
    return `unknown command ${JSON.stringify(first)}${didYouMean(first, names)}`;
  }
  return oneLine(message)
    .replace(/^error: /, '')
    .replace(/\.$/, '');
}

/** Returns the error that ends a command: in one line where the user or the system is the reason, else with its stack. */
function lastWords(error: unknown): string {
  const known = error instanceof CannotRun || (error as NodeJS.ErrnoException).syscall !== undefined;
  return known ? oneLine((error as Error).message) : ((error as Error).stack ?? String(error));
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
    } else io.stderr.write(`mock-klarna: ${lastWords(error)}\n`);
    return EXIT.cannotRun;
  }
  return code;
}
