import type { OfferedOption, OfferedSource, Purchase } from './purchase.js';

/**
 * Returns the ways to pay of the payment method categories that the shop's page names: all of them where it names none,
 * or none that this session has.
 */
export function offeredIn(options: readonly OfferedOption[], named: readonly string[]): OfferedOption[] {
  const within = ({ payment_method_categories: own }: OfferedSource) =>
    own.some((category) => named.includes(category));
  const offered = options
    .map((option) => ({ ...option, sources: option.sources.filter(within) }))
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
