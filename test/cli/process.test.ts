import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { compileFunction, createContext } from 'node:vm';
import { transform } from 'esbuild';
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
  t.ok(files.includes('cli.cjs') && files.includes('index.cjs'));
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

/** Runs a script; resolves with what it prints on both outputs, and its exit code. */
async function outcome(...args: string[]) {
  const child = node(...args);
  const ended = once(child, 'exit');
  const read = (stream: ChildProcess['stdout']) => text(stream as NodeJS.ReadableStream);
  const [out, err] = await Promise.all([read(child.stdout), read(child.stderr)]);
  return { out, err, code: Number((await ended)[0]) };
}

t.test('what is built is required by CommonJS as well, and never asks for import(), which Jest refuses', async (t) => {
  for (const file of readdirSync(built('.')).filter((name) => name.endsWith('.cjs'))) {
    t.notOk(/\bimport\s*\(\s*["'`]/.test(readFileSync(built(file), 'utf8')), file);
  }
  const shop = `const { startSandbox, version } = require('mock-klarna');
    startSandbox({ seed: 'required', pushAfter: 'PT1M' }).then(async (sandbox) => {
      const health = await (await fetch(sandbox.url + '/sandbox/v1/health')).json();
      const { result } = await sandbox.replay('mixed-payments/subscription');
      await sandbox.close();
      const module = await import('mock-klarna');
      console.log(health.status, health.version === version, result, module.startSandbox === startSandbox);
    });`;
  const found = await outcome(join(t.testdir({ 'shop.cjs': shop }), 'shop.cjs'));
  t.strictSame(found, { out: 'ok true passed true\n', err: '', code: 0 });
});

t.test('in a realm of its own, without timers and fetch, it works, and its answers are of that realm', async (t) => {
  const file = built('index.cjs');
  const context = createContext({ Buffer: undefined });
  const wrapped = compileFunction(readFileSync(file, 'utf8'), ['require', 'module', '__filename'], {
    parsingContext: context,
    filename: file,
  });
  const realm = compileFunction('return globalThis', [], { parsingContext: context })();
  const inRealm = (path: string): any => {
    if (!path.startsWith('./realm')) return createRequire(file)(path);
    const exported = { exports: {} };
    compileFunction(readFileSync(built(path), 'utf8'), ['require', 'module'], { parsingContext: context })(
      createRequire(file),
      exported,
    );
    return exported.exports;
  };
  const module: { exports: any } = { exports: {} };
  wrapped(inRealm, module, file);
  const { startSandbox, ControlError } = module.exports;
  const refused = await startSandbox({ clok: 1 }).catch((error: unknown) => error);
  t.ok(refused instanceof realm.TypeError, 'a mistake');
  const sandbox = await startSandbox();
  t.teardown(() => sandbox.close());
  t.ok((await sandbox.journal.exchanges()) instanceof realm.Array, 'an answer');
  const none = await sandbox.authorize('nobody').catch((error: unknown) => error);
  t.ok(none instanceof ControlError && none instanceof realm.Error, 'a refusal');
});

t.test('an error that nobody caught shows no line of the bundle', async (t) => {
  const mistake = 'startSandbox({ clok: 1 });';
  const folder = t.testdir({
    'shop.cjs': `const { startSandbox } = require('mock-klarna');\n${mistake}`,
    'shop.mjs': `import { startSandbox } from 'mock-klarna';\nawait ${mistake}`,
  });
  for (const file of ['shop.cjs', 'shop.mjs']) {
    const { err = '', code } = await outcome(join(folder, file));
    const [first = '', ...stack] = err.split('\n');
    t.equal(code, 1);
    t.match(first, /^TypeError: clok: no option of startSandbox\(\) \(did you mean "clock"\?\); there are /);
    t.ok(stack.length > 3 && stack.every((line) => line.length < 200 && /^$|^ {4}at |^Node\.js v/.test(line)), err);
  }
});

t.test('a Node that is too old is told so in one line, before anything else is read', async (t) => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const early = ['mock-klarna', 'check-node', 'node-version', 'require-node'].map((name) => `bin/${name}.js`);
  const files = Object.fromEntries(early.map((file) => [file.replace('bin/', ''), read(file)]));
  // Neither the rest of the program nor a library is there.
  const folder = t.testdir({
    'package.json': read('package.json'),
    'old.cjs': "Object.defineProperty(process.versions, 'node', { value: process.env.VERSION });",
    bin: { ...files, 'package.json': read('bin/package.json'), 'run.js': "console.log('read on');" },
    dist: { 'index.cjs': read('dist/index.cjs'), 'index.js': read('dist/index.js') },
  });
  const { node: wanted } = JSON.parse(read('package.json')).engines;
  t.equal(wanted, '>=20.20');
  const as = (version: string, file: string) => {
    process.env.VERSION = version;
    return outcome('--require', join(folder, 'old.cjs'), join(folder, file));
  };
  for (const version of ['0.12.18', '18.20.8', '20.19.9']) {
    t.strictSame(await as(version, 'bin/mock-klarna.js'), {
      out: '',
      err: `mock-klarna: needs Node 20.20 or later, this is ${version}\n`,
      code: 2,
    });
  }
  for (const version of ['20.20.0', '22.0.0', '100.1.0']) {
    t.strictSame(await as(version, 'bin/mock-klarna.js'), { out: 'read on\n', err: '', code: 0 }, version);
  }
  for (const file of ['dist/index.cjs', 'dist/index.js']) {
    const { err, code } = await as('18.20.8', file);
    t.equal(code, 1);
    t.match(err, /^Error: mock-klarna needs Node 20\.20 or later, this is 18\.20\.8\n {4}at /, file);
  }
  for (const file of [...early, 'dist/index.cjs']) {
    const in2015 = await transform(read(file), { target: 'es2015' });
    t.equal(in2015.code, (await transform(read(file), { target: 'esnext' })).code, `${file} is read by old ones`);
  }
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
