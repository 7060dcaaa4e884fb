import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusedByWindows } from '../../src/cli/file-names.js';
import { writeFileFor } from '../../src/cli/files.js';
import t from '../tap.js';

t.test('Windows has no file by some names', async (t) => {
  const sign = (text: string) => `Windows takes no ${JSON.stringify(text)} in a name`;
  const end = 'Windows takes no dot and no space at the end of a name';
  for (const [path, why] of [
    ['shoes:1.yaml', sign(':')],
    ['out/a?.html', sign('?')],
    ['C:\\out\\a*b.har', sign('*')],
    ['C:\\out\\a|b\\c.har', sign('|')],
    ['a<b', sign('<')],
    ['a>b', sign('>')],
    ['a"b', sign('"')],
    ['a\tb', sign('\t')],
    ['out/con.html', 'con.html is a device of Windows'],
    ['AUX', 'AUX is a device of Windows'],
    ['prn/report.html', 'prn is a device of Windows'],
    ['lpt9.tar.gz', 'lpt9.tar.gz is a device of Windows'],
    ['a/COM1', 'COM1 is a device of Windows'],
    ['nul.md', 'nul.md is a device of Windows'],
    ['report.', end],
    ['a../b', end],
    ['a /b', end],
  ]) {
    t.equal(refusedByWindows(path as string), why, path as string);
  }
});

t.test('and has files by all others', async (t) => {
  for (const path of [
    'report.html',
    'C:\\out\\report.html',
    'c:/out/report.html',
    '\\\\server\\share\\report.html',
    '../out/./.hidden',
    'a b.yaml',
    'console.html',
    'com10.txt',
    'common/nullable.yaml',
    'ø’[1]{2}.yaml',
    'CON',
    'nul',
  ]) {
    t.equal(refusedByWindows(path), undefined, path);
  }
});

t.test('a file that an option names is refused by its name on Windows only', async (t) => {
  const folder = t.testdir({});
  await t.rejects(writeFileFor('--out', join(folder, 'a:b.yaml'), 'text', 'win32'), {
    name: 'CannotRun',
    message: `--out: ${join(folder, 'a:b.yaml')} cannot be written: Windows takes no ":" in a name; choose another name`,
  });
  t.notOk(existsSync(join(folder, 'a:b.yaml')));
  await writeFileFor('--out', join(folder, 'ab.yaml'), 'text', 'win32');
  await writeFileFor('--out', join(folder, 'a:b.yaml'), 'text', 'linux');
  for (const name of ['ab.yaml', 'a:b.yaml']) t.equal(readFileSync(join(folder, name), 'utf8'), 'text');
});
