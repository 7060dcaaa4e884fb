import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CannotRun } from '../../src/cli/io.js';
import { certifiedBy } from '../../src/cli/tls.js';
import { makePair } from '../../src/server/tls/pair.js';
import t from '../tap.js';
import { ready, run } from './run.js';

const NOW = Date.UTC(2026, 0, 31, 12);
const YEAR = 365 * 86_400_000;
const at = (now: number, env = {}) => ({ now: () => now, env });

t.test('a certificate is made once and kept, with a key that its owner alone reads', async (t) => {
  const folder = join(t.testdir({}), 'kept', 'here');
  const first = await certifiedBy({ tls: folder }, at(NOW));
  t.equal(first?.caFile, join(folder, 'tls', 'ca.pem'));
  t.strictSame(readdirSync(join(folder, 'tls')).sort(), ['ca.pem', 'cert.pem', 'key.pem']);
  t.equal(statSync(join(folder, 'tls', 'key.pem')).mode & 0o077, 0);
  t.strictSame(await certifiedBy({ tls: folder }, at(NOW + 300 * 86_400_000)), first, 'it is used again');
  const later = await certifiedBy({ tls: folder }, at(NOW + YEAR));
  t.not(later?.cert, first?.cert, 'a new one comes before its end');
  t.equal(readFileSync(join(folder, 'tls', 'cert.pem'), 'utf8'), later?.cert);
  writeFileSync(join(folder, 'tls', 'key.pem'), 'broken');
  t.not((await certifiedBy({ tls: folder }, at(NOW + YEAR)))?.cert, later?.cert, 'or where the files are broken');
  t.strictSame(readdirSync(folder), ['tls'], 'nothing is left beside it');
});

t.test('commands that start at once come to the same certificate', async (t) => {
  const folder = t.testdir({});
  const all = await Promise.all(Array.from({ length: 4 }, () => certifiedBy({ tls: folder }, at(NOW))));
  t.equal(new Set(all.map((each) => each?.cert)).size, 1);
  t.strictSame(readdirSync(folder), ['tls']);
});

t.test('without a folder it is in the cache of the user', async (t) => {
  const folder = t.testdir({});
  const made = await certifiedBy({ tls: true }, at(NOW, { XDG_CACHE_HOME: folder }));
  t.equal(made?.caFile, join(folder, 'mock-klarna', 'tls', 'ca.pem'));
  const local = await certifiedBy({ tls: true }, at(NOW, { XDG_CACHE_HOME: '', LOCALAPPDATA: folder }));
  t.strictSame(local, made, 'which has another name on other systems');
  t.equal(await certifiedBy({}, at(NOW)), undefined);
  t.equal(await certifiedBy({ tls: false }, at(NOW)), undefined);
});

t.test('a certificate and a key that are given are taken, if they are that', async (t) => {
  const [pair, other] = await Promise.all([makePair(NOW), makePair(NOW)]);
  const folder = t.testdir({ 'c.pem': pair.cert, 'k.pem': pair.key, 'o.pem': other.key, 'x.pem': 'x', file: '' });
  const file = (name: string) => join(folder, name);
  const given = (tlsCert?: string, tlsKey?: string) =>
    certifiedBy({ ...(tlsCert && { tlsCert: file(tlsCert) }), ...(tlsKey && { tlsKey: file(tlsKey) }) });
  t.strictSame(await given('c.pem', 'k.pem'), { cert: pair.cert, key: pair.key });
  const refused: [() => Promise<unknown>, RegExp][] = [
    [() => given('c.pem'), /^--tls-cert and --tls-key go together/],
    [() => given(undefined, 'k.pem'), /^--tls-cert and --tls-key go together/],
    [() => given('none.pem', 'k.pem'), /^--tls-cert: \S*none\.pem cannot be read \(ENOENT\)$/],
    [() => given('c.pem', '.'), /^--tls-key: \S* is a folder, not a file$/],
    [() => given('x.pem', 'k.pem'), /^--tls-cert: \S*x\.pem is no certificate in PEM$/],
    [() => given('c.pem', 'x.pem'), /^--tls-key: \S*x\.pem is no private key in PEM/],
    [() => given('c.pem', 'o.pem'), /^--tls-key: \S*o\.pem is not the key of \S*c\.pem$/],
    [
      () => certifiedBy({ tls: file('file') }),
      /^--tls: the certificate cannot be kept in \S*file .* name another folder/,
    ],
  ];
  for (const [read, message] of refused) {
    const error = await read().catch((error: unknown) => error);
    t.ok(error instanceof CannotRun, String(error));
    t.match((error as Error).message, message);
  }
});

t.test('serve tells where it answers by TLS, and how clients trust it', async (t) => {
  const folder = t.testdir({});
  const running = run('--port', '0', '--tls', folder, '--tls-port', '0');
  t.teardown(async () => {
    running.stop();
    await running.code;
  });
  await ready(running);
  const ca = join(folder, 'tls', 'ca.pem');
  t.ok(existsSync(ca));
  t.match(running.out(), /\nTLS: https:\/\/127\.0\.0\.1:\d+\n/);
  t.match(running.out(), `Trust it: NODE_EXTRA_CA_CERTS=${ca} node …, curl --cacert ${ca} …`);
  const json = run('--port', '0', '--tls', folder, '--tls-port', '0', '--json');
  const [line] = await json.wrote(/^\{.*\}\n/);
  t.match(JSON.parse(line), { ready: /^http:/, tls: /^https:/, ca });
  json.stop();
  await json.code;
});

t.test('a port of TLS that is taken is told as such', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  const { code, err } = run('--port', '0', '--tls', t.testdir({}), '--tls-port', String(port));
  t.equal(await code, 2);
  t.equal(
    err(),
    `mock-klarna: port ${port} on 127.0.0.1 is taken; choose another with --tls-port, or --tls-port 0 for any free one\n`,
  );
});
