/** What a folder was built from. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Returns the files under folders of a root, in order, by their paths under the root, with `/` on every platform. */
export function filesUnder(root, folders) {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Returns one hash over files and their paths under the root; it is the same wherever the root lies. */
export function hashFiles(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const text = readFileSync(join(root, file));
    hash.update(`${file}\n${text.length}\n`).update(text);
  }
  return hash.digest('hex');
}

/** Returns one hash over everything that the build reads. */
export function fingerprint(root) {
  const files = filesUnder(root, ['contracts', 'licences', 'scripts', 'src']);
  const others = ['docs/dependencies.md', 'package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.types.json'];
  return hashFiles(root, [...files.filter((file) => !file.startsWith('src/contract/generated/')), ...others]);
}
