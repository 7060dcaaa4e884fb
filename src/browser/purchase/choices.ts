import type { OfferedOption, OfferedSource, Purchase } from './purchase.js';

/** Tells whether a way to pay belongs to a payment method category. */
type Belongs = (option: OfferedOption, source: OfferedSource) => boolean;

const backedBy =
  (type: OfferedSource['funding_source']['type']): Belongs =>
  (_option, source) =>
    source.funding_source.type === type;

const categories: Readonly<Record<string, Belongs>> = {
  pay_now: ({ payment_option }) => payment_option === 'pay_now',
  pay_later: ({ payment_option }) => payment_option === 'pay_later',
  pay_over_time: ({ payment_option }) => !['pay_now', 'pay_later'].includes(payment_option),
  direct_debit: backedBy('direct_debit'),
  direct_bank_transfer: backedBy('bank_transfer'),
};

/**
 * Returns the ways to pay of the payment method categories that the shop's page names: all of them where it names none,
 * or one that has them all, or one that this purchase has no way to pay of.
 */
export function offeredIn(options: readonly OfferedOption[], named: readonly string[]): OfferedOption[] {
  const wanted = named.map((name) => (Object.hasOwn(categories, name) ? categories[name] : undefined));
  if (wanted.some((belongs) => belongs === undefined)) return [...options];
  const within = (option: OfferedOption, source: OfferedSource) => wanted.some((belongs) => belongs?.(option, source));
  const offered = options
    .map((option) => ({ ...option, sources: option.sources.filter((source) => within(option, source)) }))
    .filter(({ sources }) => sources.length > 0);
  return offered.length > 0 ? offered : [...options];
}

/** Returns the sentence that says what the session's intent will tokenize, following the choice. */
export function tokenizesSentence(
  { intent, tokenizes_rule }: Pick<Purchase, 'intent' | 'tokenizes_rule'>,
  source: OfferedSource | undefined,
): string {
  if (source?.tokenizes) return source.tokenizes.sentence;
  if (tokenizes_rule === null) return `Nothing will be tokenized: the intent of this session is ${intent}.`;
  if (source?.brings === 'denied') return `Nothing will be tokenized: the purchase by ${source.label} is refused.`;
  return tokenizes_rule;
}
