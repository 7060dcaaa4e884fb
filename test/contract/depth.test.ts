import { operations } from '../../src/contract/operations.js';
import { depths, nested } from '../exchange/nested.js';
import t from '../tap.js';
import { authorized, basic, purchase, startSandbox } from './sandbox.js';

t.test('no body is so deep that anything fails, wherever it is sent', async (t) => {
  const { url, as } = await startSandbox(t);
  const call = as('boots');
  const path: Record<string, string> = await authorized(call);
  for (const { name, method, path: template, request } of operations.values()) {
    if (!request) continue;
    const target = template.replace(/\{(\w+)\}/g, (_, parameter: string) => path[parameter] ?? parameter);
    const [field = 'x'] = request.fields;
    for (const body of [
      ...depths.flatMap((depth) => [nested(depth), `{"${field}":${nested(depth)}}`]),
      `{"${field}":${nested(63)}}`,
    ]) {
      const answer = await fetch(url + target, {
        method,
        headers: { authorization: basic('boots'), 'content-type': 'application/json' },
        body,
      });
      t.ok(answer.status < 500, `${name} ${answer.status}`);
      await answer.arrayBuffer();
    }
  }
  const { status, body } = await call('readJournal');
  t.equal(status, 200);
  t.ok(body.items.length > 0);
  t.equal((await call('readReport')).status, 200);
});

t.test('an attachment is text, however deep', async (t) => {
  const call = (await startSandbox(t)).as('boots');
  for (const depth of depths) {
    const attachment = { content_type: 'application/vnd.klarna.internal.emd-v2+json', body: `{"x":${nested(depth)}}` };
    t.equal((await call('createSession', { body: { ...purchase, attachment } })).status, 200, `${depth} levels`);
  }
  t.equal((await call('readReport')).status, 200);
  t.equal((await call('readJournal')).body.items.length, 3);
});
