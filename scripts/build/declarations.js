/** The declarations that a user's compiler reads. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesUnder } from './folder.js';

/** Finds the files that a declaration names: what stands before the path, the path without `.js`, the quote behind it. */
const NAMED = /((?:from|import)\s*\(?\s*['"])(\.[^'"]+)\.js(['"])/g;

/**
 * Leaves those declarations in a folder that `index.d.ts` leads to, as declarations of CommonJS (`.d.cts`): a compiler takes a
 * `.d.ts` of this package for that of an ES module, which CommonJS may not require. The index alone is there for both.
 * @param {string} folder
 */
export function finishDeclarations(folder) {
  const all = filesUnder(folder, ['.']).filter((file) => file.endsWith('.d.ts'));
  const reached = new Set();
  const visit = (/** @type {string} */ file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, , path] of text.matchAll(NAMED)) visit(posix.join(posix.dirname(file), `${path}.d.ts`));
    writeFileSync(join(folder, file.replace(/\.d\.ts$/, '.d.cts')), text.replace(NAMED, '$1$2.cjs$3'));
  };
  visit('index.d.ts');
  for (const file of all) rmSync(join(folder, file));
  writeFileSync(join(folder, 'index.d.ts'), "export * from './index.cjs';\n");
}
