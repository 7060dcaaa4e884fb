/**
 * Merges the chunks into which esbuild splits the program. It makes one for each set of entry points, and whatever is imported
 * later is an entry point as well; of the many files that come of it, most are always read together. Those become one.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** Finds what a file imports from others of the build: the names, if any, and the file. */
const IMPORTS = /import(?:\{([^}]*)\}from)?"\.\/([^"]+)";/g;

/**
 * Merges the chunks that the same starts read into `shared-START-START.js`; every import is led there.
 * @param {string} folder that everything is in
 * @param {import('esbuild').Metafile['outputs']} metafileOutputs
 * @param {Record<string, string>} starts the sources that a start reads at once, by short names
 * @param {import('esbuild').BuildOptions} options of the build that made the chunks
 */
export async function mergeChunks(folder, metafileOutputs, starts, options) {
  const outputs = new Map(Object.entries(metafileOutputs).map(([path, output]) => [basename(path), output]));
  const reached = Object.entries(starts).map(([name, source]) => {
    const [entry] = [...outputs].find(([, { entryPoint }]) => entryPoint === source) ?? [];
    if (entry === undefined) throw new Error(`${source} is no entry point`);
    return { name, files: closure(outputs, entry) };
  });
  /** The merged file that each chunk goes into. */
  const homes = new Map();
  for (const [file, { entryPoint }] of outputs) {
    const names = reached.filter(({ files }) => files.has(file)).map(({ name }) => name);
    if (entryPoint === undefined && names.length > 0) homes.set(file, `shared-${names.join('-')}.js`);
  }
  for (const file of outputs.keys()) {
    const text = led(readFileSync(join(folder, file), 'utf8'), homes, homes.get(file));
    // The merged file has the banner once.
    writeFileSync(join(folder, file), homes.has(file) ? text.replace(options.banner?.js ?? '', '') : text);
  }
  for (const home of new Set(homes.values())) {
    const chunks = [...homes.keys()].filter((file) => homes.get(file) === home);
    const contents = chunks.map((chunk) => {
      const names = (outputs.get(chunk)?.exports ?? []).map((name) => `${name} as ${renamed(name, chunk)}`);
      return names.length > 0 ? `export { ${names.join(', ')} } from './${chunk}';` : `import './${chunk}';`;
    });
    await build({
      ...options,
      stdin: { contents: contents.join('\n'), resolveDir: folder },
      outfile: join(folder, home),
      external: [...homes.values(), ...[...outputs.keys()].filter((file) => homes.get(file) !== home)].map(
        (file) => `./${file}`,
      ),
    });
  }
  for (const file of homes.keys()) rmSync(join(folder, file));
}

/** Returns the outputs that are read when one is read, itself included. */
function closure(outputs, file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind, external } of outputs.get(file).imports) {
    if (kind === 'import-statement' && !external) closure(outputs, basename(path), found);
  }
  return found;
}

/** The name that an export of a chunk has in the merged file, where other chunks may have the same. */
const renamed = (name, chunk) => `${name}_${chunk.replace(/\W/g, '_')}`;

/** Returns the text of a file that has its imports from where the chunks went; those of its own home stay as they are. */
function led(text, homes, own) {
  return text.replace(IMPORTS, (all, names, chunk) => {
    const home = homes.get(chunk);
    if (home === undefined || home === own) return all;
    if (names === undefined) return `import"./${home}";`;
    const led = names.split(',').map((each) => {
      const [name, local = name] = each.split(' as ');
      return `${renamed(name, chunk)} as ${local}`;
    });
    return `import{${led.join(',')}}from"./${home}";`;
  });
}
