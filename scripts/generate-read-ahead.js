/**
 * Reads the scenarios that ship and the contract cases ahead: writes src/scenario/read-ahead.jsonl, from which the program
 * knows a file by its content, without a parser. src/scenario/read-ahead.ts says what stands in it. Nothing happens when
 * the files and what reads them are unchanged. The contracts must have been generated.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { filesUnder, hashFiles } from './build/folder.js';
import { say } from './say.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = join(root, 'src/scenario/read-ahead.jsonl');
const work = join(root, '.compiled');

const files = filesUnder(root, ['scenarios', 'contracts/cases']).filter((file) => /\.(ya?ml|json)$/i.test(file));

/** The folder in which the reader finds what was generated from the contracts. */
const contract = join(root, 'src/contract/');

/** Returns the reader of scenario files as one module, without the libraries. */
async function bundleReader() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/scenario/read.ts'],
    outdir: work,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(contract).href) },
    write: false,
  });
  return outputFiles[0].text;
}

/** Runs a module that stands in the folder of what is compiled, where Node finds the libraries. */
async function load(text) {
  const path = join(work, `reader-${process.pid}.js`);
  writeFileSync(path, text);
  try {
    return await import(pathToFileURL(path).href);
  } finally {
    rmSync(path);
  }
}

/** Returns a scenario as JSON, without what depends on the place of its file or follows from its market. */
function saved({ name, path, variables, steps, ...scenario }) {
  const named = steps.map(({ operation, ...step }) => ({ ...step, operation: operation.name }));
  return JSON.stringify({ ...scenario, steps: named });
}

function readAhead(readScenario, made) {
  const places = {};
  const scenarios = [];
  let from = 0;
  for (const file of files) {
    const content = readFileSync(join(root, file));
    let scenario;
    try {
      scenario = readScenario(content, file);
    } catch (error) {
      // Whoever uses the file is told its mistakes.
      if (error.name !== 'ScenarioError') throw error;
      continue;
    }
    const line = Buffer.from(`${saved(scenario)}\n`);
    places[hash('sha256', content)] = [scenario.alias ?? null, from, from + line.length];
    scenarios.push(line);
    from += line.length;
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify({ made, places })}\n`), ...scenarios]);
}

/** Returns a hash of what the file that is there was made of; undefined when there is none. */
function madeOf() {
  try {
    const file = readFileSync(target);
    return JSON.parse(file.toString('utf8', 0, file.indexOf('\n'))).made;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Writes a file as a whole or not at all, also for a reader that comes meanwhile. */
function write(path, content) {
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
}

mkdirSync(work, { recursive: true });
const reader = await bundleReader();
const wanted = hash(
  'sha256',
  reader +
    readFileSync(join(contract, 'generated/.stamp'), 'utf8') +
    hashFiles(root, ['scripts/generate-read-ahead.js', 'package-lock.json', ...files]),
);
if (madeOf() !== wanted) {
  say('reading the scenarios ahead');
  const { readScenario } = await load(reader);
  write(target, readAhead(readScenario, wanted));
}
