import { hash, randomUUID } from 'node:crypto';
import type { ClientTokenClaims } from '../../klarna/payments/sessions.js';

/**
 * Writes client tokens: JWTs that a browser can read. Their signature has the right form and follows from the seed, or from
 * nothing. Nobody has a key to verify it, and to sign each token was the dearest thing in the creation of a session.
 */
export function clientTokenSigner(seed: string | undefined): (claims: ClientTokenClaims) => string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  const signature = hash('sha256', seed ?? randomUUID(), 'base64url');
  return (claims) => `${header}.${encode(claims)}.${signature}`;
}
