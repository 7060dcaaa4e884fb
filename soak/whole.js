import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseDocument } from 'yaml';

const isJson = (text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** How a file of each kind is known to be whole. */
const kinds = {
  '.json': isJson,
  '.har': isJson,
  '.sarif': isJson,
  '.html': (text) => /<\/html>\s*$/.test(text),
  '.xml': (text) => /<\/testsuites>\s*$/.test(text),
  '.yaml': (text) => text.endsWith('\n') && parseDocument(text).errors.length === 0,
  '.md': (text) => text.endsWith('\n'),
};

/** Tells if a file is whole by its name and its text; one of an unknown kind is no result, and need not be. */
export const isWhole = (name, text) => kinds[extname(name)]?.(text) ?? true;

/** Tells if a name is that of a result, and not of what was under way. */
export const isResult = (name) => extname(name) in kinds;

/** Reads the files of a folder by their names. */
export async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])));
}

/** Returns the names of the results in a folder that are cut off, of files that were read from it. */
export const cutOff = (files) =>
  [...files].filter(([name, text]) => !isWhole(name, text)).map(([name, text]) => `${name}, ${text.length} characters`);
