/** A moment on the merchant's clock: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Formats an instant as ISO 8601 in UTC with milliseconds, as Klarna does. */
export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}
