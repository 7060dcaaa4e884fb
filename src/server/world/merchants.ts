import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials, Given } from '../../exchange/credentials.js';
import { isApiKey } from '../../klarna/api-keys.js';

/** A merchant of a merchants file. */
export interface Merchant extends Credentials {
  /** `false`: Klarna has not activated the merchant, or has closed it. */
  active?: boolean;
  /** The scenario that the merchant's world begins with: a name, an alias or a file. */
  scenario?: string;
  /** The currencies that Klarna grants the merchant beside that of the country. */
  currencies?: readonly string[];
}

export type Standing = 'active' | 'inactive' | 'unknown';

/** Says whether credentials are right (`unknown` gets 401, `inactive` 403), and whose they are. */
export type Gate = (given: Given) => { standing: Standing; merchant: string };

/** The password that is wrong for everybody while every other one is right. */
export const WRONG_PASSWORD = 'invalid';

/** Any user name is a merchant of its own, and so is any API key. */
export const openGate: Gate = ({ username, password }) => ({
  standing: password === WRONG_PASSWORD ? 'unknown' : 'active',
  merchant: username,
});

/**
 * Only the merchants of a file are known. One whose password is an API key may leave its user name out, as with Klarna.
 * Takes as long for a wrong user name as for a wrong password.
 */
export function strictGate(merchants: readonly Merchant[]): Gate {
  const known = new Map(
    merchants.map(({ username, password, active = true }) => [username, { password: digest(password), active }]),
  );
  const byKey = new Map(
    merchants.filter(({ password }) => isApiKey(password)).map(({ username, password }) => [password, username]),
  );
  const nobody = { password: Buffer.alloc(digest('').length), active: false };
  return ({ username, password, keyAlone }) => {
    const name = (keyAlone && byKey.get(password)) ?? username;
    const merchant = known.get(name) ?? nobody;
    const right = timingSafeEqual(digest(password), merchant.password) && merchant !== nobody;
    if (!right) return { standing: 'unknown', merchant: name };
    return { standing: merchant.active ? 'active' : 'inactive', merchant: name };
  };
}

function digest(password: string): Buffer {
  return createHash('sha256').update(password).digest();
}
