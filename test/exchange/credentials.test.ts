import { readBasic } from '../../src/exchange/credentials.js';
import { withoutApiKeys } from '../../src/klarna/api-keys.js';

import t from '../tap.js';

const KEY = 'klarna_test_api_d2ludGVyLWJvb3Rz';
/** By the SHA-256 of the key. */
const NAME = 'api-key-93ed2d7a';

t.test('credentials', async (t) => {
  const basic = (text: string | Buffer): string => `Basic ${Buffer.from(text as string).toString('base64')}`;

  t.test('user name and password are read from Basic authentication', async (t) => {
    t.strictSame(readBasic(basic('K123_abc:secret:with:colons')), {
      username: 'K123_abc',
      password: 'secret:with:colons',
    });
    t.strictSame(readBasic(basic('a:').replace('Basic ', 'bAsIc  ')), { username: 'a', password: '' });
    t.strictSame(readBasic(basic('Åsa:ö')), { username: 'Åsa', password: 'ö' });
    const first = readBasic(basic('a:b'));
    for (let i = 1; i < 10_000; i++) readBasic(basic(`${i}:p`));
    t.equal(readBasic(basic('a:b')), first, 'and remembered');
    readBasic(basic('10000:p'));
    const again = readBasic(basic('a:b'));
    t.not(again, first, 'not without end');
    t.strictSame(again, first);
    const long = basic(`a:${'x'.repeat(400)}`);
    t.not(readBasic(long), readBasic(long), 'nor those that are long');
  });

  t.test('what is not strictly that is none', async (t) => {
    const bad = [
      undefined,
      '',
      'Basic',
      'Basic ',
      'Bearer abc',
      'Basic a:b',
      'Basic YTpi=',
      'Basic YTpiYw',
      'Basic YTpi YTpi',
      'Basic YR==',
    ];
    for (const header of bad) t.equal(readBasic(header), undefined, String(header));
    for (const key of [
      'klarna_test_client_abc',
      'klarna_test_',
      'klarna_test_api a',
      'xklarna_test_api_a',
      KEY.toUpperCase(),
    ]) {
      t.equal(readBasic(`Basic ${key}`), undefined, key);
    }
    const names = ['no colon', ':password', 'a\nb:c', 'a\u0085b:c', `${'x'.repeat(256)}:c`, `a:${'x'.repeat(5_000)}`];
    for (const text of names) t.equal(readBasic(basic(text)), undefined, text.slice(0, 20));
    t.equal(readBasic(basic(Buffer.from([0x61, 0x3a, 0xff]))), undefined, 'not UTF-8');
    t.match(readBasic(basic(`${'x'.repeat(255)}:c`)), { password: 'c' });
    const longest = basic(`a:${'x'.repeat(3_064)}`).replace('Basic ', 'Basic   ');
    t.equal(longest.length, 4_096);
    t.match(readBasic(longest), { username: 'a' });
    t.equal(readBasic(longest.replace('Basic ', 'Basic  ')), undefined, 'one character longer');
  });

  t.test('an API key alone is credentials, under a name that does not give it away', async (t) => {
    const alone = { username: NAME, password: KEY, keyAlone: true };
    for (const header of [`Basic ${KEY}`, `bAsIc   ${KEY}`, basic(KEY), basic(`${KEY}:`)]) {
      t.strictSame(readBasic(header), alone, header);
    }
    t.strictSame(readBasic(basic(`${KEY}:beside`)), { username: NAME, password: 'beside' });
    t.strictSame(readBasic(basic(`K123_abc:${KEY}`)), { username: 'K123_abc', password: KEY });
    t.not(readBasic(`Basic ${KEY}2`)?.username, NAME, 'each key has a name of its own');
  });

  t.test('a key of the live environment is told', async (t) => {
    const live = KEY.replace('test', 'live');
    for (const header of [`Basic ${live}`, basic(live), basic(`${live}:`), basic(`${live}:x`), basic(`shop:${live}`)]) {
      t.equal(readBasic(header)?.live, true, header);
    }
    t.strictSame(readBasic(basic('klarna_live_shop:x')), readBasic(basic('klarna_live_shop:x')));
    t.strictSame(readBasic(basic('shop:klarna live')), { username: 'shop', password: 'klarna live' });
  });

  t.test('keys are taken out of texts, and what only looks like one stays', async (t) => {
    t.equal(withoutApiKeys(`Basic ${KEY}, or klarna_live_api_a/b+c=.`), 'Basic redacted or redacted');
    const left = 'klarna_test_client_abc, klarna, klarna_test and klarna_test_';
    t.equal(withoutApiKeys(left), left);
  });
});
