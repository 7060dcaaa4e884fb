import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../klarna/time.js';

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const unit = (name: string, letter: string, number = NUMBER): string => `(?:(?<${name}>${number})${letter})?`;

/** An ISO 8601 duration that names a unit and has no sign. Only seconds may have a comma for the decimals. */
const DURATION = new RegExp(
  `^P(?!$)${unit('years', 'Y')}${unit('months', 'M')}${unit('weeks', 'W')}${unit('days', 'D')}` +
    `(?:T(?!$)${unit('hours', 'H')}${unit('minutes', 'M')}${unit('seconds', 'S', NUMBER.replace(String.raw`\.`, '[.,]'))})?$`,
);

/** The numbers of a duration by their units, as they are written. */
type Parts = Partial<Record<'years' | 'months' | 'weeks' | 'days' | 'hours' | 'minutes' | 'seconds', string>>;

const parse = (text: string): Parts | undefined => DURATION.exec(text)?.groups;

/** Tells if a text is an ISO 8601 duration of whole numbers, as the format `duration` of JSON Schema has it. */
export const isWholeDuration = (text: string): boolean => parse(text) !== undefined && !/[.,]/.test(text);

/**
 * Reads a duration of minutes and seconds such as `PT1M0.5S`.
 * @returns milliseconds; NaN for any other unit, a fraction of a minute or of a millisecond
 */
export function readDelay(text: string): number {
  const { minutes = '0', seconds = '0', ...larger } = parse(text) ?? { years: '' };
  if (Object.values(larger).some((number) => number !== undefined)) return Number.NaN;
  if (!/^\d+$/.test(minutes) || !/^\d+(\.\d{1,3})?$/.test(seconds)) return Number.NaN;
  return Number(minutes) * MINUTE + Math.round(Number(seconds) * SECOND);
}

/**
 * Reads a duration such as `PT61M` or `P1M` as what it adds to an instant: months and years go by the calendar, in UTC,
 * and a fraction of a millisecond is dropped.
 * @returns a function that is NaN beyond the range of dates; undefined when the text is no duration
 */
export async function readShift(text: string): Promise<((from: Instant) => Instant) | undefined> {
  const parts = parse(text);
  if (!parts) return undefined;
  const { seconds = '0', ...larger } = parts;
  const [whole, decimals = ''] = seconds.split(/[.,]/);
  const duration: Record<string, number> = {
    ...Object.fromEntries(Object.entries(larger).map(([name, number]) => [name, Number(number ?? 0)])),
    seconds: Number(whole),
    milliseconds: Number(decimals.slice(0, 3).padEnd(3, '0')),
  };
  const numbers = Object.values(duration);
  if (!numbers.every(Number.isFinite)) return undefined;
  const length = numbers.every(Number.isInteger) ? lengthOf(duration) : undefined;
  if (length !== undefined) return (from) => new Date(from + length).getTime();
  // Loaded when first used: it would cost every start some milliseconds.
  const { DateTime, Settings } = await import('luxon');
  // To find the locale of the machine, which no calculation needs, takes longer than all calculations.
  Settings.defaultLocale = 'en';
  return (from) => Math.trunc(DateTime.fromMillis(from, { zone: 'utc' }).plus(duration).toMillis());
}

/** The units that are of one length in UTC, in milliseconds. */
const LENGTHS: Readonly<Record<string, number>> = {
  weeks: 7 * DAY,
  days: DAY,
  hours: HOUR,
  minutes: MINUTE,
  seconds: SECOND,
  milliseconds: 1,
};

/** Returns the milliseconds of a duration; undefined for one of years or months, whose length the calendar knows. */
function lengthOf({ years, months, ...fixed }: Readonly<Record<string, number>>): number | undefined {
  if (years !== 0 || months !== 0) return undefined;
  return Object.entries(fixed).reduce((sum, [unit, number]) => sum + number * (LENGTHS[unit] as number), 0);
}

/** Writes milliseconds as seconds: `PT2.5S`. */
export const writeSeconds = (ms: number): string => `PT${ms / SECOND}S`;

/** Writes milliseconds, rounded up to whole seconds, in days, hours, minutes and seconds: `P1DT2H`. */
export function writeDuration(ms: number): string {
  const all = Math.ceil(ms / SECOND) * SECOND;
  const write = (amount: number, letter: string): string => (amount >= 1 ? `${Math.floor(amount)}${letter}` : '');
  const time = `${write((all % DAY) / HOUR, 'H')}${write((all % HOUR) / MINUTE, 'M')}${write((all % MINUTE) / SECOND, 'S')}`;
  return `P${write(all / DAY, 'D')}${time && `T${time}`}`;
}
