// Bundles each test of the rules, with the rules, into one file that Node runs at once: mutation testing starts it
// thousands of times, and the compiler would take longer than the tests. Run by Stryker in its copy of the project.
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

await build({
  entryPoints: ['test/klarna/**/*.test.ts'],
  outdir: 'mutation',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  // The documents of the contracts are read from where their reader stands.
  define: { 'import.meta.url': JSON.stringify(pathToFileURL('src/contract/operations.ts').href) },
});
