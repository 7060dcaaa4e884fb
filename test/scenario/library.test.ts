import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Library, originOf, shippedScenarios } from '../../src/scenario/library.js';
import { ScenarioError } from '../../src/scenario/problem.js';
import t, { type Test } from '../tap.js';

const scenario = (title: string, more = '') => `title: ${title}\nevidence: inferred\n${more}steps: []\n`;

/** A clock that stands a second later whenever it is asked, so that files are looked at each time. */
function impatient() {
  let now = 0;
  return {
    monotonic() {
      now += 1_000;
      return now;
    },
  };
}

/** A folder of scenarios and the library of it, with everything that it reports. */
function shelf(t: Test, files: Parameters<Test['testdir']>[0], wall = impatient()) {
  const folder = t.testdir(files);
  const told: string[] = [];
  const library = Library.open(folder, (line) => told.push(line.replaceAll(`${folder}/`, '')), wall);
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  return { folder, library, write, told: () => told.splice(0) };
}

t.test('scenarios are found by name and by alias', async (t) => {
  const { library, told } = shelf(t, {
    tokens: { 'shared.yaml': scenario('Shared', 'alias: shared\n'), 'cancelled.yml': scenario('Cancelled') },
    'boots.json': JSON.stringify({ title: 'Boots', evidence: 'inferred', steps: [] }),
    'boots.yaml': scenario('The same name'),
    'notes.md': '# Notes',
  });
  t.strictSame(library.names(), ['boots', 'tokens/cancelled', 'tokens/shared']);
  t.match(await library.find('boots'), { name: 'boots', title: 'Boots' });
  t.match(await library.find('tokens/shared'), { name: 'tokens/shared', alias: 'shared' });
  t.match(await library.find('shared'), { name: 'tokens/shared' });
  t.equal(await library.find('tokens/share'), undefined);
  t.strictSame((await library.all()).length, 3);
  t.strictSame(told(), []);
});

t.test(
  'an alias that two scenarios have is refused with both files, and their names are as good as ever',
  async (t) => {
    const { library } = shelf(t, {
      'a.yaml': scenario('A', 'alias: one\n'),
      'b.yaml': scenario('B', 'alias: one\n'),
      'c.yaml': scenario('B', 'alias: one\n'),
      'one-more.yaml': scenario('C', 'alias: other\n'),
    });
    await t.rejects(library.find('one'), {
      name: 'ScenarioError',
      message: /b\.yaml:1:1 the alias "one" is that of \S+a\.yaml$/,
    });
    t.match(await library.find('b'), { title: 'B' });
    t.match(await library.find('other'), { title: 'C' });
  },
);

t.test('a file alone is a library, whatever stands beside it', async (t) => {
  const { folder } = shelf(t, {
    'a.json': JSON.stringify({ title: 'Another', evidence: 'inferred', steps: [] }),
    'a.yaml': scenario('A', 'alias: one\n'),
    'b.yaml': 'x: 1',
    scenarios: { theme: { 'C.YAML': scenario('C') } },
  });
  const told: string[] = [];
  const only = Library.ofFile(join(folder, 'a.yaml'), (line) => told.push(line));
  t.matchLists(await only.all(), [{ name: 'a', title: 'A' }]);
  t.match(await only.find('one'), { title: 'A' });
  t.equal(await only.find('b'), undefined);
  t.match(await Library.ofFile(join(folder, 'scenarios/theme/C.YAML')).find('theme/C'), { title: 'C' });
  t.strictSame(await Library.ofFile(join(folder, 'b.yaml'), (line) => told.push(line)).all(), []);
  for (const nobodyListens of ['b.yaml', 'nothing.yaml']) {
    t.strictSame(await Library.ofFile(join(folder, nobodyListens)).all(), []);
  }
  t.matchLists(told, [/b\.yaml:1:1 [^;]*$/]);
});

t.test('the nearest name helps who misspells one', async (t) => {
  const { library } = shelf(t, {
    tokens: { 'shared.yaml': scenario('Shared', 'alias: two-shops\n'), 'cancelled.yaml': scenario('Cancelled') },
  });
  t.equal(await library.nearest('tokens/sharde'), 'tokens/shared');
  t.equal(await library.nearest('cancelled'), 'tokens/cancelled');
  t.equal(await library.nearest('two-shop'), 'two-shops');
  t.equal(await library.nearest('something else altogether'), undefined);
});

t.test('a name never leads out of the folder', async (t) => {
  const { library, folder, told } = shelf(t, { inside: { 'a.yaml': scenario('Inside') }, 'out.yaml': scenario('Out') });
  const inside = Library.open(join(folder, 'inside'), (line) => told().push(line));
  for (const name of [
    '../out',
    '..\\out',
    join(folder, 'out'),
    '/etc/passwd',
    './a',
    'a/../a',
    '..',
    '',
    '__proto__',
  ]) {
    t.equal(await inside.find(name), undefined, name);
  }
  t.match(await inside.find('a'), { title: 'Inside' });
  symlinkSync('../out.yaml', join(folder, 'inside/link.yaml'));
  const lines: string[] = [];
  const again = Library.open(join(folder, 'inside'), (line) => lines.push(line), impatient());
  t.equal(await again.find('link'), undefined);
  t.matchLists(lines, [/link\.yaml:1:1 the file is a link that leads out of .*inside; it is left out$/]);
  mkdirSync(join(folder, 'inside-out'));
  writeFileSync(join(folder, 'inside-out/b.yaml'), scenario('Beside'));
  symlinkSync('../inside-out/b.yaml', join(folder, 'inside/beside.yaml'));
  t.equal(await again.find('beside'), undefined, 'nor to a folder whose name begins alike');
  symlinkSync('inside/a.yaml', join(folder, 'own.yaml'));
  t.match(await library.find('own'), { title: 'Inside' }, 'a link within the folder is as good as a file');
});

t.test('a file is read again when it has changed, and only then', async (t) => {
  const { library, write, told, folder } = shelf(t, { 'a.yaml': scenario('First') });
  const first = await library.find('a');
  t.equal(await library.find('a'), first);
  write('a.yaml', scenario('The second version'));
  const [second, same] = await Promise.all([library.find('a'), library.find('a')]);
  t.match(second, { title: 'The second version' });
  t.equal(same, second);
  t.strictSame(told(), ['a.yaml has changed: it was read again']);

  write('a.yaml', 'title: [');
  t.equal(await library.find('a'), second, 'the last good version stays');
  t.equal(await library.find('a'), second);
  t.matchLists(told(), [/^a\.yaml:1:\d+ .*; its last good version stays$/], 'said once');

  write('a.yaml', 'tytle: a\n');
  t.equal(await library.find('a'), second);
  t.matchLists(told(), [/^a\.yaml:1:1 .* \(and \d more\); its last good version stays$/]);

  write('a.yaml', scenario('The third, and good again', 'alias: third\n'));
  t.match(await library.find('third'), { title: 'The third, and good again' });
  t.strictSame(told(), ['a.yaml has changed: it was read again']);

  const third = await library.find('a');
  rmSync(join(folder, 'a.yaml'));
  t.equal(third && (await library.current(third)), undefined);
  t.equal(third && (await library.current(third)), undefined, 'nor when it is looked for again');
  t.equal(await library.find('a'), undefined);
  t.strictSame(library.names(), []);
  t.strictSame(told(), ['a.yaml has gone; its last good version stays where it was chosen'], 'said once');
  write('a.yaml', scenario('Back', 'alias: a\n'));
  t.match(third && (await library.current(third)), { title: 'Back' });
  t.strictSame(told(), ['a.yaml has changed: it was read again']);
  rmSync(join(folder, 'a.yaml'));
  t.equal(third && (await library.current(third)), undefined);
  told();
  write('b.yaml', scenario('New'));
  t.match(await library.find('b'), { title: 'New' });
  t.strictSame(told(), []);
});

t.test('a change is seen though the file is as long as before, or as old', async (t) => {
  const { library, write, told, folder } = shelf(t, { 'a.yaml': scenario('First') });
  const at = (file: string, seconds: number) => utimesSync(join(folder, file), seconds, seconds);
  at('a.yaml', 1_000);
  t.match(await library.find('a'), { title: 'First' });
  write('a.yaml', scenario('Later'));
  at('a.yaml', 1_001);
  t.match(await library.find('a'), { title: 'Later' }, 'as long, and younger');
  write('a.txt', scenario('Other'));
  at('a.txt', 1_001);
  renameSync(join(folder, 'a.txt'), join(folder, 'a.yaml'));
  t.match(await library.find('a'), { title: 'Other' }, 'another file in its place');
  write('a.yaml', scenario('Longer'));
  at('a.yaml', 1_001);
  t.match(await library.find('a'), { title: 'Longer' }, 'as old, and longer');
  t.strictSame(told(), Array(3).fill('a.yaml has changed: it was read again'));
});

t.test('a scenario that ships is read again when its file was edited, wherever that lies', async (t) => {
  const { library, write, told, folder } = shelf(t, { 'b.yaml': scenario('B', 'alias: own\n') });
  const shipped = join(shippedScenarios, 'callbacks/authorization-twice.yaml');
  copyFileSync(shipped, join(folder, 'a.yaml'));
  const first = await library.find('cb-auth-twice');
  t.match(first, { name: 'a', path: join(folder, 'a.yaml'), alias: 'cb-auth-twice' });
  t.equal(await library.find('a'), first);
  t.equal(first && originOf(first), library);
  write(
    'a.yaml',
    readFileSync(shipped, 'utf8')
      .replace(/^title: .*$/m, 'title: Edited')
      .replace('cb-auth-twice', 'own'),
  );
  t.match(await library.find('a'), { title: 'Edited', alias: 'own' });
  t.strictSame(told(), ['a.yaml has changed: it was read again']);
  t.equal(await library.find('cb-auth-twice'), undefined);
  await t.rejects(library.find('own'), { message: /b\.yaml:1:1 the alias "own" is that of \S+a\.yaml$/ });
  copyFileSync(shipped, join(folder, 'a.yaml'));
  t.match(await library.find('cb-auth-twice'), { title: first?.title });
});

t.test('folders that are links are looked into as well', async (t) => {
  const { library, folder } = shelf(t, { theme: { 'a.yaml': scenario('A') }, 'b.yaml': scenario('B') });
  symlinkSync('theme', join(folder, 'linked'));
  t.strictSame(library.names(), ['b', 'linked/a', 'theme/a']);
  t.match(await library.find('linked/a'), { title: 'A' });
});

t.test('a file that never was good is left out, and says why', async (t) => {
  const { library, told, folder } = shelf(t, { 'bad.yaml': 'x: 1', 'good.yaml': scenario('Good', 'alias: ok\n') });
  writeFileSync(join(folder, 'large.yaml'), ' '.repeat(10 * 1024 * 1024));
  mkdirSync(join(folder, 'folder.yaml'));
  t.match(await library.find('ok'), { title: 'Good' });
  t.matchLists(told(), [
    /^bad\.yaml:1:1 .*; it is left out$/,
    /^folder\.yaml:1:1 is a folder, not a file; it is left out$/,
    /^large\.yaml:1:1 the file holds more than 1 MB .*; it is left out$/,
  ]);
  t.equal(await library.find('bad'), undefined);
  t.strictSame(told(), [], 'said once');
});

t.test('files are looked at once a second, by name, by alias and for what there is not', async (t) => {
  let now = 0;
  const files = { 'a.yaml': scenario('First', 'alias: one\n'), 'b.yaml': scenario('B') };
  const { library, write, folder, told } = shelf(t, files, { monotonic: () => now });
  const first = await library.find('one');
  t.match(first, { title: 'First' });
  t.equal(await library.find('new'), undefined);
  t.equal(await library.nearest('nevv'), undefined);

  write('a.yaml', scenario('Edited', 'alias: two\n'));
  write('new.yaml', scenario('New', 'alias: newest\n'));
  rmSync(join(folder, 'b.yaml'));
  now += 999;
  for (const name of ['a', 'one']) t.equal(await library.find(name), first, name);
  t.equal(first && library.current(first), first, 'at once, without a promise');
  for (const name of ['two', 'new', 'newest']) t.equal(await library.find(name), undefined, name);
  t.equal(await library.nearest('nevv'), undefined);
  t.match(await library.find('b'), { title: 'B' });
  t.equal((await library.all()).length, 2);
  t.strictSame(told(), []);

  now += 1;
  const looks = await Promise.all(['a', 'one', 'two', 'new', 'b'].map((name) => library.find(name)));
  t.matchLists(looks, [{ title: 'Edited' }, undefined, { title: 'Edited' }, { title: 'New' }, undefined]);
  t.equal(await library.nearest('nevv'), 'new');
  t.match(first && library.current(first), { title: 'Edited' });
  t.strictSame(told(), [
    'b.yaml has gone; its last good version stays where it was chosen',
    'a.yaml has changed: it was read again',
  ]);
});

t.test('the nearest name is sought for some words a second, and for none that is very long', async (t) => {
  let now = 0;
  const { library } = shelf(t, { 'ab.yaml': scenario('A') }, { monotonic: () => now });
  t.equal(await library.nearest(`ab${'b'.repeat(1_000)}`), undefined);
  for (let n = 0; n < 30; n++) t.equal(await library.nearest(`a${n}`), 'ab');
  t.equal(await library.nearest('abc'), undefined, 'one too many');
  t.equal(await library.nearest('a29'), 'ab', 'those that are known stay known');
  now += 1_000;
  t.equal(await library.nearest('abc'), 'ab');
});

t.test('a folder of many files is read in several turns', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`s${n}.yaml`, scenario(`S${n}`)]));
  const { library } = shelf(t, many);
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  t.equal((await library.all()).length, 70);
  done = true;
  t.ok(turns >= 2);
});

t.test('what is no file is left out, and holds nothing up', async (t) => {
  const { library, told, folder } = shelf(t, { 'good.yaml': scenario('Good', 'alias: ok\n') });
  t.equal(spawnSync('mkfifo', [join(folder, 'pipe.yaml')]).status, 0);
  symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
  // The path of a socket may have a hundred signs.
  const short = mkdtempSync(join(tmpdir(), 'mk-'));
  const server = createServer().listen(join(short, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close(() => rmSync(short, { recursive: true })));
  symlinkSync(join(short, 'socket'), join(folder, 'socket.yaml'));
  t.match(await library.find('ok'), { title: 'Good' });
  t.equal(await library.find('pipe'), undefined);
  t.strictSame(told(), [
    'pipe.yaml:1:1 is a pipe, not a file; it is left out',
    'socket.yaml:1:1 is a socket, not a file; it is left out',
    'zero.yaml:1:1 is a device, not a file; it is left out',
  ]);
});

t.test('a folder that goes takes no scenario from where it was chosen', async (t) => {
  const { library, told, folder } = shelf(t, { 'a.yaml': scenario('A') });
  const chosen = (await library.find('a')) as NonNullable<Awaited<ReturnType<typeof library.find>>>;
  rmSync(folder, { recursive: true });
  t.equal(await library.current(chosen), undefined);
  t.equal(await library.current(chosen), undefined);
  t.matchLists(told(), [/^a\.yaml has gone; its last good version stays where it was chosen$/]);
  await t.rejects(library.find('a'), ScenarioError);
});

t.test('a folder that is not there', async (t) => {
  const folder = join(t.testdir({}), 'none');
  const library = Library.open(folder, undefined, impatient());
  await t.rejects(library.find('a'), ScenarioError);
  t.throws(() => library.names(), { message: /none:1:1 no such file or folder$/ });
  mkdirSync(`${folder}-new`);
  writeFileSync(join(`${folder}-new`, 'a.yaml'), scenario('Late'));
  renameSync(`${folder}-new`, folder);
  t.match(await library.find('a'), { title: 'Late' });
});

t.test('a mistake in the program is not taken for one in a file', async (t) => {
  const { Library: broken } = await t.mockImport<typeof import('../../src/scenario/library.js')>(
    import.meta.resolve('../../src/scenario/library.js'),
    {
      [import.meta.resolve('../../src/scenario/read.js')]: {
        ...(await import('../../src/scenario/read.js')),
        readScenario: () => {
          throw new TypeError('broken');
        },
      },
    },
  );
  const folder = t.testdir({ 'a.yaml': scenario('A') });
  await t.rejects(broken.open(folder).find('a'), TypeError);
  await t.rejects(Promise.resolve(broken.open(folder).current({ name: 'a' })), TypeError);
});

t.test('the scenarios that ship can all be read, under aliases of their own', async (t) => {
  const told: string[] = [];
  const library = Library.open(shippedScenarios, (line) => told.push(line));
  const names = library.names();
  const all = await library.all();
  t.strictSame(told, []);
  t.strictSame(
    all.map(({ name }) => name),
    names,
  );
  t.ok(names.includes('mixed-payments/subscription'));
  const aliases = all.flatMap(({ alias }) => alias ?? []);
  t.equal(new Set(aliases).size, aliases.length);
});

t.test('a library that nobody listens to leaves out what it cannot read', async (t) => {
  t.equal(await Library.open(t.testdir({ 'x.yaml': '[' })).find('x'), undefined);
});
