import type { Command, Option } from 'commander';
import type { Io } from '../../src/cli/io.js';
import { makeProgram } from '../../src/cli/main.js';
import { withTarget } from '../../src/cli/target-options.js';
import { startServer } from '../../src/server/start.js';
import t from '../tap.js';
import { run } from './run.js';

const nobody = {} as Io;
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
const program = makeProgram(nobody, () => {});
const commands = all(program).filter((command) => command !== program);

/** Every option that a help shows, with its command. */
const shown = commands.flatMap((command) =>
  command.options.filter(({ hidden }) => !hidden).map((option) => ({ command: command.name(), option })),
);

const byName = new Map<string, { command: string; option: Option }[]>();
for (const each of shown) {
  const name = each.option.long as string;
  byName.set(name, [...(byName.get(name) ?? []), each]);
}

/** Options of one name whose values come from elsewhere in one of the commands, since they are of another thing there. */
const OTHERS: Readonly<Record<string, string>> = {
  '--port': 'record listens on a port of its own beside the sandbox',
  '--host': 'record listens on a port of its own beside the sandbox',
  '--seed': 'verify makes requests by it, serve ids',
};

t.test('an option of one name takes the same value from the same environment variable in every command', async (t) => {
  for (const [name, found] of byName) {
    const forms = new Set(found.map(({ option: { flags, envVar } }) => `${flags} ${envVar}`));
    const same = forms.size === 1;
    t.equal(same, !(name in OTHERS), `${name}: ${[...forms].join('; ')}`);
  }
});

t.test('every command that talks to a target names it, and the credentials there, by the same options', async (t) => {
  const talking = commands.filter(({ options }) => options.some(({ long }) => long === '--password'));
  t.strictSame(
    talking.map((command) => command.name()),
    ['replay', 'journal', 'save', 'report', 'record', 'verify', 'drift'],
  );
  for (const command of talking) {
    const find = (long: string) => command.options.find((option) => option.long === long);
    const name = command.name();
    t.match(find('--username'), { flags: '--username <name>', envVar: 'MOCK_KLARNA_USERNAME', hidden: false }, name);
    t.match(find('--password'), { flags: '--password <text>', envVar: 'MOCK_KLARNA_PASSWORD', hidden: false }, name);
    t.match(find('--merchant'), { flags: '--merchant <name>', hidden: true }, name);
    if (name === 'drift') continue;
    t.match(find('--target'), { flags: '--target <url>', envVar: 'MOCK_KLARNA_TARGET', hidden: false }, name);
    t.match(find('--url'), { flags: '--url <url>', hidden: true }, name);
  }
});

t.test('every command that writes a report, or compares with a baseline, does so by the same options', async (t) => {
  const having = (long: string) => (byName.get(long) ?? []).map(({ command }) => command);
  const judging = ['report', 'record', 'verify', 'drift'];
  t.strictSame(having('--report'), ['replay', ...judging]);
  for (const long of ['--fail-on', '--baseline', '--write-baseline']) t.strictSame(having(long), judging, long);
});

t.test(
  'an older spelling says the same, the last one on the line counts, and the command line before the environment',
  async (t) => {
    const read = async (...args: string[]) => {
      const command = withTarget(makeProgram(nobody, () => {}).createCommand('look'), {
        username: 'whose',
        usual: 'http://usual',
        variable: 'MOCK_KLARNA_URL',
      });
      await command.parseAsync(args, { from: 'user' });
      return command.opts();
    };
    const set = (name: string, value: string) => {
      process.env[name] = value;
      t.teardown(() => {
        delete process.env[name];
      });
    };
    t.strictSame(await read(), { target: 'http://usual' });
    t.strictSame(await read('--url', 'http://a/', '--merchant', 'm'), { target: 'http://a', username: 'm' });
    t.strictSame(await read('--target', 'http://a', '--url', 'http://b'), { target: 'http://b' });
    t.strictSame(await read('--url', 'http://a', '--target', 'http://b'), { target: 'http://b' });
    set('MOCK_KLARNA_URL', 'http://older');
    t.strictSame(await read(), { target: 'http://older' });
    set('MOCK_KLARNA_TARGET', 'http://newer');
    t.strictSame(await read(), { target: 'http://newer' });
    t.strictSame(await read('--url', 'http://a'), { target: 'http://a' });
  },
);

t.test('each command takes target and credentials from the environment', async (t) => {
  const { url, close } = await startServer({ port: 0 });
  t.teardown(close);
  const variables = {
    MOCK_KLARNA_TARGET: url,
    MOCK_KLARNA_USERNAME: 'boots',
    MOCK_KLARNA_PASSWORD: 'winter',
  };
  const authorization = `Basic ${Buffer.from('boots:winter').toString('base64')}`;
  await fetch(`${url}/payments/v1/sessions/none`, { headers: { authorization } });
  Object.assign(process.env, variables);
  t.teardown(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  const folder = t.testdir({});
  for (const [args, told] of [
    [['journal'], /^#1 boots {2}GET /],
    [['report'], /^Shop \(127\.0\.0\.1\): /m],
    [['save', '--out', `${folder}/saved.yaml`], / 1 call of boots$/m],
    [['verify', 'payments/sessions/create-refused-empty'], /127\.0\.0\.1\): no findings; /],
    [['drift', url, url, 'payments/sessions/create-refused-empty'], /no findings; /],
  ] as const) {
    const { code, err, out } = run(...args);
    t.equal(await code, 0, `${args[0]}: ${err()}${out()}`);
    t.match(out(), told, args[0]);
  }
});
