/**
 * Judges the coverage that the tests of src/ reached, file by file, from c8's summary: everything in src/klarna and
 * src/scenario, nearly everything elsewhere. A file that no test imports is not in the summary and counts as 0.
 */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { transformSync } from 'esbuild';
import { isGenerated, isOfBrowser, root, sourcesIn } from './test/compile.js';

const summary = join(root, 'coverage/coverage-summary.json');

/** The kinds of coverage, as the summary names them. */
const KINDS = ['lines', 'statements', 'functions', 'branches'];

/** How much of a file must be covered, in percent. */
const wanted = (file) => (/^src\/(klarna|scenario)\//.test(file) ? 100 : 95);

/** Whether anything of a file is left at run time: types alone cannot be covered. */
function runs(file) {
  /** @type {import('esbuild').TransformOptions} */
  const options = { loader: 'ts', tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } };
  const { code } = transformSync(readFileSync(join(root, file), 'utf8'), options);
  return code.replace(/export \{\s*\};?/, '').trim() !== '';
}

/** What falls short, one line each. */
function judge() {
  const reached = new Map(
    Object.entries(JSON.parse(readFileSync(summary, 'utf8'))).map(([path, kinds]) => [
      relative(root, path).replaceAll(sep, '/'),
      kinds,
    ]),
  );
  const files = sourcesIn('src').filter((file) => !isGenerated(file) && !isOfBrowser(file) && runs(file));
  const problems = files.flatMap((file) => {
    const kinds = reached.get(file);
    if (!kinds) return [`${file}: no test imports it`];
    const short = KINDS.filter((kind) => kinds[kind].pct < wanted(file));
    if (short.length === 0) return [];
    return [`${file}: ${short.map((kind) => `${kinds[kind].pct} % of ${kind}`).join(', ')}; wanted ${wanted(file)} %`];
  });
  return { files, problems };
}

try {
  const { files, problems } = judge();
  for (const problem of problems) console.error(problem);
  console.log(`Coverage: ${files.length - problems.length} of ${files.length} files of src/ have what is wanted`);
  if (problems.length > 0) process.exitCode = 1;
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
  console.error('No coverage was measured: run npm test.');
  process.exitCode = 1;
}
