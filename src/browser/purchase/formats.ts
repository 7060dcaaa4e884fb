/** Returns a locale as Intl takes it; undefined, which is the browser's own, where it is none. */
function knownLocale(locale: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale?.replace('_', '-'))[0];
  } catch {
    return undefined;
  }
}

/**
 * Renders an amount in minor units in the manner of a locale. How many digits a currency has is Intl's knowledge: two
 * for SEK, none for JPY. Never throws: what is no currency is named after the plain number.
 */
export function renderAmount(minor: number, currency: string, locale?: string): string {
  try {
    const format = new Intl.NumberFormat(knownLocale(locale), { style: 'currency', currency });
    const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
    // A decimal in text is rendered to its last digit, which a quotient may lose.
    return format.format(`${minor}e-${digits}` as `${number}`);
  } catch {
    return `${minor} ${currency}`;
  }
}

/** Renders a moment in the manner of a locale; as it came where it is none. */
export function renderMoment(moment: string, locale?: string): string {
  try {
    const format = new Intl.DateTimeFormat(knownLocale(locale), { dateStyle: 'medium', timeStyle: 'short' });
    return format.format(new Date(moment));
  } catch {
    return moment;
  }
}
