import { withoutApiKeys } from '../../klarna/api-keys.js';
import { wordMatchers } from '../../scenario/matchers.js';
import { mapTexts, type Texts } from './personal.js';
import { StandIns } from './stand-ins.js';

/** Takes secrets and personal data out of what requests and answers say. */
export type Redactor = (value: unknown, country: string | undefined) => unknown;

/** Fields whose values are words of Klarna's, or signs of ours: nobody is named in them. */
const words = new Set([
  'acquiring_channel',
  'content_type',
  'error_code',
  'fraud_status',
  'funding_source',
  'identifier',
  'intended_use',
  'intent',
  'interval',
  'locale',
  'payment_method_type',
  'payment_option',
  'purchase_country',
  'purchase_currency',
  'result',
  'status',
  'type',
]);

/**
 * A redactor of everything that is to be saved.
 * @param values every value that will be redacted, with the country of its purchase
 * @param username of the merchant, which goes as well
 */
export function makeRedactor(values: readonly [unknown, string | undefined][], username: string): Redactor {
  const standIns = new StandIns();
  const learn: Texts = { personal: (said) => standIns.add(said), other: (text) => text };
  for (const [value, country] of values) mapTexts(value, country, learn);
  const scrub = makeScrubber([...standIns.changed(), [username, 'merchant']]);
  const texts: Texts = {
    personal: (said) => standIns.of(said),
    other: (text, field) => (words.has(field) || isUuid(text) ? text : scrub(withoutSecrets(withoutApiKeys(text)))),
  };
  return (value, country) => mapTexts(value, country, texts);
}

const isUuid = (text: string): boolean => wordMatchers.get('$uuid')?.(text) === true;

/** Where nothing listens, in the place of a shop on this machine: a replay must not call it back. */
const NOWHERE = 'https://shop.example';

/** A URL without the credentials and the parameters that somebody put into it; placeholders for Klarna stay. */
function withoutSecrets(text: string): string {
  if (!/^https?:\/\//i.test(text)) return text;
  return text
    .replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
    .replace(/^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d*)?(?=[/?#]|$)/i, NOWHERE)
    .replace(/([?&][^=&#]*=)([^&#]+)/g, (found, name: string, value: string) =>
      /\{[\w.]+\}/.test(value) ? found : `${name}redacted`,
    );
}

/** Texts shorter than this are too common to be looked for in others. */
const SHORTEST = 3;

const WORD = /[\p{L}\p{N}_]+/gu;
const isPartOfWord = (character: string | undefined): boolean => /[\p{L}\p{N}_]/u.test(character ?? '');

type Scrubber = (text: string) => string;

/** Replaces texts that stand within others as words of their own. */
function makeScrubber(pairs: readonly (readonly [string, string])[]): Scrubber {
  // By their first words, since there may be thousands; the longest first.
  const known = new Map<string, { text: string; other: string }[]>();
  for (const [value, standIn] of pairs) {
    const [text, other] = [bare(value), bare(standIn)];
    if (text.length < SHORTEST || !(/\p{L}/u.test(text) || text.length > 4)) continue;
    const [first] = text.match(WORD) as [string];
    known.set(
      first,
      [...(known.get(first) ?? []), { text, other }].sort((a, b) => b.text.length - a.text.length),
    );
  }
  return (text) => {
    let written = '';
    let done = 0;
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (index < done) continue;
      const found = known
        .get(word)
        ?.find((one) => text.startsWith(one.text, index) && !isPartOfWord(text[index + one.text.length]));
      if (!found) continue;
      written += text.slice(done, index) + found.other;
      done = index + found.text.length;
    }
    return written + text.slice(done);
  };
}

/** A text from its first word to its last. */
const bare = (text: string): string => text.replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '');
