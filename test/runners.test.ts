import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from './tap.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const execute = promisify(execFile);

t.test('a shop is tested with each test runner that is at hand', async (t) => {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const { stdout } = await execute(process.execPath, ['scripts/runners.js'], { cwd: root, env });
  t.match(stdout, /^ok {3}node: [3-9] tests passed/m);
  const folders = readdirSync(`${root}examples/runners`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name);
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

t.test('the guide has every test as it is played', async (t) => {
  const guide = readFileSync(`${root}docs/guides/test-runners.md`, 'utf8');
  const shown = [...guide.matchAll(/^<!-- (examples\S+) -->\n```\w+\n([\s\S]*?)^```$/gm)];
  const names = ['jest', 'junit', 'node', 'phpunit', 'playwright', 'pytest', 'runners', 'vitest'];
  t.strictSame(
    [...new Set(shown.map(([, file]) => file?.split('/')[file.includes('shop.cjs') ? 1 : 2]))].sort(),
    names,
  );
  for (const [, file, code] of shown) t.equal(code, readFileSync(root + file, 'utf8'), String(file));
});
