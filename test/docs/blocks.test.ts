import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import pLimit from 'p-limit';
import { parseDocument } from 'yaml';
import { startServer } from '../../src/server/start.js';
import { readMerchants } from '../../src/server/world/merchants-file.js';
import { run } from '../cli/run.js';
import t from '../tap.js';
import { blocks, folder, isLeftOut, isProgram, placeOf, prepare, sound } from './held.js';
import { type Block, blocksOf, read, root } from './pages.js';
import { environment } from './shell.js';
import { mistyped } from './typed.js';

const twoAtATime = pLimit(2);

t.test('programs are typed, and run', async (t) => {
  const { url, shop, home } = await prepare('programs');
  const programs = blocks.filter((block) => isProgram(block) && !isLeftOut(block));
  const typed = programs.filter(({ language, note }) => language === 'ts' || note?.kind === 'typed with');
  const wrong = mistyped(typed, shop);
  for (const block of typed) sound(t, block, wrong.get(block)?.join('\n'));
  const execute = promisify(execFile);
  const env = environment(home, url);
  const runs = programs.filter(({ note }) => note === undefined);
  await Promise.all(
    runs.map((block, at) =>
      twoAtATime(async () => {
        const { code } = await transform(block.text, { loader: 'ts' });
        const file = join(shop, `program-${at}.${/\brequire\(/.test(code) ? 'cjs' : 'mjs'}`);
        writeFileSync(file, code);
        const failed = await execute(process.execPath, [file], { cwd: shop, env, timeout: 60_000 }).then(
          () => undefined,
          ({ message, stdout, stderr }) => `the program failed: ${message}\n${stdout}${stderr}`,
        );
        sound(t, block, failed);
      }),
    ),
  );
});

/** Tells whether a value is a scenario: nothing else has a title and one of these keys. */
const isScenario = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  ['steps', 'outcomes', 'callbacks', 'shopper'].some((key) => key in value);

/** Reads YAML. A part of a file may name what stands before it there: its value is undefined then. */
function readYaml(text: string) {
  const document = parseDocument(text, { merge: true });
  const mistakes = document.errors.map(({ message }) => message);
  try {
    return { mistakes, value: document.toJS() };
  } catch (error) {
    return { mistakes: [...mistakes, ...(error instanceof ReferenceError ? [] : [String(error)])], value: undefined };
  }
}

/** Returns what is wrong with a scenario. */
async function judgeScenario(block: Block, scenario: object): Promise<string | undefined> {
  const file = join(folder, `${block.page.replaceAll('/', '-')}-${block.line}.yaml`);
  writeFileSync(file, block.text);
  const check = run('scenarios', 'check', file, '--strict');
  if ((await check.code) !== 0) return check.out() + check.err();
  if (!('steps' in scenario)) return undefined;
  const replay = run('replay', file, '--strict');
  return (await replay.code) === 0 ? undefined : replay.out() + replay.err();
}

t.test('YAML is a scenario that plays, a merchants file that lets in, or at least YAML', async (t) => {
  for (const block of blocks.filter(
    ({ language, note }) => ['yaml', 'yml'].includes(language) && note?.kind !== 'file',
  )) {
    const { mistakes, value } = readYaml(block.text);
    sound(t, block, mistakes.join('\n'));
    if (isLeftOut(block)) continue;
    if (isScenario(value)) sound(t, block, await judgeScenario(block, value));
    else if (value?.merchants) {
      const mistake = await readMerchants(block.text, 'merchants.yaml').then(() => undefined, String);
      sound(t, block, mistake);
    }
  }
});

t.test('JSON can be read', async (t) => {
  for (const block of blocks.filter(({ language, note }) => language === 'json' && note?.kind !== 'file')) {
    t.doesNotThrow(() => JSON.parse(block.text), placeOf(block));
  }
});

t.test('addresses in HTML are there', async (t) => {
  const server = await startServer({ port: 0 });
  t.teardown(server.close);
  for (const block of blocks.filter(({ language }) => language === 'html')) {
    const paths = [...block.text.matchAll(/https?:\/\/(?:localhost|127\.0\.0\.1):5527(\/[^\s"'<>]*)/g)];
    sound(t, block, paths.length === 0 && !isLeftOut(block) && 'nothing of it can be asked for');
    for (const [, path = ''] of paths) {
      const { status } = await fetch(server.url + path);
      sound(t, block, status !== 200 && `${path} is answered with ${status}`);
    }
  }
});

t.test('what is said to be a file is that file, or a part of it', async (t) => {
  for (const block of blocks) {
    if (block.note?.kind !== 'file') continue;
    const { file } = block.note;
    const holds = existsSync(join(root, file)) && read(file).includes(block.text);
    sound(t, block, !holds && `${file} does not have these lines; copy them anew`);
  }
});

const COMMAND = /^(?:\$ |(?:curl|npx|npm|node|docker|pip|composer|mvn) |mock-klarna (?!is ready |records )[a-z-])/m;
const HELD = new Set(['sh', 'bash', 'ts', 'js', 'yaml', 'yml', 'json', 'html']);

t.test('every block has a language that says how it is held; output holds no command', async (t) => {
  for (const block of blocks.filter((block) => !isLeftOut(block))) {
    const { language, text } = block;
    const output = ['', 'text'].includes(language);
    const command = output && COMMAND.test(text);
    sound(t, block, command && 'it holds a command: give it the language sh, and its output a block of its own');
    sound(t, block, !output && !HELD.has(language) && `nothing here runs ${language}`);
  }
});

t.test('blocks and their comments are found', async (t) => {
  const page = [
    '<!-- not run, any php: no PHP is at hand -->',
    '1. a list',
    '',
    '   <!-- answers 403 -->',
    '   ```sh',
    '   curl a \\',
    '     -d b',
    '   ```',
    '```php',
    '```',
    '<!-- typed with: a, b -->',
    '',
    '````ts',
    '```',
    '````',
    'words',
    '```yaml',
    '  a: 1',
    '```',
  ].join('\n');
  t.strictSame(blocksOf('a.md', page), [
    { page: 'a.md', line: 5, language: 'sh', text: 'curl a \\\n  -d b\n', note: { kind: 'answers', status: 403 } },
    { page: 'a.md', line: 9, language: 'php', text: '', note: { kind: 'not run', reason: 'no PHP is at hand' } },
    { page: 'a.md', line: 13, language: 'ts', text: '```\n', note: { kind: 'typed with', names: ['a', 'b'] } },
    { page: 'a.md', line: 17, language: 'yaml', text: '  a: 1\n', note: undefined },
  ]);
  t.throws(() => blocksOf('a.md', 'a\n```sh\nb'), { message: 'a.md:2: the block has no end' });
});
