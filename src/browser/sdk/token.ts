/** The claims of a client token that the SDK reads. Each may be missing, or of another type, in a token that is not ours. */
export type Claims = Readonly<Record<string, unknown>>;

/** Returns the text that a part of a token encodes; throws when it is no base64. */
function decode(part: string): string {
  const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** Returns the claims of a client token; undefined when it is none. The signature is not checked, as by Klarna's script. */
export function readClaims(token: unknown): Claims | undefined {
  if (typeof token !== 'string') return undefined;
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(decode(payload));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a claim that is a text; undefined for any other. */
export function textClaim(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
}
