/**
 * Builds dist/: the library and the command, declarations, what runs in a browser, the files of the documentation page,
 * and what is said of others' work in it. All of it is made in a folder beside, so that a command that runs meanwhile never
 * reads a part of it. With --if-stale nothing happens while dist/ is made of what is there.
 */
import '../bin/check-node.js';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COPIED, copyAssets } from './build/assets.js';
import { bundleBrowser } from './build/browser.js';
import { bundle } from './build/bundle.js';
import { finishDeclarations } from './build/declarations.js';
import { fingerprint, freshBeside, removeLeftovers, replaceFolder } from './build/folder.js';
import { say } from './say.js';
import { foldersOf, ThirdPartyError, writeThirdParty } from './third-party.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const STAMP = '.built-from';

/** Runs a program of ours or of a tool; its own message is enough when it fails. */
function run(file, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

const from = fingerprint(root);
const upToDate = existsSync(join(dist, STAMP)) && readFileSync(join(dist, STAMP), 'utf8') === from;
if (process.argv.includes('--if-stale') && upToDate) process.exit(0);

say('building dist/ once, which takes about half a minute');
removeLeftovers(dist);
const fresh = freshBeside(dist);
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }));
mkdirSync(fresh);
run('scripts/generate.js');
say('bundling the program');
const bundled = [...(await bundle(root, fresh)), ...(await bundleBrowser(root, join(fresh, 'browser')))];
const folders = foldersOf(bundled);
try {
  writeThirdParty(root, [...folders, COPIED], fresh);
} catch (error) {
  if (!(error instanceof ThirdPartyError)) throw error;
  console.error(error.message);
  process.exit(1);
}
copyAssets(join(root, COPIED), join(fresh, 'docs'));
copyFileSync(join(root, 'src/scenario/read-ahead.jsonl'), join(fresh, 'read-ahead.jsonl'));
say('declaring the types');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json', '--outDir', join(fresh, 'types'));
finishDeclarations(join(fresh, 'types'));
writeFileSync(join(fresh, STAMP), from);
replaceFolder(fresh, dist);
say('built');
