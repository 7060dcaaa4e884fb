/**
 * Turns the modules of the build into CommonJS: a test runner such as Jest allows nothing else, and V8 can keep what it compiled
 * of it. What is read later is read later here as well, by a `require` in the place of `import()`. Those who import the library
 * get the same files.
 */
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

/** Finds the files of the build that a file imports, at once or later: what stands before the name, and the name. */
const IMPORTED = /((?:\bfrom|\bimport)\s*\(?\s*)"\.\/([^"/]+)\.js"/g;

/** Finds where a module makes a `require`, which CommonJS has. */
const MADE_REQUIRE = /\bcreateRequire\d*\(import\.meta\.url\)/g;

const ADDRESS = "const __address=require('node:url').pathToFileURL(__filename).href;";

/** The file that is required: it finds the library in the realm of Node. */
const INDEX = fileURLToPath(new URL('index.cjs', import.meta.url));

/**
 * Writes every module of the build as CommonJS, and index.js as a module of what is required; returns the metafile of what came
 * in besides.
 * @param {string} root
 * @param {string} folder of the build, with index.js and cli.js
 * @param {import('esbuild').Metafile['outputs']} outputs of the build
 * @param {import('esbuild').BuildOptions} options of the build
 */
export async function writeCommonJs(root, folder, outputs, { banner, target, minifyWhitespace, minifySyntax }) {
  const form = { target, minifyWhitespace, minifySyntax };
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const name = basename(file, '.js');
    const text = readFileSync(join(folder, file), 'utf8')
      .replace(banner?.js ?? '', '')
      .replace(MADE_REQUIRE, 'require');
    const { code } = await transform(text.replace(IMPORTED, '$1"./$2.cjs"'), {
      ...form,
      platform: 'node',
      format: 'cjs',
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__address' },
      banner: text.includes('import.meta.url') ? ADDRESS : undefined,
    });
    writeFileSync(join(folder, `${name === 'index' ? 'library' : name}.cjs`), code);
    rmSync(join(folder, file));
  }
  copyFileSync(INDEX, join(folder, 'index.cjs'));
  const [, { exports }] = Object.entries(outputs).find(([path]) => basename(path) === 'index.js') ?? [
    '',
    { exports: [] },
  ];
  writeFileSync(
    join(folder, 'index.js'),
    `import library from './index.cjs';\nexport const { ${exports.join(', ')} } = library;\n`,
  );
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
