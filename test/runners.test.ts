import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from './tap.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const execute = promisify(execFile);

/** The folders of the runners. */
const folders = readdirSync(`${root}examples/runners`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['node_modules', 'test-results'].includes(entry.name))
  .map(({ name }) => name);

// .ci/run plays all: Jest, Vitest and Playwright are installed for it.
t.test('a shop is tested with each test runner that may be at hand uninstalled', async (t) => {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const names = ['node', 'pytest', 'junit', 'phpunit'];
  const { stdout } = await execute(process.execPath, ['scripts/runners.js', ...names], { cwd: root, env });
  const lines = stdout.trim().split('\n');
  t.match(lines[0], /^ok {3}node: [3-9] tests passed in /);
  t.strictSame(
    lines.map((line) => /^(?:ok {3}|skip )(\w+): /.exec(line)?.[1]),
    names,
    stdout,
  );
});

t.test('a runner that is needed and not at hand fails, and one that there is not is refused', async (t) => {
  const without = (...args: string[]) =>
    execute(process.execPath, ['scripts/runners.js', ...args], {
      cwd: root,
      env: { ...process.env, PATH: '/nowhere' },
    }).catch((error: unknown) => error);
  t.match(await without('phpunit'), { stdout: 'skip phpunit: there is no phpunit\n' });
  t.match(await without('phpunit', '--need', 'phpunit'), { code: 1, stdout: 'FAIL phpunit: there is no phpunit\n' });
  const { code, stderr } = (await without('karma')) as { code: number; stderr: string };
  const [, names = ''] = /^npm run runners: given karma, expected some of (.*)\n$/.exec(stderr) ?? [];
  t.equal(code, 2);
  t.strictSame(names.split(', ').sort(), folders.sort());
});

t.test('the guide has a test of every runner', async (t) => {
  const guide = readFileSync(`${root}docs/guides/test-runners.md`, 'utf8');
  for (const name of folders) t.ok(guide.includes(`<!-- examples/runners/${name}/`), name);
});
