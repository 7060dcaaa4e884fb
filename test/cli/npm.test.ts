import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { look, npmAbove, type Running, whenGone } from '../../src/cli/npm.js';
import type { WallClock } from '../../src/exchange/wall-clock.js';
import t from '../tap.js';

/** Watches with a table of processes, and looks at it when told. */
function watched(ppid: number, table: Map<number, Partial<Running>>) {
  const waits: (() => void)[] = [];
  let ended = 0;
  const isThere = npmAbove({ ppid }, (id) => table.get(id) as Running | undefined);
  const later: WallClock['later'] = (_ms, run) => {
    waits.push(run);
    return () => {};
  };
  if (isThere) whenGone(isThere, () => ended++, later);
  return { found: isThere !== undefined, ended: () => ended, look: () => waits.shift()?.() };
}

const shell = { command: 'sh -c mock-klarna', parent: 7, begun: 's' };

t.test('a program below npm ends with it', async (t) => {
  for (const command of [
    'npm exec mock-klarna',
    'npm start',
    'npm run dev',
    'node /usr/bin/npx mock-klarna',
    '/usr/bin/node /usr/lib/node_modules/npm/bin/npm-cli.js start',
    'node /usr/lib/node_modules/npm/bin/npx-cli.js -y mock-klarna',
  ]) {
    for (const ppid of [7, 8]) {
      const table = new Map<number, Partial<Running>>([
        [7, { command, parent: 1, begun: 'n' }],
        [8, shell],
      ]);
      const { found, ended, look } = watched(ppid, table);
      t.ok(found, command);
      look();
      // The shell may end while npm goes on with another script.
      table.delete(8);
      look();
      t.equal(ended(), 0);
      table.delete(7);
      look();
      look();
      t.equal(ended(), 1, 'once');
    }
  }
});

t.test('another process that gets the number of npm is not npm', async (t) => {
  const table = new Map([[7, { command: 'npm start', parent: 1, begun: 'n' }]]);
  const { ended, look } = watched(7, table);
  table.set(7, { command: 'npm start', parent: 1, begun: 'later' });
  look();
  t.equal(ended(), 1);
});

t.test('a program that something else started has nobody to wait for', async (t) => {
  const npm = { command: 'npm exec bash', parent: 1, begun: 'n' };
  for (const [about, parents] of [
    [
      'a shell at which somebody sits',
      [
        [7, npm],
        [8, { ...shell, command: 'bash' }],
      ],
    ],
    [
      'another program of npm',
      [
        [7, npm],
        [8, { ...shell, command: 'node concurrently' }],
      ],
    ],
    [
      'a script of somebody else',
      [
        [8, shell],
        [7, { command: 'make', parent: 1, begun: 'm' }],
      ],
    ],
    [
      'a program named alike',
      [
        [8, { command: 'node npm-run-all.js', parent: 7, begun: 'r' }],
        [7, npm],
      ],
    ],
    ['nobody', []],
    ['an orphan', [[8, { ...shell, parent: 1 }]]],
  ] as [string, [number, Partial<Running>][]][]) {
    const table = new Map(parents);
    t.notOk(watched(table.has(8) ? 8 : 7, table).found, about);
  }
});

t.test('the system tells of a process who started it, and as what', async (t) => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'a word']);
  t.teardown(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  const seen = look(child.pid as number);
  t.match(seen, { parent: process.pid, command: /setInterval.* a word$/, begun: /./ });
  t.strictSame(look(child.pid as number), seen);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.equal(look(child.pid as number), undefined);
  t.equal(look(2 ** 22 + 1), undefined);
  t.match(look(process.pid, 'darwin'), { parent: process.ppid, command: /node/, begun: /\d{4}$/ }, 'as ps tells it');
  t.equal(look(2 ** 22 + 1, 'darwin'), undefined);
  t.equal(look(process.pid, 'win32'), undefined, 'which takes a second there');
});
