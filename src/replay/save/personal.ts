import { type Fields, isFields } from '../words.js';

/** A value about a person, and where it was said. */
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

/** What becomes of the texts of a value. */
export interface Texts {
  /** Of those that are about a person. */
  personal(said: Said): string;
  /** Of all others, by the name of their field. */
  other(text: string, field: string): string;
}

/**
 * A value with its texts replaced, apart by whether they are about a person: names, addresses, numbers, attachments, and
 * the names of other merchants. `country` is where the purchase takes place.
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
