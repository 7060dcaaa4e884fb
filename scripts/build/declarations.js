/** The declarations that a user's compiler reads. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesUnder } from './folder.js';

/** Finds the files that a declaration names: what stands before the path, the path without `.js`, the quote behind it. */
const NAMED = /((?:from|import)\s*\(?\s*['"])(\.[^'"]+)\.js(['"])/g;

/**
 * Leaves those declarations in a folder that `entry` leads to. Each gets a copy for CommonJS, `.d.cts`: a compiler takes a
 * `.d.ts` of this package for that of an ES module, which CommonJS may not require.
 */
export function finishDeclarations(folder, entry = 'index.d.ts') {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, , path] of text.matchAll(NAMED)) visit(posix.join(posix.dirname(file), `${path}.d.ts`));
    writeFileSync(join(folder, file.replace(/\.d\.ts$/, '.d.cts')), text.replace(NAMED, '$1$2.cjs$3'));
  };
  visit(entry);
  for (const file of filesUnder(folder, ['.'])) {
    if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(join(folder, file));
  }
}
