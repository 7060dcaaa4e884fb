import { readRecording } from '../../src/exchange/files.js';
import { readPact } from '../../src/exchange/pact.js';
import t from '../tap.js';
import { depths, nested } from './nested.js';

/** An answer of Klarna's in a recording, with this text as its body. */
const entry = (text: string) => ({
  request: { method: 'GET', url: 'https://api.klarna.com/payments/v1/sessions/a', headers: [] },
  response: { status: 200, headers: [], content: { text } },
});
const vcr = (body: unknown) => ({
  request: { method: 'get', uri: 'https://api.klarna.com/payments/v1/sessions/a', headers: {} },
  response: { status: { code: 200 }, headers: {}, body },
});
const interaction = (body: unknown) => ({
  description: 'reads a session',
  request: { method: 'GET', path: '/payments/v1/sessions/a' },
  response: { status: 200, body },
});

t.test('a body that nests too deep is kept as text, and costs its exchange alone', async (t) => {
  for (const depth of depths) {
    const deep = nested(depth);
    const folder = t.testdir({
      'a.har': JSON.stringify({ log: { entries: [entry(deep), entry('{}')] } }),
      'b.json': JSON.stringify({ http_interactions: [vcr({ string: deep }), vcr({ string: '{}' })] }),
    });
    for (const file of ['a.har', 'b.json']) {
      const { exchanges, unjudged } = await readRecording(`${folder}/${file}`);
      t.strictSame(
        exchanges.map(({ response: { body, unreadable } }) => ({ body, unreadable })),
        [
          { body: deep, unreadable: 'its body is nested deeper than 64 levels' },
          { body: {}, unreadable: undefined },
        ],
        `${file}, ${depth} levels`,
      );
      t.strictSame(unjudged, []);
    }
  }
});

t.test('an entry that nests too deep costs itself alone', async (t) => {
  for (const depth of depths) {
    const within = (document: object) => JSON.stringify(document).replace('"DEEP"', nested(depth));
    const folder = t.testdir({
      'a.json': within({ interactions: [vcr('DEEP'), vcr({ string: '{}' })] }),
      'b.har': within({ log: { entries: [{ ...entry('{}'), comment: 'DEEP' }, entry('{}')] } }),
      'nock.json': within([
        { scope: 'https://api.klarna.com', method: 'GET', path: '/a', status: 200, response: 'DEEP' },
        { scope: 'https://api.klarna.com', method: 'GET', path: '/a', status: 200, response: {} },
      ]),
      'pact.json': within({
        interactions: [interaction('DEEP'), { ...interaction({}), description: ['x'] }],
        messages: [{ description: 'm' }],
      }),
      'named.json': within({ interactions: [{ ...interaction({}), description: 'DEEP' }, interaction({})] }),
    });
    for (const file of ['a.json', 'b.har', 'nock.json']) {
      const { exchanges, unjudged } = await readRecording(`${folder}/${file}`);
      t.equal(exchanges.length, 1, `${file}, ${depth} levels`);
      t.strictSame(unjudged, [{ what: `${folder}/${file} exchange 1`, why: 'is nested deeper than 128 levels' }]);
    }
    for (const file of ['pact.json', 'named.json']) {
      const { interactions, unjudged } = await readPact(`${folder}/${file}`);
      t.equal(interactions.length, 1, `${file}, ${depth} levels`);
      t.match(unjudged[0], { why: 'is nested deeper than 128 levels' });
    }
  }
});

t.test('YAML that nests too deep is refused before it is parsed, damaged JSON as well', async (t) => {
  for (const depth of depths) {
    const folder = t.testdir({
      'a.yaml': `interactions: ${'['.repeat(depth)}${']'.repeat(depth)}`,
      'b.yaml': `interactions:\n  ${'- '.repeat(depth)}a\n`,
      'c.json': `{"log":{"entries":[${nested(depth)},{}`,
    });
    for (const [file, why] of [
      ['a.yaml', 'is nested deeper than 128 levels'],
      ['b.yaml', 'is nested deeper than 128 levels'],
      ['c.json', /^is no JSON \(/],
    ] as const) {
      const { exchanges, unjudged } = await readRecording(`${folder}/${file}`);
      t.equal(exchanges.length, 0);
      t.match(unjudged[0], { why }, `${file}, ${depth} levels`);
    }
  }
});
