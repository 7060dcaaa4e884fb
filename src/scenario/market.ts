import { bodyFields, type Operation } from '../contract/operations.js';
import { type MarketCountry, markets } from '../klarna/markets.js';
import { samplePerson } from '../klarna/sample-people.js';

/** The variables a market brings: `${person.billing_address}`, `${person.customer}`. */
export function marketVariables(country: MarketCountry | undefined): Record<string, unknown> {
  return country ? { person: samplePerson(country) } : {};
}

/** A body with country, currency and locale of the market where its operation has these fields and it leaves them out. */
export function fillMarket(country: MarketCountry | undefined, operation: Operation, body: unknown): unknown {
  if (!country || !isMapping(body)) return body;
  return { ...usualFields(country, operation), ...body };
}

/** What a body of an operation says of its market unless it says something else. */
export function usualFields(country: MarketCountry, operation: Operation): Record<string, string> {
  const { currency, locales } = markets[country];
  const usual = { purchase_country: country, purchase_currency: currency, locale: locales[0] };
  const fields = bodyFields(operation);
  return Object.fromEntries(Object.entries(usual).filter(([name]) => fields.includes(name)));
}

/** What the shopper does, with the sample person of the market where the step names nobody. */
export function fillShopper(
  country: MarketCountry | undefined,
  body: Record<string, unknown>,
): Record<string, unknown> {
  if (!country) return body;
  const { data } = body;
  if (data !== undefined && !isMapping(data)) return body;
  const { billing_address, customer } = samplePerson(country);
  return { ...body, data: { billing_address, customer, ...data } };
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
