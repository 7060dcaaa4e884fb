import fc from 'fast-check';
import { beginListing, Listing } from '../../src/server/listing.js';
import { holdsLater } from '../property.js';
import t from '../tap.js';

/** Reads a listing to its end. */
async function readAll(listing: Listing): Promise<string> {
  const body = await beginListing(listing);
  if (typeof body === 'string') return body;
  let text = '';
  for await (const piece of body) text += piece;
  return text;
}

async function* slowly<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await new Promise(setImmediate);
    yield item;
  }
}

t.test('a listing is written as JSON would write it', async (t) => {
  const fields = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });
  await holdsLater(
    t,
    fc.asyncProperty(fields, async (given) => (await readAll(new Listing(given))) === JSON.stringify(given)),
    { numRuns: 200 },
  );
  t.equal(await readAll(new Listing({ items: slowly([1, 2]), next: () => undefined })), '{"items":[1,2]}');
  t.equal(await readAll(new Listing({ items: slowly([]), next: async () => 'a' })), '{"items":[],"next":"a"}');
  t.equal(await readAll(new Listing({})), '{}');
});

t.test('a short one is text, of a long one each item is made when it is read', async (t) => {
  t.equal(typeof (await beginListing(new Listing({ items: ['x'.repeat(60_000)] }))), 'string');
  let made = 0;
  let ended = false;
  function* items() {
    try {
      for (; made < 1_000; made++) yield 'x'.repeat(1_000);
    } finally {
      ended = true;
    }
  }
  const body = await beginListing(new Listing({ items: items(), made: () => made }));
  if (typeof body === 'string') return t.fail('it is no stream');
  await new Promise(setImmediate);
  t.ok(made < 200, `${made} of 1,000 are made`);
  let text = '';
  for await (const piece of body) text += piece;
  const read = JSON.parse(text);
  t.strictSame([read.items.length, read.made, ended], [1_000, 1_000, true]);

  made = 0;
  ended = false;
  const left = await beginListing(new Listing({ items: items() }));
  if (typeof left === 'string') return t.fail('it is no stream');
  left.read();
  left.destroy();
  await new Promise(setImmediate);
  t.ok(made < 500, 'nothing is made for who has gone');
});

t.test('an item that cannot be made breaks the stream off', async (t) => {
  function* items() {
    for (let n = 0; n < 200; n++) yield 'x'.repeat(1_000);
    throw new Error('the store broke');
  }
  await t.rejects(readAll(new Listing({ items: items() })), /the store broke/);
  await t.rejects(
    beginListing(
      new Listing({
        items: slowly([]),
        next: () => {
          throw new Error('at once');
        },
      }),
    ),
    /at once/,
  );
});
