import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import ts from 'typescript';
import { startSandbox } from '../../src/index.js';
import t from '../tap.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/reference/from-code.md'), 'utf8');

/** The blocks of the page, which are one program. */
const program = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code).join('\n');

/** Returns the mistakes that the compiler finds in a file. */
function mistakesIn(file: string): string[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: { 'mock-klarna': [join(root, 'src/index.ts')] },
    resolveJsonModule: true,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const built = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(built, built.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

t.test('the program on the page runs', async (t) => {
  const folder = t.testdir({});
  const library = JSON.stringify(import.meta.resolve('../../src/index.js'));
  const told = `export { approved, explanation, authorization, status, fraud_status, parts, chosen_by, result, verdict, outcomes,
    exchange, error };`;
  const { code } = await transform(program.replaceAll("'mock-klarna'", library) + told, { loader: 'ts' });
  writeFileSync(join(folder, 'program.mjs'), code);
  const done = await import(pathToFileURL(join(folder, 'program.mjs')).href);
  t.match(done, {
    approved: true,
    explanation: undefined,
    authorization: { payment_option: 'pay_later' },
    status: 'CANCELLED',
    fraud_status: 'REJECTED',
    chosen_by: 'control API',
    result: 'passed',
    exchange: { operation: 'createSession', status: 400 },
    error: { name: 'ControlError', operation: 'advanceClock', status: 400 },
  });
  t.strictSame(done.parts, []);
  t.matchLists(done.outcomes, [{ on: 'createOrder', matched: 0, hits: 0 }]);
});

t.test('every method and option stands on the page', async (t) => {
  const sandbox = await startSandbox();
  t.teardown(sandbox.close);
  for (const [name, value] of Object.entries(sandbox)) {
    const methods = typeof value === 'function' ? [name] : Object.keys(value).map((method) => `${name}.${method}`);
    if (['credentials', 'url'].includes(name)) continue;
    for (const method of methods) t.match(page, `${method}(`, method);
  }
  const message = await startSandbox({ nothing: 1 } as object).catch((error: Error) => error.message);
  const [, options = ''] = /; there are (.*)$/.exec(String(message)) ?? [];
  t.ok(options.split(', ').length > 15);
  for (const option of options.split(', ')) t.match(page, new RegExp(`^\\|[^|]*\`${option}\``, 'm'), option);
});

t.test('the program on the page is typed', (t) => {
  const folder = t.testdir({ 'program.mts': program });
  t.strictSame(mistakesIn(join(folder, 'program.mts')), []);
  t.end();
});
