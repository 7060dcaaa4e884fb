import { type Given, readBasic } from '../../../src/exchange/credentials.js';
import { anyClient, knownClients, openGate, strictGate } from '../../../src/server/world/merchants.js';
import { MerchantsFileError, readMerchants } from '../../../src/server/world/merchants-file.js';
import t from '../../tap.js';

const KEY = 'klarna_test_api_d2ludGVyLWJvb3Rz';
/** By the SHA-256 of the key. */
const NAME = 'api-key-93ed2d7a';

t.test('gates', async (t) => {
  const basic = (text: string | Buffer): string => `Basic ${Buffer.from(text as string).toString('base64')}`;

  t.test('the open gate knows everybody, but not with the password `invalid`', async (t) => {
    t.strictSame(openGate({ username: 'anybody', password: '' }), {
      standing: 'active',
      merchant: 'anybody',
      everyone: true,
    });
    t.strictSame(openGate({ username: 'anybody', password: 'invalid' }), {
      standing: 'unknown',
      merchant: 'anybody',
      everyone: true,
    });
    t.strictSame(openGate(readBasic(`Basic ${KEY}`) as Given), { standing: 'active', merchant: NAME, everyone: true });
  });

  t.test('the strict gate knows the merchants of the file', async (t) => {
    const gate = strictGate([
      { username: 'shop', password: 'secret' },
      { username: 'closed', password: 'secret', active: false },
    ]);
    const standing = (username: string, password: string) => gate({ username, password }).standing;
    t.equal(standing('shop', 'secret'), 'active');
    t.equal(standing('shop', 'secre'), 'unknown');
    t.equal(standing('closed', 'secret'), 'inactive');
    t.equal(standing('closed', 'wrong'), 'unknown');
    t.equal(standing('other', ''), 'unknown');
  });

  t.test('the strict gate knows a merchant by its API key alone', async (t) => {
    const gate = strictGate([
      { username: 'shop', password: KEY },
      { username: 'closed', password: `${KEY}2`, active: false },
      { username: 'plain', password: 'secret' },
    ]);
    const given = (header: string) => gate(readBasic(header) as Given);
    t.strictSame(given(`Basic ${KEY}`), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(basic(`${KEY}:`)), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(basic(`shop:${KEY}`)), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(`Basic ${KEY}2`), { standing: 'inactive', merchant: 'closed' });
    t.equal(given(basic(`closed:${KEY}`)).standing, 'unknown', 'the key of another');
    t.equal(given(basic(`${KEY}:secret`)).standing, 'unknown', 'a key and something else');
    const stranger = given(`Basic ${KEY}3`);
    t.match(stranger, { standing: 'unknown', merchant: /^api-key-[0-9a-f]{8}$/ });
  });
});

t.test('client ids name merchants', async (t) => {
  t.strictSame(anyClient('boots'), { merchant: 'boots', active: true });
  const clients = knownClients([
    { username: 'shop', password: 'secret', client_ids: ['one', 'two'] },
    { username: 'closed', password: 'secret', active: false },
  ]);
  for (const id of ['shop', 'one', 'two']) t.strictSame(clients(id), { merchant: 'shop', active: true }, id);
  t.strictSame(clients('closed'), { merchant: 'closed', active: false });
  for (const id of ['', 'three', 'toString']) t.equal(clients(id), undefined, id);
});

t.test('merchants file', async (t) => {
  t.test('is YAML or JSON', async (t) => {
    const yaml =
      'merchants:\n  - username: shop\n    password: secret\n  - { username: closed, password: "1", active: false }\n';
    t.matchLists(await readMerchants(yaml, 'm.yaml'), [
      { username: 'shop', password: 'secret', active: undefined },
      { username: 'closed', password: '1', active: false },
    ]);
    t.strictSame(
      await readMerchants('{"merchants":[{"username":"a","password":"x","currencies":["EUR"]}]}', 'm.json'),
      [{ username: 'a', password: 'x', currencies: ['EUR'] }],
    );
  });

  t.test('an API key takes the place of the password, and of the user name', async (t) => {
    const yaml = `merchants: [{ username: shop, api_key: ${KEY}2 }, { api_key: ${KEY}, active: false, scenario: a }]`;
    t.strictSame(await readMerchants(yaml, 'm.yaml'), [
      { username: 'shop', password: `${KEY}2` },
      { username: NAME, password: KEY, active: false, scenario: 'a' },
    ]);
    t.strictSame(
      await readMerchants(`merchants: [{ username: a, password: b }, { username: b, password: b }]`, 'm.yaml'),
      [
        { username: 'a', password: 'b' },
        { username: 'b', password: 'b' },
      ],
    );
  });

  t.test('a mistake is told in one line with its place', async (t) => {
    const entry = (text: string): string => `merchants: [{${text}}]`;
    const mistakes: [string, RegExp][] = [
      ['merchants: [', /^m.yaml:1:\d+: /],
      ['a: 1\nb: "', /^m.yaml:2:\d+: /],
      ['', /^m.yaml:1:1: the file is empty$/],
      ['~', /^m.yaml: body: given null, expected a value of type object$/],
      ['merchants: []', /^m.yaml: merchants: given \[\], expected at least 1 entries$/],
      ['- a', /expected a value of type object$/],
      ['merchants: [1]', /^m.yaml: merchants\[0\]: given 1, /],
      [
        entry('username: a, password: b, pasword: b'),
        /merchants\[0\].pasword: no such field \(did you mean "password"\?\)$/,
      ],
      [entry('username: a, password: b, shoe_size: 42'), /merchants\[0\].shoe_size: no such field$/],
      [entry('usrname: a, password: b'), /merchants\[0\].usrname: no such field \(did you mean "username"\?\)$/],
      [entry('username: 1, password: b'), /merchants\[0\].username: given 1, expected a value of type string/],
      [entry('username: "a:b", password: b'), /merchants\[0\].username: given "a:b", expected text that matches/],
      [entry('username: a, password: 1'), /merchants\[0\].password: given 1, expected a value of type string/],
      [
        entry('username: a, password: b, active: "no"'),
        /merchants\[0\].active: given "no", expected a value of type boolean/,
      ],
      [
        entry('username: a, password: b, currencies: EUR'),
        /merchants\[0\].currencies: given "EUR", expected a value of type array/,
      ],
      [
        entry('username: a, password: b, currencies: [eur]'),
        /merchants\[0\].currencies\[0\]: given "eur", expected text that matches/,
      ],
      [entry('username: a, password: b, currencies: []'), /merchants\[0\].currencies: given \[\], expected at least 1/],
      [
        'merchants: [{username: a, password: b}, {username: a, password: c}]',
        /merchants\[1\].username: given a, which an entry before has/,
      ],
      [entry('username: a'), /: merchants\[0\].password: given nothing, expected a value$/],
      [entry('password: a'), /merchants\[0\].username: given nothing, /],
      [
        entry(`api_key: ${KEY}, password: b`),
        /merchants\[0\].password: given beside an api_key, expected one of the two$/,
      ],
      [entry(`username: ${KEY}, password: b`), /merchants\[0\].username: given an API key, expected it as api_key$/],
      [entry('api_key: secret'), /merchants\[0\].api_key: given something else, expected klarna_test_api_\.{3} or /],
      [
        `merchants: [{ api_key: ${KEY} }, { username: b, api_key: ${KEY} }]`,
        /merchants\[1\].api_key: given an API key that an entry before has$/,
      ],
      [
        `merchants: [{ api_key: ${KEY} }, { username: b, password: ${KEY} }]`,
        /merchants\[1\].password: given an API key that an entry before has$/,
      ],
    ];
    for (const [text, message] of mistakes) {
      await t.rejects(readMerchants(text, 'm.yaml'), MerchantsFileError, text);
      await t.rejects(readMerchants(text, 'm.yaml'), { message });
      await readMerchants(text, 'm.yaml').catch((error: Error) => t.notMatch(error.message, /\n|klarna_test_api_d/));
    }
  });

  t.test('a mistake in the program is not taken for one in the file', async (t) => {
    const broken = await t.mockImport<typeof import('../../../src/server/world/merchants-file.js')>(
      import.meta.resolve('../../../src/server/world/merchants-file.js'),
      {
        [import.meta.resolve('../../../src/scenario/located.js')]: {
          ...(await import('../../../src/scenario/located.js')),
          locate: () => {
            throw new TypeError('broken');
          },
        },
      },
    );
    await t.rejects(broken.readMerchants('merchants: []', 'm.yaml'), TypeError);
  });
});
