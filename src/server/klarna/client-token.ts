import { createHash } from 'node:crypto';
import { uuidOf } from '../../exchange/uuids.js';
import { type ClientTokenOf, claimsOf } from '../../klarna/payments/client-token.js';
import { version } from '../../version.js';

/** Length in bytes of a signature by RS256 with a key of 2048 bits. */
const SIGNATURE = 256;

/**
 * Returns a function that makes client tokens: JWTs as Klarna's are, which a browser can read, RS256 with the id of a
 * key. The signature has the right form and length but is derived from the seed alone: nobody has a key to verify it, and
 * to sign each token was the slowest part of the creation of a session. The same session has the same token each time,
 * after a restart too; the sandbox compares a token with that of its session.
 */
export function clientTokenSigner(seed = 'mock-klarna'): ClientTokenOf {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const kid = uuidOf(createHash('sha256').update(seed).digest());
  const header = encode({ alg: 'RS256', kid });
  const signature = createHash('shake256', { outputLength: SIGNATURE }).update(seed).digest('base64url');
  return (session) => `${header}.${encode({ ...claimsOf(session), version: `v${version}` })}.${signature}`;
}
