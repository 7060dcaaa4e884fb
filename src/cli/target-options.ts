import { type Command, Option } from 'commander';
import { readTarget } from './place.js';

/** An older spelling of an option: it sets the same value, and no help shows it. */
class OlderSpelling extends Option {
  readonly #of: Option;

  constructor(long: string, of: Option) {
    super(of.flags.replace(/^.*--[\w-]+/, long));
    this.#of = of;
    this.hideHelp();
    if (of.parseArg) this.argParser(of.parseArg);
  }

  override attributeName(): string {
    return this.#of.attributeName();
  }
}

/**
 * Adds an option that had another name before, which goes on to work.
 * @param older its older spelling, such as `--url`
 * @param variable the environment variable of that, which counts where that of the option is not set
 */
export function renamed(command: Command, option: Option, older: string, variable?: string): Command {
  const before = new OlderSpelling(older, option);
  if (variable !== undefined) before.env(variable);
  // Of environment variables the last one counts.
  return command.addOption(before).addOption(option);
}

/** The descriptions of the target options in the help of one command. */
export interface TargetWords {
  target?: string;
  username: string;
  password?: string;
  /** The base URL unless one is given. */
  usual?: string;
  /** The environment variable that the target had before. */
  variable?: string;
}

/** Adds credentials for a target: user name and password, by the same names in every command. */
export function withCredentials(command: Command, { username, password }: TargetWords): Command {
  const user = new Option('--username <name>', username).env('MOCK_KLARNA_USERNAME');
  return renamed(command, user, '--merchant').addOption(
    new Option('--password <text>', password ?? 'its password').env('MOCK_KLARNA_PASSWORD'),
  );
}

/** Adds the options for a target: its base URL and the credentials there, by the same names in every command. */
export function withTarget(command: Command, words: TargetWords): Command {
  const { target, usual, variable } = words;
  const option = new Option('--target <url>', target ?? 'base URL of the sandbox')
    .env('MOCK_KLARNA_TARGET')
    .argParser((text: string) => readTarget(text));
  if (usual !== undefined) option.default(usual);
  return withCredentials(renamed(command, option, '--url', variable), words);
}
