import { addressProblems, codeProblem, collected, contactProblem } from '../../../src/browser/purchase/checks.js';
import t from '../../tap.js';

t.test('any six digits are a code but 999999', async (t) => {
  for (const code of ['123456', '000000', ' 123 456 ', '123-456']) t.equal(codeProblem(code), undefined, code);
  t.match(codeProblem('999999'), /^999999 is wrong on purpose.* any other six digits/);
  t.match(codeProblem('999 999'), /wrong on purpose/);
  t.match(codeProblem('12345'), /^5 digits given\. Type any six digits but 999999/);
  t.match(codeProblem('1234567'), /^7 digits given/);
  t.match(codeProblem(''), /^No code given/);
  t.match(codeProblem('abcdef'), /^Something else than digits given/);
  t.match(codeProblem('١٢٣٤٥٦'), /^Something else than digits given/);
});

t.test('a code goes to a phone or an e-mail address, whatever they are', async (t) => {
  t.equal(contactProblem('1', ''), undefined);
  t.equal(contactProblem('', 'x'), undefined);
  t.match(contactProblem(' ', ''), /^Neither phone number nor e-mail/);
});

const address = {
  given_name: 'Elsa',
  family_name: ' Lind ',
  street_address: 'Skogsgatan 7',
  postal_code: '411 18',
  city: 'Göteborg',
  region: '',
  country: 'se',
  email: 'elsa@example.com',
  phone: '+46701740650',
};

t.test('a shipping address is complete or says what it lacks', async (t) => {
  t.strictSame(addressProblems(address), {});
  const wrong = addressProblems({ ...address, city: ' ', country: 'Sweden', email: 'elsa' });
  t.strictSame(Object.keys(wrong), ['city', 'country', 'email']);
  t.match(wrong.country, /“Sweden” given.* such as SE/);
  t.equal(Object.keys(addressProblems({})).length, 8, 'all but the region');
});

t.test('it is handed over trimmed, without what is empty', async (t) => {
  const { region: _, ...filled } = address;
  t.strictSame(collected({ ...address, other: 'x' }), { ...filled, family_name: 'Lind', country: 'SE' });
});
