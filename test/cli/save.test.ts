import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chooseScenarios } from '../../src/replay/choose.js';
import { replayScenarios } from '../../src/replay/replay.js';
import { type ServerOptions, startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

async function sandbox(t: Test, options: Partial<ServerOptions> = {}): Promise<string> {
  const { url, close } = await startServer({ port: 0, seed: 'save', ...options });
  t.teardown(close);
  return url;
}

const create = (url: string, username: string, password = 'secret') =>
  fetch(`${url}/payments/v1/sessions`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: '{}',
  });

/** Of what there is to save, some of each kind. */
const sample = `
  callbacks/authorization-twice
  declines/credentials-probe declines/order-does-not-match declines/shopper-denied declines/step-up-and-recovery
  expiry/authorization-after-60-minutes expiry/session-after-48-hours
  faults/order-empty-answer faults/session-reset faults/session-unavailable-three-times faults/token-read-garbage
  fraud/pending-then-accepted
  idempotency/another-body-under-the-key idempotency/lost-charge-same-key idempotency/lost-order-answer
  mixed-payments/pay-in-4-by-card mixed-payments/shared-token mixed-payments/subscription
  on-demand/over-a-limit
  subscriptions/monthly-for-a-year
  tokens/cancelled-between-renewals tokens/other-currency tokens/suspended-and-back
  validation/norway-billed-in-sweden validation/united-states`
  .trim()
  .split(/\s+/);

t.test('the journals of scenarios that ship can be saved, checked and replayed', async (t) => {
  const scenarios = await chooseScenarios(sample);
  const url = await sandbox(t);
  const results = await replayScenarios(scenarios, { url, username: 'shop', password: 'secret' }, { seed: 's' });
  const folder = t.testdir();
  const merchants = results.map(({ merchant }) => merchant);
  for (const merchant of [...merchants, 'shop.mixed-payments.shared-token.insurer']) {
    const file = join(folder, 'deep', `${merchant}.yaml`);
    const saving = run('save', '--target', url, '--merchant', merchant, '--out', file);
    const insurer = merchant.endsWith('insurer');
    t.equal(await saving.code, insurer ? 2 : 0, `${merchant}: ${saving.err()}`);
    t.equal(existsSync(file), !insurer);
    if (insurer) t.match(saving.err(), 'not saved: 2 (createCustomerTokenOrder): no answer that is saved gives its');
    else t.equal(saving.err(), '', merchant);
  }
  const checking = run('scenarios', 'check', folder);
  t.equal(await checking.code, 0, checking.err());
  const replaying = run('replay', folder);
  t.equal(await replaying.code, 0, replaying.out());
  t.match(replaying.out(), `${merchants.length} passed`);
});

t.test('the merchant is named by either option, and its file is written anew', async (t) => {
  const url = await sandbox(t);
  const file = join(t.testdir({ 'a.yaml': 'old' }), 'a.yaml');
  const merchants = ['shop', 'boots', 'bikes'];
  for (const merchant of merchants) await create(url, merchant);
  const both = ['--username', 'boots', '--merchant', 'bikes'];
  for (const [index, options] of [[], ['--username', 'boots'], both].entries()) {
    const { code, out, err } = run('save', '--target', url, ...options, '--out', file);
    t.equal(await code, 0, err());
    t.equal(out(), `${file}  1 call of ${merchants[index]}\n`);
  }
  t.match(readFileSync(file, 'utf8'), /^title: A saved journal of 1 call\n/);
  await create(url, 'bikes');
  const twice = run('save', '--target', url, '--merchant', 'bikes', '--out', file);
  t.equal(await twice.code, 0, twice.err());
  t.equal(twice.out(), `${file}  2 calls of bikes\n`);
});

t.test('a merchants file asks for the password', async (t) => {
  const url = await sandbox(t, { merchants: [{ username: 'boots', password: 'winter' }] });
  await create(url, 'boots', 'winter');
  const file = join(t.testdir(), 'a.yaml');
  const wrong = run('save', '--target', url, '--merchant', 'boots', '--out', file);
  t.equal(await wrong.code, 2);
  t.match(wrong.err(), /^mock-klarna: http:\S+ does not know --username boots by that --password\n$/);
  const right = run('save', '--target', url, '--merchant', 'boots', '--password', 'winter', '--out', file);
  t.equal(await right.code, 0, right.err());
  t.notMatch(readFileSync(file, 'utf8'), 'winter');
});

t.test('what keeps it from saving is told in one line', async (t) => {
  const url = await sandbox(t);
  const folder = t.testdir({ file: '' });
  const out = join(folder, 'a.yaml');
  const stranger = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  t.teardown(() => stranger.close());
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  await create(url, 'shop');
  for (const [args, message] of [
    [['--target', url], /--out/],
    [['--target', url, '--merchant', 'nobody', '--out', out], /nothing to save: no call in the journal of nobody at /],
    [['--target', elsewhere, '--out', out], /is no sandbox; mock-klarna serve starts one/],
    [['--target', 'http://127.0.0.1:1', '--out', out], /--target: http:\/\/127\.0\.0\.1:1 does not answer/],
    [['--target', url, '--out', join(folder, 'file', 'a.yaml')], /--out: .* cannot be written \(\w+\)/],
  ] as const) {
    const { code, err } = run('save', ...args);
    t.equal(await code, 2);
    t.match(err(), message);
    t.match(err(), /^mock-klarna: .*\n$/);
  }
  t.notOk(existsSync(out));
});
