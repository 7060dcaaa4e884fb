/** The currency of each market; where none stands it is the euro. */
const CURRENCIES: Readonly<Record<string, string>> = {
  AU: 'AUD',
  CA: 'CAD',
  CH: 'CHF',
  CZ: 'CZK',
  DK: 'DKK',
  GB: 'GBP',
  HU: 'HUF',
  MX: 'MXN',
  NO: 'NOK',
  NZ: 'NZD',
  PL: 'PLN',
  RO: 'RON',
  SE: 'SEK',
  US: 'USD',
};

/** Returns a locale that the browser knows by it; English where it is none. */
function localeOf(text: string): Intl.Locale {
  try {
    return new Intl.Locale(text.replace('_', '-'));
  } catch {
    return new Intl.Locale('en');
  }
}

/** Says a locale in words, such as “Swedish (Sweden)”. */
function inWords({ language, region }: Intl.Locale): string {
  const names = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' });
  return names.of(region ? `${language}-${region}` : language) ?? language;
}

/** Writes an amount of minor units as the locale does. */
function money(amount: number, locale: Intl.Locale): string {
  const currency = CURRENCIES[locale.region ?? ''] ?? 'EUR';
  return new Intl.NumberFormat(locale.toString(), { style: 'currency', currency }).format(amount / 100);
}

/** Returns the text of a placeholder: the message that would stand there, its amount and its language. */
export function placementText(key: string | null, amount: string | null, locale: string | null): string {
  const read = localeOf(locale ?? 'en');
  const forAmount = amount && /^\d+$/.test(amount) ? ` for ${money(Number(amount), read)}` : '';
  return `Klarna’s message “${key || 'without a data-key'}”${forAmount}, in ${inWords(read)} (sandbox placeholder)`;
}
