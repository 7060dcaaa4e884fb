/** Names that are not simply capitalised word by word. */
const irregular = new Map([
  ['www-authenticate', 'WWW-Authenticate'],
  ['etag', 'ETag'],
  ['x-xss-protection', 'X-XSS-Protection'],
]);

/** Names come from our own code and from scenarios: few, but not ours alone to count. */
const REMEMBERED = 500;
const remembered = new Map(irregular);

/**
 * The spelling of a header name on the wire: `klarna-correlation-id` becomes `Klarna-Correlation-Id`.
 * Some clients look names up by case; Klarna's gateway writes them so (reported).
 */
export function canonicalName(name: string): string {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const canonical = irregular.get(lower) ?? lower.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  if (remembered.size < REMEMBERED) remembered.set(name, canonical);
  return canonical;
}
