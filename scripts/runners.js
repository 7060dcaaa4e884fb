/**
 * Plays the shop's tests under examples/runners/ with the packed package: npm run runners [-- NAME ...] [--need NAME,...]
 *
 * A runner that is not installed is skipped with a line; with --need it fails. npm ci --prefix examples/runners installs
 * Jest, Vitest and Playwright.
 */
import '../bin/check-node.js';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { lacking as lackingChromium } from './browser/chromium.js';
import { needsUnix } from './needs-unix.js';
import { say } from './say.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'examples/runners');
const modules = join(folder, 'node_modules');

/** Milliseconds after which a runner has failed. */
const LIMIT = 300_000;

const run = (program, args, { cwd = folder, env = {} } = {}) =>
  spawnSync(program, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: LIMIT });

const works = (program, ...args) => run(program, args).status === 0;

const installed = (name) =>
  existsSync(join(modules, name)) ? undefined : `${name} is not installed; npm ci --prefix examples/runners brings it`;

/** Returns what Playwright is told of the Chromium that the tests of this package have. */
async function chromium() {
  const { default: chromium } = await import('@sparticuz/chromium');
  return { CHROMIUM: await chromium.executablePath(), CHROMIUM_FLAGS: '--no-sandbox --headless' };
}

/** Runs Maven: with what it has fetched before, or with what it fetches. */
function maven(...args) {
  const offline = run('mvn', ['-B', '-o', '-f', 'junit', ...args]);
  return UNRESOLVED.test(offline.stdout) ? run('mvn', ['-B', '-f', 'junit', ...args]) : offline;
}

/** Finds in the output of Maven that it cannot get something. */
const UNRESOLVED = /could not (?:be resolved|resolve|transfer)/i;

/** Keeps pytest from writing files, and the plugins of a machine out. */
const OF_PYTHON = { PYTHONDONTWRITEBYTECODE: '1', PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' };

/**
 * The runners by the names of their folders: what of it is missing, how the tests are run, and the number of those that passed
 * in what is printed.
 * @type {Record<string, {
 *   lacks(): string | undefined,
 *   play(): ReturnType<typeof run> | Promise<ReturnType<typeof run>>,
 *   passed: RegExp,
 * }>}
 */
const RUNNERS = {
  node: {
    lacks: () => undefined,
    play: () => run(process.execPath, ['--test', '--test-reporter=tap', 'node/']),
    passed: /^# pass (\d+)$/m,
  },
  jest: {
    lacks: () => installed('jest'),
    play: () => run(process.execPath, [join(modules, 'jest/bin/jest.js'), '--rootDir', 'jest']),
    passed: /^Tests: +(\d+) passed/m,
  },
  vitest: {
    lacks: () => installed('vitest'),
    play: () => run(process.execPath, [join(modules, 'vitest/vitest.mjs'), 'run', '--root', 'vitest']),
    passed: /Tests +(\d+) passed/,
  },
  playwright: {
    lacks: () => installed('@playwright/test') ?? lackingChromium(),
    play: async () =>
      run(process.execPath, [join(modules, '@playwright/test/cli.js'), 'test', '--config', 'playwright'], {
        env: await chromium(),
      }),
    passed: /(\d+) passed/,
  },
  pytest: {
    lacks: () => (works('python3', '-m', 'pytest', '--version') ? undefined : 'there is no python3 with pytest'),
    play: () => run('python3', ['-m', 'pytest', '-p', 'no:cacheprovider', 'pytest'], { env: OF_PYTHON }),
    passed: /(\d+) passed/,
  },
  junit: {
    lacks: () => {
      if (!works('mvn', '--version')) return 'there is no mvn';
      return UNRESOLVED.test(maven('-DskipTests', 'test').stdout) ? 'Maven cannot get JUnit 5' : undefined;
    },
    play: () => maven('test'),
    passed: /Tests run: (\d+), Failures: 0, Errors: 0/,
  },
  phpunit: {
    lacks: () => (works('phpunit', '--version') ? undefined : 'there is no phpunit'),
    play: () => run('phpunit', ['--do-not-cache-result', 'phpunit']),
    passed: /OK \((\d+) tests/,
  },
};

/** Installs the package as npm would: what is packed, and its command. */
function install() {
  say('packing the package and installing it');
  const work = mkdtempSync(join(tmpdir(), 'mock-klarna-runners-'));
  try {
    const own = join(modules, 'mock-klarna');
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true });
    mkdirSync(join(modules, '.bin'), { recursive: true });
    const command = join(modules, '.bin/mock-klarna');
    rmSync(command, { force: true });
    must(run('npm', ['pack', '--ignore-scripts', '--pack-destination', work], { cwd: root }));
    const [archive] = readdirSync(work);
    must(run('tar', ['-xzf', join(work, archive), '-C', own, '--strip-components=1']));
    symlinkSync('../mock-klarna/bin/mock-klarna.js', command);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function must(/** @type {ReturnType<typeof run>} */ { status, error, stderr }) {
  if (status === 0) return;
  console.error(error?.message ?? stderr);
  process.exit(2);
}

/** Plays a runner's tests; prints its line, and what the runner printed where they fail. Returns whether they passed. */
async function playTests(name) {
  const { play, passed } = RUNNERS[name];
  const began = performance.now();
  const { status, stdout, stderr, error } = await play();
  // Some runners tell of their tests on the standard error, some in colour.
  const said = stripVTControlCharacters(`${stdout}${stderr}`);
  const [, count] = passed.exec(said) ?? [];
  const went = status === 0 && Number(count) > 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${went ? 'ok  ' : 'FAIL'} ${name}: ${count ?? 'no'} tests passed in ${seconds} s`);
  if (!went) console.log(error?.message ?? said);
  return went;
}

const { values, positionals } = parseArgs({
  options: { need: { type: 'string', default: '' } },
  allowPositionals: true,
});
const needs = values.need.split(',').filter((name) => name !== '');
const unknown = [...positionals, ...needs].filter((name) => !(name in RUNNERS));
if (unknown.length > 0) {
  console.error(`npm run runners: given ${unknown.join(', ')}, expected some of ${Object.keys(RUNNERS).join(', ')}`);
  process.exit(2);
}
needsUnix('npm run runners', 'tar, and npm as a program');
const lacking = new Map(
  (positionals.length > 0 ? positionals : Object.keys(RUNNERS)).map((name) => [name, RUNNERS[name].lacks()]),
);
if ([...lacking.values()].includes(undefined)) install();
for (const [name, missing] of lacking) {
  if (missing !== undefined) console.log(`${needs.includes(name) ? 'FAIL' : 'skip'} ${name}: ${missing}`);
  const went = missing === undefined ? await playTests(name) : !needs.includes(name);
  if (!went) process.exitCode = 1;
}
