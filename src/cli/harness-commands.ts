import { Command, Option } from 'commander';
import { FORMATS } from '../report/format-names.js';
import type { DriftArguments } from './drift.js';
import type { Io } from './io.js';
import type { StartSandbox } from './place.js';
import { readCount, readHosts, readPort, readYes, USUAL_TARGET } from './place.js';
import type { RecordArguments } from './record.js';
import type { ReportArguments } from './report.js';
import { renamed, withCredentials, withTarget } from './target-options.js';
import type { VerifyArguments } from './verify.js';

/** Collects the values of an option that may be given several times. */
export const collect = (text: string, before: string[] = []): string[] => [...before, text];

/** Adds the option of every command that can write a report. */
export const reporting = (command: Command): Command =>
  command.option('--report <format=file,...>', `write reports: ${FORMATS.join(', ')}`, collect);

/** Adds the options of every command that ends in a report of the harness. */
function concluding(command: Command, rules: string): Command {
  return reporting(
    command
      .option('--fail-on <rule,...>', `what makes it fail: ${rules} (otherwise violation)`, collect)
      .option('--baseline <file>', 'findings that are known and make nothing fail')
      .option('--write-baseline <file>', 'write everything found as a baseline'),
  ).option('--source-root <folder>', "where the shop's source is, for SARIF (otherwise here)");
}

/** Adds the options of every command that plays against a target. */
export const playing = (command: Command): Command =>
  withTarget(command, {
    target: 'play against a sandbox or Klarna (otherwise a sandbox of its own)',
    username: 'user name for the target',
  });

/** Makes the command `mock-klarna verify`. */
export function makeVerify(io: Io, finish: (code: number) => void): Command {
  const command = playing(new Command('verify'))
    .description('tell whether a target answers as Klarna does')
    .argument('[cases...]', 'names of contract cases that ship, files or folders (otherwise all that ship)')
    .addOption(
      new Option('--generate <n>', 'n valid and n nearly valid requests of every operation, too').argParser(readCount),
    )
    .option('--seed <text>', 'which requests are made (otherwise the same ones each time)')
    .option('--har <files...>', 'judge recordings of browsers, proxies and Polly.JS; without cases nothing else')
    .option('--cassette <files...>', 'judge recordings of VCR, vcrpy and their like')
    .option('--pact <files...>', 'judge what Pact files expect of Klarna');
  return concluding(command, 'violation, warning, note').action(
    async (cases: string[], options: Omit<VerifyArguments, 'cases'>) => {
      const [{ verify }, { startServer }] = await Promise.all([import('./verify.js'), import('../server/start.js')]);
      const startSandbox: StartSandbox = (sandbox) => startServer({ ...sandbox, port: 0 });
      finish(await verify({ cases, ...options }, { ...io, startSandbox, env: process.env }));
    },
  );
}

/** Makes the command `mock-klarna record`. */
export function makeRecord(io: Io, finish: (code: number) => void): Command {
  const command = withTarget(new Command('record'), {
    target: 'base URL of Klarna, or of a sandbox',
    username: "sent to the target in the place of the shop's, and kept nowhere",
    password: 'goes with it',
  })
    .description('stand between a shop and Klarna; leave a HAR, a scenario and a report')
    .requiredOption('--out <folder>', 'where recording.har and recording.yaml go')
    .option('--finish', 'finish the recording that a killed run has left in the folder')
    .addOption(new Option('-p, --port <number>', 'port; 0 takes any free one').default(5529).argParser(readPort))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--open [true|false]', 'let other machines use these credentials, where --host has them reach it')
        .env('MOCK_KLARNA_OPEN')
        .argParser(readYes),
    )
    .addOption(
      new Option('--allow-host <name>', 'a further name of the recorder; may be given again')
        .env('MOCK_KLARNA_ALLOW_HOST')
        .argParser(readHosts),
    )
    .option('--quiet', 'print no line an exchange');
  return concluding(command, 'violation, warning, note').action(async (options: RecordArguments) => {
    const { record } = await import('./record.js');
    finish(await record(options, { ...io, env: process.env }));
  });
}

/** Makes the command `mock-klarna drift`. */
export function makeDrift(io: Io, finish: (code: number) => void): Command {
  const command = withCredentials(new Command('drift'), {
    username: 'user name for targets whose URL has none',
  })
    .description('compare two targets or recordings, answer by answer')
    .argument('<a>', 'a sandbox or Klarna (https://USER:PASSWORD@HOST), or a recording (HAR, cassette)')
    .argument('<b>', 'what is compared with it')
    .argument('[cases...]', 'names of contract cases that ship, files or folders (otherwise all that ship)');
  return concluding(command, 'violation, warning').action(
    async (a: string, b: string, cases: string[], options: Omit<DriftArguments, 'sides' | 'cases'>) => {
      const { drift } = await import('./drift.js');
      finish(await drift({ sides: [a, b], cases, ...options }, { ...io, env: process.env }));
    },
  );
}

/** Makes the command `mock-klarna report`. */
export function makeReport(io: Io, finish: (code: number) => void): Command {
  const command = withTarget(new Command('report'), {
    usual: USUAL_TARGET,
    username: 'user name of the only merchant to judge (otherwise all of them)',
    variable: 'MOCK_KLARNA_URL',
  })
    .description('tell whether the shop that a sandbox has seen does it right')
    .option(
      '--off <id[@merchants],...>',
      'leave checks out, by id, for some merchants with @name*; may be given again',
      collect,
    );
  const pact = new Option('--write-pact <file>', 'write what the merchant needed of Klarna as a Pact file');
  renamed(command, pact, '--pact');
  return concluding(command, 'violation, warning, note, coverage=80').action(async (options: ReportArguments) => {
    const { report } = await import('./report.js');
    finish(await report(options, { ...io, env: process.env }));
  });
}
