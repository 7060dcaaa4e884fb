import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a script of ours, or a tool, by this Node in the folder of the project; no shell stands between. What it prints is seen.
 * @param {string[]} args the file, as it is called from that folder, and its arguments
 * @returns {number} its exit code; 1 when a signal ended it
 */
export function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}
