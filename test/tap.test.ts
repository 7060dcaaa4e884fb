import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import t, { Test } from './tap.js';

/** Returns whether an assertion passes; it counts for a test of its own that nobody runs. */
const passes = (assert: (t: Test) => unknown) => assert(new Test({ name: 'inner' } as object)) === true;

t.test('matchLists compares lists to their end, and each item as match does', async (t) => {
  const pass: [unknown, unknown][] = [
    [[], []],
    [
      [{ a: 1, b: 2 }, 'green boots'],
      [{ a: 1 }, /boots$/],
    ],
    [{ a: [[1], [{ b: 2, c: 3 }]], d: 4 }, { a: [[1], [{ b: Number }]] }],
    [new Map([['a', [1, 2]]]), new Map([['a', [1, Number]]])],
  ];
  for (const [found, pattern] of pass) t.ok(passes((t) => t.matchLists(found, pattern)));
  const fail: [unknown, unknown][] = [
    [[1], []],
    [[1, 2], [1]],
    [[1], [1, 2]],
    [[1], [2]],
    [{}, []],
    [undefined, []],
    ['', []],
    [{ a: [1, 2] }, { a: [1] }],
    [{ a: [[1, 2]] }, { a: [[1]] }],
    [{ a: 'x' }, { a: [] }],
    [undefined, { a: [] }],
    [new Map([['a', [1, 2]]]), new Map([['a', [1]]])],
  ];
  for (const [found, pattern] of fail) t.notOk(passes((t) => t.matchLists(found, pattern)));
});

const root = fileURLToPath(new URL('./', import.meta.url));

t.test('only tap.ts imports tap', async (t) => {
  const files = readdirSync(root, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
  const importsTap = (file: string) =>
    ts.preProcessFile(readFileSync(root + file, 'utf8')).importedFiles.some(({ fileName }) => {
      return /^(tap|@tapjs\/.*|tcompare)$/.test(fileName);
    });
  t.strictSame(files.filter(importsTap), ['tap.ts']);
});
