import { createHash, randomUUID } from 'node:crypto';
import { uuidOf } from '../../exchange/uuids.js';
import type { ClientTokenClaims } from '../../klarna/payments/sessions.js';
import { version } from '../../version.js';

/** Length in bytes of a signature by RS256 with a key of 2048 bits. */
const SIGNATURE = 256;

/**
 * Returns a function that makes client tokens: JWTs as Klarna's are, which a browser can read, RS256 with the id of a
 * key. The signature has the right form and length but is the same for all tokens of a start: it is derived from the
 * seed alone, or random without one. Nobody has a key to verify it, and to sign each token was the slowest part of the
 * creation of a session. The sandbox compares a token with the one that it gave out.
 */
export function clientTokenSigner(seed: string = randomUUID()): (claims: ClientTokenClaims) => string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const kid = uuidOf(createHash('sha256').update(seed).digest());
  const header = encode({ alg: 'RS256', kid });
  const signature = createHash('shake256', { outputLength: SIGNATURE }).update(seed).digest('base64url');
  return (claims) => `${header}.${encode({ ...claims, version: `v${version}` })}.${signature}`;
}
