import { marketOf } from './markets.js';
import type { Address } from './records.js';
import { samplePerson } from './sample-people.js';
import { MINUTE } from './time.js';

/** What one of Klarna's test addresses asks of a purchase; empty when it asks for nothing. */
export interface Trigger {
  result?: 'denied';
  /** The purchase flow is not even shown. */
  show_form?: false;
  /** Why it is denied, in capitals. */
  reason?: string;
  /** The order waits for a fraud check that ends so, after so many milliseconds. */
  pending?: { becomes: 'ACCEPTED' | 'REJECTED'; after: number };
  /** One sentence: what triggered it. */
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

/** The code of a market as test addresses write it: the British ones say `uk` as well as `gb`. */
const isMarket = (code: string) => code === 'uk' || marketOf(code) !== undefined;

/** What follows the plus signs of a test address, in small letters; nothing for any other address. */
function suffixesOf(email: string): string[] {
  const [local = '', domain = '', ...more] = email.toLowerCase().split('@');
  if (more.length > 0) return [];
  const [, ...words] = local.split('+');
  // The newest form: customer+se+denied@klarna.com
  if (domain === 'klarna.com') return isMarket(words[0] ?? '') ? words.slice(1) : [];
  // The older form: customer+denied@email.se; the Canadian examples end in email.com.
  const [, ending = ''] = domain.match(/^email\.(.*)$/) ?? [];
  return ending === 'com' || ending === 'co.uk' || isMarket(ending) ? words : [];
}

function readSuffix(suffix: string, country: string): Trigger | undefined {
  if (suffix === 'denied') return { result: 'denied' };
  if (suffix === 'red') return { result: 'denied', show_form: false };

  const [, reason] = suffix.match(/^reject_reason_(.*)$/) ?? [];
  if (reason !== undefined && REASONS.has(reason) && ['US', 'CA'].includes(country)) {
    return { result: 'denied', reason: reason.toUpperCase() };
  }
  const [, status, minutes] = suffix.match(/^pend-(accept|reject)-(\d\d)$/) ?? [];
  if (status !== undefined && ['US', 'GB'].includes(country)) {
    const becomes = status === 'accept' ? 'ACCEPTED' : 'REJECTED';
    return { pending: { becomes, after: Number(minutes) * MINUTE } };
  }
  return undefined;
}

const digits = (phone: string) => phone.replace(/\D/g, '');

/**
 * Reads Klarna's test triggers from a billing address: the first suffix of the e-mail that means something, or else the phone number
 * that is denied in the market. Pending payments exist in US and GB, reasons in US and CA alone. Other addresses trigger nothing.
 * Source: sample customer data (docs).
 *
 * @param country the market of the purchase, in any case
 */
export function readTriggers(address: Address | undefined, country: string | undefined): Trigger {
  const market = marketOf(country);
  for (const suffix of suffixesOf(address?.email ?? '')) {
    const trigger = readSuffix(suffix, market?.country ?? '');
    if (trigger) return { ...trigger, source: `billing_address.email has the test suffix +${suffix}` };
  }
  const denied = samplePerson(country)?.denied_phone;
  if (denied && digits(address?.phone ?? '') === digits(denied)) {
    return {
      result: 'denied',
      source: `billing_address.phone ${denied} is the denied test number of ${market?.country}`,
    };
  }
  return {};
}
