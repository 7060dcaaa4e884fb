import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { verifyFiles } from '../../src/cli/recordings.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { recorder, tellStory, withoutShopper, writers } from '../verify/story.js';
import { run } from './run.js';

async function sandbox(t: Test) {
  const { url, close } = await startServer({ port: 0, seed: 'files' });
  t.teardown(close);
  return url;
}

/** Writes a recording of our own. */
async function record(t: Test, file: string): Promise<void> {
  const seen = withoutShopper(await tellStory(await sandbox(t)));
  writeFileSync(file, JSON.stringify(writers.har?.(seen)));
}

t.test('recordings are judged in the place of the cases', async (t) => {
  const folder = t.testdir({ 'b.json': '{}', 'p.json': '{}' });
  await record(t, join(folder, 'a.har'));
  const { code, out } = run(
    'verify',
    '--har',
    join(folder, 'a.har'),
    '--cassette',
    folder,
    '--pact',
    join(folder, 'p.json'),
  );
  t.equal(await code, 0, out());
  t.match(out(), /^not judged \S+b\.json: is no recording/m);
  t.match(out(), /^not judged \S+p\.json: is no Pact file/m);
  t.match(out(), /: no findings; 2\d judged, 3 not judged\n$/);
  const both = run('verify', 'gateway', '--har', join(folder, 'a.har'));
  t.equal(await both.code, 0, both.out());
  t.match(both.out(), /: no findings; [34]\d judged/);
});

t.test('what cannot be judged at all', async (t) => {
  const folder = t.testdir({ 'a.har': '{}' });
  const stranger = createServer((_, response) => response.writeHead(418).end());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  t.teardown(() => stranger.close());
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  const cases: [string[], RegExp][] = [
    [['--har', join(folder, 'none.har')], /^mock-klarna: --har: \S+none\.har cannot be read \(ENOENT\)\n$/],
    [['--pact', folder], /^mock-klarna: --pact: no file in /],
    [
      ['--har', join(folder, 'a.har'), '--target', url, '--username', 'a', '--password', 'b'],
      /judged beside a sandbox; leave --target out/,
    ],
  ];
  for (const [args, pattern] of cases) {
    const { code, err } = run('verify', ...args);
    t.equal(await code, 2);
    t.match(err(), pattern);
  }
  const nothing = run('verify', '--har', join(folder, 'a.har'));
  t.equal(await nothing.code, 2);
  t.match(nothing.err(), /^failed: nothing was judged\n$/);
});

t.test('a terminal shows how far it has come', async (t) => {
  const file = join(t.testdir({}), 'a.har');
  await record(t, file);
  let written = '';
  const stdout = { write: (text: string) => (written += text), isTTY: true };
  const target = { url: await sandbox(t), username: 'verify', password: 'verify' };
  const files = { recordings: [file], pacts: [] };
  const verified = await verifyFiles(files, { target, sandbox: true }, stdout);
  t.strictSame(
    verified.map(({ findings }) => findings),
    [[]],
    'of recordings alone, since there is no Pact file',
  );
  t.match(written, /1 of 1 recordings, 0 findings/);
});

t.test('report --pact writes what the journal saw, which verify --pact finds right', async (t) => {
  const url = await sandbox(t);
  const seen = await tellStory(url);
  const { ask } = recorder(url);
  await ask('POST /payments/v1/sessions', { purchase_country: 'SE', billing_address: { email: 'elsa@example.org' } });
  const harness = { 'mock-klarna-harness': 'replay' };
  await ask('DELETE /payments/v1/authorizations/of-the-harness', undefined, { headers: harness });
  const file = join(t.testdir({}), 'pacts', 'shop.json');
  const report = run('report', '--target', url, '--username', 'shop', '--write-pact', file);
  t.equal(await report.code, 1);
  t.notMatch(report.err(), 'pact');
  const text = readFileSync(file, 'utf8');
  t.notMatch(text, 'cancelAuthorization');
  t.notMatch(text, /elsa|secret|"Authorization"|Mock-Klarna/);
  const { interactions } = JSON.parse(text);
  t.ok(interactions.length > 15 && interactions.length < seen.length);
  const verified = run('verify', '--pact', file, '--fail-on', 'warning');
  t.equal(await verified.code, 0, verified.out());

  const empty = run('report', '--url', url, '--merchant', 'nobody', '--pact', `${file}.2`);
  t.equal(await empty.code, 2);
  t.match(empty.err(), /^--write-pact: not written, since nothing of it is in the journal of nobody\n/);
  t.notOk(existsSync(`${file}.2`));
  const unnamed = run('report', '--url', url, '--pact', file);
  t.equal(await unnamed.code, 2);
  t.match(unnamed.err(), /name it with --username/);
});
