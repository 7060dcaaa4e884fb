import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from '../../src/server/start.js';
import t from '../tap.js';
import { blocksOf, root } from './pages.js';

const execute = promisify(execFile);

t.test('fidelity, open questions, operations and the rule of mixed payments are up to date', async (t) => {
  const script = join(root, 'scripts/generate-fidelity.js');
  const { stdout, stderr } = await execute('env', ['-u', 'NODE_OPTIONS', process.execPath, script, '--check']).catch(
    (error) => error,
  );
  t.equal(stdout + stderr, '');
});

t.test('README.md shows the explanation that a wrong request gets', async (t) => {
  const server = await startServer({ port: 0 });
  t.teardown(server.close);
  const blocks = blocksOf('README.md');
  const [, body = ''] = /-d '(.*)'$/s.exec(blocks.find(({ language }) => language === 'bash')?.text.trim() ?? '') ?? [];
  const wrong = body.replace('"total_amount": 10000', '"total_amount": 9000');
  t.not(wrong, body, 'there was something to replace');
  const send = (text: string) =>
    fetch(`${server.url}/payments/v1/sessions`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('shop:secret')}`, 'content-type': 'application/json' },
      body: text,
    });
  t.equal((await send(body)).status, 200);
  const answer = await send(wrong);
  t.equal(answer.status, 400);
  const shown = blocks.find(({ language }) => language === 'text')?.text.trim();
  t.equal(shown, `Mock-Klarna-Explain: ${answer.headers.get('mock-klarna-explain')}`);
});
