import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from '../tap.js';

const reader = fileURLToPath(new URL('../../bin/built.js', import.meta.url));

const FILES = {
  'first.cjs': `const { sep } = require('node:path'); const second = require('./inside/second.cjs');
    exports.answer = () => [sep === require('node:path').sep, second.text, second.first() === exports].join();
    exports.where = () => new Error('here').stack;`,
  inside: { 'second.cjs': "exports.text = 'one'; exports.first = () => require('./../first.cjs');" },
  'again.cjs':
    "exports.times = () => { try { require('./throws.cjs'); } catch {} return require('./throws.cjs').times; };",
  'throws.cjs': "globalThis.times ??= 0; if (++globalThis.times === 1) throw new Error('once'); exports.times = times;",
  'columns.cjs': "exports.stack = new Error('here').stack.split('\\n')[1].trim();",
};

/** Reads a file in a process of its own, in the way that is to be tested; returns what an expression says of it as \`read\`. */
function inProcess(
  file: string,
  expression: string,
  { flags = [], environment = {} }: { flags?: string[]; environment?: Record<string, string> } = {},
): string {
  const script = `const read = require(${JSON.stringify(reader)}).readBuilt(${JSON.stringify(file)}); console.log(${expression});`;
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  return execFileSync(process.execPath, [...flags, '-e', script], {
    encoding: 'utf8',
    env: { ...env, ...environment },
  }).trim();
}

/** Returns the paths of what is kept of the files in a folder. */
const keptIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\bcompiled[\\/]/.test(path))
    .map((path) => join(folder, path));

/** Makes a file look old, and returns a test of whether it still does. */
function age(path: string): () => boolean {
  utimesSync(path, 1, 1);
  return () => statSync(path).mtimeMs === 1_000;
}

t.test('a file of the build is read as by require, in the first process and in later ones', async (t) => {
  const folder = t.testdir(FILES);
  const plainly = (file: string, expression: string) =>
    execFileSync(
      process.execPath,
      ['-e', `const read = require(${JSON.stringify(file)}); console.log(${expression})`],
      {
        encoding: 'utf8',
      },
    ).trim();
  for (let process = 0; process < 2; process++) {
    t.equal(inProcess(join(folder, 'first.cjs'), 'read.answer()'), 'true,one,true');
    t.equal(inProcess(join(folder, 'again.cjs'), 'read.times()'), '2', 'a file that threw is read again');
    const columns = join(folder, 'columns.cjs');
    t.equal(
      inProcess(columns, 'read.stack'),
      plainly(columns, 'read.stack'),
      'lines and columns are those of the file',
    );
  }
});

t.test('what was compiled is kept by the first processes, and then no more', async (t) => {
  const folder = t.testdir(FILES);
  const file = join(folder, 'first.cjs');
  const sizes = () => keptIn(folder).map((path) => statSync(path).size);
  inProcess(file, 'read.answer()');
  const first = sizes();
  t.equal(first.length, 2);
  inProcess(file, 'read.where()');
  t.ok(Math.max(...sizes()) > Math.max(...first), 'the second adds what the first did not run');
  for (let process = 2; process < 4; process++) inProcess(file, 'read.answer()');
  const untouched = keptIn(folder).map(age);
  inProcess(file, 'read.answer()');
  t.ok(untouched.every((is) => is()));
  inProcess(file, 'read.answer()', { flags: ['--no-lazy'] });
  t.equal(keptIn(folder).length, 4, 'what V8 compiled with other flags is kept beside it');
  t.ok(untouched.every((is) => is()));
});

t.test('what was kept of another file of the same length, and what is damaged, is not used', async (t) => {
  const folder = t.testdir(FILES);
  const file = join(folder, 'first.cjs');
  const second = join(folder, 'inside/second.cjs');
  inProcess(file, 'read.answer()');
  writeFileSync(second, readFileSync(second, 'utf8').replace("'one'", "'two'"));
  t.equal(inProcess(file, 'read.answer()'), 'true,two,true');
  for (const path of keptIn(folder)) {
    const bytes = readFileSync(path);
    for (const damaged of [
      Buffer.alloc(0),
      bytes.subarray(0, -1),
      bytes.map((byte, at) => (at === 200 ? ~byte : byte)),
    ]) {
      writeFileSync(path, damaged);
      const untouched = age(path);
      t.equal(inProcess(file, 'read.answer()'), 'true,two,true');
      t.notOk(untouched(), 'it is made anew');
    }
  }
});

t.test('nothing is kept where nobody wants it, or where it cannot be written', async (t) => {
  const folder = t.testdir(FILES);
  const file = join(folder, 'columns.cjs');
  inProcess(file, '0', { environment: { NODE_DISABLE_COMPILE_CACHE: '1' } });
  t.strictSame(keptIn(folder), []);
  writeFileSync(join(folder, 'compiled'), 'a file');
  t.match(inProcess(file, 'read.stack'), /columns\.cjs:1:/);
  mkdirSync(join(folder, 'inside/compiled'));
  const second = join(folder, 'inside/second.cjs');
  inProcess(second, 'process.getuid = () => -1');
  t.strictSame(keptIn(folder), [], "in another user's folder");
});
