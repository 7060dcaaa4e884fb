import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { isApiKey, isLiveKey } from '../klarna/api-keys.js';

/** The credentials of HTTP Basic authentication. */
export interface Credentials {
  /** Names the merchant: 1 to 255 characters, none of them a control character. */
  username: string;
  password: string;
}

/** Credentials as they came. An API key alone has a user name made from it, and is its own password. */
export interface Given extends Credentials {
  /** Nothing but an API key was given. */
  keyAlone?: true;
  /** The API key is one of Klarna's live environment. */
  live?: true;
}

/** The longest header that is read, in characters. */
const HEADER_LIMIT = 4096;
const USERNAME_LIMIT = 255;

/** The most headers whose credentials are remembered, none of them longer than this many characters. */
const REMEMBERED = 10_000;
const REMEMBERED_LENGTH = 512;
const remembered = new Map<string, Given>();

/**
 * Reads an `Authorization` header: user name and password, or an API key alone, as it is (docs) or encoded like those,
 * with or without a colon (inferred). Strict about base64 (padded, nothing left over) and UTF-8.
 * @returns `undefined` when there are no credentials in it, or a user name that cannot name a merchant
 */
export function readBasic(header: string | undefined): Given | undefined {
  if (header === undefined || header.length > HEADER_LIMIT) return undefined;
  const known = remembered.get(header);
  if (known) return known;
  const credentials = parse(header);
  if (!credentials) return undefined;
  if (header.length > REMEMBERED_LENGTH) return credentials;
  // A Map keeps the order of arrival: the oldest makes room.
  if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
  remembered.set(header, credentials);
  return credentials;
}

function parse(header: string): Given | undefined {
  const token = /^basic +(\S+)$/i.exec(header)?.[1];
  if (!token) return undefined;
  if (isApiKey(token)) return ofKey(token);
  const bytes = Buffer.from(token, 'base64');
  if (bytes.toString('base64') !== token || !isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  const colon = text.indexOf(':');
  const username = colon < 0 ? text : text.slice(0, colon);
  const password = colon < 0 ? undefined : text.slice(colon + 1);
  if (isApiKey(username)) {
    const { keyAlone, ...key } = ofKey(username);
    // With a password beside it the key is no API key alone. It is still never shown.
    return password ? { ...key, password } : { ...key, keyAlone };
  }
  if (password === undefined || !isUsername(username)) return undefined;
  return { username, password, ...(isLiveKey(password) && { live: true }) };
}

/** Tells whether a text can be a user name. */
const isUsername = (text: string): boolean => text !== '' && text.length <= USERNAME_LIMIT && !/\p{Cc}/u.test(text);

/** Reads the name of a merchant, percent-encoded; undefined where it is none. */
export function readMerchant(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text);
    return isUsername(name) && !name.includes(':') ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the user name of a merchant that has only an API key: it differs by key and does not show it. */
export const nameOfKey = (key: string): string =>
  `api-key-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;

function ofKey(key: string): Given {
  return { username: nameOfKey(key), password: key, keyAlone: true, ...(isLiveKey(key) && { live: true }) };
}
