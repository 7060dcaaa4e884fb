import type { Violation } from '../decision.js';

/** A country in which Klarna is offered, with what Klarna requires there. */
export interface Market {
  /** ISO 3166-1 alpha-2, upper case; also the country whose numbering plan a phone number follows. */
  country: string;
  /** ISO 4217: the only currency of the market, unless Klarna grants a merchant others. */
  currency: string;
  /** BCP 47, the default first. */
  locales: readonly [string, ...string[]];
  /** Pattern of postal codes in upper case, without spaces and hyphens, and an example as people write it. */
  postalCode: { form: RegExp; example: string };
  /** True when an address must name its region. */
  regionMandatory: boolean;
}

const FOUR = /^\d{4}$/;
const FIVE = /^\d{5}$/;

function market(
  country: string,
  currency: string,
  locales: Market['locales'],
  form: RegExp,
  example: string,
  regionMandatory = false,
): Market {
  return { country, currency, locales, postalCode: { form, example }, regionMandatory };
}

/**
 * The 26 markets by country. Countries, currencies, locales: Klarna's page of purchase countries, currencies and
 * locales (docs); mandatory regions: the OpenAPI document (spec); postal codes: the Universal Postal Union's addressing
 * systems.
 */
// The library postcode-validator refuses `11 148`, the code of Klarna's Swedish sample person, and codes without their
// hyphen; hence these patterns.
export const markets = {
  AU: market('AU', 'AUD', ['en-AU'], FOUR, '4877', true),
  AT: market('AT', 'EUR', ['de-AT', 'en-AT'], FOUR, '1060'),
  BE: market('BE', 'EUR', ['nl-BE', 'fr-BE', 'en-BE'], FOUR, '1000'),
  CA: market('CA', 'CAD', ['en-CA', 'fr-CA'], /^([A-Z]\d){3}$/, 'V7H 1L9'),
  CZ: market('CZ', 'CZK', ['cs-CZ', 'en-CZ'], FIVE, '155 00'),
  DK: market('DK', 'DKK', ['da-DK', 'en-DK'], FOUR, '1556'),
  FI: market('FI', 'EUR', ['fi-FI', 'sv-FI', 'en-FI'], FIVE, '00100'),
  FR: market('FR', 'EUR', ['fr-FR', 'en-FR'], FIVE, '75009'),
  DE: market('DE', 'EUR', ['de-DE', 'en-DE'], FIVE, '10178'),
  GR: market('GR', 'EUR', ['el-GR', 'en-GR'], FIVE, '151 23'),
  HU: market('HU', 'HUF', ['hu-HU', 'en-HU'], FOUR, '1083'),
  IE: market('IE', 'EUR', ['en-IE'], /^[A-Z]\d[\dW][A-Z\d]{4}$/, 'D02 C838'),
  IT: market('IT', 'EUR', ['it-IT', 'en-IT'], FIVE, '00146'),
  MX: market('MX', 'MXN', ['en-MX', 'es-MX'], FIVE, '03000'),
  NL: market('NL', 'EUR', ['nl-NL', 'en-NL'], /^\d{4}[A-Z]{2}$/, '1068 SR'),
  NZ: market('NZ', 'NZD', ['en-NZ'], FOUR, '6011'),
  NO: market('NO', 'NOK', ['nb-NO', 'en-NO'], FOUR, '0194'),
  PL: market('PL', 'PLN', ['pl-PL', 'en-PL'], FIVE, '01-460'),
  PT: market('PT', 'EUR', ['pt-PT', 'en-PT'], /^\d{4}(\d{3})?$/, '1990-094'),
  RO: market('RO', 'RON', ['ro-RO', 'en-RO'], /^\d{6}$/, '061357'),
  SK: market('SK', 'EUR', ['sk-SK', 'en-SK'], FIVE, '810 06'),
  ES: market('ES', 'EUR', ['es-ES', 'en-ES'], FIVE, '28012'),
  SE: market('SE', 'SEK', ['sv-SE', 'en-SE'], FIVE, '111 48'),
  CH: market('CH', 'CHF', ['de-CH', 'fr-CH', 'it-CH', 'en-CH'], FOUR, '4051'),
  GB: market('GB', 'GBP', ['en-GB'], /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/, 'W1S 3BE'),
  US: market('US', 'USD', ['en-US', 'es-US'], /^\d{5}(\d{4})?$/, '10024-3941', true),
};

/** Country code of a market. */
export type MarketCountry = keyof typeof markets;

const byCountry = new Map<string, Market>(Object.entries(markets));

/** Returns the market of a country code in either case; undefined outside the 26. */
export const marketOf = (country: string | undefined): Market | undefined =>
  country === undefined ? undefined : (byCountry.get(country) ?? byCountry.get(country.toUpperCase()));

/** The data that the market rules check. */
export interface MarketFacts {
  purchase_country?: string;
  purchase_currency?: string;
  /** The country of the billing address, which overrides the purchase country (spec). */
  billing_country?: string;
  locale?: string;
  /** Further currencies that Klarna grants the merchant (reported: cross-border). */
  currencies?: readonly string[];
  /** True at the creation of a session, where alone the locale is checked (docs: validations in Klarna Payments). */
  checkLocale: boolean;
}

/** Returns the markets of a purchase: those of its country and of its billing address. */
function marketsOf({ purchase_country, billing_country }: Pick<MarketFacts, 'purchase_country' | 'billing_country'>) {
  const purchase = marketOf(purchase_country);
  const billing = marketOf(billing_country);
  return [purchase, billing === purchase ? undefined : billing].filter((known) => known !== undefined);
}

/**
 * Returns the market of a locale if it is none of the purchase's. A locale without a region, or with one outside the
 * 26, suits any purchase.
 */
export function localeElsewhere(facts: Omit<MarketFacts, 'checkLocale'>): Market | undefined {
  const spoken = marketOf(facts.locale?.split('-')[1]);
  if (!spoken) return undefined;
  const bought = marketsOf(facts);
  return bought.length > 0 && !bought.includes(spoken) ? spoken : undefined;
}

/** Lists the locales that suit a purchase, for a message. */
export function suitableLocales(facts: Omit<MarketFacts, 'checkLocale'>): string {
  return marketsOf(facts)
    .map(({ country, locales }) => `${country} (${locales.join(', ')})`)
    .join(' or ');
}

const isEnglish = (locale: string) => /^en-/i.test(locale);

/**
 * Checks country, currency and locale of a purchase; absent values pass. A locale passes unless its region belongs to
 * another market; English passes everywhere (reported: a Dutch order placed in en-US).
 */
export function checkMarket(facts: MarketFacts): Violation[] {
  const { purchase_country, purchase_currency, billing_country, locale, currencies = [] } = facts;
  const violations: Violation[] = [];
  const refuse = (rule: Violation['rule'], field: string, given: string, expected: string) =>
    violations.push({ rule, field, text: `${field}: given ${given}, expected ${expected}` });

  const purchase = marketOf(purchase_country);
  const billing = marketOf(billing_country);
  const anyMarket = () => `one of the ${Object.keys(markets).length} markets ${Object.keys(markets).join(' ')}`;
  if (purchase_country !== undefined && !purchase) {
    refuse('market-country', 'purchase_country', purchase_country, anyMarket());
  }
  if (billing_country !== undefined && !billing) {
    refuse('market-country', 'billing_address.country', billing_country, anyMarket());
  }

  const paid = billing ?? purchase;
  const currency = purchase_currency?.toUpperCase();
  if (paid && purchase_currency !== undefined && currency !== paid.currency && !currencies.includes(String(currency))) {
    const granted = currencies.length > 0 ? `, or ${currencies.join(' ')}, granted beside it` : '';
    const expected = `${paid.currency}, the currency of ${paid.country}${granted}`;
    refuse('market-currency', 'purchase_currency', purchase_currency, expected);
  }

  const elsewhere = facts.checkLocale ? localeElsewhere(facts) : undefined;
  if (locale !== undefined && elsewhere && !isEnglish(locale)) {
    refuse('market-locale', 'locale', locale, `a locale of ${suitableLocales(facts)}, not of ${elsewhere.country}`);
  }
  return violations;
}
