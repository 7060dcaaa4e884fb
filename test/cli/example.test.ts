import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const fixture = readFileSync('test/cli/fixtures/retry-succeeds.yaml', 'utf8');

/** Replays the example with some of its text replaced. */
async function replay(t: Test, from: string | RegExp = '', to = '') {
  const file = join(t.testdir({ 'retry-succeeds.yaml': fixture.replace(from, to) }), 'retry-succeeds.yaml');
  const { code, out, err } = run('replay', file);
  return { file, code: await code, out: out(), err: err() };
}

t.test('the example of everything that a scenario can say goes well, callbacks and all', async (t) => {
  const { code, out, err } = await replay(t);
  t.equal(code, 0, out + err);
  t.equal(out, 'ok   retry-succeeds  16 steps\n1 passed\n');
});

t.test('with what it expects falsified it fails, and says where, what was expected and what came', async (t) => {
  const { code, out, file } = await replay(t, 'error_code: PAYMENT_METHOD_FAILED }', 'error_code: REJECTED }');
  const line = fixture.split('\n').findIndex((text) => text.includes('error_code: PAYMENT_METHOD_FAILED }')) + 1;
  t.equal(code, 1);
  t.match(out, 'FAIL retry-succeeds  step 15 of 16\n');
  t.match(out, `${file}:${line}`);
  t.match(out, /\$\.body\.error_code.*"REJECTED".*"PAYMENT_METHOD_FAILED"/s);
  t.match(out, '1 failed');
});

t.test('with one of its outcomes or its callbacks taken away it fails', async (t) => {
  const parts = [
    / {2}- on: createCustomerTokenOrder\n.*\n.*\n.*\n/,
    / {2}- on: createOrder\n.*\n/,
    / {2}- on: createCustomerToken\n.*\n/,
    / {2}- on: createSession\n.*\n.*\n/,
    /callbacks:\n.*\n.*\n/,
  ];
  for (const part of parts) t.match(await replay(t, part), { code: 1, out: /^FAIL/ }, String(part));
});
