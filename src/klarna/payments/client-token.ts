import type { Purchase, Session } from '../records.js';

/**
 * The claims of a client token, which are those of recorded tokens (2023), with values of our own. Only the version of
 * the script is added when the token is signed.
 */
export interface ClientTokenClaims {
  session_id: string;
  base_url: string;
  design: 'klarna';
  language: string;
  purchase_country: string;
  environment: 'playground';
  merchant_name: string;
  session_type: 'PAYMENTS';
  client_event_base_url: string;
  scheme: true;
  experiments: [];
  region: 'eu' | 'us' | 'oc';
  order_amount?: number;
  offering_opts: number;
  oo: string;
}

/** The parts of a session from which its client token is made, whenever somebody asks for it. */
export type TokenSubject = Pick<Session, 'id' | 'merchant' | 'client'>;

/** Makes the client token of a session: the same one each time. */
export type ClientTokenOf = (session: TokenSubject) => string;

/**
 * Returns what the client token of a new session says of it.
 * @param base scheme and host by which the shopper's browser reaches the sandbox
 */
export function clientOf({ purchase_country, locale = 'en', order_amount }: Purchase, base: string): Session['client'] {
  return {
    base,
    language: locale.slice(0, 2).toLowerCase(),
    country: purchase_country.toUpperCase(),
    ...(order_amount !== undefined && { amount: order_amount }),
  };
}

const regions: Record<string, ClientTokenClaims['region']> = { US: 'us', CA: 'us', MX: 'us', AU: 'oc', NZ: 'oc' };

/** Returns the claims of a session's client token. */
export function claimsOf({ id, merchant, client }: TokenSubject): ClientTokenClaims {
  const { base, language, country, amount } = client;
  return {
    session_id: id,
    base_url: `${base}/kp`,
    design: 'klarna',
    language,
    purchase_country: country,
    environment: 'playground',
    merchant_name: merchant,
    session_type: 'PAYMENTS',
    // Nothing is sent there: the stand-in of the script tells nobody what the shopper does.
    client_event_base_url: base,
    scheme: true,
    experiments: [],
    region: regions[country] ?? 'eu',
    ...(amount !== undefined && { order_amount: amount }),
    offering_opts: 0,
    oo: '0',
  };
}
