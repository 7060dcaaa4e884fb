import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ConclusionWorld, conclude, readConclusion } from '../../src/cli/conclude.js';
import { report } from '../../src/cli/report.js';
import { type Server, startServer } from '../../src/server/start.js';
import { clean, found, sample } from '../report/sample.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

type Options = Parameters<typeof startServer>[0];

/** A sandbox, and a shop that asks it for a session: with a field that Klarna does not know when it is careless. */
async function sandbox(t: Test, options: Partial<Options> = {}) {
  const server: Server = await startServer({ port: 0, seed: 'report', ...options });
  t.teardown(server.close);
  const shop = async (name: string, { careless = false } = {}) => {
    const headers = {
      authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({
      purchase_country: 'SE',
      purchase_currency: 'SEK',
      locale: 'sv-SE',
      order_amount: 100,
      order_tax_amount: 0,
      order_lines: [
        { name: 'Boots', quantity: 1, unit_price: 100, total_amount: 100, tax_rate: 0, total_tax_amount: 0 },
      ],
      ...(careless && { purchase_contry: 'SE' }),
    });
    const answer = await fetch(`${server.url}/payments/v1/sessions`, { method: 'POST', headers, body });
    t.equal(answer.status, 200);
  };
  return { url: server.url, shop };
}

const basicOf = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}` });

/** Runs what ends a command; gives its code and what it wrote. */
async function end(
  options: Parameters<typeof readConclusion>[0],
  given = sample(),
  more: Partial<ConclusionWorld> = {},
) {
  const written = { out: '', err: '' };
  const world = {
    stdout: { write: (text: string) => (written.out += text) },
    stderr: { write: (text: string) => (written.err += text) },
    ...more,
  };
  const code = await conclude(given, await readConclusion(options, { covers: true }), world);
  return { code, ...written };
}

t.test('a sandbox that has seen nothing is a failure', async (t) => {
  const { url } = await sandbox(t);
  const { code, out, err } = run('report', '--url', url);
  t.equal(await code, 2);
  t.match(out(), /: no findings; 0 judged; 0 % covered\n/);
  t.equal(err(), 'failed: nothing was judged\n');
});

t.test('the report of one merchant, or of all of them', async (t) => {
  const { url, shop } = await sandbox(t);
  await shop('boots');
  await shop('shoes', { careless: true });
  const boots = run('report', '--url', url, '--merchant', 'boots');
  t.equal(await boots.code, 0, boots.out() + boots.err());
  t.notMatch(boots.out(), 'purchase_contry');
  t.match(boots.out(), /^What boots did \(sandbox\): .*; 1 judged; Klarna Payments \d+ % covered$/m);
  const shoes = run('report', '--url', `${url}/`, '--merchant', 'shoes');
  t.equal(await shoes.code, 1);
  t.equal(shoes.err(), 'failed: 1 violation (--fail-on violation)\n');
  t.match(boots.out(), /^never called: 5 operations of Klarna Payments$/m);
  t.match(boots.out(), /^never used: Klarna Customer Token, Klarna Hosted Payment Page, Klarna Order Management$/m);
  t.match(shoes.out(), /^violation {2}contract\/\S+ {2}createSession {2}exchange 1\n {11}.*purchase_contry/m);
  const all = run('report', '--url', url);
  await all.code;
  t.match(all.out(), / {2}exchange 1 of shoes\n/);
  t.match(all.out(), /; 2 judged; /);
  const again = run('report', '--url', url);
  await again.code;
  t.equal(again.out(), all.out(), 'to look changes nothing');
  t.notMatch(all.out(), url);
});

t.test('--off leaves checks out, --fail-on says what counts', async (t) => {
  const { url, shop } = await sandbox(t);
  await shop('shoes', { careless: true });
  const strict = run('report', '--url', url, '--fail-on', 'warning');
  t.equal(await strict.code, 1);
  t.equal(strict.err(), 'failed: 1 violation (--fail-on warning)\n');
  const [, check] = /(contract\/\S+) .*\n.*purchase_contry/.exec(strict.out()) ?? [];
  const off = run('report', '--url', url, '--off', `${check}`);
  t.equal(await off.code, 0);
  t.notMatch(off.out(), 'purchase_contry');
  const covered = run('report', '--url', url, '--fail-on', 'violation, coverage=100', '--fail-on', 'note');
  t.equal(await covered.code, 1);
  t.match(
    covered.err(),
    /^failed: 1 violation \(--fail-on note\); Klarna Payments \d+ % covered \(--fail-on coverage=100\)\n$/,
  );
});

t.test("what the harness sends is no shop's, whichever command it is", async (t) => {
  const { url, shop } = await sandbox(t);
  const played = run('replay', 'mix-subscription', '--target', url, '--username', 'shoes');
  t.equal(await played.code, 0, played.out() + played.err());
  const verified = run('verify', 'gateway/wrong-method', '--generate', '1', '--target', url);
  await verified.code;
  const compared = run('drift', url, url, 'payments/sessions/create-refused-empty');
  t.equal(await compared.code, 0, compared.out() + compared.err());
  const nobody = run('report', '--url', url);
  t.equal(await nobody.code, 2);
  t.match(nobody.err(), 'failed: nothing was judged');
  t.match(nobody.out(), /^not judged \d+ exchanges of 1 merchant: sent by replay, and not by a shop$/m);
  t.match(nobody.out(), /^not judged \d+ exchanges of \d+ merchants: sent by verify, and not by a shop$/m);
  t.match(nobody.out(), /^not judged \d+ exchanges of 2 merchants: sent by drift, and not by a shop$/m);
  t.match(nobody.out(), /: no findings; 0 judged, 3 not judged; 0 % covered$/m);

  await shop('boots');
  const boots = run('report', '--url', url);
  t.equal(await boots.code, 0, boots.out());
  t.match(boots.out(), /; 1 judged, 3 not judged; Klarna Payments \d+ % covered$/m);
  const [name] =
    /shoes\.[\w.-]+/.exec(
      await (await fetch(`${url}/sandbox/v1/report?merchants=all`, { headers: basicOf('x') })).text(),
    ) ?? [];
  t.equal(name, undefined, 'nothing is said of it');
});

t.test('SARIF places what has no file where the source of the shop calls Klarna', async (t) => {
  const { url, shop } = await sandbox(t);
  await shop('boots', { careless: true });
  const folder = t.testdir({
    shop: { 'pay.js': '// Klarna\nawait post("/payments/v1/sessions", cart);\n', 'tax.js': '' },
  });
  const placed = async (...args: string[]) => {
    const file = join(folder, 'report.sarif');
    const { code, err } = run('report', '--url', url, '--report', `sarif=${file}`, ...args);
    t.equal(await code, 1, err());
    const [result] = JSON.parse(readFileSync(file, 'utf8')).runs[0].results;
    const [{ physicalLocation }] = result.locations;
    return { uri: physicalLocation.artifactLocation.uri, line: physicalLocation.region.startLine };
  };
  const shown = await placed('--source-root', join(folder, 'shop'));
  t.match(shown, { uri: /\/shop\/pay\.js$/, line: 2 });
  t.match(await placed(), { uri: /^src\//, line: Number }, 'this folder unless given');
  const none = run('report', '--url', url, '--source-root', join(folder, 'none'));
  t.equal(await none.code, 2);
  t.match(none.err(), /^mock-klarna: --source-root: \S+none is no folder; name the one of the shop's source\n$/);
});

t.test('SARIF names files by their paths in the workspace', async (t) => {
  const folder = t.testdir({ 'shop.js': 'post("/payments/v1/sessions")' });
  const findings = [
    found(),
    found({ where: { file: join(folder, 'a.har'), line: 3 } }),
    found({ where: { file: 'b.har' } }),
  ];
  const file = join(folder, 'report.sarif');
  const options = { report: [`sarif=${file}`], sourceRoot: folder };
  await end(options, clean({ findings }), { env: { GITHUB_WORKSPACE: folder } });
  const { results } = JSON.parse(readFileSync(file, 'utf8')).runs[0];
  const uris: string[] = results.map(
    ({ locations: [location] }: any) => location.physicalLocation.artifactLocation.uri,
  );
  t.matchLists(uris.sort(), ['a.har', /^file:\/\/\/.*\/b\.har$/, 'shop.js'], 'what lies outside by its whole path');
});

t.test('--off leaves checks out for some merchants', async (t) => {
  const { url, shop } = await sandbox(t);
  await shop('boots', { careless: true });
  await shop('wrong.on.purpose', { careless: true });
  const off = run('report', '--url', url, '--off', 'unknown-field@wrong.*');
  t.equal(await off.code, 1);
  t.match(off.out(), / {2}exchange 1 of boots\n/);
  t.notMatch(off.out(), 'wrong.on.purpose');
  const all = run('report', '--url', url, '--off', '*@wrong.*', '--off', '*@b*ts');
  t.equal(await all.code, 0, all.out());
  t.match(all.out(), /: no findings; 2 judged; Klarna Payments /);
  const one = run('report', '--url', url, '--merchant', 'boots', '--off', 'unknown-field@wrong.*');
  t.equal(await one.code, 1);
  for (const [word, message] of [
    ['unknown-feld@boots', /off: given unknown-feld, which is no check \(did you mean "unknown-field"\?\)/],
    ['unknown-field@', /off: given unknown-field@, which names no merchant; expected unknown-field@NAME/],
    ['*', /off: given \*, which is no check/],
  ] as const) {
    const { code, err } = run('report', '--url', url, '--off', word);
    t.equal(await code, 2);
    t.match(err(), message);
  }
});

t.test('a sandbox with a merchants file tells each merchant of itself', async (t) => {
  const { url, shop } = await sandbox(t, { merchants: [{ username: 'boots', password: 'secret' }] });
  await shop('boots');
  const boots = run('report', '--url', url, '--merchant', 'boots');
  t.equal(await boots.code, 0, boots.err());
  for (const [args, message] of [
    [[], /knows its merchants: name one with --username and --password/],
    [['--merchant', 'boots', '--password', 'x'], /does not know --username boots by that --password/],
  ] as const) {
    const { code, err } = run('report', '--url', url, ...args);
    t.equal(await code, 2);
    t.match(err(), message);
    t.match(err(), /^mock-klarna: [^\n]+\n$/, 'one line');
  }
});

t.test('what cannot run says why in one line and exits with 2', async (t) => {
  const stranger = createServer((_, response) => response.writeHead(200).end('<html>'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  t.teardown(() => stranger.close());
  const { port } = stranger.address() as AddressInfo;
  const { url, shop } = await sandbox(t);
  await shop('boots');
  const folder = t.testdir({ file: '', 'broken.json': '[', 'other.json': '{}' });
  const cases: [string[], RegExp][] = [
    [['--url', 'localhost'], /Expected a base URL such as/],
    [['--url', 'http://a:b@h'], /Credentials go into --username and --password/],
    [
      ['--url', 'http://127.0.0.1:1'],
      /--target: http:\/\/127\.0\.0\.1:1 does not answer \(connect ECONNREFUSED.*\); is the sandbox running\? mock-klarna serve/,
    ],
    [['--url', `http://127.0.0.1:${port}`], /--target: \S+ is no sandbox; mock-klarna serve starts one/],
    [
      ['--off', 'practice/charge-without-kye'],
      /off: given practice\/charge-without-kye, .*practice\/charge-without-key/,
    ],
    [['--off', 'a${b}'], /off: given a\$\{b\}, which is no check/],
    [['--fail-on', 'violatoin'], /--fail-on: given "violatoin", expected one of .* \(did you mean "violation"\?\)/],
    [['--fail-on', 'coverage=101'], /--fail-on: given "coverage=101", expected one of violation, warning, note, cov/],
    [['--baseline', `${folder}/none.json`], /--baseline: \S+none\.json cannot be read \(ENOENT/],
    [['--baseline', `${folder}/broken.json`], /--baseline: \S+broken\.json cannot be read \(Unexpected end/],
    [['--baseline', `${folder}/other.json`], /other\.json cannot be read \(expected a list of findings/],
    [['--write-baseline', `${folder}/file/b.json`], /--write-baseline: \S+ cannot be written \((ENOTDIR|EEXIST)\)/],
    [['--report', 'xlsx=a'], /--report: unknown format xlsx; there are html, junit, json, md, sarif/],
    [['--report', `md=${folder}/file/x.md`], /--report: \S+ cannot be written \((ENOTDIR|EEXIST)\)/],
    [['extra'], /too many arguments for 'report'/],
  ];
  for (const [args, message] of cases) {
    const { code, err } = run('report', '--url', url, ...args);
    t.equal(await code, 2, args.join(' '));
    t.match(err(), message);
    t.match(err(), /^mock-klarna: [^\n]+\n$/, 'one line');
  }
});

t.test('only what has a coverage can fail by it', async (t) => {
  await t.rejects(readConclusion({ failOn: ['coverage=80'] }), {
    message: '--fail-on: given "coverage=80", expected one of violation, warning, note',
  });
  t.matchLists(await readConclusion({}), { rules: [{ severity: 'violation' }], files: [] });
});

t.test('reports are written in every format, the same bytes each time', async (t) => {
  const { url, shop } = await sandbox(t);
  await shop('boots');
  const folder = t.testdir();
  const names = ['html', 'junit', 'json', 'md', 'sarif'];
  const play = async (out: string) => {
    const files = names.map((name) => `${name}=${join(folder, out, name)}`).join(',');
    const { code, out: told } = run('report', '--url', url, '--report', files);
    t.equal(await code, 0, told());
    return names.map((name) => readFileSync(join(folder, out, name), 'utf8'));
  };
  const first = await play('deep/a');
  t.strictSame(await play('b'), first);
  const { port } = new URL(url);
  for (const text of first) t.notMatch(text, `:${port}`, 'no port');
  t.match(JSON.parse(String(first[2])), { tool: 'report', judged: 1, coverage: { cells: Array } });
});

t.test('a baseline makes known what was found, and tells what is fixed', async (t) => {
  const file = join(t.testdir(), 'deep/baseline.json');
  const first = await end({ writeBaseline: file });
  t.equal(first.code, 0, 'what was just written is known');
  t.match(first.out, 'Shop (sandbox, merchant boots): no findings; 5 known, 0 fixed; 34 judged');
  const known = JSON.parse(readFileSync(file, 'utf8'));
  t.equal(known.length, 5);
  t.match(known[0], { fingerprint: String, check: 'contract/unknown-field', message: String });
  t.equal((await end({ baseline: file })).code, 0);
  const added = sample({
    findings: [found({ path: '$.new', message: 'not as it was' }), ...sample().findings.slice(1)],
  });
  const later = await end({ baseline: file }, added);
  t.equal(later.code, 1);
  t.equal(later.err, 'failed: 1 violation (--fail-on violation)\n');
  t.match(later.out, '$.new: not as it was');
  t.match(later.out, /^fixed {6}practice\/charge-without-key {2}/m);
  t.match(later.out, '1 violation; 4 known, 1 fixed;');
  t.equal((await end({ baseline: file, writeBaseline: file }, added)).code, 0);
  t.equal((await end({ baseline: file }, added)).code, 0, 'it was brought up to date');
  const before = readFileSync(file, 'utf8');
  t.equal((await end({ writeBaseline: file }, clean({ judged: 0 }))).code, 2);
  t.equal(readFileSync(file, 'utf8'), before, 'nothing judged is no reason to forget');
  t.equal((await end({ baseline: file }, clean({ findings: [] }))).code, 0);
});

t.test('an empty baseline knows nothing', async (t) => {
  const file = join(t.testdir({ 'b.json': '[]' }), 'b.json');
  const { code, out } = await end({ baseline: file });
  t.equal(code, 1);
  t.match(out, '; 0 known, 0 fixed;');
});

t.test('in GitHub Actions there are annotations and a summary of the job', async (t) => {
  const folder = t.testdir({ summary: 'before\n' });
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary'), GITHUB_WORKSPACE: process.cwd() };
  const { out } = await end({}, sample(), { env });
  t.match(out, /\n::error file=tests\/a b\.har,line=7,title=contract\/unknown-field createSession::field/);
  t.match(readFileSync(join(folder, 'summary'), 'utf8'), /^before\n## Shop: 2 violations/);
  const elsewhere = await end({}, sample(), { env: { ...env, GITHUB_ACTIONS: 'false' } });
  t.equal(elsewhere.out, (await end({}, sample(), { env: {} })).out);
  t.equal(readFileSync(join(folder, 'summary'), 'utf8').split('## Shop').length, 2, 'nothing is added elsewhere');
  t.notMatch(elsewhere.out, '::error');
  t.notMatch((await end({}, sample())).out, '::error');
});

t.test('what the sandbox does not do is told', async (t) => {
  const old = createServer((request, response) => {
    const health = request.url === '/sandbox/v1/health';
    response.writeHead(health ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(health ? { status: 'ok', version: '0.0.1' } : { error_code: 'NOT_FOUND' }));
  });
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
  t.teardown(() => old.close());
  const url = `http://127.0.0.1:${(old.address() as AddressInfo).port}`;
  const world = { stdout: { write() {} }, stderr: { write() {} } };
  await t.rejects(report({ target: url, password: 'x' }, world), {
    message: `${url}: readReport was refused with 404: {"error_code":"NOT_FOUND"}`,
  });
});

t.test('a mistake of our own is not taken for a refusal', async (t) => {
  const { url } = await sandbox(t);
  const password = {
    toString() {
      throw new RangeError('a slip');
    },
  };
  const world = { stdout: { write() {} }, stderr: { write() {} } };
  await t.rejects(report({ target: url, password: password as unknown as string }, world), { message: 'a slip' });
});
