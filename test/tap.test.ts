import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import t, { Test } from './tap.js';

/** Returns whether an assertion passes; it counts for a test of its own that nobody runs. */
const passes = (assert: (t: Test) => unknown) => assert(new Test({ name: 'inner' } as object)) === true;

t.test('what compares a list only as far as its pattern goes refuses a list, wherever it stands', async (t) => {
  const given: [unknown, string][] = [
    [[1], 'the pattern is a list'],
    [[], 'the pattern is a list'],
    [new Set([1]), 'the pattern is a list'],
    [{ a: { b: [1] } }, 'the pattern.a.b is a list'],
    [new Map([['a', [1]]]), 'the pattern.a is a list'],
    [{}, 'the pattern is an object without fields'],
    [{ a: {} }, 'the pattern.a is an object without fields'],
  ];
  await t.test('of every test', async (t) => {
    for (const [pattern, message] of given) {
      for (const assertion of ['has', 'hasStrict', 'match', 'matchStrict'] as const) {
        t.throws(() => t[assertion](pattern, pattern), { message: `t.${assertion}: ${message}, which` });
        const opposite = `not${assertion[0]?.toUpperCase()}${assertion.slice(1)}` as 'notHas';
        t.throws(() => t[opposite]('x', pattern), { message: `t.${opposite}: ${message}, which` });
      }
      const wanted = { pattern } as unknown as Error;
      const fails = () => {
        throw Object.assign(new Error('no'), wanted);
      };
      t.throws(() => t.throws(fails, wanted), /^t.throws: the pattern.pattern/);
      t.throws(() => t.rejects(fails, wanted), /^t.rejects: the pattern.pattern/);
      t.throws(() => t.resolveMatch(async () => pattern, pattern), /^t.resolveMatch: the pattern/);
    }
  });
});

t.test('patterns without lists match as they always did', async (t) => {
  t.match({ a: [1, 2], b: 'green boots', c: 3 }, { a: Array, b: /boots$/, c: Number });
  t.match(Buffer.from('a'), Buffer.from('a'));
  t.match({ a: { b: [] } }, { a: Object });
  t.throws(() => JSON.parse('{'), SyntaxError);
  t.notOk(passes((t) => t.match({ a: 1 }, { a: 2 })));
});

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
  t.throws(() => t.matchLists([{ a: 1 }], [{}]), /^t.matchLists: the pattern.0 is an object without fields, which/);
});

const root = fileURLToPath(new URL('.//', import.meta.url));

const files = readdirSync(root, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(root + file, 'utf8') }));

t.test('only tap.ts imports tap', async (t) => {
  const importing = files.filter(({ text }) =>
    ts.preProcessFile(text).importedFiles.some(({ fileName }) => /^(tap|@tapjs\/.*|tcompare)$/.test(fileName)),
  );
  t.strictSame(
    importing.map(({ file }) => file),
    ['tap.ts'],
  );
});

/** Returns where tap asserts within a property, which would neither stop nor shrink. */
function tapInProperties(file: string, text: string): string[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, within: boolean): void => {
    const called = ts.isCallExpression(node) && node.expression.getText(tree);
    if (within && called && /^t\.\w+$/.test(called)) {
      found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`);
    }
    const property = called && /^fc\.(property|asyncProperty)$/.test(called);
    ts.forEachChild(node, (child) => visit(child, within || Boolean(property)));
  };
  visit(tree, false);
  return found;
}

t.test('a property asserts by throwing, or says false, so that it shrinks', async (t) => {
  const text = 'fc.property(fc.nat(), (n) => {\n  t.ok(n);\n});\nt.ok(fc.nat());';
  t.strictSame(tapInProperties('a.ts', text), ['a.ts:2']);
  const withProperties = files.filter(({ text }) => text.includes("from 'fast-check'"));
  t.ok(withProperties.length > 5);
  t.strictSame(
    withProperties.flatMap(({ file, text }) => tapInProperties(file, text)),
    [],
  );
});

t.test('what compares loosely is refused', async (t) => {
  t.throws(() => t.same(12, '12'), /^t\.same: it takes 12 for '12'; use t\.strictSame/);
});
