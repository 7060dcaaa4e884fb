import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import t from './tap.js';

/** Loads a script, which is plain JavaScript and has no types. */
const script = (path: string) => import(new URL(`../scripts/${path}`, import.meta.url).href);

t.test('files are shuffled by the seed alone, and none is lost', async (t) => {
  const { shuffle } = await script('test/random.js');
  const letters = [...'abcdefgh'];
  t.strictSame(shuffle(letters, 1), [...'ghacdfbe']);
  t.strictSame(shuffle(letters, '1'), [...'ghacdfbe'], 'a seed from the command line is a text');
  t.strictSame(letters, [...'abcdefgh'], 'the list given stays as it is');
  t.strictSame(shuffle([], 1), []);
  fc.assert(
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
  const from = t.testdir({ src: { 'a.ts': '' }, test: {} });
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
