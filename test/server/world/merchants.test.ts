import { type Given, readBasic } from '../../../src/exchange/credentials.js';
import {
  type Admission,
  anyClient,
  controlGate,
  type Gate,
  knownClients,
  type Merchant,
  openGate,
  STRANGER,
  strictGate as strictGateWith,
  TOO_MANY_TRIES,
} from '../../../src/server/world/merchants.js';
import { MerchantsFileError, readMerchants } from '../../../src/server/world/merchants-file.js';
import { hashPassword } from '../../../src/server/world/password-hash.js';
import { Tries } from '../../../src/server/world/tries.js';
import t from '../../tap.js';
import { fakeWall } from '../wall.js';

/** Costs of hashes that take no time. */
const CHEAP = { ln: 4, r: 8, p: 1 };

const FROM = { ip: '192.0.2.7' };

/** Makes a strict gate on a wall clock that moves only when told. */
function strictGate(merchants: readonly Merchant[], { wall } = fakeWall()) {
  const gate = strictGateWith(merchants, { tries: new Tries(wall), own: 'own' });
  return (given: Given, from = FROM) => gate(given, from);
}

const KEY = 'klarna_test_api_d2ludGVyLWJvb3Rz';
/** By the SHA-256 of the key. */
const NAME = 'api-key-93ed2d7a';

t.test('gates', async (t) => {
  const basic = (text: string | Buffer): string => `Basic ${Buffer.from(text as string).toString('base64')}`;

  t.test('the open gate knows everybody, but not with the password `invalid`', async (t) => {
    t.strictSame(openGate({ username: 'anybody', password: '' }, FROM), {
      standing: 'active',
      merchant: 'anybody',
      everyone: true,
    });
    t.strictSame(openGate({ username: 'anybody', password: 'invalid' }, FROM), {
      standing: 'unknown',
      merchant: 'anybody',
      everyone: true,
    });
    const admission = openGate(readBasic(`Basic ${KEY}`) as Given, FROM);
    t.strictSame(admission, { standing: 'active', merchant: NAME, everyone: true });
  });

  t.test('the strict gate knows the merchants of the file', async (t) => {
    const gate = strictGate([
      { username: 'shop', password: 'secret' },
      { username: 'closed', password: 'secret', active: false },
    ]);
    const standing = (username: string, password: string) => (gate({ username, password }) as Admission).standing;
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
    const given = (header: string) => gate(readBasic(header) as Given) as Admission;
    t.strictSame(given(`Basic ${KEY}`), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(basic(`${KEY}:`)), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(basic(`shop:${KEY}`)), { standing: 'active', merchant: 'shop' });
    t.strictSame(given(`Basic ${KEY}2`), { standing: 'inactive', merchant: 'closed' });
    t.equal(given(basic(`closed:${KEY}`)).standing, 'unknown', 'the key of another');
    t.equal(given(basic(`${KEY}:secret`)).standing, 'unknown', 'a key and something else');
    const stranger = given(`Basic ${KEY}3`);
    t.match(stranger, { standing: 'unknown', merchant: undefined }, 'names nobody');
  });
});

t.test('gates with hashes', async (t) => {
  const winter = await hashPassword('winter', CHEAP);
  const merchants = [
    { username: 'boots', password: winter },
    { username: 'closed', password: winter, active: false },
    { username: 'plain', password: 'summer' },
  ];

  t.test('a hashed password lets in, and is known from then on', async (t) => {
    const gate = strictGate(merchants);
    const first = gate({ username: 'boots', password: 'winter' });
    t.ok(first instanceof Promise, 'the hash is made in the background');
    t.strictSame(await first, { standing: 'active', merchant: 'boots' });
    t.strictSame(gate({ username: 'boots', password: 'winter' }), { standing: 'active', merchant: 'boots' });
    t.strictSame(await gate({ username: 'closed', password: 'winter' }), { standing: 'inactive', merchant: 'closed' });
    t.strictSame(gate({ username: 'plain', password: 'summer' }), { standing: 'active', merchant: 'plain' });
  });

  t.test('no other does, and not the hash itself; whoever is wrong waits for a hash', async (t) => {
    const gate = strictGate(merchants);
    for (const [username, password] of [
      ['boots', 'winter '],
      ['boots', winter],
      ['boots', ''],
      ['plain', 'winter'],
      ['nobody', 'winter'],
      ['closed', 'summer'],
    ] as const) {
      const admission = gate({ username, password });
      t.ok(admission instanceof Promise, `${username} ${password}`);
      t.equal(await admission, STRANGER, `${username} ${password}`);
    }
  });

  t.test('the password of the process lets in those with a hash alone', async (t) => {
    const gate = strictGate(merchants);
    t.strictSame(gate({ username: 'boots', password: 'own' }), { standing: 'active', merchant: 'boots' });
    t.equal(await gate({ username: 'plain', password: 'own' }), STRANGER);
    t.equal(await gate({ username: 'nobody', password: 'own' }), STRANGER);
  });

  t.test('the same credentials at once are one try, and one hash', async (t) => {
    const gate = strictGate(merchants);
    const all = Array.from({ length: 100 }, () => gate({ username: 'boots', password: 'winter' }));
    t.strictSame(new Set((await Promise.all(all)).map(({ standing }) => standing)), new Set(['active']));
  });

  t.test('more hashes than can wait are not made', async (t) => {
    const gate = strictGate(merchants);
    const asked = Array.from({ length: 40 }, (_, n) =>
      gate({ username: `m${n}`, password: 'x' }, { ip: `192.0.2.${n}` }),
    );
    t.equal(asked.filter((each) => each === TOO_MANY_TRIES).length, 8);
    await Promise.all(asked);
  });

  t.test('a hash that cannot be read is refused', async (t) => {
    const broken = [{ username: 'boots', password: '$scrypt$ln=15$x' }];
    t.throws(() => strictGate(broken), { message: /^merchants: the password of boots is a hash that cannot be read/ });
  });
});

t.test('wrong tries are limited within a second, right ones are not', async (t) => {
  const merchants = [{ username: 'boots', password: 'winter' }];
  for (const [name, ask] of Object.entries({
    'by user name': (gate: Gate, n: number) => gate({ username: 'boots', password: `x${n}` }, { ip: `192.0.2.${n}` }),
    'by address': (gate: Gate, n: number) => gate({ username: `m${n}`, password: 'x' }, FROM),
  })) {
    t.test(name, (t) => {
      const { wall, pass } = fakeWall();
      const gate = strictGate(merchants, { wall } as ReturnType<typeof fakeWall>) as Gate;
      const tried = Array.from({ length: 22 }, (_, n) => ask(gate, n));
      t.strictSame(tried, [...Array(20).fill(STRANGER), TOO_MANY_TRIES, TOO_MANY_TRIES]);
      t.match(gate({ username: 'boots', password: 'winter' }, FROM), { standing: 'active' }, 'who is right comes in');
      pass(1_000);
      t.equal(ask(gate, 0), STRANGER);
      t.end();
    });
  }

  t.test('and those of an admin token', (t) => {
    const tries = new Tries(fakeWall().wall);
    const gate = controlGate(openGate, 'sesame', true, tries);
    const tried = Array.from({ length: 21 }, () => gate({ username: 'boots', password: 'guess' }, FROM));
    t.strictSame(tried.slice(-2), [STRANGER, TOO_MANY_TRIES]);
    t.match(gate({ username: 'boots', password: 'sesame' }, FROM), { standing: 'active', everyone: true });
    t.end();
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
      [entry("username: a, password: '$scrypt$ln=15'"), /merchants\[0\].password: given a hash that cannot be read/],
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
