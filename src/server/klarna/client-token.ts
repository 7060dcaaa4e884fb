import { hash, randomUUID } from 'node:crypto';
import type { ClientTokenClaims } from '../../klarna/payments/sessions.js';

/**
 * Returns a function that makes client tokens: JWTs that a browser can read. The signature has the right form but is
 * derived from the seed alone, or random without one. Nobody has a key to verify it, and to sign each token was the
 * slowest part of the creation of a session.
 */
export function clientTokenSigner(seed: string | undefined): (claims: ClientTokenClaims) => string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  const signature = hash('sha256', seed ?? randomUUID(), 'base64url');
  return (claims) => `${header}.${encode(claims)}.${signature}`;
}
