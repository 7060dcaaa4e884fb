/**
 * Judges what a user installs: the files of the package and their size, and that nothing else comes with it and no script runs
 * at its installation. Given the lock file of a project that installed the package, it judges what came there instead.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const FOLDERS = [
  'bin',
  'contracts',
  'contracts/cases',
  'dist',
  'docs',
  'examples',
  'examples/runners',
  'examples/scenarios',
  'scenarios',
];
const FILES = ['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'package.json'];

/** Megabytes that the package may take, as it is fetched and as it lies in a project. */
const LIMITS = { size: 3.5, unpackedSize: 17 };

/** Returns the files and the size of the package, as `npm pack` would make it. */
function packed() {
  const npm = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`npm pack: ${npm.stderr}`);
  const answer = JSON.parse(npm.stdout);
  const [{ files, size, unpackedSize }] = Array.isArray(answer) ? answer : Object.values(answer);
  return { files: files.map(({ path }) => path), size, unpackedSize };
}

/** Every file that package.json points at. */
function promised() {
  const { main, types, bin, exports } = manifest;
  const { '.': library, './browser': script } = exports;
  const paths = [main, types, script.types, ...Object.values(bin), ...Object.values(library).flatMap(Object.values)];
  return paths.map((path) => path.replace(/^\.\//, ''));
}

function judgeFiles(files) {
  const has = new Set(files);
  const missing = [...new Set([...FILES, ...promised()])].filter((file) => !has.has(file));
  const empty = FOLDERS.filter((folder) => !files.some((file) => file.startsWith(`${folder}/`)));
  const stray = files.filter((file) => !FILES.includes(file) && !FOLDERS.includes(file.split('/')[0]));
  const lost = files
    .filter((file) => /\.c?[jt]s$/.test(file))
    .filter((file) => /^\/\/# sourceMappingURL=(?!data:)/m.test(readFileSync(join(root, file), 'utf8')));
  return [
    ...missing.map((file) => `the package lacks ${file}`),
    ...empty.map((folder) => `the package has nothing of ${folder}/`),
    ...stray.map((file) => `the package has ${file}, which nobody needs`),
    ...files.filter((file) => file.endsWith('.map')).map((file) => `the package has ${file}, a map without its source`),
    ...lost.map((file) => `${file} names a map that is not packed`),
  ];
}

const megabytes = (bytes) => (bytes / 1_000_000).toFixed(1);

function judgeSize(pack) {
  const large = Object.keys(LIMITS).filter((kind) => pack[kind] > LIMITS[kind] * 1_000_000);
  return large.map((kind) => `${kind} is ${megabytes(pack[kind])} MB, and may be ${LIMITS[kind]} MB`);
}

const SCRIPTS = ['preinstall', 'install', 'postinstall'];

function judgeManifest({ dependencies = {}, scripts }) {
  return [
    ...Object.keys(dependencies).map((name) => `${name} is a dependency, and is not bundled`),
    ...SCRIPTS.filter((name) => scripts[name]).map((name) => `the script ${name} runs when it is installed`),
  ];
}

/** Judges the packages of a lock file: ours alone may be there. */
function judgeInstalled(lockFile) {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  return Object.entries(packages).flatMap(([path, { version, hasInstallScript }]) => {
    const name = path.replace(/^.*node_modules\//, '');
    return [
      ...(path && name !== manifest.name ? [`${name} ${version} comes with it`] : []),
      ...(hasInstallScript ? [`${name} ${version} runs a script when it is installed`] : []),
    ];
  });
}

function judge(lockFile) {
  if (lockFile) return { what: 'Installed', problems: judgeInstalled(lockFile) };
  const pack = packed();
  const sizes = `${megabytes(pack.size)} MB, ${megabytes(pack.unpackedSize)} MB unpacked`;
  return {
    what: `Package: ${pack.files.length} files, ${sizes}`,
    problems: [...judgeFiles(pack.files), ...judgeSize(pack), ...judgeManifest(manifest)],
  };
}

const { what, problems } = judge(process.argv[2]);
for (const problem of problems) console.error(problem);
console.log(`${what}; ${problems.length || 'no'} problems`);
if (problems.length > 0) process.exitCode = 1;
