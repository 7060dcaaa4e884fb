import { marketOf } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import { readTriggers } from '../../klarna/catalogue/triggers.js';

/** A kind of value: itself by 0, and others like it by other numbers. */
export type Invented = (index: number) => string;

/** What stands for values that Klarna's sample people do not have. */
const general: ReadonlyMap<string, string> = new Map([
  ['given_name', 'Test'],
  ['family_name', 'Person'],
  ['first_name', 'Test'],
  ['last_name', 'Person'],
  ['email', 'customer@example.com'],
  ['street_address', 'Street 1'],
  ['street_address2', 'Floor 1'],
  ['city', 'City'],
  ['region', 'Region'],
  ['organization_name', 'Company'],
  ['attention', 'Test Person'],
  ['date_of_birth', '1970-01-01'],
  ['merchant', 'other-merchant'],
]);

/** Fields that are numbers: one differs from another by its digits. */
const numbers = new Set([
  'phone',
  'postal_code',
  'date_of_birth',
  'national_identification_number',
  'last_four_ssn',
  'organization_registration_id',
  'vat_id',
]);

/** Kinds of values for a field, the best first. */
export function inventFor(field: string, value: string, country: string | undefined): Invented[] {
  if (field === 'attachment') return [(index) => (index === 0 ? '{}' : `{"copy":${index}}`)];
  const { billing_address, customer } = samplePerson(country) ?? {};
  const sample = new Map<string, string>(Object.entries({ ...billing_address, ...customer }));
  const bases = [sample.get(field), general.get(field), field === 'email' ? testAddress(value) : undefined];
  return bases.filter((base) => base !== undefined).map((base) => (index) => vary(field, base, index));
}

function vary(field: string, base: string, index: number): string {
  if (index === 0) return base;
  if (numbers.has(field)) return countOn(base, index);
  const letters = inLetters(index);
  if (field === 'email') return base.replace(/(?=[+@])/, `.${letters}`);
  return field === 'merchant' ? `${base}-${letters}` : `${base} ${letters.toUpperCase()}`;
}

/** a, b, …, z, ba, bb, … */
function inLetters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : inLetters(Math.floor(index / 26)) + last;
}

/** A number so many further on; its signs and letters stay where they are. */
function countOn(number: string, by: number): string {
  const digits = number.replace(/\D/g, '');
  const sum = (BigInt(digits) + BigInt(by)) % 10n ** BigInt(digits.length);
  const next = [...sum.toString().padStart(digits.length, '0')];
  return number.replace(/\d/g, () => next.shift() as string);
}

/** A test address of Klarna's with what its suffixes trigger, and nobody's name. */
function testAddress(email: string): string | undefined {
  const [, suffixes = '', domain] = /^[^@+]+\+([^@]+)@([^@]+)$/.exec(email) ?? [];
  const words = suffixes.split('+').filter((word) => isEnding(word) || triggers(word));
  return words.length === 0 ? undefined : `customer+${words.join('+')}@${domain}`;
}

const isEnding = (word: string): boolean => /^(uk|co\.uk|com)$/i.test(word) || marketOf(word) !== undefined;

const triggers = (word: string): boolean =>
  Object.keys(readTriggers({ email: `customer+us+${word}@klarna.com` }, 'US')).length > 0;

/** A text with its letters and digits made meaningless: the signs stay, and letters that are not Latin stay so. */
export function mask(text: string, index: number): string {
  const letter = String.fromCharCode(97 + ((23 + index) % 26));
  const digit = String(index % 10);
  return text
    .normalize('NFC')
    .replace(/\p{L}/gu, (given) => {
      if (/\p{Script=Greek}/u.test(given)) return 'α';
      if (!/\p{Script=Latin}/u.test(given)) return '文';
      return given === given.toLowerCase() ? letter : letter.toUpperCase();
    })
    .replace(/\p{N}/gu, digit);
}
