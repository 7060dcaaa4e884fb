import type { JsonSchema } from 'json-schema-faker';
import { bodyFields, documentOf, type Operation } from '../../contract/operations.js';
import { bodyReader } from '../../contract/shapes.js';
import { type Fields, isFields } from '../../exchange/fields.js';
import { type MarketCountry, markets } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import type { Random } from './mutations.js';

/** Tax rates with two implicit decimals. */
const RATES = [0, 250, 600, 1000, 1900, 2100, 2500];

/** Kinds of lines that add to a purchase, in the words of every API. */
const KINDS = ['physical', 'digital', 'shipping_fee', 'surcharge'];

const taxIn = (total: number, rate: number): number => Math.round((total * rate) / (10_000 + rate));

/**
 * Returns a body with lines, amount and tax that add up. Tax is within the lines, or in a line of its own. A body without
 * lines stays as it is.
 * @param knows tells if bodies of the operation may have a field
 */
export function reckon(body: Fields, knows: (field: string) => boolean, random: Random): Fields {
  if (!Array.isArray(body.order_lines)) return body;
  const taxed = random.percent(75);
  const lines = (body.order_lines as Fields[]).map((line) => reckonLine(line, random, taxed));
  if (random.percent(20)) lines.push(takeOff(lines[0] as Fields, taxed));
  const sum = (field: string) => lines.reduce((total, line) => total + Number(line[field] ?? 0), 0);
  let tax = sum('total_tax_amount');
  if (!taxed) {
    tax = random.between(1, 500);
    lines.push({ type: 'sales_tax', name: 'Sales tax', quantity: 1, unit_price: tax, total_amount: tax });
  }
  return {
    ...body,
    order_lines: lines,
    ...(knows('order_amount') && { order_amount: sum('total_amount') }),
    ...(knows('order_tax_amount') && { order_tax_amount: tax }),
  };
}

function reckonLine(line: Fields, random: Random, taxed: boolean): Fields {
  const { total_discount_amount: _, tax_rate: __, total_tax_amount: ___, ...rest } = line;
  const quantity = random.between(1, 20);
  const unit_price = random.between(1, 50_000);
  const discount = random.percent(25) ? random.between(0, quantity * unit_price - 1) : undefined;
  const total_amount = quantity * unit_price - (discount ?? 0);
  const rate = random.pick(RATES);
  return {
    ...rest,
    ...('type' in line && { type: random.pick(KINDS) }),
    quantity,
    unit_price,
    total_amount,
    ...(discount !== undefined && { total_discount_amount: discount }),
    ...(taxed && { tax_rate: rate, total_tax_amount: taxIn(total_amount, rate) }),
  };
}

/** A line that takes a part of another one off. */
function takeOff({ total_amount, tax_rate }: Fields, taxed: boolean): Fields {
  const total = -Math.floor(Number(total_amount) / 2);
  const tax = taxed && { tax_rate, total_tax_amount: taxIn(total, Number(tax_rate)) };
  return { type: 'discount', name: 'Discount', quantity: 1, unit_price: total, total_amount: total, ...tax };
}

/** Longer texts are made by mutation alone. */
const LONGEST = 40;

/**
 * Returns a request body that the contract allows, with some of the optional fields, made from its schema. Market,
 * currency and locale, the people, and lines and amounts fit together as Klarna's rules want it.
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
  // Fields of answers only are no part of a request.
  const body = bodyReader(operation)(generated) as Fields;
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
