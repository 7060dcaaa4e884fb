import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import t from '../tap.js';
import { until } from '../until.js';

const bin = fileURLToPath(new URL('../../bin/mock-klarna.js', import.meta.url));

/** Starts a script as a user does, without what the test runner puts into the environment of every process. */
function node(...args: string[]): ChildProcess {
  const clean = ['-u', 'NODE_OPTIONS', '-u', 'NODE_V8_COVERAGE'];
  const child = spawn('env', [...clean, process.execPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

const start = (...args: string[]) => node(bin, ...args);

async function ready(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [, url] = /^mock-klarna is ready at (\S+)$/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('ended without a ready line');
}

t.test('the command starts, answers and stops', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    t.test(`by ${signal}, even while a connection is open and nobody reads its output`, async (t) => {
      const child = start('--port', '0');
      const ended = once(child, 'exit');
      const url = await ready(child);
      child.stdout?.destroy();
      const answer = await fetch(`${url}/sandbox/v1/health`);
      t.match(await answer.json(), { status: 'ok' });
      child.kill(signal);
      t.strictSame(await ended, [0, null]);
    });
  }

  t.test('what is under way is answered first, and a second signal ends it at once', async (t) => {
    for (const [second, code] of [
      [undefined, 0],
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      const child = start('--port', '0');
      const ended = once(child, 'exit');
      const { hostname, port } = new URL(await ready(child));
      // Its body has not arrived when the signal comes.
      const socket = connect({ host: hostname, port: Number(port) });
      t.teardown(() => socket.destroy());
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk)).on('error', () => {});
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const body = JSON.stringify({ by: 'PT0S' });
      const head = `POST /sandbox/v1/clock/advance HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Basic YTpi\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      socket.write(head);
      await until(() => heard.startsWith('HTTP/1.1 100'), 'the request to be taken');
      child.kill('SIGTERM');
      await until(() => refuses(Number(port)), 'nothing new to be taken');
      if (second === undefined) {
        socket.write(body);
        await closed;
        t.match(heard, /HTTP\/1.1 200 OK[\s\S]*Connection: close[\s\S]*"now"/);
      } else child.kill(second);
      t.strictSame(await ended, [code, null], second ?? 'no second signal');
    }
  });

  t.test('a bad option ends it with 2', async (t) => {
    const child = start('--prot', '1');
    const [line] = await once(createInterface({ input: child.stderr as NodeJS.ReadableStream }), 'line');
    t.match(line, /^mock-klarna: unknown option '--prot'/);
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    t.equal(code, 2);
  });
});

t.test('a full disk below its output ends it with 2, and a line', async (t) => {
  const full = openSync('/dev/full', 'w');
  t.teardown(() => closeSync(full));
  for (const args of [['scenarios'], ['--port', '0'], ['--version']]) {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', full, 'pipe'] });
    t.teardown(() => child.kill('SIGKILL'));
    const [told, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')]);
    t.strictSame([code, told], [2, 'mock-klarna: the standard output cannot be written (ENOSPC)\n'], args.join(' '));
  }
});

/** Tells whether nobody listens on a port any more. */
const refuses = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true));
    socket.on('connect', () => socket.destroy());
  });

t.test('below npm and npx it ends with them, and elsewhere it runs on', async (t) => {
  const scripts = {
    start: `node ${bin} --port 0`,
    both: `node ${bin} --port 0 && echo over`,
    behind: `node ${bin} --port 0 & sleep 60 > /dev/null`,
  };
  const folder = t.testdir({
    'package.json': JSON.stringify({ name: 'shop', version: '1.0.0', scripts }),
    node_modules: { '.bin': { 'mock-klarna': t.fixture('symlink', bin) } },
  });
  const quiet = ['-u', 'NODE_OPTIONS', '-u', 'NODE_V8_COVERAGE', 'npm_config_update_notifier=false'];
  /** Starts a command; resolves with its process and the port of the sandbox below. */
  const below = async (...words: string[]) => {
    const child = spawn('env', [...quiet, ...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    t.teardown(() => kill(-(child.pid as number)));
    return { child, port: Number(new URL(await ready(child)).port) };
  };
  /** Waits until all that a command started has closed its output. */
  const over = ({ stdout }: ChildProcess) => once((stdout as NodeJS.ReadableStream).resume(), 'end');
  for (const [signal, ...words] of [
    ['SIGTERM', 'npm', 'start'],
    ['SIGKILL', 'npm', 'run', 'both'],
    ['SIGKILL', 'npm', 'run', 'behind'],
    ['SIGTERM', 'npx', '--no', '--', 'mock-klarna', '--port', '0'],
    ['SIGKILL', 'npx', '--no', '--', 'mock-klarna', '--port', '0'],
  ] as const) {
    const { child } = await below(...words);
    const ended = over(child);
    child.kill(signal);
    await ended;
    t.pass(`${words.join(' ')} by ${signal}`);
  }
  const behind = await below('npm_command=exec', 'sh', '-c', `node ${bin} --port 0 & wait`);
  const hungUp = await below('npm_command=exec', 'sh', '-c', `nohup node ${bin} --port 0 & wait`);
  const { child } = await below('npm', 'start');
  const ended = over(child);
  behind.child.kill('SIGKILL');
  process.kill(-(hungUp.child.pid as number), 'SIGHUP');
  child.kill('SIGKILL');
  await ended;
  for (const { port } of [behind, hungUp]) t.notOk(await refuses(port), 'the others have had as much time to end');
});

/** Ends what is left of a group of processes. */
function kill(group: number): void {
  try {
    process.kill(group, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}

t.test('what is built plays a scenario and reads YAML, with the libraries in its bundle', async (t) => {
  for (const words of [
    ['replay', 'mixed-payments/subscription'],
    ['verify', 'payments/sessions', '--generate', '1'],
  ]) {
    const child = start(...words);
    const [code] = await once(child, 'exit');
    t.equal(code, 0, words.join(' '));
  }
});

const built = (path: string) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

t.test('what is built says what of others is in it', async (t) => {
  const notices = readFileSync(built('THIRD-PARTY-NOTICES.txt'), 'utf8');
  const { components } = JSON.parse(readFileSync(built('bom.cdx.json'), 'utf8'));
  const names = components.map(({ name }: { name: string }) => name);
  for (const name of ['fastify', 'ajv', 'undici', 'yaml', 'luxon', 'libphonenumber-js', 'swagger-ui-dist']) {
    t.ok(names.includes(name), name);
    t.match(notices, new RegExp(`\\n${name} \\d+\\.\\d+\\.\\d+\\n`));
  }
  for (const name of ['cookie-lite', 'json-query', 'pactum']) t.notOk(names.includes(name), name);
});

t.test('what has a licence of its own is not in the bundle', async (t) => {
  // Words of their sources, which the build would leave as they are.
  const words = { 'cookie-lite': '([^=; ]+)=?([^;]+)?;?', 'json-query': 'tokenizedCache' };
  const files = readdirSync(built('.'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[cm]?js$/.test(file),
  );
  t.ok(files.includes('cli.js') && files.includes('index.cjs'));
  const texts = files.map((file) => readFileSync(built(file), 'utf8'));
  const notices = readFileSync(built('THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const [name, word] of Object.entries(words)) {
    const own = readFileSync(fileURLToPath(new URL(`../../node_modules/${name}/index.js`, import.meta.url)), 'utf8');
    t.ok(own.includes(word), `${name} can be told by its word`);
    t.notOk(
      texts.some((text) => text.includes(word)),
      name,
    );
    t.notOk(notices.includes(`\n${name} `), `${name} is in no notice`);
  }
});

t.test('the public types name no type of a library', async (t) => {
  const seen = new Set<string>();
  const libraries: string[] = [];
  const read = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (from.startsWith('.')) read(join(dirname(path), from.replace(/\.cjs$/, '.d.cts')));
      else if (!from.startsWith('node:')) libraries.push(`${from} in ${path}`);
    }
  };
  read(built('types/index.d.ts'));
  t.ok(seen.has(built('types/index.d.cts')));
  t.ok(seen.size > 10, 'the types lead to others');
  t.strictSame(libraries, []);
});

t.test('what is built is required by CommonJS as well, and never asks for import(), which Jest refuses', async (t) => {
  t.notMatch(readFileSync(built('index.cjs'), 'utf8'), /\bimport\s*\(/);
  const shop = `const { startSandbox, version } = require('mock-klarna');
    startSandbox({ seed: 'required', pushAfter: 'PT1M' }).then(async (sandbox) => {
      const health = await (await fetch(sandbox.url + '/sandbox/v1/health')).json();
      const { result } = await sandbox.replay('mixed-payments/subscription');
      await sandbox.close();
      console.log(health.status, health.version === version, result);
    });`;
  const child = node(join(t.testdir({ 'shop.cjs': shop }), 'shop.cjs'));
  const [out, err] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => text(stream as NodeJS.ReadableStream)),
  );
  t.strictSame([out, err], ['ok true passed\n', '']);
});

t.test('the types are those of a module, and of CommonJS', async (t) => {
  const shop = `import { startSandbox, type Sandbox } from 'mock-klarna';
    export async function url(): Promise<string> {
      const sandbox: Sandbox = await startSandbox({ port: 0 });
      // @ts-expect-error: it is text
      const wrong: number = sandbox.url;
      return sandbox.url;
    }`;
  const folder = t.testdir({ 'shop.mts': shop, 'shop.cts': shop });
  const options = { module: ts.ModuleKind.Node16, strict: true, noEmit: true, types: ['node'] };
  const program = ts.createProgram([join(folder, 'shop.mts'), join(folder, 'shop.cts')], options);
  const ours = program.getSourceFiles().filter(({ fileName }) => !/node_modules/.test(fileName));
  t.ok(ours.some(({ fileName }) => fileName.endsWith('dist/types/index.d.ts')));
  t.ok(ours.some(({ fileName }) => fileName.endsWith('dist/types/index.d.cts')));
  const complaints = ours.flatMap((file) => program.getSemanticDiagnostics(file));
  t.strictSame(
    complaints.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
    [],
  );
});
