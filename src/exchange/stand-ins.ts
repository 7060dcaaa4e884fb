import { checkShape } from '../contract/validate.js';
import { withoutApiKeys } from '../klarna/api-keys.js';
import { type MarketCountry, marketOf, markets } from '../klarna/catalogue/markets.js';
import { samplePerson } from '../klarna/catalogue/people.js';
import { readTriggers } from '../klarna/catalogue/triggers.js';
import { checkPeople } from '../klarna/personal-data.js';
import { type Fields, isFields } from './fields.js';
import { isUuid } from './uuids.js';

/** A value about a person, with its field and country. */
export interface Said {
  /** The name of its field, such as `email`. */
  field: string;
  value: string;
  /** The country that it is judged by, as it was given. */
  country: string | undefined;
}

/** Mappings whose every text is about a person, but for these. */
const containers = new Set(['billing_address', 'shipping_address', 'customer']);
const impersonal = new Set(['country', 'type', 'gender', 'title', 'organization_entity_type', 'customer_token']);

/** Fields that are about a person, or name another merchant, wherever they stand. */
const anywhere = new Set([
  'given_name',
  'family_name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'street_address',
  'street_address2',
  'postal_code',
  'date_of_birth',
  'national_identification_number',
  'last_four_ssn',
]);

/** Fields that name another merchant. */
const merchants = new Set(['with', 'shared_with']);

interface Place {
  country: string | undefined;
  key: string;
  /** Within the mapping of a person. */
  inside: boolean;
}

/** The replacements for the texts of a value. */
export interface Texts {
  /** For texts about a person. */
  personal(said: Said): string;
  /** For all others, by the name of their field. */
  other(text: string, field: string): string;
}

/**
 * Returns a value with its texts replaced, those about a person in another way than the rest: names, addresses, numbers,
 * attachments, and the names of other merchants.
 * @param country of the purchase
 */
export function mapTexts(value: unknown, country: string | undefined, texts: Texts): unknown {
  return walk(value, { country, key: '', inside: false }, texts);
}

function walk(value: unknown, place: Place, texts: Texts): unknown {
  if (Array.isArray(value)) return value.map((element) => walk(element, place, texts));
  if (isFields(value)) return walkFields(value, place, texts);
  const field = fieldOf(place);
  if (field === undefined) return typeof value === 'string' ? texts.other(value, place.key) : value;
  const said = typeof value === 'number' ? String(value) : value;
  if (typeof said !== 'string' || said === '') return value;
  return texts.personal({ field, value: said, country: place.country });
}

function walkFields(value: Fields, place: Place, texts: Texts): Fields {
  const country = textOf(value.country) ?? textOf(value.purchase_country) ?? place.country;
  const entries = Object.entries(value).map(([name, inner]) => {
    const inside = place.inside || containers.has(name);
    const key = place.key === 'attachment' && name === 'body' ? 'attachment' : name;
    return [name, walk(inner, { country, key, inside }, texts)];
  });
  return Object.fromEntries(entries);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function fieldOf({ key, inside }: Place): string | undefined {
  if (merchants.has(key)) return 'merchant';
  if (inside) return impersonal.has(key) ? undefined : key;
  return key === 'attachment' || anywhere.has(key) ? key : undefined;
}

/** A kind of value: itself by 0, and others like it by other numbers. */
export type Invented = (index: number) => string;

/** Values for fields that Klarna's sample people do not have. */
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

/** Returns kinds of values for a field, the best first. */
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

/** Returns a text with other letters and digits; punctuation stays, and letters that are not Latin are replaced by such. */
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

/** The values of Klarna's sample people, which are nobody's, by their fields. */
const published: ReadonlyMap<string, ReadonlySet<string>> = gather();

function gather(): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const country of Object.keys(markets) as MarketCountry[]) {
    const { billing_address, customer, denied_phone } = samplePerson(country);
    const denied = { phone: denied_phone };
    for (const [field, value] of [billing_address, customer, denied].flatMap((part) => Object.entries(part))) {
      values.set(field, (values.get(field) ?? new Set()).add(String(value)));
    }
  }
  return values;
}

/** The most values that are tried in the place of one. */
const TRIES = 60;

/**
 * Gives each value about a person another in its place: Klarna's sample person of the country, or somebody like them. Equal
 * values stay equal, different ones of a field different, and to Klarna's rules and test triggers each is what it was.
 */
export class StandIns {
  /** The countries of each value, by field and value. */
  readonly #said = new Map<string, Map<string, Set<string | undefined>>>();
  readonly #chosen = new Map<string, Map<string, string>>();

  /** Notes a value that must be replaced, and returns it. */
  add({ field, value, country }: Said): string {
    const values = this.#said.get(field) ?? new Map<string, Set<string | undefined>>();
    this.#said.set(field, values);
    values.set(value, (values.get(value) ?? new Set()).add(country));
    return value;
  }

  /** Returns the replacement of a value that was added. */
  of({ field, value }: Pick<Said, 'field' | 'value'>): string {
    return (this.#chosen.get(field) ?? this.#choose(field)).get(value) ?? mask(value, 0);
  }

  /** Returns every replaced value with its replacement. */
  changed(): [string, string][] {
    return [...this.#said.keys()].flatMap((field) =>
      [...(this.#chosen.get(field) ?? this.#choose(field))].filter(([value, other]) => value !== other),
    );
  }

  #choose(field: string): Map<string, string> {
    const values = this.#said.get(field) ?? new Map<string, Set<string | undefined>>();
    const chosen = new Map<string, string>();
    // Values of sample people stay, and replace no others.
    const fine = [...values.keys()].filter((value) => published.get(field)?.has(value));
    const taken = new Set(fine);
    for (const value of fine) chosen.set(value, value);
    for (const [value, countries] of values) {
      if (chosen.has(value)) continue;
      const other = find(field, value, [...countries], taken);
      taken.add(other);
      chosen.set(value, other);
    }
    this.#chosen.set(field, chosen);
    return chosen;
  }
}

/** Returns an unused value that Klarna's rules judge in the same way, in all its countries. */
function find(field: string, value: string, countries: (string | undefined)[], taken: ReadonlySet<string>): string {
  const verdicts = (given: string) => countries.map((country) => verdict(field, given, country)).join();
  const wanted = verdicts(value);
  const fits = (other: string) => !taken.has(other) && verdicts(other) === wanted;
  const tries = taken.size + TRIES;
  for (const invent of inventFor(field, value, countries[0])) {
    // A kind of value that does not fit by itself does not fit when it is varied.
    const found = verdicts(invent(0)) === wanted ? firstThat(invent, fits, tries) : undefined;
    if (found !== undefined) return found;
  }
  return firstThat((index) => mask(value, index), fits, TRIES) ?? mask(value, 0);
}

/** Returns the first value of a kind that fits. */
function firstThat(invent: Invented, fits: (value: string) => boolean, tries: number): string | undefined {
  for (let index = 0; index < tries; index++) {
    const value = invent(index);
    if (fits(value)) return value;
  }
  return undefined;
}

/** The places where a test trigger has a meaning of its own. */
const triggering = ['US', 'CA', 'GB'];

/** Returns the verdict of Klarna's rules on a value in its field, as one text. */
function verdict(field: string, value: string, country: string | undefined): string {
  const address = { [field]: value, country };
  const shape = [
    ...checkShape('payments', 'address', { [field]: value }),
    ...checkShape('payments', 'customer', { [field]: value }),
  ];
  const rules = checkPeople({ billing_address: address, purchase_country: country }).filter(
    ({ rule }) => rule !== 'person-region',
  );
  const triggers = [country, ...triggering].map((market) => ({ ...readTriggers(address, market), source: undefined }));
  return JSON.stringify([shape.length, rules.map(({ rule }) => rule), triggers]);
}

/** Takes secrets and personal data out of what requests and answers say. */
export type Redactor = (value: unknown, country: string | undefined) => unknown;

/** Fields whose values are words of Klarna's, or signs of ours: nobody is named in them. */
const words = new Set([
  'acquiring_channel',
  'content_type',
  'error_code',
  'fraud_status',
  'funding_source',
  'identifier',
  'intended_use',
  'intent',
  'interval',
  'locale',
  'payment_method_type',
  'payment_option',
  'purchase_country',
  'purchase_currency',
  'result',
  'status',
  'type',
]);

/**
 * Returns a redactor of everything that is to be saved.
 * @param values every value that will be redacted, with the country of its purchase
 * @param username of the merchant, which goes as well
 */
export function makeRedactor(values: readonly [unknown, string | undefined][], username: string): Redactor {
  const standIns = new StandIns();
  const learn: Texts = { personal: (said) => standIns.add(said), other: (text) => text };
  for (const [value, country] of values) mapTexts(value, country, learn);
  const scrub = makeScrubber([...standIns.changed(), [username, 'merchant']]);
  const texts: Texts = {
    personal: (said) => standIns.of(said),
    other: (text, field) => (words.has(field) || isUuid(text) ? text : scrub(withoutSecrets(withoutApiKeys(text)))),
  };
  return (value, country) => mapTexts(value, country, texts);
}

/** The URL in the place of a shop on this machine, which a replay must not call back. */
const NOWHERE = 'https://shop.example';

/** Returns a URL without credentials and parameters; placeholders for Klarna stay. */
function withoutSecrets(text: string): string {
  if (!/^https?:\/\//i.test(text)) return text;
  return text
    .replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
    .replace(/^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d*)?(?=[/?#]|$)/i, NOWHERE)
    .replace(/([?&][^=&#]*=)([^&#]+)/g, (found, name: string, value: string) =>
      /\{[\w.]+\}/.test(value) ? found : `${name}redacted`,
    );
}

/** Texts shorter than this are too common to be looked for in others. */
const SHORTEST = 3;

const WORD = /[\p{L}\p{N}_]+/gu;
const isPartOfWord = (character: string | undefined): boolean => /[\p{L}\p{N}_]/u.test(character ?? '');

type Scrubber = (text: string) => string;

/** Replaces texts that stand within others as words of their own. */
function makeScrubber(pairs: readonly (readonly [string, string])[]): Scrubber {
  // By their first words, since there may be thousands; the longest first.
  const known = new Map<string, { text: string; other: string }[]>();
  for (const [value, standIn] of pairs) {
    const [text, other] = [bare(value), bare(standIn)];
    if (text.length < SHORTEST || !(/\p{L}/u.test(text) || text.length > 4)) continue;
    const [first] = text.match(WORD) as [string];
    known.set(
      first,
      [...(known.get(first) ?? []), { text, other }].sort((a, b) => b.text.length - a.text.length),
    );
  }
  return (text) => {
    let written = '';
    let done = 0;
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (index < done) continue;
      const found = known
        .get(word)
        ?.find((one) => text.startsWith(one.text, index) && !isPartOfWord(text[index + one.text.length]));
      if (!found) continue;
      written += text.slice(done, index) + found.other;
      done = index + found.text.length;
    }
    return written + text.slice(done);
  };
}

/** Returns a text from its first word to its last. */
const bare = (text: string): string => text.replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '');
