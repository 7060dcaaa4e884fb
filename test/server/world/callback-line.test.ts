import { callbackLines, UNDER_WAY } from '../../../src/server/world/callback-line.js';
import t from '../../tap.js';

/** Attempts of which each is under way until it is let go. */
function held() {
  const underWay = new Map<string, () => void>();
  const begun: string[] = [];
  const attempt = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      underWay.set(name, () => {
        underWay.delete(name);
        resolve(name);
      });
    });
  const settle = () => new Promise(setImmediate);
  return { underWay, begun, attempt, settle };
}

t.test('fifty attempts are under way at once, sixteen of them to one host, and the others wait in order', async (t) => {
  const line = callbackLines({ ...UNDER_WAY, merchant: UNDER_WAY.all })('shop');
  const { underWay, begun, attempt, settle } = held();
  const hanging = Array.from({ length: 20 }, (_, i) => line('http://127.0.0.1:1/', attempt(`hanging ${i}`)));
  const other = line('http://127.0.0.1:2/', attempt('other'));
  await settle();
  t.equal(underWay.size, 17);
  t.ok(underWay.has('other'), 'a host that hangs keeps no other waiting');
  underWay.get('other')?.();
  t.equal(await other, 'other');

  const many = Array.from({ length: 100 }, (_, i) =>
    line(`http://127.0.0.1:${1_000 + i}/`, attempt(`one of many ${i}`)),
  );
  await settle();
  t.equal(underWay.size, 50);
  underWay.get('hanging 3')?.();
  t.equal(await hanging[3], 'hanging 3');
  await settle();
  t.equal(underWay.size, 50);
  t.notOk(begun.includes('hanging 16'), 'it has the turn of its host, behind those that wait already');
  while (underWay.size > 0) {
    for (const end of [...underWay.values()]) end();
    await settle();
    t.ok(underWay.size <= 50);
  }
  await Promise.all([...hanging, ...many]);
  t.equal(begun.length, 121);
  for (const kind of ['hanging', 'one of many']) {
    const order = begun.filter((name) => name.startsWith(kind)).map((name) => Number(/\d+$/.exec(name)));
    t.strictSame(
      order,
      order.map((_, i) => i),
      `${kind}: first come, first served`,
    );
  }
});

t.test('a failed attempt makes room, and what is no URL has a line as well', async (t) => {
  const line = callbackLines({ all: 2, merchant: 2, host: 1 })('shop');
  const fail = () => Promise.reject(new Error('no'));
  await t.rejects(line('nonsense', fail), { message: 'no' });
  t.equal(await line('nonsense', async () => 'yes'), 'yes');
  const { underWay, attempt, settle } = held();
  const both = ['http://shop.test/a', 'https://shop.test:80/b'].map((url) => line(url, attempt(url)));
  await settle();
  t.equal(underWay.size, 1, 'they are of one host and port');
  for (const _ of both) {
    for (const end of underWay.values()) end();
    await settle();
  }
  await Promise.all(both);
});

t.test('a merchant whose hosts hang leaves room for the others', async (t) => {
  const lineOf = callbackLines();
  const { underWay, attempt, settle } = held();
  const hanging = Array.from({ length: 100 }, (_, i) =>
    lineOf('slow')(`http://127.0.0.1:${1_000 + i}/`, attempt(`slow ${i}`)),
  );
  await settle();
  t.equal(underWay.size, UNDER_WAY.merchant);
  const other = lineOf('other')('http://127.0.0.1:1000/', attempt('other'));
  await settle();
  underWay.get('other')?.();
  t.equal(await other, 'other', 'it is sent at once, to one of those hosts as well');
  while (underWay.size > 0) {
    for (const end of [...underWay.values()]) end();
    await settle();
    t.ok(underWay.size <= UNDER_WAY.merchant);
  }
  t.equal((await Promise.all(hanging)).length, 100);
});
