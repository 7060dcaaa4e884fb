import type { JsonSchema } from 'json-schema-faker';
import { bodyFields, documentOf, type Operation } from '../../contract/operations.js';
import { bodyReader } from '../../contract/wire.js';
import { type MarketCountry, markets } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import { type Fields, isFields } from '../../replay/words.js';
import { reckon } from './amounts.js';
import type { Random } from './random.js';

/** Longer texts are made by mutation alone. */
const LONGEST = 40;

/**
 * A request body that the contract allows, with some of the optional fields, made from its schema. What belongs together
 * by Klarna's rules is made to: market, currency and locale, the people, lines and amounts.
 * @param country of the purchase
 */
export async function makeValid(operation: Operation, country: MarketCountry, random: Random): Promise<Fields> {
  const { api, request } = operation;
  if (!request) return {};
  const { generate } = await import('json-schema-faker');
  const document = documentOf(api);
  const schema = { $ref: request.schema, paths: document.paths, components: document.components };
  const generated = await generate(schema as JsonSchema, {
    seed: random.between(0, 2 ** 31),
    maxDepth: 12,
    minItems: 1,
    maxItems: 3,
    maxLength: LONGEST,
    optionalsProbability: random.pick([0.1, 0.5, 0.9]),
  });
  // What only answers carry is no part of a request.
  const body = bodyReader(api, request.schema)(generated) as Fields;
  const fields = bodyFields(operation);
  return reckon(inMarket(body, country, random), (field) => fields.includes(field), random);
}

/** Fields that name something which only a state of its own brings about. */
const NAMING = ['step_up_id'];

/** An attachment as Klarna reads it: extra merchant data as JSON text. */
const extraMerchantData = {
  content_type: 'application/vnd.klarna.internal.emd-v2+json',
  body: JSON.stringify({ customer_account_info: [{ unique_account_identifier: 'elsa.lind' }] }),
};

/** Puts values that fit a market where a body has fields for them. */
function inMarket(body: Fields, country: MarketCountry, random: Random): Fields {
  const { currency, locales } = markets[country];
  const person = samplePerson(country);
  const known: Record<string, () => unknown> = {
    purchase_country: () => random.pick([country, country.toLowerCase()]),
    purchase_currency: () => random.pick([currency, currency.toLowerCase()]),
    locale: () => random.pick(locales),
    billing_address: () => person.billing_address,
    shipping_address: () => person.billing_address,
    merchant_urls: () => urls(body.merchant_urls),
    attachment: () => extraMerchantData,
    customer: () => ({ ...(isFields(body.customer) && body.customer), ...person.customer, customer_token: undefined }),
  };
  const fitting = Object.entries(body)
    .filter(([name]) => !NAMING.includes(name))
    .map(([name, value]) => [name, known[name]?.() ?? value]);
  return JSON.parse(JSON.stringify(Object.fromEntries(fitting)));
}

/** Addresses that exist nowhere, in the place of any text. */
const urls = (given: unknown): Fields =>
  Object.fromEntries(Object.keys(given as Fields).map((name) => [name, `https://shop.example.com/${name}`]));
