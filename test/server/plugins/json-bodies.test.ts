import fc from 'fast-check';
import { readJson, UnreadableBody } from '../../../src/server/plugins/json-bodies.js';
import { holds } from '../../property.js';
import t from '../../tap.js';

t.test('readJson', async (t) => {
  const read = (text: string): unknown => readJson(Buffer.from(text));
  const why = (body: string | Buffer): string => {
    try {
      readJson(Buffer.from(body as string));
    } catch (error) {
      if (error instanceof UnreadableBody) return error.message;
      throw error;
    }
    return 'read';
  };

  t.test('reads what JSON can say, and nothing from an empty body', async (t) => {
    t.equal(read(''), undefined);
    holds(
      t,
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor/.test(text));
        return JSON.stringify(read(text)) === text;
      }),
      { numRuns: 50 },
    );
  });

  t.test('refuses what is not UTF-8 and what is not JSON, and says so', async (t) => {
    t.equal(why(Buffer.from([0x22, 0xff, 0x22])), 'the body is not UTF-8');
    for (const text of ['{', 'order_amount=1', ' ', "{'a':1}", '\ufeff{}', '[1,]', 'NaN']) {
      t.match(why(text), /^the body is not JSON: /, text);
    }
  });

  t.test('never throws anything but UnreadableBody, whatever the bytes', async (t) => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\u', 'd800', '__proto__', 'a', '1', '\\');
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.array(piece).map((pieces) => Buffer.from(pieces.join(''))),
    );
    holds(
      t,
      fc.property(bytes, (body) => typeof why(body) === 'string'),
      { numRuns: 200 },
    );
  });

  t.test(
    'refuses keys that reach into prototypes, at any depth and however spelt, and names their place',
    async (t) => {
      t.equal(why('{"__proto__":1}'), '__proto__ is a key that the body must not have');
      t.equal(why('{"a":[0,{"constructor":{}}]}'), 'a[1].constructor is a key that the body must not have');
      t.equal(why('{"a":{"\\u005f_proto__":1}}'), 'a.__proto__ is a key that the body must not have');
      t.strictSame(read('{"name":"constructor","note":"__proto__"}'), { name: 'constructor', note: '__proto__' });
      const beside = { prototype: 1, constructors: 2, Constructor: 3, __proto: 4, _proto__: 5 };
      t.strictSame(read(JSON.stringify({ ...beside, note: '__proto__ constructor' })), {
        ...beside,
        note: '__proto__ constructor',
      });
    },
  );

  t.test('refuses half a surrogate pair in a text or a key, and names its place', async (t) => {
    t.equal(why('{"order_lines":[{"name":"a\\ud800"}]}'), 'order_lines[0].name has half a surrogate pair');
    t.equal(why('"\\udc00"'), 'the body has half a surrogate pair');
    t.match(why('{"\\ud800":1}'), /^the key .* has half a surrogate pair$/);
    t.strictSame(read('{"name":"\\ud83d\\ude00 \\u00e5","n":1,"nothing":null}'), { name: '😀 å', n: 1, nothing: null });
  });

  t.test('refuses nesting that would overflow whoever walks it, not brackets in texts', async (t) => {
    const nested = (depth: number, within = ''): string =>
      `${'[{"a":'.repeat(depth / 2)}"${within}"${'}]'.repeat(depth / 2)}`;
    for (const depth of [66, 2_500, 5_000, 1_000_000]) {
      t.equal(why(nested(depth)), 'the body is nested deeper than 64 levels', `${depth} levels`);
    }
    t.match(why('['.repeat(1_000_000)), /^the body is not JSON: /);
    t.equal(why(nested(64)), 'read');
    // Brackets beside it have the depth counted at all.
    const beside = (depth: number) => why(`[[],[],${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}]`);
    t.equal(beside(64), 'read');
    t.equal(beside(65), 'the body is nested deeper than 64 levels');
    t.equal(why(`[${nested(60)}${`,${nested(60)}`.repeat(10)}]`), 'read', 'many brackets side by side');
    t.equal(why(nested(64, '\\u0041')), 'read', 'walked as well');
    t.equal(why(`["${'[{\\"'.repeat(2_000)}"]`), 'read');
  });
});
