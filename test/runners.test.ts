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

t.test('a shop is tested with each test runner that is at hand', async (t) => {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const { stdout } = await execute(process.execPath, ['scripts/runners.js'], { cwd: root, env });
  t.match(stdout, /^ok {3}node: [3-9] tests passed/m);
  t.strictSame([...stdout.matchAll(/^(?:ok {3}|skip )(\w+): /gm)].map(([, name]) => name).sort(), folders.sort());
  t.comment(stdout);
});

t.test('a runner that is needed and not at hand fails, and one that there is not is refused', async (t) => {
  const without = (...args: string[]) =>
    execute(process.execPath, ['scripts/runners.js', ...args], {
      cwd: root,
      env: { ...process.env, PATH: '/nowhere' },
    }).catch((error: unknown) => error);
  t.match(await without('phpunit'), { stdout: 'skip phpunit: there is no phpunit\n' });
  t.match(await without('phpunit', '--need', 'phpunit'), { code: 1, stdout: 'FAIL phpunit: there is no phpunit\n' });
  t.match(await without('karma'), { code: 2, stderr: /^npm run runners: given karma, expected some of node, jest, / });
});

t.test('the guide has a test of every runner', async (t) => {
  const guide = readFileSync(`${root}docs/guides/test-runners.md`, 'utf8');
  for (const name of folders) t.ok(guide.includes(`<!-- examples/runners/${name}/`), name);
});
