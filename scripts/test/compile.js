/**
 * Compiles src/ and test/ to plain JavaScript, file by file, into a folder that mirrors them. What Node runs starts at
 * once, and coverage and stack traces tell lines of the sources by their maps.
 *
 * A compiled file takes itself for its source: `import.meta.url` is the address of the .ts file, so that documents,
 * contracts and scenarios are found where they are. What it imports are its compiled neighbours.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform, version } from 'esbuild';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where compiled files are put, under the root of the project. */
const COMPILED = '.compiled';

const MANIFEST = 'manifest.json';
const self = readFileSync(fileURLToPath(import.meta.url));

/** Returns every TypeScript file under the folders given, by its path under the root, with `/` on every platform. */
export const sourcesIn = (/** @type {string[]} */ ...folders) => sourcesUnder(root, folders);

function sourcesUnder(from, folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(from, folder), { recursive: true }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort();
}

/** Returns the name that a source has once it is compiled. */
export const compiledName = (/** @type {string} */ file) => file.replace(/\.ts$/, '.js');

/** Writes a file as a whole or not at all, also for a reader that comes meanwhile. */
function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Tells whether a file is generated from the contracts. Such a file gets no source map: it is long, and its coverage is not judged. */
export const isGenerated = (/** @type {string} */ file) => file.startsWith('src/contract/generated/');

/** Tells whether a source runs in a browser: the tests of `test/in-browser/` look at it there, and no coverage is measured. */
export const isOfBrowser = (/** @type {string} */ file) => file.startsWith('src/browser/');

/** Compiles one file; the names of its map are relative to where it is put. */
async function compileFile(source, target, text, mapped) {
  const { code, map } = await transform(text, {
    loader: 'ts',
    target: 'node20',
    sourcefile: relative(dirname(target), source).replaceAll('\\', '/'),
    sourcemap: mapped && 'external',
    sourcesContent: false,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(source).href) },
  });
  if (mapped) write(`${target}.map`, map);
  write(target, mapped ? `${code}//# sourceMappingURL=${basename(target)}.map\n` : code);
}

/**
 * Compiles what changed under `from` since the last time, and removes what has no source any more. `alter` may change the
 * text of a file before it is compiled; `key` tells one way of altering from another.
 * @typedef {(file: string, text: string) => string | Promise<string>} Alter
 * @param {{ from: string, into: string, alter?: Alter, key?: string }} options
 */
export async function compileTree({ from, into, alter = (_file, text) => text, key = '' }) {
  const before = readManifest(into);
  const now = {};
  await Promise.all(
    sourcesUnder(from, ['src', 'test']).map(async (file) => {
      const text = readFileSync(join(from, file), 'utf8');
      const hash = createHash('sha256').update(`${version}\n${from}\n${key}\n`).update(self).update(text);
      now[file] = hash.digest('hex');
      if (before[file] === now[file]) return;
      const target = join(into, compiledName(file));
      await compileFile(join(from, file), target, await alter(file, text), !isGenerated(file));
    }),
  );
  for (const file of Object.keys(before)) {
    if (now[file]) continue;
    for (const name of [compiledName(file), `${compiledName(file)}.map`]) rmSync(join(into, name), { force: true });
  }
  write(join(into, MANIFEST), JSON.stringify(now));
}

/**
 * Compiles the project; returns the folder with what was compiled.
 * @param {{ into?: string, alter?: Alter, key?: string }} [options]
 */
export async function compile({ into = COMPILED, ...options } = {}) {
  const folder = join(root, into);
  await compileTree({ from: root, into: folder, ...options });
  return folder;
}
