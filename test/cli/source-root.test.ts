import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CannotRun } from '../../src/cli/io.js';
import { checkSourceRoot, findCalls } from '../../src/cli/source-root.js';
import t, { type Test } from '../tap.js';

/** Makes a folder of files; returns what is found in it, as file and line within the folder. */
async function look(t: Test, files: Record<string, string>) {
  const folder = t.testdir({});
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const find = await findCalls(folder);
  return (operation?: string) => {
    const { file, line } = find(operation);
    return `${file.slice(folder.length + 1).replaceAll('\\', '/')}:${line}`;
  };
}

t.test('an operation is called where its path stands, or its name, in whatever language', async (t) => {
  const at = await look(t, {
    'src/checkout.php': '<?php\n// klarna\n$url = "$base/payments/v1/sessions";\n',
    'src/orders.py': 'def order(token):\n    return post(f"/payments/v1/authorizations/{token}/order")\n',
    'src/renew.ts': 'await client.create_customer_token_order(token);\n',
    'src/captures.rb': 'post "/orders/#{id}/captures"\n\n\npost "/ordermanagement/v1/orders/#{id}/captures"\n',
  });
  t.equal(at('createSession'), 'src/checkout.php:3');
  t.equal(at('createOrder'), 'src/orders.py:2');
  t.equal(at('createCustomerTokenOrder'), 'src/renew.ts:1');
  t.equal(at('captureOrder'), 'src/captures.rb:4', 'more of the path is more like it');
  t.equal(at('refundOrder'), 'src/checkout.php:2', 'what is called nowhere stands where Klarna is named');
  t.equal(at(), 'src/checkout.php:2');
});

t.test('a line of the shop is better than one of its tests, and the first of several is taken', async (t) => {
  const call = 'fetch("/payments/v1/sessions")\n';
  const at = await look(t, { 'a/test/pay.js': call, 'b/pay.js': call, 'c/pay.js': call });
  t.equal(at('createSession'), 'b/pay.js:1');
  const only = await look(t, { 'test/pay.js': call });
  t.equal(only('createSession'), 'test/pay.js:1');
});

t.test('what others wrote, what is hidden and what is no source is not looked at', async (t) => {
  const call = 'fetch("/payments/v1/sessions") // klarna\n';
  const at = await look(t, {
    'node_modules/x/a.js': call,
    '.git/a.js': call,
    'dist/a.js': call,
    'notes.txt': call,
    'large.js': `${call}${' '.repeat(600 * 1024)}`,
    'src/index.js': 'start()\n',
  });
  t.equal(at('createSession'), 'src/index.js:1', 'a file that is there, where nothing names Klarna');
  const none = await look(t, { 'notes.txt': call });
  t.equal(none('createSession'), 'README.md:1');
});

t.test('a folder that is none is refused', async (t) => {
  const folder = t.testdir({ 'a.js': '' });
  await checkSourceRoot(folder);
  for (const given of [join(folder, 'a.js'), join(folder, 'none')]) {
    await t.rejects(
      checkSourceRoot(given),
      new CannotRun(`--source-root: ${given} is no folder; name the one of the shop's source`),
    );
  }
});
