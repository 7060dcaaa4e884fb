import { createHmac, randomBytes } from 'node:crypto';
import type { ClientTokenClaims } from '../klarna/sessions.js';

/** Signs client tokens: a JWT that a browser can read, by a key that nobody else has, or that follows from a seed. */
export function clientTokenSigner(seed: string | undefined): (claims: ClientTokenClaims) => string {
  const key = seed ?? randomBytes(32);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  return (claims) => {
    const content = `${header}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
  };
}
