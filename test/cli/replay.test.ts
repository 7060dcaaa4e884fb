import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ReplayArguments, type ReplayWorld, replay } from '../../src/cli/replay.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const head = 'title: Boots\nevidence: docs\n';
const good = `${head}tags: [fine]\nsteps:\n  - advance: P1D\n`;
const bad = `${head}tags: [broken]\nsteps:\n  - readClock:\n  - readSession: { path: { session_id: none } }\n`;
const plain = `${head}steps:\n  - readSession: { path: { session_id: a } }\n    expect: { status: 418 }\n`;

/** Runs the command with a world of its own; gives what it wrote. */
async function play(args: ReplayArguments, more: Partial<ReplayWorld> & { terminal?: boolean } = {}) {
  const written = { out: '', err: '' };
  const code = await replay(args, {
    startSandbox: async ({ seed }) => startServer({ seed, port: 0 }),
    stdin: () => Readable.from([]),
    stdout: { write: (text) => (written.out += text), isTTY: more.terminal },
    stderr: { write: (text) => (written.err += text) },
    ...more,
  });
  return { code, ...written };
}

/** A real sandbox that somebody else started. */
async function sandbox(t: Test): Promise<string> {
  const { url, close } = await startServer({ port: 0 });
  t.teardown(close);
  return url;
}

/** Something that is no sandbox; remembers who asked for what. */
async function stranger(t: Test) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [, credentials = ''] = (request.headers.authorization ?? '').split(' ');
    asked.push(`${Buffer.from(credentials, 'base64')} ${request.url}`);
    response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

t.test('names, aliases, files and folders can be replayed', async (t) => {
  const folder = t.testdir({ 'good.yaml': good });
  const { code, out } = run('replay', 'mixed-payments/subscription', join(folder, 'good.yaml'), folder);
  t.equal(await code, 0, out());
  t.equal(out(), 'ok   mixed-payments/subscription  6 steps\nok   good  1 step\nok   good  1 step\n3 passed\n');
  const unknown = run('replay', 'mixed-payments/subscriptio');
  t.equal(await unknown.code, 2);
  t.equal(
    unknown.err(),
    'mixed-payments/subscriptio:1:1 no such file, folder or scenario (did you mean "mixed-payments/subscription"?)\n',
  );
});

t.test('results are printed in the order of the scenarios, and the same each time', async (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`${10 + index}.yaml`, index % 5 ? good : bad]),
  );
  const folder = t.testdir(files);
  const first = await play({ scenarios: [folder] });
  t.equal(first.code, 1);
  const names = [...first.out.matchAll(/^(?:ok {3}|FAIL )(\d+)/gm)].map(([, name]) => name);
  t.strictSame(
    names,
    Object.keys(files).map((file) => file.replace('.yaml', '')),
  );
  t.match(first.out, /\n9 passed, 3 failed\n$/);
  t.strictSame(await play({ scenarios: [folder] }), first);
});

t.test('--bail stops after the first that fails', async (t) => {
  const folder = t.testdir({ 'a.yaml': good, 'b.yaml': bad, 'c.yaml': bad, 'd.yaml': good });
  const { code, out } = run('replay', '--bail', folder);
  t.equal(await code, 1);
  t.match(out(), /^ok {3}a {2}1 step\nFAIL b {2}step 2 of 2\n[\s\S]*\n1 passed, 1 failed, 2 not run\n$/);
});

t.test('--tag chooses', async (t) => {
  const folder = t.testdir({ 'a.yaml': good, 'b.yaml': bad, 'c.yaml': plain });
  const { code, out } = run('replay', '--tag', 'fine', '--tag', 'other', folder);
  t.equal(await code, 0);
  t.equal(out(), 'ok   a  1 step\n1 passed\n');
  const none = run('replay', '--tag', 'fime', folder);
  t.equal(await none.code, 2);
  t.equal(none.err(), 'nothing to replay: no scenario has the tag fime (did you mean "fine"?)\n');
  const neither = run('replay', '--tag', 'a', '--tag', 'b', folder);
  t.equal(await neither.code, 2);
  t.match(neither.err(), /^nothing to replay: no scenario has the tag a or b[ \n]/);
});

t.test(
  'a sandbox as the target plays everything, as merchants whose names begin with the given one, again and again',
  async (t) => {
    const target = await sandbox(t);
    const folder = t.testdir({
      'who.yaml': `${head}clock: 2100-01-01T00:00:00Z\nsteps:\n  - createSession: { body: "\${merchant}" }\n    expect: { status: 400 }\n`,
    });
    for (const _ of [1, 2]) {
      const { code, out } = run(
        'replay',
        '--target',
        `${target}/`,
        '--username',
        'K1',
        '--verbose',
        folder,
        'mixed-payments/subscription',
      );
      t.equal(await code, 0, out());
      t.match(out(), /ok {3}who {2}2 steps\n[\s\S]*\n2 passed\n$/);
    }
    const report = join(folder, 'r.json');
    await play({ scenarios: [join(folder, 'who.yaml')], target, username: 'K1', report: [`json=${report}`] });
    t.matchLists(JSON.parse(readFileSync(report, 'utf8')), { scenarios: [{ merchant: 'K1.who' }] });
  },
);

t.test('any other target plays what needs no sandbox, and the rest is counted as skipped', async (t) => {
  const { url, asked } = await stranger(t);
  const folder = t.testdir({ 'a.yaml': plain, 'b.yaml': good });
  const credentials = ['--target', url, '--username', 'K1', '--password', 'p'];
  const { code, out } = run('replay', ...credentials, folder);
  t.equal(await code, 0, out());
  t.equal(out(), 'ok   a  1 step\nskip b  skipped: needs a sandbox\n1 passed, 1 skipped\n');
  t.strictSame(asked, [' /sandbox/v1/health', 'K1:p /payments/v1/sessions/a']);
  const none = run('replay', ...credentials, join(folder, 'b.yaml'));
  t.equal(await none.code, 2, 'skipped is not passed');
  t.equal(none.out(), 'skip b  skipped: needs a sandbox\n0 passed, 1 skipped\n');
  t.equal(none.err(), 'nothing was replayed: every scenario was skipped\n');
});

t.test('credentials may come from the environment', async (t) => {
  const { url, asked } = await stranger(t);
  process.env.MOCK_KLARNA_USERNAME = 'E1';
  process.env.MOCK_KLARNA_PASSWORD = 'q';
  t.teardown(() => {
    delete process.env.MOCK_KLARNA_USERNAME;
    delete process.env.MOCK_KLARNA_PASSWORD;
  });
  t.equal(await run('replay', '--target', url, t.testdir({ 'a.yaml': plain })).code, 0);
  t.equal(asked[1], 'E1:q /payments/v1/sessions/a');
});

t.test('what cannot run says why in one line and exits with 2', async (t) => {
  const { url } = await stranger(t);
  const folder = t.testdir({ 'a.yaml': good, file: '' });
  const cases: [string[], RegExp][] = [
    [
      ['--target', 'ftp://h'],
      /argument 'ftp:\/\/h' is invalid\. Expected a base URL such as http:\/\/127\.0\.0\.1:5527/,
    ],
    [['--target', 'localhost'], /Expected a base URL/],
    [['--target', 'http://a:b@h'], /Credentials go into --username and --password/],
    [['--target', 'http://h/?a=1'], /without query and fragment/],
    [['--target', 'http://127.0.0.1:1'], /--target: http:\/\/127\.0\.0\.1:1 does not answer \(connect ECONNREFUSED/],
    [['--target', url], /is no sandbox; it needs --username and --password/],
    [['--target', url, '--username', 'a'], /is no sandbox; it needs --username and --password/],
    [['--target', url, '--password', 'a'], /is no sandbox; it needs --username and --password/],
    [['--report', 'htm=a'], /--report: unknown format htm \(did you mean "html"\?\); there are html, junit, json, md/],
    [['--report', 'html'], /--report: given html, expected FORMAT=FILE with one of html, junit, json, md/],
    [['--report', 'html='], /--report: given html=, expected FORMAT=FILE/],
    [['--report', `md=${folder}/file/x/r.md`], /--report: .*r\.md cannot be written \((ENOTDIR|EEXIST)\)/],
  ];
  for (const [args, message] of cases) {
    const { code, err } = run('replay', ...args, join(folder, 'a.yaml'));
    t.equal(await code, 2, args.join(' '));
    t.match(err(), message);
    t.match(err(), /^mock-klarna: [^\n]+\n$/, 'one line');
  }
});

t.test('reports are written in every format, folders included', async (t) => {
  const folder = t.testdir({ scenarios: { 'a.yaml': good, 'b.yaml': bad } });
  const out = (file: string) => join(folder, 'out/deep', file);
  const args = [
    '--report',
    `html=${out('r.html')}, junit=${out('r.xml')}`,
    '--report',
    `json=${out('r.json')},md=${out('r.md')}`,
  ];
  t.equal(await run('replay', ...args, join(folder, 'scenarios')).code, 1);
  const read = (file: string) => readFileSync(out(file), 'utf8');
  t.match(read('r.html'), /^<!doctype html>[\s\S]*<\/html>\n$/);
  t.match(read('r.xml'), /^<\?xml [\s\S]*tests="2" failures="1"/);
  t.match(JSON.parse(read('r.json')), { totals: { passed: 1, failed: 1 } });
  t.match(read('r.md'), /^## Replay: 1 passed, 1 failed\n/);
  const before = ['r.html', 'r.xml', 'r.json', 'r.md'].map(read);
  t.equal(await run('replay', ...args, join(folder, 'scenarios')).code, 1);
  t.strictSame(['r.html', 'r.xml', 'r.json', 'r.md'].map(read), before, 'the same bytes, twice');
});

t.test('in GitHub Actions there are annotations and a summary of the job', async (t) => {
  const folder = t.testdir({ 'a.yaml': good, 'b.yaml': bad, summary: 'before\n' });
  const summary = join(folder, 'summary');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: folder };
  const { out } = await play({ scenarios: [folder] }, { env });
  t.match(out, /\n::error file=b\.yaml,line=6,title=replay b::\$\.status {2}expected "2xx", got 404\n$/);
  t.match(readFileSync(summary, 'utf8'), /^before\n## Replay: 1 passed, 1 failed\n/);
  const { GITHUB_STEP_SUMMARY: _, GITHUB_WORKSPACE: __, ...bare } = env;
  t.match((await play({ scenarios: [folder] }, { env: bare })).out, `::error file=${folder}/b.yaml,line=6,`);
  t.notMatch((await play({ scenarios: [folder] }, { env: {} })).out, '::error');
  const mistake = join(t.testdir({ 'c.yaml': `${head}steps:\n  - readClok:\n` }), 'c.yaml');
  const wrong = await play({ scenarios: [mistake] }, { env: bare });
  t.match(wrong, {
    code: 2,
    out: `::error file=${mistake},line=4,col=5,title=scenario file::unknown key "readClok" (did you mean "readClock"?)\n`,
  });
  t.equal((await play({ scenarios: [mistake] }, { env: {} })).out, '');
});

t.test('on a terminal a line says how far it has come, in a pipe none does', async (t) => {
  const folder = t.testdir({ 'a.yaml': good, 'b.yaml': good });
  const { out } = await play({ scenarios: [folder] }, { terminal: true });
  const clear = '\r\x1b[2K';
  t.equal(
    out,
    `${clear}0 of 2: 0 passed` +
      `${clear}ok   a  1 step\n0 of 2: 0 passed${clear}1 of 2: 1 passed` +
      `${clear}ok   b  1 step\n1 of 2: 1 passed${clear}2 of 2: 2 passed` +
      `${clear}${clear}2 passed\n`,
  );
  t.notMatch((await play({ scenarios: [folder] })).out, '\r');
});

t.test('with --verbose an answer that is not to come is told as such', async (t) => {
  const text = `${head}market: SE\noutcomes: [{ on: createSession, fault: { close: true } }]\nsteps:\n  - createSession: { body: {} }\n    expect: { status: $absent }\n`;
  const { code, out } = run('replay', '--verbose', t.testdir({ 'a.yaml': text }));
  t.equal(await code, 0, out());
  t.match(out(), /createSession {2}POST \/payments\/v1\/sessions\n {5}no answer, as expected\n/);
  t.notOk(existsSync('report.html'));
});
