import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isSafePattern } from 'redos-detector';
import { analyse } from 'scslre';
import ts from 'typescript';
import { apis } from '../../src/contract/operations.js';
import t from '../tap.js';

/** Returns every pattern of a document, with the place of the first of each. */
function patternsIn(value: unknown, place: string, found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'pattern' && typeof inner === 'string') found.set(inner, found.get(inner) ?? place);
    else patternsIn(inner, `${place}/${name}`, found);
  }
  return found;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

t.test('every pattern of the contracts takes time by the length of the text', async (t) => {
  const found = new Map<string, string>();
  for (const api of apis) patternsIn(read(`src/contract/generated/${api}.json`), api, found);
  patternsIn(read('contracts/scenario.schema.json'), 'scenario', found);
  t.ok(found.size > 20, `${found.size} patterns`);
  for (const [pattern, place] of found) {
    // Tried at one place only: otherwise a long text is looked through from each of its signs.
    t.match(pattern, /^\^/, `${place}: ${pattern} begins at the beginning`);
    const { safe, score } = isSafePattern(pattern, { unicode: true, downgradePattern: true });
    t.ok(safe, `${place}: ${pattern} is found in ${score.infinite ? 'any number of' : score.value} ways`);
  }
});

/** Returns the formats that a document names. */
function formatsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'format' && typeof inner === 'string') found.add(inner);
    else formatsIn(inner, found);
  }
  return found;
}

/** Returns the expressions by which the library of formats judges the formats given, each with the first format that has it. */
function expressionsOf(formats: Iterable<string>): Map<string, string> {
  const path = createRequire(import.meta.url).resolve('ajv-formats/dist/formats.js');
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const entries = new Map<string, ts.Node>();
  const named = new Map<string, ts.Node>();
  const note = (node: ts.Node, into: Map<string, ts.Node>): void => {
    const declares = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node);
    if ((declares || ts.isObjectLiteralElementLike(node)) && node.name && 'text' in node.name) {
      into.set(node.name.text, declares ? node : ((node as ts.PropertyAssignment).initializer ?? node));
    }
    ts.forEachChild(node, (child) => note(child, into));
  };
  for (const statement of source.statements) {
    const [, name] = /^exports\.(\w+) = \{/.exec(statement.getText()) ?? [];
    if (name === undefined || name === 'fullFormats') note(statement, name === undefined ? named : entries);
  }
  const found = new Map<string, string>();
  for (const format of formats) {
    const seen = new Set<ts.Node>();
    const visit = (node: ts.Node | undefined): void => {
      if (!node || seen.has(node)) return;
      seen.add(node);
      if (ts.isRegularExpressionLiteral(node) && !found.has(node.text)) found.set(node.text, format);
      if (ts.isIdentifier(node)) visit(named.get(node.text));
      ts.forEachChild(node, visit);
    };
    visit(entries.get(format));
  }
  return found;
}

/** Returns the places of an expression where the time that it takes grows faster than the text. */
const growing = (expression: RegExp) => analyse(expression, { reportTypes: { Move: false } }).reports;

t.test('so does every expression by which a format is judged', async (t) => {
  const formats = formatsIn(read('contracts/scenario.schema.json'));
  for (const api of apis) formatsIn(read(`src/contract/generated/${api}.json`), formats);
  const found = expressionsOf(formats);
  t.strictSame([...new Set(found.values())].sort(), ['date-time', 'duration', 'uri', 'uuid']);
  t.ok(found.size >= 7, `${found.size} expressions`);
  for (const [text, format] of found) {
    const [, pattern = '', flags] = /^\/(.*)\/(\w*)$/s.exec(text) ?? [];
    // One sign alone is found or not.
    if (/[*+{]/.test(pattern)) t.match(pattern, /^\^/, `${format}: ${text} begins at the beginning`);
    t.strictSame(growing(new RegExp(pattern, flags)), [], `${format}: ${text}`);
  }
  const [address = ''] = expressionsOf(['url']).keys();
  t.equal(growing(new RegExp(address.slice(1, -3), 'iu')).length, 1, 'one that is not in use would be found out');
});

t.test('a pattern that takes longer is found out', async (t) => {
  for (const pattern of ['^(?:a|a?)+$', '^(a+)+$', '^a*a*$']) t.equal(isSafePattern(pattern).safe, false, pattern);
});
