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
import { listFiles } from '../../src/scenario/files.js';
import { Library, openLibrary, originOf, shippedScenarios } from '../../src/scenario/library.js';
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

const names = async (library: Library) => (await library.all()).map(({ name }) => name);

t.test('scenarios are found by name and by alias', async (t) => {
  const { library, told } = shelf(t, {
    tokens: { 'shared.yaml': scenario('Shared', 'alias: shared\n'), 'cancelled.yml': scenario('Cancelled') },
    'boots.json': JSON.stringify({ title: 'Boots', evidence: 'inferred', steps: [] }),
    'boots.yaml': scenario('The same name'),
    'notes.md': '# Notes',
  });
  t.strictSame(await names(library), ['boots', 'tokens/cancelled', 'tokens/shared']);
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
    'b.yaml': 'x: 1\nsteps: []',
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
  await t.rejects(again.find('link'), { message: /leads out of/ });
  t.matchLists(lines, [/link\.yaml:1:1 the file is a link that leads out of .*inside; it is left out$/]);
  mkdirSync(join(folder, 'inside-out'));
  writeFileSync(join(folder, 'inside-out/b.yaml'), scenario('Beside'));
  symlinkSync('../inside-out/b.yaml', join(folder, 'inside/beside.yaml'));
  await t.rejects(again.find('beside'), ScenarioError, 'nor to a folder whose name begins alike');
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

  write('a.yaml', 'title: }\nsteps: []');
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
  t.strictSame(await names(library), []);
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
  t.strictSame(await names(library), ['b', 'linked/a', 'theme/a']);
  t.match(await library.find('linked/a'), { title: 'A' });
});

t.test('a file that never was good is left out, and says why', async (t) => {
  const { library, told, folder } = shelf(t, {
    'bad.yaml': 'x: 1\nsteps: []',
    'good.yaml': scenario('Good', 'alias: ok\n'),
  });
  writeFileSync(join(folder, 'large.yaml'), `steps: []\n${' '.repeat(10 * 1024 * 1024)}`);
  mkdirSync(join(folder, 'folder.yaml'));
  t.match(await library.find('ok'), { title: 'Good' });
  t.matchLists(told(), [
    /^bad\.yaml:1:1 .*; it is left out$/,
    /^large\.yaml:1:1 the file holds more than 1 MB .*; it is left out$/,
  ]);
  await t.rejects(library.find('bad'), { name: 'ScenarioError', message: /bad\.yaml:1:1 "title" is missing\n/ });
  t.matchLists(await library.problems(), [
    { message: '"title" is missing' },
    { message: 'unknown key "x"' },
    { path: /large/ },
  ]);
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
  await t.rejects(library.find('pipe'), { message: /is a pipe, not a file$/ });
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
  await t.rejects(library.look(), { message: /none:1:1 no such file or folder$/ });
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
  const all = await library.all();
  t.strictSame(told, []);
  t.strictSame(all.map(({ path }) => path).sort(), listFiles(shippedScenarios), 'none is taken for something else');
  t.ok(all.some(({ name }) => name === 'mixed-payments/subscription'));
  for (const { name, evidence } of all) t.ok(evidence, `${name} says why we believe that Klarna does so`);
  const aliases = all.flatMap(({ alias }) => alias ?? []);
  t.equal(new Set(aliases).size, aliases.length);
});

t.test('a library that nobody listens to leaves out what it cannot read', async (t) => {
  const folder = t.testdir({ 'x.yaml': 'steps: [' });
  t.strictSame(await names(Library.open(folder)), []);
});

t.test('of several folders the earlier goes before the later, by name and by alias, and a line says so', async (t) => {
  const folder = t.testdir({
    own: {
      'boots.yaml': scenario('Own boots', 'alias: feet\n'),
      'care.json': '{ "name": "no scenario" }',
      'feet.yaml': scenario('A name like an alias'),
      'mine.yaml': scenario('Mine', 'alias: mine\n'),
    },
    ours: { 'laces.yaml': scenario('Laces', 'alias: feet\n') },
    theirs: {
      'boots.yaml': scenario('Their boots'),
      'care.yaml': scenario('Their care', 'alias: caring\n'),
      'laces.yaml': scenario('Their laces', 'alias: mine\n'),
      'a.yaml': scenario('A', 'alias: two\n'),
      'b.yaml': scenario('B', 'alias: two\n'),
      'c.yaml': scenario('C', 'alias: two\n'),
    },
  });
  const told: string[] = [];
  const folders = ['own', 'ours', 'theirs'].map((name) => join(folder, name));
  const library = Library.open(folders, (line) => told.push(line.replaceAll(`${folder}/`, '')), impatient());
  const titles = Object.fromEntries((await library.all()).map(({ name, title }) => [name, title]));
  t.strictSame(titles, {
    a: 'A',
    b: 'B',
    boots: 'Own boots',
    c: 'C',
    care: 'Their care',
    feet: 'A name like an alias',
    laces: 'Laces',
    mine: 'Mine',
  });
  t.match(await library.find('feet'), { title: 'A name like an alias' }, 'a name goes before an alias');
  t.match(await library.find('mine'), { title: 'Mine' });
  t.match(await library.find('caring'), { title: 'Their care' });
  await t.rejects(library.find('two'), { message: /b\.yaml:1:1 the alias "two" is that of .*a\.yaml$/ });
  t.strictSame(told.splice(0), [
    'boots is own/boots.yaml, and not the one in theirs',
    'laces is ours/laces.yaml, and not the one in theirs',
    'the alias feet is that of own/boots.yaml, and not of the one in ours',
  ]);
  writeFileSync(join(folder, 'own/boots.yaml'), 'title: Boots\nsteps: {}\n');
  t.match(await library.find('boots'), { title: 'Own boots' }, 'its last good version stays');
  rmSync(join(folder, 'own/boots.yaml'));
  t.match(await library.find('boots'), { title: 'Their boots' });
  writeFileSync(join(folder, 'own/laces.yaml'), 'title: Laces\nsteps: {}\n');
  await t.rejects(
    library.find('laces'),
    { message: /own\/laces\.yaml:2:8 / },
    'one with a mistake hides the other as well',
  );
  t.match(await library.nearest('bots'), 'boots');
});

t.test('a file that was a scenario and is none any more is told, and its last good version stays', async (t) => {
  const { library, write, told } = shelf(t, { 'a.yaml': scenario('A') });
  const first = await library.find('a');
  write('a.yaml', 'title: A\nstepps: []\n');
  t.equal(await library.find('a'), first);
  t.matchLists(told(), ['a.yaml:2:1 unknown key "stepps" (did you mean "steps"?); its last good version stays']);
});

t.test('names in an e-mail address are found in any case, and with slashes for dots', async (t) => {
  const { library } = shelf(t, { Boots: { 'v1.2 Care.yaml': scenario('Care') }, 'boots.yaml': scenario('Boots') });
  t.match(await library.find('boots/v1/2 care'), { name: 'Boots/v1.2 Care' });
  t.match(await library.find('boots'), { title: 'Boots' });
  t.equal(await library.find('boots/v1/3 care'), undefined);
});

t.test('own folders go before what ships; one that is none is refused, and an empty one is told', async (t) => {
  const folder = t.testdir({
    own: { declines: { 'order-rejected.yaml': scenario('Mine') } },
    wrong: { 'a.yaml': 'title: A\nsteps: {}\n' },
    none: { 'notes.yaml': 'notes: []' },
    'a.yaml': scenario('A'),
  });
  const told: string[] = [];
  const open = (...names: string[]) =>
    openLibrary(
      names.map((name) => join(folder, name)),
      (line) => told.push(line.replaceAll(`${folder}/`, '')),
    );
  const library = open('own', 'own');
  t.match(await library.find('declines/order-rejected'), { title: 'Mine' });
  t.match(await library.find('order-rejected'), undefined, 'the alias of the one that ships is gone with it');
  t.match(await library.find('mix-on-demand'), { name: 'mixed-payments/additional-charge' });
  t.strictSame(told.splice(0), [
    'declines/order-rejected is own/declines/order-rejected.yaml, and not the one that ships',
  ]);
  await open('none', 'wrong').look();
  t.matchLists(told.splice(0), [
    /^wrong\/a\.yaml:2:8 .*; it is left out$/,
    'no scenario so far: no .yaml, .yml or .json file in none with one of steps, outcomes, callbacks, shopper, payment_method_categories at its top',
  ]);
  for (const [name, why] of [
    ['a.yaml', 'which is a file'],
    ['nowhere', 'which is not there'],
  ] as const) {
    t.throws(() => open('own', name), {
      name: 'NoScenario',
      message: `given ${join(folder, name)}, ${why}; expected a folder of scenarios (scenario takes a single one)`,
    });
  }
  t.match(await openLibrary().find('declines/order-rejected'), { evidence: 'docs' });
});
