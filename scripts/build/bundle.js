/** Bundles the program with its libraries: it starts faster than the same modules one by one. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeCommonJs } from './common-js.js';
import { withoutExceptionLines } from './exception-lines.js';
import { mergeChunks } from './merge-chunks.js';

/**
 * Libraries that are files of their own, read at first use: they would delay the first answer of a server. The file that asks
 * for them does so by a `require` of Node's, which finds them beside either bundle. A `short` one is large, and loses its names.
 * @type {{ file: string, from: RegExp, libraries: string[], contents: string, short?: boolean }[]}
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
  {
    file: 'certificates.cjs',
    from: /[\\/]src[\\/]server[\\/]tls[\\/]pair\.ts$/,
    libraries: ['reflect-metadata', '@peculiar/x509'],
    contents: "import 'reflect-metadata'; export * from '@peculiar/x509';",
    short: true,
  },
  {
    file: 're2.cjs',
    from: /[\\/]src[\\/]scenario[\\/]pattern\.ts$/,
    libraries: ['re2js'],
    contents: "export { RE2JS } from 're2js';",
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

/** Returns the source of a module in the place of one that is never used: it throws an error that says so when it is. */
const absent = (/** @type {string} */ name) => `
  const refuse = () => { throw new Error('${name} is not in the bundle of mock-klarna; see scripts/build/bundle.js.'); };
  module.exports = new Proxy(refuse, { get: refuse });
`;

/**
 * Modules that libraries load and do not use here, by the library: Fastify's logger, its own compilers of schemas, calls without a
 * connection, HTTP/2, versions that plugins demand; Commander's commands that are programs of their own; HTTP/2 of undici, which
 * is off. It would be read at every start.
 */
/** @type {Readonly<Record<string, string[]>>} */
const UNUSED = {
  fastify: [
    'pino',
    'light-my-request',
    '@fastify/ajv-compiler',
    '@fastify/fast-json-stringify-compiler',
    'node:http2',
    'semver',
  ],
  commander: ['node:child_process'],
  undici: ['./client-h2.js'],
};

/** @type {import('esbuild').Plugin} */
const withoutUnused = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    const names = Object.values(UNUSED).flat();
    onResolve({ filter: new RegExp(`^(?:${names.join('|')})$`) }, ({ path, importer }) => {
      const [, library] = /[\\/]node_modules[\\/]([\w-]+)[\\/]/.exec(importer) ?? [];
      return UNUSED[library]?.includes(path) ? { path, namespace: 'unused' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: absent(path) }));
  },
};

const COMPILED_ONCE = `
  const functions = new Map();
  function compiledOnce(...source) {
    const key = source.join('\\n');
    if (!functions.has(key)) functions.set(key, new Function(...source));
    return functions.get(key);
  }
`;

/**
 * Keeps the functions that the router compiles from text, by that text: it compiles one for each part of a path and for each
 * method of a path, and most of them are the same. They have no scope of their own, and get what they work on as arguments or
 * as `this`.
 * @type {import('esbuild').Plugin}
 */
const compilingOnce = {
  name: 'compiling-once',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]find-my-way[\\/]lib[\\/](?:node|handler-storage)\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replaceAll('new Function(', 'compiledOnce(');
      if (contents === text) throw new Error(`${path} compiles nothing`);
      return { contents: contents + COMPILED_ONCE };
    });
  },
};

/** The folder, of the sources and of the build, of what was generated from the contracts and is read at first use. */
const GENERATED = 'src/contract/generated';

/**
 * Changes the text of a file.
 * @param {string} file
 * @param {(text: string) => string} change
 */
const rewrite = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));

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
  /** @satisfies {import('esbuild').BuildOptions} */
  const ofModules = {
    ...shared,
    format: 'esm',
    // Bundled CommonJS modules ask for Node's own ones by require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  };
  const modules = await build({
    ...ofModules,
    outdir: into,
    inject: ['scripts/build/own-globals.js'],
    plugins: [librariesBeside, withoutUnused, compilingOnce],
    entryPoints: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
    splitting: true,
    chunkNames: '[name]-[hash]',
  });
  const starts = {
    cli: 'src/cli/main.ts',
    serve: 'src/cli/serve.ts',
    index: 'src/index.ts',
    report: 'src/cli/report.ts',
  };
  await mergeChunks(into, modules.metafile.outputs, starts, ofModules);
  const library = await writeCommonJs(root, into, modules.metafile.outputs, ofModules);
  const beside = await Promise.all(
    BESIDE.map(({ file, contents, short = false }) =>
      build({
        ...shared,
        minifyIdentifiers: short,
        stdin: { contents, resolveDir: root },
        outfile: join(into, file),
        format: 'cjs',
      }),
    ),
  );
  for (const name of readdirSync(into).filter((name) => /\.c?js$/.test(name))) {
    rewrite(join(into, name), withoutExceptionLines);
  }
  mkdirSync(join(into, 'generated'));
  for (const name of readdirSync(join(root, GENERATED)).filter((name) => /\.(cjs|json)$/.test(name))) {
    copyFileSync(join(root, GENERATED, name), join(into, 'generated', name));
  }
  return [modules.metafile, library, ...beside.map(({ metafile }) => metafile)].flatMap(({ inputs }) =>
    Object.keys(inputs),
  );
}
