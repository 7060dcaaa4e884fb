/** Returns an amount of minor units in words of its currency. */
export function money(amount: number | undefined, currency: string): string {
  if (amount === undefined) return '–';
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
    const { maximumFractionDigits = 2 } = format.resolvedOptions();
    return format.format(amount / 10 ** maximumFractionDigits).replace(/\s/g, ' ');
  } catch {
    // A currency that no standard knows.
    return `${amount} ${currency}`;
  }
}

/** Returns an instant as `2026-03-02 09:04:05`, in UTC as the sandbox writes it. */
export const dateAndTime = (iso: string): string => iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '');

/** Returns the time of an instant, `09:04:05`. */
export const timeOf = (iso: string): string => iso.slice(11, 19);

/** Units of a span of time, in seconds, from the largest. */
const units: [string, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** Returns how far an instant is from another, in its largest unit: `in 2 hours`, `3 days ago`, `now`. */
export function distance(to: number, from: number): string {
  const seconds = Math.round((to - from) / 1000);
  const [name, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const count = Math.floor(Math.abs(seconds) / size);
  if (count === 0) return 'now';
  const words = `${count} ${name}${count === 1 ? '' : 's'}`;
  return seconds > 0 ? `in ${words}` : `${words} ago`;
}

/** Returns text with what turns the direction of writing spelt out, as JSON would, so that nothing stands where it is not. */
export const visible = (text: string): string =>
  text.replace(
    /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Returns a value of JSON, indented; text as it is. */
export const pretty = (body: unknown): string =>
  typeof body === 'string' ? body : (JSON.stringify(body, null, 2) ?? '');

/** Returns `1 exchange`, `2 exchanges`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** Returns text of at most so many characters. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** Returns the first part of an id, enough to tell it from the others on a page. */
export const shortId = (id: string): string => (id.length > 13 ? id.slice(0, 8) : id);
