import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptExchange, keep } from '../../../src/verify/record/journal.js';
import { RecordingPart, readPart } from '../../../src/verify/record/part.js';
import t from '../../tap.js';

const target = new URL('https://api.klarna.test/base');

const passed = (path: string, more: Partial<KeptExchange> = {}): KeptExchange => ({
  at: 0,
  ms: 1,
  method: 'GET',
  target: path,
  requestHeaders: {},
  status: 200,
  responseHeaders: {},
  ...more,
});

const pathsOf = (left: Awaited<ReturnType<typeof readPart>>) =>
  left?.journal.list().exchanges.map(({ exchange }) => exchange.path);

t.test('what was added is read back, whatever signs are in it', async (t) => {
  const folder = t.testdir({});
  const part = RecordingPart.begin(folder, target);
  const body = 'a\u2028b\u2029c\r\nd\u0000\ud800';
  part.add(keep(passed('/a', { requestBody: body, clock: 7, trouble: 'none' })));
  part.add(passed('/b'));
  part.close();
  const left = await readPart(folder);
  t.equal(left?.target.href, target.href);
  t.strictSame(left?.lost, []);
  const exchanges = left?.journal.list().exchanges ?? [];
  t.matchLists(exchanges, [
    { exchange: { path: '/a', request: { body }, at: '1970-01-01T00:00:00.007Z' }, trouble: 'none' },
    { exchange: { path: '/b' } },
  ]);
  RecordingPart.remove(folder);
  t.strictSame(readdirSync(folder), []);
  t.equal(await readPart(folder), undefined);
});

t.test('a recording that cannot be begun leaves no file', async (t) => {
  const folder = t.testdir({});
  const endless: Record<string, unknown> = {};
  endless.endless = endless;
  t.throws(() => RecordingPart.begin(folder, { href: endless } as unknown as URL), TypeError);
  t.strictSame(readdirSync(folder), []);
});

t.test('credentials are left out, and what they say of the merchant stays', async (t) => {
  const folder = t.testdir({});
  const part = RecordingPart.begin(folder, target);
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const live = 'klarna_live_api_d2ludGVyLWJvb3Rz';
  part.add(keep(passed('/a', { requestHeaders: basic('shop:winter') })));
  part.add(keep(passed('/b', { requestHeaders: basic(`shop:${live}`), responseHeaders: { 'Set-Cookie': 'a=b' } })));
  part.add(keep(passed('/c')));
  part.close();
  const text = readFileSync(join(folder, 'recording.part'), 'utf8');
  for (const secret of ['winter', live, basic('shop:winter').Authorization, 'a=b']) t.notOk(text.includes(secret));
  const { exchanges = [] } = (await readPart(folder))?.journal.list() ?? {};
  t.matchLists(exchanges, [
    { merchant: 'shop' },
    { merchant: 'shop', exchange: { live_key: true } },
    { merchant: undefined },
  ]);
  t.equal(exchanges[0]?.exchange.live_key, undefined);
});

t.test('a long recording goes on in another file, and the oldest exchanges are counted', async (t) => {
  const folder = t.testdir({});
  const part = RecordingPart.begin(folder, target, { long: 1_000 });
  for (let n = 1; n <= 20; n++) part.add(passed(`/${n}`, { requestBody: 'x'.repeat(150) }));
  part.close();
  t.strictSame(readdirSync(folder).sort(), ['recording.part', 'recording.part.1']);
  const left = await readPart(folder);
  const paths = pathsOf(left) ?? [];
  t.equal(paths.at(-1), '/20');
  t.ok(paths.length >= 4 && paths.length < 20);
  t.strictSame(
    paths,
    Array.from({ length: paths.length }, (_, at) => `/${20 - paths.length + at + 1}`),
  );
  t.equal(left?.journal.list().dropped, 20 - paths.length);
});

t.test('lines that are no exchange are told, and the others are read', async (t) => {
  const folder = t.testdir({});
  const part = RecordingPart.begin(folder, target);
  part.add(passed('/a'));
  const file = join(folder, 'recording.part');
  const wrong: object[] = [
    [],
    { ...passed('/x'), at: '1' },
    { ...passed('/x'), at: 1e300 },
    { ...passed('/x'), clock: 1e300 },
    { ...passed('/x'), ms: null },
    { ...passed('/x'), method: 1 },
    { ...passed('/x'), requestHeaders: { a: 1 } },
    { ...passed('/x'), responseHeaders: 'a' },
    { ...passed('/x'), status: '200' },
    { ...passed('/x'), responseBody: {} },
    { ...passed('/x'), live: 1 },
  ];
  appendFileSync(file, `${wrong.map((line) => JSON.stringify(line)).join('\n')}\nhalf{\n`);
  part.add(passed('/b'));
  part.close();
  const left = await readPart(folder);
  t.strictSame(pathsOf(left), ['/a', '/b']);
  t.equal(left?.lost.length, wrong.length + 1);
  t.strictSame(left?.lost[0], { what: `line 3 of ${file}`, why: 'is no exchange, or not all of one' });

  writeFileSync(file, `${JSON.stringify(passed('/a'))}\n`);
  t.equal(await readPart(folder), undefined, 'what does not say its target is no recording');
});

t.test('a recording is not begun over another', async (t) => {
  const folder = t.testdir({ 'recording.part': '' });
  t.throws(() => RecordingPart.begin(folder, target), { code: 'EEXIST' });
  t.ok(existsSync(join(folder, 'recording.part')));
});
