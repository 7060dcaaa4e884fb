import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import {
  hintAtPath,
  isWithin,
  listFiles,
  nameOfFile,
  readFileOfFolder,
  readScenarios,
} from '../../src/scenario/files.js';
import { ScenarioError } from '../../src/scenario/problem.js';
import t from '../tap.js';

const scenario = 'title: Boots\nsteps: [{ readHealth: }]\n';
const tooLarge = ' '.repeat(1024 * 1024);

/** The names of the scenarios in a folder, or what is wrong with them. */
const names = async (folder: string) => (await readScenarios([folder])).map(({ name }) => name);

t.test('a folder is searched for scenarios, and for nothing else', async (t) => {
  const folder = t.testdir({
    'package.json': '{ "name": "shop", "scripts": { "test": "node --test" } }',
    'package-lock.json': `{ "name": "shop", "packages": "${tooLarge}" }`,
    'docker-compose.yml': 'services:\n  klarna:\n    image: node\n',
    'broken.json': '{ "name": ',
    'words.yaml': '{ name: shop }',
    'empty.yaml': '',
    klarna: { 'boots.yaml': scenario, 'care.json': JSON.stringify({ title: 'Care', steps: [{ readHealth: null }] }) },
    node_modules: { shoes: { 'a.yaml': scenario } },
    inside: { node_modules: { 'a.yaml': scenario } },
    '.github': { workflows: { 'ci.yml': scenario } },
    '.hidden.yaml': scenario,
  });
  t.strictSame(await names(folder), ['.hidden', 'klarna/boots', 'klarna/care']);
  t.strictSame(
    await names(join(folder, '.github')),
    ['workflows/ci'],
    'one that is named is searched whatever its name',
  );
  t.strictSame(await names(join(folder, 'node_modules')), ['shoes/a']);
});

t.test('a file that is named by itself is read whatever stands in it', async (t) => {
  const folder = t.testdir({ 'shop.yaml': 'name: shop', 'large.json': tooLarge.concat(' ') });
  const messageOf = (file: string) => readScenarios([join(folder, file)]).catch(({ message }: Error) => message);
  t.match(await messageOf('shop.yaml'), /1:1 "title" is missing\n.*1:1 unknown key "name"/);
  t.match(await messageOf('large.json'), /1:1 the file holds more than 1 MB/);
});

t.test('a scenario of a folder with a mistake is told, in whatever way the file is written', async (t) => {
  const folder = t.testdir({
    'a.yaml': 'title: [\nsteps: []',
    'b.json': '{ "title": "Boots", "steps": [',
    'c.yaml': Buffer.from('\ufefftitle: Boots\nsteps: []\n', 'utf16le'),
    'd.yaml': Buffer.from('title: Caf\xe9\nsteps: []\n', 'latin1'),
    'e.yaml': `steps: []\n#${tooLarge}`,
    'f.yaml': '\ufefftitle: Good\nsteps: []\n',
  });
  const { problems } = (await readScenarios([folder]).catch((error) => error)) as ScenarioError;
  t.matchLists(
    problems.map(({ path, message }) => `${path.slice(folder.length + 1)} ${message}`),
    [/^a\.yaml /, /^b\.json /, 'c.yaml the file is not UTF-8', 'd.yaml the file is not UTF-8', /^e\.yaml .*1 MB/],
  );
});

t.test('links are followed, but for those that would have no end and those that lead nowhere', async (t) => {
  const folder = t.testdir({ a: { 'boots.yaml': scenario, deeper: {} }, b: {}, 'beside.txt': '' });
  symlinkSync('..', join(folder, 'a/up'));
  symlinkSync('.', join(folder, 'a/deeper/here'));
  symlinkSync('../b', join(folder, 'a/other'));
  symlinkSync('../a', join(folder, 'b/other'));
  symlinkSync('nowhere', join(folder, 'nowhere'));
  symlinkSync('itself', join(folder, 'itself'));
  symlinkSync('/', join(folder, 'root'));
  symlinkSync('beside.txt', join(folder, 'linked.txt'));
  t.strictSame(
    listFiles(folder).map((path) => path.slice(folder.length + 1)),
    ['a/boots.yaml', 'b/other/boots.yaml'],
  );
});

t.test('a folder is around itself and what is in it', async (t) => {
  t.ok(isWithin('/a', '/a'));
  t.ok(isWithin('/a', `/a${sep}b`));
  t.ok(isWithin('/', '/a'));
  t.ok(isWithin('/a', '/a/..b'));
  t.notOk(isWithin('/a', '/ab'));
  t.notOk(isWithin('/a/b', '/a'));
  t.notOk(isWithin('/a', '/'));
});

t.test('a name does not depend on where the working directory lies', async (t) => {
  t.equal(nameOfFile('tests/scenarios/declines/boots.yaml'), 'declines/boots');
  t.equal(nameOfFile(join(process.cwd(), 'boots.yaml')), 'boots');
  t.equal(nameOfFile('klarna/declines/boots.yaml', 'klarna'), 'declines/boots');
  t.equal(nameOfFile(join(process.cwd(), 'a/boots.yaml'), '.'), 'a/boots');
  t.equal(nameOfFile('/elsewhere/scenarios/declines/boots.yaml'), 'declines/boots');
  t.equal(nameOfFile('/elsewhere/klarna/declines/boots.yaml', '/elsewhere/klarna'), 'declines/boots');
});

t.test('what is outside may be refused before it is parsed', async (t) => {
  const folder = t.testdir({ 'a.yaml': scenario, 'b.yaml': 'name: shop' });
  const check = () => {
    throw new ScenarioError([]);
  };
  await t.rejects(readFileOfFolder(join(folder, 'a.yaml'), 'a', check), ScenarioError);
  t.equal(await readFileOfFolder(join(folder, 'b.yaml'), 'b', check), undefined);
  t.match(await readFileOfFolder(join(folder, 'a.yaml'), 'a'), { name: 'a' });
});

t.test('the path nearest to one that is not there is told', async (t) => {
  const folder = t.testdir({ klarna: { 'boots.yaml': scenario, declines: {} }, locked: { x: '' } });
  const hint = (path: string) => hintAtPath(join(folder, path)).replaceAll(`${folder}/`, '');
  t.equal(hint('klarna/bots.yaml'), ' (did you mean klarna/boots.yaml?)');
  t.equal(hint('klrna/boots.yaml'), ' (did you mean klarna/boots.yaml?)');
  t.equal(hint('klrna/other.yaml'), ' (did you mean klarna?)');
  t.equal(hint('Klarna'), ' (did you mean klarna?)');
  t.equal(hint('something/else/altogether'), '');
  t.equal(hint('klarna/boots.yaml/x'), '', 'a file has nothing in it');
  t.equal(hintAtPath('/'), '');
  mkdirSync(join(folder, 'empty'));
  t.equal(hint('empty/x'), '');
  chmodSync(join(folder, 'empty'), 0o755);
  writeFileSync(join(folder, 'care.yaml'), scenario);
  await t.rejects(readScenarios([join(folder, 'cave.yaml')]), {
    message: /cave\.yaml:1:1 no such file or folder \(did you mean .*care\.yaml\?\)$/,
  });
});
