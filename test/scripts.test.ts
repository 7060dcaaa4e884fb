import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { assets } from '../src/server/plugins/documentation.js';
import { holds } from './property.js';
import t, { type Test } from './tap.js';

/** Loads a script; its types are those of a project of its own (tsconfig.scripts.json). */
const script = (path: string) => import(new URL(`../scripts/${path}`, import.meta.url).href);

t.test('files are shuffled by the seed alone, and none is lost', async (t) => {
  const { shuffle } = await script('test/random.js');
  const letters = [...'abcdefgh'];
  t.strictSame(shuffle(letters, 1), [...'ghacdfbe']);
  t.strictSame(shuffle(letters, '1'), [...'ghacdfbe'], 'a seed from the command line is a text');
  t.strictSame(letters, [...'abcdefgh'], 'the list given stays as it is');
  t.strictSame(shuffle([], 1), []);
  holds(
    t,
    fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
      const sorted = (list: number[]) => JSON.stringify([...list].sort((a, b) => a - b));
      return sorted(shuffle(items, seed)) === sorted(items);
    }),
  );
  const firsts = new Set(Array.from({ length: 100 }, (_, seed) => shuffle(letters, seed)[0]));
  t.equal(firsts.size, letters.length, 'every file comes first with some seed');
});

t.test('what npm test is given', async (t) => {
  const { readTestOptions } = await script('test/options.js');
  const read = (...args: string[]) =>
    readTestOptions(
      args,
      (path: string) => path.startsWith('test/'),
      () => 'chosen',
    );
  t.strictSame(read(), { paths: [], seed: undefined, jobs: undefined });
  t.strictSame(read('test/a.test.ts', 'test/shop'), {
    paths: ['test/a.test.ts', 'test/shop'],
    seed: undefined,
    jobs: undefined,
  });
  t.strictSame(read('--shuffle', '7'), { paths: [], seed: '7', jobs: undefined });
  t.strictSame(read('--shuffle=7', 'test/shop'), { paths: ['test/shop'], seed: '7', jobs: undefined });
  t.strictSame(read('--shuffle'), { paths: [], seed: 'chosen', jobs: undefined });
  t.strictSame(read('--shuffle', '--jobs', '3'), { paths: [], seed: 'chosen', jobs: 3 });
  t.strictSame(read('--shuffle', 'test/shop'), { paths: ['test/shop'], seed: 'chosen', jobs: undefined });
  for (const jobs of ['0', 'two', '1.5', '-1']) {
    t.throws(() => read(`--jobs=${jobs}`), {
      message: `--jobs: given ${jobs}, expected a whole number of 1 or more`,
    });
  }
  t.throws(() => read('--shufle'), { message: /^Unknown option '--shufle'/ });
});

t.test('a compiled file takes itself for its source, and follows it', async (t) => {
  const { compileTree } = await script('test/compile.js');
  const from = t.testdir({ src: { 'a.ts': '', contract: { generated: { 'b.ts': 'f();\n' } } }, test: {} });
  const into = join(from, 'out');
  const write = (text: string) => writeFileSync(join(from, 'src/a.ts'), text);
  const compiled = () => readFileSync(join(into, 'src/a.js'), 'utf8');
  write("import type { X } from './x.js';\nexport const at: string = import.meta.url;\n");
  await compileTree({ from, into });
  t.equal(
    compiled(),
    `export const at = ${JSON.stringify(pathToFileURL(join(from, 'src/a.ts')).href)};\n//# sourceMappingURL=a.js.map\n`,
  );
  const { sources } = JSON.parse(readFileSync(join(into, 'src/a.js.map'), 'utf8'));
  t.strictSame(sources, ['../../src/a.ts']);
  t.equal(readFileSync(join(into, 'src/contract/generated/b.js'), 'utf8'), 'f();\n', 'what is generated has no map');

  writeFileSync(join(into, 'src/a.js'), 'as it was');
  await compileTree({ from, into });
  t.equal(compiled(), 'as it was', 'nothing is done again for a source that is as it was');
  write('export const at = 1;\n');
  await compileTree({ from, into });
  t.match(compiled(), /^export const at = 1;\n/);
  await compileTree({ from, into, key: 'other', alter: (file: string, text: string) => `// ${file}\n${text}f();` });
  t.match(compiled(), /^export const at = 1;\nf\(\);\n/, 'altered, and compiled again for another key');

  rmSync(join(from, 'src/a.ts'));
  await compileTree({ from, into });
  t.throws(compiled, { code: 'ENOENT' }, 'what has no source any more goes');
  t.throws(() => readFileSync(join(into, 'src/a.js.map')), { code: 'ENOENT' });
});

/** Faults of rooms, so many of each. */
const faultsOf = (rooms: Record<string, number>) =>
  Object.entries(rooms).flatMap(([room, count]) =>
    Array.from({ length: count }, (_, index) => ({ id: `${room}-${index}`, room })),
  );

t.test('faults are drawn by room', async (t) => {
  const { draw, quotas } = await script('mutation/draw.js');
  const rooms = { big: 4000, index: 40, middle: 500, small: 101, hundred: 100 };
  const drawn = (size: number, of: Record<string, number> = rooms) =>
    Object.fromEntries(quotas(new Map(Object.entries(of)), size));
  t.strictSame(
    drawn(300),
    { big: 217, index: 2, middle: 48, small: 28, hundred: 5 },
    '25 from each room with more than 100, and 225 in proportion to what is left there',
  );
  t.strictSame(
    drawn(40),
    { big: 29, index: 0, middle: 6, small: 4, hundred: 1 },
    'a smaller sample has a twelfth of it from each',
  );
  t.strictSame(
    drawn(2, { a: 200, b: 200, c: 200 }),
    { a: 1, b: 1, c: 0 },
    'there may be more rooms than faults to draw',
  );
  t.strictSame(drawn(9, { a: 3, b: 2 }), { a: 3, b: 2 }, 'all of them, if there are no more');

  holds(
    t,
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 1, max: 300 }), { minKeys: 1, maxKeys: 12 }),
      fc.integer({ min: 1, max: 400 }),
      (of, size) => {
        const counts = Object.entries(drawn(size, of));
        const sum = (all: number[]) => all.reduce((total, count) => total + count, 0);
        const fits = counts.every(([room, count]) => count >= 0 && count <= (of[room] ?? 0));
        return fits && sum(counts.map(([, count]) => count)) === Math.min(size, sum(Object.values(of)));
      },
    ),
  );

  const faults = faultsOf(rooms);
  const sample = draw(faults, 300, 'a seed');
  t.strictSame(draw(faults, 300, 'a seed'), sample, 'the seed draws the same again');
  t.notSame(draw(faults, 300, 'another'), sample);
  t.equal(new Set(sample).size, 300, 'no fault is drawn twice');
  t.strictSame([...new Set(sample.map(({ room }: { room: string }) => room))], [...Object.keys(rooms)].sort());
  const fewer = { ...rooms, middle: 300 };
  const ofBig = (all: { room: string }[]) => all.filter(({ room }) => room === 'big').slice(0, 25);
  t.strictSame(
    ofBig(draw(faultsOf(fewer), 300, 'a seed')),
    ofBig(sample),
    'what is drawn from a room is no matter of others',
  );
});

t.test('what npm run mutation is given', async (t) => {
  const { readMutationOptions, restrict, wantsSample } = await script('mutation/options.js');
  t.notOk(wantsSample([]));
  t.notOk(wantsSample(['--concurrency', '1']), 'is for Stryker');
  for (const args of [['--sample', '3'], ['--room=shop'], ['--files', 'a'], ['--concurrency', '--seed', '1']]) {
    t.ok(wantsSample(args), args.join(' '));
  }
  const read = (...args: string[]) => readMutationOptions(args, () => 'chosen');
  t.strictSame(read('--sample', '300', '--seed', '5'), {
    size: 300,
    seed: '5',
    rooms: [],
    places: [],
    min: 0,
    jobs: 2,
  });
  t.strictSame(read('--room', 'shop,cli', '--room', 'verify', '--min=80', '--jobs', '1'), {
    size: Number.POSITIVE_INFINITY,
    seed: 'chosen',
    rooms: ['shop', 'cli', 'verify'],
    places: [],
    min: 80,
    jobs: 1,
  });
  t.strictSame(read('--files', 'src\\shop\\a.ts, src/shop/b.ts:12').places, [
    { file: 'src/shop/a.ts', line: undefined },
    { file: 'src/shop/b.ts', line: 12 },
  ]);
  for (const given of ['0', 'many', '2.5']) {
    t.throws(() => read(`--sample=${given}`), {
      message: `--sample: given ${given}, expected a whole number of 1 or more`,
    });
  }
  t.throws(() => read('--sampel', '3'), { message: /^Unknown option '--sampel'/ });

  const faults = [
    { room: 'shop', file: 'src/shop/a.ts', line: 1 },
    { room: 'shop', file: 'src/shop/a.ts', line: 2 },
    { room: 'cli', file: 'src/cli/b.ts', line: 2 },
  ];
  const kept = (...args: string[]) =>
    restrict(faults, read(...args)).map((fault: object) => faults.indexOf(fault as never));
  t.strictSame(kept('--sample', '1'), [0, 1, 2]);
  t.strictSame(kept('--room', 'shop'), [0, 1]);
  t.strictSame(kept('--files', 'src/shop/a.ts:2,src/cli/b.ts'), [1, 2]);
  t.strictSame(kept('--files', 'src/shop/a.ts:2,src/cli/b.ts', '--room', 'cli'), [2]);
  t.throws(() => kept('--room', 'shpo'), { message: '--room: given shpo, expected one of cli, shop' });
  t.throws(() => kept('--files', 'src/shop/a.ts:3'), {
    message: '--files: no fault can be planted in src/shop/a.ts:3',
  });
  t.throws(() => kept('--files', 'src/shop/c.ts'), { message: '--files: no fault can be planted in src/shop/c.ts' });
});

t.test('a fault has its room, its place and its text', async (t) => {
  const { cut, roomOf } = await script('mutation/faults.js');
  t.equal(roomOf('src/verify/generate/judge.ts'), 'verify');
  t.equal(roomOf('src/index.ts'), 'index');
  const lines = ['const a = b > c;', '  return {', '    a,', '  };'];
  t.equal(cut(lines, { start: { line: 0, column: 10 }, end: { line: 0, column: 15 } }), 'b > c');
  t.equal(cut(lines, { start: { line: 1, column: 9 }, end: { line: 3, column: 3 } }), '{\n    a,\n  }');
});

t.test('what a build was made from is told by contents and names, not by where the checkout lies', async (t) => {
  const { fingerprint } = await script('build/folder.js');
  const checkout = () => ({
    contracts: { 'a.yaml': 'a: 1\n' },
    licences: {},
    scenarios: {},
    scripts: { 'b.js': '' },
    src: { 'c.ts': '', contract: { generated: { 'd.ts': '' } } },
    docs: { maintainers: { 'dependencies.md': '' } },
    'package-lock.json': '{}',
    'package.json': '{}',
    'tsconfig.json': '{}',
    'tsconfig.types.json': '{}',
  });
  const folder = t.testdir({ here: checkout(), there: { deeper: checkout() } });
  const here = join(folder, 'here');
  let before = fingerprint(here);
  t.equal(fingerprint(join(folder, 'there/deeper')), before);
  writeFileSync(join(here, 'src/contract/generated/d.ts'), 'other');
  writeFileSync(join(here, 'docs/other.md'), 'other');
  t.equal(fingerprint(here), before, 'what the build writes, or does not read, does not count');
  renameSync(join(here, 'scripts/b.js'), join(here, 'scripts/e.js'));
  t.not(fingerprint(here), before, 'names count');
  const read = [
    'contracts/a.yaml',
    'licences/new.txt',
    'scenarios/a.yaml',
    'scripts/new.js',
    'src/c.ts',
    'docs/maintainers/dependencies.md',
  ];
  for (const file of [...read, 'package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.types.json']) {
    before = fingerprint(here);
    writeFileSync(join(here, file), 'other');
    t.not(fingerprint(here), before, file);
  }
});

t.test('a build takes the place of the one before as a whole, and clears away what broken ones left', async (t) => {
  const { freshBeside, removeLeftovers, replaceFolder } = await script('build/folder.js');
  const [gone, running] = [99_999_999, process.ppid];
  const folder = t.testdir({
    dist: { 'old.js': 'old' },
    [`dist.new-${gone}`]: { 'half.js': '' },
    [`dist.old-${gone}`]: {},
    [`dist.new-${process.pid}`]: {},
    [`dist.new-${running}`]: {},
    [`other.new-${gone}`]: {},
    'dist.newer': {},
  });
  const dist = join(folder, 'dist');
  const fresh = freshBeside(dist);
  t.equal(fresh, join(folder, `dist.new-${process.pid}`));
  removeLeftovers(dist);
  const left = [`dist.new-${running}`, 'dist.newer', `other.new-${gone}`];
  t.strictSame(readdirSync(folder).sort(), ['dist', ...left], 'a build that runs still has its own');

  for (const name of ['first.js', 'second.js']) {
    mkdirSync(fresh);
    writeFileSync(join(fresh, name), '');
    replaceFolder(fresh, dist);
    t.strictSame(readdirSync(dist), [name]);
    t.strictSame(readdirSync(folder).sort(), ['dist', ...left]);
  }
  rmSync(dist, { recursive: true });
  mkdirSync(fresh);
  replaceFolder(fresh, dist);
  t.strictSame(readdirSync(dist), [], 'there need not be one');
  t.throws(() => replaceFolder(fresh, join(folder, 'none')), { code: 'ENOENT' });
});

t.test('what a build says goes to stderr, and to the terminal where npm would keep it to itself', async (t) => {
  const { say } = await script('say.js');
  const terminal = join(t.testdir({}), 'terminal');
  const told = (env: object, isTTY?: true, at = terminal) => {
    rmSync(terminal, { force: true });
    const lines: string[] = [];
    const stderr = { isTTY, write: (text: string) => lines.push(text) };
    say('building', { env, stderr, terminal: at });
    t.equal(lines.length, 1);
    t.match(lines[0], /^ +\d+ s {2}building\n$/);
    return existsSync(terminal) ? readFileSync(terminal, 'utf8') === lines[0] : 'nothing';
  };
  const ofPackage = { npm_lifecycle_event: 'prepare' };
  t.equal(told(ofPackage), true);
  t.equal(told(ofPackage, true), 'nothing');
  t.equal(told({ npm_lifecycle_event: 'prestart' }), 'nothing');
  t.equal(told({}), 'nothing');
  t.equal(told(ofPackage, undefined, join(terminal, 'none')), 'nothing', 'where there is no terminal it does without');
});

t.test('a build says that it builds before it does', async (t) => {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const folder = t.testdir({});
  const parts = ['bin', 'contracts', 'licences', 'scenarios', 'scripts', 'src', 'docs'];
  for (const part of [...parts, 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.types.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true, filter: (path) => !/generated$/.test(path) });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const child = spawn(process.execPath, [join(folder, 'scripts/build.js')], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [first] = await once(createInterface({ input: child.stderr }), 'line');
  t.match(first, /^ +\d+ s {2}building dist\/ once, which takes about half a minute$/);
  t.notOk(existsSync(join(folder, 'dist')));
  child.kill('SIGKILL');
  await once(child, 'exit');
});

t.test('what is bundled has a licence text and a reason', async (t) => {
  const { foldersOf, judgePackages, namedIn, renderBill, renderNotices } = await script('third-party.js');
  t.strictSame(
    foldersOf([
      'src/index.ts',
      'node_modules/b/lib/x.js',
      'node_modules/b/index.js',
      'node_modules/@a/c/x.js',
      'node_modules/@a/c/node_modules/b/x.js',
    ]),
    ['node_modules/@a/c', 'node_modules/@a/c/node_modules/b', 'node_modules/b'],
  );
  const named = namedIn('| Package | Why |\n| --- | --- |\n| `@a/c` | does it |\n| `b` | part of `@a/c` |\n');
  t.strictSame([...named], ['@a/c', 'b']);
  const [c, b] = [
    { name: '@a/c', version: '1.0.0', license: 'MIT', url: 'https://c.example', text: 'Permission of c' },
    { name: 'b', version: '2.0.0', license: 'ISC', text: 'Permission of b' },
  ];
  t.strictSame(judgePackages([b, c, b], named, '20.20.0'), [c, b], 'each once');
  const refused = (one: object) => () => judgePackages([{ ...b, ...one }, c], named, '20.20.0');
  t.strictSame(refused({ node: '>=20.20' })(), [c, { ...b, node: '>=20.20' }]);
  t.throws(refused({ node: '>=20.21' }), { message: 'b 2.0.0 wants Node >=20.21, and 20.20.0 is promised' });
  t.throws(refused({ text: '' }), { message: 'b 2.0.0 (ISC) has no licence text that could be shipped' });
  t.throws(refused({ name: 'd' }), {
    message: 'd 2.0.0 is bundled, and docs/maintainers/dependencies.md does not say why',
  });
  for (const name of ['cookie-lite', 'json-query']) t.throws(refused({ name }), /may not be bundled/);
  t.match(
    renderNotices([c, b]),
    /^mock-klarna contains[\s\S]*\n@a\/c 1\.0\.0\nMIT\nhttps:\/\/c\.example\n\nPermission of c\n[\s\S]*\nb 2\.0\.0\nISC\n\nPermission of b\n$/,
  );
  const { components, ...bill } = JSON.parse(renderBill([c, b], { name: 'us', version: '0.1.0' }));
  t.match(bill, { bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component: { purl: 'pkg:npm/us@0.1.0' } } });
  t.strictSame(
    components.map(({ purl, licenses }: { purl: string; licenses: unknown }) => [purl, licenses]),
    [
      ['pkg:npm/%40a/c@1.0.0', [{ license: { id: 'MIT' } }]],
      ['pkg:npm/b@2.0.0', [{ license: { id: 'ISC' } }]],
    ],
  );
});

t.test('the files of the documentation page are copied without the names of their maps', async (t) => {
  const { ASSETS, copyAssets } = await script('build/assets.js');
  t.strictSame(ASSETS, Object.keys(assets), 'as the page asks for them');
  const [css, js] = ['a{}\n/*# sourceMappingURL=a.css.map*/', 'a();\n//# sourceMappingURL=a.js.map\n'];
  const contents = ASSETS.map((name: string) => [name, /css$/.test(name) ? css : /js$/.test(name) ? js : '\x89PNG\n']);
  const licences = ['swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui-standalone-preset.js.LICENSE.txt'];
  const others = Object.fromEntries([...licences, 'other.js'].map((name) => [name, name]));
  const folder = t.testdir({ package: { ...Object.fromEntries(contents), ...others } });
  copyAssets(join(folder, 'package'), join(folder, 'docs'));
  t.strictSame(readdirSync(join(folder, 'docs')).sort(), [...ASSETS, ...licences].sort());
  const copied = (name: string) => readFileSync(join(folder, 'docs', name), 'utf8');
  t.equal(copied('swagger-ui.css'), 'a{}\n');
  t.equal(copied('swagger-ui-bundle.js'), 'a();\n\n');
  t.equal(copied('favicon-32x32.png'), '\x89PNG\n');
});

t.test('of the declarations those are left that the index leads to, for CommonJS and for modules', async (t) => {
  const { finishDeclarations } = await script('build/declarations.js');
  const folder = t.testdir({
    'index.d.ts': "export { a } from './a/a.js';\nexport declare const b: import('./b.js').B;\n",
    a: { 'a.d.ts': "import type { B } from '../b.js';\nimport 'node:fs';\nexport declare const a: B;\n", 'c.d.ts': '' },
    'b.d.ts': "import type { A } from './index.js';\nexport type B = A;\n",
    'd.d.ts': "export * from './b.js';\n",
  });
  finishDeclarations(folder);
  const files = readdirSync(folder, { recursive: true }).map((file) => String(file).replaceAll('\\', '/'));
  t.strictSame(files.sort(), ['a', 'a/a.d.cts', 'b.d.cts', 'index.d.cts', 'index.d.ts']);
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  t.equal(text('index.d.cts'), "export { a } from './a/a.cjs';\nexport declare const b: import('./b.cjs').B;\n");
  t.equal(text('a/a.d.cts'), "import type { B } from '../b.cjs';\nimport 'node:fs';\nexport declare const a: B;\n");
  t.equal(text('index.d.ts'), "export * from './index.cjs';\n");
});

t.test('a fault that changes nothing is not counted, and an entry that fits none is told', async (t) => {
  const { EQUIVALENT, withoutEquivalent } = await script('mutation/equivalent.js');
  const fault = { file: 'src/a.ts', text: 'if (a > b) {', from: 'a > b', to: 'a >= b' };
  const others = [
    { ...fault, file: 'src/b.ts' },
    { ...fault, text: 'if (a > b || c) {' },
    { ...fault, from: 'a' },
    { ...fault, to: 'true' },
  ];
  const entry = { ...fault, reason: 'equal ones were sorted out before' };
  const stale = { ...entry, to: 'a <= b' };
  t.strictSame(withoutEquivalent([fault, ...others], [entry, stale]), { counted: others, stale: [stale] });
  for (const { file, text, reason } of EQUIVALENT) t.ok(reason?.length > 20, `${file}: ${text}`);
});

t.test('the test files that reach a fault, the quickest first', async (t) => {
  const { filesReaching } = await script('mutation/attempt.js');
  const reach = {
    slow: { seconds: 9, faults: { 7: 2 } },
    other: { seconds: 1, faults: { 8: 1 } },
    quick: { seconds: 2, faults: { 7: 1, 8: 1 } },
    'test/shop/own.test.ts': { seconds: 7, faults: { 7: 3 } },
    'test/shop/late.test.ts': { seconds: 40, faults: { 7: 1 } },
  };
  t.strictSame(filesReaching({ id: '7', room: 'shop' }, reach), [
    { file: 'test/shop/own.test.ts', seconds: 7, hits: 3 },
    { file: 'quick', seconds: 2, hits: 1 },
    { file: 'slow', seconds: 9, hits: 2 },
    { file: 'test/shop/late.test.ts', seconds: 40, hits: 1 },
  ]);
  t.strictSame(filesReaching({ id: '9', room: 'shop' }, reach), []);
});

t.test('what became of the faults, by room', async (t) => {
  const { describe, render, tally } = await script('mutation/report.js');
  const fault = (room: string, line: number) => ({
    room,
    file: `src/${room}/a.ts`,
    line,
    column: 5,
    kind: 'EqualityOperator',
    from: 'a\n    > b',
    to: 'a >= b',
  });
  const results = [
    { fault: fault('shop', 1), verdict: 'killed', tried: ['x'] },
    { fault: fault('shop', 2), verdict: 'survived', tried: [] },
    { fault: fault('shop', 3), verdict: 'killed', tried: ['x'] },
    { fault: fault('cli', 4), verdict: 'undecided', tried: ['x', 'y'] },
  ];
  t.strictSame(tally(results), {
    rooms: [
      { room: 'cli', killed: 0, survived: 0, undecided: 1, percent: 0 },
      { room: 'shop', killed: 2, survived: 1, undecided: 0, percent: 66.6 },
    ],
    all: { room: 'all', killed: 2, survived: 1, undecided: 1, percent: 50 },
  });
  t.strictSame(render(results).split('\n'), [
    'room            killed  survived undecided         %',
    'cli                  0         0         1       0.0',
    'shop                 2         1         0      66.6',
    'all                  2         1         1      50.0',
    '',
    'Not noticed:',
    'src/shop/a.ts:2:5  survived  EqualityOperator: a > b -> a >= b  (no test reaches it)',
    'src/cli/a.ts:4:5  undecided  EqualityOperator: a > b -> a >= b  (2 test files pass)',
  ]);
  t.equal(describe(results[0]), 'src/shop/a.ts:1:5  killed  EqualityOperator: a > b -> a >= b  (x)');
  t.notMatch(render(results.slice(0, 1)), 'Not noticed');
});

/** Test files as they are once compiled, by what they print and do; the folder they are in. */
function compiledTests(t: Test, files: Record<string, string>): string {
  return t.testdir({
    test: Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.test.js`, text])),
  });
}

const says = (...lines: string[]) => `console.log(${JSON.stringify(['TAP version 14', ...lines].join('\n'))});\n`;

t.test('a test file is judged by its results and its exit code', async (t) => {
  const { runTestFile } = await script('test/process.js');
  const folder = compiledTests(t, {
    good: says('ok 1 - a', '# Subtest: b', '    ok 1 - c', '    1..1', 'ok 2 - b', '1..2'),
    bad: says(
      '# Subtest: b',
      '    not ok 1 - c',
      '      ---',
      '      at: there',
      '      ...',
      '    1..1',
      'not ok 1 - b',
      '1..1',
    ),
    skips: says('ok 1 - a # SKIP no IPv6', 'ok 2 - b', '1..2'),
    none: says('1..0'),
    code: `${says('ok 1 - a', '1..1')}console.error('oh'); process.exitCode = 3;`,
    cut: says('ok 1 - a'),
    hangs: 'setInterval(() => {}, 1000);',
    late: `${says('not ok 1 - a', 'ok 2 - b')}setInterval(() => {}, 1000);`,
    given: says('ok 1 - a', '1..1').replace(
      '- a',
      `- ' + process.argv[2] + ' ' + process.env.MORE + '`.replace(/'/g, '"'),
    ),
  });
  const run = async (name: string, options = {}) => {
    const outcome = await runTestFile(`test/${name}.test.ts`, { folder, limit: 60, ...options });
    const { passed, count, failed, skipped, errors, code, signal, stopped } = outcome;
    t.ok(outcome.seconds > 0);
    return { passed, count, failed, skipped, errors, code, signal, stopped };
  };
  const good = {
    passed: true,
    count: 2,
    failed: [],
    skipped: [],
    errors: '',
    code: 0,
    signal: null,
    stopped: undefined,
  };
  t.strictSame(await run('good'), good);
  const failed = [{ fullname: 'b > c', diag: { at: 'there' } }];
  t.strictSame(await run('bad'), { ...good, passed: false, count: 1, failed });
  t.strictSame(await run('skips'), { ...good, skipped: [{ fullname: 'a', reason: 'no IPv6' }] });
  t.strictSame(await run('none'), { ...good, passed: false, count: 0 }, 'a file without an assertion holds nothing');
  t.strictSame(await run('code'), { ...good, passed: false, count: 1, errors: 'oh\n', code: 3 });
  t.match(await run('cut'), { passed: false }, 'the plan is missing');
  const stopped = { ...good, passed: false, count: 1, code: null, signal: 'SIGKILL' };
  t.strictSame(await run('hangs', { bail: true, limit: 1 }), { ...stopped, count: 0, stopped: 'limit' });
  t.strictSame(
    await run('late', { bail: true }),
    { ...stopped, count: 2, failed: [{ fullname: 'a', diag: null }], stopped: 'failure' },
    'the first failure is enough',
  );
  const printed: string[] = [];
  const onOutput = (chunk: Buffer) => printed.push(chunk.toString());
  t.match(await run('given', { args: ['word'], env: { MORE: 'more' }, onOutput }), { passed: true });
  t.match(printed.join(''), /^ok 1 - word more$/m);
});

t.test('Stryker is missed in plain words', async (t) => {
  const { findStryker } = await script('mutation/stryker.js');
  const { UsageError } = await script('test/options.js');
  const message = 'Stryker is not installed; npm ci --prefix scripts/mutation does so';
  t.type(
    t.throws(() => findStryker('nobody'), { message }),
    UsageError,
    'and is told in one line',
  );
});

t.test('a fault is killed, survives or stays undecided', async (t) => {
  const { attempt } = await script('mutation/attempt.js');
  const on = (does: string) => `if (process.env.__STRYKER_ACTIVE_MUTANT__ === '7') { ${does} }\n`;
  const fine = says('ok 1 - a', '1..1');
  const folder = compiledTests(t, {
    blind: fine,
    seeing: `${on(says('not ok 1 - a', '1..1'))}${fine}`,
    hanging: `${on('while (true);')}${fine}`,
    looping: `${on('const { hitLimit } = globalThis.__stryker__; if (hitLimit === 300) throw new Error("looped");')}${fine}`,
  });
  const reach = (...names: string[]) =>
    Object.fromEntries(names.map((name, index) => [`test/${name}.test.ts`, { seconds: index / 10, faults: { 7: 3 } }]));
  const judged = async (names: string[], options = {}, id = '7') => {
    const { verdict, tried } = await attempt({ id }, { folder, reach: reach(...names), slack: 60, ...options });
    return [verdict, tried.map((file: string) => file.slice('test/'.length, -'.test.ts'.length))];
  };
  t.strictSame(await judged(['blind', 'seeing', 'hanging']), ['killed', ['blind', 'seeing']], 'no more are run');
  t.strictSame(await judged(['blind']), ['survived', ['blind']]);
  t.strictSame(await judged([]), ['survived', []]);
  t.strictSame(await judged(['seeing'], {}, '8'), ['survived', []], 'a file that does not reach it is not run');
  t.strictSame(await judged(['looping']), ['killed', ['looping']], 'passed a hundred times as often');
  t.strictSame(await judged(['hanging'], { slack: 1 }), ['killed', ['hanging']], 'takes longer than it can');
  t.strictSame(await judged(['hanging'], { budget: 1 }), ['undecided', ['hanging']], 'it has not taken that long yet');
  t.strictSame(await judged(['seeing'], { budget: 0 }), ['undecided', []]);
});
