/** An example of a public URL, for messages. */
export const PUBLIC_URL_EXAMPLE =
  'scheme, host and port of this sandbox as browsers reach it, such as https://klarna.test:8443';

/**
 * Reads a public URL: scheme, host and port by which the shopper's browser reaches the sandbox.
 * @returns the URL without a slash at the end
 * @throws {TypeError} when it is none, or says more than that
 */
export function readPublicUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new TypeError(`given ${JSON.stringify(given)}, expected ${PUBLIC_URL_EXAMPLE}`);
  }
  return url.origin;
}
