import type { Address } from '../records.js';
import { MINUTE } from '../time.js';
import { marketOf } from './markets.js';
import { samplePerson } from './people.js';

/** The outcome that a test address triggers; empty for none. */
export interface Trigger {
  result?: 'denied';
  /** False when the purchase flow is not even shown. */
  show_form?: false;
  /** Reason of the denial, in upper case. */
  reason?: string;
  /** The result of a pending fraud check of the order, and its length in milliseconds. */
  pending?: { becomes: 'ACCEPTED' | 'REJECTED'; after: number };
  /** The field that triggered it, in one sentence. */
  source?: string;
}

const REASONS = new Set([
  'other',
  'could_not_establish_identity',
  'credit_limit_exceeded',
  'customer_not_fulfilling_previous_engagements',
  'external_hard_reject',
  'high_risk',
  'legal_restraints',
  'technical_error',
  'internal_block',
  'low_credit_rating',
  'under_age',
  'denied',
]);

/** Endings of test addresses that are no country codes: British `uk` and `co.uk`, and `com` in Canadian examples. */
const OTHER_ENDINGS = ['uk', 'co.uk', 'com'];

const isMarket = (code: string) => OTHER_ENDINGS.includes(code) || marketOf(code) !== undefined;

/** A word, its suffixes after plus signs, and Klarna's domain or the older one, which ends in the market. */
const TEST_ADDRESS = /^[^@+]+\+([^@]+)@(?:klarna\.com|email\.([a-z.]+))$/;

/** Returns the suffixes of a test address in lower case; empty for any other address. */
function suffixesOf(email: string | undefined): string[] {
  const [, tags, ending] = email?.toLowerCase().match(TEST_ADDRESS) ?? [];
  if (tags === undefined) return [];
  const suffixes = tags.split('+');
  // customer+denied@email.se, or the newer customer+se+denied@klarna.com
  const market = ending ?? suffixes.shift();
  return market !== undefined && isMarket(market) ? suffixes : [];
}

const REJECTION = 'reject_reason_';

function readSuffix(suffix: string, country: string | undefined): Trigger | undefined {
  if (suffix === 'denied') return { result: 'denied' };
  if (suffix === 'red') return { result: 'denied', show_form: false };
  if (suffix.startsWith(REJECTION) && (country === 'US' || country === 'CA')) {
    const reason = suffix.slice(REJECTION.length);
    return REASONS.has(reason) ? { result: 'denied', reason: reason.toUpperCase() } : undefined;
  }
  const pending = suffix.match(/^pend-(accept|reject)-(\d\d)$/);
  if (!pending || (country !== 'US' && country !== 'GB')) return undefined;
  const becomes = pending[1] === 'accept' ? 'ACCEPTED' : 'REJECTED';
  return { pending: { becomes, after: Number(pending[2]) * MINUTE } };
}

const digits = (phone: string) => phone.replace(/\D/g, '');

/**
 * Reads Klarna's test triggers from a billing address: the first known suffix of the e-mail, or else the denied phone
 * number of the market. Pending payments exist only in US and GB, rejection reasons only in US and CA. Other addresses
 * trigger nothing. Source: sample customer data (docs).
 * @param country the country code of the purchase, in either case
 */
export function readTriggers(address: Address | undefined, country: string | undefined): Trigger {
  for (const suffix of suffixesOf(address?.email)) {
    const trigger = readSuffix(suffix, marketOf(country)?.country);
    if (trigger) return { ...trigger, source: `billing_address.email has the test suffix +${suffix}` };
  }
  const person = samplePerson(country);
  if (!person || !address?.phone || digits(address.phone) !== digits(person.denied_phone)) return {};
  const { denied_phone, billing_address } = person;
  return {
    result: 'denied',
    source: `billing_address.phone ${denied_phone} is the denied test number of ${billing_address.country}`,
  };
}
