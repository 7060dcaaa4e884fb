import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { operations } from '../../src/contract/operations.js';
import { startSandbox } from '../../src/index.js';
import { type Server, startServer } from '../../src/server/start.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const execute = promisify(execFile);

const guides = readdirSync(join(root, 'docs'), { recursive: true }).map(
  (file) => `docs/${String(file).replaceAll('\\', '/')}`,
);
const documents = ['README.md', 'CONTRIBUTING.md', ...guides.filter((file) => file.endsWith('.md'))];

/** The code blocks of a document in a language. */
function blocks(file: string, language: string): string[] {
  return [...read(file).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, given]) => given === language)
    .map(([, , code]) => code as string);
}

/** Pastes the commands of a document into bash, with another port; gives what they print. */
async function paste(file: string, { url }: Server): Promise<string> {
  const script = blocks(file, 'bash').join('\n').replaceAll('http://127.0.0.1:5527', url);
  const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', script]);
  return stdout;
}

/** Starts a server; gives it with the statuses of its answers, by operation. */
async function serve(t: Test) {
  const seen: [string, number][] = [];
  const server = await startServer({ port: 0, observe: ({ operation, status }) => seen.push([operation, status]) });
  t.teardown(server.close);
  return { server, seen };
}

t.test('the curl lines of README.md end in an order paid by the card of the customer token', async (t) => {
  const { server, seen } = await serve(t);
  const lines = (await paste('README.md', server)).trim().split('\n');
  const [order, token, clock, charge, ...rest] = lines.map((line) => JSON.parse(line));
  t.match(order, { fraud_status: 'ACCEPTED', authorized_payment_method: { type: 'slice_it_by_card' } });
  t.match(token, { status: 'ACTIVE', payment_method_type: 'PAY_BY_CARD', card: { masked_number: '************1111' } });
  t.match(clock, { now: String });
  t.match(charge, { order_id: String, fraud_status: 'ACCEPTED', authorized_payment_method: { type: 'pay_by_card' } });
  t.strictSame(rest, []);
  t.strictSame(seen, [
    ['createSession', 200],
    ['authorizeSession', 200],
    ['createCustomerToken', 200],
    ['createOrder', 200],
    ['readCustomerToken', 200],
    ['advanceClock', 200],
    ['createCustomerTokenOrder', 200],
  ]);
  const [shown] = blocks('README.md', 'json');
  t.strictSame(Object.keys(JSON.parse(shown as string)), Object.keys(charge), 'the last line is as printed');
});

t.test('the curl lines of docs/reference/control-api.md succeed', async (t) => {
  const { server, seen } = await serve(t);
  await paste('docs/reference/control-api.md', server);
  t.ok(seen.length > 10);
  t.strictSame(
    seen.filter(([, status]) => status >= 300),
    [],
  );
});

t.test('docs/reference/control-api.md lists every operation of the control API', async (t) => {
  // Columns may be padded.
  const text = read('docs/reference/control-api.md').replace(/ +/g, ' ');
  for (const { name, method, path } of [...operations.values()].filter(({ api }) => api === 'sandbox')) {
    t.match(text, `| \`${name}\` | \`${method} ${path}\` |`);
  }
});

t.test('the TypeScript of README.md runs', async (t) => {
  const [code = ''] = blocks('README.md', 'ts');
  const library = JSON.stringify(import.meta.resolve('../../src/index.js'));
  const told = 'export { created, session_id, approved, authorization_token, now, exchange };\n';
  const { code: plain } = await transform(code.replace("'mock-klarna'", library) + told, { loader: 'ts' });
  const folder = t.testdir({ 'example.mjs': plain });
  const example = await import(pathToFileURL(join(folder, 'example.mjs')).href);
  t.equal(example.created.status, 200);
  t.match(example, { session_id: /^[0-9a-f-]{36}$/, approved: true, authorization_token: /^[0-9a-f-]{36}$/ });
  t.equal(example.now, '2026-01-01T13:01:00.000Z');
  t.match(example.exchange, { operation: 'createSession', status: 200 });
});

t.test('the scenario file of docs/reference/scenario-files.md plays', async (t) => {
  const [file = ''] = blocks('docs/reference/scenario-files.md', 'yaml');
  const { code, out, err } = run('replay', join(t.testdir({ 'boots.yaml': file }), 'boots.yaml'));
  t.equal(await code, 0, out() + err());
});

t.test('the merchants file of docs/guides/shops.md lets its merchants in', async (t) => {
  const { readMerchants } = await import('../../src/server/world/merchants-file.js');
  const [file = ''] = blocks('docs/guides/shops.md', 'yaml');
  const merchants = await readMerchants(file, 'merchants.yaml');
  const sandbox = await startSandbox({ merchants });
  t.teardown(sandbox.close);
  t.ok(await sandbox.as('boots').clock.now());
  const refused = await sandbox
    .as('closed-shop')
    .clock.now()
    .catch((error: unknown) => error);
  t.match(refused, { status: 403, body: { error_code: 'MERCHANT_INACTIVE' } });
});

t.test('README.md and help know the same options', async (t) => {
  const { code, out } = run('serve', '--help');
  await code;
  const options = (text: string) => new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
  const table = read('README.md').match(/^\| `--.*$/gm) ?? [];
  const helped = options(out());
  helped.delete('--help');
  t.strictSame(options(table.join('\n')), helped);
  const variables = (text: string) => new Set([...text.matchAll(/MOCK_KLARNA_[A-Z_]+/g)].map(([name]) => name));
  t.strictSame(variables(table.join('\n')), variables(out()));
});

t.test('the npm scripts that documents name exist', async (t) => {
  const { scripts } = JSON.parse(read('package.json'));
  for (const file of documents) {
    for (const [command, name] of read(file).matchAll(/npm run ([\w-]+)/g)) {
      t.ok(scripts[name as string], `${file}: ${command}`);
    }
  }
});

/** The anchors of a document, as its headings make them. */
function anchors(file: string): string[] {
  const headings = read(file).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

t.test('links between documents lead somewhere', async (t) => {
  for (const file of documents) {
    for (const [, link = ''] of read(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      t.ok(existsSync(join(root, target)), `${file}: ${link}`);
      if (anchor) t.ok(anchors(target).includes(anchor), `${file}: ${link}`);
    }
  }
});

t.test('fidelity, open questions and the table of operations are up to date', async (t) => {
  const script = join(root, 'scripts/generate-fidelity.js');
  const { stdout, stderr } = await execute('env', ['-u', 'NODE_OPTIONS', process.execPath, script, '--check']).catch(
    (error) => error,
  );
  t.equal(stdout + stderr, '');
});
