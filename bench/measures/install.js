import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { here } from '../contenders/contender.js';

const npm = (cwd, ...args) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Returns the megabytes that a folder takes. */
const megabytes = (folder) => Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);

/**
 * Installs the package that is packed of what is built into an empty project. Returns how many packages came there, and the
 * megabytes that they and the repository's own packages take.
 */
export async function install(folder) {
  const root = here('..');
  const file = npm(root, 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder)
    .trim()
    .split('\n')
    .at(-1);
  const project = join(folder, 'project');
  await mkdir(project);
  npm(project, 'init', '--yes');
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', '--silent', join(folder, file));
  const modules = join(project, 'node_modules');
  const packages = (await readdir(modules)).filter((name) => !name.startsWith('.'));
  return { packages: packages.length, project: megabytes(modules), repository: megabytes(join(root, 'node_modules')) };
}
