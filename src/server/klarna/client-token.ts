import { createHash } from 'node:crypto';
import { uuidOf } from '../../exchange/uuids.js';
import { type ClientTokenOf, claimsOf, type TokenSubject } from '../../klarna/payments/client-token.js';
import { version } from '../../version.js';

/** Length in bytes of a signature by RS256 with a key of 2048 bits. */
const SIGNATURE = 256;

/** Finds the places of id and amount in claims as JSON, where these are empty and 0. No value can look so: its quotes are escaped. */
const PLACES = /(?<="session_id":")|(?<="order_amount":)0/;

/** The most merchants, addresses and markets whose claims are remembered as text. */
const REMEMBERED = 500;

/**
 * Returns a function that makes client tokens: JWTs as Klarna's are, which a browser can read, RS256 with the id of a
 * key. The signature has the right form and length but is derived from the seed alone: nobody has a key to verify it, and
 * to sign each token was the slowest part of the creation of a session. The same session has the same token each time,
 * after a restart too; the sandbox compares a token with that of its session.
 */
export function clientTokenSigner(seed = 'mock-klarna'): ClientTokenOf {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  const kid = uuidOf(createHash('sha256').update(seed).digest());
  const header = encode(JSON.stringify({ alg: 'RS256', kid }));
  const signature = createHash('shake256', { outputLength: SIGNATURE }).update(seed).digest('base64url');
  /** Claims as JSON around id and amount, by all that they are made of beside those. */
  const remembered = new Map<string, [string, string, string?]>();
  const textAround = ({ merchant, client }: TokenSubject): [string, string, string?] => {
    const { base, language, country, amount } = client;
    const key = `${base} ${language} ${country} ${amount === undefined} ${merchant}`;
    const known = remembered.get(key);
    if (known) return known;
    const claims = claimsOf({ id: '', merchant, client: { ...client, ...(amount !== undefined && { amount: 0 }) } });
    const around = JSON.stringify({ ...claims, version: `v${version}` }).split(PLACES) as [string, string, string?];
    if (remembered.size < REMEMBERED) remembered.set(key, around);
    return around;
  };
  return (session) => {
    const [before, between, after = ''] = textAround(session);
    return `${header}.${encode(`${before}${session.id}${between}${session.client.amount ?? ''}${after}`)}.${signature}`;
  };
}
