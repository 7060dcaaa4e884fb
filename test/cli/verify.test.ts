import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type VerifyArguments, type VerifyWorld, verify } from '../../src/cli/verify.js';
import { startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { startProxy } from '../verify/proxy.js';
import { run } from './run.js';

const wrong = 'title: Boots\nevidence: docs\nsteps:\n  - createSession: { body: {} }\n    expect: { status: 200 }\n';

/** Runs the command with a world of its own; gives what it wrote. */
async function judge(args: Partial<VerifyArguments>, more: Partial<VerifyWorld> & { terminal?: boolean } = {}) {
  const written = { out: '', err: '' };
  const code = await verify(
    { cases: [], ...args },
    {
      startSandbox: async ({ seed }) => startServer({ seed, port: 0 }),
      stdout: { write: (text) => (written.out += text), isTTY: more.terminal },
      stderr: { write: (text) => (written.err += text) },
      ...more,
    },
  );
  return { code, ...written };
}

/** Something that is no sandbox. */
async function stranger(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test('by default a sandbox of its own is judged by all cases that ship', async (t) => {
  const { code, out } = run('verify');
  t.equal(await code, 0, out());
  t.match(out(), /^Contract \(a sandbox of its own\): no findings; \d{3} judged\n$/);
});

t.test('cases are chosen by name, folder and file', async (t) => {
  const file = join(t.testdir({ 'a.yaml': wrong }), 'a.yaml');
  const { code, out } = run('verify', 'gateway/wrong-method', 'hosted-payment-page/sessions', file);
  t.equal(await code, 1);
  t.match(
    out(),
    /^violation {2}case\/a {2}createSession {2}\S+a\.yaml:5 a\n {11}step 1: \$\.status {2}expected 200, got 400 \(shape: /,
  );
  t.match(out(), /: 1 violation; 1\d judged\n$/);
  const unknown = run('verify', 'gateway/wrong-metho');
  t.equal(await unknown.code, 2);
  t.equal(
    unknown.err(),
    'gateway/wrong-metho:1:1 no such file, folder or scenario (did you mean "gateway/wrong-method"?)\n',
  );
});

t.test('findings go into reports and baselines, and --fail-on decides', async (t) => {
  const folder = t.testdir({ 'a.yaml': wrong });
  const file = (name: string) => join(folder, name);
  const args = [
    'verify',
    file('a.yaml'),
    '--report',
    `json=${file('r.json')},junit=${file('r.xml')},sarif=${file('r.sarif')}`,
  ];
  t.equal(await run(...args, '--write-baseline', file('known.json')).code, 0);
  t.matchLists(JSON.parse(readFileSync(file('r.json'), 'utf8')), {
    tool: 'verify',
    target: 'a sandbox of its own',
    judged: 1,
    baseline: { known: [{ check: 'case/a', where: { line: 5 } }] },
  });
  t.match(readFileSync(file('r.xml'), 'utf8'), /<testsuite name="case"/);
  t.equal(await run('verify', file('a.yaml'), '--baseline', file('known.json')).code, 0);
  t.equal(await run('verify', file('a.yaml')).code, 1);
});

t.test('another sandbox is judged under user names that begin with the given one, again and again', async (t) => {
  const server = await startServer({ port: 0 });
  t.teardown(server.close);
  const asked = new Set<string>();
  const proxy = await startProxy(server.url);
  t.teardown(proxy.close);
  proxy.plant = ({ asked: { authorization = '' } }) => {
    asked.add(Buffer.from(authorization.split(' ')[1] ?? '', 'base64').toString());
    return undefined;
  };
  for (const _ of [1, 2]) {
    const { code, out } = run('verify', '--target', `${proxy.url}/`, '--username', 'K1', 'payments/orders');
    t.equal(await code, 0, out());
    t.match(out(), /^Contract \(127\.0\.0\.1\): no findings; \d+ judged\n$/);
  }
  t.ok(
    [...asked].every((credentials) => /^K1\.payments\.orders\.[\w.-]+:verify$/.test(credentials)),
    [...asked].join(),
  );
});

t.test('any other target is asked slowly, and what it cannot show is listed', async (t) => {
  const server = await startServer({ port: 0, seed: 'playground' });
  const proxy = await startProxy(server.url, { asKlarna: true });
  t.teardown(async () => {
    proxy.close();
    await server.close();
  });
  let now = 0;
  const clock = {
    monotonic: () => now,
    async pause(ms: number) {
      now += ms;
    },
  };
  let calls = 0;
  const marks = new Set<unknown>();
  proxy.plant = ({ asked }) => {
    calls++;
    marks.add(asked['mock-klarna-harness']);
    return undefined;
  };
  const args = { target: proxy.url, username: 'K1', password: 'p', cases: ['gateway', 'payments/sessions'] };
  const { code, out, err } = await judge(args, { clock });
  t.equal(code, 0, out + err);
  t.ok(calls > 10);
  t.strictSame([...marks], [undefined], 'no mark is sent to Klarna');
  t.ok(now >= (calls - 1) * 250, 'four a second');
  t.match(out, /\nnot judged payments\/sessions\/read: needs a sandbox: it acts for the shopper\n/);
  t.match(out, /no findings; \d+ judged, \d+ not judged\n$/);
  const nothing = await judge({ ...args, cases: ['payments/sessions/read'], generate: 1 }, { clock });
  t.equal(nothing.code, 2, 'nothing judged is no success, and no finding');
  t.match(nothing.out, /not judged generated requests of createSession: they need a sandbox/);
  t.match(nothing.err, /nothing was judged/);
});

t.test('generated requests are judged beside the cases', async (t) => {
  const { code, out } = run('verify', 'gateway/wrong-method', '--generate', '1', '--seed', 'a');
  t.equal(await code, 0, out());
  t.match(out(), /no findings; \d\d judged\n$/);
  const none = run('verify', '--generate', 'many');
  t.equal(await none.code, 2);
  for (const word of ['x5', '5x', '0']) t.equal(await run('verify', '--generate', word).code, 2, word);
  t.match(none.err(), /argument 'many' is invalid\. Expected a whole number from 1 to 999999/);
});

t.test('on a terminal a line says how far it has come', async (t) => {
  const { out } = await judge({ cases: ['gateway/wrong-method'], generate: 3 }, { terminal: true });
  const clear = '\r\x1b[2K';
  t.ok(out.startsWith(`${clear}0 of 1 cases, 0 findings`));
  t.ok(out.includes(`${clear}1 of 1 cases, 0 findings`));
  t.ok(out.includes(`${clear}100 generated requests`));
  t.strictSame(
    (out.match(/\d+(?= generated requests)/g) ?? []).filter((sent) => !sent.endsWith('00')),
    [],
    'it is told in hundreds',
  );
});

t.test('a target that cannot be judged gets one line, and exit code 2', async (t) => {
  const file = join(t.testdir({ 'a.yaml': wrong }), 'a.yaml');
  const hanging = await stranger(t, () => {});
  const leading = await stranger(t, (_, response) =>
    response.writeHead(301, { location: 'https://elsewhere.example.com/' }).end(),
  );
  const page = await stranger(t, (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
  );
  const lost = await stranger(t, (_, response) => response.writeHead(300).end());
  const other = await stranger(t, (_, response) => response.writeHead(404).end());
  const credentials = { username: 'K1', password: 'p' };
  for (const [target, message] of [
    [hanging, /does not answer \(.*(timed? ?out|TIMEOUT)/i],
    [leading, /does not answer \(it leads to https:\/\/elsewhere\.example\.com\/; name that\)$/],
    [lost, /does not answer \(it leads to somewhere else; name that\)$/],
    [page, /does not answer \(it has a page where an API is expected\)$/],
    ['http://127.0.0.1:1', /does not answer \(connect ECONNREFUSED 127\.0\.0\.1:1\)$/],
  ] as const) {
    await t.rejects(judge({ cases: [file], target, ...credentials }, { patience: 100 }), {
      name: 'CannotRun',
      message,
    });
  }
  await t.rejects(judge({ cases: [file], target: other }), /is no sandbox; it needs --username and --password$/);
});

t.test('a target that answers anything but an API is judged, and found wanting', async (t) => {
  const page: RequestListener = (request, response) => {
    if (request.url?.startsWith('/sandbox/')) response.writeHead(404).end();
    else response.writeHead(400, { 'content-type': 'text/html' }).end('<html></html>');
  };
  const target = await stranger(t, page);
  const { code, out } = await judge({ target, username: 'K1', password: 'p', cases: ['gateway/malformed-json'] });
  t.equal(code, 1);
  t.match(out, /answer\/createSession .*\n.*header Content-Type: given "text\/html", expected application\/json/);
});
