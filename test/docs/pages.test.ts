import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { operations } from '../../src/contract/operations.js';
import { run } from '../cli/run.js';
import t from '../tap.js';
import { anchorsOf, pages, proseOf, read, root, spansOf } from './pages.js';

const LINK = /\]\((?!https?:)([^)\s]+)\)/g;

t.test('links between pages lead somewhere', async (t) => {
  for (const page of pages) {
    for (const [, link = ''] of proseOf(page).matchAll(LINK)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/');
      const there = existsSync(join(root, target));
      t.ok(there, `${page}: ${link}`);
      if (anchor && there) t.ok(anchorsOf(target).includes(anchor), `${page}: ${link}`);
    }
  }
});

t.test('every page stands in the index, docs/README.md', async (t) => {
  const index = [...read('docs/README.md').matchAll(LINK)].map(([, link = '']) => join('docs', link));
  const decision = /^docs\/maintainers\/decisions\/(?!README)/;
  for (const page of pages.filter((page) => page !== 'docs/README.md' && !decision.test(page))) {
    t.ok(index.includes(page.replaceAll('/', join('a', 'b').charAt(1))), `docs/README.md has a line for ${page}`);
  }
});

t.test('README.md is short', async (t) => {
  t.ok(read('README.md').split('\n').length < 200, 'fewer than 200 lines; what is longer has a page under docs/');
});

t.test('npm scripts that pages name exist', async (t) => {
  const { scripts } = JSON.parse(read('package.json'));
  for (const page of pages) {
    for (const [command, name = ''] of read(page).matchAll(/npm run ([\w-]+)/g))
      t.ok(scripts[name], `${page}: ${command}`);
  }
});

const COMMANDS = ['serve', 'replay', 'save', 'scenarios', 'report', 'record', 'verify', 'drift'];

const optionsIn = (text: string) => new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option));

/** The options of every command by its name, as its help has them, those of its own commands included. */
async function optionsByCommand(): Promise<Map<string, Set<string>>> {
  const helped = async (...args: string[]) => {
    const { code, out } = run(...args, '--help');
    await code;
    return out();
  };
  const overview = await helped();
  const names = [...overview.matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  for (const name of COMMANDS) t.ok(names.includes(name), `${name} is a command`);
  const known = new Map<string, Set<string>>();
  for (const name of names) {
    const help = await helped(name);
    const below = /^Commands:$/m.test(help)
      ? [...help.slice(help.indexOf('\nCommands:')).matchAll(/^ {2}([a-z]+)/gm)].map(([, each = '']) => each)
      : [];
    const all = [
      help,
      ...(await Promise.all(below.filter((each) => each !== 'help').map((each) => helped(name, each)))),
    ];
    known.set(name, optionsIn(all.join('\n')));
  }
  return known;
}

const known = optionsByCommand();

t.test('commands within sentences exist, and have the options that stand there', async (t) => {
  const commands = await known;
  for (const page of pages) {
    for (const span of spansOf(page)) {
      const [, line = ''] = /^(?:npx )?mock-klarna(?: (.*))?$/.exec(span) ?? [];
      const [first = ''] = line.split(' ');
      if (!/^(?:npx )?mock-klarna(?: |$)/.test(span) || /^(?:is|records|COMMAND)$/.test(first)) continue;
      const name = first === '' || first.startsWith('-') ? 'serve' : first;
      const options = commands.get(name);
      t.ok(options, `${page}: \`${span}\`: there is no command ${name}`);
      for (const option of optionsIn(line)) {
        t.ok(options?.has(option), `${page}: \`${span}\`: mock-klarna ${name} --help has no ${option}`);
      }
    }
  }
});

/** Options that no help has: older spellings, and those of other programs. */
const FOREIGN = ['--url', '--merchant', '--cacert'];

t.test('options within sentences exist', async (t) => {
  const all = new Set([...FOREIGN, ...[...(await known).values()].flatMap((options) => [...options])]);
  for (const page of pages.filter((page) => /^(?:README|docs\/(?:guides|reference)\/)/.test(page))) {
    for (const span of spansOf(page).filter((span) => span.startsWith('--'))) {
      for (const option of optionsIn(span)) t.ok(all.has(option), `${page}: \`${span}\`: no command has ${option}`);
    }
  }
});

t.test('docs/reference/options.md has every command and option that help has, and no other', async (t) => {
  const page = read('docs/reference/options.md');
  const commands = new Map(await known);
  const serving = page.match(/^\| `--.*$/gm)?.join('\n') ?? '';
  const { code, out } = run('serve', '--help');
  await code;
  const variables = (text: string) => new Set([...text.matchAll(/MOCK_KLARNA_[A-Z_]+/g)].map(([name]) => name));
  t.strictSame(variables(serving), variables(out()));
  const rows = new Map(
    [...page.matchAll(/^\| \[?`([a-z]+)[^`|\\]*(?:\\\|[^`]*)?`.*$/gm)].map(([row, name = '']) => [name, row]),
  );
  const without = (all: Iterable<string>, some: Set<string>) => [...all].filter((each) => !some.has(each));
  const rowNames = new Set(['serve', ...rows.keys()]);
  t.strictSame(without(commands.keys(), rowNames), [], 'docs/reference/options.md lacks no command');
  t.strictSame(
    without(rowNames, new Set(commands.keys())),
    [],
    'docs/reference/options.md has no command that is gone',
  );
  for (const [name, helped] of commands) {
    const told = optionsIn(name === 'serve' ? serving : (rows.get(name) ?? ''));
    t.strictSame(
      without(helped, told.add('--help')),
      [],
      `docs/reference/options.md: the row of ${name} lacks nothing`,
    );
    t.strictSame(without(told, helped), [], `docs/reference/options.md: the row of ${name} has nothing that is gone`);
  }
});

t.test('docs/reference/control-api.md lists every operation of the control API', async (t) => {
  // Columns may be padded.
  const text = read('docs/reference/control-api.md').replace(/ +/g, ' ');
  for (const { name, method, path } of [...operations.values()].filter(({ api }) => api === 'sandbox')) {
    t.match(text, `| \`${name}\` | \`${method} ${path}\` |`);
  }
});
