import { join } from 'node:path';
import t from '../tap.js';
import { run } from './run.js';

const scenario = (title: string, more = '') =>
  `title: ${title}\nevidence: inferred\n${more}outcomes: [{ on: createOrder, error: REJECTED }]\n`;

/** Runs a command to its end. */
async function done(...args: string[]) {
  const { code, out, err } = run('scenarios', ...args);
  return { code: await code, out: out(), err: err() };
}

t.test('scenarios lists what ships, each line beginning with a full name', async (t) => {
  const { code, out, err } = await done();
  t.equal(code, 0, err);
  const names = out.split('\n').map((line) => line.split(/\s/)[0]);
  t.ok(names.includes('mixed-payments/subscription'));
  t.match(out, /^mixed-payments\/subscription +\S.+$/m);
});

t.test('scenarios lists another folder, and says what is wrong in it', async (t) => {
  const folder = t.testdir({
    good: { 'long-name.yaml': scenario('Boots'), a: { 'b.yaml': scenario('Shoes') } },
    bad: { 'a.yaml': 'title: A\nsteps: 1' },
    empty: {},
  });
  const good = await done('--folder', join(folder, 'good'));
  t.strictSame(good, { code: 0, out: 'a/b        Shoes\nlong-name  Boots\n', err: '' });
  t.strictSame(await done('--folder', join(folder, 'empty')), { code: 0, out: '', err: '' });
  const bad = await done('--folder', join(folder, 'bad'));
  t.equal(bad.code, 2);
  t.match(bad.err, /^mock-klarna: \S*bad\/a\.yaml:2:8 "steps" must be a list, not 1; .*; it is left out\n$/);
  const none = await done('--folder', join(folder, 'none'));
  t.match(none, { code: 2, out: '', err: /^\S*none:1:1 no such file or folder\n$/ });
});

t.test('scenarios check lints files and folders', async (t) => {
  const folder = t.testdir({
    'a.yaml': scenario('A', 'alias: one\n'),
    'b.yaml': scenario('B'),
    'c.yaml': scenario('C', 'alias: one\n'),
    'bad.yaml': 'title: Boots\nevidence: docs\noutcomes:\n  - { on: createOder, error: REJECTED }\n',
    none: {},
  });
  const at = (...files: string[]) => files.map((file) => join(folder, file));
  t.strictSame(await done('check', ...at('a.yaml', 'b.yaml')), { code: 0, out: '2 scenarios, no mistake\n', err: '' });
  t.strictSame(await done('check', ...at('a.yaml')), { code: 0, out: '1 scenario, no mistake\n', err: '' });
  t.equal((await done('check', ...at('a.yaml', 'a.yaml'))).code, 0, 'a file given twice is no mistake');
  const bad = await done('check', ...at('bad.yaml', 'a.yaml'));
  t.equal(bad.code, 2);
  t.match(
    bad.err,
    /^\S+bad\.yaml:4:11 "on" is no operation: "createOder" \(did you mean "createOrder", Place the order\?\)\n$/,
  );
  const twice = await done('check', ...at('a.yaml', 'b.yaml', 'c.yaml'));
  t.equal(twice.code, 2);
  t.match(twice.err, /^\S+c\.yaml:1:1 the alias "one" is that of \S+a\.yaml\n$/);
  const none = await done('check', ...at('none'));
  t.equal(none.code, 2);
  t.match(none.err, /^mock-klarna: no \.yaml, \.yml or \.json file in \S+none with one of steps, .* at its top\n$/);
  t.match((await done('check', ...at('none', 'none'))).err, /\.json file in \S+none, \S+none with one of/);
});

t.test('scenarios show tells a scenario in words, by name, alias or file', async (t) => {
  const folder = t.testdir({ theme: { 'boots.yaml': scenario('Boots', 'alias: boots-1\n') }, 'bad.yaml': 'steps: 1' });
  const words = /^theme\/boots\n {2}Boots\n[\s\S]*1\. each call of createOrder is refused with 403 REJECTED\n$/;
  for (const name of ['theme/boots', 'boots-1']) {
    const { code, out } = await done('show', name, '--folder', folder);
    t.equal(code, 0);
    t.match(out, words, name);
  }
  const file = await done('show', join(folder, 'theme/boots.yaml'));
  t.equal(file.code, 0);
  t.match(file.out, /^boots\n/);
  const pushed = await done('show', 'callbacks/push-shop-fails');
  t.match(pushed.out, /1\. push: first after PT0S, the receiver gives 500\n/);
  const unknown = await done('show', 'theme/bots', '--folder', join(folder, 'theme'));
  t.equal(unknown.code, 2);
  const misspelt = await done('--folder', folder, 'show', 'theme/bots');
  t.equal(misspelt.code, 2);
  t.match(misspelt.err, /there is no scenario "theme\/bots" \(did you mean "theme\/boots"\?\)/);
  t.match(misspelt.err, /bad\.yaml:1:1 .*; it is left out/);
  const nothing = await done('--folder', folder, 'show', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxx');
  t.match(nothing.err, /there is no scenario "x+"; mock-klarna scenarios lists them/);
  const bad = await done('show', join(folder, 'bad.yaml'));
  t.equal(bad.code, 2);
  t.match(bad.err, /bad\.yaml:1:1 /);
  t.equal((await done('show', 'a', '--folder', join(folder, 'none'))).code, 2);
});

t.test('scenarios show knows a file by its ending', async (t) => {
  const names = ['a.yaml', 'b.yml', 'c.json', 'd.YML', 'e.yaml.d', 'f.yam', 'gyaml'];
  const folder = t.testdir(Object.fromEntries(names.map((name) => [name, scenario('Boots')])));
  const shown = await Promise.all(
    names.map(async (name) => (await done('show', join(folder, name))).out.split('\n')[0]),
  );
  t.strictSame(shown, ['a', 'b', 'c', 'd', '', '', '']);
});

t.test('a misspelt word of the command is told', async (t) => {
  t.match(await done('chek'), { code: 2, err: /unknown command "chek" \(did you mean "check"\?\)/ });
  t.match(await done('check'), { code: 2, err: /missing required argument 'files'/ });
  t.match(await done('show', 'a', 'b'), { code: 2, err: /too many arguments for 'show'/ });
  t.match(await done('show', '--help'), { code: 0, out: /--folder </ });
});

t.test('a mistake in the program is not taken for one in a file', async (t) => {
  const { checkScenarios } = await t.mockImport<typeof import('../../src/cli/scenarios.js')>(
    import.meta.resolve('../../src/cli/scenarios.js'),
    {
      [import.meta.resolve('../../src/scenario/files.js')]: {
        ...(await import('../../src/scenario/files.js')),
        readScenarios: () => Promise.reject(new TypeError('broken')),
      },
    },
  );
  const io = { stdout: { write: () => {} }, stderr: { write: () => {} } };
  await t.rejects(checkScenarios(['a'], io), TypeError);
});
