/**
 * Holds the conditions for Windows and macOS that a test on another system can check: scripts without a shell,
 * paths made by Node, names that every file system takes, and files whose lines end as Windows has them.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusedByWindows } from '../src/cli/file-names.js';
import { readFileFor } from '../src/cli/files.js';
import { readRecording } from '../src/exchange/files.js';
import { chooseScenarios } from '../src/replay/choose.js';
import { readScenarios } from '../src/scenario/files.js';
import type { ScenarioError } from '../src/scenario/problem.js';
import { readScenario } from '../src/scenario/read.js';
import { scenarioName } from '../src/scenario/scenario-file.js';
import { startServer } from '../src/server/start.js';
import { readMerchants } from '../src/server/world/merchants-file.js';
import t from './tap.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The files of the project, by their paths in it: those that git keeps, and new ones that it does not ignore. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '');

t.test('scripts of npm run a program with plain words, and need no shell', async (t) => {
  const manifests = files.filter((path) => /(?:^|\/)package\.json$/.test(path));
  t.ok(manifests.includes('package.json') && manifests.includes('bench/package.json'));
  for (const path of manifests) {
    const { scripts = {} } = JSON.parse(read(path)) as { scripts?: Record<string, string> };
    for (const [name, script] of Object.entries(scripts)) {
      t.match(script, /^(?:node|biome|jest|vitest|playwright)(?: [\w./:=-]+)*$/, `${path}: ${name}`);
    }
  }
});

t.test('a build says what it does before it does it', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const building = Object.entries(scripts).filter(([name]) => name.startsWith('pre'));
  t.ok(building.length > 8);
  for (const [name, script] of building) {
    t.match(script, /^node scripts\/(?:build\.js --if-stale|generate\.js)$/, name);
  }
  for (const script of ['build', 'generate', 'generate-read-ahead', 'test', 'test-browser', 'types', 'mutation']) {
    t.match(read(`scripts/${script}.js`), /^ *say\(/m, script);
  }
});

t.test(
  'every file has a name that Windows and macOS take, and differs from others by more than its case',
  async (t) => {
    t.ok(files.length > 1_000);
    t.strictSame(
      files.filter((path) => refusedByWindows(path) !== undefined),
      [],
    );
    t.strictSame(
      files.filter((path) => !/^[\x20-\x7e]+$/.test(path)),
      [],
      'a letter beyond ASCII has more than one form',
    );
    t.strictSame(
      files.filter((path) => path.length > 120),
      [],
      'with what stands before it in a project it stays below the 260 signs of Windows',
    );
    t.equal(new Set(files.map((path) => path.toLowerCase())).size, files.length);
  },
);

/** The sources of all that runs in Node. */
const sources = files.filter(
  (path) => /^(?:src|scripts|bin|bench|soak|examples)\/.*\.[cm]?[jt]s$/.test(path) && !path.startsWith('src/browser/'),
);

/** Ways to make or to use a path that hold on Unix alone, each with what to write in its place. */
const UNIX_ONLY: readonly [RegExp, string][] = [
  [/new URL\([^)]*import\.meta\.url\)\.pathname/, 'fileURLToPath'],
  [/\bimport\((?:join|resolve|fileURLToPath)\(/, 'pathToFileURL(…).href'],
  [/process\.env\.(?:HOME|TMPDIR|USER)\b/, 'homedir(), tmpdir()'],
  [/['"`]\/(?:tmp|var|home|usr)\//, 'tmpdir() and join()'],
  [/\bshell: true\b/, 'node(…), or a program with its arguments'],
];

t.test('paths are made by Node, and programs are run without a shell', async (t) => {
  t.ok(sources.includes('src/index.ts') && sources.includes('scripts/build.js') && sources.length > 200);
  const found = sources.flatMap((path) => {
    const text = read(path);
    return UNIX_ONLY.filter(([pattern]) => pattern.test(text)).map(([, instead]) => `${path}: write ${instead}`);
  });
  t.strictSame(found, []);
  t.match('import(join(folder, file))', UNIX_ONLY[1]?.[0] as RegExp);
});

/** Programs other than Node that sources start, by file. The command itself does without on Windows, which lacks most of them. */
const PROGRAMS = {
  'src/cli/npm.ts': ['ps'],
  'bench/contenders/wiremock.js': ['java'],
  'bench/measures/install.js': ['du', 'npm'],
  'bench/page.js': ['java'],
  'bench/servers.js': ['ps'],
  'scripts/check-package.js': ['npm'],
  'soak/small-disk.js': ['mount', 'umount'],
  'soak/trials/slow.js': ['sh'],
};

t.test('what needs a program of Unix is known', async (t) => {
  const found: Record<string, string[]> = {};
  for (const path of sources) {
    const calls = read(path).matchAll(/\b(?:spawn|spawnSync|execFile|execFileSync)\)?\(\s*'([\w.-]+)'/g);
    const programs = [...new Set([...calls].map(([, program]) => program as string))].sort();
    if (programs.length > 0) found[path] = programs;
  }
  t.strictSame(found, PROGRAMS);
});

t.test('git checks text out with the line ends of Unix, by which the build knows files', async (t) => {
  t.match(read('.gitattributes'), /^\* text=auto eol=lf$/m);
  t.strictSame(
    files.filter((path) => !path.endsWith('.png') && read(path).includes('\r\n')),
    [],
  );
});

/** A text with the line ends of Windows, and with the mark that its editors put before it. */
const asOnWindows = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;

t.test('files of users may have the line ends of Windows, and its mark before them', async (t) => {
  const scenarios = readdirSync(join(root, 'scenarios/mixed-payments')).map((name) => `mixed-payments/${name}`);
  t.ok(scenarios.length > 10);
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
  for (const name of scenarios) {
    const text = read(`scenarios/${name}`);
    const windows = asOnWindows(text);
    t.not(windows, text);
    t.strictSame(plain(readScenario(Buffer.from(windows), name, 'a')), plain(readScenario(text, name, 'a')), name);
  }
  const merchants = 'merchants:\n  - username: boots\n    password: secret\n  - username: care\n    password: other\n';
  t.strictSame(
    await readMerchants(Buffer.from(asOnWindows(merchants)), 'merchants.yaml'),
    await readMerchants(merchants, 'merchants.yaml'),
  );
  const json = JSON.stringify({ merchants: [{ username: 'boots', password: 'secret' }] }, undefined, 2);
  t.matchLists(await readMerchants(Buffer.from(asOnWindows(json)), 'merchants.json'), [{ username: 'boots' }]);

  const request = { method: 'POST', url: 'https://api.klarna.com/payments/v1/sessions', headers: [] };
  const response = { status: 200, headers: [], content: { text: '{"session_id":"a"}', mimeType: 'application/json' } };
  const har = JSON.stringify(
    { log: { entries: [{ startedDateTime: '2026-01-01T00:00:00Z', time: 1, request, response }] } },
    undefined,
    2,
  );
  const folder = t.testdir({
    'unix.har': har,
    'windows.har': asOnWindows(har),
    'baseline.json': asOnWindows('[\n]\n'),
  });
  const reading = await readRecording(join(folder, 'windows.har'));
  t.equal(reading.exchanges.length, 1);
  t.strictSame(reading.unjudged, []);
  const plainly = JSON.stringify((await readRecording(join(folder, 'unix.har'))).exchanges);
  t.equal(JSON.stringify(reading.exchanges).replaceAll('windows.har', 'unix.har'), plainly);
  t.equal(await readFileFor('--baseline', join(folder, 'baseline.json')), '[\r\n]\r\n');
});

t.test('a folder of scenarios may have files as Windows writes them, in any of its encodings', async (t) => {
  const text = 'title: Boots\nsteps:\n  - createSession: { body: {} }\n';
  const folder = t.testdir({
    'marked.yaml': asOnWindows(text),
    'other.yaml': asOnWindows('services:\n  klarna:\n    image: x\n'),
    'sixteen.yaml': Buffer.from(asOnWindows(text), 'utf16le'),
  });
  const { problems } = (await readScenarios([folder]).catch((error: unknown) => error)) as ScenarioError;
  t.strictSame(
    problems.map(({ path, message }) => [path, message]),
    [[join(folder, 'sixteen.yaml'), 'the file is not UTF-8']],
  );
  rmSync(join(folder, 'sixteen.yaml'));
  t.strictSame(
    (await readScenarios([folder])).map(({ name, title }) => [name, title]),
    [['marked', 'Boots']],
  );
});

t.test('a scenario is found by its name with the slashes of Windows', async (t) => {
  const find = async (name: string) => (await chooseScenarios([name])).map((scenario) => scenario.name);
  t.strictSame(await find('mixed-payments\\subscription'), ['mixed-payments/subscription']);
  t.strictSame(await find('mixed-payments\\'), await find('mixed-payments/'));
  t.ok((await find('mixed-payments')).length > 3);
});

t.test('a scenario has its name by a path of Windows as well', async (t) => {
  t.equal(scenarioName('C:\\shop\\scenarios\\declines\\card.yaml'), 'declines/card');
  t.equal(scenarioName('C:\\shop\\klarna\\declines\\card.yaml', 'C:\\shop\\klarna'), 'declines/card');
  t.equal(scenarioName('klarna\\card.yml'), 'card');
});

/** A statement of PowerShell in the forms that docs/guides/powershell.md uses. */
const STATEMENT =
  /\$(?<text>\w+) = '(?<value>[^']*)'|\$\w+ = @\{\n(?: {2}.*\n)+\}|(?:\$(?<name>\w+) = \()?Invoke-RestMethod "(?<url>[^"]+)" @shop(?: -Method (?<method>\w+))?(?: -Body (?:'(?<plain>[^']*)'|@"\n(?<filled>[\s\S]*?)\n"@))?(?:\)\.(?<field>\w+))?/g;

t.test('the calls of the page on PowerShell end in an order paid by the card of the customer token', async (t) => {
  const blocks = [...read('docs/guides/powershell.md').matchAll(/^```powershell\n([\s\S]*?)^```$/gm)];
  const [script = ''] = blocks.flatMap(([, text = '']) => (text.includes('customer-token') ? [text] : []));
  const left = script.replace(STATEMENT, '').replace(/^#.*$/gm, '').trim();
  t.equal(left, '', 'every statement has a form that is known here');
  const { url, close } = await startServer({ port: 0 });
  t.teardown(close);
  const variables = new Map<string, string>();
  const fill = (text: string) => text.replace(/\$(\w+)/g, (_, name: string) => variables.get(name) as string);
  const answers: Record<string, any>[] = [];
  for (const { groups = {} } of script.matchAll(STATEMENT)) {
    if (groups.text !== undefined) variables.set(groups.text, String(groups.value));
    if (groups.url === undefined) continue;
    variables.set('klarna', url);
    const body = groups.plain ?? (groups.filled === undefined ? undefined : fill(groups.filled));
    const headers = {
      authorization: `Basic ${btoa('shop:secret')}`,
      'content-type': 'application/json; charset=utf-8',
    };
    const answer = await fetch(fill(groups.url), { method: groups.method ?? 'GET', headers, ...(body && { body }) });
    t.equal(answer.status, 200, `${groups.url}: ${answer.headers.get('mock-klarna-explain')}`);
    const told = (await answer.json()) as Record<string, any>;
    answers.push(told);
    if (groups.name !== undefined) variables.set(groups.name, told[groups.field as string]);
  }
  t.equal(answers.length, 7);
  t.match(answers[4], { payment_method_type: 'PAY_BY_CARD', card: { masked_number: '************1111' } });
  t.match(answers[6], { fraud_status: 'ACCEPTED', authorized_payment_method: { type: 'pay_by_card' } });
});
