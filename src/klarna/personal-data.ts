import { createRequire } from 'node:module';
import { type Market, marketOf } from './catalogue/markets.js';
import type { Violation } from './decision.js';
import type { Address } from './records.js';

/** The addresses of a purchase. */
export interface People {
  billing_address?: Address;
  shipping_address?: Address;
  /** The country of an address that names none. */
  purchase_country?: string;
}

/** The country by which an address is checked, and its market if it is one of the 26. */
interface Place {
  country: string;
  market?: Market;
}

/** The expected form of a wrong value, as the end of a sentence; undefined when nothing is wrong. */
type Complaint = string | undefined;

interface Check {
  rule: Violation['rule'];
  complain(given: string, place: Place): Complaint;
}

// The Unicode blocks that Klarna names (docs), and Latin Extended-B, which it does not name: the city of its Romanian
// sample person needs it.
const LATIN = 'A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u024F\\u1D00-\\u1D7F';
const GREEK = '\\p{Script=Greek}';
const NAME_SIGNS = "-'’.ºª°";
// The typographic apostrophe is documented for names alone; streets named after persons have it as well (inferred).
const STREET_SIGNS = '-\'’´`",.:;#&/()+@°ºª_\\';

/** Makes patterns that find the first character that is not a letter, a digit, a space or one of the signs. */
function strangerTo(signs: string): { latin: RegExp; greek: RegExp } {
  const others = `0-9 ${signs.replace(/[-\\]/g, '\\$&')}`;
  return { latin: new RegExp(`[^${LATIN}${others}]`, 'u'), greek: new RegExp(`[^${LATIN}${GREEK}${others}]`, 'u') };
}

const inNames = strangerTo(NAME_SIGNS);
const inStreets = strangerTo(STREET_SIGNS);
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

function complainOfStranger(given: string, { market }: Place, strangers: typeof inNames, signs: string): Complaint {
  const greek = market?.country === 'GR';
  const [stranger] = given.match(greek ? strangers.greek : strangers.latin) ?? [];
  if (stranger === undefined) return undefined;
  return `Latin ${greek ? 'or Greek ' : ''}letters, digits, spaces and ${signs}, not ${JSON.stringify(stranger)}`;
}

const name: Check = {
  rule: 'person-name',
  complain(given, place) {
    // A letter and its accent may come as two code points; they count as one character.
    const written = given.normalize('NFC').trim();
    if (written.length < 2) return 'more than 1 character';
    if (/^[0-9 ]+$/.test(written)) return 'more than digits';
    return complainOfStranger(written, place, inNames, NAME_SIGNS);
  },
};

const street: Check = {
  rule: 'person-street',
  complain: (given, place) => complainOfStranger(given.normalize('NFC'), place, inStreets, STREET_SIGNS),
};

const email: Check = {
  rule: 'person-email',
  complain(given) {
    const [local, domain, ...more] = given.split('@');
    const labels = domain?.split('.') ?? [];
    const complete = local !== '' && labels.length > 1 && labels.every((label) => label !== '') && more.length === 0;
    return complete && !/\s/.test(given) ? undefined : 'one @ and a domain with a dot';
  },
};

const require = createRequire(import.meta.url);

function complainOfPhone(given: string, country: string): Complaint {
  // Loaded with the first phone number: its tables of all countries would delay the first answer of a server.
  const plans: typeof import('libphonenumber-js/min') = require('libphonenumber-js/min');
  const plan = plans.isSupportedCountry(country) ? country : undefined;
  // Without a known country, only a number in international form can be checked.
  if (!plan && !given.startsWith('+')) return undefined;
  // Possible, not assigned: test numbers like 12025550170 (recorded) and those of Klarna's sample people must pass.
  if (plans.isPossiblePhoneNumber(given, plan)) return undefined;
  return `a phone number that is possible${plan ? ` in ${plan}` : ''}`;
}

/** The most phone numbers whose complaints are remembered, and the longest text of number and country. */
const REMEMBERED = 500;
const REMEMBERED_LENGTH = 50;

/** Complaints by country and phone number: the tables are slow, and shops are tested with the same few people. */
const remembered = new Map<string, Complaint>();

const phone: Check = {
  rule: 'person-phone',
  complain(given, { country }) {
    const key = `${country} ${given}`;
    if (key.length > REMEMBERED_LENGTH) return complainOfPhone(given, country);
    if (remembered.has(key)) return remembered.get(key);
    const complaint = complainOfPhone(given, country);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, complaint);
    return complaint;
  },
};

const postalCode: Check = {
  rule: 'person-postal-code',
  complain(given, { market }) {
    if (!market || market.postalCode.form.test(given.toUpperCase().replace(/[ -]/g, ''))) return undefined;
    return `the form of ${market.country}, such as ${market.postalCode.example}`;
  },
};

/** The checks of each field, in the order in which violations are listed. */
const checks = {
  given_name: name,
  family_name: name,
  email,
  street_address: street,
  street_address2: street,
  postal_code: postalCode,
  city: street,
  region: street,
  phone,
} satisfies { [Field in keyof Address]: Check };

function checkAddress(address: Address, at: string, purchaseCountry: string | undefined): Violation[] {
  const country = (address.country ?? purchaseCountry ?? '').toUpperCase();
  const place: Place = { country, market: marketOf(country) };
  const violations: Violation[] = [];
  for (const [field, { rule, complain }] of Object.entries(checks)) {
    const given = address[field as keyof typeof checks];
    // An empty field counts as absent: shops send `"street_address2": ""` (recorded).
    if (!given) continue;
    const complaint = UNPRINTABLE.test(given) ? 'printable characters' : complain(given, place);
    if (complaint === undefined) continue;
    const path = `${at}.${field}`;
    violations.push({ rule, field: path, text: `${path}: given ${JSON.stringify(given)}, expected ${complaint}` });
  }
  // An address with only an e-mail or a phone number has no place yet, and needs no region.
  const somewhere = address.street_address || address.postal_code || address.city;
  if (place.market?.regionMandatory && somewhere && !address.region) {
    const path = `${at}.region`;
    violations.push({
      rule: 'person-region',
      field: path,
      text: `${path}: not given, expected a region of ${country}`,
    });
  }
  return violations;
}

/**
 * Checks the content of names and addresses. It applies when a purchase is authorized, where the SDK reports the fields
 * as `invalid_fields`, and when an order is the first to name an address. Only given fields are checked, except for the
 * region, which an American or Australian address must have.
 * Source: customer data requirements (docs). Takes any text, well-formed or not, and never throws.
 */
export function checkPeople({ billing_address, shipping_address, purchase_country }: People): Violation[] {
  return [
    ...(billing_address ? checkAddress(billing_address, 'billing_address', purchase_country) : []),
    ...(shipping_address ? checkAddress(shipping_address, 'shipping_address', purchase_country) : []),
  ];
}
