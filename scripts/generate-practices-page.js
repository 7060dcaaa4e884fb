/**
 * Writes docs/reference/practices.md from the checks that a report lists, and src/shop/reach-table.ts: which of the
 * scenarios that ship leads to which outcome of an operation, found out by playing them all. With --check nothing is
 * written; it fails where a file is not up to date. The package must have been built.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { startSandbox } from 'mock-klarna';
import { parse } from 'yaml';
import { practicesPage } from './practices/page.js';

const root = new URL('../', import.meta.url);

const names = readdirSync(new URL('scenarios/', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.yaml$/, ''))
  .sort();

/** The operations whose outcomes a scenario scripts. */
function scripted(name) {
  const { outcomes = [] } = parse(readFileSync(new URL(`scenarios/${name}.yaml`, root), 'utf8'), { merge: true });
  return new Set(outcomes.map(({ on }) => on));
}

const keyOf = ({ operation, status, code, transition, outcome }) =>
  [operation, status === 0 ? 'no answer' : status, code, transition, outcome].filter(Boolean).join(' ');

/** How well a scenario leads to a cell: trouble is met by choosing one that scripts it, success where nothing is scripted. */
const rank = ({ operation, status }, on) =>
  (status >= 200 && status < 300 ? on.size > 0 : !on.has(operation)) ? 1 : 0;

async function reachable(sandbox) {
  const best = new Map();
  for (const name of names) {
    const on = scripted(name);
    const { merchant, result } = await sandbox.replay(name);
    if (result !== 'passed') throw new Error(`${name} ${result}`);
    const { coverage } = await sandbox.as(merchant).report();
    for (const cell of coverage.cells.filter(({ counts }) => counts)) {
      const key = keyOf(cell);
      const before = best.get(key);
      if (!before || rank(cell, on) < before.rank) best.set(key, { name, rank: rank(cell, on) });
    }
  }
  return [...best].map(([key, { name }]) => [key, name]).sort(([one], [other]) => (one < other ? -1 : 1));
}

const quoted = (text) => `'${text}'`;

function tableOf(entries) {
  const lines = entries.map(([key, name]) => `  ${/^\w+$/.test(key) ? key : quoted(key)}: ${quoted(name)},`);
  return `// Written by npm run practices-page from scenarios/.

/** The scenario that ships and leads to an outcome of an operation. */
export const reachable: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
}

const sandbox = await startSandbox({ seed: 'practices' });
const wanted = {
  'docs/reference/practices.md': practicesPage((await sandbox.report()).checks),
  'src/shop/reach-table.ts': tableOf(await reachable(sandbox)),
};
await sandbox.close();

const read = (file) => readFileSync(new URL(file, root), { encoding: 'utf8', flag: 'a+' });
const stale = Object.keys(wanted).filter((file) => read(file) !== wanted[file]);
if (!process.argv.includes('--check')) for (const file of stale) writeFileSync(new URL(file, root), wanted[file]);
else if (stale.length > 0) {
  console.error(`${stale.join(' and ')} must be written anew: npm run practices-page`);
  process.exitCode = 1;
}
