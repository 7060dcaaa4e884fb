/**
 * Where Klarna sends the shopper's browser after the purchase, on the way to the confirmation page.
 * @param base the scheme and host that the client called
 * @param id the session, or the order of a customer token
 */
export function redirectUrl(base: string, id: string): string {
  return `${base}/kp/v1/sessions/${id}/redirect`;
}

/** A merchant's URL with Klarna's placeholders filled in. */
export function fillPlaceholders(url: string, ids: { session?: string; order?: string }): string {
  return url.replace(/\{(session|order)\.id\}/g, (placeholder, name: 'session' | 'order') => ids[name] ?? placeholder);
}
