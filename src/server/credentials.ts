import { isUtf8 } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';

/** What HTTP Basic authentication says. */
export interface Credentials {
  /** Names the merchant: 1 to 255 characters, none of them a control character. */
  username: string;
  password: string;
}

/** Longer headers are nobody's credentials. */
const HEADER_LIMIT = 4096;
const USERNAME_LIMIT = 255;

/** The same few clients call again and again. */
const REMEMBERED = 500;
const remembered = new Map<string, Credentials>();

/**
 * Reads an `Authorization` header. Strict about base64 (padded, nothing left over) and UTF-8.
 * @returns `undefined` when there are no credentials in it, or a user name that cannot name a merchant
 */
export function readBasic(header: string | undefined): Credentials | undefined {
  if (header === undefined || header.length > HEADER_LIMIT) return undefined;
  const known = remembered.get(header);
  if (known) return known;
  const credentials = parse(header);
  if (!credentials) return undefined;
  // A Map keeps the order of arrival: the oldest makes room.
  if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
  remembered.set(header, credentials);
  return credentials;
}

function parse(header: string): Credentials | undefined {
  const token = /^basic +([a-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (!token) return undefined;
  const bytes = Buffer.from(token, 'base64');
  if (bytes.toString('base64') !== token || !isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  const colon = text.indexOf(':');
  const username = text.slice(0, colon);
  if (colon < 1 || username.length > USERNAME_LIMIT || /\p{Cc}/u.test(username)) return undefined;
  return { username, password: text.slice(colon + 1) };
}

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

/** Says whether credentials are right: `unknown` gets 401, `inactive` 403. */
export type Gate = (credentials: Credentials) => Standing;

/** The password that is wrong for everybody while every other one is right. */
export const WRONG_PASSWORD = 'invalid';

/** Any user name is a merchant of its own. */
export const openGate: Gate = ({ password }) => (password === WRONG_PASSWORD ? 'unknown' : 'active');

/** Only the merchants of a file are known. Takes as long for a wrong user name as for a wrong password. */
export function strictGate(merchants: readonly Merchant[]): Gate {
  const known = new Map(
    merchants.map(({ username, password, active = true }) => [username, { password: digest(password), active }]),
  );
  const nobody = { password: Buffer.alloc(digest('').length), active: false };
  return ({ username, password }) => {
    const merchant = known.get(username) ?? nobody;
    if (!timingSafeEqual(digest(password), merchant.password) || merchant === nobody) return 'unknown';
    return merchant.active ? 'active' : 'inactive';
  };
}

function digest(password: string): Buffer {
  return createHash('sha256').update(password).digest();
}
