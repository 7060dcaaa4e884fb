import { hash, randomUUID } from 'node:crypto';
import type { ClientTokenClaims } from '../klarna/sessions.js';

/**
 * Signs client tokens: a JWT that a browser can read, by a key that nobody else has, or that follows from a seed. Nobody can
 * verify it, so one hash over key and content will do: an HMAC was the dearest thing in the creation of a session.
 */
export function clientTokenSigner(seed: string | undefined): (claims: ClientTokenClaims) => string {
  const key = seed ?? randomUUID();
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  return (claims) => {
    const content = `${header}.${encode(claims)}`;
    return `${content}.${hash('sha256', `${key}.${content}`, 'base64url')}`;
  };
}
