import { join } from 'node:path';
import { drift } from '../../src/cli/drift.js';
import { startServer } from '../../src/server/start.js';
import t from '../tap.js';
import { startProxy } from '../verify/proxy.js';
import { run } from './run.js';

const har = (status: number) =>
  JSON.stringify({
    log: {
      version: '1.2',
      entries: [
        {
          request: { method: 'GET', url: 'https://api.klarna.com/payments/v1/sessions/a', headers: [] },
          response: { status, headers: [], content: {} },
        },
      ],
    },
  });

t.test('two targets, one of which has changed', async (t) => {
  const server = await startServer({ port: 0 });
  const proxy = await startProxy(server.url);
  t.teardown(async () => {
    proxy.close();
    await server.close();
  });
  const callers = new Set<string>();
  proxy.plant = ({ asked: { authorization = '' } }) => {
    callers.add(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString());
    return undefined;
  };
  const same = run('drift', server.url, `${proxy.url.replace('//', '//K1:p%40ss@')}/`, 'payments/sessions/unknown');
  t.equal(await same.code, 0, same.err());
  t.match(same.out(), /^Drift \(127\.0\.0\.1 and 127\.0\.0\.1\): no findings; 1 judged\n$/);
  t.strictSame(
    [...callers].sort().map((caller) => caller.replace(/^(\w+)\..*:/, '$1:')),
    ['K1:p@ss'],
  );
  callers.clear();
  const credentials = ['--username', 'K2', '--password', 'p@ss'];
  const given = run('drift', server.url, proxy.url, 'payments/sessions/unknown', ...credentials);
  t.equal(await given.code, 0, given.err());
  t.strictSame(
    [...callers].map((caller) => caller.replace(/^(\w+)\..*:/, '$1:')),
    ['K2:p@ss'],
    'where the URL has none',
  );
  proxy.plant = ({ status, headers, body }) => (status === 404 ? { status: 410, headers, body } : undefined);
  const changed = run('drift', server.url, proxy.url, 'payments/sessions/unknown');
  t.equal(await changed.code, 1);
  t.match(changed.out(), /violation {2}drift\/status {2}\w+Session {2}\S+unknown\.yaml:\d+ /);
  t.match(changed.out(), /step 1: \$\.status is "404 NOT_FOUND" of 127\.0\.0\.1, "410 NOT_FOUND" of 127\.0\.0\.1\n/);
});

t.test('two recordings', async (t) => {
  const folder = t.testdir({ 'a.har': har(404), 'b.har': har(410) });
  const { code, out } = run('drift', join(folder, 'a.har'), join(folder, 'b.har'));
  t.equal(await code, 1);
  const [a, b] = [join(folder, 'a.har'), join(folder, 'b.har')];
  t.equal(
    out(),
    `violation  drift/status  readSession  ${a} exchange 1
           exchange 1: $.status is 404 of ${a}, 410 of ${b}
Drift (${a} and ${b}): 1 violation; 1 judged
`,
  );
});

t.test('a target that is no sandbox is asked slowly', async (t) => {
  const server = await startServer({ port: 0 });
  const proxy = await startProxy(server.url, { asKlarna: true });
  const marks = new Set<unknown>();
  let calls = 0;
  proxy.plant = ({ asked }) => {
    calls++;
    marks.add(asked['mock-klarna-harness']);
    return undefined;
  };
  t.teardown(async () => {
    proxy.close();
    await server.close();
  });
  let paused = 0;
  const clock = {
    monotonic: () => 0,
    async pause(ms: number) {
      paused += ms;
    },
  };
  const screen = { write: () => {} };
  const sides = [server.url, proxy.url.replace('//', '//K1:p@')] as const;
  t.equal(
    await drift(
      { sides, cases: ['payments/sessions/create-refused-empty', 'gateway/malformed-json'] },
      { stdout: screen, stderr: screen, clock },
    ),
    0,
  );
  t.equal(calls, 3);
  t.equal(paused, 500, 'each call waits for the one before');
  t.strictSame([...marks], [undefined], 'Klarna is not told who asks');
  await t.rejects(
    drift({ sides: [server.url, proxy.url], cases: [] }, { stdout: screen, stderr: screen }),
    /is no sandbox; it needs credentials: https:\/\/USER:PASSWORD@127\S+, or --username and --password$/,
  );
});

t.test('what cannot be compared', async (t) => {
  const folder = t.testdir({ 'a.json': '{"no":"recording"}', 'b.har': '{"log":{"entries":[]}}', 'c.har': har(404) });
  const file = (name: string) => join(folder, name);
  const failing: [string[], RegExp][] = [
    [[file('none'), file('c.har')], /none is neither a base URL nor a file/],
    [[folder, file('c.har')], /is neither a base URL nor a file/],
    [[file('a.json'), file('c.har')], /a\.json is no recording/],
    [[file('b.har'), file('c.har')], /b\.har has no exchange/],
    [['http://127.0.0.1:1', file('c.har')], /http:\/\/127\.0\.0\.1:1 does not answer \(connect ECONNREFUSED/],
    [['http://:', file('c.har')], /http:\/\/: is no base URL/],
    [['http://h/?a=1', file('c.har')], /without query and fragment/],
  ];
  for (const [args, message] of failing) {
    const { code, err } = run('drift', ...args);
    t.equal(await code, 2, args.join(' '));
    t.match(err(), message);
    t.match(err(), /^mock-klarna: [^\n]+\n$/, 'one line');
  }
  const cases = run('drift', file('c.har'), file('c.har'), 'no/such');
  t.equal(await cases.code, 2);
  t.match(cases.err(), /no such file, folder or scenario/);
});
