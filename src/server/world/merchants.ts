import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials, Given } from '../../exchange/credentials.js';
import { isApiKey } from '../../klarna/api-keys.js';
import type { CategoryName } from '../../klarna/records.js';

/** A merchant of a merchants file. */
export interface Merchant extends Credentials {
  /** `false`: Klarna has not activated the merchant, or has closed it. */
  active?: boolean;
  /** The scenario that the merchant's world begins with: a name, an alias or a file. */
  scenario?: string;
  /** Further currencies that Klarna grants the merchant beside that of the country. */
  currencies?: readonly string[];
  /** Client ids that name the merchant to Klarna's scripts, beside its user name. */
  client_ids?: readonly string[];
  /** The payment method categories of the merchant's new sessions; those of the market unless given. */
  payment_method_categories?: readonly CategoryName[];
}

export type Standing = 'active' | 'inactive' | 'unknown';

/** What credentials are good for: whether they are right (`unknown` gets 401, `inactive` 403), and whose they are. */
export interface Admission {
  standing: Standing;
  /** The merchant that they name. */
  merchant: string;
  /** True when they allow to see every merchant. */
  everyone?: true;
}

export type Gate = (given: Given) => Admission;

/** The one password that is wrong for every user name without a merchants file. */
export const WRONG_PASSWORD = 'invalid';

/** Accepts any credentials: each user name and each API key is a merchant of its own. */
export const openGate: Gate = ({ username, password }) => ({
  standing: password === WRONG_PASSWORD ? 'unknown' : 'active',
  merchant: username,
  everyone: true,
});

/** Returns the reason why a text cannot be an admin token, in one sentence without it; undefined where it can. */
export function adminTokenMistake(text: string): string | undefined {
  if (text.trim() === '') return 'given nothing, expected some text that is hard to guess';
  if (text === WRONG_PASSWORD) return `given ${WRONG_PASSWORD}, which stands for a wrong password; choose another`;
  return isApiKey(text) ? 'given what looks like an API key of Klarna; choose another text' : undefined;
}

/**
 * Makes the gate of the control API. With an admin token in the place of the password it lets in as any merchant; without a
 * merchants file nothing else lets in then.
 * @param gate of Klarna's APIs
 * @param open true without a merchants file
 */
export function controlGate(gate: Gate, adminToken: string | undefined, open: boolean): Gate {
  if (adminToken === undefined) return gate;
  const token = digest(adminToken);
  return (given) => {
    const { username: merchant, password } = given;
    if (timingSafeEqual(digest(password), token)) return { standing: 'active', merchant, everyone: true };
    return open ? { standing: 'unknown', merchant } : gate(given);
  };
}

/**
 * Makes a gate for the merchants of a file alone. With an API key as the password the user name is optional, as with
 * Klarna. A wrong user name takes as long as a wrong password.
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

/** Returns the merchant that a client id names, and whether it is active; undefined for one that nobody has. */
export type Clients = (clientId: string) => { merchant: string; active: boolean } | undefined;

/** Takes each client id for the user name of a merchant of its own. */
export const anyClient: Clients = (merchant) => ({ merchant, active: true });

/** Makes the look-up of client ids among the merchants of a file; their user names are client ids, too. */
export function knownClients(merchants: readonly Merchant[]): Clients {
  const known = new Map(
    merchants.flatMap(({ username, client_ids = [], active = true }) =>
      [username, ...client_ids].map((id) => [id, { merchant: username, active }] as const),
    ),
  );
  return (clientId) => known.get(clientId);
}

function digest(password: string): Buffer {
  return createHash('sha256').update(password).digest();
}
