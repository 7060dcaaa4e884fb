import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type InitOptions, init } from '../../src/cli/init.js';
import { RUNNERS } from '../../src/cli/runner-names.js';
import { runners } from '../../src/cli/runners.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const PACKAGED = 'node_modules/mock-klarna/contracts/scenario.schema.json';

/** Makes a project of some files. */
function project(t: Test, files: Record<string, string> = {}): string {
  const folder = t.testdir();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs the command in a project; returns what it said. */
async function initialized(folder: string, options: Partial<InitOptions> = {}): Promise<string> {
  let out = '';
  const stdout = { write: (text: string) => (out += text) };
  await init({ folder: 'klarna', ...options }, { stdout }, folder);
  return out;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

t.test('init writes a scenario, a test and a shop for it, and says what comes next', async (t) => {
  const folder = project(t, { 'package.json': '\uFEFF{ "devDependencies": { "vitest": "4" } }' });
  t.equal(
    await initialized(folder),
    `a test for Vitest, since package.json asks for vitest; --runner chooses another
wrote  klarna/boots-and-care.yaml  a scenario, which editors complete
wrote  klarna/shop.test.mjs        a test with Vitest
wrote  klarna/shop.cjs             a shop in the place of yours

next:
  npm install --save-dev mock-klarna
  npx vitest run klarna
  npx mock-klarna replay klarna
  npx mock-klarna --scenarios klarna
`,
  );
  t.strictSame(filesIn(join(folder, 'klarna')), ['boots-and-care.yaml', 'shop.cjs', 'shop.test.mjs']);
  const [line] = read(folder, 'klarna/boots-and-care.yaml').split('\n');
  t.equal(line, `# yaml-language-server: $schema=../${PACKAGED}`);
});

t.test('the scenario that init writes has no mistake, and what it expects happens', async (t) => {
  const folder = project(t);
  await initialized(folder);
  const check = run('scenarios', 'check', '--strict', join(folder, 'klarna'));
  t.equal(await check.code, 0, check.err());
  const replay = run('replay', '--strict', join(folder, 'klarna/boots-and-care.yaml'));
  t.equal(await replay.code, 0, replay.out() + replay.err());
});

t.test('the test that init writes is the example of its runner', async (t) => {
  for (const name of RUNNERS) {
    await t.test(name, async (t) => {
      const folder = project(t);
      await initialized(folder, { runner: name });
      for (const file of runners[name].files) {
        const written = read(folder, file.startsWith('src/') ? file : join('klarna', file));
        const example = read('examples/runners', name, file);
        t.equal(written, example.replace('../shop.cjs', './shop.cjs'), file);
        t.notMatch(written, /\.\.\//, 'it reaches for nothing outside of its folder');
      }
      t.equal(existsSync(join(folder, 'klarna/shop.cjs')), runners[name].javaScript);
    });
  }
});

t.test('the test runner is found by the files of the project', async (t) => {
  const asks = (...packages: string[]) => ({
    'package.json': JSON.stringify({ dependencies: Object.fromEntries(packages.map((name) => [name, '*'])) }),
  });
  const cases: [files: Record<string, string>, runner: string, because: string][] = [
    [{}, 'node:test', 'no other test runner was found'],
    [asks('express'), 'node:test', 'no other test runner was found'],
    [{ 'package.json': 'null' }, 'node:test', 'no other test runner was found'],
    [asks('jest', '@playwright/test'), 'Jest', 'package.json asks for jest'],
    [asks('@playwright/test'), 'Playwright', 'package.json asks for @playwright/test'],
    [{ ...asks('vite'), 'composer.json': '{}' }, 'PHPUnit', 'there is a composer.json'],
    [{ 'requirements.txt': '' }, 'pytest', 'there is a requirements.txt'],
    [{ 'pom.xml': '' }, 'JUnit 5', 'there is a pom.xml'],
  ];
  for (const [files, runner, because] of cases) {
    await t.test(`${runner}, since ${because}`, async (t) => {
      const [first] = (await initialized(project(t, files))).split('\n');
      t.equal(first, `a test for ${runner}, since ${because}; --runner chooses another`);
    });
  }
});

t.test('the next steps are those of the project', async (t) => {
  const steps = async (files: Record<string, string>, options?: Partial<InitOptions>) => {
    const out = await initialized(project(t, files), options);
    return (out.split('next:\n')[1] as string).split('\n').map((line) => line.trim());
  };
  t.equal((await steps({ 'pom.xml': '' }))[0], 'mvn test -Dtest=ShopTest');
  await t.test('gradle', async (t) => {
    const out = await initialized(project(t, { 'build.gradle.kts': '' }));
    t.match(out, /^wrote {2}src\/test\/java\/ShopTest\.java +a test with JUnit 5$/m);
    t.match(out, /^ {2}gradle test --tests ShopTest$/m);
    t.notMatch(out, /npm install/);
  });
  await t.test('a runner that is not there yet', async (t) => {
    const out = await initialized(project(t, { [PACKAGED]: '{}' }), { runner: 'jest', folder: 'test/klarna' });
    t.match(out, /^ {2}npm install --save-dev jest\n {2}npx jest test\/klarna\n/m);
    t.notMatch(out, /since/);
  });
  await t.test('playwright', async (t) => {
    const out = await initialized(project(t), { runner: 'playwright' });
    t.match(out, /playwright\.config\.mjs +the configuration of Playwright for it$/m);
    t.match(out, /^ {2}npx playwright test --config klarna\/playwright\.config\.mjs$/m);
  });
});

t.test('what is there already stays as it is', async (t) => {
  const folder = project(t, { 'klarna/shop.test.mjs': 'mine' });
  t.match(await initialized(folder), /^kept {3}klarna\/shop\.test\.mjs +is there already$/m);
  t.equal(read(folder, 'klarna/shop.test.mjs'), 'mine');
  const again = await initialized(folder);
  t.notMatch(again, /^wrote/m);
  t.match(again, /^ {2}node --test klarna\/shop\.test\.mjs$/m, 'the next steps are said all the same');
});

t.test('outside of JavaScript the schema comes along, and is no scenario', async (t) => {
  const folder = project(t, { 'composer.json': '{}' });
  t.match(await initialized(folder), /^wrote {2}klarna\/scenario\.schema\.json +what they complete it from$/m);
  t.equal(read(folder, 'klarna/scenario.schema.json'), read('contracts/scenario.schema.json'));
  t.match(read(folder, 'klarna/boots-and-care.yaml'), /^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\n/);
  const check = run('scenarios', 'check', join(folder, 'klarna'));
  t.equal(await check.code, 0, check.err());
  t.equal(check.out(), '1 scenario, no mistake\n');
});

t.test('the schema is found in the packages of the project, or of a folder above', async (t) => {
  const root = project(t, { [PACKAGED]: '{}', 'apps/shop/composer.json': '{}' });
  const out = await initialized(join(root, 'apps/shop'), { folder: 'test/klarna' });
  t.notMatch(out, /schema\.json/);
  const [line] = read(root, 'apps/shop/test/klarna/boots-and-care.yaml').split('\n');
  t.equal(line, `# yaml-language-server: $schema=../../../../${PACKAGED}`);
});

t.test('a test in CommonJS says so where .js stands for ES modules', async (t) => {
  const folder = project(t, { 'package.json': '{ "type": "module", "devDependencies": { "jest": "30" } }' });
  await initialized(folder);
  t.ok(existsSync(join(folder, 'klarna/shop.test.cjs')));
  t.notOk(existsSync(join(folder, 'klarna/shop.test.js')));
});

t.test('VS Code gets settings where it has none, and a line to add where it has', async (t) => {
  const setting = `"yaml.schemas":{"./${PACKAGED}":"klarna/**/*.yaml"}`;
  await t.test('none', async (t) => {
    const folder = project(t, { '.vscode/extensions.json': '{}' });
    t.match(await initialized(folder), /^wrote {2}\.vscode\/settings\.json +has VS Code complete new scenarios, too$/m);
    t.strictSame(JSON.parse(read(folder, '.vscode/settings.json')), JSON.parse(`{${setting}}`));
  });
  await t.test('some', async (t) => {
    const folder = project(t, { '.vscode/settings.json': '// mine\n{}' });
    const out = await initialized(folder);
    t.ok(out.endsWith(`\nfor new scenarios in VS Code, add to .vscode/settings.json:\n  ${setting}\n`), out);
    t.equal(read(folder, '.vscode/settings.json'), '// mine\n{}');
  });
});

t.test('init says what is in its way', async (t) => {
  const fails = async (pattern: RegExp, ...args: string[]) => {
    const { code, err } = run('init', ...args);
    t.equal(await code, 2, args.join(' '));
    t.match(err(), pattern);
  };
  await fails(
    /^mock-klarna: --folder: \.\. is not inside of \/\S+; name a folder of the project, such as klarna\n$/,
    '--folder',
    '..',
  );
  await fails(/--folder: \. is not inside of/, '--folder', '.');
  await fails(
    /argument 'mocha' is invalid\. Allowed choices are node, vitest, jest, playwright, phpunit, pytest, junit/,
    '--runner',
    'mocha',
  );
  await t.rejects(initialized(project(t, { 'package.json': '{ "a": }' })), {
    message: /^package\.json is no JSON \(.+\); mend it, or choose with --runner$/,
  });
  await t.rejects(initialized(project(t, { klarna: 'a file' })), {
    message: /^init: \S+boots-and-care\.yaml cannot be written \(E\w+\)$/,
  });
});
