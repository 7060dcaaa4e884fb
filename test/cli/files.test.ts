import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { appendFileFor, makeFolderFor, readFileFor, writeFileFor } from '../../src/cli/files.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const OLD = 'old\n';

t.test('a file is replaced as a whole, with its folders, rights and links', async (t) => {
  const folder = t.testdir({ 'a.txt': OLD });
  const file = join(folder, 'a.txt');
  chmodSync(file, 0o640);
  linkSync(file, join(folder, 'witness.txt'));
  symlinkSync('a.txt', join(folder, 'link.txt'));
  await writeFileFor('--out', join(folder, 'link.txt'), 'new\n');
  t.equal(readFileSync(file, 'utf8'), 'new\n', 'a link leads to it');
  t.equal(readFileSync(join(folder, 'witness.txt'), 'utf8'), OLD, 'nothing was written into the old one');
  t.equal(statSync(file).mode & 0o777, 0o640);
  await writeFileFor('--out', join(folder, 'deep/er/b.txt'), 'b');
  t.equal(readFileSync(join(folder, 'deep/er/b.txt'), 'utf8'), 'b');
  t.strictSame(readdirSync(folder).sort(), ['a.txt', 'deep', 'link.txt', 'witness.txt'], 'nothing is left beside it');
});

t.test('what is no file of the disk is written to as it is', async (t) => {
  const folder = t.testdir({});
  // It is a device, or a file that a container has put there.
  const whichIs = ({ ino, mode, rdev }: Stats) => ({ ino, mode, rdev });
  const before = whichIs(statSync('/dev/null'));
  await writeFileFor('--report', '/dev/null', 'x');
  t.strictSame(whichIs(statSync('/dev/null')), before, 'nothing else was put in its place');
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  await t.rejects(writeFileFor('--report', pipe, 'x'), {
    name: 'CannotRun',
    message: /pipe cannot be written \(ENXIO\)$/,
  });
  const reader = spawn('cat', [pipe]);
  const read = text(reader.stdout);
  // Until somebody reads, it is refused.
  for (;;) {
    const refused = await writeFileFor('--report', pipe, 'x'.repeat(200_000)).catch(() => true);
    if (!refused) break;
    await new Promise(setImmediate);
  }
  t.equal((await read).length, 200_000);
  t.ok(statSync(pipe).isFIFO());
});

/** Runs the command as a process of its own, whose files may hold as many kilobytes. */
async function limited(kilobytes: number, env: Record<string, string>, ...args: string[]) {
  const script = `import { main } from ${JSON.stringify(import.meta.resolve('../../src/cli/main.js'))};
    process.exitCode = await main(process.argv.slice(1));`;
  const words = [
    '-c',
    `ulimit -f ${kilobytes}; exec "$@"`,
    'bash',
    process.execPath,
    '--input-type=module',
    '-e',
    script,
  ];
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...clean } = process.env;
  const child = spawn('bash', [...words, '--', ...args], {
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, 'exit');
  return { code, out: await out, err: await err };
}

t.test('a disk that takes no more leaves the old file as it was, and the others are written', async (t) => {
  const folder = t.testdir({ 'report.json': OLD, 'report.html': OLD, 'base.json': OLD, summary: OLD });
  const at = (name: string) => join(folder, name);
  const { code, err } = await limited(
    1,
    { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: at('summary') },
    ...['replay', 'mixed-payments/subscription', '--report', `html=${at('report.html')},junit=${at('junit.xml')}`],
  );
  t.equal(code, 2);
  t.match(err, /^mock-klarna: --report: \S+report\.html cannot be written \(EFBIG\)\n$/);
  t.equal(readFileSync(at('report.html'), 'utf8'), OLD);
  t.match(readFileSync(at('junit.xml'), 'utf8'), /<\/testsuites>\s*$/, 'what fits is there as a whole');
  t.match(readFileSync(at('summary'), 'utf8'), /^old\n## Replay: 1 passed/);
  t.strictSame(readdirSync(folder).sort(), ['base.json', 'junit.xml', 'report.html', 'report.json', 'summary']);
});

t.test('a process that is killed while it writes leaves the old file or the new one', async (t) => {
  const folder = t.testdir({ 'a.txt': OLD });
  const file = join(folder, 'a.txt');
  const size = 8 * 1024 * 1024;
  const script = `import { writeFileFor } from ${JSON.stringify(import.meta.resolve('../../src/cli/files.js'))};
    process.stdout.write('.');
    for (;;) await writeFileFor('--out', ${JSON.stringify(file)}, 'x'.repeat(${size}));`;
  for (let after = 1; after <= 6; after++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    for (let turn = 0; turn < after * 80; turn++) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const found = readFileSync(file, 'utf8').length;
    t.ok(found === OLD.length || found === size, `${found} characters`);
  }
});

/** Everything that may stand in the place of a file, with the words of the refusal. */
async function others(t: Test) {
  const folder = t.testdir({ folder: {}, 'binary.yaml': Buffer.from([0x74, 0xff, 0xfe]) });
  const at = (name: string) => join(folder, name);
  // The path of a socket may have a hundred signs.
  const short = mkdtempSync(join(tmpdir(), 'mk-'));
  const server = createServer().listen(join(short, 'socket'));
  await once(server, 'listening');
  t.teardown(() => server.close(() => rmSync(short, { recursive: true })));
  symlinkSync(join(short, 'socket'), at('socket.yaml'));
  spawnSync('mkfifo', [at('pipe.yaml')]);
  symlinkSync('loop.yaml', at('loop.yaml'));
  symlinkSync('/dev/zero', at('device.yaml'));
  mkdirSync(at('folder.yaml'));
  writeFileSync(at('huge.yaml'), '');
  truncateSync(at('huge.yaml'), 65 * 1024 * 1024);
  return {
    [at('none.yaml')]: /no such file|cannot be read \(ENOENT|is neither/,
    [at('folder.yaml')]: /is a folder, not a file|no file in|is neither|nothing to replay|no \.yaml/,
    [at('pipe.yaml')]: /is a pipe, not a file|is neither/,
    [at('socket.yaml')]: /is a socket, not a file|is neither/,
    [at('device.yaml')]: /is a device, not a file|is neither/,
    [at('loop.yaml')]: /cannot be read \(ELOOP|no such file|is neither/,
    [at('huge.yaml')]: /more than 1 MB|is larger than 64 MB/,
    [at('binary.yaml')]: /not UTF-8|cannot be read \(|no certificate in PEM/,
  };
}

t.test('whatever stands in the place of a file to read, a command ends at once with 2 and one line', async (t) => {
  const { url, close } = await startServer({ port: 0 });
  t.teardown(close);
  const commands: Record<string, (file: string) => string[]> = {
    'serve --merchants': (file) => ['serve', '--port', '0', '--merchants', file],
    'serve --tls-cert': (file) => ['serve', '--port', '0', '--tls-cert', file, '--tls-key', file],
    'serve --scenario': (file) => ['serve', '--port', '0', '--scenario', file],
    replay: (file) => ['replay', file],
    'scenarios check': (file) => ['scenarios', 'check', file],
    'scenarios show': (file) => ['scenarios', 'show', file],
    'verify, cases': (file) => ['verify', file],
    'verify --baseline': (file) => ['verify', 'payments/sessions', '--baseline', file],
    'report --baseline': (file) => ['report', '--url', url, '--baseline', file],
    'drift, a side': (file) => ['drift', file, url],
    'drift --baseline': (file) => ['drift', url, url, '--baseline', file],
    'record --baseline': (file) => ['record', '--target', url, '--out', 'unused', '--baseline', file],
  };
  const kinds = await others(t);
  for (const [name, args] of Object.entries(commands)) {
    for (const [file, says] of Object.entries(kinds)) {
      // A folder of no scenarios is one, and there is nothing in it to judge.
      if (/replay|cases/.test(name) && file.endsWith('folder.yaml')) continue;
      const { code, out, err } = run(...args(file));
      t.equal(await code, 2, `${name} ${file}`);
      t.match(err(), /^[^\n]+\n$/, `${name} ${file}: in one line`);
      t.match(err(), says, `${name} ${file}`);
      t.equal(out(), '');
    }
  }
  // Of files that can be read, but are no recordings, the report tells.
  for (const option of ['har', 'cassette', 'pact']) {
    for (const [file, says] of Object.entries(kinds)) {
      if (/huge|binary/.test(file)) continue;
      const { code, err } = run('verify', `--${option}`, file);
      t.equal(await code, 2, `--${option} ${file}`);
      t.match(err(), says);
      t.match(err(), /^mock-klarna: [^\n]+\n$/, 'one line');
    }
  }
});

t.test('in a folder of recordings, what is no file is told and the rest is judged', async (t) => {
  const folder = t.testdir({ 'empty.har': '{"log":{"entries":[]}}', 'sub.har': {} });
  spawnSync('mkfifo', [join(folder, 'pipe.har')]);
  symlinkSync('loop.har', join(folder, 'loop.har'));
  const { code, out, err } = run('verify', '--har', folder);
  t.notMatch(err(), / at /);
  await code;
  t.match(out(), /not judged \S+pipe\.har: is a pipe, not a file/);
  t.match(out(), /not judged \S+sub\.har: is a folder, not a file/);
  t.match(out(), /not judged \S+loop\.har: cannot be read \(ELOOP\)/);
});

t.test('whatever stands in the place of a file to write, a command ends with 2 and one line', async (t) => {
  const { url, close } = await startServer({ port: 0, seed: 'files' });
  t.teardown(close);
  const headers = {
    authorization: `Basic ${Buffer.from('shop:x').toString('base64')}`,
    'content-type': 'application/json',
  };
  await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers, body: '{}' });
  const folder = t.testdir({ file: OLD, folder: {} });
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('loop', join(folder, 'loop'));
  const commands: Record<string, (file: string) => string[]> = {
    'save --out': (file) => ['save', '--target', url, '--out', file],
    'replay --report': (file) => ['replay', 'mixed-payments/subscription', '--report', `json=${file}`],
    'report --report': (file) => ['report', '--url', url, '--report', `json=${file}`],
    'report --write-baseline': (file) => ['report', '--url', url, '--write-baseline', file],
    'report --write-pact': (file) => ['report', '--url', url, '--username', 'shop', '--write-pact', file],
    'verify --report': (file) => ['verify', 'payments/sessions', '--report', `json=${file}`],
    'drift --report': (file) => ['drift', url, url, 'payments/sessions', '--report', `json=${file}`],
  };
  for (const [name, args] of Object.entries(commands)) {
    const all = ['folder', 'pipe', 'loop', 'file/below', '/dev/full'];
    for (const file of /^(?:save|replay)/.test(name) ? all : all.slice(-2)) {
      const { code, err } = run(...args(file.startsWith('/') ? file : join(folder, file)));
      t.equal(await code, 2, `${name} ${file}`);
      t.match(err(), /^mock-klarna: --[\w-]+: \S+ cannot be written \(\w+\)\n$/, `${name} ${file}`);
    }
  }
  t.equal(readFileSync(join(folder, 'file'), 'utf8'), OLD);
  t.strictSame(readdirSync(folder).sort(), ['file', 'folder', 'loop', 'pipe'], 'nothing is left beside them');
});

t.test('a summary of the job that cannot be written is no finding, and costs no report', async (t) => {
  const folder = t.testdir({ 'r.json': OLD, folder: {} });
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  for (const summary of ['folder', 'none/summary', 'pipe', '/dev/full']) {
    const path = summary.startsWith('/') ? summary : join(folder, summary);
    for (const [name, value] of Object.entries({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path })) {
      process.env[name] = value;
      t.teardown(() => {
        delete process.env[name];
      });
    }
    writeFileSync(join(folder, 'r.json'), OLD);
    for (const args of [
      ['replay', 'mixed-payments/subscription'],
      ['verify', 'payments/sessions'],
    ]) {
      const { code, err } = run(...args, '--report', `json=${join(folder, 'r.json')}`);
      t.equal(await code, 2, summary);
      t.match(err(), /^mock-klarna: GITHUB_STEP_SUMMARY: \S+ cannot be written \(\w+\)\n$/);
      t.equal(typeof JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')), 'object');
    }
  }
});

t.test('folders are made, and files read, or the option is told', async (t) => {
  const folder = t.testdir({ file: OLD });
  await makeFolderFor('--out', join(folder, 'a/b'));
  t.ok(existsSync(join(folder, 'a/b')));
  await t.rejects(makeFolderFor('--out', join(folder, 'file')), {
    message: /^--out: \S+file cannot be made \(EEXIST\)$/,
  });
  t.equal(await readFileFor('--baseline', join(folder, 'file')), OLD);
  await appendFileFor('SUMMARY', join(folder, 'file'), 'more\n');
  await appendFileFor('SUMMARY', join(folder, 'fresh'), 'more\n');
  t.equal(readFileSync(join(folder, 'file'), 'utf8'), 'old\nmore\n');
  t.equal(readFileSync(join(folder, 'fresh'), 'utf8'), 'more\n');
});
