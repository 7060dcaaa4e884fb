import type { components } from '../../contract/generated/sandbox.js';
import { type Instant, toIso } from '../../klarna/time.js';

/** A request whose credentials are nobody's. It belongs to no merchant, and no journal has it. */
export interface Refusal {
  /** Real time, since it has no merchant whose clock could tell. */
  at: Instant;
  method: string;
  /** Without query. */
  path: string;
  operation: string | undefined;
  /** User name that was tried. */
  username: string;
  /** IP address of the client. */
  address: string;
  /** The reason, in one sentence without secrets. */
  text: string;
}

/** Returns a refusal in the form of the control API. */
export function shownRefusal({
  at,
  operation,
  text: explanation,
  ...refusal
}: Refusal): components['schemas']['refusal'] {
  return { at: toIso(at), ...refusal, ...(operation !== undefined && { operation }), explanation };
}

/** The most refusals that are kept, and the most characters of a path in them. */
export const REFUSALS = 100;
const PATH_LENGTH = 200;

/** The newest refused requests: few and short, so that strangers can fill nothing but this. */
export class Refusals {
  readonly #kept: Refusal[] = [];
  readonly #listeners = new Set<(refusal: Refusal) => void>();
  #dropped = 0;

  add({ path, ...given }: Refusal): void {
    const [plain = ''] = path.split('?', 1);
    const refusal = { ...given, path: plain.slice(0, PATH_LENGTH) };
    this.#kept.push(refusal);
    for (const listener of this.#listeners) listener(refusal);
    if (this.#kept.length <= REFUSALS) return;
    this.#kept.shift();
    this.#dropped++;
  }

  /**
   * Calls a listener with every refusal from now on.
   * @returns what ends that
   */
  follow(listener: (refusal: Refusal) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Returns refusals, newest first. @param username only those under this name; absent for all */
  list(username?: string): { items: Refusal[]; dropped: number } {
    const items = this.#kept.filter((refusal) => username === undefined || refusal.username === username);
    return { items: items.reverse(), dropped: this.#dropped };
  }
}
