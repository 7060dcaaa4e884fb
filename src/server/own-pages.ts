import { randomBytes, timingSafeEqual } from 'node:crypto';

/** A page of this sandbox that calls the control API. */
export interface OwnPage {
  /** Tells whether it may look at a merchant. */
  mayEnter(merchant: string): boolean;
  /** True when it may look at every merchant. */
  everyone: boolean;
}

/** The merchant whose password was given, or everyone by the admin token. */
export interface Unlocked {
  merchant: string;
  everyone?: true | undefined;
}

/** Names of cookies. The port is in them, since browsers share cookies between the ports of a host. */
const PAGE = 'mock-klarna-page';
const KEY = 'mock-klarna-key';

/** Only the control API gets the cookies, and no request that another site's page makes. */
const ATTRIBUTES = 'Path=/sandbox/v1; HttpOnly; SameSite=Strict';

/** Highest number of keys that are remembered; the oldest are forgotten. */
const KEYS = 1_000;

const secret = (): string => randomBytes(24).toString('base64url');

/** What a key opens: the merchants, or everyone. */
type Rights = Set<string> | 'everyone';

/**
 * The pages of this sandbox, known by cookies: one that every page of this start is given, and a key for those that gave a
 * password or the admin token. A page itself knows neither.
 */
export class OwnPages {
  readonly #page = secret();
  readonly #keys = new Map<string, Rights>();
  readonly #locked: boolean;

  /** @param locked true when pages have to give a password or token */
  constructor(locked: boolean) {
    this.#locked = locked;
  }

  /** Returns the cookie that a page is given. */
  cookie(host: string | undefined): string {
    return `${PAGE}-${portOf(host)}=${this.#page}; ${ATTRIBUTES}`;
  }

  /** Returns the page that a request comes from by its cookies; undefined for none. */
  of(host: string | undefined, cookies: string | undefined): OwnPage | undefined {
    if (cookies === undefined || !isSame(cookieOf(cookies, `${PAGE}-${portOf(host)}`), this.#page)) return undefined;
    if (!this.#locked) return { mayEnter: () => true, everyone: true };
    const rights = this.#keys.get(cookieOf(cookies, `${KEY}-${portOf(host)}`) ?? '');
    const everyone = rights === 'everyone';
    return { mayEnter: (merchant) => everyone || (rights?.has(merchant) ?? false), everyone };
  }

  /**
   * Unlocks a merchant, or everyone, beside the merchants that the page has unlocked before.
   * @returns the cookie that stands for the password
   */
  unlock(host: string | undefined, cookies: string | undefined, { merchant, everyone }: Unlocked): string {
    const name = `${KEY}-${portOf(host)}`;
    const before = cookieOf(cookies ?? '', name) ?? '';
    const rights = this.#keys.get(before);
    const gained: Rights = everyone || rights === 'everyone' ? 'everyone' : new Set([...(rights ?? []), merchant]);
    // A new key each time: one that was known before a password was given opens nothing by it.
    this.#keys.delete(before);
    const key = secret();
    this.#keys.set(key, gained);
    if (this.#keys.size > KEYS) this.#keys.delete(this.#keys.keys().next().value as string);
    return `${name}=${key}; ${ATTRIBUTES}`;
  }
}

const portOf = (host: string | undefined): string => /:(\d+)$/.exec(host ?? '')?.[1] ?? '80';

/** Returns the value of a cookie; undefined where there is none. */
function cookieOf(cookies: string, name: string): string | undefined {
  for (const cookie of cookies.split(';')) {
    const [key, given] = cookie.trim().split('=', 2);
    if (key === name) return given;
  }
  return undefined;
}

function isSame(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
