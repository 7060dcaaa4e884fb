/** A moment on the merchant's clock: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A session lives 48 hours, or until an order is placed. Source: Klarna's guide, step 1 (docs). */
export const SESSION_LIFETIME = 48 * HOUR;

/** An authorization token can be used for 60 minutes. Source: Klarna's guide, step 3 (docs). */
export const AUTHORIZATION_LIFETIME = 60 * MINUTE;

/** Klarna honours an idempotency key for 24 hours. Source: OpenAPI document and retry policy (spec, docs). */
export const IDEMPOTENCY_LIFETIME = DAY;

/** ISO 8601 in UTC with milliseconds, as Klarna writes instants. */
export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}
