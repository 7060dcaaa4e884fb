import { access, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { packageRoot } from '../package-root.js';
import { writeNewFileFor } from './files.js';
import { CannotRun, type Io } from './io.js';
import type { RunnerName } from './runner-names.js';
import { type Project, readProject, runnerOf, runners } from './runners.js';

/** Options of `mock-klarna init`. */
export interface InitOptions {
  /** Folder for the files, from the project's. */
  folder: string;
  /** The test runner; by default the one that the project has. */
  runner?: RunnerName;
}

/** A file to write, by its path from the project's folder, and its purpose in words. */
interface NewFile {
  path: string;
  text: string;
  about: string;
}

const SCENARIO = 'boots-and-care.yaml';
const SCHEMA = 'scenario.schema.json';
const PACKAGED = 'node_modules/mock-klarna/contracts';

/** Returns the text of a file of this package. */
const packaged = (path: string): Promise<string> => readFile(new URL(path, packageRoot), 'utf8');

/** Returns a path as it is written in files and URLs. */
const slashed = (path: string): string => path.split(sep).join('/');

/** Returns the path from one folder to a file, beginning with `./` or `../`. */
function pathTo(folder: string, file: string): string {
  const path = slashed(relative(folder, file));
  return path.startsWith('.') ? path : `./${path}`;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Finds the folder with the schema in a project's packages, which may lie further up. */
async function findPackaged(project: string): Promise<string | undefined> {
  for (let folder = project; ; folder = dirname(folder)) {
    if (await isThere(join(folder, PACKAGED, SCHEMA))) return join(folder, PACKAGED);
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Writes an example scenario, a test for the project's test runner and what an editor needs, and says what to do next. What is
 * there already stays as it is.
 * @param project the project's folder
 * @returns the exit code: 0
 * @throws {CannotRun} when a file cannot be read or written
 */
export async function init(
  { folder, runner: asked }: InitOptions,
  { stdout }: Pick<Io, 'stdout'>,
  project: string = process.cwd(),
): Promise<number> {
  const into = resolve(project, folder);
  const within = slashed(relative(project, into));
  // On another drive of Windows there is no way from here.
  if (within === '' || within.startsWith('..') || isAbsolute(within)) {
    throw new CannotRun(
      `--folder: ${folder} is not inside of ${project}; name a folder of the project, such as klarna`,
    );
  }
  const found = await readProject(project);
  const { name, because } = asked ? { name: asked, because: undefined } : runnerOf(found);
  const runner = runners[name];
  const there = await findPackaged(project);
  // A project in JavaScript will have the package; elsewhere the schema is put beside the scenarios.
  const schemaFolder = there ?? (runner.javaScript ? join(project, PACKAGED) : into);
  const schema = pathTo(into, join(schemaFolder, SCHEMA));
  const editor = await editorFiles(project, within, pathTo(project, join(schemaFolder, SCHEMA)));
  const files: NewFile[] = [
    {
      path: `${within}/${SCENARIO}`,
      text: (await packaged(`examples/scenarios/${SCENARIO}`)).replace(/\$schema=\S+/, () => `$schema=${schema}`),
      about: 'a scenario, which editors complete',
    },
    ...(schemaFolder === into
      ? [
          {
            path: `${within}/${SCHEMA}`,
            text: await packaged(`contracts/${SCHEMA}`),
            about: 'what they complete it from',
          },
        ]
      : []),
    ...(await testFiles(name, within, found)),
    ...editor.files,
  ];
  stdout.write(because === undefined ? '' : `a test for ${runner.title}, since ${because}; --runner chooses another\n`);
  const width = Math.max(...files.map(({ path }) => path.length));
  for (const { path, text, about } of files) {
    const written = await writeNewFileFor('init', join(project, path), text);
    stdout.write(`${written ? 'wrote' : 'kept '}  ${path.padEnd(width)}  ${written ? about : 'is there already'}\n`);
  }
  const missing = [
    ...(there ? [] : ['mock-klarna']),
    ...(runner.package && !found.packages.includes(runner.package) ? [runner.package] : []),
  ];
  const steps = [
    ...(runner.javaScript && missing.length > 0 ? [`npm install --save-dev ${missing.join(' ')}`] : []),
    runner.command(within, found),
    `npx mock-klarna replay ${within}`,
    `npx mock-klarna --scenarios ${within}`,
  ];
  stdout.write(`\nnext:\n${steps.map((step) => `  ${step}\n`).join('')}${editor.advice}`);
  return 0;
}

/** Returns the test of a runner, and the shop that it tests in the place of the project's own. */
async function testFiles(name: RunnerName, within: string, { modules }: Project): Promise<NewFile[]> {
  const { title, files, javaScript } = runners[name];
  const tests = files.map(async (file) => {
    const text = await packaged(`examples/runners/${name}/${file}`);
    const about = /\bconfig\b/.test(file) ? `the configuration of ${title} for it` : `a test with ${title}`;
    // In a project of ES modules, a test that calls require() needs the ending .cjs.
    const own = modules && /^const .* = require\(/m.test(text) ? file.replace(/\.js$/, '.cjs') : file;
    const path = file.startsWith('src/') ? file : `${within}/${own}`;
    return { path, text: text.replace(/(['"])\.\.\/shop\.cjs\1/, '$1./shop.cjs$1'), about };
  });
  const shop = { path: `${within}/shop.cjs`, about: 'a shop in the place of yours' };
  return [
    ...(await Promise.all(tests)),
    ...(javaScript ? [{ ...shop, text: await packaged('examples/runners/shop.cjs') }] : []),
  ];
}

/** Returns what has VS Code know further scenarios in the folder, where the project has settings for it. */
async function editorFiles(
  project: string,
  within: string,
  schema: string,
): Promise<{ files: NewFile[]; advice: string }> {
  if (!(await isThere(join(project, '.vscode')))) return { files: [], advice: '' };
  const settings = { 'yaml.schemas': { [schema]: `${within}/**/*.yaml` } };
  const path = '.vscode/settings.json';
  if (await isThere(join(project, path))) {
    const line = JSON.stringify(settings).slice(1, -1);
    return { files: [], advice: `\nfor new scenarios in VS Code, add to ${path}:\n  ${line}\n` };
  }
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  return { files: [{ path, text, about: 'has VS Code complete new scenarios, too' }], advice: '' };
}
