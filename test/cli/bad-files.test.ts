import { join } from 'node:path';
import { badFiles, paths } from '../scenario/bad-files.js';
import t, { type Test } from '../tap.js';
import { run } from './run.js';

/** Runs a command that must end at once: with exit code 2 and one line. */
async function refused(t: Test, says: RegExp, ...args: string[]) {
  const { code, out, err } = run(...args);
  t.equal(await code, 2, args.join(' '));
  t.match(err(), says);
  t.match(err(), /^[^\n]+\n$/, 'in one line');
  t.equal(out(), '');
}

for (const [what, { content, says }] of Object.entries(badFiles)) {
  t.test(`a file ${what} is refused by every command`, async (t) => {
    const folder = t.testdir({ 'bad.yaml': content });
    const file = join(folder, 'bad.yaml');
    const merchants = t.testdir({
      'bad.yaml': content,
      'm.yaml': `merchants: [{ username: boots, password: laces, scenario: ${JSON.stringify(file)} }]`,
    });
    await refused(t, says, 'scenarios', 'check', file);
    await refused(t, says, 'scenarios', 'show', file);
    await refused(t, says, 'replay', file);
    await refused(t, says, 'serve', '--port', '0', '--scenario', file);
    await refused(t, says, 'serve', '--port', '0', '--merchants', file);
    await refused(t, says, 'serve', '--port', '0', '--merchants', join(merchants, 'm.yaml'));
  });
}

t.test('a name never leads out of the folder', async (t) => {
  for (const path of paths.slice(0, 2)) {
    await refused(t, /no such|no scenario/, 'scenarios', 'show', path);
    await refused(t, /no scenario that ships/, 'serve', '--port', '0', '--scenario', path);
    const folder = t.testdir({
      'm.yaml': `merchants: [{ username: boots, password: laces, scenario: ${JSON.stringify(path)} }]`,
    });
    await refused(t, /no scenario that ships/, 'serve', '--port', '0', '--merchants', join(folder, 'm.yaml'));
  }
});
