import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { purchase, startSandbox } from '../contract/sandbox.js';
import { depths, nested } from '../exchange/nested.js';
import t from '../tap.js';
import { run } from './run.js';

const authorization = `Basic ${Buffer.from('shop:secret').toString('base64')}`;
const post = (url: string, body: string) =>
  fetch(`${url}/payments/v1/sessions`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body,
  });

/** A field that Klarna ignores, nested so deep. */
const strange = (depth: number) => `{"x":${nested(depth - 1)},${JSON.stringify(purchase).slice(1)}`;

t.test('files with bodies that nest too deep are judged as far as they go', async (t) => {
  for (const depth of depths) {
    const body = nested(depth);
    const request = { method: 'GET', url: 'https://api.klarna.com/payments/v1/sessions/a', headers: [] };
    const entry = { request, response: { status: 200, headers: [], content: { text: body } } };
    const interaction = {
      description: 'reads',
      request: { method: 'GET', path: '/payments/v1/sessions/a' },
      response: { status: 200, body: 'DEEP' },
    };
    const folder = t.testdir({
      'a.har': JSON.stringify({ log: { entries: [entry] } }),
      'c.yaml': `http_interactions:\n- request: {method: get, uri: 'https://api.klarna.com/payments/v1/sessions/a', headers: {}}\n  response: {status: {code: 200}, headers: {}, body: {string: '${body}'}}\n`,
      'p.json': JSON.stringify({ interactions: [interaction] }).replace('"DEEP"', body),
      'baseline.json': `[{"fingerprint":"a","check":${body}}]`,
    });
    for (const [option, file] of [
      ['--har', 'a.har'],
      ['--cassette', 'c.yaml'],
      ['--pact', 'p.json'],
    ] as const) {
      const { code, out, err } = run('verify', option, join(folder, file));
      t.equal(await code, 2, `${option}, ${depth} levels: nothing was judged, so nothing was found`);
      t.equal(err(), 'failed: nothing was judged\n');
      t.match(out(), /^not judged .*nested deeper than \d+ levels$/m);
    }
    const drift = run('drift', '--recording', join(folder, 'a.har'), '--recording', join(folder, 'c.yaml'));
    await drift.code;
    t.notMatch(drift.err(), /RangeError|Maximum call stack|\n\s+at /);
    const baseline = run('verify', 'gateway', '--baseline', join(folder, 'baseline.json'));
    t.equal(await baseline.code, 2);
    t.match(baseline.err(), /^mock-klarna: --baseline: \S+ cannot be read \(nested deeper than 128 levels\)\n$/);
  }
});

t.test('requests that nest deep are refused, recorded, shown, reported and saved', async (t) => {
  const { url } = await startSandbox(t);
  const folder = t.testdir({});
  const out = join(folder, 'recorded');
  const recording = run('record', '--target', url, '--out', out, '--port', '0');
  const [, proxy = ''] = await recording.wrote(/^mock-klarna records (http\S+) on its way to /m);
  t.equal((await post(proxy, strange(64))).status, 200, 'as deep as may be');
  for (const depth of [65, ...depths]) t.equal((await post(proxy, strange(depth))).status, 400, `${depth} levels`);
  recording.stop();
  await recording.code;
  t.notMatch(recording.err(), /RangeError|Maximum call stack|\n\s+at /);
  const { entries } = JSON.parse(readFileSync(join(out, 'recording.har'), 'utf8')).log;
  t.equal(entries.length, 5);
  t.ok(existsSync(join(out, 'recording.yaml')));
  const journal = await fetch(`${url}/sandbox/v1/journal`, { headers: { authorization } });
  t.equal(journal.status, 200);
  const { items } = (await journal.json()) as { items: { request: { body: unknown } }[] };
  t.strictSame(
    items.map(({ request: { body } }) => typeof body),
    ['string', 'string', 'string', 'string', 'object'],
  );
  t.equal(items[0]?.request.body, strange(100_000), 'the whole text');

  const formats = ['html', 'json', 'md', 'junit', 'sarif'].map((format) => `${format}=${join(folder, format)}`);
  for (const args of [
    ['report', '--url', url, '--merchant', 'shop', '--pact', join(folder, 'pact.json'), '--report', formats.join()],
    ['save', '--target', url, '--merchant', 'shop', '--out', join(folder, 'saved.yaml')],
    ['replay', join(out, 'recording.yaml'), '--verbose'],
    ['replay', join(folder, 'saved.yaml')],
  ]) {
    const { code, err } = run(...args);
    t.not(await code, 2, `${args[0]}: ${err()}`);
    t.notMatch(err(), /RangeError|Maximum call stack|\n\s+at /);
  }
});
