import { checkShape } from '../../contract/validate.js';
import { type MarketCountry, markets } from '../../klarna/catalogue/markets.js';
import { samplePerson } from '../../klarna/catalogue/people.js';
import { readTriggers } from '../../klarna/catalogue/triggers.js';
import { checkPeople } from '../../klarna/personal-data.js';
import { type Invented, inventFor, mask } from './invented.js';
import type { Said } from './personal.js';

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

/** So many values are tried in the place of one. */
const TRIES = 60;

/**
 * Gives each value about a person another in its place: Klarna's sample person of the country, or somebody like them. Equal
 * values stay equal, different ones of a field different, and to Klarna's rules and test triggers each is what it was.
 */
export class StandIns {
  /** By field and value; the countries that a value was said in. */
  readonly #said = new Map<string, Map<string, Set<string | undefined>>>();
  readonly #chosen = new Map<string, Map<string, string>>();

  /** Notes a value for which there must be another; gives it back. */
  add({ field, value, country }: Said): string {
    const values = this.#said.get(field) ?? new Map<string, Set<string | undefined>>();
    this.#said.set(field, values);
    values.set(value, (values.get(value) ?? new Set()).add(country));
    return value;
  }

  /** What stands in the place of a value that was added. */
  of({ field, value }: Pick<Said, 'field' | 'value'>): string {
    return (this.#chosen.get(field) ?? this.#choose(field)).get(value) ?? mask(value, 0);
  }

  /** Every value that has another in its place, with that. */
  changed(): [string, string][] {
    return [...this.#said.keys()].flatMap((field) =>
      [...(this.#chosen.get(field) ?? this.#choose(field))].filter(([value, other]) => value !== other),
    );
  }

  #choose(field: string): Map<string, string> {
    const values = this.#said.get(field) ?? new Map<string, Set<string | undefined>>();
    const chosen = new Map<string, string>();
    // What is nobody's stays, and nobody else gets it.
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

/** A value that nobody has yet and of which Klarna's rules say the same, wherever it is said. */
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

/** The first of a kind of value that fits. */
function firstThat(invent: Invented, fits: (value: string) => boolean, tries: number): string | undefined {
  for (let index = 0; index < tries; index++) {
    const value = invent(index);
    if (fits(value)) return value;
  }
  return undefined;
}

/** Where a test trigger may mean something that it does not mean elsewhere. */
const triggering = ['US', 'CA', 'GB'];

/** What Klarna's rules say of a value in its field, as one text. */
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
