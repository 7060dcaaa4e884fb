import type { components } from '../../contract/generated/sandbox.js';
import { checkShape } from '../../contract/validate.js';
import { nameOfKey } from '../../exchange/credentials.js';
import { isApiKey } from '../../klarna/api-keys.js';
import type { Violation } from '../../klarna/decision.js';
import { didYouMean, ScenarioError } from '../../scenario/problem.js';
import type { Merchant } from './merchants.js';
import { HASH_EXAMPLE, isPasswordHash, readPasswordHash } from './password-hash.js';

/** The error of an unusable merchants file, in one line: `file:line:column: message`, or `file: message`. */
export class MerchantsFileError extends Error {
  override name = 'MerchantsFileError';
}

/**
 * Reads a merchants file, YAML or JSON: `merchants: [{ username, password, active?, scenario?, currencies?, client_ids?,
 * payment_method_categories? }]`, or with `api_key` instead of the password. The limits of scenario files apply: at most
 * 1 MB, no aliases that explode, only UTF-8.
 * @param source its bytes or its text
 * @param file its name in messages
 * @throws {MerchantsFileError}
 */
export async function readMerchants(source: string | Uint8Array, file: string): Promise<Merchant[]> {
  return checkMerchants(await parse(source, file), file);
}

/** The fields of an entry, for who misspells one. */
const FIELDS: Readonly<Record<keyof Entry, true>> = {
  username: true,
  password: true,
  api_key: true,
  active: true,
  scenario: true,
  currencies: true,
  client_ids: true,
  payment_method_categories: true,
};

/** Returns the mistake of a field that there is not, without its value, which may be a secret; undefined for any other. */
function unknownField({ field }: Pick<Violation, 'field'>): string | undefined {
  const [, name] = /^merchants\[\d+\]\.([^.[]+)$/.exec(field) ?? [];
  if (name === undefined || Object.hasOwn(FIELDS, name)) return undefined;
  return `${field}: no such field${didYouMean(name, Object.keys(FIELDS))}`;
}

/**
 * Returns the merchants of a merchants file, or of an option that has the same form.
 * @param content what the file holds
 * @param file its name in messages
 * @throws {MerchantsFileError}
 */
export function checkMerchants(content: unknown, file: string): Merchant[] {
  const violations = checkShape('sandbox', 'merchants_file', content);
  // A misspelt field is missing under its right name, too.
  const [mistake] = [...violations.flatMap((each) => unknownField(each) ?? []), ...violations.map(({ text }) => text)];
  if (mistake !== undefined) throw new MerchantsFileError(`${file}: ${mistake}`);
  const { merchants } = content as components['schemas']['merchants_file'];
  const known = new Set<string>();
  const keys = new Set<string>();
  const clients = new Map<string, number>();
  const read = merchants.map((entry, at) => {
    const refuse = (field: string, text: string) =>
      new MerchantsFileError(`${file}: merchants[${at}].${field}: given ${text}`);
    const merchant = readEntry(entry, refuse);
    const { username, password } = merchant;
    if (known.has(username)) throw refuse('username', `${username}, which an entry before has`);
    known.add(username);
    for (const [index, id] of (merchant.client_ids ?? []).entries()) {
      if (clients.has(id)) throw refuse(`client_ids[${index}]`, `${id}, which an entry before has`);
      clients.set(id, at);
    }
    if (!isApiKey(password)) return merchant;
    if (keys.has(password)) {
      throw refuse(entry.api_key === undefined ? 'password' : 'api_key', 'an API key that an entry before has');
    }
    keys.add(password);
    return merchant;
  });
  // A user name is a client id as well, of its own merchant only.
  for (const [at, { username }] of read.entries()) {
    const other = clients.get(username);
    if (other === undefined || other === at) continue;
    const text = `${username}, the user name of merchants[${at}]`;
    throw new MerchantsFileError(`${file}: merchants[${other}].client_ids: given ${text}`);
  }
  return read;
}

type Entry = components['schemas']['merchants_file']['merchants'][number];

/** Returns the merchant of an entry: an API key becomes the password, and gives the user name where there is none. */
function readEntry({ api_key, ...entry }: Entry, refuse: (field: string, text: string) => Error): Merchant {
  if (isApiKey(entry.username ?? '')) throw refuse('username', 'an API key, expected it as api_key');
  const { password } = entry;
  if (password !== undefined && isPasswordHash(password) && !readPasswordHash(password)) {
    throw refuse('password', `a hash that cannot be read, expected ${HASH_EXAMPLE}`);
  }
  if (api_key === undefined) return entry as Merchant;
  if (entry.password !== undefined) throw refuse('password', 'beside an api_key, expected one of the two');
  // The wrong value may be a secret and is not shown.
  if (!isApiKey(api_key))
    throw refuse('api_key', 'something else, expected klarna_test_api_... or klarna_live_api_...');
  return { ...entry, username: entry.username ?? nameOfKey(api_key), password: api_key };
}

/** Parses the file as plain data. */
async function parse(source: string | Uint8Array, file: string): Promise<unknown> {
  // Loaded at first use: most starts read no file.
  const [{ decode }, { locate }] = await Promise.all([
    import('../../scenario/read.js'),
    import('../../scenario/located.js'),
  ]);
  try {
    return locate(decode(source, file), file).value;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const [first] = error.problems;
    throw new MerchantsFileError(`${file}:${first?.line}:${first?.column}: ${first?.message}`);
  }
}
