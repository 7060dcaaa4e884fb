import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actAs } from '../../../src/client/merchant-sandbox.js';
import { startSandbox } from '../../../src/index.js';
import t, { type Test } from '../../tap.js';

t.test('what happens is followed from the moment on when it is asked for', async (t) => {
  const sandbox = await startSandbox({ seed: 'one' });
  t.teardown(sandbox.close);
  await sandbox.clock.advance('PT1S');
  const events = await sandbox.events.follow();
  await sandbox.clock.advance('PT1M');
  t.strictSame((await events.next()).value, { event: 'clock', data: { now: '2026-01-01T12:01:01.000Z' } });
  t.match((await events.next()).value, { event: 'exchange', id: 2, data: { number: 2, operation: 'advanceClock' } });
  await sandbox.reset();
  for await (const event of events) {
    t.strictSame(event, { event: 'cleared', data: { what: 'everything' } });
    break;
  }
  t.strictSame(await events.next(), { done: true, value: undefined }, 'who leaves the loop no longer follows');
  const all = await sandbox.events.follow({ after: 0 });
  t.match((await all.next()).value, { event: 'exchange', id: 1, data: { operation: 'resetMerchant' } });
});

t.test('following ends when the sandbox is closed', async (t) => {
  const sandbox = await startSandbox();
  const events = await sandbox.events.follow();
  const idle = await sandbox.as('other').events.follow();
  const seen = (async () => {
    const names: string[] = [];
    for await (const { event } of events) names.push(event);
    return names;
  })();
  await sandbox.close();
  t.strictSame(
    (await seen).filter((event) => event !== 'end'),
    [],
  );
  t.match((await idle.next()).value ?? { event: 'end' }, { event: 'end' });
});

t.test('a place to go on from that is none is refused', async (t) => {
  const sandbox = await startSandbox();
  t.teardown(sandbox.close);
  await t.rejects(sandbox.events.follow({ after: -1 }), {
    name: 'ControlError',
    operation: 'followEvents',
    status: 400,
    message: /^followEvents was refused with 400: shape: after: /,
  });
});

/** Returns the verbs for a server that answers in its own way. */
async function serve(t: Test, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return actAs({ url: `http://127.0.0.1:${port}`, username: 'shop', password: 'secret' });
}

t.test('a stream that breaks off says so', async (t) => {
  const sandbox = await serve(t, (_request, response) => {
    response.write('event: clock\ndata: {"now":"2026-01-01T12:00:00.000Z"}\n\n', () => response.destroy());
  });
  const events = await sandbox.events.follow();
  t.match((await events.next()).value, { event: 'clock' });
  await t.rejects(events.next(), { name: 'ControlError', message: /^followEvents got no answer: / });
});

t.test('where nobody listens there is nothing to follow', async (t) => {
  const sandbox = await serve(t, (_request, response) => response.destroy());
  await t.rejects(sandbox.events.follow(), {
    name: 'ControlError',
    message: 'followEvents got no answer: socket hang up',
  });
});
