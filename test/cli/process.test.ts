import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from '../tap.js';

const bin = fileURLToPath(new URL('../../bin/mock-klarna.js', import.meta.url));

/** Starts the command as a user does, without what the test runner puts into the environment of every process. */
function start(...args: string[]): ChildProcess {
  const clean = ['-u', 'NODE_OPTIONS', '-u', 'NODE_V8_COVERAGE'];
  const child = spawn('env', [...clean, process.execPath, bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

async function ready(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [, url] = /^mock-klarna is ready at (\S+)$/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('ended without a ready line');
}

t.test('the command starts, answers and stops', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    t.test(`by ${signal}, even while a connection is open and nobody reads its output`, async (t) => {
      const child = start('--port', '0');
      const ended = once(child, 'exit');
      const url = await ready(child);
      child.stdout?.destroy();
      const answer = await fetch(`${url}/sandbox/v1/health`);
      t.match(await answer.json(), { status: 'ok' });
      child.kill(signal);
      t.strictSame(await ended, [0, null]);
    });
  }

  t.test('a bad option ends it with 2', async (t) => {
    const child = start('--prot', '1');
    const [line] = await once(createInterface({ input: child.stderr as NodeJS.ReadableStream }), 'line');
    t.match(line, /^mock-klarna: unknown option '--prot'/);
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    t.equal(code, 2);
  });
});
