import { createContext, runInContext } from 'node:vm';
import { fromRealm } from '../src/realm.js';
import t from './tap.js';

/** A library that another realm has. */
const library = runInContext(
  `
  class Refusal extends Error {
    constructor(message, body) {
      super(message);
      this.name = 'Refusal';
      this.body = body;
    }
  }
  class Odd extends Error {}
  class Sky {}
  ({
    Refusal,
    version: '1.0.0',
    list: [{ a: [1] }, null, Object.create(null)],
    sky: new Sky(),
    start: async (options) => ({ given: Object.keys(options), as: (name) => ({ name, now: async () => [name] }) }),
    refuse: async () => { throw new Refusal('no', { why: ['so'] }); },
    mistake: () => { throw new TypeError('not so'); },
    odd: () => { throw new Odd('odd'); },
    other: () => { throw 'a text'; },
    follow: async function* () { yield ['first']; throw new Refusal('over'); },
    made: () => new RangeError('far'),
  })
`,
  createContext(),
);

const caught = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it threw nothing');
};

t.test('what a library of another realm returns is of this realm', async (t) => {
  const here = fromRealm(library as any);
  t.notOk(library.list instanceof Object, 'it comes from another');
  t.ok(here.list instanceof Object);
  t.strictSame(here.list, [{ a: [1] }, null, {}]);
  for (const value of [here, here.list[0], here.list[0].a, here.list[2], here.start]) t.ok(value instanceof Object);
  t.equal(here.version, '1.0.0');
  t.equal(here.sky, library.sky, 'what has a class of its own stays as it is');
  const starting = here.start({ port: 0 });
  t.ok(starting instanceof Promise);
  const started = await starting;
  t.strictSame(started.given, ['port']);
  const now = await started.as('other').now();
  t.ok(now instanceof Object);
  t.strictSame(now, ['other']);
});

t.test('what it tells one after the other is of this realm', async (t) => {
  const told: unknown[] = [];
  const refusal = await (async () => {
    for await (const item of fromRealm(library as any).follow()) told.push(item);
  })().catch((error: unknown) => error);
  t.strictSame(told, [['first']]);
  t.ok(told[0] instanceof Object);
  t.ok(refusal instanceof Error);
});

t.test('its errors are of the classes here, with all they have', async (t) => {
  const here = fromRealm(library as any);
  const refusal = await here.refuse().catch((error: unknown) => error);
  t.ok(refusal instanceof Error && refusal instanceof here.Refusal);
  t.match(refusal, { name: 'Refusal', message: 'no', stack: /: no\n +at refuse / });
  t.strictSame(refusal.body, { why: ['so'] });
  t.ok(refusal.body.why instanceof Object);
  t.ok(caught(here.mistake) instanceof TypeError);
  t.match(caught(here.odd), { message: 'odd', constructor: Error }, 'a class that is not known here is an error');
  t.equal(caught(here.other), 'a text');
  t.ok(here.made() instanceof RangeError);
});

t.test('an error class can be made here as there', async (t) => {
  const { Refusal } = fromRealm(library as any);
  const made = new Refusal('no', { why: 1 });
  t.ok(made instanceof Refusal && made instanceof Error);
  t.equal(Refusal.name, 'Refusal');
  t.match(made, { name: 'Refusal', message: 'no', body: { why: 1 } });
});
