import { delimiter, join, relative } from 'node:path';
import { readFolders } from '../../src/cli/place.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const refusing = (title: string, status: number) =>
  `title: ${title}\noutcomes:\n  - { on: createSession, fault: { status: ${status} } }\n`;

/** Folders of a shop's own scenarios. */
const folders = (t: Test) =>
  t.testdir({
    klarna: {
      'Boots.yaml': refusing('Boots are out', 503),
      declines: { 'order-rejected.yaml': refusing('Not the one that ships', 500) },
      'play.yaml': 'title: It is up\nsteps: [{ readHealth: }]\n',
    },
    more: {
      'laces.json': JSON.stringify({
        title: 'Laces',
        alias: 'thin',
        outcomes: [{ on: 'createSession', fault: { status: 502 } }],
      }),
    },
    'boots.yaml': refusing('A file', 503),
  });

/** Runs a command to its end. */
async function done(...args: string[]) {
  const { code, out, err } = run(...args);
  return { code: await code, out: out(), err: err() };
}

async function serving(t: Test, ...args: string[]) {
  const server = run('--port', '0', '--quiet', ...args);
  t.teardown(async () => {
    server.stop();
    await server.code;
  });
  const [, url = ''] = await server.wrote(/ready at (\S+)\n/);
  const headers = {
    authorization: `Basic ${Buffer.from('shop:secret').toString('base64')}`,
    'content-type': 'application/json',
  };
  const call = async (method: string, path: string, body?: object, more?: Record<string, string>) => {
    const text = body && JSON.stringify(body);
    const answer = await fetch(url + path, { method, headers: { ...headers, ...more }, ...(text && { body: text }) });
    return {
      status: answer.status,
      why: answer.headers.get('mock-klarna-explain'),
      body: (await answer.json().catch(() => undefined)) as any,
    };
  };
  return { call, err: server.err };
}

t.test("serve finds scenarios of one's own by header, e-mail address and the control API", async (t) => {
  const folder = folders(t);
  const { call, err } = await serving(t, '--scenarios', join(folder, 'klarna'), '--scenarios', join(folder, 'more'));
  t.equal(
    err(),
    `mock-klarna: declines/order-rejected is ${folder}/klarna/declines/order-rejected.yaml, and not the one that ships\n`,
  );
  const by = async (name: string) =>
    (await call('POST', '/payments/v1/sessions', {}, { 'mock-klarna-scenario': name })).status;
  t.strictSame(
    [await by('Boots'), await by('declines/order-rejected'), await by('thin'), await by('laces')],
    [503, 500, 502, 502],
  );
  t.equal(await by('f-session-503'), 503, 'beside those that ship');
  t.match(await call('POST', '/payments/v1/sessions', {}, { 'mock-klarna-scenario': 'boost' }), {
    status: 400,
    why: 'scenario-known: Mock-Klarna-Scenario: given boost, which is no scenario (did you mean Boots?)',
  });
  const { items } = (await call('GET', '/sandbox/v1/scenarios')).body;
  t.matchLists(
    items.filter(({ name }: { name: string }) =>
      ['Boots', 'declines/order-rejected', 'mixed-payments/subscription'].includes(name),
    ),
    [
      { name: 'Boots', title: 'Boots are out', tags: [], steps: 0 },
      { name: 'declines/order-rejected', title: 'Not the one that ships' },
      { name: 'mixed-payments/subscription', evidence: 'docs' },
    ],
  );
  t.notOk('evidence' in items.find(({ name }: { name: string }) => name === 'Boots'), "none is asked of one's own");
  t.match(await call('GET', '/sandbox/v1/scenarios/text?name=Boots'), {
    body: { text: refusing('Boots are out', 503) },
  });
  t.match(await call('PUT', '/sandbox/v1/scenario', { name: 'Boots' }), {
    status: 200,
    body: { title: 'Boots are out' },
  });
  t.equal((await call('POST', '/payments/v1/sessions', {})).status, 503);
  t.equal((await call('DELETE', '/sandbox/v1/scenario')).status, 204);
  t.match(await call('POST', '/sandbox/v1/scenarios/play', { name: 'play' }), { body: { result: 'passed', of: 1 } });
  const line = { name: 'Boots', quantity: 1, unit_price: 100, total_amount: 100 };
  const purchase = { purchase_country: 'SE', purchase_currency: 'SEK', order_amount: 100, order_lines: [line] };
  const { session_id } = (await call('POST', '/payments/v1/sessions', purchase)).body;
  const data = { billing_address: { email: 'anna+scenario-boots@shop.test' } };
  t.equal((await call('POST', `/sandbox/v1/sessions/${session_id}/authorize`, { data })).status, 200, 'in any case');
});

t.test('serve says at its start what is wrong with a file, and refuses what is no folder', async (t) => {
  const folder = t.testdir({ klarna: { 'bad.yaml': 'title: Bad\nsteps: {}\n' }, 'a.yaml': '' });
  const { err } = await serving(t, '--scenarios', join(folder, 'klarna'));
  t.match(err(), /^mock-klarna: \S*bad\.yaml:2:8 "steps" must be a list, .*; it is left out\n$/);
  const refused = await done('--scenarios', join(folder, 'a.yaml'));
  t.strictSame(refused, {
    code: 2,
    out: '',
    err: `mock-klarna: --scenarios: given ${folder}/a.yaml, which is a file; expected a folder of scenarios (scenario takes a single one)\n`,
  });
  for (const command of ['replay', 'scenarios'] as const) {
    const { code, err: told } = await done(
      command,
      '--scenarios',
      join(folder, 'none'),
      ...(command === 'replay' ? ['a'] : []),
    );
    t.equal(code, 2);
    t.match(told, /^mock-klarna: --scenarios: given \S*none, which is not there; expected a folder/);
  }
  const unreadable = await done('scenarios', '--scenarios', 'x'.repeat(300));
  t.match(unreadable, { code: 2, err: /^mock-klarna: ENAMETOOLONG: name too long, stat 'x{300}'\n$/ });
});

t.test("replay plays scenarios of one's own by name, alias and folder", async (t) => {
  const folder = t.testdir({
    klarna: {
      theme: {
        'up.yaml': 'title: Up\nalias: up\nsteps: [{ readHealth: }]\n',
        'clock.yaml': 'title: Clock\nsteps: [{ readClock: }]\n',
      },
    },
  });
  const own = ['--scenarios', join(folder, 'klarna')];
  t.strictSame(await done('replay', 'theme/up', 'up', 'theme', 'mix-on-demand', ...own), {
    code: 0,
    out: 'ok   theme/up  1 step\nok   theme/up  1 step\nok   theme/clock  1 step\nok   theme/up  1 step\nok   mixed-payments/additional-charge  7 steps\n5 passed\n',
    err: '',
  });
  const { code, err } = await done('replay', 'theme/upp', ...own);
  t.equal(code, 2);
  t.match(err, /did you mean "theme\/up"\?/);
});

t.test("scenarios lists and shows one's own beside those that ship", async (t) => {
  const folder = folders(t);
  const own = ['--scenarios', join(folder, 'klarna'), '--scenarios', join(folder, 'more')];
  const { code, out, err } = await done('scenarios', ...own);
  t.equal(code, 0);
  t.match(out, /^Boots +Boots are out$/m);
  t.match(out, /^declines\/order-rejected +Not the one that ships$/m);
  t.match(out, /^mixed-payments\/subscription +\S/m);
  t.match(err, /order-rejected\.yaml, and not the one that ships\n$/);
  t.strictSame(await done('scenarios', 'show', 'thin', ...own.slice(2)), {
    code: 0,
    out: 'laces\n  Laces\n  alias: thin\n  outcomes, of which the first that matches a call wins:\n    1. each call of createSession gets status 502\n',
    err: '',
  });
  t.match(
    await done('scenarios', ...own, '--folder', join(folder, 'more')),
    { out: 'laces  Laces\n' },
    'a folder alone',
  );
});

t.test('MOCK_KLARNA_SCENARIOS names folders for every command that finds scenarios by name', async (t) => {
  const folder = folders(t);
  const both = [join(folder, 'klarna'), join(folder, 'more')];
  t.teardown(() => {
    delete process.env.MOCK_KLARNA_SCENARIOS;
  });
  for (const text of [both.join(','), both.join(delimiter), ` ${both.join(' , ')},`]) {
    process.env.MOCK_KLARNA_SCENARIOS = text;
    t.match((await done('scenarios', 'show', 'Boots')).out, /^Boots\n/);
    t.match((await done('scenarios', 'show', 'laces')).out, /^laces\n/);
  }
  t.equal((await done('replay', 'play')).code, 0);
});

t.test('a folder that is there may have any sign in its name', async (t) => {
  const folder = t.testdir({ 'a,b': {}, 'c:d;e': {} });
  for (const name of ['a,b', 'c:d;e']) {
    t.strictSame(readFolders(join(folder, name), ['x']), ['x', join(folder, name)]);
  }
  t.strictSame(readFolders('a, b'), ['a', 'b']);
  t.strictSame(readFolders(relative('', folder)), [relative('', folder)]);
});
