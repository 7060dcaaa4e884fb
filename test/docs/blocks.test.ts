import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import pLimit from 'p-limit';
import { parseDocument } from 'yaml';
import { startServer } from '../../src/server/start.js';
import { readMerchants } from '../../src/server/world/merchants-file.js';
import { run } from '../cli/run.js';
import t, { type Test } from '../tap.js';
import { tellStory } from '../verify/story.js';
import { type Block, blocksOf, pages, read, root } from './pages.js';
import { makeReader } from './reader.js';
import { environment, paste, type Ran } from './shell.js';
import { mistyped } from './typed.js';

/**
 * Every code block of every page is held by what its language is for: commands are run, programs are typed and run, data are
 * read. A block of which that cannot be said has a comment in the line before it.
 */
const HELP = `
What a block may be, by its language (test/docs/blocks.test.ts):
  sh, bash      run, all blocks of a page one after the other. mock-klarna, npx mock-klarna, npm and curl are those of
                test/docs/commands; port 5527 and Klarna's hosts are one sandbox that has seen a shop (test/verify/story.ts); the
                files that commands read are made by test/docs/reader.ts. A refusal that is meant: <!-- answers 403 -->
  ts, js        ts is typed; both are run in a project that has the package, and must end
  yaml          a scenario is checked, and played if it has steps; a merchants file is read; a workflow's commands are run
  json          read
  html          its addresses on port 5527 are asked for
  text or none  output: no command stands in it
In a line before it: <!-- not run: WHY -->, <!-- typed with: NAME, NAME --> (typed beside names of the shop, and not run), or
<!-- file: examples/PATH --> (it is, or is part of, that file, which is run elsewhere).
For all blocks in a language of a page: <!-- not run, any LANGUAGE: WHY -->`;

const folder = mkdtempSync(join(tmpdir(), 'mock-klarna-docs-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

const all = pages.flatMap((page) => blocksOf(page));
const placeOf = ({ page, line }: Block) => `${page}:${line}`;

/** Fails with what is wrong with a block, and with what to do about it. */
function sound(t: Test, block: Block, mistake: string | false | undefined) {
  t.equal(mistake ? `${placeOf(block)}: ${mistake.trim()}\n${HELP}` : undefined, undefined, placeOf(block));
}

const isWorkflow = ({ text }: Block) => /^jobs:/m.test(text) && /^on:/m.test(text);
const isCommands = (block: Block) =>
  ['sh', 'bash'].includes(block.language) || (block.language === 'yaml' && isWorkflow(block));
const isProgram = ({ language }: Block) => ['ts', 'js'].includes(language);
const isLeftOut = ({ note }: Block) => note?.kind === 'not run' || note?.kind === 'file';
const isOurs = ({ page }: Block) => !/^docs\/(?:guides|reference)\//.test(page);

/** A sandbox that has seen a shop, and a reader's folder beside it. */
async function prepare(name: string) {
  const seen: number[] = [];
  const server = await startServer({ port: 0, observe: ({ status }) => seen.push(status) });
  t.teardown(server.close);
  const story = await tellStory(server.url);
  seen.length = 0;
  return { server, seen, ...makeReader(join(folder, name.replaceAll('/', '-')), story) };
}

/** Pastes the commands of a page; those of the repository's own pages in a checkout, others in a shop. */
async function pastePage(page: string, blocks: readonly Block[]) {
  const { server, seen, checkout, shop, home } = await prepare(page);
  const cwd = blocks.some(isOurs) ? checkout : shop;
  return { seen, ran: await paste(blocks, { url: server.url, cwd, home }) };
}

const twoAtATime = pLimit(2);

const pasted = new Map<string, Promise<{ seen: number[]; ran: Ran }>>();
for (const page of pages) {
  const blocks = all.filter((block) => block.page === page && isCommands(block) && !isLeftOut(block));
  if (blocks.length > 0)
    pasted.set(
      page,
      twoAtATime(() => pastePage(page, blocks)),
    );
}

t.test('commands run as they stand', async (t) => {
  for (const [page, result] of pasted) {
    const { seen, ran } = await result;
    for (const block of all.filter((block) => block.page === page)) {
      const { line, note } = block;
      const refused = note?.kind === 'answers' && !seen.includes(note.status) && `no answer was ${note.status}`;
      sound(t, block, line === ran.failed?.line ? ran.failed.said : refused);
    }
    if (ran.failed?.line === 0) t.fail(`${page}: ${ran.failed.said}`);
  }
});

t.test('what is not run can be read by bash', async (t) => {
  for (const block of all.filter((block) => ['sh', 'bash'].includes(block.language) && isLeftOut(block))) {
    const { status, stderr } = spawnSync('bash', ['-n', '-c', block.text], { encoding: 'utf8' });
    sound(t, block, status !== 0 && stderr);
  }
});

t.test('programs are typed, and run', async (t) => {
  const { server, shop, home } = await prepare('programs');
  const programs = all.filter((block) => isProgram(block) && !isLeftOut(block));
  const typed = programs.filter(({ language, note }) => language === 'ts' || note?.kind === 'typed with');
  const wrong = mistyped(typed, shop);
  for (const block of typed) sound(t, block, wrong.get(block)?.join('\n'));
  const execute = promisify(execFile);
  const env = environment(home, server.url);
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
  for (const block of all.filter(({ language, note }) => ['yaml', 'yml'].includes(language) && note?.kind !== 'file')) {
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
  for (const block of all.filter(({ language, note }) => language === 'json' && note?.kind !== 'file')) {
    t.doesNotThrow(() => JSON.parse(block.text), placeOf(block));
  }
});

t.test('addresses in HTML are there', async (t) => {
  const server = await startServer({ port: 0 });
  t.teardown(server.close);
  for (const block of all.filter(({ language }) => language === 'html')) {
    const paths = [...block.text.matchAll(/https?:\/\/(?:localhost|127\.0\.0\.1):5527(\/[^\s"'<>]*)/g)];
    sound(t, block, paths.length === 0 && !isLeftOut(block) && 'nothing of it can be asked for');
    for (const [, path = ''] of paths) {
      const { status } = await fetch(server.url + path);
      sound(t, block, status !== 200 && `${path} is answered with ${status}`);
    }
  }
});

t.test('what is said to be a file is that file, or a part of it', async (t) => {
  for (const block of all) {
    if (block.note?.kind !== 'file') continue;
    const { file } = block.note;
    const holds = existsSync(join(root, file)) && read(file).includes(block.text);
    sound(t, block, !holds && `${file} does not have these lines; copy them anew`);
  }
});

const COMMAND = /^(?:\$ |(?:curl|npx|npm|node|docker|pip|composer|mvn) |mock-klarna (?!is ready |records )[a-z-])/m;
const HELD = new Set(['sh', 'bash', 'ts', 'js', 'yaml', 'yml', 'json', 'html']);

t.test('every block has a language that says how it is held; output holds no command', async (t) => {
  for (const block of all.filter((block) => !isLeftOut(block))) {
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

t.test('the curl lines on mixed payments end in orders paid by what was tokenized', async (t) => {
  const page = 'docs/guides/mixed-payments.md';
  const { ran } = (await pasted.get(page)) ?? { ran: { printed: new Map<number, string>() } };
  const printed = [...ran.printed.values()].map((text) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line)),
  );
  const told = printed.filter((answers) => answers.some(({ payment_method_type: type }) => type));
  const short = told.map((answers) => [
    ...answers.flatMap(({ payment_method_type: type }) => type ?? []),
    ...answers.flatMap(({ authorized_payment_method: method }) => method?.type ?? []),
  ]);
  t.strictSame(short, [
    ['PAY_BY_CARD', 'slice_it_by_card', 'pay_by_card'],
    ['DIRECT_DEBIT', 'fixed_sum_credit', 'direct_debit'],
    ['INVOICE', 'invoice', 'invoice'],
  ]);
  const [shown] = all.filter((block) => block.page === page && block.language === 'json');
  const charge = told[0]?.at(-1) as object;
  t.strictSame(Object.keys(JSON.parse(shown?.text ?? '{}')), Object.keys(charge), 'the last line is as printed');
  const charged = printed.at(-1)?.map(({ order_id: id }) => id)[1];
  t.matchLists(printed.at(-1)?.at(-1), { items: [{ order_id: charged }] }, 'the order is the other merchant’s');
});
