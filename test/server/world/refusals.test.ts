import { type Refusal, Refusals, shownRefusal } from '../../../src/server/world/refusals.js';
import t from '../../tap.js';

const refusal = (username: string, path = '/payments/v1/sessions'): Refusal => ({
  at: 1,
  method: 'POST',
  path,
  operation: undefined,
  username,
  address: '192.0.2.7',
  text: 'no',
});

t.test('refusals are listed newest first, all or those under a user name', (t) => {
  const refusals = new Refusals();
  for (const username of ['boots', 'shoes', 'boots']) refusals.add(refusal(username));
  const names = (username?: string) => refusals.list(username).items.map((each) => each.username);
  t.strictSame(names(), ['boots', 'shoes', 'boots']);
  t.strictSame(names('shoes'), ['shoes']);
  t.strictSame(names('hats'), []);
  t.end();
});

t.test('who follows hears of every refusal from then on, as it is kept', (t) => {
  const refusals = new Refusals();
  refusals.add(refusal('boots'));
  const heard: unknown[] = [];
  const unfollow = refusals.follow((each) => heard.push(shownRefusal(each)));
  refusals.add({ ...refusal('shoes', '/payments/v1/sessions?a=1'), operation: 'createSession' });
  unfollow();
  refusals.add(refusal('hats'));
  t.strictSame(heard, [
    {
      at: '1970-01-01T00:00:00.001Z',
      method: 'POST',
      path: '/payments/v1/sessions',
      operation: 'createSession',
      username: 'shoes',
      address: '192.0.2.7',
      explanation: 'no',
    },
  ]);
  t.end();
});

t.test('of more than 100 the oldest go, and are counted', (t) => {
  const refusals = new Refusals();
  for (let n = 0; n < 103; n++) refusals.add(refusal(`m${n}`));
  const { items, dropped } = refusals.list();
  t.strictSame([items.length, dropped], [100, 3]);
  t.strictSame([items[0]?.username, items.at(-1)?.username], ['m102', 'm3']);
  t.end();
});

t.test('a path is kept without its query, and only its beginning', (t) => {
  const refusals = new Refusals();
  refusals.add(refusal('boots', '/sandbox/v1/journal?operation=x'));
  refusals.add(refusal('boots', `/${'x'.repeat(9_000)}`));
  t.strictSame(
    refusals.list().items.map(({ path }) => path.length),
    [200, '/sandbox/v1/journal'.length],
  );
  t.end();
});
