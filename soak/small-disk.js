import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of the small file system, and what is left of it once it is filled. */
const SIZE = 4 * 2 ** 20;
const LEFT = 8_192;

const FILLER = 'filler';

/**
 * A place that takes nothing more once it is filled.
 * @typedef {object} SmallDisk
 * @property {string} kind
 * @property {string} folder
 * @property {() => Promise<void>} fill
 * @property {(program: string, args: string[]) => [string, string[]]} wrap how a program is started whose disk is full
 * @property {() => void} close
 */

/** Mounts a file system in memory; only root may. */
async function mounted(folder) {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'ignore' });
  return {
    kind: 'a full file system',
    folder,
    async fill() {
      const filler = join(folder, FILLER);
      const block = Buffer.alloc(4_096);
      let room = true;
      for (let at = 0; room && at <= SIZE / block.length; at++) {
        room = await appendFile(filler, block).then(
          () => true,
          () => false,
        );
      }
      await truncate(filler, Math.max(0, (await stat(filler)).size - LEFT));
    },
    wrap: (program, args) => [program, args],
    close: () => execFileSync('umount', [folder], { stdio: 'ignore' }),
  };
}

/** Limits the size of each file that a program writes, by its shell; what is written beyond fails as on a full disk. */
async function limited(folder) {
  const wrap = (program, args) => ['sh', ['-c', 'ulimit -f 8 && exec "$@"', 'sh', program, ...args]];
  execFileSync(...wrap('true', []), { stdio: 'ignore' });
  return { kind: 'a limit on the size of files', folder, fill: async () => {}, wrap, close: () => {} };
}

/**
 * Makes a small disk in the way that this machine allows; nothing where it allows none.
 * @returns {Promise<SmallDisk | undefined>}
 */
export async function smallDisk(work) {
  for (const make of [mounted, limited]) {
    const folder = await mkdtemp(join(work, 'disk-'));
    try {
      return await make(folder);
    } catch {
      // The next way may be allowed.
    }
  }
  return undefined;
}
