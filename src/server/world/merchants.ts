import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials, Given } from '../../exchange/credentials.js';
import { isApiKey } from '../../klarna/api-keys.js';
import type { CategoryName } from '../../klarna/records.js';
import type { Eventually } from '../../store/eventually.js';
import { HASH_EXAMPLE, isPasswordHash, isPasswordOf, type PasswordHash, readPasswordHash } from './password-hash.js';
import type { Tries } from './tries.js';

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

/**
 * Says of credentials if they are right (`unknown` gets 401, `inactive` 403), and names their merchant. Those that are nobody's
 * name none, and must leave no trace but a refusal: strangers could fill the memory with merchants otherwise.
 */
export type Admission =
  | { standing: Standing; merchant: string; everyone?: true }
  | typeof STRANGER
  | typeof TOO_MANY_TRIES;

/** The admission of credentials that are nobody's. */
export const STRANGER = { standing: 'unknown', merchant: undefined, everyone: undefined } as const;

/** The admission of credentials that were not looked at, since too many wrong ones came before. */
export const TOO_MANY_TRIES = { ...STRANGER, standing: 'too many tries' } as const;

/**
 * Judges credentials: at once, unless a hash has to be made of the password.
 * @param from the client; its address is asked for only where credentials are wrong
 */
export type Gate = (given: Given, from: { ip: string }) => Eventually<Admission>;

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
export function controlGate(gate: Gate, adminToken: string | undefined, open: boolean, tries: Tries): Gate {
  if (adminToken === undefined) return gate;
  const token = proofOf(adminToken);
  return (given, from) => {
    const { username: merchant, password } = given;
    if (timingSafeEqual(proofOf(password), token)) return { standing: 'active', merchant, everyone: true };
    if (!open) return gate(given, from);
    return tries.take(merchant, from.ip) ? STRANGER : TOO_MANY_TRIES;
  };
}

export interface StrictGateOptions {
  tries: Tries;
  /** A password of this process's own for merchants whose own one only their hash is known of. */
  own: string;
}

/** A merchant as the gate knows it. */
interface Known {
  /** The proof of the right password; of a hashed one, once it was given. */
  proof: Buffer;
  hash?: PasswordHash;
  active: boolean;
}

/** A proof of no password. */
const nobodys = (): Buffer => randomBytes(32);

/**
 * Makes a gate for the merchants of a file alone. With an API key as the password the user name is optional, as with
 * Klarna. A wrong user name takes as long as a wrong password. A hash is made once of each right password, which is then known
 * by its proof, and of wrong ones a few a second.
 * @throws {TypeError} when a hash cannot be read
 */
export function strictGate(merchants: readonly Merchant[], { tries, own }: StrictGateOptions): Gate {
  const known = new Map(merchants.map((merchant) => [merchant.username, knownBy(merchant)]));
  const byKey = new Map(
    merchants.filter(({ password }) => isApiKey(password)).map(({ username, password }) => [password, username]),
  );
  const nobody: Known = { proof: nobodys(), active: false };
  const [costs] = [...known.values()].flatMap(({ hash }) => hash ?? []);
  const decoy = costs && { ...costs, hash: randomBytes(costs.hash.length) };
  const ownProof = proofOf(own);
  const verify = oneByOne();
  return ({ username, password, keyAlone }, from) => {
    const name = (keyAlone && byKey.get(password)) ?? username;
    const merchant = known.get(name) ?? nobody;
    const proof = proofOf(password);
    const admission = { standing: merchant.active ? 'active' : 'inactive', merchant: name } as const;
    const right = timingSafeEqual(proof, merchant.proof) && merchant !== nobody;
    if (right || (merchant.hash && timingSafeEqual(proof, ownProof))) return admission;
    const hash = merchant.hash ?? decoy;
    const id = `${name}:${proof.toString('base64')}`;
    // The same credentials at the same time are one try.
    if (!verify.isUnderWay(id) && !tries.take(name, from.ip)) return TOO_MANY_TRIES;
    if (!hash) return STRANGER;
    const verified = verify.run(id, () => isPasswordOf(password, hash));
    return verified
      ? verified.then((same) => {
          if (!same || hash !== merchant.hash) return STRANGER;
          merchant.proof = proof;
          return admission;
        })
      : TOO_MANY_TRIES;
  };
}

function knownBy({ username, password, active = true }: Merchant): Known {
  if (!isPasswordHash(password)) return { proof: proofOf(password), active };
  const hash = readPasswordHash(password);
  if (hash) return { proof: nobodys(), hash, active };
  throw new TypeError(`merchants: the password of ${username} is a hash that cannot be read, expected ${HASH_EXAMPLE}`);
}

/** The most hashes that are made or wait to be. */
const WAITING = 32;

/** Runs work one after the other, since each takes a processor for itself; the same work only once at a time. */
function oneByOne() {
  const underWay = new Map<string, Promise<boolean>>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    isUnderWay: (id: string): boolean => underWay.has(id),
    /** Returns the result of the work; undefined where too much waits already. */
    run(id: string, work: () => Promise<boolean>): Promise<boolean> | undefined {
      const before = underWay.get(id);
      if (before || underWay.size >= WAITING) return before;
      const result = last.then(work).finally(() => underWay.delete(id));
      last = result.catch(() => {});
      underWay.set(id, result);
      return result;
    },
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

/** The key of this process, without which a proof says nothing. */
const KEY = randomBytes(32);

/** Returns a proof of a password, which can be kept and compared in its place. */
const proofOf = (password: string): Buffer => createHmac('sha256', KEY).update(password).digest();
