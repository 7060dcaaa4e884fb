/** Bundles the program with its libraries: it starts faster than the same modules one by one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * The library of phone numbers is a file of its own, which is read when a number is first judged: its tables would delay the
 * first answer of a server. Its reader asks for it by a `require` of Node's, which finds it beside either bundle.
 */
const PHONE_NUMBERS = {
  library: 'libphonenumber-js/min',
  contents: "export { isPossiblePhoneNumber, isSupportedCountry } from 'libphonenumber-js/min';",
  file: 'phone-numbers.cjs',
};

/** @type {import('esbuild').Plugin} */
const phoneNumbersBeside = {
  name: 'phone-numbers-beside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]klarna[\\/]personal-data\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(`require('${PHONE_NUMBERS.library}')`, `require('./${PHONE_NUMBERS.file}')`);
      if (contents === text) throw new Error(`${path} does not require ${PHONE_NUMBERS.library}`);
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Bundles into a folder; returns the files that came in.
 * @param {string} root
 * @param {string} into
 */
export async function bundle(root, into) {
  /** @satisfies {import('esbuild').BuildOptions} */
  const shared = {
    metafile: true,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',

    legalComments: 'none',
    // A third less to read before the first answer; names stay, so that a stack trace still says what failed.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  };
  const modules = await build({
    ...shared,
    outdir: into,
    plugins: [phoneNumbersBeside],
    entryPoints: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    // Bundled CommonJS modules ask for Node's own ones by require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  // One file for those who require the library. What is loaded later runs later, without import(), which Jest refuses.
  const commonJs = await build({
    ...shared,
    entryPoints: ['src/index.ts'],
    outfile: join(into, 'index.cjs'),
    plugins: [phoneNumbersBeside],
    format: 'cjs',
    supported: { 'dynamic-import': false },
    banner: { js: "'use strict'; const __address = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': '__address' },
  });
  const phoneNumbers = await build({
    ...shared,
    stdin: { contents: PHONE_NUMBERS.contents, resolveDir: root },
    outfile: join(into, PHONE_NUMBERS.file),
    format: 'cjs',
  });
  return [modules, commonJs, phoneNumbers].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
