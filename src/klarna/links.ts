/**
 * Returns scheme and host as a client token names them, for a browser on the same machine: Klarna's script refuses a
 * `base_url` on 127.0.0.1 and takes localhost (reported; read in a copy of 2022).
 */
export const asLocalhost = (base: string): string =>
  base.replace(/^(https?:\/\/)(?:127\.0\.0\.1|\[::1\])(?=:|$)/, '$1localhost');

/**
 * Returns the `redirect_url` that leads the shopper's browser to the confirmation page after the purchase.
 * @param base the scheme and host by which the browser reaches the sandbox
 * @param id the id of the session, or of the order that charged a customer token
 */
export function redirectUrl(base: string, id: string): string {
  return `${base}/kp/v1/sessions/${id}/redirect`;
}

/** Values by the names of placeholders; a placeholder without a value stays in the URL. */
type Ids<Name extends string> = { [Known in Name]?: string };

function fill<Name extends string>(url: string, placeholders: RegExp, ids: Ids<Name>): string {
  return url.replace(placeholders, (placeholder, name: Name) => ids[name] ?? placeholder);
}

/** Returns a merchant's URL with the placeholders of Klarna Payments filled in: `{session.id}`, `{order.id}`. */
export function fillPlaceholders(url: string, ids: Ids<'session' | 'order'>): string {
  return fill(url, /\{(session|order)\.id\}/g, ids);
}

/**
 * Returns a merchant's URL with the placeholders of the Hosted Payment Page filled in: `{{session_id}}`,
 * `{{authorization_token}}`, `{{order_id}}`.
 */
export function fillHostedPlaceholders(
  url: string,
  ids: Ids<'session_id' | 'authorization_token' | 'order_id'>,
): string {
  return fill(url, /\{\{(session_id|authorization_token|order_id)\}\}/g, ids);
}

/** Schemes and hosts of the sandbox: as the client called it, and as the shopper's browser reaches it. */
export interface Bases {
  base: string;
  browserBase: string;
}

/** Returns the URLs of a hosted session: those of its API, and those that a browser opens. */
export function hostedUrls({ base, browserBase }: Bases, id: string) {
  const api = `${base}/hpp/v1/sessions/${id}`;
  const page = `${browserBase}/hpp/payments/${id}`;
  return {
    session_url: api,
    redirect_url: page,
    qr_code_url: `${page}/qr`,
    distribution_url: `${api}/distribution`,
    manual_identification_check_url: `${api}/manual-id-check`,
    standalone_url: `${browserBase}/hpp/distributions/${id}`,
    generation_url: `${api}/distribution-module/token`,
  };
}
