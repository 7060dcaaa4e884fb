import { createHash } from 'node:crypto';
import { uuidOf } from '../../exchange/uuids.js';
import { type ClientTokenOf, claimsOf } from '../../klarna/payments/client-token.js';
import type { ClientFacts } from '../../klarna/records.js';
import { version } from '../../version.js';

/** Length in bytes of a signature by RS256 with a key of 2048 bits. */
const SIGNATURE = 256;

/**
 * Finds the places of id, merchant and amount in claims as JSON, where these are empty and 0. Nothing within a value looks
 * like them, since its quotes are escaped.
 */
const PLACES = /(?<="(?:session_id|merchant_name)":")|(?<="order_amount":)0/;

/** The text of claims between those places; without an amount the last is missing. */
type Around = [beforeId: string, beforeMerchant: string, beforeAmount: string, end?: string];

/** The most addresses, languages and countries whose claims are remembered as text. */
const REMEMBERED = 500;

/** The bytes of the text that is being encoded: to make a buffer for each would take longer than to encode it. */
const bytes = Buffer.alloc(4_096);

/** Returns a text in base64url. */
function encode(text: string): string {
  // A character takes three bytes at most.
  if (3 * text.length > bytes.length) return Buffer.from(text).toString('base64url');
  return bytes.toString('base64url', 0, bytes.write(text));
}

/**
 * Returns a function that makes client tokens: JWTs as Klarna's are, which a browser can read, RS256 with the id of a
 * key. The signature has the right form and length but is derived from the seed alone: nobody has a key to verify it, and
 * to sign each token was the slowest part of the creation of a session. The same session has the same token each time,
 * after a restart too; the sandbox compares a token with that of its session.
 */
export function clientTokenSigner(seed = 'mock-klarna'): ClientTokenOf {
  const kid = uuidOf(createHash('sha256').update(seed).digest());
  const header = encode(JSON.stringify({ alg: 'RS256', kid }));
  const signature = createHash('shake256', { outputLength: SIGNATURE }).update(seed).digest('base64url');
  const remembered = new Map<string, Around>();
  const textAround = (client: ClientFacts): Around => {
    const { base, language, country, amount } = client;
    const key = `${base} ${language} ${country} ${amount === undefined}`;
    const known = remembered.get(key);
    if (known) return known;
    const claims = claimsOf({
      id: '',
      merchant: '',
      client: { ...client, ...(amount !== undefined && { amount: 0 }) },
    });
    const around = JSON.stringify({ ...claims, version: `v${version}` }).split(PLACES) as Around;
    if (remembered.size < REMEMBERED) remembered.set(key, around);
    return around;
  };
  return ({ id, merchant, client }) => {
    const [beforeId, beforeMerchant, beforeAmount, end = ''] = textAround(client);
    const name = JSON.stringify(merchant).slice(1, -1);
    const claims = `${beforeId}${id}${beforeMerchant}${name}${beforeAmount}${client.amount ?? ''}${end}`;
    return `${header}.${encode(claims)}.${signature}`;
  };
}
