import { readFileSync } from 'node:fs';
import { complete, type Schema } from '../../../src/browser/live/schema-completion.js';
import t from '../../tap.js';

const schema: Schema = JSON.parse(
  readFileSync(new URL('../../../contracts/scenario.schema.json', import.meta.url), 'utf8'),
);

/** Returns what can stand at the bar in a text. */
function at(text: string): string[] {
  const place = text.indexOf('|');
  return complete(schema, text.replace('|', ''), place)?.options.map(({ label }) => label) ?? [];
}

t.test('keys are completed by their place', async (t) => {
  t.ok(at('|').includes('outcomes'));
  t.ok(at('title: x\nev|').includes('evidence'));
  t.ok(at('title: x\nshopper:\n  |').includes('payment_option'));
  t.ok(at('shopper:\n  payment_option: pay_in_4\n  fun|').includes('funding_source'));
  t.ok(at('shopper:\n  funding_source:\n    |').includes('masked_number'));
  t.ok(at('outcomes:\n  - |').includes('on'));
  t.ok(at('outcomes:\n  - on: createOrder\n    |').includes('error'));
  t.ok(at('outcomes:\n- on: createOrder\n  |').includes('fault'));
  t.ok(at('outcomes:\n  - { on: createOrder, |').includes('error'));
  t.ok(at('steps:\n  - title: x\n    |').includes('createSession'));
  t.ok(at('steps:\n  - createSession:\n      |').includes('body'));
  t.ok(at('steps:\n  - createSession:\n      body:\n        |').includes('order_lines'));
  t.ok(at('steps:\n  - title: x\n    createSession:\n      body: {}\n    |').includes('expect'));
  t.ok(at('steps:\n  - advance: P1M\n  - createOrder:\n      path: { |').includes('authorizationToken'));
  t.notOk(at('shopper:\n  |').includes('outcomes'));
});

t.test('values are completed where there are words for them', async (t) => {
  t.ok(at('evidence: |').includes('recorded'));
  t.ok(at('market: S|').includes('SE'));
  t.ok(at('outcomes:\n  - on: cr|').includes('createOrder'));
  t.ok(at('outcomes:\n  - { on: |').includes('createOrder'));
  t.ok(at('callbacks:\n  - on: |').includes('push'));
  t.ok(at('needs: [|').includes('standing-clock'));
});

t.test('nothing is offered where nothing is known', async (t) => {
  for (const text of ['title: |', '# |', 'title: a b |', 'nothing:\n  |', ': |', '{|', '- - - |', '"|', 'a: "b\n|']) {
    t.doesNotThrow(() => at(text), text);
  }
  t.strictSame(at('title: |'), []);
  t.strictSame(at('nothing:\n  |'), []);
  t.strictSame(at('# ev|'), []);
});

t.test('a completion replaces the word that was begun', async (t) => {
  const text = 'outcomes:\n  - { on: createO';
  t.equal(complete(schema, text, text.length)?.from, text.length - 'createO'.length);
  const key = 'sho';
  t.equal(complete(schema, key, 3)?.from, 0);
  t.match(
    complete(schema, key, 3)?.options.find(({ label }) => label === 'shopper'),
    { apply: 'shopper: ', detail: String },
  );
});
