/**
 * Judges what a user installs: the files of the package, and the dependencies that come with it. They must run on the
 * oldest Node that package.json promises, without a script at installation and without anything to compile.
 * Given the lock file of a project that installed the package, it judges the dependencies that came there instead: their
 * versions are not those of our own lock file.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const manifest = json('package.json');
const oldest = semver.minVersion(manifest.engines.node);

const FOLDERS = ['bin', 'contracts', 'contracts/cases', 'dist', 'docs', 'scenarios'];
const FILES = ['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'package.json'];

/** The files that would be packed. */
function packed() {
  const npm = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`npm pack: ${npm.stderr}`);
  const answer = JSON.parse(npm.stdout);
  const [{ files }] = Array.isArray(answer) ? answer : Object.values(answer);
  return files.map(({ path }) => path);
}

/** Every file that package.json points at. */
function promised() {
  const { main, types, bin, exports } = manifest;
  const paths = [main, types, ...Object.values(bin), ...Object.values(exports['.']).flatMap(Object.values)];
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

/** The packages of a lock file that are there without its development dependencies. */
function installed(lockFile) {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  return Object.entries(packages).filter(([path, { dev, devOptional, link }]) => path && !dev && !devOptional && !link);
}

function judgeDependencies(packages) {
  return packages.flatMap(([path, { version, hasInstallScript, gypfile, os, cpu, engines = {} }]) => {
    const name = `${path.replace(/^.*node_modules\//, '')} ${version}`;
    const problems = [];
    if (hasInstallScript) problems.push(`${name} runs a script when it is installed`);
    if (gypfile || os || cpu) problems.push(`${name} is made for one kind of machine`);
    if (engines.node && !semver.satisfies(oldest, engines.node)) {
      problems.push(`${name} wants Node ${engines.node}, and package.json promises ${oldest}`);
    }
    return problems;
  });
}

/** What src/ imports, each as a package name. */
function imported() {
  const sources = readdirSync(join(root, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'));
  const names = sources.flatMap((source) => [...source.matchAll(/(?:from|import)\s*\(?\s*'([^'.][^']*)'/g)]);
  return new Set(names.map(([, name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name)[0]));
}

function judgeManifest() {
  const { dependencies } = manifest;
  const used = imported();
  const idle = Object.keys(dependencies).filter((name) => !used.has(name));
  return idle.map((name) => `${name} is a dependency that nothing in src/ imports`);
}

const [lockFile] = process.argv.slice(2);
const files = lockFile ? [] : packed();
const packages = installed(lockFile ?? join(root, 'package-lock.json'));
const problems = [...(lockFile ? [] : [...judgeFiles(files), ...judgeManifest()]), ...judgeDependencies(packages)];
for (const problem of problems) console.error(problem);
const what = lockFile ? 'Installed' : `Package: ${files.length} files`;
console.log(`${what}; ${packages.length} packages come with it; ${problems.length || 'no'} problems`);
if (problems.length > 0) process.exitCode = 1;
