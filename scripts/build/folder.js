/** A folder that is built as a whole: what it was built from, and how it takes the place of the one before. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/**
 * Returns the files under folders of a root, in order, by their paths under the root, with `/` on every platform.
 * @param {string} root
 * @param {string[]} folders
 */
export function filesUnder(root, folders) {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/**
 * Returns one hash over files and their paths under the root; it is the same wherever the root lies.
 * @param {string} root
 * @param {string[]} files
 */
export function hashFiles(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const text = readFileSync(join(root, file));
    hash.update(`${file}\n${text.length}\n`).update(text);
  }
  return hash.digest('hex');
}

/** Files under src/ that the build itself writes. */
const GENERATED = /^src\/(?:contract\/generated\/|scenario\/read-ahead\.jsonl)/;

/**
 * Returns one hash over everything that the build reads.
 * @param {string} root
 */
export function fingerprint(root) {
  const files = filesUnder(root, ['contracts', 'licences', 'scenarios', 'scripts', 'src']);
  const others = [
    'docs/maintainers/dependencies.md',
    'package-lock.json',
    'package.json',
    'tsconfig.json',
    'tsconfig.types.json',
  ];
  return hashFiles(root, [...files.filter((file) => !GENERATED.test(file)), ...others]);
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Returns the name of the folder that this process builds beside the one that is there, on the same file system.
 * @param {string} folder
 */
export const freshBeside = (folder) => `${folder}.new-${process.pid}`;

/**
 * Removes what builds of a folder left behind that did not come to their end.
 * @param {string} folder
 */
export function removeLeftovers(folder) {
  const name = basename(folder);
  for (const other of readdirSync(dirname(folder))) {
    const [, pid] = (other.startsWith(name) && /^\.(?:new|old)-(\d+)$/.exec(other.slice(name.length))) || [];
    if (pid === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    rmSync(join(dirname(folder), other), { recursive: true, force: true });
  }
}

/**
 * Puts the fresh folder in the place of the one that is there, by renaming: nobody finds a part of either.
 * @param {string} fresh
 * @param {string} folder
 */
export function replaceFolder(fresh, folder) {
  const old = `${folder}.old-${process.pid}`;
  for (let tries = 3; ; tries -= 1) {
    try {
      renameSync(folder, old);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    try {
      renameSync(fresh, folder);
      return;
    } catch (error) {
      // A build beside this one has put its own there meanwhile.
      if (tries === 0 || !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}
