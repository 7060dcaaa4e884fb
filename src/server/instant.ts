import type { Instant } from '../klarna/time.js';

/** The years that ISO 8601 writes with four digits. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** How an instant is written, for messages. */
export const INSTANT_EXAMPLE = 'an ISO 8601 instant such as 2026-01-01T12:00:00Z';

/**
 * Reads where a clock shall start: ISO 8601, in UTC where it names no offset, or milliseconds since 1970.
 * @returns `undefined` when it is no instant of the years 0 to 9999
 */
export async function readInstant(given: string | number | Date): Promise<Instant | undefined> {
  const instant = typeof given === 'string' ? await fromIso(given) : Math.trunc(Number(given));
  return instant >= EARLIEST && instant <= LATEST ? instant : undefined;
}

async function fromIso(text: string): Promise<number> {
  // luxon would take a time without a day for one of today. It is loaded when first used: most starts need none.
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  const { DateTime } = await import('luxon');
  return DateTime.fromISO(text, { zone: 'utc' }).toMillis();
}
