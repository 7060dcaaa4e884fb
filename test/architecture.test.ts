import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import t from './tap.js';

/** The floors from the ground up; those of one line stand side by side and know nothing of each other. */
const FLOORS = [
  ['klarna', 'browser'],
  ['contract'],
  ['exchange'],
  ['store'],
  ['scenario', 'report'],
  ['client', 'shop'],
  ['server', 'replay'],
  ['verify'],
  ['cli', 'index'],
];

/** Belongs to no floor: it is a constant. */
const OUTSIDE = ['version', 'package-root'];

const root = fileURLToPath(new URL('../src/', import.meta.url));

interface Import {
  /** Path under src/ without extension, or a package's name. */
  target: string;
  ours: boolean;
  /** Whether nothing of it is left at run time. */
  typesOnly: boolean;
}

interface Source {
  /** Path under src/. */
  file: string;
  tree: ts.SourceFile;
}

const sources: Source[] = readdirSync(root, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.startsWith('contract/generated/'))
  .map((file) => {
    const text = readFileSync(root + file, 'utf8');
    return { file, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest) };
  });

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** Everything a file imports or exports from elsewhere, dynamic imports and types included. */
function importsOf({ file, tree }: Source): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typesOnly: boolean) => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const ours = specifier.text.startsWith('.');
    const path = posix.join(posix.dirname(file), specifier.text).replace(/\.js$/, '');
    found.push({ target: ours ? path : specifier.text, ours, typesOnly });
  };
  visit(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
  });
  return found;
}

const folderOf = (path: string) => path.replace(/\.tsx?$/, '').split('/')[0] as string;
const heightOf = (folder: string) => FLOORS.findIndex((floor) => floor.includes(folder));

t.test('every file of src/ stands on a floor', async (t) => {
  t.ok(sources.length > 50);
  for (const { file } of sources) {
    t.ok(OUTSIDE.includes(folderOf(file)) || heightOf(folderOf(file)) >= 0, file);
  }
});

t.test('a file imports its own floor or one below', async (t) => {
  for (const source of sources) {
    const own = folderOf(source.file);
    const wrong = importsOf(source)
      // Types generated from the contracts are gone at run time, and every floor may use them.
      .filter(({ ours, target, typesOnly }) => ours && !(typesOnly && target.startsWith('contract/generated/')))
      .map(({ target }) => folderOf(target))
      .filter((folder) => folder !== own && !OUTSIDE.includes(folder) && heightOf(folder) >= heightOf(own));
    t.strictSame(wrong, [], source.file);
  }
});

t.test('nothing imports the command line', async (t) => {
  for (const source of sources.filter(({ file }) => folderOf(file) !== 'cli')) {
    t.notOk(
      importsOf(source).some(({ ours, target }) => ours && folderOf(target) === 'cli'),
      source.file,
    );
  }
});

t.test('no files import each other in a circle, types included', async (t) => {
  const graph = new Map(
    sources.map((source) => [
      source.file.replace(/\.tsx?$/, ''),
      importsOf(source).flatMap(({ target, ours }) => (ours ? [target] : [])),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, above: readonly string[]): void => {
    const at = above.indexOf(file);
    if (at >= 0) circles.push([...above.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const target of graph.get(file) ?? []) walk(target, [...above, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  t.strictSame(circles, []);
});

t.test('every room is described in docs/maintainers/architecture.md', async (t) => {
  const page = readFileSync(new URL('../docs/maintainers/architecture.md', import.meta.url), 'utf8');
  for (const room of new Set(FLOORS.flat())) {
    if (room !== 'index') t.match(page, `| \`src/${room}/\` | `, room);
  }
});

t.test('klarna imports nothing of ours but generated types, and nothing that does input or output', async (t) => {
  for (const source of sources.filter(({ file }) => folderOf(file) === 'klarna')) {
    for (const { target, ours, typesOnly } of importsOf(source)) {
      if (!ours)
        t.notMatch(target, /^node:(?!module$)|^(fastify|luxon|nanoid|undici|yaml)/, `${source.file}: ${target}`);
      else if (folderOf(target) !== 'klarna') {
        t.match(target, /^contract\/generated\//, `${source.file}: ${target}`);
        t.ok(typesOnly, `${source.file}: import type ${target}`);
      }
    }
  }
});

t.test(
  'what runs in a browser imports its own room, and types of the contracts; nothing else imports it',
  async (t) => {
    for (const source of sources) {
      const own = folderOf(source.file) === 'browser';
      for (const { target, ours, typesOnly } of importsOf(source)) {
        const inside = ours && folderOf(target) === 'browser';
        if (!own) t.notOk(inside, `${source.file}: ${target}`);
        else if (!ours) t.notMatch(target, /^node:/, `${source.file}: ${target}`);
        else t.ok(inside || (typesOnly && target.startsWith('contract/generated/')), `${source.file}: ${target}`);
      }
    }
  },
);

t.test('scenario knows no HTTP', async (t) => {
  for (const source of sources.filter(({ file }) => folderOf(file) === 'scenario')) {
    for (const { target } of importsOf(source)) {
      t.notMatch(target, /^(node:(https?|net|tls)|fastify|undici)/, `${source.file}: ${target}`);
    }
  }
});

/** What asks for the time or for chance: `Date.now()`, `new Date()`, `performance.now()`, `Math.random()`, timers. */
function asksTheWorld(node: ts.Node, tree: ts.SourceFile): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText(tree) === 'Date' && !node.arguments?.length;
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText(tree);
    return /^(Date|Date\.now|performance\.now|process\.hrtime.*|Math\.random|setTimeout|setInterval)$/.test(called);
  }
  // Handed on instead of called.
  return ts.isPropertyAccessExpression(node) && /^(Date\.now|performance\.now|Math\.random)$/.test(node.getText(tree));
}

t.test('only the clock asks for the time, and only ids are made by chance', async (t) => {
  const allowed = ['exchange/wall-clock.ts', 'server/world/ids.ts'];
  // A page has the browser's own clock.
  const ours = sources.filter(({ file }) => !allowed.includes(file) && folderOf(file) !== 'browser');
  for (const { file, tree } of ours) {
    const found: string[] = [];
    visit(tree, (node) => {
      if (asksTheWorld(node, tree)) found.push(node.getText(tree));
    });
    t.strictSame(found, [], file);
  }
});
