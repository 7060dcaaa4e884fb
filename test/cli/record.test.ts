import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { record as recordCommand } from '../../src/cli/record.js';
import { startServer } from '../../src/server/start.js';
import { care, purchase, tokenRequest } from '../contract/sandbox.js';
import t, { type Test } from '../tap.js';
import { until } from '../until.js';
import { charge, recorder, tellStory } from '../verify/story.js';
import { type Running, run } from './run.js';

/** A sandbox in which everything repeats. */
async function sandbox(t: Test, seed = 'record'): Promise<string> {
  const { url, close } = await startServer({ port: 0, seed });
  t.teardown(close);
  return url;
}

interface Recording extends Running {
  url: string;
  out_: string;
  /** What a file that was left holds. */
  left(name: string): string;
}

/** Stands in front of a target. */
async function record(t: Test, target: string, ...more: string[]): Promise<Recording> {
  const out_ = join(t.testdir({}), 'recorded');
  const running = run('record', '--target', target, '--out', out_, '--port', '0', ...more);
  const [, url = ''] = await running.wrote(/^mock-klarna records (http\S+) on its way to /m);
  return { ...running, url, out_, left: (name) => readFileSync(join(out_, name), 'utf8') };
}

/** Sends bytes, and gives back all bytes that come until the other side is done. */
function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** The moment of an answer is the one thing that differs. */
const timeless = (answer: string) => answer.replace(/^Date: .*\r\n/gm, 'Date: now\r\n');

/** Where a sandbox knows no merchant, its correlation ids do not repeat. */
const withoutIds = (answer: string) => answer.replace(/[0-9a-f-]{36}/g, 'id');

const AUTHORIZATION = `Authorization: Basic ${Buffer.from('shop:secret').toString('base64')}`;

/** A request as bytes; the connection ends after it unless told otherwise. */
function bytes(call: string, body?: string, headers: string[] = [], last = true): string {
  const length =
    body === undefined ? [] : ['content-TYPE: application/json', `CONTENT-length: ${Buffer.byteLength(body)}`];
  const all = ['hOST: boots.test', AUTHORIZATION, ...length, ...headers, ...(last ? ['Connection: close'] : [])];
  return `${call} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

t.test('the client gets the same bytes as without it', async (t) => {
  const direct = await sandbox(t);
  const { url, stop, code } = await record(t, await sandbox(t), '--quiet');
  const body = JSON.stringify(purchase);
  const chunked = `${body.slice(0, 9).length.toString(16)}\r\n${body.slice(0, 9)}\r\n${body.slice(9).length.toString(16)}\r\n${body.slice(9)}\r\n0\r\n\r\n`;
  const both = async (request: string, mask = (answer: string) => answer) => {
    const [wanted, got] = [await raw(direct, request), await raw(url, request)];
    t.equal(mask(timeless(got)), mask(timeless(wanted)), String(request.split('\r\n')[0]));
    t.match(got, /^HTTP\/1\.1 \d{3} /);
    return got;
  };
  const created = await both(bytes('POST /payments/v1/sessions', body));
  const [, session] = /"session_id":"([^"]*)"/.exec(created) ?? [];
  await both(
    bytes('POST /payments/v1/sessions', undefined, ['Transfer-Encoding: chunked', 'Content-Type: application/json']) +
      chunked,
  );
  await both(
    bytes(`GET /payments/v1/sessions/${session}?x=%20y`, undefined, ['X-Odd: a', 'x-odd: b', 'Accept-Encoding: gzip']),
  );
  await both(bytes('GET //payments/v1/sessions/none/', undefined, [], false) + bytes('GET /nowhere'), withoutIds);
  await both(bytes('POST /payments/v1/sessions', '{"order_amount": '));
  await both(bytes('POST /payments/v1/sessions'));
  await both(bytes('PUT /payments/v1/sessions', body));
  await both(bytes('HEAD /docs'), withoutIds);
  await both(bytes('DELETE /payments/v1/authorizations/none').replace(AUTHORIZATION, 'X-None: 1'));
  const authorized = await both(bytes(`POST /sandbox/v1/sessions/${session}/authorize`, '{}'));
  const [, token] = /"authorization_token":"([^"]*)"/.exec(authorized) ?? [];
  const placed = await both(bytes(`POST /payments/v1/authorizations/${token}/order`, body));
  const [, order] = /"order_id":"([^"]*)"/.exec(placed) ?? [];
  const captured = await both(bytes(`POST /ordermanagement/v1/orders/${order}/captures`, '{"captured_amount":1}'));
  t.match(captured, /^Location: http:\/\/boots\.test\//m);
  await both(bytes(`GET http://boots.test/ordermanagement/v1/orders/${order}`));
  stop();
  t.equal(await code, 1);
});

t.test('what passes the other way is passed as it is as well', async (t) => {
  const heard: string[] = [];
  const target = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const request = data.toString('latin1');
      // What it is, is asked before anything passes.
      if (request.startsWith('GET /sandbox/v1/health ')) return socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      heard.push(request);
      socket.end(
        'HTTP/1.1 207 Odd Words\r\nx-b: 1\r\nX-A: 2\r\nx-B: 3\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nab\r\n0\r\nX-T: z\r\n\r\n',
      );
    });
  });
  const { url, stop, code } = await record(t, await listening(t, target));
  const request = bytes('POST /x?y=1', '{}', ['X-Twice: 1', 'x-twice: 2']);
  const answer = await raw(url, request);
  t.equal(heard[0], request);
  t.equal(
    answer.split('\r\n\r\n')[0],
    'HTTP/1.1 207 Odd Words\r\nx-b: 1\r\nX-A: 2\r\nx-B: 3\r\nTransfer-Encoding: chunked\r\nTrailer: X-T',
  );
  t.match(answer, /2\r\nab\r\n0\r\nX-T: z\r\n\r\n$/);
  stop();
  t.equal(await code, 1);
});

/** Lets a server listen until the test ends; gives its base URL. */
async function listening(t: Test, server: Server, host = '127.0.0.1'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const person = {
  given_name: 'Wilhelmina',
  family_name: 'Quackenbush',
  email: 'wilhelmina.quackenbush@example.org',
  phone: '+46701740699',
  street_address: 'Storgatan 99',
  postal_code: '411 19',
  city: 'Alingsby',
  country: 'SE',
};

t.test('it leaves a HAR and a scenario that replays, without credentials and people', async (t) => {
  const recording = await record(t, await sandbox(t));
  const { ask } = recorder(recording.url);
  const seen = await tellStory(recording.url);
  const { body } = await ask('POST /payments/v1/sessions', { ...purchase, billing_address: person });
  await ask('POST /sandbox/v1/clock/advance', { by: 'PT49H' });
  const { status } = await ask(`POST /payments/v1/sessions/${body.session_id}`, { order_amount: 1 });
  t.equal(status, 404);
  recording.stop();
  t.equal(await recording.code, 1, recording.out());
  t.match(recording.out(), /^POST \/payments\/v1\/authorizations\/\{authorizationToken\}\/order 200 /m);
  t.match(recording.out(), /^ {2}request body: expected|^ {2}request \S+: expected/m);

  t.strictSame(readdirSync(recording.out_).sort(), ['recording.har', 'recording.yaml']);
  const har = recording.left('recording.har');
  const yaml = recording.left('recording.yaml');
  t.equal(JSON.parse(har).log.entries.length, seen.length + 3);
  const tokens = seen.flatMap(
    ({ answer }) => answer.match(/(?<="(authorization_token|token_id|client_token)":")[^"]*/g) ?? [],
  );
  t.equal(new Set(tokens).size > 3, true);
  const secrets = [
    'secret',
    Buffer.from('shop:secret').toString('base64'),
    ...Object.values(person).slice(0, 7),
    ...tokens,
  ];
  for (const [name, text] of Object.entries({ har, yaml })) {
    for (const secret of secrets) t.notOk(text.includes(secret), `${secret} in ${name}`);
  }

  const file = join(recording.out_, 'recording.yaml');
  const replayed = run('replay', file);
  t.equal(await replayed.code, 0, replayed.out() + replayed.err());
  const verified = run('verify', '--har', join(recording.out_, 'recording.har'), '--fail-on', 'warning');
  t.equal(await verified.code, 0, verified.out() + verified.err());
});

t.test('a shopper whom no proxy sees is put in', async (t) => {
  const target = await sandbox(t);
  const recording = await record(t, target, '--quiet');
  const shop = recorder(recording.url);
  const shopper = recorder(target);
  const { session_id } = (await shop.ask('POST /payments/v1/sessions', purchase)).body;
  const { authorization_token } = (await shopper.ask(`POST /sandbox/v1/sessions/${session_id}/authorize`, {})).body;
  const { order_id } = (await shop.ask(`POST /payments/v1/authorizations/${authorization_token}/order`, purchase)).body;
  await shop.ask(`POST /ordermanagement/v1/orders/${order_id}/acknowledge`);
  await shop.ask(`POST /ordermanagement/v1/orders/${order_id}/captures`, { captured_amount: 10_000 });
  await shop.ask('DELETE /payments/v1/authorizations/3c1b4b2e-5d6f-4a70-8b91-a2b3c4d5e6f7');
  recording.stop();
  t.equal(await recording.code, 1, recording.err());
  t.match(recording.left('recording.yaml'), /shopper: authorize/);
  const replayed = run('replay', join(recording.out_, 'recording.yaml'));
  t.equal(await replayed.code, 0, replayed.out());
});

t.test("in front of a sandbox times are those of the merchant's clock, wherever it was moved", async (t) => {
  const direct = await sandbox(t, 'clock');
  const recording = await record(t, direct, '--quiet');
  t.equal(recording.err(), '');
  const shop = recorder(recording.url);
  const behind = recorder(direct);
  const monthly = { ...care, subscription: { name: 'Boot care', interval: 'MONTH', interval_count: 1 } };
  const signUp = {
    ...purchase,
    intent: 'buy_and_tokenize',
    order_amount: 900,
    order_tax_amount: 180,
    order_lines: [monthly],
  };
  /** A subscription of four months and its end, with the clock moved out of the recorder's sight. */
  const subscribe = async () => {
    const { session_id } = (await shop.ask('POST /payments/v1/sessions', signUp)).body;
    const { authorization_token } = (await shop.ask(`POST /sandbox/v1/sessions/${session_id}/authorize`, {})).body;
    const made = await shop.ask(`POST /payments/v1/authorizations/${authorization_token}/customer-token`, tokenRequest);
    const token = `/customer-token/v1/tokens/${made.body.token_id}`;
    for (let month = 0; month < 4; month++) {
      const headers = { 'klarna-idempotency-key': `${made.body.token_id} ${month}` };
      t.equal((await shop.ask(`POST ${token}/order`, { ...charge, order_lines: [monthly] }, { headers })).status, 200);
      await behind.ask('POST /sandbox/v1/clock/advance', { by: 'P30D' });
    }
    return token;
  };
  const token = await subscribe();
  t.equal((await shop.ask(`PATCH ${token}/status`, { status: 'CANCELLED' })).status, 202);
  // A reset sets the clock back, and the token of the first life is gone with it.
  await shop.ask('POST /sandbox/v1/reset');
  await subscribe();
  recording.stop();
  await recording.code;
  t.notMatch(recording.out(), 'token-not-cancelled');
  const { entries } = JSON.parse(recording.left('recording.har')).log;
  const days = entries.map(({ startedDateTime }: { startedDateTime: string }) => startedDateTime.slice(0, 10));
  t.strictSame(
    days.slice(0, 9),
    ['01-01', '01-01', '01-01', '01-01', '01-31', '03-02', '04-01', '05-01', '05-01'].map((day) => `2026-${day}`),
  );
  t.equal(days[9], '2026-01-01');
  t.notMatch(recording.left('recording.har'), /mock-klarna-clock/i);
  const replayed = run('replay', join(recording.out_, 'recording.yaml'));
  t.equal(await replayed.code, 0, replayed.out() + replayed.err());
  t.match(recording.left('recording.yaml'), /advance: P30D|now: /);
});

t.test('each merchant has a scenario; credentials may be those of the command', async (t) => {
  const asked: (string | undefined)[] = [];
  const target = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error_code":"NOT_FOUND"}');
  });
  const own = ['--username', 'K1', '--password', 'pw', '--quiet'];
  const recording = await record(t, await listening(t, target), ...own);
  const basic = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:x`).toString('base64')}` });
  for (const headers of [basic('a'), basic('b'), { authorization: 'Bearer x' }, {}]) {
    await fetch(`${recording.url}/payments/v1/sessions/none`, { headers: headers as Record<string, string> });
  }
  recording.stop();
  t.equal(await recording.code, 1, recording.out());
  const credentials = Array(4).fill(`Basic ${Buffer.from('K1:pw').toString('base64')}`);
  t.strictSame(asked, [undefined, ...credentials], 'whether it is a sandbox is asked without');
  t.strictSame(readdirSync(recording.out_).sort(), ['recording-2.yaml', 'recording.har', 'recording.yaml']);
  t.notMatch(recording.out(), /^(GET|POST) /m, 'no line an exchange');
  t.match(recording.out(), /and 1 more/);
  t.notMatch(recording.out() + recording.left('recording.har'), /\bK1\b|\bpw\b/);
});

t.test('with credentials it is open to other machines only when that is said', async (t) => {
  const target = createServer((_, response) => response.end('{}'));
  const at = await listening(t, target);
  const own = ['--username', 'K1', '--password', 'pw'];
  const open = await record(t, at, '--host', '0.0.0.0', '--open', ...own);
  t.equal(open.err(), `open to everybody who reaches 0.0.0.0: ${at} with the credentials of --username\n`);
  const without = await record(t, at, '--host', '0.0.0.0');
  t.equal(without.err(), '', 'without credentials there is nothing to open');
  const refused = await fetch(`${open.url}/x`, { headers: { origin: 'http://evil.example.com' } });
  t.equal(refused.status, 403);
  t.match(open.err(), /\nGET \/x 403 {2}Origin: given http:\/\/evil\.example\.com, whose pages/);
  for (const { stop, code } of [open, without]) {
    stop();
    await code;
  }
});

t.test('a target that hangs', async (t) => {
  const target = createTcpServer((socket) => socket.on('error', () => {}).resume());
  const url = await listening(t, target);
  const out = t.testdir({});
  const written = { out: '', err: '' };
  let stop = () => {};
  const command = recordCommand(
    { target: url, out, host: '127.0.0.1', port: 0 },
    {
      stdin: () => process.stdin,
      stdout: { write: (text: string) => (written.out += text) },
      stderr: { write: (text: string) => (written.err += text) },
      onSignal: (told) => {
        stop = told;
      },
      // Nothing ever answers: however busy the machine is, the patience ends first.
      patience: 40,
    },
  );
  await until(() => / on its way to /.test(written.out), 'the proxy');
  const [, base] = /records (\S+)/.exec(written.out) ?? [];
  const hung = await fetch(`${base}/payments/v1/sessions/a`);
  t.equal(hung.status, 502);
  t.equal(hung.headers.get('content-type'), 'text/plain; charset=utf-8');
  const trouble = `${url} gave no answer: ${url} was silent for 0.04 s`;
  t.equal(await hung.text(), `mock-klarna record: ${trouble}. The request may have been carried out.\n`);
  stop();
  t.equal(await command, 2);
  t.match(written.out, `\nnot judged exchange 1 (GET /payments/v1/sessions/a): ${trouble}\n`);
  t.match(written.out, /\(127\.0\.0\.1\): 1 warning; 0 judged, 1 not judged\n/);
  t.match(
    written.err,
    /^http:\S+ does not answer yet \(.*\); if it is a sandbox, start it first: now times are those /,
  );
  t.strictSame(readdirSync(out), ['recording.har'], 'there is nothing to play');
  const { entries } = JSON.parse(readFileSync(join(out, 'recording.har'), 'utf8')).log;
  t.matchLists(entries, [{ response: { status: 0, statusText: '', content: { size: 0 } }, comment: trouble }]);
});

t.test('a target that breaks off or talks nonsense, and a shop that hangs up', async (t) => {
  let asked = () => {};
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const target = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const text = String(data);
      if (text.includes('/health')) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      if (text.includes('/breaks')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf');
      if (text.includes('/nonsense')) socket.end('nonsense\r\n\r\n');
      if (text.includes('/leaves')) asked();
    });
  });
  const url = await listening(t, target);
  const { url: base, out_, out, err, stop, code } = await record(t, url);
  t.equal((await fetch(`${base}/nonsense`)).status, 502);
  await t.rejects(fetch(`${base}/breaks`).then((answer) => answer.text()));
  const gone = new AbortController();
  const leaving = fetch(`${base}/leaves`, { signal: gone.signal });
  leaving.catch(() => {});
  await arrived;
  gone.abort();
  await t.rejects(leaving);
  await until(() => /^GET \/leaves 0 /m.test(out()), 'the shop that left');
  stop();
  t.equal(await code, 2);
  const left = 'recording.yaml: left out 3 (GET /nonsense, GET /breaks, GET /leaves): the path has no such operation';
  t.equal(err(), `${left}\nfailed: nothing was judged\n`);
  t.match(out(), /^GET \/nonsense 0 .*gave no answer: Parse Error/m);
  const broken = `the answer of ${url} broke off: aborted`;
  t.match(out(), `not judged exchange 2 (GET /breaks): ${broken}\n`);
  t.match(out(), 'not judged exchange 3 (GET /leaves): the shop hung up before the answer was there\n');
  t.strictSame(readdirSync(out_), ['recording.har']);
  const { entries } = JSON.parse(readFileSync(join(out_, 'recording.har'), 'utf8')).log;
  t.strictSame(
    entries.map(({ response }: { response: { status: number } }) => response.status),
    [0, 0, 0],
  );
  t.match(entries[1], { response: { content: { text: 'half' } }, comment: broken });
});

t.test('an answer that may not be passed on costs itself alone', async (t) => {
  const answers: Record<string, string> = {
    '/too-low': 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n',
    '/control': 'HTTP/1.1 200 O\x01K\x7f\r\nContent-Length: 2\r\n\r\n{}',
    '/trailers': 'HTTP/1.1 200 OK\r\nTrailer: X-T\r\nContent-Length: 2\r\n\r\n{}',
    '/switches': 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    '/closes': '',
    '/good': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}',
  };
  const target = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const path = /^\w+ (\S+)/.exec(String(data))?.[1] ?? '';
      socket.end(answers[path] ?? 'HTTP/1.1 404 Not Found\r\n\r\n', 'latin1');
    });
  });
  const recording = await record(t, await listening(t, target));
  const statuses: Record<string, number> = {};
  for (const path of Object.keys(answers)) statuses[path] = (await fetch(recording.url + path)).status;
  t.strictSame(statuses, {
    '/too-low': 502,
    '/control': 200,
    '/trailers': 502,
    '/switches': 502,
    '/closes': 502,
    '/good': 200,
  });
  recording.stop();
  t.equal(await recording.code, 1);
  t.match(
    recording.out(),
    /not judged exchange 1 \(GET \/too-low\): the answer cannot be passed on: Invalid status code: 99\n/,
  );
  t.match(recording.out(), /not judged exchange 4 \(GET \/switches\): \S+ gave no answer: it closed the connection\n/);
  const { entries } = JSON.parse(recording.left('recording.har')).log;
  t.strictSame(
    entries.map(({ response }: { response: { status: number } }) => response.status),
    [0, 200, 0, 0, 0, 200],
  );
});

const recordedIn = (folder: string) => join(folder, 'recording.part');

/** Runs the recorder as a process of its own, whose files may hold as many kilobytes. */
async function recordApart(t: Test, kilobytes: number | 'unlimited', ...args: string[]) {
  const script = `import { main } from ${JSON.stringify(import.meta.resolve('../../src/cli/main.js'))};
    process.exitCode = await main(process.argv.slice(1));`;
  const limited = ['-c', `ulimit -f ${kilobytes}; exec "$@"`, 'bash'];
  const words = [process.execPath, '--input-type=module', '-e', script, '--', 'record', '--port', '0', ...args];
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const child = spawn('bash', [...limited, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      out += data;
    });
  }
  await until(() => / on its way to /.test(out), 'the proxy');
  const [, url = ''] = /records (\S+) on its way/.exec(out) ?? [];
  return { child, url, out: () => out, ended: once(child, 'exit') };
}

t.test('what was recorded outlives the process, for its owner alone, and is finished later', async (t) => {
  const target = await sandbox(t);
  const folder = join(t.testdir({}), 'recorded');
  const { child, url, ended } = await recordApart(t, 'unlimited', '--target', target, '--out', folder);
  const seen = await tellStory(url);
  child.kill('SIGKILL');
  await ended;
  t.strictSame(readdirSync(folder), ['recording.part']);
  t.equal(statSync(recordedIn(folder)).mode & 0o777, 0o600);
  const credentials = Buffer.from('shop:secret').toString('base64');
  t.notMatch(readFileSync(recordedIn(folder), 'utf8'), credentials);
  // The last exchange was on its way to the disk.
  appendFileSync(recordedIn(folder), '{"at":1,"met');

  const again = run('record', '--target', target, '--out', folder, '--port', '0');
  t.equal(await again.code, 2);
  t.match(
    again.err(),
    /^mock-klarna: --out: \S+recording\.part is of a recording that goes on, or was killed: .*--finish/,
  );
  const finished = run('record', '--out', folder, '--finish');
  t.ok((await finished.code) < 2, finished.err());
  t.strictSame(readdirSync(folder).sort(), ['recording.har', 'recording.yaml']);
  const { entries } = JSON.parse(readFileSync(join(folder, 'recording.har'), 'utf8')).log;
  t.equal(entries.length, seen.length);
  t.match(finished.out(), /not judged line \d+ of \S+recording\.part: is no exchange, or not all of one\n/);
  const replayed = run('replay', join(folder, 'recording.yaml'));
  t.equal(await replayed.code, 0, replayed.out());
  const none = run('record', '--out', folder, '--finish');
  t.equal(await none.code, 2);
  t.match(none.err(), /--finish: no recording was left in \S+recorded\n/);
});

t.test('a second signal may end the process at once, and does not cost the recording', async (t) => {
  const folder = join(t.testdir({}), 'recorded');
  const target = await sandbox(t);
  const { child, url, ended } = await recordApart(t, 'unlimited', '--target', target, '--out', folder, '--quiet');
  const seen = await tellStory(url);
  child.kill('SIGINT');
  child.kill('SIGINT');
  await ended;
  if (readdirSync(folder).includes('recording.part')) await run('record', '--out', folder, '--finish').code;
  t.strictSame(readdirSync(folder).sort(), ['recording.har', 'recording.yaml']);
  t.equal(JSON.parse(readFileSync(join(folder, 'recording.har'), 'utf8')).log.entries.length, seen.length);
});

t.test('an exchange for which the disk has no room costs itself alone', async (t) => {
  const target = createServer((request, response) => {
    response.end(request.url === '/large' ? 'x'.repeat(100_000) : '{}');
  });
  const folder = join(t.testdir({}), 'recorded');
  const { child, url, out, ended } = await recordApart(t, 64, '--target', await listening(t, target), '--out', folder);
  for (const path of ['/first', '/large', '/last']) t.equal((await fetch(url + path)).status, 200);
  await until(() => /^GET \/last 200/m.test(out()), 'the last exchange');
  child.kill('SIGINT');
  await ended;
  t.match(out(), /^GET \/large could not be kept \(EFBIG: file too large, write\)$/m);
  t.match(out(), /^not judged GET \/large: could not be kept \(EFBIG/m);
  const { entries } = JSON.parse(readFileSync(join(folder, 'recording.har'), 'utf8')).log;
  t.strictSame(
    entries.map(({ request }: { request: { url: string } }) => new URL(request.url).pathname),
    ['/first', '/last'],
  );
});

t.test('a recording whose files cannot be written stays where it is, to be finished again', async (t) => {
  const recording = await record(t, await sandbox(t), '--quiet');
  await tellStory(recording.url);
  mkdirSync(join(recording.out_, 'recording.har'));
  recording.stop();
  t.equal(await recording.code, 2);
  t.match(
    recording.err(),
    /--out: \S+recording\.har cannot be written \(EISDIR\); the recording stays in \S+recording\.part: /,
  );
  rmdirSync(join(recording.out_, 'recording.har'));
  const finished = run(
    'record',
    '--out',
    recording.out_,
    '--finish',
    '--report',
    `json=${recording.out_}/folder.json/x`,
  );
  mkdirSync(join(recording.out_, 'unused'));
  t.ok((await finished.code) < 2);
  t.strictSame(readdirSync(recording.out_).sort(), ['folder.json', 'recording.har', 'recording.yaml', 'unused']);
});

t.test('a recording of nothing that was left is no hindrance', async (t) => {
  const target = await sandbox(t);
  const folder = join(t.testdir({}), 'recorded');
  mkdirSync(folder);
  writeFileSync(recordedIn(folder), `${JSON.stringify({ target, before: 0 })}\n`);
  const recording = run('record', '--target', target, '--out', folder, '--port', '0', '--quiet');
  await recording.wrote(/on its way to/);
  recording.stop();
  t.equal(await recording.code, 2);
  t.strictSame(readdirSync(folder), ['recording.har']);
});

t.test('what stands in the place of the recording and is no file is told', async (t) => {
  const folder = join(t.testdir({}), 'recorded');
  mkdirSync(recordedIn(folder), { recursive: true });
  const recording = run('record', '--target', 'https://127.0.0.1:9', '--out', folder, '--port', '0');
  t.equal(await recording.code, 2);
  t.match(recording.err(), /^mock-klarna: --out: \S*recording\.part cannot be written \(\w+\)\n$/);
});

t.test('nobody listens there', async (t) => {
  const recording = await record(t, 'https://127.0.0.1:9', '--quiet');
  const answer = await fetch(`${recording.url}/payments/v1/sessions`, { method: 'POST' });
  t.equal(answer.status, 502);
  t.match(await answer.text(), /ECONNREFUSED/);
  t.match(
    recording.err(),
    /^https:\/\/127\.0\.0\.1:9 does not answer yet \(connect ECONNREFUSED .*\); if it is a sandbox, start/,
  );
  recording.stop();
  t.equal(await recording.code, 2);
});

t.test('a target elsewhere is asked by its own name', async (t) => {
  const asked: (string | undefined)[] = [];
  const target = createServer((request, response) => {
    asked.push(request.headers.host, request.url);
    response.end();
  });
  const port = new URL(await listening(t, target, '0.0.0.0')).port;
  // Reaches this machine, and is no address of its loopback interface.
  const elsewhere = `http://0.0.0.0:${port}`;
  const recording = await record(t, `${elsewhere}/base`, '--quiet');
  await fetch(`${recording.url}/payments/v1/sessions/none`);
  await raw(recording.url, 'GET /a HTTP/1.1\r\nConnection: close\r\n\r\n');
  recording.stop();
  await recording.code;
  const host = new URL(elsewhere).host;
  const paths = ['/base/sandbox/v1/health', '/base/payments/v1/sessions/none', '/base/a'];
  t.strictSame(
    asked,
    paths.flatMap((path) => [host, path]),
  );
});

t.test('what cannot be run', async (t) => {
  const folder = t.testdir({ file: '' });
  const taken = new URL(await sandbox(t)).port;
  const cases: [string[], RegExp][] = [
    [['--target', 'http://127.0.0.1:1'], /required option '--out <folder>' not specified/],
    [['--out', folder], /required option '--target <url>' not specified/],
    [['--target', 'nowhere', '--out', folder], /Expected a base URL/],
    [['--target', 'http://127.0.0.1:1', '--out', join(folder, 'file')], /--out: .* cannot be made \(EEXIST\)/],
    [
      ['--target', 'http://127.0.0.1:1', '--out', folder, '--port', taken],
      /cannot listen on 127\.0\.0\.1, port \d+ \(EADDRINUSE\)/,
    ],
    [['--target', 'http://127.0.0.1:1', '--out', folder, '--port', '70000'], /whole number from 0 to 65535/],
    [
      [
        ...['--target', 'http://127.0.0.1:1', '--out', folder, '--host', '0.0.0.0'],
        '--username',
        'a',
        '--password',
        'b',
      ],
      /--host: other machines reach 0\.0\.0\.0, and the credentials of --username .* give --open .*, or leave out/,
    ],
    [['--target', 'http://127.0.0.1:1', '--out', folder, '--username', 'a'], /--username and --password go together/],
    [['--target', 'http://127.0.0.1:1', '--out', folder, '--password', 'a'], /--username and --password go together/],
  ];
  for (const [args, pattern] of cases) {
    const { code, err } = run('record', ...args);
    t.equal(await code, 2);
    t.match(err(), pattern);
  }
});
