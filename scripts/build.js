// Builds dist/: the types and documents from the contracts, one bundle for the library and the command, another of the library
// for CommonJS, and declarations.
// A bundle starts faster than the same modules one by one; what is loaded only now and then stays outside of it. All of it is
// made in a folder beside, so that a command that runs meanwhile never reads a part of it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finishDeclarations } from './build/declarations.js';
import { fingerprint, freshBeside, removeLeftovers, replaceFolder } from './build/folder.js';
import { ThirdPartyError, writeThirdParty } from './third-party.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const STAMP = '.built-from';
const from = fingerprint(root);
const upToDate = existsSync(join(dist, STAMP)) && readFileSync(join(dist, STAMP), 'utf8') === from;
if (process.argv.includes('--if-stale') && upToDate) process.exit(0);

/** Runs a program of ours or of a tool; its own message is enough when it fails. */
function run(file, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

removeLeftovers(dist);
const fresh = freshBeside(dist);
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }));
mkdirSync(fresh);
run('scripts/generate.js');

const { build } = await import('esbuild');
const bundling = {
  metafile: true,
  absWorkingDir: root,
  outdir: fresh,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The documentation page reads its assets from its package's folder.
  external: ['@fastify/swagger', '@fastify/swagger-ui'],
  legalComments: 'none',
  // A third less to read before the first answer; names stay, so that a stack trace still says what failed.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
};
const { metafile } = await build({
  ...bundling,
  entryPoints: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  // Bundled CommonJS modules ask for Node's own ones by require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
// For those who require the library. It is one file, and what is loaded later begins to run later: Jest refuses import().
await build({
  ...bundling,
  entryPoints: { index: 'src/index.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
  banner: { js: "'use strict'; const __address = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': '__address' },
});
try {
  writeThirdParty(root, metafile, fresh);
} catch (error) {
  if (!(error instanceof ThirdPartyError)) throw error;
  console.error(error.message);
  process.exit(1);
}
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json', '--outDir', join(fresh, 'types'));
finishDeclarations(join(fresh, 'types'));
writeFileSync(join(fresh, STAMP), from);
replaceFolder(fresh, dist);
