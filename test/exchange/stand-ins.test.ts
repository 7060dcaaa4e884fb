import { inventFor, makeRedactor, mapTexts } from '../../src/exchange/stand-ins.js';
import t from '../tap.js';

t.test('an empty personal text stays, a number is one like a text, and what is no text stays as it is', async (t) => {
  const seen: unknown[] = [];
  const texts = {
    personal(said: unknown) {
      seen.push(said);
      return 'somebody';
    },
    other: (text: string) => text,
  };
  const body = { billing_address: { given_name: '', family_name: 'Lind', postal_code: 41118, title: null } };
  t.strictSame(mapTexts(body, 'SE', texts), {
    billing_address: { given_name: '', family_name: 'somebody', postal_code: 'somebody', title: null },
  });
  t.strictSame(seen, [
    { field: 'family_name', value: 'Lind', country: 'SE' },
    { field: 'postal_code', value: '41118', country: 'SE' },
  ]);
});

t.test('fields that no sample person has are invented as well', async (t) => {
  const invented = (field: string) => inventFor(field, 'anything', undefined).map((invent) => invent(0));
  const fields = ['street_address2', 'region', 'organization_name', 'attention', 'date_of_birth', 'merchant'];
  t.strictSame(fields.flatMap(invented), [
    'Floor 1',
    'Region',
    'Company',
    'Test Person',
    '1970-01-01',
    'other-merchant',
  ]);
  t.strictSame(invented('title'), []);
});

t.test('the names of other merchants are about somebody, as names of no country', async (t) => {
  const seen: unknown[] = [];
  const texts = {
    personal(said: unknown) {
      seen.push(said);
      return 'somebody';
    },
    other: (text: string) => text,
  };
  const body = { with: 'partner', list: [{ shared_with: 'other' }], within: 'shop' };
  t.strictSame(mapTexts(body, undefined, texts), {
    with: 'somebody',
    list: [{ shared_with: 'somebody' }],
    within: 'shop',
  });
  t.strictSame(seen, [
    { field: 'merchant', value: 'partner', country: undefined },
    { field: 'merchant', value: 'other', country: undefined },
  ]);
});

t.test('addresses of this machine are replaced at the beginning of a URL alone', async (t) => {
  const redact = makeRedactor([], 'merchant-of-the-test');
  const redacted = (text: string) => (redact({ text }, 'SE') as { text: string }).text;
  for (const [url, expected] of [
    ['http://localhost:3000/x', 'https://shop.example/x'],
    ['http://127.0.0.1', 'https://shop.example'],
    ['http://[::1]:80?a=b', 'https://shop.example?a=redacted'],
    ['https://shop.test/http://localhost:3000/x', 'https://shop.test/http://localhost:3000/x'],
    ['http://localhost.shop.test/x', 'http://localhost.shop.test/x'],
    ['https://me:secret@shop.test/?a=1&b={order.id}#c', 'https://shop.test/?a=redacted&b={order.id}#c'],
    ['http://me:secret@shop.test/', 'http://shop.test/'],
    ['no URL of http://localhost/', 'no URL of http://localhost/'],
  ] as const) {
    t.equal(redacted(url), expected, url);
  }
});

t.test('a personal text is looked for in others if it is three letters long, or five digits', async (t) => {
  const people = { billing_address: { given_name: 'Bo', family_name: 'Eva', city: '1234', postal_code: '41118' } };
  const redact = makeRedactor([[people, 'SE']], 'merchant-of-the-test');
  const note = (text: string) => (redact({ text }, 'SE') as { text: string }).text;
  t.equal(note('for Bo at 1234'), 'for Bo at 1234', 'too short, or a number of four digits');
  t.notMatch(note('for Eva'), /Eva/);
  t.notMatch(note('in 41118'), /41118/);
  t.equal(note('Evas 411189'), 'Evas 411189', 'words of their own only');
});
