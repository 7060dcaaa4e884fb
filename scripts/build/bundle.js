/** Bundles the program with its libraries: it starts faster than the same modules one by one. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Libraries that are files of their own, read at first use: they would delay the first answer of a server. The file that asks
 * for them does so by a `require` of Node's, which finds them beside either bundle.
 * @type {{ file: string, from: RegExp, libraries: string[], contents: string }[]}
 */
const BESIDE = [
  {
    file: 'phone-numbers.cjs',
    from: /[\\/]src[\\/]klarna[\\/]personal-data\.ts$/,
    libraries: ['libphonenumber-js/min'],
    contents: "export { isPossiblePhoneNumber, isSupportedCountry } from 'libphonenumber-js/min';",
  },
  {
    file: 'ajv.cjs',
    from: /[\\/]src[\\/]contract[\\/]ajv\.ts$/,
    libraries: ['ajv/dist/2020.js', 'ajv-formats'],
    contents: "export { Ajv2020 } from 'ajv/dist/2020.js'; export { default } from 'ajv-formats';",
  },
];

/** @type {import('esbuild').Plugin} */
const librariesBeside = {
  name: 'libraries-beside',
  setup({ onLoad }) {
    for (const { file, from, libraries } of BESIDE) {
      onLoad({ filter: from }, ({ path }) => {
        const replaced = (/** @type {string} */ text, /** @type {string} */ library) => {
          const contents = text.replace(`require('${library}')`, `require('./${file}')`);
          if (contents === text) throw new Error(`${path} does not require ${library}`);
          return contents;
        };
        return { contents: libraries.reduce(replaced, readFileSync(path, 'utf8')), loader: 'ts' };
      });
    }
  },
};

/** The folder, of the sources and of the build, of what was generated from the contracts and is read at first use. */
const GENERATED = 'src/contract/generated';

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
    plugins: [librariesBeside],
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
    plugins: [librariesBeside],
    format: 'cjs',
    supported: { 'dynamic-import': false },
    banner: { js: "'use strict'; const __address = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': '__address' },
  });
  const beside = await Promise.all(
    BESIDE.map(({ file, contents }) =>
      build({ ...shared, stdin: { contents, resolveDir: root }, outfile: join(into, file), format: 'cjs' }),
    ),
  );
  mkdirSync(join(into, 'generated'));
  for (const name of readdirSync(join(root, GENERATED)).filter((name) => /\.(cjs|json)$/.test(name))) {
    copyFileSync(join(root, GENERATED, name), join(into, 'generated', name));
  }
  return [modules, commonJs, ...beside].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
