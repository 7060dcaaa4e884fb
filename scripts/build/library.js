/**
 * The library: the files that its module reads, as CommonJS, since a test runner such as Jest allows nothing else. What is read
 * later is read later here as well, by a `require` in the place of `import()`. Those who import it get the same files.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

/** Finds the files of the build that a file imports, at once or later: what stands before the name, and the name. */
const IMPORTED = /((?:\bfrom|\bimport)\s*\(?\s*)"\.\/([^"/]+)\.js"/g;

const ADDRESS = "const __address=require('node:url').pathToFileURL(__filename).href;";

/** The file that is required: it finds the library in the realm of Node. */
const INDEX = fileURLToPath(new URL('index.cjs', import.meta.url));

/**
 * Writes the library in the place of the module index.js; returns the metafile of what came in besides.
 * @param {string} root
 * @param {string} folder of the build, with index.js and cli.js
 * @param {import('esbuild').Metafile['outputs']} outputs of the build
 * @param {import('esbuild').BuildOptions} options of the build
 */
export async function writeLibrary(root, folder, outputs, { banner, target, minifyWhitespace, minifySyntax }) {
  const form = { target, minifyWhitespace, minifySyntax };
  const textOf = (/** @type {string} */ name) => readFileSync(join(folder, `${name}.js`), 'utf8');
  const ofLibrary = reachedFrom('index', textOf);
  const ofCommand = reachedFrom('cli', textOf);
  for (const name of ofLibrary) {
    // Each module begins by making a `require`, which CommonJS has.
    const text = textOf(name).replace(banner?.js ?? '', '');
    const { code } = await transform(text.replace(IMPORTED, '$1"./$2.cjs"'), {
      ...form,
      platform: 'node',
      format: 'cjs',
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__address' },
      banner: text.includes('import.meta.url') ? ADDRESS : undefined,
    });
    writeFileSync(join(folder, `${name === 'index' ? 'library' : name}.cjs`), code);
  }
  copyFileSync(INDEX, join(folder, 'index.cjs'));
  // The command has modules of its own: Node would look through a file of CommonJS for its exports before it runs it.
  for (const [path, { exports }] of Object.entries(outputs)) {
    const name = basename(path, '.js');
    if (name === 'index') writeFileSync(join(folder, 'index.js'), moduleOf(exports));
    else if (!ofCommand.has(name)) rmSync(join(folder, `${name}.js`), { force: true });
  }
  const { metafile } = await build({
    ...form,
    absWorkingDir: root,
    entryPoints: ['src/realm.ts'],
    outfile: join(folder, 'realm.cjs'),
    platform: 'node',
    format: 'cjs',
    metafile: true,
  });
  return metafile;
}

/**
 * Returns the module that gives those who import the library what it exports.
 * @param {string[]} names
 */
const moduleOf = (names) => `import library from './index.cjs';\nexport const { ${names.join(', ')} } = library;\n`;

/**
 * Returns the names of the files that one reads, at once or later, itself included.
 * @param {string} first
 * @param {(name: string) => string} textOf
 */
function reachedFrom(first, textOf) {
  const reached = new Set([first]);
  for (const name of reached) {
    for (const [, , other] of textOf(name).matchAll(IMPORTED)) reached.add(other);
  }
  return reached;
}
