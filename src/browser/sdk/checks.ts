import type { Fields } from './arguments.js';
import type { Mistake } from './errors.js';

/** The payment method categories of Klarna's script of 2022, and `klarna`, which sessions have had since. */
const CATEGORIES = [
  'card',
  'direct_bank_transfer',
  'direct_debit',
  'klarna',
  'pay_in_parts',
  'pay_later',
  'pay_now',
  'pay_over_time',
];

const PREFERRED = [
  'b2b_invoice',
  'base_account',
  'deferred_interest',
  'direct_bank_transfer',
  'direct_debit',
  'fixed_amount',
  'invoice',
  'pix',
];

const isNone = (value: unknown): value is undefined | null | '' =>
  value === undefined || value === null || value === '';

/** The categories that a call names. */
export interface Named {
  category?: string;
  categories?: string[];
}

/**
 * Returns the word for one category. A session answers its categories as objects, and pages hand them on as they are;
 * the script of 2022 compared them as texts and refused them.
 */
function wordOf(category: unknown, strict: boolean): string {
  const identifier = (category as { identifier?: unknown } | null | undefined)?.identifier;
  return String(!strict && typeof identifier === 'string' ? identifier : category);
}

/** Returns the categories that the options name; an empty text names none. */
export function categoriesOf(options: Fields, strict: boolean): Named {
  const { payment_method_category: one, payment_method_categories: several } = options;
  return {
    ...(isNone(one) ? {} : { category: wordOf(one, strict) }),
    ...(isNone(several) ? {} : { categories: [several].flat().map((each) => wordOf(each, strict)) }),
  };
}

/** Returns the id of the instance that the options name; undefined for none. */
export function instanceOf({ instance_id: id }: Fields): string | undefined {
  return isNone(id) ? undefined : String(id);
}

export function checkCategories({ category, categories = [] }: Named): Mistake | undefined {
  const named = category === undefined ? categories : [category, ...categories];
  const given = named.find((word) => !CATEGORIES.includes(word));
  if (given === undefined) return undefined;
  return {
    name: 'PaymentMethodCategoryNotSupportedError',
    given,
    advice: `take the identifier of one of the session’s payment_method_categories; Klarna has ${CATEGORIES.join(', ')}`,
  };
}

/** Several categories need an id of the instance, since no single one of them can name the frame. */
export function checkInstanceGiven({ categories }: Named, instance: string | undefined): Mistake | undefined {
  if (!categories || instance !== undefined) return undefined;
  return {
    name: 'InstanceIDNotProvidedError',
    advice: 'give options.instance_id, a word of your own, and the same one to authorize',
  };
}

export function checkInstance(instance: string | undefined): Mistake | undefined {
  if (instance === undefined || /^[\w-]+$/.test(instance)) return undefined;
  return {
    name: 'InvalidInstanceIDError',
    advice: `options.instance_id is “${instance}”; it becomes part of a frame’s id`,
  };
}

export function checkPreferred({ preferred_payment_method: preferred }: Fields): Mistake | undefined {
  if (isNone(preferred) || PREFERRED.includes(String(preferred))) return undefined;
  return {
    name: 'PreferredPaymentMethodNotSupportedError',
    given: String(preferred),
    advice: `leave options.preferred_payment_method out, or take one of ${PREFERRED.join(', ')}`,
  };
}

/**
 * Returns the name of an instance, which its frames carry in their ids: its own id, else its category, else what there is
 * instead of one.
 */
export function nameOf(instance: string | undefined, { category }: Named, otherwise: string): string {
  return (instance ?? category ?? otherwise).toLowerCase().replace(/_/g, '-');
}
