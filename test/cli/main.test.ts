import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { PassThrough } from 'node:stream';
import { ioOf, type ProcessLike } from '../../src/cli/io.js';
import { readHosts, readTarget } from '../../src/cli/place.js';
import { failureTeller } from '../../src/cli/serve.js';
import { version } from '../../src/version.js';
import t, { type Test } from '../tap.js';
import { ready, run } from './run.js';

const basic = (user: string, password = 'secret') => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

/** Sets environment variables for one test. */
function environment(t: Test, variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) {
    process.env[name] = value;
    t.teardown(() => {
      delete process.env[name];
    });
  }
}

/** Starts `serve` on a free port and stops it when the test ends. */
async function serving(t: Test, ...args: string[]) {
  const running = run('serve', '--port', '0', ...args);
  t.teardown(async () => {
    running.stop();
    await running.code;
  });
  const url = await ready(running);
  const get = (path: string, headers: Record<string, string> = basic('shop')) => fetch(url + path, { headers });
  return { ...running, url, get };
}

t.test('help', async (t) => {
  for (const args of [['--help'], ['help'], ['-h']]) {
    t.test(`${args} names the commands and the options of serve`, async (t) => {
      const { code, out, err } = run(...args);
      t.equal(await code, 0);
      t.match(out(), /serve .*\n[\s\S]*replay /);
      for (const option of [
        'port',
        'host',
        'public-url',
        'seed',
        'clock',
        'merchants',
        'rate-limits',
        'allow-callbacks',
        'push-after',
      ]) {
        t.match(out(), `--${option} `);
        // The words may be broken over lines.
        t.match(out().replace(/\s+/g, ' '), `env: MOCK_KLARNA_${option.toUpperCase().replaceAll('-', '_')})`);
      }
      for (const option of ['no-explain', 'quiet', 'json']) t.match(out(), `--${option} `);
      t.equal(err(), '');
    });
  }

  t.test('a command tells its own options', async (t) => {
    const { code, out } = run('replay', '--help');
    t.equal(await code, 0);
    t.match(out(), /replay \[options\] <scenarios...>[\s\S]*--verbose/);
  });
});

t.test('every command says what it does and what each option is for', async (t) => {
  const commands = [
    ['serve'],
    ['replay'],
    ['journal'],
    ['save'],
    ['scenarios'],
    ['scenarios', 'check'],
    ['scenarios', 'show'],
    ['report'],
    ['record'],
    ['verify'],
    ['drift'],
  ];
  const told = [];
  for (const words of commands) {
    const { code, out } = run(...words, '--help');
    t.equal(await code, 0, words.join(' '));
    told.push(out());
  }
  // Written anew with what is printed here when an option comes or changes: to be read before it is committed.
  const file = new URL('./fixtures/help.txt', import.meta.url);
  if (process.env.MOCK_KLARNA_WRITE_HELP) writeFileSync(file, told.join('\n'));
  t.equal(told.join('\n'), readFileSync(file, 'utf8'));
});

t.test('the version is that of the package', async (t) => {
  const { code, out } = run('--version');
  t.equal(await code, 0);
  t.equal(out(), `${version}\n`);
});

t.test('what cannot run says why in one line and exits with 2', async (t) => {
  const folder = t.testdir({ 'nobody.yaml': 'merchants: []', 'broken.yaml': 'merchants: [' });
  const cases: [string, string[], RegExp][] = [
    ['an unknown option', ['--prot', '1'], /unknown option '--prot' \(Did you mean --port\?\)/],
    ['an unknown command', ['sreve'], /unknown command "sreve" \(did you mean "serve"\?\)/],
    ['an argument too many', ['serve', 'extra'], /too many arguments for 'serve'/],
    ['an argument too many behind an option', ['--port', '1', 'extra'], /too many arguments for 'serve'/],
    ['an option without its value', ['--port'], /'-p, --port <number>' argument missing/],
    ['a port that is no number', ['--port', 'x'], /argument 'x' is invalid\. Expected a whole number from 0 to 65535/],
    ['a port beyond the last', ['--port', '65536'], /argument '65536' is invalid/],
    ['a port with a fraction', ['--port', '1.5'], /argument '1.5' is invalid/],
    ['an unknown mode', ['--rate-limits', 'on'], /'on' is invalid\. Allowed choices are off, playground, live/],
    [
      'an address instead of a host',
      ['--allow-callbacks', 'http://shop.test'],
      /Given "http:\/\/shop\.test", expected a host .*; did you mean shop\.test\?; see/,
    ],
    ['any host', ['--allow-callbacks', 'shop.test,*'], /Given "\*", expected a host \(shop\.test/],
    ['an address for a name', ['--allow-host', 'http://shop.test'], /expected a host name or address such as/],
    [
      'a time that is no duration',
      ['--push-after', '2 minutes'],
      /--push-after: "2 minutes" is not an ISO 8601 duration/,
    ],
    [
      'a public URL without a scheme',
      ['--public-url', 'klarna.test'],
      /--public-url <url>' argument 'klarna.test' is invalid\. Given "klarna.test", expected scheme, host and port/,
    ],
    [
      'a public URL with a path',
      ['--public-url', 'https://klarna.test/kp'],
      /Given "https:\/\/klarna.test\/kp", expected scheme, host and port/,
    ],
    ...['0', '-1', '1.5', '100001', 'all', ''].map((length): [string, string[], RegExp] => [
      `a journal of ${JSON.stringify(length)}`,
      [`--journal=${length}`],
      /Expected a whole number of exchanges from 1 to 100000/,
    ]),
    ...['0', '1MB', '-1GB', 'all', ''].map((size): [string, string[], RegExp] => [
      `a memory of ${JSON.stringify(size)}`,
      [`--memory=${size}`],
      /Expected a size of at least 16MB, such as 256MB, 1GB or a number of bytes/,
    ]),
    [
      'an admin token of nothing',
      ['--admin-token', ' '],
      /--admin-token: given nothing, expected some text that is hard to guess/,
    ],
    [
      'the wrong password as an admin token',
      ['--admin-token', 'invalid'],
      /--admin-token: given invalid, which stands for a wrong/,
    ],
    ['a host with a path', ['--allow-host', 'shop.test/x'], /Given "shop\.test\/x", expected a host name/],
    ['a clock that is no instant', ['--clock', 'soon'], /--clock: given soon, expected an ISO 8601 instant such as/],
    ['a clock without a day', ['--clock', '12:00'], /--clock: given 12:00, expected/],
    ['a clock on a day there is not', ['--clock', '2026-02-30'], /--clock: given 2026-02-30, expected/],
    [
      'a merchants file that is not there',
      ['--merchants', 'nowhere.yaml'],
      /--merchants: nowhere.yaml:1:1 no such file/,
    ],
    [
      'a merchants file with nobody in it',
      ['--merchants', `${folder}/nobody.yaml`],
      /--merchants: \S*nobody\.yaml: .*merchants/,
    ],
    ['a merchants file that is no YAML', ['--merchants', `${folder}/broken.yaml`], /broken\.yaml:1:\d+: /],
    ['a scenario that there is not', ['--scenario', 'subscriptoins/trial'], /--scenario: given subscriptoins\/trial, /],
    ['a scenario near one', ['--scenario', 'subscription'], /did you mean mixed-payments\/subscription\?/],
    ['a scenario file that is not there', ['--scenario', `${folder}/no.yaml`], /--scenario: \S*no\.yaml: no such file/],
    ['a scenario file with a mistake', ['--scenario', `${folder}/broken.yaml`], /--scenario: \S*broken\.yaml:1:/],
    [
      'a host that others reach',
      ['--host', '0.0.0.0', '--port', '0'],
      /--host: other machines reach 0\.0\.0\.0, .* give --admin-token TEXT, or --open to let everybody in/,
    ],
    ['a name that others may reach', ['--host', 'shop.test', '--port', '0'], /--admin-token TEXT, or --open/],
    ['others reach it, and --open false', ['--host', '::', '--open', 'false'], /--admin-token TEXT, or --open/],
    ['--open with another word', ['--open', 'maybe'], /argument 'maybe' is invalid\. Expected true or false/],
    [
      'a host that is not ours',
      ['--host', '192.0.2.1', '--port', '0', '--open'],
      /cannot listen on 192\.0\.2\.1, port 0/,
    ],
    ['nothing to replay', ['replay'], /missing required argument 'scenarios'/],
  ];
  for (const [name, args, message] of cases) {
    t.test(name, async (t) => {
      const { code, out, err } = run(...args);
      t.equal(await code, 2);
      t.match(err(), message);
      t.match(err(), /^mock-klarna: [^\n]+\n$/, 'one line');
      t.equal(out(), '');
    });
  }

  t.test('a port that is taken', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.teardown(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = run('--port', String(port));
    t.equal(await code, 2);
    t.equal(
      err(),
      `mock-klarna: port ${port} on 127.0.0.1 is taken; choose another with --port, or --port 0 for any free one\n`,
    );
    t.equal(out(), '');
  });

  t.test('an environment variable, by its name', async (t) => {
    environment(t, { MOCK_KLARNA_PORT: 'x' });
    const { code, err } = run();
    t.equal(await code, 2);
    t.match(err(), /value 'x' from env 'MOCK_KLARNA_PORT' is invalid/);
  });

  t.test('an environment variable that is misspelt', async (t) => {
    for (const [name, meant] of [
      ['MOCK_KLARNA_ADMIN_TOKN', 'MOCK_KLARNA_ADMIN_TOKEN'],
      ['MOCK_KLARNA_MERCHANT', 'MOCK_KLARNA_MERCHANTS'],
      ['MOCK_KLARNA_PORTS', 'MOCK_KLARNA_PORT'],
    ] as const) {
      await t.test(name, async (t) => {
        environment(t, { [name]: 'x' });
        const { code, err } = run('scenarios');
        t.equal(await code, 2);
        t.equal(err(), `mock-klarna: environment variable ${name}: there is no such option (did you mean ${meant}?)\n`);
      });
    }
    environment(t, { MOCK_KLARNA_VERSION: '1', MOCK_KLARNA_TEST: '1', MOCK_KLARNA_PORT: 'x' });
    const { code, out } = run('scenarios');
    t.equal(await code, 0, 'others are those of the user');
    t.match(out(), /mixed-payments/);
  });

  t.test('a scenario file, by its name', async (t) => {
    const { code, err } = run('replay', 'nowhere.yaml');
    t.equal(await code, 2);
    t.equal(err(), 'nowhere.yaml:1:1 no such file or folder\n');
  });
});

t.test('serve greets, says when it is ready and tells of every exchange', async (t) => {
  const { get, out, err, wrote, url } = await serving(t);
  t.match(out(), /not affiliated with Klarna/);
  t.match(out(), /Any user name and password work/);
  t.match(
    out(),
    'Scenario: none; --scenario NAME has other things happen than usual (mock-klarna scenarios lists them)\n',
  );
  t.match(out(), `Live page: ${url}/ (documentation: ${url}/docs)\n`);
  t.match(out(), `Try: curl -u shop:secret ${url}/payments/v1/sessions `);
  t.ok(out().endsWith(`mock-klarna is ready at ${url}\n`), 'the ready line is the last');
  const answer = await get('/payments/v1/sessions/nothing');
  t.equal(answer.status, 404);
  t.match(answer.headers.get('mock-klarna-explain'), /^session-known: /);
  await wrote(/^#1 shop {2}GET \/payments\/v1\/sessions\/nothing 404 [\d.]+ ms {2}session-known: .*\n/m);
  t.equal(err(), '');
});

t.test('further names of the sandbox are spelt as URLs spell them, and add up', async (t) => {
  const hosts = ['Shop.test, 192.0.2.1', 'host.docker.internal', '::1', '[2001:DB8::1]', ''];
  t.strictSame(
    hosts.reduce<string[]>((before, text) => readHosts(text, before), []),
    ['shop.test', '192.0.2.1', 'host.docker.internal', '::1', '2001:db8::1'],
  );
  t.strictSame(readHosts('shop.test'), ['shop.test']);
  for (const text of ['shop.test:8080', 'me@shop.test', 'shop.test/path', 'a b', '*.test', '::1::']) {
    t.throws(() => readHosts(text), /expected a host name or address/, text);
  }
});

t.test('a target is a base URL, without slashes at its end', (t) => {
  for (const [text, url] of [
    ['http://h', 'http://h'],
    ['HTTPS://H:443/a//', 'https://h/a'],
    ['http://[::1]:5527/', 'http://[::1]:5527'],
  ] as const) {
    t.equal(readTarget(text), url);
  }
  const wrong: [string, string][] = [
    ['h:1', 'Expected a base URL such as http://127.0.0.1:5527.'],
    ['httpss://h', 'Expected a base URL such as http://127.0.0.1:5527.'],
    ['', 'Expected a base URL such as http://127.0.0.1:5527.'],
    ['http://a@h', 'Credentials go into --username and --password.'],
    ['http://:b@h', 'Credentials go into --username and --password.'],
    ['http://h?a', 'Expected a base URL without query and fragment.'],
    ['http://h/#a', 'Expected a base URL without query and fragment.'],
  ];
  for (const [text, message] of wrong) t.throws(() => readTarget(text), { message }, text);
  t.end();
});

t.test('serve is what runs without a command', async (t) => {
  environment(t, { MOCK_KLARNA_PORT: '0' });
  const running = run();
  t.equal((await fetch(`${await ready(running)}/sandbox/v1/health`)).status, 200);
  running.stop();
  t.equal(await running.code, 0);
});

t.test('the first curl of the greeting creates a session', async (t) => {
  const { out, url } = await serving(t);
  const [, body] = /^Try: .* -d '(.*)'$/m.exec(out()) ?? [];
  const headers = { ...basic('shop'), 'content-type': 'application/json' };
  const answer = await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers, body });
  t.equal(answer.status, 200);
});

t.test('what is served plays scenarios on itself', async (t) => {
  const { url } = await serving(t);
  const headers = { ...basic('shop'), 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'mixed-payments/pay-in-4-by-card' });
  const answer = await fetch(`${url}/sandbox/v1/scenarios/play`, { method: 'POST', headers, body });
  t.match(await answer.json(), { name: 'mixed-payments/pay-in-4-by-card', result: 'passed' });
});

t.test('a signal stops it: nothing listens any more, and it exits with 0', async (t) => {
  const running = run('--port', '0');
  const url = await ready(running);
  running.stop();
  t.equal(await running.code, 0);
  await t.rejects(fetch(`${url}/sandbox/v1/health`));
});

t.test('the ready line names an address that can be called', async (t) => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = own.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
  const hosts = { '0.0.0.0': `http://${outside}:`, '::1': 'http://[::1]:' };
  for (const [host, url] of Object.entries(hosts)) {
    const here = host === '0.0.0.0' || own.some(({ address }) => address === host);
    t.test(host, { skip: !here && 'there is no IPv6 here' }, async (t) => {
      const server = await serving(t, '--host', host, '--open');
      t.ok(server.url.startsWith(url), server.url);
      t.equal((await server.get('/sandbox/v1/health')).status, 200);
    });
  }
});

t.test('on more than loopback one line says what stands open', async (t) => {
  const host = ['--host', '0.0.0.0', '--quiet'];
  const folder = t.testdir({ 'm.yaml': 'merchants: [{ username: boots, password: winter }]' });
  const said = `reaches 0.0.0.0: Klarna's APIs, the control API and the live page; --admin-token TEXT closes the last two\n`;
  const open = await serving(t, ...host, '--open');
  t.equal(open.err(), `mock-klarna: open to everybody who ${said}`);
  const strict = await serving(t, ...host, '--open', '--merchants', `${folder}/m.yaml`);
  t.equal(strict.err(), `mock-klarna: open to everybody with a password of the merchants file who ${said}`);
  t.equal((await serving(t, ...host, '--admin-token', 'sesame')).err(), '', 'with a token nothing does');
  t.equal((await serving(t, '--open')).err(), '', 'nor on loopback');
});

t.test('the environment opens it, and closes it', async (t) => {
  environment(t, { MOCK_KLARNA_HOST: '0.0.0.0', MOCK_KLARNA_OPEN: 'true' });
  const { err } = await serving(t);
  t.match(err(), /^mock-klarna: open to everybody/);
  process.env.MOCK_KLARNA_OPEN = 'false';
  t.equal(await run('--port', '0').code, 2);
  delete process.env.MOCK_KLARNA_OPEN;
  t.equal(await run('--port', '0').code, 2);
});

t.test('a mistake of our own is told on stderr with its stack', async (t) => {
  let told = '';
  const io = {
    stdin: () => new PassThrough(),
    stdout: { write() {} },
    stderr: { write: (text: string) => (told += text) },
    onSignal() {},
  };
  failureTeller(io)(new Error('a slip'));
  t.match(told, /^mock-klarna: Error: a slip\n {4}at .*\n/);
  told = '';
  failureTeller(io)('a slip');
  t.equal(told, 'mock-klarna: a slip\n');
});

t.test('a process lends commands its input, its output and its signals, and survives a reader that goes', async (t) => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const listeners = new Map<string, () => void>();
  const on = (signal: string, listener: () => void) => listeners.set(signal, listener);
  const exits: number[] = [];
  const exit = (code: number) => exits.push(code);
  const process = { stdin, stdout, stderr, on, exit, env: { npm_command: 'exec' }, ppid: 1 } as unknown as ProcessLike;
  const io = ioOf(process, true);
  t.equal(io.stdin(), stdin);
  io.stdout.write('out');
  t.equal(String(stdout.read()), 'out');
  for (const code of ['EPIPE', 'EOF', 'ECONNRESET']) {
    for (const stream of [stdout, stderr]) stream.emit('error', Object.assign(new Error(code), { code }));
  }
  t.strictSame(exits, []);
  let stopped = 0;
  io.onSignal(() => stopped++);
  t.strictSame([...listeners.keys()], ['SIGINT', 'SIGTERM', 'SIGBREAK']);
  listeners.get('SIGINT')?.();
  t.strictSame([stopped, exits], [1, []]);
  for (const signal of ['SIGINT', 'SIGTERM']) listeners.get(signal)?.();
  t.strictSame([stopped, exits], [1, [130, 143]], 'a second signal, whichever, ends it at once');
  ioOf(process, false).onSignal(() => stopped++);
  listeners.get('SIGHUP')?.();
  t.strictSame([stopped, exits], [1, [130, 143]], 'without a terminal it need not heed that one closes');
});

t.test('a program ends with 2 when its output cannot be written', async (t) => {
  const exits: number[] = [];
  const program = () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const exit = (code: number) => exits.push(code);
    ioOf({ stdout, stderr, on() {}, exit, env: {} } as unknown as ProcessLike, true);
    return { stdout, stderr };
  };
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const one = program();
  one.stdout.emit('error', full());
  t.equal(String(one.stderr.read()), 'mock-klarna: the standard output cannot be written (ENOSPC)\n');
  await new Promise(setImmediate);
  t.strictSame(exits, [2]);
  const other = program();
  other.stdout.emit('error', new Error('no code'));
  t.equal(String(other.stderr.read()), 'mock-klarna: the standard output cannot be written (no code)\n');
  other.stderr.emit('error', full());
  t.equal(other.stderr.read(), null);
  await new Promise(setImmediate);
  t.strictSame(exits, [2, 2, 2]);
});

t.test('below npm a program ends when npm is gone, and one signal that comes twice is one', async (t) => {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  const output = () => new PassThrough();
  const process = {
    stdin: output(),
    stdout: output(),
    stderr: output(),
    on: (signal: string, listener: () => void) => listeners.set(signal, listener),
    exit: (code: number) => exits.push(code),
    env: { npm_command: 'exec' },
    ppid: 1,
  } as unknown as ProcessLike;
  let gone = () => {};
  const whenGone = (isThere: () => boolean, ended: () => void) => {
    t.ok(isThere());
    gone = ended;
  };
  let stopped = 0;
  ioOf({ ...process, env: {} } as ProcessLike, true, () =>
    Promise.reject(new Error('npm runs no such program')),
  ).onSignal(() => stopped++);
  ioOf(process, true, async () => ({ isThere: () => true, whenGone })).onSignal(() => stopped++);
  await Promise.resolve();
  gone();
  t.equal(stopped, 1);
  listeners.get('SIGINT')?.();
  t.strictSame([stopped, exits], [1, []], 'what npm passes on is not a second one');
});

t.test('--quiet prints the ready line only', async (t) => {
  const { get, out, url } = await serving(t, '--quiet');
  await get('/payments/v1/sessions/nothing');
  t.equal(out(), `mock-klarna is ready at ${url}\n`);
});

t.test('--json prints one JSON object a line, first the ready one', async (t) => {
  const running = run('--port', '0', '--json');
  t.teardown(async () => {
    running.stop();
    await running.code;
  });
  const [line] = await running.wrote(/^.*\n/);
  const { ready: url, ...rest } = JSON.parse(line);
  t.strictSame(rest, { version });
  await fetch(`${url}/payments/v1/sessions/nothing`, { headers: basic('shop') });
  const [exchange] = await running.wrote(/^.*"method".*\n/m);
  t.match(JSON.parse(exchange), {
    exchange: 1,
    merchant: 'shop',
    method: 'GET',
    path: '/payments/v1/sessions/nothing',
    status: 404,
    ms: Number,
    explanation: /^session-known: /,
  });
});

t.test('--quiet --json prints the ready object only', async (t) => {
  const running = run('--port', '0', '--json', '--quiet');
  const [line] = await running.wrote(/^.*\n/);
  await fetch(`${JSON.parse(line).ready}/payments/v1/sessions/nothing`, { headers: basic('shop') });
  running.stop();
  await running.code;
  t.equal(running.out(), line);
});

t.test('--no-explain leaves the explanation out of the answers', async (t) => {
  const { get } = await serving(t, '--no-explain');
  const answer = await get('/payments/v1/sessions/nothing');
  t.equal(answer.status, 404);
  t.notOk(answer.headers.has('mock-klarna-explain'));
});

t.test('--seed makes clocks stand and ids repeat', async (t) => {
  const first = await serving(t, '--seed', 'one');
  const second = await serving(t, '--seed', 'one');
  const look = async ({ get }: typeof first) => {
    const answer = await get('/payments/v1/sessions/nothing');
    const clock = await get('/sandbox/v1/clock');
    return [await answer.text(), await clock.text()];
  };
  const seen = await look(first);
  t.match(seen[1], '2026-01-01T12:00:00.000Z');
  t.strictSame(await look(second), seen);
});

t.test('--clock says where clocks start, in UTC where it names no offset', async (t) => {
  for (const instant of ['2027-03-04T05:06:07+02:00', '2027-03-04T03:06:07']) {
    const { get } = await serving(t, '--seed', 'one', '--clock', instant);
    t.strictSame(await (await get('/sandbox/v1/clock')).json(), { now: '2027-03-04T03:06:07.000Z' });
  }
});

t.test('--scenario speaks for every merchant, and a merchants file for its own', async (t) => {
  const outcome = (status: number) =>
    `title: x\nevidence: inferred\noutcomes: [{ on: createSession, fault: { status: ${status} } }]\n`;
  const folder = t.testdir({ 'all.yaml': outcome(503), 'one.yaml': outcome(500) });
  const one = `{ username: boots, password: laces, scenario: ${folder}/one.yaml }`;
  writeFileSync(`${folder}/m.yaml`, `merchants: [${one}, { username: shoes, password: laces }]`);
  const server = run('--port', '0', '--scenario', `${folder}/all.yaml`, '--merchants', `${folder}/m.yaml`);
  const url = await ready(server);
  t.match(server.out(), /^Scenario: all \(x\)\nScenario of boots: one \(x\)\nLive page: /m);
  for (const [merchant, status] of [
    ['boots', 500],
    ['shoes', 503],
  ] as const) {
    const headers = basic(merchant, 'laces');
    t.equal((await fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers })).status, status);
  }
  server.stop();
  t.equal(await server.code, 0);
});

t.test('the banner names the scenarios in force: that of all, and those of a few merchants', async (t) => {
  const folder = t.testdir();
  const names = Array.from(
    { length: 7 },
    (_, at) => `{ username: m${at}, password: p, scenario: declines/charge-failed }`,
  );
  writeFileSync(`${folder}/m.yaml`, `merchants: [${names.join(', ')}]`);
  const { out } = await serving(t, '--merchants', `${folder}/m.yaml`);
  const of = (at: number) => `Scenario of m${at}: declines/charge-failed \\(.+\\)\n`;
  const shown = [0, 1, 2, 3, 4].map(of).join('');
  t.match(
    out(),
    new RegExp(`^Scenario: none; .*\n${shown}2 more merchants with a scenario of their own\nLive page: `, 'm'),
  );
  const json = run('--port', '0', '--json', '--scenario', 'declines/charge-failed');
  const [line] = await json.wrote(/^.*\n/);
  t.equal(JSON.parse(line).scenario, 'declines/charge-failed');
  json.stop();
  await json.code;
});

t.test('--push-after says when an order is first pushed', async (t) => {
  const { url, get } = await serving(t, '--seed', 'pushes', '--push-after', 'PT10S');
  const headers = { ...basic('shop'), 'content-type': 'application/json' };
  const post = async (path: string, body: object) =>
    (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<any>;
  const line = { name: 'Boots', quantity: 1, unit_price: 100, total_amount: 100 };
  const purchase = { purchase_country: 'SE', purchase_currency: 'SEK', order_amount: 100, order_lines: [line] };
  const { session_id } = await post('/payments/v1/sessions', purchase);
  const { authorization_token } = await post(`/sandbox/v1/sessions/${session_id}/authorize`, {});
  const merchant_urls = { push: 'http://127.0.0.1:1/' };
  await post(`/payments/v1/authorizations/${authorization_token}/order`, { ...purchase, merchant_urls });
  const pushes = async (by: string) => {
    await post('/sandbox/v1/clock/advance', { by });
    const { items: attempts } = (await (await get('/sandbox/v1/callbacks')).json()) as { items: { at: string }[] };
    return attempts.map(({ at }) => at);
  };
  t.strictSame(await pushes('PT9S'), []);
  t.strictSame(await pushes('PT1S'), ['2026-01-01T12:00:10.000Z']);
});

t.test('--merchants lets nobody else in', async (t) => {
  const file = `${t.testdir({ 'merchants.yaml': 'merchants: [{ username: boots, password: laces }]' })}/merchants.yaml`;
  const { get, out } = await serving(t, '--merchants', file);
  t.match(out(), 'Only the merchants of the merchants file may call.');
  t.equal((await get('/sandbox/v1/clock', basic('boots', 'laces'))).status, 200);
  t.equal((await get('/sandbox/v1/clock', basic('boots', 'other'))).status, 401);
  t.equal((await get('/sandbox/v1/clock', basic('shop'))).status, 401);
});

t.test('--rate-limits playground refuses a call too many', async (t) => {
  const { url } = await serving(t, '--rate-limits', 'playground');
  const headers = { ...basic('shop'), 'content-type': 'application/json' };
  const call = () => fetch(`${url}/payments/v1/sessions`, { method: 'POST', headers, body: '{}' });
  const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await call()).status));
  t.ok(statuses.includes(429));
});

t.test('environment variables say what options say, and options go before them', async (t) => {
  const file = `${t.testdir({ 'merchants.yaml': 'merchants: [{ username: shop, password: secret }]' })}/merchants.yaml`;
  environment(t, {
    MOCK_KLARNA_SEED: 'one',
    MOCK_KLARNA_CLOCK: '2027-01-01T00:00:00Z',
    MOCK_KLARNA_MERCHANTS: file,
    MOCK_KLARNA_RATE_LIMITS: 'live',
    MOCK_KLARNA_HOST: '127.0.0.1',
  });
  const byEnvironment = await serving(t);
  t.strictSame(await (await byEnvironment.get('/sandbox/v1/clock')).json(), { now: '2027-01-01T00:00:00.000Z' });
  t.equal((await byEnvironment.get('/sandbox/v1/clock', basic('other'))).status, 401);
  const byOption = await serving(t, '--clock', '2028-01-01');
  t.strictSame(await (await byOption.get('/sandbox/v1/clock')).json(), { now: '2028-01-01T00:00:00.000Z' });
});

t.test('replay plays scenario files, one line each', async (t) => {
  const session = 'title: A session\nevidence: docs\nmarket: SE\nsteps:\n  - createSession: { body: {} }\n';
  const folder = t.testdir({
    'one.yaml': session,
    'two.json': '{"title":"Time","evidence":"docs","steps":[{"advance":"P1D"}]}',
  });
  const { code, out, err } = run('replay', folder);
  t.equal(await code, 0);
  t.equal(out(), 'ok   one  1 step\nok   two  1 step\n2 passed\n');
  t.equal(err(), '');
});

t.test('replay --verbose tells each step and its answer', async (t) => {
  const folder = t.testdir({ 'time.yaml': 'title: A day passes\nevidence: docs\nsteps:\n  - advance: P1D\n' });
  const { code, out } = run('replay', '--verbose', folder);
  t.equal(await code, 0);
  t.match(
    out(),
    /^time\n {2}A day passes\n[\s\S]*clock\/advance\n[\s\S]*200\n[\s\S]*2026-01-02T12:00:00[\s\S]*ok {3}time/,
  );
});

t.test('replay exits with 1 when an answer is not as expected', async (t) => {
  const steps = 'title: Nothing\nevidence: docs\nsteps:\n  - readSession: { path: { session_id: none } }\n';
  const { code, out } = run('replay', t.testdir({ 'nothing.yaml': steps }));
  t.equal(await code, 1);
  t.match(out(), /^FAIL nothing {2}step 1 of 1\n/);
});

t.test('replay exits with 2 when there is nothing to play', async (t) => {
  const folder = t.testdir({ 'notes.txt': 'none' });
  const { code, out, err } = run('replay', folder);
  t.equal(await code, 2);
  t.equal(out(), '');
  t.equal(err(), `nothing to replay: no .yaml, .yml or .json file in ${folder}\n`);
});

t.test('an error of our own is told with its stack, and is no finding', async (t) => {
  const { code, err } = run('replay', 'a\0b');
  t.equal(await code, 2);
  t.match(err(), /^mock-klarna: TypeError .*\n {4}at /);
});
