import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileFor } from './files.js';
import { CannotRun } from './io.js';
import { RUNNERS, type RunnerName } from './runner-names.js';

/** A test runner for which there is an example under `examples/runners/`, in a folder of its name. */
export interface Runner {
  /** The name that people know it by. */
  title: string;
  /** The package of npm that it comes in; absent for one that is no matter of npm's, or that Node has. */
  package?: string;
  /** True for one that runs JavaScript, which takes the library as a package of the project. */
  javaScript: boolean;
  /** The files of its example that a project takes over, as they are named there. */
  files: readonly string[];
  /** Returns the command that runs them in a folder. */
  command(folder: string, project: Project): string;
}

/** The test runners by their names. */
export const runners: Readonly<Record<RunnerName, Runner>> = {
  node: {
    title: 'node:test',
    javaScript: true,
    files: ['shop.test.mjs'],
    command: (folder) => `node --test ${folder}/shop.test.mjs`,
  },
  vitest: {
    title: 'Vitest',
    package: 'vitest',
    javaScript: true,
    files: ['shop.test.mjs'],
    command: (folder) => `npx vitest run ${folder}`,
  },
  jest: {
    title: 'Jest',
    package: 'jest',
    javaScript: true,
    files: ['shop.test.js'],
    command: (folder) => `npx jest ${folder}`,
  },
  playwright: {
    title: 'Playwright',
    package: '@playwright/test',
    javaScript: true,
    files: ['shop.test.mjs', 'playwright.config.mjs'],
    command: (folder) => `npx playwright test --config ${folder}/playwright.config.mjs`,
  },
  phpunit: {
    title: 'PHPUnit',
    javaScript: false,
    files: ['ShopTest.php'],
    command: (folder) => `vendor/bin/phpunit ${folder}/ShopTest.php`,
  },
  pytest: {
    title: 'pytest',
    javaScript: false,
    files: ['test_shop.py'],
    command: (folder) => `pytest ${folder}`,
  },
  junit: {
    title: 'JUnit 5',
    javaScript: false,
    files: ['src/test/java/ShopTest.java'],
    command: (_, { manifests }) =>
      manifests.some((name) => name.startsWith('build.gradle'))
        ? 'gradle test --tests ShopTest'
        : 'mvn test -Dtest=ShopTest',
  },
};

/** The facts about a project that its files tell. */
export interface Project {
  /** Those of `MANIFESTS` that are there. */
  manifests: string[];
  /** The packages that package.json asks for. */
  packages: string[];
  /** True where package.json says that `.js` files are ES modules. */
  modules: boolean;
}

/** Files that tell in which language a project is, and the test runner that is usual there. */
const MANIFESTS: Readonly<Record<string, RunnerName>> = {
  'composer.json': 'phpunit',
  'pyproject.toml': 'pytest',
  'requirements.txt': 'pytest',
  'setup.py': 'pytest',
  'pytest.ini': 'pytest',
  'pom.xml': 'junit',
  'build.gradle': 'junit',
  'build.gradle.kts': 'junit',
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Looks at the folder of a project.
 * @throws {CannotRun} when its package.json cannot be read
 */
export async function readProject(folder: string): Promise<Project> {
  const names = ['package.json', ...Object.keys(MANIFESTS)];
  const there = await Promise.all(names.map((name) => isThere(join(folder, name))));
  const manifests = names.filter((_, index) => there[index]);
  const { dependencies, devDependencies, type } = manifests.includes('package.json') ? await readManifest(folder) : {};
  return { manifests, packages: Object.keys({ ...dependencies, ...devDependencies }), modules: type === 'module' };
}

interface Manifest {
  dependencies?: object;
  devDependencies?: object;
  type?: string;
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFileFor('init', join(folder, 'package.json'));
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) ?? {};
  } catch (error) {
    throw new CannotRun(`package.json is no JSON (${(error as Error).message}); mend it, or choose with --runner`);
  }
}

/** Returns the test runner of a project, and what tells so; Node's own where nothing does. */
export function runnerOf({ manifests, packages }: Project): { name: RunnerName; because: string } {
  const asked = RUNNERS.find((name) => packages.includes(runners[name].package ?? ''));
  if (asked) return { name: asked, because: `package.json asks for ${runners[asked].package}` };
  const manifest = manifests.find((name) => name in MANIFESTS);
  if (manifest) return { name: MANIFESTS[manifest] as RunnerName, because: `there is a ${manifest}` };
  return { name: 'node', because: 'no other test runner was found' };
}
