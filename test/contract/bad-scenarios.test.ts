import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Library } from '../../src/scenario/library.js';
import { badFiles, paths } from '../scenario/bad-files.js';
import t from '../tap.js';
import { authorized, basic, purchase, startSandbox } from './sandbox.js';

const refusing = (error: string) =>
  `title: It fails\nevidence: inferred\nalias: fails\noutcomes: [{ on: createSession, error: ${error} }]\n`;

t.test('a chosen file that is edited into something bad keeps its last good version, and says so', async (t) => {
  const folder = t.testdir({ 'live.yaml': refusing('INTERNAL_SERVER_ERROR') });
  const file = join(folder, 'live.yaml');
  const told: string[] = [];
  const tell = (line: string) => told.push(line);
  let now = 0;
  const wall = { now: () => now, monotonic: () => now, later: () => () => {} };
  const [scenario] = await Library.ofFile(file, tell, wall).all();
  const call = (await startSandbox(t, { scenario, library: Library.open(folder, undefined, wall), wall })).as('boots');
  const create = async (headers?: Record<string, string>) => {
    now += 1_000;
    return (await call('createSession', { body: purchase, headers })).status;
  };
  t.equal(await create(), 500);
  for (const [what, { content, says }] of Object.entries(badFiles)) {
    writeFileSync(file, content);
    t.equal(await create(), 500, what);
    t.equal(await create({ 'mock-klarna-scenario': 'live' }), 400, 'nobody else finds it');
    const [line = '', ...others] = told.splice(0);
    t.match(line, says);
    t.match(line, /live\.yaml:\d+:\d+ [^\n]*; its last good version stays$/);
    t.strictSame(others, [], 'said once');
  }
  rmSync(file);
  t.equal(await create(), 500);
  t.matchLists(told.splice(0), [/live\.yaml has gone; its last good version stays where it was chosen$/]);
  writeFileSync(file, refusing('MERCHANT_INACTIVE'));
  t.equal(await create(), 403, 'good again');
  t.matchLists(told, [/live\.yaml has changed: it was read again$/]);
});

t.test('a scenario in a request may hold no more than a file, and its mistakes are told in one line', async (t) => {
  const { url, as } = await startSandbox(t);
  const call = as('boots');
  const put = async (body: string | Buffer) => {
    const headers = { authorization: basic('boots'), 'content-type': 'application/json' };
    const answer = await fetch(`${url}/sandbox/v1/scenario`, {
      method: 'PUT',
      headers,
      body: new Uint8Array(Buffer.from(body)),
    });
    return { status: answer.status, why: answer.headers.get('mock-klarna-explain') };
  };
  const inline = (more: string) => `{"inline":{"title":"x","evidence":"inferred"${more}}}`;
  const shopper = ',"shopper":{"result":"denied"}';
  t.match(await put(inline(shopper)), { status: 200 });
  for (const [what, more, status, why] of [
    ['too large', `${shopper},"tags":["${'x'.repeat(1024 * 1024)}"]`, 413, /^body-size: /],
    ['too large once it is laid out', `,"tags":[${'1,'.repeat(200_000)}1]`, 400, /holds more than 1 MB/],
    ['too deep to be read', `,"x":${'['.repeat(5_000)}${']'.repeat(5_000)}`, 400, /^readable-json: .*nested/],
    ['too deep', `,"x":${'['.repeat(150)}${']'.repeat(150)}`, 400, /nested deeper than 64 levels/],
    ['two mistakes', ',"y":1,"z":2', 400, /^scenario-known: unknown key "y"; unknown key "z"$/],
    ['__proto__', ',"__proto__":{}', 400, /^readable-json: /],
  ] as const) {
    t.match(await put(inline(more)), { status, why }, what);
  }
  t.match(await put(Buffer.from(inline(',"source":"Caf\xe9"'), 'latin1')), { status: 400, why: /not UTF-8/ });
  t.match((await call('readScenario')).body, { name: 'inline', title: 'x' }, 'the one before stays');
});

t.test('a name leads to no file outside the folder, however it comes', async (t) => {
  const folder = t.testdir({ inside: { 'a.yaml': refusing('NOT_FOUND') }, 'good.yaml': refusing('NOT_FOUND') });
  const call = (await startSandbox(t, { library: Library.open(join(folder, 'inside')) })).as('boots');
  const { session_id } = (await call('createSession', { body: purchase })).body;
  for (const name of paths) {
    const unknown = { status: 400, why: /^scenario-known: .* is no scenario/ };
    t.match(await call('chooseScenario', { body: { name } }), unknown, name);
    t.match(await call('createSession', { body: purchase, headers: { 'mock-klarna-scenario': name } }), unknown, name);
    const data = { billing_address: { email: `anna+scenario-${name}@shop.test` } };
    t.match(await call('authorizeSession', { path: { session_id }, body: { data } }), unknown, name);
  }
  t.match(await authorized(call, {}, { data: { billing_address: { email: 'anna+scenarios@shop.test' } } }), {
    authorizationToken: String,
  });
});

t.test('an alias of two scenarios is refused with both files, however it comes', async (t) => {
  const folder = t.testdir({ 'a.yaml': refusing('NOT_FOUND'), 'b.yaml': refusing('NOT_FOUND') });
  const call = (await startSandbox(t, { library: Library.open(folder) })).as('boots');
  const { session_id } = (await call('createSession', { body: purchase })).body;
  const twice = { status: 400, why: /given fails, .*b\.yaml:1:1 the alias "fails" is that of \S+a\.yaml$/ };
  t.match(await call('chooseScenario', { body: { name: 'fails' } }), twice);
  t.match(await call('createSession', { body: purchase, headers: { 'mock-klarna-scenario': 'fails' } }), twice);
  const data = { billing_address: { email: 'anna+scenario-fails@shop.test' } };
  t.match(await call('authorizeSession', { path: { session_id }, body: { data } }), twice);
  t.match(await call('chooseScenario', { body: { name: 'b' } }), { status: 200 });
});
