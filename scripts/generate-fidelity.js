/**
 * Writes docs/reference/fidelity.md, docs/reference/open-questions.md, and the table of operations in README.md, from what
 * the program itself says of its evidence: `x-evidence`, `x-wire` and `x-not-served` of the contracts, the contract cases,
 * and the rules, errors, callbacks and prices of src/klarna/.
 * With --check nothing is written; it fails where a file is not up to date. The contracts must have been generated.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { page } from './fidelity/page.js';
import { questionsPage } from './fidelity/questions.js';
import { readme } from './fidelity/readme.js';

const root = new URL('../', import.meta.url);
const read = (file) => readFile(new URL(file, root), 'utf8').catch(() => '');

const wanted = {
  'docs/reference/fidelity.md': page(),
  'docs/reference/open-questions.md': questionsPage(),
  'README.md': readme(await read('README.md')),
};
const stale = [];
for (const [file, text] of Object.entries(wanted)) if ((await read(file)) !== text) stale.push(file);

if (!process.argv.includes('--check')) {
  for (const file of stale) await writeFile(new URL(file, root), wanted[file]);
} else if (stale.length > 0) {
  console.error(`${stale.join(' and ')} must be written anew: npm run fidelity`);
  process.exitCode = 1;
}
