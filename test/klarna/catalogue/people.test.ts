import fc from 'fast-check';
import { checkMarket, type MarketCountry, marketOf, markets } from '../../../src/klarna/catalogue/markets.js';
import { samplePerson } from '../../../src/klarna/catalogue/people.js';
import { readTriggers } from '../../../src/klarna/catalogue/triggers.js';
import type { Violation } from '../../../src/klarna/decision.js';
import { checkPeople } from '../../../src/klarna/personal-data.js';
import type { Address } from '../../../src/klarna/records.js';
import { holds } from '../../property.js';
import t from '../../tap.js';

const TABLE: [MarketCountry, string, ...string[]][] = [
  ['AU', 'AUD', 'en-AU'],
  ['AT', 'EUR', 'de-AT', 'en-AT'],
  ['BE', 'EUR', 'nl-BE', 'fr-BE', 'en-BE'],
  ['CA', 'CAD', 'en-CA', 'fr-CA'],
  ['CZ', 'CZK', 'cs-CZ', 'en-CZ'],
  ['DK', 'DKK', 'da-DK', 'en-DK'],
  ['FI', 'EUR', 'fi-FI', 'sv-FI', 'en-FI'],
  ['FR', 'EUR', 'fr-FR', 'en-FR'],
  ['DE', 'EUR', 'de-DE', 'en-DE'],
  ['GR', 'EUR', 'el-GR', 'en-GR'],
  ['HU', 'HUF', 'hu-HU', 'en-HU'],
  ['IE', 'EUR', 'en-IE'],
  ['IT', 'EUR', 'it-IT', 'en-IT'],
  ['MX', 'MXN', 'en-MX', 'es-MX'],
  ['NL', 'EUR', 'nl-NL', 'en-NL'],
  ['NZ', 'NZD', 'en-NZ'],
  ['NO', 'NOK', 'nb-NO', 'en-NO'],
  ['PL', 'PLN', 'pl-PL', 'en-PL'],
  ['PT', 'EUR', 'pt-PT', 'en-PT'],
  ['RO', 'RON', 'ro-RO', 'en-RO'],
  ['SK', 'EUR', 'sk-SK', 'en-SK'],
  ['ES', 'EUR', 'es-ES', 'en-ES'],
  ['SE', 'SEK', 'sv-SE', 'en-SE'],
  ['CH', 'CHF', 'de-CH', 'fr-CH', 'it-CH', 'en-CH'],
  ['GB', 'GBP', 'en-GB'],
  ['US', 'USD', 'en-US', 'es-US'],
];
const COUNTRIES = TABLE.map(([country]) => country);
const ANY_MARKET = `one of the 26 markets ${COUNTRIES.join(' ')}`;

const fieldsOf = (violations: Violation[]) => violations.map(({ field }) => field);

t.test('the markets are those of the documentation', async (t) => {
  t.equal(TABLE.length, 26);
  t.strictSame(
    Object.entries(markets).map(([key, { country, currency, locales }]) => [key, country, currency, ...locales]),
    TABLE.map(([country, ...rest]) => [country, country, ...rest]),
  );
  t.strictSame(
    COUNTRIES.filter((country) => markets[country].regionMandatory),
    ['AU', 'US'],
  );
});

t.test('a market is found by its country in any case, and by nothing else', async (t) => {
  t.equal(marketOf('SE'), markets.SE);
  t.equal(marketOf('gB'), markets.GB);
  for (const unknown of ['XX', 'UK', 'SEK', '', 'constructor', '__proto__', 'toString', undefined]) {
    t.equal(marketOf(unknown), undefined, String(unknown));
  }
});

t.test('market rules', async (t) => {
  t.test('every market passes with its own currency and locales, in any case', async (t) => {
    for (const [country, currency, ...locales] of TABLE) {
      for (const locale of locales) {
        const facts = { purchase_country: country, purchase_currency: currency, locale, checkLocale: true };
        t.strictSame(checkMarket(facts), [], locale);
      }
      const lower = { purchase_country: country.toLowerCase(), purchase_currency: currency.toLowerCase() };
      t.strictSame(checkMarket({ ...lower, checkLocale: true }), []);
    }
  });

  t.test('what is absent passes', async (t) => {
    t.strictSame(checkMarket({ checkLocale: true }), []);
    t.strictSame(checkMarket({ purchase_currency: 'SEK', checkLocale: true }), []);
    t.strictSame(checkMarket({ locale: 'sv-SE', checkLocale: true }), [], 'no country that a locale could contradict');
  });

  t.test('a country outside the markets is refused by the field that gave it', async (t) => {
    t.strictSame(
      checkMarket({ purchase_country: 'BR', purchase_currency: 'BRL', locale: 'sv-SE', checkLocale: true }),
      [
        {
          rule: 'market-country',
          field: 'purchase_country',
          text: `purchase_country: given BR, expected ${ANY_MARKET}`,
        },
      ],
    );
    t.strictSame(checkMarket({ purchase_country: 'SE', billing_country: 'xx', checkLocale: false }), [
      {
        rule: 'market-country',
        field: 'billing_address.country',
        text: `billing_address.country: given xx, expected ${ANY_MARKET}`,
      },
    ]);
    t.strictSame(fieldsOf(checkMarket({ purchase_country: '', billing_country: 'YY', checkLocale: false })), [
      'purchase_country',
      'billing_address.country',
    ]);
  });

  t.test('the currency is that of the billing country, or else of the purchase country', async (t) => {
    t.strictSame(checkMarket({ purchase_country: 'SE', purchase_currency: 'EUR', checkLocale: false }), [
      {
        rule: 'market-currency',
        field: 'purchase_currency',
        text: 'purchase_currency: given EUR, expected SEK, the currency of SE',
      },
    ]);
    const across = { purchase_country: 'GB', billing_country: 'US', checkLocale: false };
    t.strictSame(checkMarket({ ...across, purchase_currency: 'USD' }), []);
    t.equal(
      checkMarket({ ...across, purchase_currency: 'GBP' })[0]?.text,
      'purchase_currency: given GBP, expected USD, the currency of US',
    );
    t.strictSame(
      fieldsOf(
        checkMarket({ purchase_country: 'SE', billing_country: 'XX', purchase_currency: 'NOK', checkLocale: false }),
      ),
      ['billing_address.country', 'purchase_currency'],
      'an unknown billing country does not hide the purchase country',
    );
  });

  t.test('a merchant may be granted currencies beside that of the country', async (t) => {
    const norwegian = { purchase_country: 'NO', currencies: ['EUR', 'USD'], checkLocale: false };
    for (const purchase_currency of ['NOK', 'EUR', 'usd']) {
      t.strictSame(checkMarket({ ...norwegian, purchase_currency }), [], purchase_currency);
    }
    t.strictSame(checkMarket({ ...norwegian, purchase_currency: 'SEK' }), [
      {
        rule: 'market-currency',
        field: 'purchase_currency',
        text: 'purchase_currency: given SEK, expected NOK, the currency of NO, or EUR USD, granted beside it',
      },
    ]);
  });

  t.test('a locale is refused only when its region is another market, and never in English', async (t) => {
    const swedish = { purchase_country: 'SE', checkLocale: true };
    t.strictSame(checkMarket({ ...swedish, locale: 'fr-FR' }), [
      {
        rule: 'market-locale',
        field: 'locale',
        text: 'locale: given fr-FR, expected a locale of SE (sv-SE, en-SE), not of FR',
      },
    ]);
    t.equal(
      checkMarket({ ...swedish, billing_country: 'NO', locale: 'es-us' })[0]?.text,
      'locale: given es-us, expected a locale of SE (sv-SE, en-SE) or NO (nb-NO, en-NO), not of US',
    );
    t.equal(
      checkMarket({ ...swedish, billing_country: 'SE', locale: 'FR-FR' })[0]?.text,
      'locale: given FR-FR, expected a locale of SE (sv-SE, en-SE), not of FR',
    );
    for (const locale of ['sv', 'en', 'en-SE', 'de-se', 'pt-BR', 'en-', '', 'en-GB', 'en-us', 'EN-US']) {
      t.strictSame(checkMarket({ ...swedish, locale }), [], locale);
    }
    t.strictSame(checkMarket({ ...swedish, locale: 'fr-FR', checkLocale: false }), [], 'judged only when asked');
    const across = { purchase_country: 'GB', billing_country: 'US', checkLocale: true };
    t.strictSame(checkMarket({ ...across, locale: 'en-GB' }), []);
    t.strictSame(checkMarket({ ...across, locale: 'en-US' }), []);
    t.strictSame(fieldsOf(checkMarket({ billing_country: 'US', locale: 'fr-CA', checkLocale: true })), ['locale']);
  });
});

t.test('the sample people', async (t) => {
  t.test('each is at home in their market, the denied ones as well', async (t) => {
    for (const [country, currency, locale] of TABLE) {
      const { billing_address, customer, denied_phone } = samplePerson(country);
      t.equal(billing_address.country, country);
      t.equal(billing_address.email, `customer+${country.toLowerCase()}@klarna.com`);
      t.equal(customer.type, 'person');
      t.match(customer.date_of_birth, /^\d{4}-\d\d-\d\d$/);
      t.not(denied_phone, billing_address.phone);
      const denied = { ...billing_address, phone: denied_phone };
      t.strictSame(checkPeople({ billing_address, shipping_address: denied }), [], country);
      const market = {
        purchase_country: country,
        purchase_currency: currency,
        billing_country: billing_address.country,
      };
      t.strictSame(checkMarket({ ...market, locale, checkLocale: true }), []);
    }
  });

  t.test('they are those of the documentation', async (t) => {
    t.strictSame(samplePerson('SE'), {
      billing_address: {
        given_name: 'Alice',
        family_name: 'Test',
        email: 'customer+se@klarna.com',
        street_address: 'Södra Blasieholmshamnen 2',
        postal_code: '11 148',
        city: 'Stockholm',
        phone: '+46701740615',
        country: 'SE',
      },
      customer: { type: 'person', date_of_birth: '1941-03-21', national_identification_number: 'SE194103219202' },
      denied_phone: '+46701740620',
    });
    t.strictSame(samplePerson('US'), {
      billing_address: {
        given_name: 'Test',
        family_name: 'Person-us',
        email: 'customer+us@klarna.com',
        street_address: '509 Amsterdam Ave',
        postal_code: '10024-3941',
        city: 'New York',
        region: 'NY',
        phone: '+13106683312',
        country: 'US',
      },
      customer: { type: 'person', date_of_birth: '1970-07-10' },
      denied_phone: '+13106354386',
    });
  });

  t.test('are made anew at each call, in any case, and only in the markets', async (t) => {
    t.strictSame(samplePerson('dk'), samplePerson('DK'));
    t.not(samplePerson('DK').billing_address, samplePerson('DK').billing_address);
    t.equal(samplePerson('XX'), undefined);
    t.equal(samplePerson(undefined), undefined);
  });
});

/** The rule and the expectation that one field of a billing address meets; the whole list when it is not about that field alone. */
function judge(field: keyof Address, given: string, country = 'SE'): unknown {
  const address: Address = { region: 'NY', country, [field]: given };
  const violations = checkPeople({ billing_address: address });
  const [violation, ...more] = violations;
  if (!violation) return undefined;
  const start = `billing_address.${field}: given ${JSON.stringify(given)}, expected `;
  const own = violation.field === `billing_address.${field}` && violation.text.startsWith(start) && more.length === 0;
  return own ? `${violation.rule}: ${violation.text.slice(start.length)}` : violations;
}

const NAME = "Latin letters, digits, spaces and -'’.ºª°";
const STREET = 'Latin letters, digits, spaces and -\'’´`",.:;#&/()+@°ºª_\\';
const PRINTABLE = 'printable characters';

t.test('names', async (t) => {
  t.test('pass with Latin letters and the signs of names', async (t) => {
    const good = [
      'Al',
      'José',
      "O'Neil",
      'D’Angelo',
      'Anne-Marie',
      'J.R.',
      'Mª José',
      'Nº 1',
      '1°',
      'R2',
      'Ștefan',
      'ŻÓŁĆ',
      'Groß',
    ];
    for (const name of [...good, 'Zoe\u0308', 'Øÿ', 'ÀÖ', 'öø', 'x\u024F', 'x\u1D00', 'x\u1D7F', ' Jo ']) {
      t.equal(judge('given_name', name), undefined, name);
      t.equal(judge('family_name', name), undefined, name);
    }
  });

  t.test('are more than one character and more than digits', async (t) => {
    for (const short of ['A', ' A ', 'e\u0301', ' ', '-']) {
      t.equal(judge('given_name', short), 'person-name: more than 1 character', short);
    }
    for (const digits of ['12', '1 2', '0123456789']) {
      t.equal(judge('family_name', digits), 'person-name: more than digits', digits);
    }
    t.equal(judge('given_name', '1a'), undefined);
    t.equal(judge('given_name', 'a1'), undefined);
  });

  t.test('name the first character that does not belong there', async (t) => {
    const strangers: [string, string][] = [
      ['J@ne', '@'],
      ['Иван', 'И'],
      ['李小龙', '李'],
      ['علي', 'ع'],
      ['Jo😀!', '😀'],
      ['Nguyễn', 'ễ'],
      ['a×b', '×'],
      ['a÷b', '÷'],
      ['a\u0250', '\u0250'],
      ['a\u1CFF', '\u1CFF'],
      ['a\u1D80', '\u1D80'],
      ['a\u00BF', '\u00BF'],
      ['a_b', '_'],
      ['a,b', ','],
      ['a/b', '/'],
      ['a:b', ':'],
      ['[a]', '['],
      ['a`b', '`'],
      ['{a', '{'],
      ['a\u00A0b', '\u00A0'],
      ['a\\b', '\\'],
    ];
    for (const [given, stranger] of strangers) {
      t.equal(judge('given_name', given), `person-name: ${NAME}, not ${JSON.stringify(stranger)}`, given);
    }
  });

  t.test('may be Greek in Greece alone', async (t) => {
    t.equal(judge('given_name', 'Ελένη', 'GR'), undefined);
    t.equal(judge('given_name', 'Ἑλένη', 'gr'), undefined);
    t.equal(judge('given_name', 'Eleni', 'GR'), undefined);
    t.equal(judge('given_name', 'Ελένη', 'SE'), `person-name: ${NAME}, not "Ε"`);
    t.equal(judge('given_name', 'Иван', 'GR'), `person-name: ${NAME.replace('Latin', 'Latin or Greek')}, not "И"`);
    t.equal(judge('street_address', 'Λεωφ. Κηφισίας 37', 'GR'), undefined);
    t.strictSame(checkPeople({ billing_address: { given_name: 'Ελένη' }, purchase_country: 'GR' }), []);
  });

  t.test('hold no control character and no half of a surrogate pair', async (t) => {
    for (const odd of ['Jo\u0000', 'Jo\n', '\tJo', 'Jo\u007F', 'Jo\u0085', '\uD83D', 'Jo\uDE00', 'Jo\uD83Dx']) {
      t.equal(judge('given_name', odd), `person-name: ${PRINTABLE}`, JSON.stringify(odd));
    }
  });
});

t.test('streets, cities and regions', async (t) => {
  const good = [
    '5',
    'Ø',
    'C. de Atocha, 27 "B"',
    "L'Aquila`s´s’",
    'a:b;c#1&2/3(4)+5@6',
    '2° 1º 3ª_x\\y',
    '1-5 Silverwater Rd',
    'ABC',
  ];
  for (const field of ['street_address', 'street_address2', 'city', 'region'] as const) {
    for (const given of good) t.equal(judge(field, given), undefined, given);
    for (const stranger of ['!', '?', '*', '東', '😀', 'Я', '[', ']', '^', '|', '–', '<', '$', '%', '=', '~', '{']) {
      const said = `person-street: ${STREET}, not ${JSON.stringify(stranger)}`;
      t.equal(judge(field, `Main ${stranger} St!`), said, stranger);
    }
    t.equal(judge(field, 'Main\nStreet'), `person-street: ${PRINTABLE}`);
  }
  t.equal(judge('street_address', 'Cafe\u0301 1'), undefined, 'an accent of its own is part of its letter');
});

t.test('e-mail addresses', async (t) => {
  for (const good of [
    'a@b.se',
    'customer+se+denied@klarna.com',
    'waltraud@koch.co.uk',
    'Ünï@bücher.example',
    '"@x.y',
  ]) {
    t.equal(judge('email', good), undefined, good);
  }
  for (const bad of [
    'x',
    '@',
    'a@b',
    'a@',
    '@b.se',
    'a@@b.se',
    'a@b.se@c.se',
    'a@b.',
    'a@.se',
    'a@b..se',
    'a b@c.se',
    'a@b .se',
    ' a@b.se',
    'a@b.se\u00A0',
    'a@b.se@',
  ]) {
    t.equal(judge('email', bad), 'person-email: one @ and a domain with a dot', bad);
  }
  for (const odd of ['a\n@b.se', 'a@b\uD800.se']) t.equal(judge('email', odd), `person-email: ${PRINTABLE}`);
});

t.test('phone numbers', async (t) => {
  t.test('pass when they are possible in their country or bring their own', async (t) => {
    const good: [string, string][] = [
      ['0701740615', 'SE'],
      ['070-174 06 15', 'se'],
      ['12025550170', 'US'],
      ['555-555-0199', 'US'],
      ['+12025550170', 'SE'],
      ['07744225533', 'GB'],
      ['+4306762600456', 'AT'],
      ['+46701740615', 'XX'],
    ];
    for (const [given, country] of good) t.equal(judge('phone', given, country), undefined, given);
  });

  t.test('are refused when no number there is like it', async (t) => {
    const bad: [string, string][] = [
      ['1', 'SE'],
      ['12345678', 'US'],
      ['333444555', 'US'],
      ['abc', 'SE'],
      ['call +46701740615', 'SE'],
      ['+467017406151234567', 'SE'],
      ['😀', 'SE'],
    ];
    for (const [given, country] of bad) {
      t.equal(judge('phone', given, country), `person-phone: a phone number that is possible in ${country}`, given);
    }
    t.equal(judge('phone', '070\n1740615'), `person-phone: ${PRINTABLE}`);
    t.equal(judge('phone', '+46701', 'XX'), 'person-phone: a phone number that is possible');
  });

  t.test('are judged the same again, also after many others, and however long', async (t) => {
    const wrong = 'person-phone: a phone number that is possible in SE';
    for (let round = 0; round < 2; round++) {
      t.strictSame([judge('phone', '+46701740615', 'SE'), judge('phone', '+467', 'SE')], [undefined, wrong]);
    }
    for (let n = 0; n < 600; n++) judge('phone', `+467017${10_000 + n}`, 'SE');
    t.strictSame([judge('phone', '+46701740615', 'SE'), judge('phone', '+467', 'SE')], [undefined, wrong]);
    t.equal(judge('phone', `+46701740615${'0'.repeat(60)}`, 'SE'), wrong);
  });

  t.test('follow the country of the address, or else that of the purchase', async (t) => {
    const national = { phone: '0701740615' };
    t.strictSame(checkPeople({ billing_address: national, purchase_country: 'SE' }), []);
    t.strictSame(checkPeople({ billing_address: national }), [], 'no country that it could contradict');
    const danish = { billing_address: { country: 'DK' }, shipping_address: national, purchase_country: 'SE' };
    t.strictSame(checkPeople(danish), [], 'whatever the country of the other address');
    t.strictSame(checkPeople({ billing_address: { ...national, country: 'XX' } }), []);
    t.strictSame(checkPeople({ billing_address: { ...national, country: 'DK' }, purchase_country: 'SE' }), [
      {
        rule: 'person-phone',
        field: 'billing_address.phone',
        text: 'billing_address.phone: given "0701740615", expected a phone number that is possible in DK',
      },
    ]);
  });
});

t.test('postal codes have the form of their market', async (t) => {
  // Good ones of each market, the example of its explanation first, and some that are near.
  const codes: Record<MarketCountry, [good: string[], bad: string[]]> = {
    AU: [['4877'], ['487', '48777', 'A877']],
    AT: [['1060'], ['106', '10600']],
    BE: [['1000'], ['100', '10000']],
    CA: [
      ['V7H 1L9', 'v7h1l9', 'V7H-1L9'],
      ['V7H 1L', 'V7H 1L9 1', 'V7H 119', '17H 1L9', 'V7H 1L9 A1', 'AV7H1L9', 'V7H1L9A'],
    ],
    CZ: [
      ['155 00', '15500'],
      ['1550', '155000'],
    ],
    DK: [['1556'], ['155', '15566']],
    FI: [['00100'], ['0010', '001000']],
    FR: [['75009'], ['7500', '750090']],
    DE: [['10178'], ['1017', '101780', 'D10178']],
    GR: [
      ['151 23', '15123'],
      ['1512', '151234'],
    ],
    HU: [['1083'], ['108', '10833']],
    IE: [
      ['D02 C838', 'd02c838', 'D6W XY12', 'A65-F4E2'],
      ['D02', 'D02 C83', 'D02 C8388', '102 C838', 'DX2 C838', 'D0X C838', 'AD02 C838', 'D02 C83!'],
    ],
    IT: [['00146'], ['0014', '001460']],
    MX: [['03000'], ['0300', '030000']],
    NL: [
      ['1068 SR', '1068SR', '1068 sr'],
      ['1068', '1068 S', '1068 SRX', '106 SR', '10689 SR', '1068 1R'],
    ],
    NZ: [['6011'], ['601', '60111']],
    NO: [['0194'], ['019', '01944']],
    PL: [
      ['01-460', '01460'],
      ['01-46', '01-4600'],
    ],
    PT: [
      ['1990-094', '1990094', '1990'],
      ['199', '1990-09', '1990-0944', 'A1990-094'],
    ],
    RO: [['061357'], ['06135', '0613570']],
    SK: [
      ['810 06', '81006'],
      ['8100', '810066'],
    ],
    ES: [['28012'], ['2801', '280120']],
    SE: [
      ['111 48', '11 148', '11148', '1-1-1-4-8'],
      ['1114', '111488', 'SE-111', '1114\u00A08', '1114_8'],
    ],
    CH: [['4051'], ['405', '40511']],
    GB: [
      ['W1S 3BE', 'w1s3be', 'X9 9LG', 'EC2Y 5HN', 'FK10 2EP', 'W44HR'],
      ['W1S', '1S 3BE', 'ABC1 3BE', 'W1S 3B', 'W1S 3BEE', 'W1SS 3BE', 'WS 3BE', 'W1! 3BE', 'W1S XBE'],
    ],
    US: [
      ['10024-3941', '10024', '100243941'],
      ['1002', '100245', '10024-394', '10024-39411', 'A0024', 'X10024-3941'],
    ],
  };
  t.strictSame(Object.keys(codes), COUNTRIES);
  for (const country of COUNTRIES) {
    const [good, bad] = codes[country];
    const { example } = markets[country].postalCode;
    t.equal(example, good[0]);
    for (const code of good) t.equal(judge('postal_code', code, country), undefined, `${country} ${code}`);
    for (const code of bad) {
      const said = `person-postal-code: the form of ${country}, such as ${example}`;
      t.equal(judge('postal_code', code, country), said, `${country} ${code}`);
    }
  }
  t.equal(judge('postal_code', 'anything', 'BR'), undefined, 'outside the markets no form is known');
  t.equal(judge('postal_code', '11148\n'), `person-postal-code: ${PRINTABLE}`);
});

t.test('regions', async (t) => {
  const regionOf = (address: Address, purchase_country?: string) =>
    checkPeople({ billing_address: address, purchase_country });

  t.test('are mandatory in addresses of the United States and Australia', async (t) => {
    const said = (country: string) => [
      {
        rule: 'person-region' as const,
        field: 'billing_address.region',
        text: `billing_address.region: not given, expected a region of ${country}`,
      },
    ];
    t.strictSame(regionOf({ country: 'us', city: 'New York' }), said('US'));
    t.strictSame(regionOf({ street_address: '4 Wharf St' }, 'AU'), said('AU'));
    t.strictSame(regionOf({ country: 'US', postal_code: '10024', region: '' }), said('US'));
    t.strictSame(regionOf({ country: 'US', city: 'New York', region: 'NY' }), []);
    t.strictSame(regionOf({ country: 'US', city: 'New York', region: 'Alabama' }), []);
  });

  t.test('are not missed elsewhere, nor where no place is named', async (t) => {
    for (const country of COUNTRIES.filter((country) => country !== 'US' && country !== 'AU')) {
      t.strictSame(regionOf({ country, city: 'Town' }), [], country);
    }
    t.strictSame(regionOf({ country: 'BR', city: 'Town' }), []);
    t.strictSame(regionOf({ country: 'SE', city: 'Stockholm' }, 'US'), []);
    t.strictSame(regionOf({ country: 'US', email: 'a@b.us' }), []);
    t.strictSame(regionOf({ country: 'US', street_address: '', postal_code: '', city: '' }), []);
  });
});

t.test('the people of a purchase', async (t) => {
  t.test('are named in the order billing, shipping, and within them in that of an address', async (t) => {
    const wrong: Address = {
      phone: '1',
      region: '!',
      city: '!',
      postal_code: '1',
      street_address2: '!',
      street_address: '!',
      email: '!',
      family_name: '1',
      given_name: '1',
    };
    const fields = [
      'given_name',
      'family_name',
      'email',
      'street_address',
      'street_address2',
      'postal_code',
      'city',
      'region',
      'phone',
    ];
    const violations = checkPeople({ shipping_address: wrong, billing_address: wrong, purchase_country: 'SE' });
    t.strictSame(fieldsOf(violations), [
      ...fields.map((field) => `billing_address.${field}`),
      ...fields.map((field) => `shipping_address.${field}`),
    ]);
    for (const { field, text } of violations) t.ok(text.startsWith(`${field}: given `), text);
  });

  t.test('pass when nothing or only empty text is given', async (t) => {
    t.strictSame(checkPeople({}), []);
    t.strictSame(checkPeople({ billing_address: {}, shipping_address: {} }), []);
    t.strictSame(checkPeople({ purchase_country: 'SE' }), []);
    const empty = {
      given_name: '',
      family_name: '',
      email: '',
      phone: '',
      postal_code: '',
      city: '',
      street_address2: '',
    };
    t.strictSame(checkPeople({ billing_address: { ...empty, country: 'SE' } }), []);
  });

  t.test('may be any text at all: the answer is a list of explanations, never an error', async (t) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    );
    const address = fc.record(
      {
        given_name: text,
        family_name: text,
        email: text,
        street_address: text,
        street_address2: text,
        postal_code: text,
        city: text,
        region: text,
        phone: fc.oneof(
          text,
          text.map((more) => `+${more}`),
        ),
        country: fc.oneof(text, fc.constantFrom(...COUNTRIES)),
      },
      { requiredKeys: [] },
    );
    holds(
      t,
      fc.property(
        address,
        address,
        fc.oneof(text, fc.constantFrom(...COUNTRIES)),
        (billing_address, shipping_address, purchase_country) => {
          for (const { field, text } of checkPeople({ billing_address, shipping_address, purchase_country })) {
            if (!/^(billing|shipping)_address\.[a-z0-9_]+$/.test(field) || !text.startsWith(`${field}: `)) return false;
            // Halves of surrogate pairs are escaped, so that the sentence can be written out anywhere.
            if (/\p{Cs}/u.test(text)) return false;
          }
          return true;
        },
      ),
    );
  });
});

t.test('test triggers', async (t) => {
  const of = (email: string, country = 'US') => readTriggers({ email }, country);
  const source = (suffix: string) => `billing_address.email has the test suffix +${suffix}`;
  const pending = (becomes: string, after: number) => ({ becomes, after });

  t.test('+denied denies in both forms of the address', async (t) => {
    const denied = { result: 'denied', source: source('denied') };
    for (const email of [
      'customer+denied@email.se',
      'Customer+DENIED@Email.SE',
      'youremail+denied@email.com',
      'cust+denied@email.co.uk',
      'customer+denied@email.uk',
      'customer+denied@email.gb',
      'customer+denied+auth_bank_login@email.us',
      'customer+new_user+denied@email.us',
      'customer+se+denied@klarna.com',
      'customer+uk+denied@klarna.com',
      'CUSTOMER+SE+Denied@Klarna.com',
      'customer+us+denied+auth_id_scan@klarna.com',
    ]) {
      t.strictSame(of(email, 'SE'), denied, email);
    }
    t.strictSame(readTriggers({ email: 'customer+denied@email.se' }, undefined), denied, 'no market is needed');
  });

  t.test('+red denies without showing a form', async (t) => {
    const red = { result: 'denied', show_form: false, source: source('red') };
    t.strictSame(of('customer+red@email.us'), red);
    t.strictSame(of('customer+se+red@klarna.com', 'SE'), red);
  });

  t.test('+pend waits for a fraud check, in the United States and Great Britain', async (t) => {
    t.strictSame(of('customer+pend-accept-05@email.us'), {
      pending: pending('ACCEPTED', 300_000),
      source: source('pend-accept-05'),
    });
    t.strictSame(of('customer+gb+pend-reject-99@klarna.com', 'gb'), {
      pending: pending('REJECTED', 99 * 60_000),
      source: source('pend-reject-99'),
    });
    t.strictSame(of('customer+PEND-ACCEPT-00@email.uk', 'GB').pending, pending('ACCEPTED', 0));
    for (const country of [...COUNTRIES.filter((country) => country !== 'US' && country !== 'GB'), 'XX']) {
      t.strictSame(of('customer+pend-accept-05@email.us', country), {}, country);
    }
    for (const suffix of [
      'pend-accept-5',
      'pend-accept-005',
      'pend-accept-',
      'pend-other-05',
      'pend-accept-0x',
      'xpend-accept-05',
    ]) {
      t.strictSame(of(`customer+${suffix}@email.us`), {}, suffix);
    }
  });

  t.test('+reject_reason denies with a reason, in the United States and Canada', async (t) => {
    const reasons = [
      'OTHER',
      'COULD_NOT_ESTABLISH_IDENTITY',
      'CREDIT_LIMIT_EXCEEDED',
      'CUSTOMER_NOT_FULFILLING_PREVIOUS_ENGAGEMENTS',
      'EXTERNAL_HARD_REJECT',
      'HIGH_RISK',
      'LEGAL_RESTRAINTS',
      'TECHNICAL_ERROR',
      'INTERNAL_BLOCK',
      'LOW_CREDIT_RATING',
      'UNDER_AGE',
      'DENIED',
    ];
    for (const reason of reasons) {
      const denied = { result: 'denied', reason, source: source(`reject_reason_${reason.toLowerCase()}`) };
      t.strictSame(of(`cust+reject_reason_${reason.toLowerCase()}@email.us`), denied);
      t.strictSame(of(`email+reject_reason_${reason}@email.com`, 'CA'), denied);
      t.strictSame(of(`customer+ca+reject_reason_${reason}@klarna.com`, 'ca'), denied);
    }
    for (const country of [...COUNTRIES.filter((country) => country !== 'US' && country !== 'CA'), 'XX']) {
      t.strictSame(of('customer+reject_reason_other@email.us', country), {}, country);
    }
    for (const suffix of [
      'reject_reason_',
      'reject_reason_unknown',
      'reject_reason',
      'reject_reason_other_',
      'xreject_reason_other',
    ]) {
      t.strictSame(of(`customer+${suffix}@email.us`), {}, suffix);
    }
  });

  t.test('the first suffix that means something decides', async (t) => {
    t.equal(of('customer+pend-accept-05+denied@email.us').source, source('pend-accept-05'));
    t.equal(of('customer+require_signup+red+denied@email.us').source, source('red'));
    const meaning = ['denied', 'red', 'pend-accept-05', 'pend-reject-10', 'reject_reason_other'];
    const nothing = ['new_user', 'us', 'klarna', 'pend-accept', 'reject_reason_', 'denied_', ''];
    holds(
      t,
      fc.property(fc.array(fc.constantFrom(...meaning, ...nothing), { maxLength: 5 }), fc.boolean(), (words, newer) => {
        const first = words.find((word) => meaning.includes(word));
        const email = newer ? ['customer', 'us', ...words] : ['customer', ...words];
        const trigger = of(`${email.join('+')}@${newer ? 'klarna.com' : 'email.us'}`);
        return trigger.source === (first && source(first));
      }),
    );
  });

  t.test('other suffixes and other addresses do nothing', async (t) => {
    for (const email of [
      'customer@email.us',
      'customer+us@klarna.com',
      'customer+new_user@email.us',
      'customer+require_signup@email.us',
      'customer+disputed-return@email.us',
      'customer+us+new_user@klarna.com',
      'customer+auth_id_scan@email.us',
      'customer+denied@klarna.com',
      'customer+denied+se@klarna.com',
      '+denied@email.us',
      'a@customer+denied@email.us',
      'customer+denied@emailxus',
      'customer+us+denied@klarnaxcom',
      'customer+denied@email.u1',
      'customer+xx+denied@klarna.com',
      'customer++denied@klarna.com',
      'customer@klarna.com',
      'denied@email.us',
      'denied+@email.us',
      'customer+denied@email.xx',
      'customer+denied@email.org',
      'customer+denied@email.',
      'customer+denied@email',
      'customer+denied@myemail.us',
      'customer+denied@email.us.example',
      'customer+denied@example.com',
      'customer+denied@gmail.com',
      'customer+se+denied@notklarna.com',
      'customer+se+denied@klarna.com.example',
      'customer+denied@email.us@email.us',
      'customer+denied',
      '+denied',
      '',
      '@',
      'customer+\uD800denied@email.us',
    ]) {
      t.strictSame(of(email), {}, email);
    }
    t.strictSame(readTriggers(undefined, 'US'), {});
    t.strictSame(readTriggers({}, undefined), {});
  });

  t.test('the denied phone number of a market denies there, however it is written', async (t) => {
    for (const country of COUNTRIES) {
      const { billing_address, denied_phone } = samplePerson(country);
      t.strictSame(readTriggers(billing_address, country), {}, country);
      t.strictSame(readTriggers({ ...billing_address, phone: denied_phone }, country), {
        result: 'denied',
        source: `billing_address.phone ${denied_phone} is the denied test number of ${country}`,
      });
    }
    t.equal(readTriggers({ phone: '+46 (70) 174-06 20' }, 'se').result, 'denied');
    t.strictSame(readTriggers({ phone: '+46701740620' }, 'NO'), {});
    t.strictSame(readTriggers({ phone: '+46701740620' }, undefined), {});
    t.strictSame(readTriggers({ phone: '' }, 'SE'), {});
  });

  t.test('the e-mail goes before the phone number', async (t) => {
    const both = { email: 'customer+pend-reject-01@email.us', phone: '+13106354386' };
    t.strictSame(readTriggers(both, 'US').pending, pending('REJECTED', 60_000));
  });

  t.test('may be read from any text', async (t) => {
    const email = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((word) => `${word}@email.us`),
    );
    holds(
      t,
      fc.property(email, fc.string(), (email, phone) => {
        const trigger = readTriggers({ email, phone }, 'US');
        return trigger.source === undefined
          ? Object.keys(trigger).length === 0
          : /^billing_address\./.test(trigger.source);
      }),
    );
  });
});
